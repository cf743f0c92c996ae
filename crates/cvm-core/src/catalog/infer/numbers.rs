//! Is a column one of numbers, in which notation, and of which type?

use super::guess::Guess;
use super::number::{Exact, Notation, Number, parse, pow10, whole};
use super::range::Range;
use super::reader::Form;
use super::tally::{BadRows, RowAt, Tally};
use crate::catalog::FieldType;
use crate::value::Decimal;

/// Fractions up to so many digits are decimals, longer ones are floats.
const MAX_FRACTION: u8 = 6;

/// Digits that fit 64 bits whatever they are: the precision of inferred decimals.
const SHORT: u8 = 18;

#[derive(Debug)]
pub(super) struct Numbers {
    /// Bare digits mean the same in every notation, so they are counted once.
    bare: Extent,
    bare_fits: u64,
    forms: [Candidate; 5],
    /// Codes (`00123`, `+33…`) make the column text: reading them as numbers would lose digits.
    pub(super) codes: Tally,
    /// Whole numbers with an exponent: R writes 100000 as `1e+05`.
    exponents: BadRows,
    pub(super) live: bool,
}

#[derive(Debug)]
struct Candidate {
    notation: Notation,
    tally: Tally,
    extent: Extent,
}

impl Numbers {
    pub(super) fn new() -> Self {
        let forms =
            Notation::ALL.map(|notation| Candidate { notation, tally: Tally::default(), extent: Extent::default() });
        Self {
            bare: Extent::default(),
            bare_fits: 0,
            forms,
            codes: Tally::default(),
            exponents: BadRows::default(),
            live: true,
        }
    }

    #[inline]
    pub(super) fn observe(&mut self, text: &str, at: RowAt) {
        let plain = parse(text, Notation::Plain);
        match plain {
            Some(Number::Exact(exact)) if !exact.coded && exact.bare => {
                self.bare.bare(exact);
                self.bare_fits += 1;
            }
            _ => self.marked(text, plain, at),
        }
    }

    fn marked(&mut self, text: &str, plain: Option<Number>, at: RowAt) {
        let mut code = false;
        if let Some(Number::Float(value)) = plain
            && whole(value).is_some()
        {
            self.exponents.add(text, at);
        }
        for form in self.forms.iter_mut().filter(|form| !form.tally.dead) {
            let number = if form.notation == Notation::Plain { plain } else { parse(text, form.notation) };
            match number {
                Some(Number::Exact(exact)) if exact.coded => {
                    code = true;
                    form.tally.miss(text, at);
                }
                Some(number) => {
                    form.extent.add(number);
                    form.tally.fit();
                }
                None => form.tally.miss(text, at),
            }
        }
        if code {
            self.codes.miss(text, at);
        }
        self.live = self.forms.iter().any(|form| !form.tally.dead);
    }

    /// One guess per notation, in the order of preference; none for a column with codes.
    pub(super) fn guesses(self) -> Vec<Guess> {
        let (bare, bare_fits, exponents) = (self.bare, self.bare_fits, self.exponents);
        let alive = self.forms.into_iter().filter(|form| !form.tally.dead);
        alive.filter_map(|form| form.guess(&bare, bare_fits, &exponents)).collect()
    }
}

impl Candidate {
    fn guess(mut self, bare: &Extent, bare_fits: u64, exponents: &BadRows) -> Option<Guess> {
        self.extent.merge(bare);
        // Among whole numbers an exponent is an accident of writing; elsewhere it is how floats look.
        self.extent.floats |= self.extent.exponents && (self.extent.fraction > 0 || exponents.count >= bare_fits);
        let fits = self.tally.fits + bare_fits;
        let notation = self.notation;
        let (ty, range) = self.extent.field_type().filter(|_| fits > 0)?;
        let form = match ty {
            FieldType::Int => Form::Int(notation),
            FieldType::Decimal { precision, scale } => Form::Decimal { notation, precision, scale },
            _ => Form::Float(notation),
        };
        let exponents = if ty == FieldType::Int { exponents.clone() } else { BadRows::default() };
        Some(Guess { ty, form, fits, misfits: self.tally.misfits, range, exponents })
    }
}

/// How long and how large the numbers are.
#[derive(Debug, Default)]
struct Extent {
    whole: u8,
    fraction: u8,
    /// Infinities, exponents of numbers that are not whole.
    floats: bool,
    /// Exponents of whole numbers.
    exponents: bool,
    /// The bounds of the numbers with short fractions, at [`MAX_FRACTION`]; bare ones at scale 0.
    short: Option<(i128, i128)>,
    /// The bounds of the others.
    long: Range,
    /// Some bound is unknown.
    lost: bool,
}

impl Extent {
    #[inline]
    fn bare(&mut self, exact: Exact) {
        self.whole = self.whole.max(exact.whole);
        self.widen(exact.digits);
    }

    #[inline]
    fn add(&mut self, number: Number) {
        let exact = match number {
            Number::Exact(exact) => exact,
            Number::Float(value) => {
                match whole(value) {
                    Some(digits) => {
                        self.exponents = true;
                        self.widen(i128::from(digits) * pow10(MAX_FRACTION));
                    }
                    None => {
                        self.floats = true;
                        self.long.float(value);
                    }
                }
                return;
            }
        };
        self.whole = self.whole.max(exact.whole);
        self.fraction = self.fraction.max(exact.fraction);
        if exact.fraction > MAX_FRACTION {
            self.long.float(exact.to_f64());
            return;
        }
        let factor = pow10(MAX_FRACTION - exact.fraction);
        match i64::try_from(exact.digits) {
            // Can't overflow, and is one multiplication.
            Ok(digits) => self.widen(i128::from(digits) * factor),
            Err(_) => match exact.digits.checked_mul(factor) {
                Some(digits) => self.widen(digits),
                None => self.lost = true,
            },
        }
    }

    #[inline]
    fn widen(&mut self, digits: i128) {
        self.short = Some(match self.short {
            Some((low, high)) => (low.min(digits), high.max(digits)),
            None => (digits, digits),
        });
    }

    fn merge(&mut self, bare: &Self) {
        self.whole = self.whole.max(bare.whole);
        let Some((low, high)) = bare.short else { return };
        let factor = pow10(MAX_FRACTION);
        match (low.checked_mul(factor), high.checked_mul(factor)) {
            (Some(low), Some(high)) => {
                self.widen(low);
                self.widen(high);
            }
            // Whole numbers of more than 32 digits: their bounds are not worth a type of their own.
            _ => self.lost = true,
        }
    }

    /// The most specific type that holds all of them exactly, or float; `None` when a float would lose digits of
    /// long whole numbers, which are identifiers.
    fn field_type(&self) -> Option<(FieldType, Range)> {
        let digits = self.whole + self.fraction;
        if self.floats || self.fraction > MAX_FRACTION || digits > Decimal::MAX_DIGITS {
            return (self.whole <= 15).then(|| (FieldType::Float, self.float_range()));
        }
        if self.fraction == 0 {
            return Some(match self.whole_range() {
                Some(range) => (FieldType::Int, range),
                None => (FieldType::Decimal { precision: Decimal::MAX_DIGITS, scale: 0 }, self.decimal_range(0)),
            });
        }
        let precision = if digits <= SHORT { SHORT } else { Decimal::MAX_DIGITS };
        Some((FieldType::Decimal { precision, scale: self.fraction }, self.decimal_range(self.fraction)))
    }

    /// The bounds, when they fit 64 bits.
    fn whole_range(&self) -> Option<Range> {
        let (low, high) = self.short.filter(|_| !self.lost)?;
        let factor = pow10(MAX_FRACTION);
        Some(Range::Int(i64::try_from(low / factor).ok()?, i64::try_from(high / factor).ok()?))
    }

    fn decimal_range(&self, scale: u8) -> Range {
        let factor = pow10(MAX_FRACTION - scale);
        match self.short {
            Some((low, high)) if !self.lost => Range::Decimal(low / factor, high / factor),
            _ => Range::Empty,
        }
    }

    fn float_range(&self) -> Range {
        let mut range = self.long;
        if let Some((low, high)) = self.short {
            for digits in [low, high] {
                let value = Exact { digits, whole: 1, fraction: MAX_FRACTION, coded: false, bare: false };
                range.float(value.to_f64());
            }
        }
        if self.lost { Range::Empty } else { range }
    }
}
