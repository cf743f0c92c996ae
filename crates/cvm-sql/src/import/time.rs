//! Dates and instants beside columns of dates and timestamps.

use cvm_core::filter::{Literal, Operand};
use cvm_core::{Code, Date, Diagnostic, Timestamp};
use jiff::tz::TimeZone;

use super::compare::Cmp;
use super::eval::Importer;
use super::scalar::Const;
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, always, never};
use super::{Found, ImportDialect};

/// Reads a time in the spellings that databases share; without an offset it is in UTC.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    // Fractions beyond microseconds are rounded by some and cut by others.
    if let Some((_, fraction)) = text.split_once('.')
        && fraction.bytes().take_while(u8::is_ascii_digit).count() > 6
    {
        return None;
    }
    let bytes = text.as_bytes();
    let short_offset = bytes.len() > 16
        && bytes.iter().rev().nth(2).is_some_and(|b| matches!(b, b'+' | b'-'))
        && bytes.iter().rev().take(2).all(u8::is_ascii_digit);
    let full = if short_offset { format!("{text}:00") } else { text.to_owned() };
    Timestamp::parse(&full, &TimeZone::UTC)
}

/// The first instant of a day.
pub(super) fn midnight(day: Date) -> Option<Timestamp> {
    day.start(&TimeZone::UTC)
}

fn not_a_time<T>(text: &str, what: &str) -> Found<T> {
    Err(Box::new(
        Diagnostic::error(
            Code::InvalidValue,
            "",
            format!("`{text}` is not a {what} in a spelling that databases share"),
        )
        .help("write `2024-01-31` or `2024-01-31 09:30:00`"),
    ))
}

impl Importer<'_> {
    /// A column of dates beside a constant.
    pub(super) fn date(&self, column: &Column, cmp: Cmp, value: &Const) -> Found<Truth> {
        let on =
            |cmp: Cmp, day: Date| self.leaf(&column.name, cmp.operator(), Operand::One(Literal::Str(day.to_string())));
        let instant = match value {
            Const::Date(day) => return Ok(on(cmp, *day)),
            Const::Text(text) | Const::Quoted(text) => match (Date::parse(text), instant(text)) {
                (Some(day), _) => return Ok(on(cmp, day)),
                // SQLite has texts for dates: one with a time is just a longer text.
                (None, Some(instant)) if self.dialect != ImportDialect::Sqlite => instant,
                _ => return not_a_time(text, "date"),
            },
            Const::Timestamp(instant) => *instant,
            _ => return refused(format!("a date can't be compared with {}", value.noun()), ""),
        };
        let day = instant.date(&TimeZone::UTC);
        let exact = midnight(day) == Some(instant);
        Ok(match (exact, cmp) {
            (true, cmp) => on(cmp, day),
            (false, Cmp::Eq) => never(&column.name),
            (false, Cmp::Ne) => always(&column.name),
            (false, Cmp::Lt | Cmp::Lte) => on(Cmp::Lte, day),
            (false, Cmp::Gt | Cmp::Gte) => on(Cmp::Gt, day),
        })
    }

    /// A column of instants beside a constant.
    pub(super) fn timestamp(&self, column: &Column, cmp: Cmp, value: &Const) -> Found<Truth> {
        let at = |cmp: Cmp, instant: Timestamp| {
            self.leaf(&column.name, cmp.operator(), Operand::One(Literal::Str(instant.to_string())))
        };
        match value {
            Const::Timestamp(instant) if self.dialect != ImportDialect::Sqlite => Ok(at(cmp, *instant)),
            Const::Date(day) if self.dialect != ImportDialect::Sqlite => match midnight(*day) {
                Some(instant) => Ok(at(cmp, instant)),
                None => not_a_time(&day.to_string(), "time"),
            },
            Const::Text(text) | Const::Quoted(text) => {
                let Some(instant) = instant(text).or_else(|| Date::parse(text).and_then(midnight)) else {
                    return not_a_time(text, "time");
                };
                if self.dialect != ImportDialect::Sqlite {
                    return Ok(at(cmp, instant));
                }
                // Texts like `2024-01-31 09:30:00.000000`, compared as texts: a shorter one comes before every time
                // that begins with it.
                let spaced = text.as_bytes().get(10).is_none_or(|b| *b == b' ');
                match (text.len(), spaced, cmp) {
                    (26, true, cmp) => Ok(at(cmp, instant)),
                    (10 | 16 | 19, true, Cmp::Eq) => Ok(never(&column.name)),
                    (10 | 16 | 19, true, Cmp::Ne) => Ok(always(&column.name)),
                    (10 | 16 | 19, true, Cmp::Lt | Cmp::Lte) => Ok(at(Cmp::Lt, instant)),
                    (10 | 16 | 19, true, Cmp::Gt | Cmp::Gte) => Ok(at(Cmp::Gte, instant)),
                    _ => not_a_time(text, "time"),
                }
            }
            _ => refused(format!("a time can't be compared with {} here", value.noun()), ""),
        }
    }

    /// The microseconds of an instant beside a number.
    pub(super) fn micros(&self, column: &Column, cmp: Cmp, number: cvm_core::Decimal) -> Found<Truth> {
        let instant = super::scalar::whole(number).and_then(|n| i64::try_from(n).ok()).and_then(Timestamp::from_micros);
        match instant {
            Some(instant) => {
                let literal = Literal::Str(instant.to_string());
                Ok(self.leaf(&column.name, cmp.operator(), Operand::One(literal)))
            }
            None => refused("the number is no instant", ""),
        }
    }
}
