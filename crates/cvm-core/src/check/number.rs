//! Numbers that a field's type can't hold compare by value all the same: `age > 2.5` is `age > 2` over whole numbers.
//! Settled here, so that no engine is ever asked to compare across types.

use crate::catalog::FieldType;
use crate::predicate::{Bound, Range};
use crate::value::{Decimal, Value};

/// What becomes of a number at a field's type.
enum Snapped {
    /// The field can hold it.
    Exact(Value),
    /// It lies between this value and the next.
    Above(Value),
    /// It lies above everything the field can hold.
    TooBig,
    /// It lies below everything the field can hold.
    TooSmall,
}

fn snap(value: &Value, ty: &FieldType) -> Snapped {
    let (scale, precision) = match ty {
        FieldType::Int => (0, None),
        FieldType::Decimal { precision, scale } => (*scale, Some(*precision)),
        _ => return Snapped::Exact(value.clone()),
    };
    let number = match value {
        Value::Int(i) => Decimal::from(*i),
        Value::Decimal(d) => *d,
        _ => return Snapped::Exact(value.clone()),
    };
    // The value times 10^scale, cut to a whole number.
    let (whole, cut) = if number.scale() > scale {
        let factor = 10_i128.checked_pow(u32::from(number.scale() - scale)).unwrap_or(i128::MAX);
        (Some(number.digits().div_euclid(factor)), number.digits().rem_euclid(factor) != 0)
    } else {
        let factor = 10_i128.checked_pow(u32::from(scale - number.scale()));
        (factor.and_then(|factor| number.digits().checked_mul(factor)), false)
    };
    let too_far = || if number.digits() > 0 { Snapped::TooBig } else { Snapped::TooSmall };
    let Some(whole) = whole else { return too_far() };
    let snapped = match precision {
        None => i64::try_from(whole).ok().map(Value::Int),
        Some(precision) => {
            let limit = 10_u128.checked_pow(precision.into()).unwrap_or(u128::MAX);
            (whole.unsigned_abs() < limit).then(|| Decimal::new(whole, scale).map(Value::Decimal)).flatten()
        }
    };
    match snapped {
        None => too_far(),
        Some(value) if cut => Snapped::Above(value),
        Some(value) => Snapped::Exact(value),
    }
}

/// The value for an equality test; `None` when no value of the type is equal.
pub(super) fn equal(value: &Value, ty: &FieldType) -> Option<Value> {
    match snap(value, ty) {
        Snapped::Exact(value) => Some(value),
        _ => None,
    }
}

/// A range whose ends the type can hold; `None` when nothing of the type lies inside.
pub(super) fn range(range: Range, ty: &FieldType) -> Option<Range> {
    let low = match range.low {
        Bound::Open => Bound::Open,
        Bound::Included(value) => match snap(&value, ty) {
            Snapped::Exact(value) => Bound::Included(value),
            Snapped::Above(value) => Bound::Excluded(value),
            Snapped::TooSmall => Bound::Open,
            Snapped::TooBig => return None,
        },
        Bound::Excluded(value) => match snap(&value, ty) {
            Snapped::Exact(value) | Snapped::Above(value) => Bound::Excluded(value),
            Snapped::TooSmall => Bound::Open,
            Snapped::TooBig => return None,
        },
    };
    let high = match range.high {
        Bound::Open => Bound::Open,
        Bound::Included(value) => match snap(&value, ty) {
            Snapped::Exact(value) | Snapped::Above(value) => Bound::Included(value),
            Snapped::TooBig => Bound::Open,
            Snapped::TooSmall => return None,
        },
        Bound::Excluded(value) => match snap(&value, ty) {
            Snapped::Exact(value) => Bound::Excluded(value),
            Snapped::Above(value) => Bound::Included(value),
            Snapped::TooBig => Bound::Open,
            Snapped::TooSmall => return None,
        },
    };
    let range = Range { low, high, moving: range.moving };
    (!range.is_empty()).then_some(range)
}
