//! How the values of a field become places, and which numbers pass a comparison.

use super::OptimizeOptions;
use super::domain::{Pos, Set};
use super::subject::Scale;
use crate::catalog::{Field, FieldType};
use crate::filter::{Literal, Operator};
use crate::predicate::Test;
use crate::value::Value;

/// How a field's values become places, and the least and the greatest place.
pub(super) fn scale<'a>(field: &'a Field, options: &OptimizeOptions) -> (Scale<'a>, Option<i128>, Option<i128>) {
    if let (FieldType::String, Some(values), true) = (&field.ty, &field.values, options.trust_enums) {
        let mut values: Vec<&str> = values.iter().map(String::as_str).collect();
        values.sort_unstable();
        values.dedup();
        let last = i128::try_from(values.len()).unwrap_or(0) - 1;
        return (Scale::Enum(values.into()), Some(0), Some(last));
    }
    let (scale, min, max) = match &field.ty {
        FieldType::Bool => (Scale::Bool, Some(0), Some(1)),
        FieldType::Int => (Scale::Int, Some(i64::MIN.into()), Some(i64::MAX.into())),
        FieldType::Decimal { precision, scale } => {
            let most = 10_i128.checked_pow((*precision).into()).map(|limit| limit - 1);
            (Scale::Decimal(*scale), most.map(|most| -most), most)
        }
        FieldType::Date => (Scale::Date, None, None),
        FieldType::Timestamp => (Scale::Timestamp, None, None),
        FieldType::Float => (Scale::Float, None, None),
        FieldType::String => (Scale::Text, None, None),
        FieldType::Json => (Scale::Json, None, None),
        FieldType::List(_) => (Scale::Opaque, None, None),
    };
    // Bounds of instants are written in the catalog's zone, which is not at hand here.
    if !options.trust_ranges || scale == Scale::Timestamp {
        return (scale, min, max);
    }
    let bound = |literal: &Option<Literal>, after: bool| {
        let mut out = crate::diagnostic::Diagnostics::default();
        let path = crate::diagnostic::Path::ROOT;
        let utc = jiff::tz::TimeZone::UTC;
        let value = crate::check::literal::typed(literal.as_ref()?, &field.ty, &utc, &path, &mut out)?;
        let value = match value {
            Value::Int(i) if !matches!(scale, Scale::Int) => Value::Decimal(i.into()),
            Value::Decimal(d) if matches!(scale, Scale::Int) => Value::Int(i64::try_from(d.rescale(0)?.digits()).ok()?),
            other => other,
        };
        match scale.place(&value, after)? {
            Pos::Int(place) => Some(place - i128::from(after)),
            _ => None,
        }
    };
    let (low, high) = (bound(&field.min, false), bound(&field.max, true));
    (scale, low.or(min), high.or(max))
}

/// The sizes that a list may have.
pub(super) fn size_set(test: &Test) -> Option<Set> {
    let Test::Size(size) = test else { return Some(Set::interval(None, Some(Pos::Int(1)))) };
    let (key, n) = size.parts();
    let op = match key {
        "eq" => Operator::Eq,
        "ne" => Operator::Ne,
        "lt" => Operator::Lt,
        "lte" => Operator::Lte,
        "gt" => Operator::Gt,
        _ => Operator::Gte,
    };
    number_set(op, &[n.into()]).map(|set| set.clamp(Some(0), None))
}

/// The whole numbers that pass a comparison.
pub(super) fn number_set(op: Operator, values: &[i128]) -> Option<Set> {
    let one = match values {
        [one] => Some(*one),
        _ => None,
    };
    let points = || Set::union(values.iter().map(|n| (Pos::Int(*n), Pos::Int(n + 1))).collect());
    let between = || match values {
        [low, high] if low <= high => Some(Set::interval(Some(Pos::Int(*low)), Some(Pos::Int(high + 1)))),
        _ => None,
    };
    Some(match op {
        Operator::Eq => one.map(|_| points())?,
        Operator::Ne => one.map(|_| points().complement())?,
        Operator::In if !values.is_empty() => points(),
        Operator::NotIn if !values.is_empty() => points().complement(),
        Operator::Lt => Set::interval(None, Some(Pos::Int(one?))),
        Operator::Lte => Set::interval(None, Some(Pos::Int(one? + 1))),
        Operator::Gt => Set::interval(Some(Pos::Int(one? + 1)), None),
        Operator::Gte => Set::interval(Some(Pos::Int(one?)), None),
        Operator::Between => between()?,
        Operator::NotBetween => between()?.complement(),
        _ => return None,
    })
}
