//! Measures of events in windows: counts, sums, extremes, first and last times.
//!
//! A customer's events lie side by side in the order of time, so a window is a stretch of them and a measure is a walk
//! along it: no hashing, no sorting.

use std::sync::Arc;

use cvm_core::predicate::{Bound, FieldRef, Measured, RowMeasure, RowSource, Test};
use cvm_core::{Decimal, Diagnostics, FieldType, Predicate, Value};

use crate::bitmap::Bitmap;
use crate::column::{Column, Values, whole};
use crate::evaluate::Scope;
use crate::index::Index;
use crate::ints::{Ints, Width, each_width};
use crate::range::{RawTest, number_of, raw_test};
use crate::stream::Stream;
use crate::{behaviour, leaf};

/// The customers of whom a measure passes its test.
pub(crate) fn rows(measured: &Measured, index: &Index) -> Result<Bitmap, Diagnostics> {
    let source = measured.rows.source;
    let stream = index.stream(source)?;
    if !has_walk(measured, stream) {
        return behaviour::rows(&Predicate::Measured(Box::new(measured.clone())), index);
    }
    let chosen = match &measured.rows.filter {
        Some(filter) => Some(Scope::stream(index, source, stream).rows(filter)?),
        None => None,
    };
    let Some((times, window)) = window(measured, stream) else {
        return behaviour::rows(&Predicate::Measured(Box::new(measured.clone())), index);
    };
    let walk = Walk { measured, stream, chosen };
    let len = index.customers.len;
    Ok(match (times, window) {
        (_, RawTest::Never | RawTest::In(_)) => Bitmap::constant(len, measured.on_nothing()),
        (None, RawTest::Between(..)) => walk.customers(len, index.threads, |from, to| (from, to)),
        (Some(times), RawTest::Between(low, high)) => {
            each_width!(&times.raw, times => walk.within(len, index.threads, times, low, high))
        }
    })
}

/// Whether there is a walk for the measure; else each customer's rows are looked at as they are.
fn has_walk(measured: &Measured, stream: &Stream) -> bool {
    let is_whole = |field: &FieldRef| {
        let column = stream.table.columns.get(field.index);
        field.path.is_empty() && column.is_some_and(|column| matches!(column.values, Values::Ints(_)))
    };
    match &measured.measure {
        RowMeasure::Count | RowMeasure::FirstTime | RowMeasure::LastTime => true,
        RowMeasure::Sum(field) => {
            let exact = stream.table.columns.get(field.index).map(|column| &column.ty);
            is_whole(field) && matches!(exact, Some(FieldType::Int | FieldType::Decimal { .. }))
        }
        RowMeasure::Min(field) | RowMeasure::Max(field) => is_whole(field),
        _ => false,
    }
}

/// The times of the rows and the window over them; without times, all rows.
fn window<'s>(measured: &Measured, stream: &'s Stream) -> Option<(Option<&'s Ints>, RawTest)> {
    match (&stream.times, measured.rows.source) {
        (Some(Column { values: Values::Ints(times), ty, .. }), RowSource::Events(_)) => {
            Some((Some(times), raw_test(&Test::Range(measured.rows.time.clone()), ty, times)?))
        }
        (None, RowSource::Related(_)) => Some((None, RawTest::ALWAYS)),
        _ => None,
    }
}

/// A walk along each customer's rows.
struct Walk<'w> {
    measured: &'w Measured,
    stream: &'w Stream,
    /// The rows that `where` takes.
    chosen: Option<Arc<Bitmap>>,
}

impl Walk<'_> {
    fn within<T: Width>(&self, len: usize, threads: usize, times: &[T], low: u128, high: u128) -> Bitmap {
        let Some(low) = T::narrow(low) else { return Bitmap::constant(len, self.measured.on_nothing()) };
        let high = T::narrow(high);
        self.customers(len, threads, |mut from, mut to| {
            let time = |row: usize| times.get(row);
            while from < to && time(from).is_some_and(|time| *time < low) {
                from += 1;
            }
            if let Some(high) = high {
                while from < to && time(to - 1).is_some_and(|time| *time > high) {
                    to -= 1;
                }
            }
            (from, to)
        })
    }

    /// The customers whose rows in the window pass.
    fn customers(&self, len: usize, threads: usize, window: impl Fn(usize, usize) -> (usize, usize) + Sync) -> Bitmap {
        let within = |customer: usize| {
            let (from, to) = self.stream.of(customer);
            window(from, to)
        };
        let inside = |row: usize| self.chosen.as_ref().is_none_or(|chosen| chosen.holds(row));
        match &self.measured.measure {
            RowMeasure::Count => {
                let verdicts = Verdicts::new(self.measured);
                leaf::by_row(len, threads, |customer| {
                    let (from, to) = within(customer);
                    let count = match &self.chosen {
                        None => to - from,
                        Some(chosen) => usize::try_from(chosen.count_between(from, to)).unwrap_or(0),
                    };
                    verdicts.of(count)
                })
            }
            RowMeasure::FirstTime | RowMeasure::LastTime => {
                let first = self.measured.measure == RowMeasure::FirstTime;
                leaf::by_row(len, threads, |customer| {
                    let (from, to) = within(customer);
                    let row = if first {
                        (from..to).find(|row| inside(*row))
                    } else {
                        (from..to).rev().find(|row| inside(*row))
                    };
                    let time = row.and_then(|row| Some(self.stream.times.as_ref()?.value(row)));
                    self.measured.verdict(&time.unwrap_or_default())
                })
            }
            RowMeasure::Sum(field) => match self.stream.table.columns.get(field.index) {
                Some(Column { values: Values::Ints(ints), ty, present, .. }) => {
                    let there = |row: usize| inside(row) && present.as_ref().is_none_or(|p| p.holds(row));
                    let verdict = Sums::new(self.measured, ty);
                    let all = self.chosen.is_none() && present.is_none();
                    each_width!(&ints.raw, raws => leaf::by_row(len, threads, |customer| {
                        let (from, to) = within(customer);
                        let (number, sum) = if all { sum_all(raws, from, to) } else { sum_of(raws, from, to, there) };
                        verdict.of(number.checked_mul(ints.base).zip(sum.checked_mul(ints.unit)).and_then(|(a, b)| a.checked_add(b)))
                    }))
                }
                _ => Bitmap::constant(len, self.measured.on_nothing()),
            },
            RowMeasure::Min(field) | RowMeasure::Max(field) => match self.stream.table.columns.get(field.index) {
                Some(Column { values: Values::Ints(ints), ty, present, .. }) => {
                    let there = |row: &usize| inside(*row) && present.as_ref().is_none_or(|p| p.holds(*row));
                    let least = matches!(self.measured.measure, RowMeasure::Min(_));
                    leaf::by_row(len, threads, |customer| {
                        let (from, to) = within(customer);
                        let numbers = (from..to).filter(there).map(|row| ints.get(row));
                        let found = if least { numbers.min() } else { numbers.max() };
                        self.measured.verdict(&found.map_or(Value::Missing, |number| whole(number, ty)))
                    })
                }
                _ => Bitmap::constant(len, self.measured.on_nothing()),
            },
            _ => Bitmap::constant(len, self.measured.on_nothing()),
        }
    }
}

/// How many rows from one to another, and the sum of what is kept for them.
#[inline]
fn sum_all<T: Width>(raws: &[T], from: usize, to: usize) -> (i128, i128) {
    let own = raws.get(from..to).unwrap_or_default();
    let sum: u128 = own.iter().map(|raw| (*raw).into()).sum();
    (own.len() as i128, sum.cast_signed())
}

fn sum_of<T: Width>(raws: &[T], from: usize, to: usize, there: impl Fn(usize) -> bool) -> (i128, i128) {
    let own = (from..to).filter(|row| there(*row)).filter_map(|row| raws.get(row));
    own.fold((0, 0), |(number, sum), raw| {
        let raw: u128 = (*raw).into();
        (number + 1, sum + raw.cast_signed())
    })
}

/// The verdicts on numbers of rows: the small ones are known before anybody asks.
struct Verdicts<'m> {
    measured: &'m Measured,
    small: Vec<bool>,
}

impl<'m> Verdicts<'m> {
    fn new(measured: &'m Measured) -> Self {
        let small = (0..256).map(|count| measured.verdict(&Value::Int(count))).collect();
        Self { measured, small }
    }

    #[inline]
    fn of(&self, count: usize) -> bool {
        match self.small.get(count) {
            Some(verdict) => *verdict,
            None => self.measured.verdict(&i64::try_from(count).map_or(Value::Missing, Value::Int)),
        }
    }
}

/// The verdicts on sums, in the digits of the column.
struct Sums<'m> {
    measured: &'m Measured,
    scale: u8,
    /// The sums that pass, where they are a range that the column's digits can say.
    range: Option<(i128, i128)>,
}

impl<'m> Sums<'m> {
    fn new(measured: &'m Measured, ty: &FieldType) -> Self {
        let scale = match ty {
            FieldType::Decimal { scale, .. } => *scale,
            _ => 0,
        };
        let digits = FieldType::Decimal { precision: Decimal::MAX_DIGITS, scale };
        let range = match &measured.test {
            Test::Range(range) => {
                let low = match &range.low {
                    Bound::Open => Some(i128::MIN),
                    Bound::Included(value) => number_of(value, &digits),
                    Bound::Excluded(value) => number_of(value, &digits).and_then(|number| number.checked_add(1)),
                };
                let high = match &range.high {
                    Bound::Open => Some(i128::MAX),
                    Bound::Included(value) => number_of(value, &digits),
                    Bound::Excluded(value) => number_of(value, &digits).and_then(|number| number.checked_sub(1)),
                };
                low.zip(high)
            }
            _ => None,
        };
        Self { measured, scale, range }
    }

    #[inline]
    fn of(&self, sum: Option<i128>) -> bool {
        // 38 digits are the most that a sum can have; beyond them it is missing.
        let Some(sum) = sum.filter(|sum| sum.unsigned_abs() < MOST) else { return self.measured.on_missing };
        match self.range {
            Some((low, high)) => ((low..=high).contains(&sum)) != self.measured.negated,
            None => {
                let value = Decimal::new(sum, self.scale).map_or(Value::Missing, Value::Decimal);
                self.measured.verdict(&value)
            }
        }
    }
}

/// The first number that has more than 38 digits.
const MOST: u128 = 10_u128.pow(Decimal::MAX_DIGITS as u32);
