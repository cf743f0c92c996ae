//! The least and the greatest value of a column.

use crate::catalog::FieldType;
use crate::filter::Literal;
use crate::value::{Date, Decimal};

/// The bounds seen so far; of one kind of value, as a column has one type.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Range {
    #[default]
    Empty,
    Int(i64, i64),
    Decimal(i128, i128),
    Float(f64, f64),
    Day(i32, i32),
}

macro_rules! widen {
    ($name:ident, $kind:ident, $ty:ty) => {
        #[inline]
        pub(super) fn $name(&mut self, value: $ty) {
            *self = match *self {
                Self::$kind(low, high) => Self::$kind(low.min(value), high.max(value)),
                _ => Self::$kind(value, value),
            };
        }
    };
}

impl Range {
    widen!(int, Int, i64);
    widen!(decimal, Decimal, i128);
    widen!(day, Day, i32);

    /// NaN is missing, so it has no place in a range.
    #[inline]
    pub(super) fn float(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        *self = match *self {
            Self::Float(low, high) => Self::Float(low.min(value), high.max(value)),
            _ => Self::Float(value, value),
        };
    }

    /// The bounds as the catalog has them. Infinities bound nothing.
    pub(super) fn literals(self, ty: &FieldType) -> (Option<Literal>, Option<Literal>) {
        let float = |x: f64| x.is_finite().then_some(Literal::Float(x));
        let decimal = |digits: i128| {
            let FieldType::Decimal { scale, .. } = ty else { return None };
            Decimal::new(digits, *scale).map(|d| Literal::Str(d.to_string()))
        };
        let day = |days: i32| Date::from_days(days).map(|d| Literal::Str(d.to_string()));
        match self {
            Self::Empty => (None, None),
            Self::Int(low, high) => (Some(Literal::Int(low)), Some(Literal::Int(high))),
            Self::Decimal(low, high) => (decimal(low), decimal(high)),
            Self::Float(low, high) => (float(low), float(high)),
            Self::Day(low, high) => (day(low), day(high)),
        }
    }
}
