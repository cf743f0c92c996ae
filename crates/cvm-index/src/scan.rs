//! What customers' rows add up to, in one pass over the rows and the customers.
//!
//! Most customers have few rows, so a loop over the rows of each would end in a branch that no processor foresees.
//! Instead the rows are added up 64 at a time, whoever they belong to, and each customer takes the difference between
//! two places of that sum.

use crate::bitmap::{Bitmap, WORD};

/// Sums up to each of 64 rows: the first is nothing, the last is all of them.
pub(crate) type Sums = [i64; WORD + 1];

/// The customers whose rows add up to something that passes. `fill` gives the sums of the rows of a word, by its number.
pub(crate) fn customers(
    starts: &[u32],
    len: usize,
    threads: usize,
    fill: impl Fn(usize, &mut Sums) + Sync + Copy,
    passes: impl Fn(i64) -> bool + Sync + Copy,
) -> Bitmap {
    Bitmap::filled(len, threads, move |first, words| {
        let start = starts.get(first).map_or(0, |start| *start as usize);
        let mut sums: Sums = [0; WORD + 1];
        let mut at = start / WORD;
        fill(at, &mut sums);
        // The sum before the word; sums may run over, their differences do not.
        let mut before = 0_i64;
        let sum = |before: i64, sums: &Sums, row: usize, at: usize| {
            before.wrapping_add(sums.get(row - at * WORD).copied().unwrap_or(0))
        };
        let mut last = sum(before, &sums, start, at);
        let ends = starts.get(first + 1..).unwrap_or_default();
        for (ends, word) in ends.chunks(WORD).zip(words) {
            let mut bits = 0;
            for (i, end) in (0..).zip(ends) {
                let end = *end as usize;
                while end > (at + 1) * WORD {
                    before = before.wrapping_add(sums.last().copied().unwrap_or(0));
                    at += 1;
                    fill(at, &mut sums);
                }
                let now = sum(before, &sums, end, at);
                bits |= u64::from(passes(now.wrapping_sub(last))) << i;
                last = now;
            }
            *word = bits;
        }
    })
}

/// The customers of whose rows so many are in the set that the number passes.
pub(crate) fn counted(
    starts: &[u32],
    len: usize,
    threads: usize,
    rows: &Bitmap,
    passes: impl Fn(i64) -> bool + Sync + Copy,
) -> Bitmap {
    let set = rows.words();
    let fill = move |at: usize, sums: &mut Sums| {
        let word = set.get(at).copied().unwrap_or(0);
        let mut sum = 0;
        for (i, place) in sums.iter_mut().skip(1).enumerate() {
            sum += (word >> i & 1).cast_signed();
            *place = sum;
        }
    };
    customers(starts, len, threads, fill, passes)
}

/// The customers of whose rows any is in the set.
pub(crate) fn any(starts: &[u32], len: usize, threads: usize, rows: &Bitmap) -> Bitmap {
    counted(starts, len, threads, rows, |number| number > 0)
}

/// The customers whose numbers, of those rows that are in the set, add up to something that passes.
pub(crate) fn added<T: Copy + Sync>(
    starts: &[u32],
    len: usize,
    threads: usize,
    rows: &Bitmap,
    values: &[T],
    number: impl Fn(T) -> i64 + Sync + Copy,
    passes: impl Fn(i64) -> bool + Sync + Copy,
) -> Bitmap {
    let set = rows.words();
    let fill = move |at: usize, sums: &mut Sums| {
        let word = set.get(at).copied().unwrap_or(0);
        let own = values.get(at * WORD..).unwrap_or_default();
        let mut sum = 0_i64;
        let [_, places @ ..] = sums;
        for (i, place) in places.iter_mut().enumerate() {
            let value = own.get(i).map_or(0, |value| number(*value));
            // All bits or none.
            sum = sum.wrapping_add(value & (word >> i & 1).cast_signed().wrapping_neg());
            *place = sum;
        }
    };
    customers(starts, len, threads, fill, passes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_with_none_few_and_many_rows() {
        for (customers, most) in [(0, 3), (1, 200), (63, 1), (64, 5), (200, 2), (1_000, 150)] {
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
            for threads in [1, 3] {
                let found = counted(&starts, customers, threads, &set, |n| n == 1);
                assert_eq!(found, Bitmap::from_bools((0..customers).map(|c| sum(c).0 == 1)));
                let found = any(&starts, customers, threads, &set);
                assert_eq!(found, Bitmap::from_bools((0..customers).map(|c| sum(c).0 > 0)));
                let number = |value: u16| i64::from(value) - 300;
                let found = added(&starts, customers, threads, &set, &values, number, |sum| sum > 100);
                assert_eq!(found, Bitmap::from_bools((0..customers).map(|c| sum(c).1 > 100)));
            }
        }
    }
}
