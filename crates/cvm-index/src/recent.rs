//! The last times of customers' events, apart from all others.
//!
//! "At least two in the last 90 days" asks one thing of each customer: when the last event but one was. Kept in two bytes
//! for each customer that answers such questions from a fraction of the memory that all events take. Two bytes name a span
//! of time; only of those whose event lies in the span in which the window begins is the time itself looked at.

use std::sync::OnceLock;

use cvm_core::predicate::{Measured, RowMeasure, Test};

use crate::bitmap::{Bitmap, WORD, test_into};
use crate::cache::Cache;
use crate::column::{Column, Values};
use crate::ints::{Ints, Raw, each_width};
use crate::last_values::LastValues;
use crate::measured::numbers_that_pass;
use crate::range::{RawTest, raw_test};
use crate::stream::Stream;
use crate::wide::wide;

/// So many last events of each customer are known.
const MOST: usize = 4;

/// In which span of time an event was; zero where there is none.
pub(crate) type Span = u16;

/// The last times of one stream, made when they are asked for.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    /// The last one, the last but one, …; `None` where there was no memory for them.
    nth: [OnceLock<Option<Vec<Span>>>; MOST],
    /// The values of the last events, by their columns.
    pub(crate) values: LastValues,
}

/// The customers whose `nth` event, counted from the last, was at a time or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Since {
    nth: usize,
    raw: u128,
}

/// What a measure asks of last times.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Nobody passes.
    never: bool,
    /// These pass; everybody where it isn't said.
    some: Option<Since>,
    /// But not these.
    none: Option<Since>,
    /// These have an event at all; where it matters.
    there: Option<Since>,
}

impl Asked {
    /// `None` where a measure asks for more than last times.
    pub(crate) fn by(measured: &Measured, stream: &Stream) -> Option<Self> {
        let Some(Column { values: Values::Ints(times), ty, .. }) = &stream.times else { return None };
        let from = begin(measured, stream)?;
        match measured.measure {
            RowMeasure::Count => {
                let (low, high) = numbers_that_pass(&measured.test, 0)?;
                let since = |number: i128| {
                    let nth = usize::try_from(number).ok().filter(|nth| *nth <= MOST)?;
                    Some(Since { nth, raw: from })
                };
                Some(Self {
                    never: low > high || high < 0,
                    some: if low > 0 { Some(since(low)?) } else { None },
                    none: if (0..i128::MAX).contains(&high) { Some(since(high + 1)?) } else { None },
                    there: None,
                })
            }
            RowMeasure::LastTime => {
                let (low, high) = match raw_test(&measured.test, ty, times)? {
                    RawTest::Never => (1, 0),
                    RawTest::Between(low, high) => (low, high),
                    RawTest::In(_) => return None,
                };
                let since = |raw: u128| Since { nth: 1, raw: raw.max(from) };
                Some(Self {
                    never: low > high,
                    some: Some(since(low)),
                    none: (high < times.top()).then(|| since(high + 1)),
                    there: (measured.on_missing != measured.negated).then(|| since(0)),
                })
            }
            _ => None,
        }
    }

    /// Which events are looked at, counted from the last.
    pub(crate) fn nths(&self) -> impl Iterator<Item = usize> {
        [self.some, self.none, self.there].into_iter().flatten().map(|since| since.nth)
    }

    /// The customers who pass; `None` where there is no memory for last times.
    pub(crate) fn customers(
        &self,
        measured: &Measured,
        stream: &Stream,
        cache: &Cache,
        threads: usize,
    ) -> Option<Bitmap> {
        let Some(Column { values: Values::Ints(times), .. }) = &stream.times else { return None };
        let those = |since: Since| stream.recent.customers(since, stream, times, cache, threads);
        let len = stream.starts.len().saturating_sub(1);
        let mut passing = match (self.never, self.some) {
            (true, _) => Bitmap::constant(len, false),
            (false, Some(since)) => those(since)?,
            (false, None) => Bitmap::constant(len, true),
        };
        if let (false, Some(since)) = (self.never, self.none) {
            passing.and_not(&those(since)?);
        }
        if measured.negated {
            passing.not();
        }
        if let Some(since) = self.there {
            let there = those(since)?;
            if measured.on_missing { passing.or_not(&there) } else { passing.and(&there) }
        }
        Some(passing)
    }
}

impl Recent {
    /// The bytes that are taken by now.
    pub(crate) fn bytes(&self) -> usize {
        let spans = self.nth.iter().filter_map(|spans| spans.get()?.as_ref());
        spans.map(|spans| spans.len() * size_of::<Span>()).sum::<usize>() + self.values.bytes()
    }

    fn customers(&self, since: Since, stream: &Stream, times: &Ints, cache: &Cache, threads: usize) -> Option<Bitmap> {
        let len = stream.starts.len().saturating_sub(1);
        if since.raw > times.top() {
            return Some(Bitmap::constant(len, false));
        }
        let shift = shift(times);
        let spans = self.spans(since.nth, stream, times, cache, threads)?;
        let first = span(since.raw, shift);
        let whole = since.raw & ((1 << shift) - 1) == 0;
        let exactly = |customer: usize| {
            let end = stream.of(customer).1;
            end.checked_sub(since.nth).is_some_and(|row| each_width!(&times.raw, raws => at(raws, row)) >= since.raw)
        };
        Some(Bitmap::filled(len, threads, |from, words| {
            let spans = spans.get(from..).unwrap_or_default();
            wide(
                #[inline(always)]
                || test_into(spans, words, |span| span >= first),
            );
            if whole {
                return;
            }
            for ((i, spans), word) in spans.chunks(WORD).enumerate().zip(words) {
                let mut unsure = [0];
                wide(
                    #[inline(always)]
                    || test_into(spans, &mut unsure, |span| span == first),
                );
                let [mut unsure] = unsure;
                while unsure != 0 {
                    let bit = unsure.trailing_zeros();
                    if !exactly(from + i * WORD + bit as usize) {
                        *word &= !(1 << bit);
                    }
                    unsure &= unsure - 1;
                }
            }
        }))
    }

    /// The spans of all customers' `nth` events from the last, made when they are asked for; `None` where there is no memory.
    pub(crate) fn spans(
        &self,
        nth: usize,
        stream: &Stream,
        times: &Ints,
        cache: &Cache,
        threads: usize,
    ) -> Option<&[Span]> {
        let bytes = stream.starts.len() * size_of::<Span>();
        let make = || cache.reserve(bytes).then(|| spans_of(nth, shift(times), stream, times, threads));
        self.nth.get(nth.checked_sub(1)?)?.get_or_init(make).as_deref()
    }
}

/// When the window of a measure begins, if it takes all events from then on.
pub(crate) fn begin(measured: &Measured, stream: &Stream) -> Option<u128> {
    let Some(Column { values: Values::Ints(times), ty, .. }) = &stream.times else { return None };
    if measured.rows.filter.is_some() || matches!(times.raw, Raw::U128(_)) {
        return None;
    }
    match raw_test(&Test::Range(measured.rows.time.clone()), ty, times)? {
        RawTest::Between(from, to) if to >= times.top() => Some(from),
        _ => None,
    }
}

/// By how many bits times are made coarser, so that spans have two bytes.
pub(crate) fn shift(times: &Ints) -> u32 {
    (0..u128::BITS).find(|shift| times.top() >> shift < u128::from(Span::MAX)).unwrap_or(0)
}

/// The span in which a time lies. No time that is kept lies beyond the last one.
pub(crate) fn span(raw: u128, shift: u32) -> Span {
    Span::try_from((raw >> shift) + 1).unwrap_or(Span::MAX)
}

pub(crate) fn at<T: Copy + Into<u128>>(raws: &[T], row: usize) -> u128 {
    raws.get(row).map_or(0, |raw| (*raw).into())
}

/// The span of each customer's `nth` event from the last.
fn spans_of(nth: usize, shift: u32, stream: &Stream, times: &Ints, threads: usize) -> Vec<Span> {
    let mut out: Vec<Span> = vec![0; stream.starts.len().saturating_sub(1)];
    let each = out.len().div_ceil(threads).max(1);
    let starts = &stream.starts;
    each_width!(&times.raw, raws => std::thread::scope(|scope| {
        for (part, out) in out.chunks_mut(each).enumerate() {
            let starts = starts.get(part * each..).unwrap_or_default();
            scope.spawn(move || {
                for (out, pair) in out.iter_mut().zip(starts.windows(2)) {
                    let [from, to] = pair else { continue };
                    if let Some(row) = (*to as usize).checked_sub(nth).filter(|row| *row >= *from as usize) {
                        *out = span(at(raws, row), shift);
                    }
                }
            });
        }
    }));
    out
}
