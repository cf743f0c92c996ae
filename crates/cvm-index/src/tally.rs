//! Running sums over rows, in numbers as narrow as one customer's own sum allows.

use std::marker::PhantomData;

use crate::bitmap::WORD;
use crate::ints::Width;

/// A number that running sums are kept in; it wraps around.
pub(crate) trait Tally: Copy + PartialOrd + Send + Sync {
    const ZERO: Self;

    /// The ends of a range, as near as numbers of this kind come; turned round where none of them lies inside.
    fn range(low: i64, high: i64) -> (Self, Self);

    /// The sum, wrapping around.
    fn plus(self, other: Self) -> Self;

    /// The difference, wrapping around.
    fn less(self, other: Self) -> Self;

    /// The number, wrapped around.
    fn wrapped(number: i64) -> Self;

    fn whole(self) -> i64;
}

macro_rules! tally {
    ($($ty:ty),*) => {$(
        impl Tally for $ty {
            const ZERO: Self = 0;

            fn range(low: i64, high: i64) -> (Self, Self) {
                let (least, most) = (i64::from(Self::MIN), i64::from(Self::MAX));
                if low > high || low > most || high < least {
                    return (Self::MAX, Self::MIN);
                }
                (Self::wrapped(low.max(least)), Self::wrapped(high.min(most)))
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline(always)]
            fn less(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            #[inline(always)]
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low digits are wanted")]
            fn wrapped(number: i64) -> Self {
                number as Self
            }

            #[inline(always)]
            fn whole(self) -> i64 {
                i64::from(self)
            }
        }
    )*};
}
tally!(u8, i32, i64);

/// Rows that add up to something.
pub(crate) trait Tallied: Copy + Sync {
    type Sum: Tally;

    /// The sum of one customer fits where the customer has at most so many rows.
    fn most(self) -> usize;

    /// Writes at place `j` what the rows from `first`, a multiple of 8, to before `first + j` add up to, for `j` up to
    /// `many`; places up to 64 beyond may be written to, where there are such.
    fn run(self, first: usize, many: usize, out: &mut [Self::Sum]);

    /// What these rows add up to.
    fn sum(self, from: usize, to: usize) -> i64;
}

/// How many rows are in a set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'r> {
    pub(crate) set: &'r [u64],
}

/// The numbers of the rows that are in a set, `base + value × unit` each.
#[derive(Debug)]
pub(crate) struct Added<'r, T, S> {
    pub(crate) set: &'r [u64],
    pub(crate) values: &'r [T],
    pub(crate) base: i64,
    pub(crate) unit: i64,
    /// The sums of so many rows fit.
    pub(crate) most: usize,
    pub(crate) sums: PhantomData<S>,
}

impl<T, S> Clone for Added<'_, T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Copy for Added<'_, T, S> {}

/// The 64 bits from one on that is a multiple of 8.
#[inline(always)]
fn bits_from(set: &[u64], first: usize) -> u64 {
    let word = |at: usize| set.get(at).copied().unwrap_or(0);
    let (at, over) = (first / WORD, first % WORD);
    if over == 0 { word(at) } else { word(at) >> over | word(at + 1) << (WORD - over) }
}

fn holds(set: &[u64], row: usize) -> bool {
    set.get(row / WORD).is_some_and(|word| word >> (row % WORD) & 1 == 1)
}

/// A one in the lowest bit of each of the eight bytes.
const ONES: u64 = 0x0101_0101_0101_0101;

impl Tallied for Counted<'_> {
    type Sum = u8;

    fn most(self) -> usize {
        255
    }

    #[inline(always)]
    fn run(self, first: usize, many: usize, out: &mut [u8]) {
        let Some((start, rest)) = out.split_first_mut() else { return };
        *start = 0;
        let mut before = 0_u8;
        let (eights, _) = rest.as_chunks_mut::<8>();
        for (places, at) in eights.chunks_mut(8).zip((first..first + many).step_by(WORD)) {
            for (place, byte) in places.iter_mut().zip(bits_from(self.set, at).to_le_bytes()) {
                // Bit `i` moves to byte `i`, and there to its lowest bit; the product adds up the bytes before each.
                let spread = (u64::from(byte) * ONES) & 0x8040_2010_0804_0201;
                let ones = (spread + 0x7f7f_7f7f_7f7f_7f7f) >> 7 & ONES;
                *place = ones.wrapping_mul(ONES).to_le_bytes().map(|sum| sum.wrapping_add(before));
                let [.., last] = *place;
                before = last;
            }
        }
    }

    fn sum(self, from: usize, to: usize) -> i64 {
        (from..to).map(|row| i64::from(holds(self.set, row))).sum()
    }
}

impl<T: Width, S: Tally> Tallied for Added<'_, T, S> {
    type Sum = S;

    fn most(self) -> usize {
        self.most
    }

    #[inline(always)]
    fn run(self, first: usize, many: usize, out: &mut [S]) {
        let Some((start, rest)) = out.split_first_mut() else { return };
        *start = S::ZERO;
        let mut sum = S::ZERO;
        let values = self.values.get(first..).unwrap_or_default();
        let values = values.get(..many).unwrap_or(values);
        for (i, (places, values)) in rest.chunks_mut(WORD).zip(values.chunks(WORD)).enumerate() {
            let mut bits = bits_from(self.set, first + i * WORD);
            for (place, value) in places.iter_mut().zip(values) {
                let number = S::wrapped(self.base.wrapping_add(value.small().wrapping_mul(self.unit)));
                sum = sum.plus(if bits & 1 == 1 { number } else { S::ZERO });
                bits >>= 1;
                *place = sum;
            }
        }
    }

    fn sum(self, from: usize, to: usize) -> i64 {
        let own = (from..to).filter(|row| holds(self.set, *row)).filter_map(|row| self.values.get(row));
        own.map(|value| self.base + value.small() * self.unit).sum()
    }
}
