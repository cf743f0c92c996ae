//! Dates and instants: plain numbers that read and print ISO 8601; calendar arithmetic is jiff's.

use std::fmt;

use jiff::civil;
use jiff::tz::TimeZone;

/// A calendar date, as days since 1970-01-01; years −9999 to 9999.
///
/// ```
/// use cvm_core::Date;
/// let leap = Date::parse("2024-02-29").expect("a date");
/// assert_eq!(leap.to_string(), "2024-02-29");
/// assert_eq!(leap.days(), 19_782);
/// assert!(Date::parse("2023-02-29").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(i32);

/// An instant, as microseconds since 1970-01-01T00:00:00Z; years −9999 to 9999.
///
/// ```
/// use cvm_core::Timestamp;
/// let utc = jiff::tz::TimeZone::UTC;
/// let t = Timestamp::parse("2024-01-31T09:30:00+01:00", &utc).expect("an instant");
/// assert_eq!(t.to_string(), "2024-01-31T08:30:00Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

const EPOCH: civil::Date = civil::date(1970, 1, 1);

impl Date {
    /// The first date: −9999-01-01.
    pub const MIN: Self = Self(-4_371_587);
    /// The last date: 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The date so many days after 1970-01-01, when in range.
    #[must_use]
    pub fn from_days(days: i32) -> Option<Self> {
        let date = Self(days);
        date.to_civil().map(|_| date)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i32 {
        self.0
    }

    /// Reads `2024-01-31`, nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        // jiff accepts more spellings of ISO 8601 than databases do; this keeps one.
        let shape = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if shape { text.parse::<civil::Date>().ok().map(Self::from_civil) } else { None }
    }

    /// The date as jiff has it.
    #[must_use]
    pub fn to_civil(self) -> Option<civil::Date> {
        EPOCH.checked_add(jiff::Span::new().try_days(self.0).ok()?).ok()
    }

    /// The date of a civil date.
    #[must_use]
    pub fn from_civil(date: civil::Date) -> Self {
        Self(date.since((jiff::Unit::Day, EPOCH)).map_or(0, |span| span.get_days()))
    }

    /// The first instant of the day in a zone.
    #[must_use]
    pub fn start(self, zone: &TimeZone) -> Option<Timestamp> {
        let start = self.to_civil()?.to_zoned(zone.clone()).ok()?.start_of_day().ok()?;
        Some(Timestamp::from_jiff(start.timestamp()))
    }

    /// The day after.
    #[must_use]
    pub fn tomorrow(self) -> Option<Self> {
        Self::from_days(self.0.checked_add(1)?)
    }
}

impl Timestamp {
    /// The first instant.
    pub const MIN: Self = Self(-377_705_023_201_000_000);
    /// The last whole second.
    pub const MAX: Self = Self(253_402_207_200_000_000);

    /// The instant so many microseconds after 1970-01-01T00:00:00Z, when in range.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(micros).ok().map(|_| Self(micros))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads an ISO 8601 date and time, `T` or a space between them; without an offset it is local time in `zone`
    /// (in a gap: the instant after it; in a fold: the earlier one).
    #[must_use]
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let bytes = text.as_bytes();
        if !(bytes.len() >= 16
            && Date::parse(text.get(..10)?).is_some()
            && matches!(bytes.get(10), Some(b'T' | b't' | b' ')))
        {
            return None;
        }
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Some(Self::from_jiff(instant));
        }
        let local: civil::DateTime = text.parse().ok()?;
        // A suffix that civil parsing would skip (an offset that is no offset) must not pass.
        if text.get(10..)?.bytes().any(|b| matches!(b, b'Z' | b'z' | b'+' | b'[')) {
            return None;
        }
        local.to_zoned(zone.clone()).ok().map(|zoned| Self::from_jiff(zoned.timestamp()))
    }

    /// As [`Timestamp::parse`], with times without an offset in UTC.
    #[must_use]
    pub fn parse_utc(text: &str) -> Option<Self> {
        Self::parse(text, &TimeZone::UTC)
    }

    /// The instant of a jiff timestamp, cut to microseconds (towards the past).
    #[must_use]
    pub fn from_jiff(instant: jiff::Timestamp) -> Self {
        Self(i64::try_from(instant.as_nanosecond().div_euclid(1000)).unwrap_or(i64::MAX))
    }

    /// The instant as jiff has it.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The calendar date at this instant in a zone.
    #[must_use]
    pub fn date(self, zone: &TimeZone) -> Date {
        Date::from_civil(self.to_jiff().to_zoned(zone.clone()).date())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_civil() {
            Some(date) => date.fmt(f),
            None => write!(f, "day {}", self.0),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_the_ends() {
        assert!(Date::from_days(Date::MIN.days()).is_some() && Date::from_days(Date::MIN.days() - 1).is_none());
        assert!(Date::from_days(Date::MAX.days()).is_some() && Date::from_days(Date::MAX.days() + 1).is_none());
        let instant = Timestamp::from_micros;
        assert!(instant(Timestamp::MIN.micros()).is_some() && instant(Timestamp::MIN.micros() - 1).is_none());
        assert!(instant(Timestamp::MAX.micros()).is_some() && instant(Timestamp::MAX.micros() + 1).is_none());
    }
}
