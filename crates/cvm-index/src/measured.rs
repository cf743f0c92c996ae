//! Measures of events in windows: counts, sums, extremes, first and last times.
//!
//! A window and a `where` are sets of rows, and so is "later than": most measures are then one count of rows for each
//! customer. The last time lies in a range when some row does and none lies beyond it, and likewise the least value.

use std::marker::PhantomData;
use std::sync::Arc;

use cvm_core::predicate::{Bound, Measured, RowMeasure, RowSource, Test};
use cvm_core::{Decimal, Diagnostics, FieldType, Predicate, Value};

use crate::behaviour;
use crate::bitmap::Bitmap;
use crate::column::{Column, Values};
use crate::evaluate::Scope;
use crate::index::Index;
use crate::ints::{Ints, Width, each_width};
use crate::last_values;
use crate::question::Question;
use crate::range::{RawTest, number_of, raw_test};
use crate::recent::Asked;
use crate::scan::{self, Passing};
use crate::stream::Stream;
use crate::tally::{Added, Counted};

/// The customers of whom a measure passes its test.
pub(crate) fn rows(measured: &Measured, index: &Index) -> Result<Bitmap, Diagnostics> {
    let stream = index.stream(measured.rows.source)?;
    if let Some(asked) = Asked::by(measured, stream)
        && let Some(customers) = asked.customers(measured, stream, &index.cache, index.threads)
    {
        return Ok(customers);
    }
    if let Some(customers) = last_values::customers(measured, stream, &index.cache, index.threads) {
        return Ok(customers);
    }
    if has_scan(measured, stream)
        && let Some(rows) = asked(measured, stream, index)?
    {
        let scan = Scan { measured, stream, rows, len: index.customers.len, threads: index.threads };
        if let Some(customers) = scan.customers() {
            return Ok(customers);
        }
    }
    behaviour::rows(&Predicate::Measured(Box::new(measured.clone())), index)
}

/// Whether a measure may be answered by a scan; else each customer's rows are looked at as they are.
fn has_scan(measured: &Measured, stream: &Stream) -> bool {
    let field = match &measured.measure {
        RowMeasure::Count | RowMeasure::FirstTime | RowMeasure::LastTime => return true,
        RowMeasure::Sum(field) | RowMeasure::Min(field) | RowMeasure::Max(field) => field,
        _ => return false,
    };
    let column = stream.table.columns.get(field.index);
    field.path.is_empty() && column.is_some_and(|column| matches!(column.values, Values::Ints(_)))
}

/// The rows in the window that `where` takes; `None` where the window is none of the kept times.
fn asked(measured: &Measured, stream: &Stream, index: &Index) -> Result<Option<Arc<Bitmap>>, Diagnostics> {
    let source = measured.rows.source;
    let len = stream.table.len;
    let window = match (&stream.times, source) {
        (Some(Column { values: Values::Ints(times), ty, .. }), RowSource::Events(_)) => {
            match raw_test(&Test::Range(measured.rows.time.clone()), ty, times) {
                Some(test) => {
                    let question = Question::window(source, &test);
                    index.cache.get(&question, || Ok::<_, Diagnostics>(times.rows(len, index.threads, &test)))?
                }
                None => return Ok(None),
            }
        }
        (None, RowSource::Related(_)) => Arc::new(Bitmap::constant(len, true)),
        _ => return Ok(None),
    };
    let Some(filter) = &measured.rows.filter else { return Ok(Some(window)) };
    let mut rows = Arc::unwrap_or_clone(Scope::stream(index, source, stream).rows(filter)?);
    rows.and(&window);
    Ok(Some(Arc::new(rows)))
}

/// One pass over the rows of all customers.
struct Scan<'s> {
    measured: &'s Measured,
    stream: &'s Stream,
    /// The rows that count.
    rows: Arc<Bitmap>,
    len: usize,
    threads: usize,
}

impl Scan<'_> {
    fn customers(&self) -> Option<Bitmap> {
        match &self.measured.measure {
            RowMeasure::Count => Some(self.counts()),
            RowMeasure::FirstTime => self.extreme(self.stream.times.as_ref()?, true),
            RowMeasure::LastTime => self.extreme(self.stream.times.as_ref()?, false),
            RowMeasure::Min(field) => self.extreme(self.stream.table.columns.get(field.index)?, true),
            RowMeasure::Max(field) => self.extreme(self.stream.table.columns.get(field.index)?, false),
            RowMeasure::Sum(field) => self.sums(self.stream.table.columns.get(field.index)?),
            _ => None,
        }
    }

    fn any(&self, rows: &Bitmap) -> Bitmap {
        self.counted(rows, Passing::Between(1, i64::MAX, false))
    }

    fn counted(&self, rows: &Bitmap, passing: Passing<'_>) -> Bitmap {
        scan::customers(&self.stream.starts, self.len, self.threads, Counted { set: rows.words() }, passing)
    }

    fn counts(&self) -> Bitmap {
        if let Some((low, high)) = numbers_that_pass(&self.measured.test, 0) {
            return self.counted(&self.rows, Passing::Between(nearest(low), nearest(high), self.measured.negated));
        }
        // The verdicts on small numbers are known before anybody asks.
        let verdict = |count: i64| self.measured.verdict(&Value::Int(count));
        let small: Vec<bool> = (0..MANY).map(verdict).collect();
        self.counted(&self.rows, Passing::Known(&small, &verdict))
    }

    /// The least or greatest number of the rows that count.
    fn extreme(&self, column: &Column, least: bool) -> Option<Bitmap> {
        let Column { values: Values::Ints(ints), ty, present, len } = column else { return None };
        let rows = with(&self.rows, present.as_ref());
        let (low, high) = match raw_test(&self.measured.test, ty, ints)? {
            RawTest::Never => (1, 0),
            RawTest::Between(low, high) => (low, high),
            RawTest::In(_) => return None,
        };
        // The customers with a row whose number lies between these.
        let some = |from: u128, to: u128| {
            let mut inside = ints.rows(*len, self.threads, &RawTest::Between(from, to));
            inside.and(&rows);
            self.any(&inside)
        };
        let mut passing = match (low > high, least) {
            (true, _) => Bitmap::constant(self.len, false),
            // Some number is not above the range, and none is below it.
            (_, true) => some(0, high),
            (_, false) => some(low, u128::MAX),
        };
        match (low <= high, least) {
            (true, true) if low > 0 => passing.and_not(&some(0, low - 1)),
            (true, false) if high < ints.top() => passing.and_not(&some(high + 1, u128::MAX)),
            _ => {}
        }
        let (negated, on_missing) = (self.measured.negated, self.measured.on_missing);
        if negated {
            passing.not();
        }
        // So far a missing number passes where the opposite is asked.
        if on_missing != negated {
            let there = self.any(&rows);
            if on_missing { passing.or_not(&there) } else { passing.and(&there) }
        }
        Some(passing)
    }

    fn sums(&self, column: &Column) -> Option<Bitmap> {
        let Column { values: Values::Ints(ints), ty, present, .. } = column else { return None };
        let rows = with(&self.rows, present.as_ref());
        let scale = match ty {
            FieldType::Decimal { scale, .. } => *scale,
            FieldType::Int => 0,
            _ => return None,
        };
        let (low, high) = numbers_that_pass(&self.measured.test, scale)?;
        let passing = Passing::Between(nearest(low), nearest(high), self.measured.negated);
        each_width!(&ints.raw, raws => self.added(&rows, raws, ints, passing))
    }

    fn added<T: Width>(&self, rows: &Bitmap, values: &[T], ints: &Ints, passing: Passing<'_>) -> Option<Bitmap> {
        let (base, unit) = (i64::try_from(ints.base).ok()?, i64::try_from(ints.unit).ok()?);
        let (starts, set) = (&self.stream.starts, rows.words());
        // What is summed must fit 64 bits for every customer, whatever rows are asked for.
        let greatest = ints.number(ints.top()).abs().max(ints.base.abs()).max(1);
        i64::try_from(greatest.checked_mul(i128::try_from(self.stream.table.len.max(1)).ok()?)?).ok()?;
        let most = usize::try_from(i128::from(i32::MAX) / greatest).unwrap_or(usize::MAX);
        if most >= ROWS_OF_MOST {
            let rows = Added { set, values, base, unit, most, sums: PhantomData::<i32> };
            return Some(scan::customers(starts, self.len, self.threads, rows, passing));
        }
        let rows = Added { set, values, base, unit, most: usize::MAX, sums: PhantomData::<i64> };
        Some(scan::customers(starts, self.len, self.threads, rows, passing))
    }
}

/// The nearest number of 64 bits: no count or sum lies beyond them.
pub(crate) fn nearest(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

/// Sums are kept in 32 bits where those of so many rows fit: few customers have more.
const ROWS_OF_MOST: usize = 256;

/// So many verdicts on counts are known beforehand.
const MANY: i64 = 256;

/// The rows of a set that have a value.
fn with(rows: &Arc<Bitmap>, present: Option<&Bitmap>) -> Arc<Bitmap> {
    let Some(present) = present else { return Arc::clone(rows) };
    let mut rows = Bitmap::clone(rows);
    rows.and(present);
    Arc::new(rows)
}

/// The whole numbers and decimals that pass, in this many digits after the point, where they are a range.
pub(crate) fn numbers_that_pass(test: &Test, scale: u8) -> Option<(i128, i128)> {
    let digits = FieldType::Decimal { precision: Decimal::MAX_DIGITS, scale };
    let range = match test {
        Test::Range(range) => range,
        Test::In(values) => {
            let [value] = values.as_slice() else { return None };
            let number = number_of(value, &digits)?;
            return Some((number, number));
        }
        _ => return None,
    };
    let low = match &range.low {
        Bound::Open => i128::MIN,
        Bound::Included(value) => number_of(value, &digits)?,
        Bound::Excluded(value) => number_of(value, &digits)?.checked_add(1)?,
    };
    let high = match &range.high {
        Bound::Open => i128::MAX,
        Bound::Included(value) => number_of(value, &digits)?,
        Bound::Excluded(value) => number_of(value, &digits)?.checked_sub(1)?,
    };
    Some((low, high))
}
