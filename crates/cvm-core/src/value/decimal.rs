//! Exact decimals: up to 38 digits, as Arrow's Decimal128 holds them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An exact decimal number, `digits × 10^-scale`, of at most 38 digits.
///
/// Equality, order and hash go by value: 1.50 equals 1.5.
///
/// ```
/// use cvm_core::Decimal;
/// let a: Decimal = "100.00".parse()?;
/// assert_eq!(a, "100".parse()?);
/// assert_eq!(a.to_string(), "100.00");
/// assert!("0.1".parse::<Decimal>()? < a);
/// # Ok::<(), cvm_core::value::DecimalError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    digits: i128,
    scale: u8,
}

/// Text that is not a decimal number of at most 38 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not a number.
    #[error("not a decimal number")]
    Syntax,
    /// More than 38 digits.
    #[error("more than {} digits", Decimal::MAX_DIGITS)]
    TooLong,
}

impl Decimal {
    /// The most digits that fit.
    pub const MAX_DIGITS: u8 = 38;

    /// `digits × 10^-scale`, when both fit 38 digits.
    #[must_use]
    pub fn new(digits: i128, scale: u8) -> Option<Self> {
        (scale <= Self::MAX_DIGITS && digits.unsigned_abs() < pow10(Self::MAX_DIGITS)?)
            .then_some(Self { digits, scale })
    }

    /// All digits, as a whole number.
    #[must_use]
    pub fn digits(self) -> i128 {
        self.digits
    }

    /// Digits after the point.
    #[must_use]
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The same value with `scale` digits after the point, when that is exact and fits.
    #[must_use]
    pub fn rescale(self, scale: u8) -> Option<Self> {
        if scale >= self.scale {
            let factor = i128::try_from(pow10(scale - self.scale)?).ok()?;
            Self::new(self.digits.checked_mul(factor)?, scale)
        } else {
            let factor = i128::try_from(pow10(self.scale - scale)?).ok()?;
            (self.digits % factor == 0).then(|| Self { digits: self.digits / factor, scale })
        }
    }

    /// The same value without zeros at the end of its fraction.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The sum, when it fits 38 digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let (a, b) = (self.rescale(scale)?, other.rescale(scale)?);
        Self::new(a.digits.checked_add(b.digits)?, scale)
    }

    /// The nearest float.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        // Through text: the parser rounds correctly, a division by a power of ten would round twice.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The exact value of the shortest decimal text of a float, `None` for NaN, infinities and more than 38 digits.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_finite() { format!("{value:e}").parse().ok() } else { None }
    }

    /// The whole part, towards negative infinity, and whether there was a fraction.
    #[must_use]
    pub fn floor(self) -> (i128, bool) {
        let factor = pow10(self.scale).and_then(|f| i128::try_from(f).ok()).unwrap_or(i128::MAX);
        (self.digits.div_euclid(factor), self.digits.rem_euclid(factor) != 0)
    }

    /// Digits before the point, at least 1.
    #[must_use]
    pub fn integer_digits(self) -> u8 {
        let all = self.digits.unsigned_abs().checked_ilog10().map_or(1, |n| n + 1);
        u8::try_from(all).unwrap_or(u8::MAX).saturating_sub(self.scale).max(1)
    }
}

fn pow10(exponent: u8) -> Option<u128> {
    10_u128.checked_pow(exponent.into())
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self { digits: value.into(), scale: 0 }
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads `-12.50`, `.5`, `1e3`; no spaces, no thousands separators.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => {
                let (head, tail) = text.split_at(at);
                let exponent: i32 = tail.get(1..).unwrap_or("").parse().map_err(|_| DecimalError::Syntax)?;
                (head, exponent)
            }
            None => (text, 0),
        };
        let (negative, unsigned) = match mantissa.as_bytes().first() {
            Some(b'-') => (true, mantissa.get(1..).unwrap_or("")),
            Some(b'+') => (false, mantissa.get(1..).unwrap_or("")),
            _ => (false, mantissa),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(DecimalError::Syntax);
        }
        let mut digits: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return Err(DecimalError::Syntax);
            }
            let digit = i128::from(byte - b'0');
            digits = digits.checked_mul(10).and_then(|d| d.checked_add(digit)).ok_or(DecimalError::TooLong)?;
        }
        let mut scale = i32::try_from(fraction.len()).map_err(|_| DecimalError::TooLong)?.saturating_sub(exponent);
        // Zeros that only an exponent or a long fraction brought in are no digits.
        while scale > i32::from(Self::MAX_DIGITS) && digits % 10 == 0 && digits != 0 {
            digits /= 10;
            scale -= 1;
        }
        if digits == 0 {
            scale = scale.clamp(0, Self::MAX_DIGITS.into());
        }
        while scale < 0 {
            digits = digits.checked_mul(10).ok_or(DecimalError::TooLong)?;
            scale += 1;
        }
        let scale = u8::try_from(scale).map_err(|_| DecimalError::TooLong)?;
        Self::new(if negative { -digits } else { digits }, scale).ok_or(DecimalError::TooLong)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs();
        match pow10(self.scale) {
            Some(factor) if self.scale > 0 => {
                write!(f, "{sign}{}.{:0width$}", digits / factor, digits % factor, width = self.scale.into())
            }
            _ => write!(f, "{sign}{digits}"),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Whole parts first, then fractions at a common scale: 38 digits never overflow that way.
        let scale = self.scale.max(other.scale);
        let split = |d: &Self| -> (i128, u128) {
            let factor = pow10(d.scale).unwrap_or(1);
            let signed = i128::try_from(factor).unwrap_or(i128::MAX);
            let fraction = d.digits.rem_euclid(signed).unsigned_abs();
            (d.digits.div_euclid(signed), fraction.saturating_mul(pow10(scale - d.scale).unwrap_or(1)))
        };
        split(self).cmp(&split(other))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let same = self.normalized();
        (same.digits, same.scale).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, printed) in [
            ("0", "0"),
            ("-0.00", "0.00"),
            ("12.50", "12.50"),
            (".5", "0.5"),
            ("-.25", "-0.25"),
            ("1e3", "1000"),
            ("1.5e-3", "0.0015"),
            ("+7", "7"),
            ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
            ("0e500", "0"),
            ("0e-500", "0.00000000000000000000000000000000000000"),
        ] {
            assert_eq!(text.parse::<Decimal>().map(|d| d.to_string()), Ok(printed.to_owned()), "{text}");
        }
        for text in ["", "-", ".", "1.2.3", "1e", "e5", "1 000", "0x10", "١"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::Syntax), "{text}");
        }
        for text in ["100000000000000000000000000000000000000", "1e38", "1e-39", "1e2147483647", "1e-2147483648"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::TooLong), "{text}");
        }
    }

    #[test]
    fn orders_by_value_at_the_limits() {
        let big: Decimal = "99999999999999999999999999999999999999".parse().expect("38 digits");
        let tiny: Decimal = "0.00000000000000000000000000000000000001".parse().expect("38 digits");
        let minus: Decimal = "-0.5".parse().expect("a decimal");
        assert!(tiny < big && minus < tiny && Decimal::from(-1) < minus);
        assert_eq!("1.50".parse::<Decimal>(), "1.5".parse());
    }

    #[test]
    fn knows_floats() {
        assert_eq!(Decimal::from_f64(0.1).map(|d| d.to_string()), Some("0.1".into()));
        assert_eq!(Decimal::from_f64(1e300), None);
        assert_eq!(Decimal::from_f64(f64::NAN), None);
        assert_eq!("0.1".parse::<Decimal>().map(Decimal::to_f64), Ok(0.1));
    }
}
