//! Days that come round every year, as bits: one for each day of a leap year.

use super::times::WORDS;
use crate::check::time::{days_of, month_days};
use crate::predicate::{Bound, Calendar, Moment, Range};
use crate::value::{Date, Timestamp, Value};

/// The days of a window that moves; `None` where an end can't be said.
pub(super) fn settled(window: &Range, calendar: &Calendar, as_of: Timestamp, today: Date) -> Option<[i64; WORDS]> {
    let moving = window.moving.as_deref()?;
    let end = |bound: &Bound, moment: Option<&Moment>| {
        let Some(moment) = moment else { return Some(bound.clone()) };
        let value = calendar.settle(moment, as_of, today)?;
        Some(match bound {
            Bound::Open => Bound::Open,
            Bound::Included(_) => Bound::Included(value),
            Bound::Excluded(_) => Bound::Excluded(value),
        })
    };
    let range = Range::new(end(&window.low, moving.low.as_ref())?, end(&window.high, moving.high.as_ref())?);
    let (first, last) = days_of(&range)?;
    Some(bits(&month_days(first, last)))
}

/// Inclusive ranges of month × 100 + day as bits.
pub(super) fn bits(ranges: &[(u16, u16)]) -> [i64; WORDS] {
    let mut words = [0_i64; WORDS];
    for month in 1..=12_u16 {
        for day in 1..=31_u16 {
            let number = month * 100 + day;
            if ranges.iter().any(|(low, high)| (*low..=*high).contains(&number)) {
                let bit = bit_of(month, day);
                if let Some(word) = words.get_mut(bit / 64) {
                    *word |= 1 << (bit % 64);
                }
            }
        }
    }
    words
}

/// Whether the day of a value is one of them; only dates come round.
pub(super) fn holds(words: &[i64], value: &Value) -> bool {
    let Value::Date(date) = value else { return false };
    let Some(date) = date.to_civil() else { return false };
    let number = |n: i8| u16::try_from(n).unwrap_or(0);
    let bit = bit_of(number(date.month()), number(date.day()));
    words.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

/// 31 bits a month: 372 of the 384.
fn bit_of(month: u16, day: u16) -> usize {
    usize::from(month.saturating_sub(1)) * 31 + usize::from(day.saturating_sub(1))
}
