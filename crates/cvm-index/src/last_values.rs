//! Sums over events up to now, from the values of customers' last events.
//!
//! Of most customers few events are in a window. The values of the last three are kept beside their times
//! ([`crate::recent`]) and added up for many customers at once; only the events of those who have more in the window, or one
//! of which the kept time leaves it open, are looked at.

use std::sync::{Arc, Mutex, PoisonError};

use cvm_core::FieldType;
use cvm_core::predicate::{Measured, RowMeasure};
use rustc_hash::FxHashMap;

use crate::bitmap::{Bitmap, WORD, test_into};
use crate::cache::Cache;
use crate::column::{Column, Values};
use crate::ints::{Ints, Raw, Width, each_width};
use crate::measured::{nearest, numbers_that_pass};
use crate::recent::{Span, at, begin, shift, span};
use crate::stream::Stream;
use crate::wide::wide;

/// The values of so many last events are kept; the time of one more says who has more of them.
const KEPT: usize = 3;

/// For columns of a stream, the values of each customer's last events, from the last one back; `None` where there was no
/// memory for them.
#[derive(Debug, Default)]
pub(crate) struct LastValues {
    columns: Mutex<FxHashMap<usize, Option<Arc<[Ints; KEPT]>>>>,
}

impl LastValues {
    pub(crate) fn bytes(&self) -> usize {
        let columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        columns.values().flatten().flat_map(|values| values.iter()).map(Ints::bytes).sum()
    }

    /// The last values of a column, made when they are asked for; who asks for them meanwhile waits.
    fn of(&self, at: usize, ints: &Ints, stream: &Stream, cache: &Cache, threads: usize) -> Option<Arc<[Ints; KEPT]>> {
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        let made = columns.entry(at).or_insert_with(|| {
            let customers = stream.starts.len().saturating_sub(1);
            let bytes = KEPT * customers * each_width!(&ints.raw, values => width(values));
            cache.reserve(bytes).then(|| Arc::new([0, 1, 2].map(|before| last(ints, stream, before, threads))))
        });
        made.clone()
    }
}

fn width<T>(_: &[T]) -> usize {
    size_of::<T>()
}

/// The value of each customer's last event but so many; anything where there is none.
fn last(ints: &Ints, stream: &Stream, before: usize, threads: usize) -> Ints {
    let starts = stream.starts.as_ref();
    let raw = match &ints.raw {
        Raw::U8(values) => Raw::U8(taken(values, starts, before, threads).into()),
        Raw::U16(values) => Raw::U16(taken(values, starts, before, threads).into()),
        Raw::U32(values) => Raw::U32(taken(values, starts, before, threads).into()),
        Raw::U64(values) => Raw::U64(taken(values, starts, before, threads).into()),
        Raw::U128(values) => Raw::U128(taken(values, starts, before, threads)),
    };
    Ints::kept(ints.base, ints.unit, ints.top(), raw)
}

fn taken<T: Copy + Default + Send + Sync>(values: &[T], starts: &[u32], before: usize, threads: usize) -> Vec<T> {
    let mut out = vec![T::default(); starts.len().saturating_sub(1)];
    let each = out.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        for (out, starts) in out.chunks_mut(each).zip((0..).step_by(each).map_while(|from| starts.get(from..))) {
            scope.spawn(move || {
                for (out, pair) in out.iter_mut().zip(starts.windows(2)) {
                    if let [from, to] = pair
                        && *from as usize + before < *to as usize
                        && let Some(value) = values.get(*to as usize - 1 - before)
                    {
                        *out = *value;
                    }
                }
            });
        }
    });
    out
}

/// The column that a measure sums up over all events from some time on, and when that is; `None` for other measures.
pub(crate) fn summed<'s>(measured: &Measured, stream: &'s Stream) -> Option<(usize, &'s Column, u128)> {
    let RowMeasure::Sum(field) = &measured.measure else { return None };
    let column = stream.table.columns.get(field.index).filter(|_| field.path.is_empty())?;
    let narrow = match &column.values {
        Values::Ints(ints) => matches!(ints.raw, Raw::U8(_) | Raw::U16(_) | Raw::U32(_)),
        _ => false,
    };
    Some((field.index, column, begin(measured, stream)?)).filter(|_| narrow && column.present.is_none())
}

/// The customers whose sum passes; `None` where it must be found otherwise.
pub(crate) fn customers(measured: &Measured, stream: &Stream, cache: &Cache, threads: usize) -> Option<Bitmap> {
    let (field, Column { values: Values::Ints(ints), ty, .. }, from) = summed(measured, stream)? else { return None };
    let Some(Column { values: Values::Ints(times), .. }) = &stream.times else { return None };
    let scale = match ty {
        FieldType::Decimal { scale, .. } => *scale,
        FieldType::Int => 0,
        _ => return None,
    };
    let (low, high) = numbers_that_pass(&measured.test, scale)?;
    // As everywhere, what sums leave 64 bits is left to the reference.
    let greatest = ints.number(ints.top()).abs().max(ints.base.abs()).max(1);
    i64::try_from(greatest.checked_mul(i128::try_from(stream.table.len.max(1)).ok()?)?).ok()?;
    if from > times.top() {
        // No event is that late. Spans could not say so: there is none beyond the last.
        let none = (low <= 0 && 0 <= high) != measured.negated;
        return Some(Bitmap::constant(stream.starts.len().saturating_sub(1), none));
    }
    let spans = |nth| stream.recent.spans(nth, stream, times, cache, threads);
    let spans = [spans(1)?, spans(2)?, spans(3)?, spans(KEPT + 1)?];
    let values = stream.recent.values.of(field, ints, stream, cache, threads)?;
    let sums = Sums {
        stream,
        times,
        ints,
        from,
        first: span(from, shift(times)),
        whole: from & ((1 << shift(times)) - 1) == 0,
        spans,
        base: i64::try_from(ints.base).ok()?,
        unit: i64::try_from(ints.unit).ok()?,
        low: nearest(low),
        high: nearest(high),
        outside: measured.negated,
    };
    match values.each_ref().map(|values| &values.raw) {
        [Raw::U8(a), Raw::U8(b), Raw::U8(c)] => Some(sums.passing([a, b, c], threads)),
        [Raw::U16(a), Raw::U16(b), Raw::U16(c)] => Some(sums.passing([a, b, c], threads)),
        [Raw::U32(a), Raw::U32(b), Raw::U32(c)] => Some(sums.passing([a, b, c], threads)),
        _ => None,
    }
}

/// Sums over the events from some time on, and which of them pass.
struct Sums<'s> {
    stream: &'s Stream,
    times: &'s Ints,
    ints: &'s Ints,
    /// When the window begins, in which span that is, and whether all of the span is inside.
    from: u128,
    first: Span,
    whole: bool,
    /// Of the last event, the last but one, and so on; at the end that of the first one whose value is not kept.
    spans: [&'s [Span]; KEPT + 1],
    /// What values mean.
    base: i64,
    unit: i64,
    /// The sums between these pass, or those outside.
    low: i64,
    high: i64,
    outside: bool,
}

impl Sums<'_> {
    fn passes(&self, sum: i64) -> bool {
        (self.low <= sum && sum <= self.high) != self.outside
    }

    fn passing<T: Width>(&self, values: [&[T]; KEPT], threads: usize) -> Bitmap {
        let customers = self.stream.starts.len().saturating_sub(1);
        Bitmap::filled(customers, threads, |first, words| {
            for (word, first) in words.iter_mut().zip((first..).step_by(WORD)) {
                // The last customers are fewer than a word has bits: their events are looked at.
                let several = wide(
                    #[inline(always)]
                    || self.many(first, values, word),
                );
                let mut left = several.unwrap_or(u64::MAX >> (WORD - WORD.min(customers - first)));
                while left != 0 {
                    let bit = left & left.wrapping_neg();
                    let passes = self.passes(self.exactly(first + left.trailing_zeros() as usize));
                    *word = if passes { *word | bit } else { *word & !bit };
                    left ^= bit;
                }
            }
        })
    }

    /// What the kept values say of the customers of a word, and of whom they don't say enough.
    #[inline(always)]
    fn many<T: Width>(&self, first: usize, values: [&[T]; KEPT], word: &mut u64) -> Option<u64> {
        let mut sums = [0_i64; WORD];
        let mut unsure = 0;
        for (values, spans) in values.into_iter().zip(self.spans) {
            let values = values.get(first..)?.first_chunk::<WORD>()?;
            let spans = spans.get(first..)?.first_chunk::<WORD>()?;
            for ((sum, value), span) in sums.iter_mut().zip(values).zip(spans) {
                let number = self.base.wrapping_add(value.small().wrapping_mul(self.unit));
                *sum = sum.wrapping_add(if *span >= self.first { number } else { 0 });
            }
            if !self.whole {
                let mut edge = [0];
                test_into(spans, &mut edge, |span| span == self.first);
                let [edge] = edge;
                unsure |= edge;
            }
        }
        let [.., more] = self.spans;
        let mut several = [0];
        test_into(more.get(first..)?.first_chunk::<WORD>()?, &mut several, |span| span >= self.first);
        let (low, high, outside) = (self.low, self.high, self.outside);
        test_into(&sums, std::slice::from_mut(word), |sum| (low <= sum && sum <= high) != outside);
        let [several] = several;
        Some(unsure | several)
    }

    /// The sum over a customer's events themselves.
    fn exactly(&self, customer: usize) -> i64 {
        let (first, end) = self.stream.of(customer);
        let rows = (first..end).rev();
        each_width!(&self.times.raw, times => {
            let rows = rows.take_while(|row| at(times, *row) >= self.from);
            each_width!(&self.ints.raw, values => {
                let numbers = rows.map(|row| self.base.wrapping_add(at_small(values, row).wrapping_mul(self.unit)));
                numbers.fold(0, i64::wrapping_add)
            })
        })
    }
}

fn at_small<T: Width>(values: &[T], row: usize) -> i64 {
    values.get(row).map_or(0, |value| value.small())
}
