//! What is made of the rows that count.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::mem::discriminant;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::check::int_range;
use super::node::value_at;
use super::rows::Source;
use super::times::Times;
use crate::catalog::FieldType;
use crate::eval::History;
use crate::predicate::{FieldRef, Measured, RowMeasure, Test};
use crate::value::{Decimal, Value};

#[derive(Debug)]
pub(super) enum Measure {
    Count(Count),
    Distinct(FieldRef),
    /// The sum; whether the mean is meant, and whether nothing sums up to a float.
    Sum {
        field: FieldRef,
        mean: bool,
        float: bool,
    },
    /// The least value, or the greatest.
    Extreme(FieldRef, Ordering),
    /// When the first one was, or the last.
    Time {
        last: bool,
    },
    /// The value at the first time, or the last; of several the least, or the greatest.
    At {
        field: FieldRef,
        wanted: Ordering,
    },
    /// In how many periods there is one: `count` of them, between times numbered from `first`.
    Periods {
        first: usize,
        count: usize,
    },
}

/// How a number of rows is tested.
#[derive(Debug)]
pub(super) enum Count {
    /// From the first to the second, both inside.
    Within(i64, i64),
    /// By the test itself.
    Number,
}

impl Measure {
    pub(super) fn of(measured: &Measured, times: &mut Times) -> Self {
        let float = measured.ty == FieldType::Float;
        match &measured.measure {
            RowMeasure::Count => Self::Count(Count::of(&measured.test)),
            RowMeasure::Distinct(field) => Self::Distinct(field.clone()),
            RowMeasure::Sum(field) => Self::Sum { field: field.clone(), mean: false, float },
            RowMeasure::Avg(field) => Self::Sum { field: field.clone(), mean: true, float },
            RowMeasure::Min(field) => Self::Extreme(field.clone(), Ordering::Less),
            RowMeasure::Max(field) => Self::Extreme(field.clone(), Ordering::Greater),
            RowMeasure::FirstTime => Self::Time { last: false },
            RowMeasure::LastTime => Self::Time { last: true },
            RowMeasure::FirstValue(field) => Self::At { field: field.clone(), wanted: Ordering::Less },
            RowMeasure::LastValue(field) => Self::At { field: field.clone(), wanted: Ordering::Greater },
            RowMeasure::Periods { moments, .. } => {
                // Numbers that follow each other, so not those of equal moments elsewhere.
                let numbers: Vec<usize> =
                    moments.iter().map(|moment| times.add(moment, measured.node, false)).collect();
                Self::Periods { first: numbers.first().copied().unwrap_or(0), count: numbers.len().saturating_sub(1) }
            }
        }
    }

    /// The value; of times see [`RowsNode::holds`](super::rows::RowsNode::holds).
    pub(super) fn value(&self, source: &Source, history: &History, settled: &[i64]) -> Value {
        match self {
            Self::Count(_) => number(count(source, history, settled)),
            Self::Distinct(field) => number(distinct(field, source, history, settled)),
            Self::Sum { field, mean, float } => {
                let mut sum = Sum { exact: Some(Decimal::from(0)), floats: Some(0.0), count: 0 };
                each_value(field, source, history, settled, |_, value| sum.add(&value));
                sum.value(*mean, *float)
            }
            Self::Extreme(field, wanted) => {
                let mut best = Cow::Owned(Value::Missing);
                each_value(field, source, history, settled, |_, value| better(&mut best, value, *wanted));
                best.into_owned()
            }
            Self::At { field, wanted } => {
                let mut best: Option<(i64, Cow<'_, Value>)> = None;
                source.each(history, settled, |ticks, _, row| {
                    match &mut best {
                        Some((at, value)) if ticks == *at => better(value, value_at(field, row), *wanted),
                        Some((at, _)) if ticks.cmp(at) != *wanted => {}
                        _ => {
                            let value = value_at(field, row);
                            let value = if value.is_missing() { Cow::Owned(Value::Missing) } else { value };
                            best = Some((ticks, value));
                        }
                    }
                    ControlFlow::Continue(())
                });
                best.map_or(Value::Missing, |(_, value)| value.into_owned())
            }
            Self::Time { last } => {
                let mut best = Cow::Owned(Value::Missing);
                let wanted = if *last { Ordering::Greater } else { Ordering::Less };
                source.each(history, settled, |_, time, _| {
                    better(&mut best, Cow::Borrowed(time), wanted);
                    ControlFlow::Continue(())
                });
                best.into_owned()
            }
            Self::Periods { first, count } => number(periods(*first, *count, source, history, settled)),
        }
    }
}

impl Count {
    fn of(test: &Test) -> Self {
        let within = match test {
            Test::Range(range) => int_range(range),
            Test::In(values) => match values.as_slice() {
                [Value::Int(n)] => Some((*n, *n)),
                _ => None,
            },
            Test::Present => Some((i64::MIN, i64::MAX)),
            _ => None,
        };
        within.map_or(Self::Number, |(low, high)| Self::Within(low, high))
    }
}

fn number(n: usize) -> Value {
    i64::try_from(n).map_or(Value::Missing, Value::Int)
}

fn count(source: &Source, history: &History, settled: &[i64]) -> usize {
    let mut n = 0;
    source.each(history, settled, |_, _, _| {
        n += 1;
        ControlFlow::Continue(())
    });
    n
}

/// The values of a field that are there.
#[inline]
fn each_value<'h>(
    field: &FieldRef,
    source: &Source,
    history: &'h History,
    settled: &[i64],
    mut see: impl FnMut(i64, Cow<'h, Value>),
) {
    source.each(history, settled, |ticks, _, row| {
        let value = value_at(field, row);
        if !value.is_missing() {
            see(ticks, value);
        }
        ControlFlow::Continue(())
    });
}

/// The one that is wanted of two; a value that is missing never is.
fn better<'h>(best: &mut Cow<'h, Value>, value: Cow<'h, Value>, wanted: Ordering) {
    if !value.is_missing() && (best.is_missing() || value.compare(best) == Some(wanted)) {
        *best = value;
    }
}

/// From this many values on they are sorted.
const MANY: usize = 24;

fn distinct(field: &FieldRef, source: &Source, history: &History, settled: &[i64]) -> usize {
    let mut values: SmallVec<[Cow<'_, Value>; 16]> = SmallVec::new();
    each_value(field, source, history, settled, |_, value| values.push(value));
    let alike = |values: &[Cow<'_, Value>]| {
        values.windows(2).all(|pair| match pair {
            [a, b] => discriminant::<Value>(a) == discriminant::<Value>(b),
            _ => true,
        })
    };
    // Values of one kind that compare have an order; -0.0 and 0.0 are equal in it too.
    let ordered = values.first().is_some_and(|value| value.equals(value));
    if values.len() >= MANY && ordered && alike(&values) {
        values.sort_unstable_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
        return 1 + values.windows(2).filter(|pair| matches!(pair, [a, b] if !a.equals(b))).count();
    }
    // Between kinds being equal need not carry over, so only those that were counted are looked at.
    let mut different: SmallVec<[Cow<'_, Value>; 16]> = SmallVec::new();
    for value in values {
        if !different.iter().any(|other| other.equals(&value)) {
            different.push(value);
        }
    }
    different.len()
}

/// Floats add up as floats; integers and decimals exactly, up to 38 digits.
struct Sum {
    /// `None` once a value was something else, or the sum too long.
    exact: Option<Decimal>,
    /// `None` once a value was no float.
    floats: Option<f64>,
    count: usize,
}

impl Sum {
    fn add(&mut self, value: &Value) {
        self.count += 1;
        self.floats = match (self.floats, value) {
            (Some(total), Value::Float(x)) => Some(total + x),
            _ => None,
        };
        self.exact = match (self.exact, value) {
            (Some(total), Value::Int(i)) => total.checked_add(Decimal::from(*i)),
            (Some(total), Value::Decimal(d)) => total.checked_add(*d),
            _ => None,
        };
    }

    fn value(&self, mean: bool, float: bool) -> Value {
        let total = match (self.floats, self.exact) {
            (Some(total), _) if self.count > 0 || float => Value::Float(total),
            (_, exact) => exact.map_or(Value::Missing, Value::Decimal),
        };
        if !mean {
            return total;
        }
        let total = match total {
            Value::Float(total) => total,
            Value::Decimal(total) => total.to_f64(),
            _ => return Value::Missing,
        };
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 events")]
        let count = self.count as f64;
        if self.count == 0 { Value::Missing } else { Value::Float(total / count) }
    }
}

/// In how many of the periods there is a row.
fn periods(first: usize, count: usize, source: &Source, history: &History, settled: &[i64]) -> usize {
    let bounds = settled.get(first..=first + count).unwrap_or_default();
    let mut active: SmallVec<[u64; 4]> = SmallVec::from_elem(0, count / 64 + 1);
    source.each(history, settled, |ticks, _, _| {
        // Bounds ascend: the period begins with the last one that is not later.
        let period = bounds.partition_point(|bound| *bound <= ticks);
        if let Some(period) = period.checked_sub(1)
            && period < count
            && let Some(word) = active.get_mut(period / 64)
        {
            *word |= 1 << (period % 64);
        }
        ControlFlow::Continue(())
    });
    active.iter().map(|word| word.count_ones() as usize).sum()
}
