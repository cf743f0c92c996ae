//! What customers' rows add up to, in one pass over the rows and the customers.
//!
//! Most customers have few rows, so a loop over the rows of each would end in a branch that no processor foresees.
//! Instead the rows of 64 customers are added up one after another, whoever they belong to, and each customer takes the
//! difference between two places of that running sum (prefix sums; G. E. Blelloch, "Prefix sums and their applications",
//! 1990). Running sums may wrap around: the differences do not, as long as each customer's own sum fits.

use crate::bitmap::{Bitmap, WORD, test_into};
use crate::tally::{Tallied, Tally};
use crate::wide::wide;

/// Running sums of so many rows are kept for 64 customers; those who have more are added up row by row.
const ROWS: usize = 4096;

/// Which sums pass.
#[derive(Clone, Copy)]
pub(crate) enum Passing<'p> {
    /// From one to another, both included; with the last, those outside.
    Between(i64, i64, bool),
    /// The verdicts on 0, 1, …; what lies beyond is asked.
    Known(&'p [bool], &'p (dyn Fn(i64) -> bool + Sync)),
}

impl Passing<'_> {
    fn passes(&self, sum: i64) -> bool {
        match self {
            Self::Between(low, high, outside) => (*low <= sum && sum <= *high) != *outside,
            Self::Known(verdicts, verdict) => {
                usize::try_from(sum).ok().and_then(|sum| verdicts.get(sum)).copied().unwrap_or_else(|| verdict(sum))
            }
        }
    }
}

/// The customers whose rows add up to something that passes.
pub(crate) fn customers<R: Tallied>(
    starts: &[u32],
    len: usize,
    threads: usize,
    rows: R,
    passing: Passing<'_>,
) -> Bitmap {
    match passing {
        Passing::Between(low, high, outside) => {
            let (low, high) = R::Sum::range(low, high);
            passed(starts, len, threads, rows, passing, move |sum| (low <= sum && sum <= high) != outside)
        }
        Passing::Known(..) => passed(starts, len, threads, rows, passing, move |sum| passing.passes(sum.whole())),
    }
}

fn passed<R: Tallied>(
    starts: &[u32],
    len: usize,
    threads: usize,
    rows: R,
    passing: Passing<'_>,
    passes: impl Fn(R::Sum) -> bool + Sync + Copy,
) -> Bitmap {
    Bitmap::filled(len, threads, move |first, words| {
        wide(
            #[inline(always)]
            || stretch(starts, first, words, rows, passing, passes),
        );
    })
}

/// The customers from `first` on whose bits are in `words`.
#[inline(always)]
fn stretch<R: Tallied>(
    starts: &[u32],
    first: usize,
    words: &mut [u64],
    rows: R,
    passing: Passing<'_>,
    passes: impl Fn(R::Sum) -> bool + Copy,
) {
    let mut running = [R::Sum::ZERO; ROWS];
    let ends = starts.get(first + 1..).unwrap_or_default();
    let mut from = starts.get(first).map_or(0, |start| *start as usize);
    for (ends, word) in ends.chunks(WORD).zip(words) {
        let to = ends.last().map_or(from, |end| *end as usize);
        // Whole bytes of a set of rows are read.
        let base = from & !7;
        if to - base <= ROWS - 2 * WORD && (to - from <= rows.most() || most(from, ends) <= rows.most()) {
            rows.run(base, to - base, &mut running);
            let at = |row: usize| running.get((row - base) % ROWS).copied().unwrap_or(R::Sum::ZERO);
            let mut sums = [R::Sum::ZERO; WORD];
            let mut last = at(from);
            for (sum, end) in sums.iter_mut().zip(ends) {
                let now = at(*end as usize);
                *sum = now.less(last);
                last = now;
            }
            test_into(&sums, std::slice::from_mut(word), passes);
        } else {
            let mut from = from;
            *word = (0..).zip(ends).fold(0, |bits, (i, end)| {
                let sum = rows.sum(from, *end as usize);
                from = *end as usize;
                bits | u64::from(passing.passes(sum)) << i
            });
        }
        from = to;
    }
}

/// The most rows that one of these customers has.
#[inline(always)]
fn most(from: usize, ends: &[u32]) -> usize {
    let mut from = from;
    let each = ends.iter().map(|end| *end as usize - std::mem::replace(&mut from, *end as usize));
    each.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use super::*;
    use crate::tally::{Added, Counted};
    use crate::wide::tests::all_widths;

    #[test]
    fn customers_with_none_few_and_many_rows() {
        all_widths(customers_and_rows);
    }

    fn customers_and_rows() {
        for (customers, most) in [(0, 3), (1, 200), (63, 1), (64, 5), (200, 2), (1_000, 150), (300, 2_000)] {
            let mut state = 12_345_u64;
            let mut next = |n: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 33) % n
            };
            let mut starts = vec![0_u32];
            for _ in 0..customers {
                let number = if next(3) == 0 { 0 } else { next(most) };
                starts.push(starts.last().copied().unwrap_or(0) + number as u32);
            }
            let rows = starts.last().map_or(0, |end| *end as usize);
            let set = Bitmap::from_bools((0..rows).map(|_| next(2) == 0));
            let values: Vec<u16> = (0..rows).map(|_| next(1_000) as u16).collect();
            let sum = |customer: usize| -> (i64, i64) {
                let own = (starts[customer] as usize..starts[customer + 1] as usize).filter(|row| set.holds(*row));
                own.fold((0, 0), |(n, sum), row| (n + 1, sum + i64::from(values[row]) - 300))
            };
            let counted = Counted { set: set.words() };
            let (set, values) = (set.words(), values.as_slice());
            let small = Added { set, values, base: -300, unit: 1, most: 1_000, sums: PhantomData::<i32> };
            let large = Added { set, values, base: -300, unit: 1, most: usize::MAX, sums: PhantomData::<i64> };
            let even: Vec<bool> = (0..10).map(|n| n % 2 == 0).collect();
            let even = Passing::Known(&even, &|n| n % 2 == 0);
            for threads in [1, 3] {
                let expected = |test: &dyn Fn(i64, i64) -> bool| {
                    Bitmap::from_bools((0..customers).map(&sum).map(|(n, sum)| test(n, sum)))
                };
                for (low, high, outside) in [
                    (1, 1, false),
                    (1, i64::MAX, false),
                    (2, 300, true),
                    (-5, -1, false),
                    (-5, 0, false),
                    (400, 900, true),
                ] {
                    let found =
                        super::customers(&starts, customers, threads, counted, Passing::Between(low, high, outside));
                    assert_eq!(found, expected(&|n, _| (low..=high).contains(&n) != outside), "{low} {high} {outside}");
                }
                let found = super::customers(&starts, customers, threads, counted, even);
                assert_eq!(found, expected(&|n, _| n % 2 == 0));
                for (low, high) in [(101, i64::MAX), (i64::MIN, -1), (-700, 900)] {
                    let between = Passing::Between(low, high, false);
                    let expected = expected(&|_, sum| (low..=high).contains(&sum));
                    assert_eq!(super::customers(&starts, customers, threads, small, between), expected);
                    assert_eq!(super::customers(&starts, customers, threads, large, between), expected);
                }
            }
        }
    }
}
