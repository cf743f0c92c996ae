//! The time after a date: `T09:30`, ` 09:30:00.123+01:00`, ` 9:30 PM`.

use jiff::civil;
use jiff::tz::TimeZone;

use super::day::{Civil, digits};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Days after 9999-12-29 are refused in timestamps: with an offset they could leave the calendar.
const LAST_DAY: i32 = 2_932_894;

/// A time of day, with its offset where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Microseconds since midnight on the clock.
    micros: i64,
    /// Seconds east of UTC.
    offset: Option<i32>,
}

impl Clock {
    pub(super) const MIDNIGHT: Self = Self { micros: 0, offset: None };

    /// Reads all that follows a date, from the `T` or space on.
    #[inline]
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let (b'T' | b't' | b' ', rest) = text.split_first()? else { return None };
        let (hour, 1 | 2, rest) = digits(rest)? else { return None };
        let (minute, rest) = two_digits(rest.strip_prefix(b":")?)?;
        let (second, rest) = match rest.strip_prefix(b":") {
            Some(rest) => two_digits(rest)?,
            None => (0, rest),
        };
        let (fraction, rest) = match rest.strip_prefix(b".") {
            Some(rest) => fraction(rest)?,
            None => (0, rest),
        };
        let (hour, rest) = half_day(hour, rest)?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
        Some(Self { micros: seconds * SECOND + fraction, offset: offset(rest)? })
    }

    /// The instant on a day, in microseconds since 1970-01-01T00:00:00Z. Without an offset it is local time in `zone`
    /// (in a gap: the instant after it; in a fold: the earlier one), or UTC without a zone.
    #[inline]
    pub(super) fn on(self, date: Civil, zone: Option<&TimeZone>) -> Option<i64> {
        let days = date.days();
        if days > LAST_DAY {
            return None;
        }
        let local = i64::from(days) * DAY + self.micros;
        match (self.offset, zone) {
            (Some(offset), _) => Some(local - i64::from(offset) * SECOND),
            (None, None) => Some(local),
            (None, Some(zone)) => {
                let date = civil::Date::new(
                    i16::try_from(date.year).ok()?,
                    i8::try_from(date.month).ok()?,
                    i8::try_from(date.day).ok()?,
                )
                .ok()?;
                let midnight = date.to_datetime(civil::Time::midnight());
                let local = midnight.checked_add(jiff::SignedDuration::from_micros(self.micros)).ok()?;
                zone.to_ambiguous_timestamp(local).compatible().ok().map(|instant| instant.as_microsecond())
            }
        }
    }
}

#[inline]
fn two_digits(text: &[u8]) -> Option<(u16, &[u8])> {
    match digits(text)? {
        (value, 2, rest) => Some((value, rest)),
        _ => None,
    }
}

/// Microseconds of a fraction of a second; digits after the sixth are cut.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let count = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (written, rest) = text.split_at_checked(count)?;
    if !(1..=9).contains(&count) {
        return None;
    }
    let digits = written.iter().copied().chain(std::iter::repeat(b'0')).take(6);
    Some((digits.fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0')), rest))
}

/// The hour of a 12-hour clock, when `AM` or `PM` follows.
fn half_day(hour: u16, text: &[u8]) -> Option<(u16, &[u8])> {
    let after = text.strip_prefix(b" ").unwrap_or(text);
    let (afternoon, rest) = match after.split_first_chunk::<2>() {
        Some((mark, rest)) if mark.eq_ignore_ascii_case(b"am") => (0, rest),
        Some((mark, rest)) if mark.eq_ignore_ascii_case(b"pm") => (12, rest),
        _ => return Some((hour, text)),
    };
    (1..=12).contains(&hour).then_some((hour % 12 + afternoon, rest))
}

/// Nothing, `Z`, `UTC`, `+01`, `+0100` or `+01:00`, with or without a space before. `None` when it is none of these.
fn offset(text: &[u8]) -> Option<Option<i32>> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, rest) = match text {
        [] => return Some(None),
        [b'Z' | b'z'] | b"UTC" => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits(rest)? {
        (hours, 2, []) => (hours, 0),
        (both, 4, []) => (both / 100, both % 100),
        (hours, 2, rest) => match two_digits(rest.strip_prefix(b":")?)? {
            (minutes, []) => (hours, minutes),
            _ => return None,
        },
        _ => return None,
    };
    (hours <= 18 && minutes <= 59).then(|| Some(sign * (i32::from(hours) * 60 + i32::from(minutes)) * 60))
}

#[cfg(test)]
mod tests {
    use super::super::day::{DateForm, parts};
    use super::*;
    use crate::Timestamp;

    fn read(text: &str, zone: Option<&TimeZone>) -> String {
        let instant = parts(text.as_bytes()).and_then(|(parts, rest)| {
            let date = DateForm::ALL.into_iter().find_map(|form| form.civil(parts))?;
            Clock::parse(rest)?.on(date, zone)
        });
        instant.and_then(Timestamp::from_micros).map_or_else(|| "no".to_owned(), |t| t.to_string())
    }

    #[test]
    fn reads_times() {
        for (text, instant) in [
            ("2024-01-31T09:30", "2024-01-31T09:30:00Z"),
            ("2024-01-31 09:30:15", "2024-01-31T09:30:15Z"),
            ("2024-01-31 09:30:15.1234567", "2024-01-31T09:30:15.123456Z"),
            ("2024-01-31T09:30:00+01:00", "2024-01-31T08:30:00Z"),
            ("2024-01-31T09:30:00 -0530", "2024-01-31T15:00:00Z"),
            ("2024-01-31T09:30:00Z", "2024-01-31T09:30:00Z"),
            ("2024-01-31 09:30:00 UTC", "2024-01-31T09:30:00Z"),
            ("31/01/2024 9:30 pm", "2024-01-31T21:30:00Z"),
            ("31/01/2024 12:05 AM", "2024-01-31T00:05:00Z"),
            ("2024-01-31 13:00 PM", "no"),
            ("2024-01-31 24:00", "no"),
            ("2024-01-31 09:60", "no"),
            ("2024-01-31 09", "no"),
            ("2024-01-31 09:30:15.", "no"),
            ("2024-01-31 09:30 CET", "no"),
            ("2024-01-31 09:30+1", "no"),
            ("9999-12-31 23:59:59", "no"),
            ("0001-01-01 00:00", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(read(text, None), instant, "{text}");
        }
    }

    #[test]
    fn local_time_follows_the_rules_of_the_value_module() {
        let paris = jiff::tz::TimeZoneDatabase::bundled().get("Europe/Paris").expect("a zone");
        for text in ["2024-03-31 02:30", "2024-10-27 02:30", "2024-07-01 12:00", "1900-01-01 00:00"] {
            let expected = Timestamp::parse(text, &paris).map(|t| t.to_string());
            assert_eq!(Some(read(text, Some(&paris))), expected, "{text}");
        }
    }

    #[test]
    fn the_last_day_leaves_room_for_offsets() {
        assert_eq!(crate::Date::from_days(LAST_DAY).map(|d| d.to_string()), Some("9999-12-29".into()));
        assert_eq!(read("9999-12-29 23:59:59 -18:00", None), "9999-12-30T17:59:59Z");
    }
}
