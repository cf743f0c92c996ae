//! The reference evaluator: one customer at a time, as plain as can be. Every other executor is tested against it.

mod explain;
mod fact;
mod history;
mod rank;
mod read;
mod rows;
mod test;

pub use explain::{Verdict, trace};
pub use history::{History, Occurrence};
pub use rank::settle;

use crate::catalog::FieldType;
use crate::predicate::{FieldRef, Leaf, Predicate, RowMeasure, Rows, Test};
use crate::value::{Value, json_at};

/// Whether the predicate selects a customer without events and related rows; `row` holds one value for each field of
/// the catalog's customer table, in its order. Values that a row lacks are missing.
#[must_use]
pub fn evaluate(predicate: &Predicate, row: &[Value]) -> bool {
    evaluate_with(predicate, row, &History::default())
}

/// Whether the predicate selects a customer with these events and related rows.
///
/// Rankings look at all customers, so [`settle`](fn@settle) puts lists of keys in their place first; a ranking that is
/// not settled takes nobody.
#[must_use]
pub fn evaluate_with(predicate: &Predicate, row: &[Value], history: &History) -> bool {
    match predicate {
        Predicate::Constant(value) => *value,
        Predicate::All(children) => children.iter().all(|child| evaluate_with(child, row, history)),
        Predicate::Any(children) => children.iter().any(|child| evaluate_with(child, row, history)),
        Predicate::Not(child) => !evaluate_with(child, row, history),
        Predicate::AtLeast(n, children) => {
            children.iter().filter(|child| evaluate_with(child, row, history)).count() >= *n
        }
        Predicate::Leaf(leaf) => leaf_holds(leaf, row),
        Predicate::Measured(measured) => {
            measured.verdict(&rows::measure(&measured.rows, &measured.measure, &measured.ty, history))
        }
        Predicate::Segment(segment) => evaluate_with(&segment.filter, row, history),
        Predicate::Fact(fact) => fact::holds(&fact.test, row, history) != fact.negated,
    }
}

fn leaf_holds(leaf: &Leaf, row: &[Value]) -> bool {
    let value = value_of(&leaf.field, row);
    if value.is_missing() {
        return leaf.on_missing;
    }
    let passed = match &leaf.test {
        Test::Field(comparison, other) => {
            let other = value_of(other, row);
            if other.is_missing() {
                return leaf.on_missing;
            }
            value.compare(&other).is_some_and(|order| comparison.accepts(order))
        }
        test => test.passes(&value),
    };
    passed != leaf.negated
}

/// The value of a field; inside JSON documents, of a place in them. Missing where the row has none.
#[must_use]
pub fn field_value(field: &FieldRef, row: &[Value]) -> Value {
    value_of(field, row)
}

/// The value that a measure makes of a customer's rows: the value that [`Measured::verdict`](crate::predicate::Measured)
/// is asked about.
#[must_use]
pub fn measured_value(rows: &Rows, measure: &RowMeasure, ty: &FieldType, history: &History) -> Value {
    rows::measure(rows, measure, ty, history)
}

pub(crate) fn value_of(field: &FieldRef, row: &[Value]) -> Value {
    let value = row.get(field.index).cloned().unwrap_or_default();
    match value {
        Value::Json(json) => json_at(&json, field.path.iter().map(String::as_str)).map_or(Value::Missing, from_json),
        other => other,
    }
}

pub(crate) fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Missing,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(i) => Value::Int(i),
            None => n.as_f64().map_or(Value::Missing, Value::Float),
        },
        serde_json::Value::String(text) => Value::Str(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(from_json).collect()),
        serde_json::Value::Object(_) => Value::Json(json.clone()),
    }
}
