//! Tests of a value in a document: true where it is there and passes, false or unknown otherwise.

use cvm_core::predicate::{Bound, Leaf, Needle, Range, Test, TextTest};
use cvm_core::value::fold_case;
use cvm_core::{Diagnostics, FieldType, Value};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr};

use super::node::Node;
use super::number::is_large;
use crate::build::{Builder, Subject, expr};
use crate::dialect::Dialect;

impl Builder<'_> {
    /// Whether the test holds, whichever way round the leaf has it.
    pub(super) fn holds(&mut self, node: &Node, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        match &leaf.test {
            Test::In(values) => self.one_of_any_kind(node, values, false, leaf),
            Test::Range(range) => self.range_of_kind(node, range, leaf),
            Test::Text(test) => self.text_of(node, test, leaf),
            Test::Empty => {
                let text = Subject { expr: node.text.clone(), ty: &FieldType::String, name: "", ready: false };
                let empty = self.empty(&text, false);
                let none = expr::binary(node.size.clone(), Op::Eq, expr::number("0".to_owned()));
                Ok(expr::pair(empty, Op::Or, none))
            }
            Test::Has { all, values, fold } => self.has_items(node, *all, values, *fold, leaf),
            Test::Size(test) => Ok(self.size_is(node.size.clone(), *test, false)),
            Test::Present => Ok(node.present()),
            Test::Field(..) | Test::MonthDay { .. } => {
                Err(self.unsupported(leaf, "there is no such test of json documents"))
            }
        }
    }

    /// A test of a text; other kinds fail it.
    fn text_of(&mut self, node: &Node, test: &TextTest, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        if matches!(&test.needle, Needle::Equals(wanted) if wanted.is_empty()) {
            return Ok(self.constant(false));
        }
        self.text_test(&node.text, test, &Leaf { negated: false, ..leaf.clone() })
    }

    /// Equal to one of the values, by kind: 1 is 1.0, and neither is "1" or true.
    pub(super) fn one_of_any_kind(
        &mut self,
        node: &Node,
        values: &[Value],
        fold: bool,
        leaf: &Leaf,
    ) -> Result<Expr, Diagnostics> {
        // No truth value lies above `true`: a range of them can hold none.
        if values.is_empty() {
            return Ok(self.constant(false));
        }
        if let Some(json) = node.json.as_ref().filter(|_| !fold && values.iter().all(is_plain)) {
            let list: Vec<Expr> = values.iter().map(|value| self.jsonb(&value.to_json())).collect();
            return Ok(one_of(json.clone(), list));
        }
        let mut terms = Vec::new();
        let texts: Vec<String> = values.iter().filter_map(|value| text_of(value, fold)).collect();
        if !texts.is_empty() {
            terms.push(self.text_of(node, &TextTest { needle: Needle::Equals(texts), fold }, leaf)?);
        }
        let numbers: Vec<Value> = values.iter().filter(|value| is_number(value)).cloned().collect();
        if !numbers.is_empty() {
            self.refuse_large(node, &numbers.iter().collect::<Vec<_>>(), leaf)?;
            terms.push(self.one_of_numbers(node, &numbers));
        }
        if values.contains(&Value::Bool(true)) {
            terms.push(node.yes.clone());
        }
        if values.contains(&Value::Bool(false)) {
            terms.push(node.no.clone());
        }
        Ok(expr::join(terms, Op::Or))
    }

    fn range_of_kind(&mut self, node: &Node, range: &Range, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let ends = [&range.low, &range.high].into_iter().filter_map(|bound| match bound {
            Bound::Included(value) | Bound::Excluded(value) => Some(value),
            Bound::Open => None,
        });
        let ends: Vec<&Value> = ends.collect();
        if ends.iter().all(|value| is_number(value)) {
            self.refuse_large(node, &ends, leaf)?;
            return Ok(self.number_range(node, range));
        }
        if ends.iter().all(|value| matches!(value, Value::Str(_))) {
            let text = Subject { expr: node.text.clone(), ty: &FieldType::String, name: "", ready: false };
            return Ok(self.settled_range(&text, range, false));
        }
        // Of truth, the few values are listed. Ends of different kinds hold nothing between them.
        let values: Vec<Value> =
            [false, true].map(Value::Bool).into_iter().filter(|value| range.contains(value)).collect();
        self.one_of_any_kind(node, &values, false, leaf)
    }

    /// Dialects that don't document how they keep whole numbers apart from floats can't compare large ones exactly.
    fn refuse_large(&mut self, node: &Node, values: &[&Value], leaf: &Leaf) -> Result<(), Diagnostics> {
        if node.exact.is_none() && values.iter().any(|value| is_large(value)) {
            let reason = "numbers of 9007199254740992 and more can't be compared exactly inside its documents; keep them \
                          in a column, or as texts";
            return Err(self.unsupported(leaf, reason));
        }
        // Their numbers with a point are decimals, and become floats by a rule that isn't documented.
        if matches!(self.dialect, Dialect::Redshift | Dialect::Snowflake) {
            let name = &self.field(&leaf.field, leaf)?.name;
            self.note(format!("numbers in `{name}` with a point and more than 15 digits are rounded by the database"));
        }
        Ok(())
    }

    /// A JSON value of PostgreSQL.
    pub(super) fn jsonb(&mut self, json: &serde_json::Value) -> Expr {
        expr::cast(self.string(&json.to_string()), DataType::JSONB)
    }
}

/// `x = value`, `x IN (values)`.
pub(super) fn one_of(left: Expr, mut list: Vec<Expr>) -> Expr {
    match (list.pop(), list.is_empty()) {
        (Some(only), true) => expr::binary(left, Op::Eq, only),
        (last, _) => {
            list.extend(last);
            Expr::InList { expr: Box::new(left), list, negated: false }
        }
    }
}

fn text_of(value: &Value, fold: bool) -> Option<String> {
    match value {
        Value::Str(text) if fold => Some(fold_case(text)),
        Value::Str(text) => Some(text.clone()),
        _ => None,
    }
}

pub(super) fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

/// Whether exact equality is the same as the reference's: numbers below 2^53, where whole numbers and floats agree.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Int(_) | Value::Float(_) => !is_large(value),
        _ => true,
    }
}
