//! Numbers in documents compare as the reference has it: two whole numbers exactly, all others as floats.

use cvm_core::FieldType;
use cvm_core::Value;
use cvm_core::predicate::{Bound, Range};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr};

use super::node::Node;
use super::test::one_of;
use crate::build::{Builder, expr};
use crate::dialect::Dialect;

/// From here on, floats can't tell one whole number from the next.
const LARGE: f64 = 9_007_199_254_740_992.0;

/// Whether a number is so large that whole numbers and floats compare differently.
pub(super) fn is_large(value: &Value) -> bool {
    match value {
        Value::Int(i) => i.unsigned_abs() >= 1 << 53,
        Value::Float(x) => x.abs() >= LARGE,
        _ => false,
    }
}

impl Builder<'_> {
    pub(super) fn one_of_numbers(&mut self, node: &Node, values: &[Value]) -> Expr {
        let large = |value: &&Value| matches!(value, Value::Int(_)) && is_large(value);
        let exact: Vec<&Value> = values.iter().filter(large).collect();
        let rest: Vec<&Value> = values.iter().filter(|value| !large(value)).collect();
        // PostgreSQL compares a list of many types as floats: each type has its own.
        let (ints, floats): (Vec<&Value>, Vec<&Value>) = match self.dialect {
            Dialect::PostgreSql => rest.into_iter().partition(|value| matches!(value, Value::Int(_))),
            _ => (Vec::new(), rest),
        };
        let mut terms = Vec::new();
        for list in [ints, floats] {
            if !list.is_empty() {
                // Where the zeros are told apart: whichever was written, and whichever stands there, both are meant.
                let zero = |value: &&Value| matches!(value, Value::Int(0)) || **value == Value::Float(0.0);
                let both = self.traits.zeros_apart && list.len() > 1 && list.iter().any(zero);
                let zeros = [Value::Float(0.0), Value::Float(-0.0)];
                let others = list.into_iter().filter(|value| !(both && zero(value)));
                let written = others.chain(if both { zeros.as_slice() } else { &[] });
                let list = written.map(|value| self.number_value(value)).collect();
                terms.push(one_of(node.number.clone(), list));
            }
        }
        for value in exact {
            terms.push(self.number_end(node, Op::Eq, value));
        }
        expr::join(terms, Op::Or)
    }

    pub(super) fn number_range(&mut self, node: &Node, range: &Range) -> Expr {
        let low = match &range.low {
            Bound::Open => None,
            Bound::Included(value) => Some((Op::GtEq, value)),
            Bound::Excluded(value) => Some((Op::Gt, value)),
        };
        let high = match &range.high {
            Bound::Open => None,
            Bound::Included(value) => Some((Op::LtEq, value)),
            Bound::Excluded(value) => Some((Op::Lt, value)),
        };
        let ends = [low, high].into_iter().flatten();
        let terms: Vec<Expr> = ends.map(|(op, value)| self.number_end(node, op, value)).collect();
        expr::join(terms, Op::And)
    }

    /// `number op value`.
    fn number_end(&mut self, node: &Node, op: Op, value: &Value) -> Expr {
        match (value, &node.exact) {
            #[expect(clippy::cast_precision_loss, reason = "an integer meets a float as the nearest float")]
            (Value::Int(i), Some((integer, float))) if is_large(value) => {
                if self.dialect == Dialect::PostgreSql {
                    self.note(
                        "jsonb keeps of a number like 1e18 that it is whole, and not that it was written as a float: \
                         beside a number beyond 2^53 it compares by its last digit"
                            .to_owned(),
                    );
                }
                let exact = expr::binary(integer.clone(), op.clone(), self.number_value(value));
                let float = expr::binary(float.clone(), op, self.number_value(&Value::Float(*i as f64)));
                expr::pair(exact, Op::Or, float)
            }
            _ => expr::binary(node.number.clone(), op, self.number_value(value)),
        }
    }

    fn number_value(&mut self, value: &Value) -> Expr {
        let written = self.value(value, &FieldType::Float);
        match (value, self.dialect) {
            // Its numbers in documents are exact; a float beside one makes it a float.
            (Value::Float(_), Dialect::PostgreSql) => expr::cast(written, DataType::DoublePrecision),
            (Value::Int(_), Dialect::PostgreSql) => expr::cast(written, DataType::BigInt(None)),
            _ => written,
        }
    }
}
