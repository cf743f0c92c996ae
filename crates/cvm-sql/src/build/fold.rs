//! Items of lists whatever their case.

use cvm_core::predicate::{Leaf, Needle, TextTest};
use cvm_core::value::fold_case;
use cvm_core::{Diagnostics, FieldType, Value};
use sqlparser::ast::{BinaryOperator as Op, Expr, Ident};

use super::json::exists;
use super::{Builder, Mode, Subject, expr};
use crate::dialect::{Dialect, Lists};

impl Builder<'_> {
    /// Whether a list of texts has any of the values, or all, whatever their case.
    pub(super) fn has_folded(
        &mut self,
        subject: &Subject<'_>,
        all: bool,
        values: &[Value],
        leaf: &Leaf,
    ) -> Result<Expr, Diagnostics> {
        let folded: Vec<String> = values.iter().map(|value| fold_case(&value.to_string())).collect();
        if self.mode == Mode::Tree {
            let list = expr::call("cvm_fold_list", vec![subject.expr.clone()]);
            let subject = Subject { expr: list, ..*subject };
            let folded: Vec<Value> = folded.into_iter().map(Value::Str).collect();
            return self.has(&subject, &FieldType::String, all, &folded, leaf);
        }
        let mut terms = Vec::new();
        for wanted in if all { folded.chunks(1).collect() } else { vec![folded.as_slice()] } {
            terms.push(self.any_folded(&subject.expr, wanted, leaf)?);
        }
        let has = expr::join(terms, Op::And);
        if !leaf.negated {
            return Ok(has);
        }
        // EXISTS is false, and not unknown, where the list is missing: turned round it would let it in.
        let test = expr::not(has);
        Ok(if leaf.on_missing { test } else { expr::pair(test, Op::And, self.present(subject)) })
    }

    fn any_folded(&mut self, list: &Expr, wanted: &[String], leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let test = TextTest { needle: Needle::Equals(wanted.to_vec()), fold: true };
        let item = Leaf { negated: false, ..leaf.clone() };
        if let Some((items, text)) = self.text_items(list.clone()) {
            let condition = self.text_test(&text, &test, &item)?;
            return Ok(exists(items, condition));
        }
        let text = Expr::Identifier(Ident::new("x"));
        match (self.dialect, self.traits.lists) {
            (Dialect::ClickHouse, _) => {
                let condition = self.text_test(&text, &test, &item)?;
                Ok(expr::call("arrayExists", vec![expr::lambda("x", condition), list.clone()]))
            }
            (_, Lists::Lambda(function)) => {
                let condition = self.text_test(&text, &test, &item)?;
                // An item that is missing equals nothing; turned round it must not make that unknown.
                let condition = expr::pair(Expr::IsNotNull(Box::new(text)), Op::And, condition);
                Ok(expr::call(function, vec![list.clone(), expr::lambda("x", condition)]))
            }
            _ => Err(self.unsupported(leaf, "items of its lists can't be compared without regard to case")),
        }
    }
}
