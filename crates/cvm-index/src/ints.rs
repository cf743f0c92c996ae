//! Whole numbers, as narrow as their range allows.
//!
//! A scan is as fast as memory gives the bytes: a column of ages takes one byte a row instead of eight. What is kept is
//! `(value − base) / unit`, which is never negative (frame of reference; J. Goldstein, R. Ramakrishnan, U. Shaft,
//! "Compressing relations and indexes", ICDE 1998).

use arrow::buffer::ScalarBuffer;
use arrow::datatypes::ArrowNativeType;

use crate::bitmap::{Bitmap, test_into};
use crate::range::RawTest;
use crate::wide::wide;

/// Whole numbers: `base + raw × unit`.
#[derive(Debug, Clone)]
pub(crate) struct Ints {
    pub(crate) base: i128,
    pub(crate) unit: i128,
    pub(crate) raw: Raw,
    /// The greatest raw number.
    top: u128,
}

/// The numbers that are kept: in memory of their own, or where a file is mapped.
#[derive(Debug, Clone)]
pub(crate) enum Raw {
    U8(ScalarBuffer<u8>),
    U16(ScalarBuffer<u16>),
    U32(ScalarBuffer<u32>),
    U64(ScalarBuffer<u64>),
    /// Arrow has no such numbers.
    U128(Vec<u128>),
}

/// Runs the same code over whichever width it is.
macro_rules! each_width {
    ($raw:expr, $values:ident => $body:expr) => {
        match $raw {
            $crate::ints::Raw::U8($values) => $body,
            $crate::ints::Raw::U16($values) => $body,
            $crate::ints::Raw::U32($values) => $body,
            $crate::ints::Raw::U64($values) => $body,
            $crate::ints::Raw::U128($values) => $body,
        }
    };
}
pub(crate) use each_width;

/// A width of raw numbers.
pub(crate) trait Width: Copy + Ord + Send + Sync + Into<u128> {
    /// The number, where it fits.
    fn narrow(number: u128) -> Option<Self>;

    /// The number, where it is known to fit 63 bits.
    fn small(self) -> i64;
}

macro_rules! width {
    ($($ty:ty),*) => {$(
        impl Width for $ty {
            fn narrow(number: u128) -> Option<Self> {
                Self::try_from(number).ok()
            }

            #[inline(always)]
            fn small(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        }
    )*};
}
width!(u8, u16, u32, u64, u128);

impl Ints {
    /// The numbers of rows; `None` where there is none, for which anything is kept. `units` are tried from the largest.
    pub(crate) fn new(numbers: impl Iterator<Item = Option<i128>> + Clone, units: &[i128]) -> Self {
        let (mut low, mut high) = (i128::MAX, i128::MIN);
        for number in numbers.clone().flatten() {
            low = low.min(number);
            high = high.max(number);
        }
        let base = if low > high { 0 } else { low };
        let whole =
            |unit: &&i128| numbers.clone().flatten().all(|number| number.abs_diff(base) % unit.unsigned_abs() == 0);
        let unit = units.iter().find(whole).copied().unwrap_or(1);
        // Two numbers of 128 bits may lie further apart than a signed one says.
        let range = if low > high { 0 } else { high.abs_diff(low) / unit.unsigned_abs() };
        let raws = numbers.map(|number| number.map_or(0, |number| number.abs_diff(base) / unit.unsigned_abs()));
        let raw = match range {
            0..=0xff => Raw::U8(narrowed(raws)),
            0x100..=0xffff => Raw::U16(narrowed(raws)),
            0x1_0000..=0xffff_ffff => Raw::U32(narrowed(raws)),
            0x1_0000_0000..=0xffff_ffff_ffff_ffff => Raw::U64(narrowed(raws)),
            _ => Raw::U128(raws.collect()),
        };
        Self { base, unit, raw, top: range }
    }

    /// Numbers that were made before: what [`Ints::new`] found out about them is told.
    pub(crate) fn kept(base: i128, unit: i128, top: u128, raw: Raw) -> Self {
        Self { base, unit, raw, top }
    }

    pub(crate) fn top(&self) -> u128 {
        self.top
    }

    pub(crate) fn bytes(&self) -> usize {
        each_width!(&self.raw, values => size_of_val(&**values))
    }

    /// The number of a row.
    pub(crate) fn get(&self, row: usize) -> i128 {
        self.number(each_width!(&self.raw, values => raw_at(values, row)))
    }

    #[inline]
    pub(crate) fn number(&self, raw: u128) -> i128 {
        self.base.wrapping_add(raw.cast_signed().wrapping_mul(self.unit))
    }

    /// The least raw number whose number is at least this one; beyond the greatest that is kept where none is.
    pub(crate) fn at_least(&self, number: i128) -> u128 {
        if number > self.base { number.abs_diff(self.base).div_ceil(self.unit.unsigned_abs()) } else { 0 }
    }

    /// The greatest raw number whose number is at most this one; `None` when there is none.
    pub(crate) fn at_most(&self, number: i128) -> Option<u128> {
        (number >= self.base).then(|| number.abs_diff(self.base) / self.unit.unsigned_abs())
    }

    /// The raw number of exactly this number.
    pub(crate) fn exactly(&self, number: i128) -> Option<u128> {
        let (distance, unit) = (number.abs_diff(self.base), self.unit.unsigned_abs());
        (number >= self.base && distance % unit == 0).then(|| distance / unit)
    }

    /// The rows whose number passes.
    pub(crate) fn rows(&self, len: usize, threads: usize, test: &RawTest) -> Bitmap {
        match test {
            // Nothing needs to be looked at.
            RawTest::Between(0, high) if *high >= self.top => Bitmap::constant(len, true),
            RawTest::Between(low, high) if low > high || *low > self.top => Bitmap::constant(len, false),
            test => each_width!(&self.raw, values => rows(values, len, threads, test)),
        }
    }
}

fn narrowed<T: Width + ArrowNativeType>(raws: impl Iterator<Item = u128>) -> ScalarBuffer<T> {
    let mut values: Vec<T> = raws.filter_map(Width::narrow).collect();
    values.shrink_to_fit();
    values.into()
}

fn raw_at<T: Width>(values: &[T], row: usize) -> u128 {
    values.get(row).map_or(0, |raw| (*raw).into())
}

fn rows<T: Width>(values: &[T], len: usize, threads: usize, test: &RawTest) -> Bitmap {
    match test {
        RawTest::Never => Bitmap::constant(len, false),
        RawTest::Between(low, high) => {
            let Some(low) = T::narrow(*low) else { return Bitmap::constant(len, false) };
            // An end beyond the width is no end.
            match T::narrow(*high) {
                Some(high) if low == high => passing(values, len, threads, move |v| v == low),
                Some(high) => passing(values, len, threads, move |v| v >= low && v <= high),
                None => passing(values, len, threads, move |v| v >= low),
            }
        }
        RawTest::In(wanted) => {
            let wanted: Vec<T> = wanted.iter().filter_map(|raw| T::narrow(*raw)).collect();
            match *wanted.as_slice() {
                [] => Bitmap::constant(len, false),
                [a] => passing(values, len, threads, move |v| v == a),
                [a, b] => passing(values, len, threads, move |v| v == a || v == b),
                [a, b, c] => passing(values, len, threads, move |v| v == a || v == b || v == c),
                _ => match table(&wanted) {
                    Some(table) => passing(values, len, threads, |v| {
                        let at: u128 = v.into();
                        usize::try_from(at).ok().and_then(|at| table.get(at)).is_some_and(|passes| *passes)
                    }),
                    None => passing(values, len, threads, |v| wanted.binary_search(&v).is_ok()),
                },
            }
        }
    }
}

/// The test is copied to where it is used: compilers then know that it stays the same along the way.
fn passing<T: Width>(values: &[T], len: usize, threads: usize, test: impl Fn(T) -> bool + Sync + Copy) -> Bitmap {
    Bitmap::filled(len, threads, move |first, words| {
        wide(
            #[inline(always)]
            || test_into(values.get(first..).unwrap_or_default(), words, test),
        );
    })
}

/// Numbers that are small enough, as a table of which pass.
fn table<T: Width>(wanted: &[T]) -> Option<Vec<bool>> {
    const MOST: usize = 1 << 20;
    let last: u128 = (*wanted.last()?).into();
    let len = usize::try_from(last).ok().filter(|last| *last < MOST)? + 1;
    let mut table = vec![false; len];
    for raw in wanted {
        let at: u128 = (*raw).into();
        if let Some(passes) = usize::try_from(at).ok().and_then(|at| table.get_mut(at)) {
            *passes = true;
        }
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_narrow_as_can_be() {
        let ages = Ints::new([Some(18), None, Some(99)].into_iter(), &[1]);
        assert!(matches!(&ages.raw, Raw::U8(raw) if *raw == [0, 0, 81]));
        assert_eq!((ages.get(0), ages.get(2)), (18, 99));
        let day = 86_400_000_000;
        let days = Ints::new([Some(day * 19_000), Some(day * 19_400)].into_iter(), &[day, 1_000_000, 1]);
        assert!(matches!(&days.raw, Raw::U16(raw) if *raw == [0, 400]));
        let wide = Ints::new([Some(i64::MIN.into()), Some(i64::MAX.into())].into_iter(), &[1]);
        assert!(matches!(wide.raw, Raw::U64(_)));
        assert_eq!((wide.get(0), wide.get(1)), (i64::MIN.into(), i64::MAX.into()));
        assert!(matches!(Ints::new([None].into_iter(), &[1]).raw, Raw::U8(_)));
    }

    #[test]
    fn further_apart_than_half_of_all_numbers() {
        let far = 99_999_999_999_999_999_999_999_999_999_999_999_999;
        let ends = Ints::new([Some(-far), Some(far), Some(0)].into_iter(), &[10, 1]);
        assert_eq!((ends.get(0), ends.get(1), ends.get(2)), (-far, far, 0));
        assert_eq!((ends.exactly(far), ends.at_most(far)), (Some(2 * far.unsigned_abs()), Some(ends.top())));
        assert_eq!((ends.at_least(far), ends.at_least(1 - far), ends.at_most(-far)), (ends.top(), 1, Some(0)));
    }

    #[test]
    fn ends_between_units() {
        let tens = Ints::new([Some(-20), Some(30)].into_iter(), &[10, 1]);
        assert_eq!((tens.base, tens.unit), (-20, 10));
        assert_eq!((tens.at_least(-21), tens.at_least(-20), tens.at_least(-19)), (0, 0, 1));
        assert_eq!((tens.at_most(-21), tens.at_most(-20), tens.at_most(-11)), (None, Some(0), Some(0)));
        assert_eq!((tens.exactly(-10), tens.exactly(-11), tens.exactly(-30)), (Some(1), None, None));
        assert!(tens.at_least(i128::MAX) > tens.top() && tens.at_most(i128::MIN).is_none());
    }
}
