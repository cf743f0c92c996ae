//! Days that a database has no literal for.
//!
//! ClickHouse reads dates from 1900 to 2299 and takes what lies beyond for the end of that range, which other days may
//! be as well. Such days are compared by their numbers.

use cvm_core::predicate::Bound;
use cvm_core::{FieldType, Value};

use super::{Builder, Subject, expr};
use crate::dialect::Dialect;

/// 1900-01-01 and 2299-12-31 as days from 1970-01-01.
const FIRST_DAY: i32 = -25_567;
const LAST_DAY: i32 = 120_529;

impl Builder<'_> {
    /// Whether a value is a date without a literal.
    pub(super) fn beyond_dates(&self, value: &Value) -> bool {
        self.dialect == Dialect::ClickHouse
            && matches!(value, Value::Date(day) if !(FIRST_DAY..=LAST_DAY).contains(&day.days()))
    }

    /// As [`Builder::beyond_dates`], for the end of a range.
    pub(super) fn beyond_bound(&self, bound: &Bound) -> bool {
        matches!(bound, Bound::Included(value) | Bound::Excluded(value) if self.beyond_dates(value))
    }
}

/// The subject's days as numbers.
pub(super) fn day_numbers<'f>(subject: &Subject<'f>) -> Subject<'f> {
    let expr = expr::call("toInt32", vec![subject.expr.clone()]);
    Subject { expr, ty: &FieldType::Int, name: subject.name, ready: true }
}

pub(super) fn day_number(value: &Value) -> Value {
    match value {
        Value::Date(day) => Value::Int(day.days().into()),
        other => other.clone(),
    }
}

pub(super) fn day_bound(bound: &Bound) -> Bound {
    match bound {
        Bound::Open => Bound::Open,
        Bound::Included(value) => Bound::Included(day_number(value)),
        Bound::Excluded(value) => Bound::Excluded(day_number(value)),
    }
}
