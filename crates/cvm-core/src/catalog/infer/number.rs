//! Numbers as text, in the notations that people export.

/// How digits are grouped and where the fraction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `1234.56`
    Plain,
    /// `1,234.56`
    CommaGroups,
    /// `1.234,56` and `1234,56`
    DecimalComma,
    /// `1 234.56`
    SpaceGroups,
    /// `1 234,56`
    DecimalCommaSpaces,
}

impl Notation {
    /// In the order of preference where several fit.
    pub(super) const ALL: [Self; 5] =
        [Self::Plain, Self::CommaGroups, Self::DecimalComma, Self::SpaceGroups, Self::DecimalCommaSpaces];

    #[inline]
    fn mark(self) -> u8 {
        match self {
            Self::Plain | Self::CommaGroups | Self::SpaceGroups => b'.',
            Self::DecimalComma | Self::DecimalCommaSpaces => b',',
        }
    }

    /// What follows a group separator at the start of `rest`.
    #[inline]
    fn after_group(self, rest: &[u8]) -> Option<&[u8]> {
        match self {
            Self::Plain => None,
            Self::CommaGroups => rest.strip_prefix(b","),
            Self::DecimalComma => rest.strip_prefix(b"."),
            // A space, a no-break space or a narrow one.
            Self::SpaceGroups | Self::DecimalCommaSpaces => rest
                .strip_prefix(b" ")
                .or_else(|| rest.strip_prefix("\u{a0}".as_bytes()))
                .or_else(|| rest.strip_prefix("\u{202f}".as_bytes())),
        }
    }
}

/// A number as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// Plain digits, at most 38.
    Exact(Exact),
    /// Infinities, and whatever has an exponent or more than 38 digits.
    Float(f64),
}

/// `digits × 10^-fraction`, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exact {
    /// All digits, with the sign.
    pub(super) digits: i128,
    /// Digits before the mark.
    pub(super) whole: u8,
    /// Digits after the mark.
    pub(super) fraction: u8,
    /// A leading zero or plus (`00123`, `+33…`): codes and phone numbers, not amounts.
    pub(super) coded: bool,
    /// Whether there was neither mark nor group: the value is the same in every notation.
    pub(super) bare: bool,
}

/// The most digits that fit an `i128` safely, as in Arrow's Decimal128.
const MAX_DIGITS: u32 = 38;

/// Reads a number without white space around it.
#[inline]
pub(super) fn parse(text: &str, notation: Notation) -> Option<Number> {
    let bytes = text.as_bytes();
    let (sign, unsigned) = match bytes.split_first()? {
        (sign @ (b'-' | b'+'), rest) => (*sign, rest),
        _ => (0, bytes),
    };
    let leading_zero = matches!(unsigned, [b'0', b'0'..=b'9', ..]);
    let (mut small, mut large) = (0_u64, 0_u128);
    let (mut count, mut fraction, mut group) = (0_u32, 0_u32, 0_u32);
    let (mut marked, mut grouped) = (false, false);
    let mut rest = unsigned;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            // 18 digits always fit 64 bits, and most numbers are shorter.
            if count < 18 {
                small = small * 10 + u64::from(digit);
            } else if count < MAX_DIGITS {
                if count == 18 {
                    large = small.into();
                }
                large = large * 10 + u128::from(digit);
            }
            count += 1;
            group += 1;
            fraction += u32::from(marked);
        } else if *byte == notation.mark() && !marked {
            if grouped && group != 3 {
                return None;
            }
            marked = true;
        } else if matches!(byte, b'e' | b'E') && count > 0 && !grouped {
            return exponent(text, notation);
        } else {
            if count == 0 {
                return infinity(text);
            }
            // Groups have three digits, the first one to three of them; `0.123` begins no group.
            let well = if grouped { group == 3 } else { group <= 3 && !unsigned.starts_with(b"0") };
            if marked || !well {
                return None;
            }
            let at = unsigned.len().checked_sub(tail.len() + 1)?;
            rest = notation.after_group(unsigned.get(at..)?)?;
            grouped = true;
            group = 0;
        }
    }
    if count == 0 || (grouped && !marked && group != 3) {
        return None;
    }
    if count > MAX_DIGITS {
        return if fraction > 0 && !grouped { float(text, notation) } else { None };
    }
    let digits = if count > 18 { i128::try_from(large).ok()? } else { small.into() };
    Some(Number::Exact(Exact {
        digits: if sign == b'-' { -digits } else { digits },
        whole: u8::try_from(count - fraction).unwrap_or(u8::MAX),
        fraction: u8::try_from(fraction).unwrap_or(u8::MAX),
        coded: leading_zero || sign == b'+',
        bare: !marked && !grouped,
    }))
}

#[cold]
fn float(text: &str, notation: Notation) -> Option<Number> {
    let value: f64 = if notation.mark() == b',' { text.replace(',', ".").parse() } else { text.parse() }.ok()?;
    value.is_finite().then_some(Number::Float(value))
}

/// `1e5`, `1.5E-3`, `1,5E+11`.
#[cold]
fn exponent(text: &str, notation: Notation) -> Option<Number> {
    let digits = text.rsplit(['e', 'E']).next()?;
    let digits = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    float(text, notation)
}

#[cold]
fn infinity(text: &str) -> Option<Number> {
    let (value, word) = match text.strip_prefix('-') {
        Some(rest) => (f64::NEG_INFINITY, rest),
        None => (f64::INFINITY, text.strip_prefix('+').unwrap_or(text)),
    };
    (word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity")).then_some(Number::Float(value))
}

impl Exact {
    /// The digits at `scale`, when that is exact and has at most `precision` digits.
    #[inline]
    pub(super) fn at_scale(self, precision: u8, scale: u8) -> Option<i128> {
        let digits = if scale >= self.fraction {
            self.digits.checked_mul(pow10(scale - self.fraction))?
        } else {
            let factor = pow10(self.fraction - scale);
            if self.digits % factor != 0 {
                return None;
            }
            self.digits / factor
        };
        (digits.unsigned_abs() < pow10(precision).unsigned_abs()).then_some(digits)
    }

    /// The nearest float.
    #[inline]
    pub(super) fn to_f64(self) -> f64 {
        // Both operands are exact, so the one division rounds correctly.
        if self.digits.unsigned_abs() < 1 << 53 && self.fraction <= 22 {
            #[expect(clippy::cast_precision_loss, reason = "below 2^53 every integer is a float, and so is 10^22")]
            let (digits, factor) = (self.digits as f64, pow10(self.fraction) as f64);
            return digits / factor;
        }
        crate::value::Decimal::new(self.digits, self.fraction).map_or(f64::NAN, crate::value::Decimal::to_f64)
    }
}

/// The whole number that a float is, below 2^53, where every whole number is a float.
pub(super) fn whole(value: f64) -> Option<i64> {
    let fits = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
    fits.then_some(value as i64)
}

/// 10 to the power of `exponent`; of more than 38, which no caller has, the greatest number.
#[inline]
pub(super) fn pow10(exponent: u8) -> i128 {
    const POWERS: [i128; 39] = {
        let mut powers = [1_i128; 39];
        let mut i = 1;
        while i < 39 {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            {
                powers[i] = powers[i - 1] * 10;
            }
            i += 1;
        }
        powers
    };
    POWERS.get(usize::from(exponent)).copied().unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, notation: Notation) -> String {
        match parse(text, notation) {
            Some(Number::Exact(e)) if e.coded => format!("code {}e-{}", e.digits, e.fraction),
            Some(Number::Exact(e)) => format!("{}e-{}", e.digits, e.fraction),
            Some(Number::Float(f)) => format!("float {f}"),
            None => "no".to_owned(),
        }
    }

    #[test]
    fn reads_each_notation() {
        use Notation::*;
        for (text, notation, expected) in [
            ("1234.50", Plain, "123450e-2"),
            ("-.5", Plain, "-5e-1"),
            ("5.", Plain, "5e-0"),
            ("0", Plain, "0e-0"),
            ("00123", Plain, "code 123e-0"),
            ("+33123", Plain, "code 33123e-0"),
            ("1,5", Plain, "no"),
            ("1e3", Plain, "float 1000"),
            ("1e", Plain, "no"),
            ("1e999", Plain, "no"),
            ("-inf", Plain, "float -inf"),
            ("infix", Plain, "no"),
            ("", Plain, "no"),
            ("-", Plain, "no"),
            (".", Plain, "no"),
            ("1.2.3", Plain, "no"),
            ("12 ", Plain, "no"),
            ("99999999999999999999999999999999999999", Plain, "99999999999999999999999999999999999999e-0"),
            ("999999999999999999999999999999999999990", Plain, "no"),
            ("1,234.56", CommaGroups, "123456e-2"),
            ("1,234", CommaGroups, "1234e-0"),
            ("12,34", CommaGroups, "no"),
            ("1234,567", CommaGroups, "no"),
            ("0,123", CommaGroups, "no"),
            ("1,234,56.7", CommaGroups, "no"),
            ("1.234,56", DecimalComma, "123456e-2"),
            ("0,123", DecimalComma, "123e-3"),
            ("1,5E+11", DecimalComma, "float 150000000000"),
            ("1 234.5", SpaceGroups, "12345e-1"),
            ("1\u{a0}234\u{202f}567,5", DecimalCommaSpaces, "12345675e-1"),
            ("1 234 ", SpaceGroups, "no"),
            ("日本", Plain, "no"),
        ] {
            assert_eq!(show(text, notation), expected, "{text} {notation:?}");
        }
    }

    #[test]
    fn floats_are_the_nearest() {
        for text in ["0.1", "123456789.123456789", "9007199254740993", "0.000000000000000000000000000001"] {
            let Some(Number::Exact(exact)) = parse(text, Notation::Plain) else { panic!("{text}") };
            assert_eq!(Ok(exact.to_f64()), text.parse(), "{text}");
        }
    }
}
