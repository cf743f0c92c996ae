//! Values made of rows.

use super::{History, evaluate, value_of};
use crate::catalog::FieldType;
use crate::predicate::{FieldRef, RowMeasure, RowSource, Rows};
use crate::value::{Decimal, Value};

type Row<'h> = (&'h Value, &'h [Value]);

/// The rows that count.
pub(super) fn matching<'h>(rows: &Rows, history: &'h History) -> Vec<Row<'h>> {
    let in_time = |time: &Value| matches!(rows.source, RowSource::Related(_)) || rows.time.contains(time);
    let fits = |row: &[Value]| rows.filter.as_ref().is_none_or(|filter| evaluate(filter, row));
    history.rows(rows.source).into_iter().filter(|(time, row)| in_time(time) && fits(row)).collect()
}

/// What is made of the rows that count.
pub(super) fn measure(rows: &Rows, measure: &RowMeasure, ty: &FieldType, history: &History) -> Value {
    let found = matching(rows, history);
    let count = |n: usize| i64::try_from(n).map_or(Value::Missing, Value::Int);
    let times = || found.iter().map(|(time, _)| (*time).clone());
    match measure {
        RowMeasure::Count => count(found.len()),
        RowMeasure::Distinct(field) => {
            let mut different: Vec<Value> = Vec::new();
            for value in values(field, &found) {
                if !different.iter().any(|other| other.equals(&value)) {
                    different.push(value);
                }
            }
            count(different.len())
        }
        RowMeasure::Sum(field) => sum(&values(field, &found), ty),
        RowMeasure::Avg(field) => {
            let values = values(field, &found);
            let total = match sum(&values, ty) {
                Value::Float(total) => total,
                Value::Decimal(total) => total.to_f64(),
                _ => return Value::Missing,
            };
            #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 events")]
            let number = values.len() as f64;
            if values.is_empty() { Value::Missing } else { Value::Float(total / number) }
        }
        RowMeasure::Min(field) => least(values(field, &found)),
        RowMeasure::Max(field) => greatest(values(field, &found)),
        RowMeasure::FirstTime => least(times()),
        RowMeasure::LastTime => greatest(times()),
        RowMeasure::FirstValue(field) => least(values(field, &at_time(&found, &least(times())))),
        RowMeasure::LastValue(field) => greatest(values(field, &at_time(&found, &greatest(times())))),
        RowMeasure::Periods { bounds, .. } => {
            let starts = bounds.iter().zip(bounds.iter().skip(1));
            let active = starts.filter(|(start, end)| {
                let inside = |time: &Value| {
                    time.compare(start).is_some_and(std::cmp::Ordering::is_ge)
                        && time.compare(end).is_some_and(std::cmp::Ordering::is_lt)
                };
                found.iter().any(|(time, _)| inside(time))
            });
            count(active.count())
        }
    }
}

/// The values of a field that are there.
fn values(field: &FieldRef, rows: &[Row<'_>]) -> Vec<Value> {
    rows.iter().map(|(_, row)| value_of(field, row)).filter(|value| !value.is_missing()).collect()
}

fn at_time<'h>(rows: &[Row<'h>], time: &Value) -> Vec<Row<'h>> {
    rows.iter().filter(|(at, _)| at.equals(time)).copied().collect()
}

/// Floats add up as floats; integers and decimals exactly, up to 38 digits.
fn sum(values: &[Value], ty: &FieldType) -> Value {
    let floats = values.iter().map(|value| match value {
        Value::Float(x) => Some(*x),
        _ => None,
    });
    if let Some(floats) = floats.collect::<Option<Vec<f64>>>()
        && (!floats.is_empty() || *ty == FieldType::Float)
    {
        return Value::Float(floats.iter().fold(0.0, |total, x| total + x));
    }
    let mut exact = values.iter().map(|value| match value {
        Value::Int(i) => Some(Decimal::from(*i)),
        Value::Decimal(d) => Some(*d),
        _ => None,
    });
    let total = exact.try_fold(Decimal::from(0), |total, value| total.checked_add(value?));
    total.map_or(Value::Missing, Value::Decimal)
}

pub(super) fn least(values: impl IntoIterator<Item = Value>) -> Value {
    extreme(values, std::cmp::Ordering::Less)
}

pub(super) fn greatest(values: impl IntoIterator<Item = Value>) -> Value {
    extreme(values, std::cmp::Ordering::Greater)
}

fn extreme(values: impl IntoIterator<Item = Value>, wanted: std::cmp::Ordering) -> Value {
    values.into_iter().fold(Value::Missing, |best, value| {
        if best.is_missing() || value.compare(&best) == Some(wanted) { value } else { best }
    })
}
