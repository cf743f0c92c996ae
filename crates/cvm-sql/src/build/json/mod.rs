//! Conditions inside JSON documents.
//!
//! At a place of a document any kind of value can be met, and a value of another kind than the test's fails it. So each
//! dialect says what kind of value there is, and gives it as text, number or list where it is one, and NULL where it is
//! not (`Node`). A test of that is true, or else false or unknown; where failing it is wanted, unknown counts as false.

mod cloud;
mod documents;
mod list;
mod node;
mod number;
mod openjson;
mod path;
mod test;
mod warehouse;

use cvm_core::predicate::{Leaf, Test};
use cvm_core::{Diagnostics, Field};
use sqlparser::ast::{BinaryOperator as Op, Expr};

use super::{Builder, Mode, expr};
pub(super) use list::exists;

impl Builder<'_> {
    /// The verdict of a leaf on a JSON field, or on a place inside it.
    pub(super) fn json_leaf(&mut self, field: &Field, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        if self.mode == Mode::Tree {
            return self.document_test(field, leaf);
        }
        let node = self.place(field, leaf)?;
        // Always true or never true of a value that is there: only being there is asked.
        let always = match &leaf.test {
            Test::Present => Some(!leaf.negated),
            Test::In(values) if values.is_empty() => Some(leaf.negated),
            _ => None,
        };
        if let Some(verdict) = always {
            return Ok(match (verdict, leaf.on_missing) {
                (true, true) => self.constant(true),
                (true, false) => node.present(),
                (false, true) => node.missing(),
                (false, false) => self.constant(false),
            });
        }
        let holds = self.holds(&node, leaf)?;
        Ok(match (leaf.negated, leaf.on_missing) {
            (false, false) => holds,
            (false, true) => expr::pair(holds, Op::Or, node.missing()),
            // What is missing does not hold.
            (true, true) => self.fails(holds),
            (true, false) => expr::pair(self.fails(holds), Op::And, node.present()),
        })
    }

    /// Whether a condition is false or unknown.
    fn fails(&self, holds: Expr) -> Expr {
        // Where conditions are no values, a number says it.
        if !self.traits.booleans {
            return expr::binary(expr::one_if(holds), Op::Eq, expr::number("0".to_owned()));
        }
        expr::not(expr::call("COALESCE", vec![holds, self.constant(false)]))
    }

    /// DataFusion here has a function of ours, which is the reference itself.
    #[cfg(feature = "exec")]
    fn document_test(&mut self, field: &Field, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let Some(test) = crate::exec::json::encode(&leaf.field.path, &leaf.test) else {
            return Err(self.unsupported(leaf, "there is no such test of json documents"));
        };
        let passes = expr::call("cvm_json", vec![self.column(&field.name), self.string(&test)]);
        Ok(match (leaf.negated, leaf.on_missing) {
            (false, false) => passes,
            (false, true) => Expr::IsNotFalse(Box::new(passes)),
            (true, true) => Expr::IsNotTrue(Box::new(passes)),
            (true, false) => expr::not(passes),
        })
    }

    #[cfg(not(feature = "exec"))]
    fn document_test(&mut self, _: &Field, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        Err(self.unsupported(leaf, "documents are read by the executor, which is not in this build"))
    }
}
