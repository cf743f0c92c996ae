//! The reference evaluator: one customer at a time, as plain as can be. Every other executor is tested against it.

mod explain;

pub use explain::{Verdict, trace};

use crate::filter::SizeTest;
use crate::predicate::{FieldRef, Leaf, Needle, Predicate, Test, TextTest};
use crate::value::{Value, fold_case, json_at};

/// Whether the predicate selects a customer; `row` holds one value for each field of the catalog's customer table, in
/// its order. Values that a row lacks are missing.
#[must_use]
pub fn evaluate(predicate: &Predicate, row: &[Value]) -> bool {
    match predicate {
        Predicate::Constant(value) => *value,
        Predicate::All(children) => children.iter().all(|child| evaluate(child, row)),
        Predicate::Any(children) => children.iter().any(|child| evaluate(child, row)),
        Predicate::Not(child) => !evaluate(child, row),
        Predicate::AtLeast(n, children) => children.iter().filter(|child| evaluate(child, row)).count() >= *n,
        Predicate::Leaf(leaf) => leaf_holds(leaf, row),
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
        test => passes(test, &value),
    };
    passed != leaf.negated
}

/// The value of a field; inside JSON documents, of a place in them.
pub(crate) fn value_of(field: &FieldRef, row: &[Value]) -> Value {
    let value = row.get(field.index).cloned().unwrap_or_default();
    match value {
        Value::Json(json) => json_at(&json, field.path.iter().map(String::as_str)).map_or(Value::Missing, from_json),
        other => other,
    }
}

fn from_json(json: &serde_json::Value) -> Value {
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

fn passes(test: &Test, value: &Value) -> bool {
    match test {
        Test::Present => true,
        Test::In(values) => values.iter().any(|wanted| wanted.equals(value)),
        Test::Range(range) => range.contains(value),
        // Needs a second value of the row; its caller has it.
        Test::Field(..) => false,
        Test::Text(test) => matches!(value, Value::Str(text) if text_passes(test, text)),
        Test::Empty => match value {
            Value::Str(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            _ => false,
        },
        Test::Has { all, values, fold } => {
            let Value::List(items) = value else { return false };
            let there = |wanted: &Value| items.iter().any(|item| same(item, wanted, *fold));
            if *all { values.iter().all(there) } else { values.iter().any(there) }
        }
        Test::Size(test) => matches!(value, Value::List(items) if size_passes(*test, items)),
        Test::MonthDay(ranges) => {
            let Value::Date(date) = value else { return false };
            let Some(date) = date.to_civil() else { return false };
            let number = i32::from(date.month()) * 100 + i32::from(date.day());
            ranges.iter().any(|(low, high)| (i32::from(*low)..=i32::from(*high)).contains(&number))
        }
    }
}

fn size_passes(test: SizeTest, items: &[Value]) -> bool {
    test.accepts(items.len())
}

fn same(item: &Value, wanted: &Value, fold: bool) -> bool {
    match (item, wanted) {
        (Value::Str(item), Value::Str(wanted)) if fold => fold_case(item) == fold_case(wanted),
        _ => item.equals(wanted),
    }
}

fn text_passes(test: &TextTest, text: &str) -> bool {
    // A pattern folds by itself.
    if let Needle::Matches(pattern) = &test.needle {
        return pattern.is_match(text);
    }
    let folded;
    let text = if test.fold {
        folded = fold_case(text);
        &folded
    } else {
        text
    };
    match &test.needle {
        Needle::Equals(wanted) => wanted.iter().any(|wanted| wanted == text),
        Needle::Contains(wanted) => text.contains(wanted),
        Needle::Starts(wanted) => text.starts_with(wanted),
        Needle::Ends(wanted) => text.ends_with(wanted),
        Needle::Matches(_) => false,
    }
}
