//! Tests of values as tests of the numbers that are kept for them.

use cvm_core::FieldType;
use cvm_core::Value;
use cvm_core::predicate::{Bound, Test};

use crate::ints::Ints;

/// A test of raw numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RawTest {
    /// None passes.
    Never,
    /// From one to another, both included.
    Between(u128, u128),
    /// These, ascending, at least one.
    In(Vec<u128>),
}

impl RawTest {
    pub(crate) const ALWAYS: Self = Self::Between(0, u128::MAX);

    /// These numbers, in any order.
    pub(crate) fn one_of(mut raws: Vec<u128>) -> Self {
        raws.sort_unstable();
        raws.dedup();
        match (raws.first(), raws.last()) {
            (Some(first), Some(last)) if last - first + 1 == raws.len() as u128 => Self::Between(*first, *last),
            (None, _) => Self::Never,
            _ => Self::In(raws),
        }
    }
}

/// The whole number that stands for a value of this type; `None` where none does.
pub(crate) fn number_of(value: &Value, ty: &FieldType) -> Option<i128> {
    match (ty, value) {
        (FieldType::Int, Value::Int(i)) => Some((*i).into()),
        (FieldType::Decimal { scale, .. }, Value::Decimal(d)) => {
            // A value with digits that the column can't hold has no number in it.
            let held = d.rescale(*scale)?;
            (held == *d).then(|| held.digits())
        }
        (FieldType::Decimal { scale, .. }, Value::Int(i)) => {
            10_i128.checked_pow(u32::from(*scale))?.checked_mul((*i).into())
        }
        (FieldType::Date, Value::Date(d)) => Some(d.days().into()),
        (FieldType::Timestamp, Value::Timestamp(t)) => Some(t.micros().into()),
        (FieldType::Bool, Value::Bool(b)) => Some((*b).into()),
        _ => None,
    }
}

/// A test of values of a type as one of the numbers that are kept; `None` where it takes the values themselves.
pub(crate) fn raw_test(test: &Test, ty: &FieldType, ints: &Ints) -> Option<RawTest> {
    match test {
        Test::Present => Some(RawTest::ALWAYS),
        Test::In(values) => {
            let numbers: Option<Vec<i128>> = values.iter().map(|value| number_of(value, ty)).collect();
            Some(RawTest::one_of(numbers?.into_iter().filter_map(|number| ints.exactly(number)).collect()))
        }
        Test::Range(range) => {
            let low = match &range.low {
                Bound::Open => 0,
                Bound::Included(value) => ints.at_least(number_of(value, ty)?),
                Bound::Excluded(value) => ints.at_least(number_of(value, ty)?.checked_add(1)?),
            };
            let high = match &range.high {
                Bound::Open => Some(u128::MAX),
                Bound::Included(value) => ints.at_most(number_of(value, ty)?),
                Bound::Excluded(value) => ints.at_most(number_of(value, ty)?.checked_sub(1)?),
            };
            Some(match high {
                Some(high) if low <= high => RawTest::Between(low, high),
                _ => RawTest::Never,
            })
        }
        _ => None,
    }
}
