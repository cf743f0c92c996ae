//! Relative times become ranges at the instant of evaluation.
//!
//! Over timestamps, minutes, hours, days and weeks are fixed lengths; months, quarters and years go by the calendar of
//! the catalog's zone. Over dates everything goes by the calendar. Calendar units begin at the first instant of their
//! first day in the zone. A date that a month lacks becomes the month's last day.

use std::cmp::Ordering;

use jiff::civil;
use jiff::tz::TimeZone;

use crate::catalog::{Catalog, FieldType};
use crate::filter::{Duration, StartOf, Unit};
use crate::predicate::{Bound, Calendar, Day, Moment, Moving, Range, Shift};
use crate::value::{Date, Timestamp, Value};

/// The instant of evaluation, and what the catalog says of calendars.
pub(crate) struct Clock {
    as_of: Timestamp,
    today: Date,
    calendar: Calendar,
}

/// A time that lies outside the years that can be said.
pub(crate) const OUT_OF_RANGE: &str = "the time lies outside the years -9999 to 9999";

impl Clock {
    pub(super) fn new(as_of: Timestamp, catalog: &Catalog) -> Self {
        let calendar = Calendar::of(catalog);
        Self { as_of, today: as_of.date(&calendar.zone), calendar }
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.calendar.zone
    }

    fn settle(&self, moment: Moment) -> Option<(Value, Moment)> {
        Some((self.calendar.settle(&moment, self.as_of, self.today)?, moment))
    }

    /// `as_of` or its date, moved step by step.
    fn moved(&self, shifts: Vec<Shift>, ty: &FieldType) -> Option<(Value, Moment)> {
        self.settle(match ty {
            FieldType::Date => Moment::Date(Day { first_of: Unit::Day, shifts }),
            _ => Moment::Instant(shifts),
        })
    }

    /// `as_of`, or its date.
    pub(super) fn now(&self, ty: &FieldType) -> Option<(Value, Moment)> {
        self.moved(Vec::new(), ty)
    }

    /// `as_of` moved by a duration, forward or back.
    pub(super) fn shifted(&self, by: Duration, forward: bool, ty: &FieldType) -> Option<(Value, Moment)> {
        self.moved(vec![shift(by, forward, ty)?], ty)
    }

    /// The first day of a calendar unit, `offset` units from the current one, or its first instant.
    pub(super) fn unit_start(&self, unit: Unit, offset: i64, ty: &FieldType) -> Option<(Value, Moment)> {
        let shift = match unit {
            Unit::Minute | Unit::Hour => return None,
            Unit::Day => Shift::Days(offset),
            Unit::Week => Shift::Days(offset.checked_mul(7)?),
            Unit::Month => Shift::Months(offset),
            Unit::Quarter => Shift::Months(offset.checked_mul(3)?),
            Unit::Year => Shift::Months(offset.checked_mul(12)?),
        };
        let day = Day { first_of: unit, shifts: if offset == 0 { Vec::new() } else { vec![shift] } };
        self.settle(if *ty == FieldType::Date { Moment::Date(day) } else { Moment::StartOf(day) })
    }

    /// The start of a calendar unit as a value of the type.
    pub(super) fn start_of(&self, start: StartOf, ty: &FieldType) -> Option<(Value, Moment)> {
        self.unit_start(start.unit, start.offset.into(), ty)
    }

    /// The last so long, `as_of` (or today) included.
    pub(super) fn last(&self, by: Duration, ty: &FieldType) -> Option<Range> {
        let (low, begin) = self.shifted(by, false, ty)?;
        let (high, now) = self.now(ty)?;
        Some(Range::new(Bound::Included(low), Bound::Included(high)).moving(Some(begin), Some(now)))
    }

    /// Two spans of instants (or days) that follow each other up to now: `first`, and after it `last`.
    pub(super) fn before(&self, first: Duration, last: Duration, ty: &FieldType) -> Option<(Range, Range)> {
        let inactive = self.last(last, ty)?;
        let back = shift(last, false, ty)?;
        let (low, begin) = self.moved(vec![back, shift(first, false, ty)?], ty)?;
        let (high, end) = self.moved(vec![back], ty)?;
        let active = Range::new(Bound::Included(low), Bound::Excluded(high)).moving(Some(begin), Some(end));
        Some((active, inactive))
    }

    /// When something was that is from `least` to `most` whole days ago. Beyond the years that can be said nothing
    /// happened, so their ends stand for what lies further out.
    pub(super) fn days_ago(&self, least: Option<i64>, most: Option<i64>, ty: &FieldType) -> Range {
        let at = |days: i64| -> (Value, Moment) {
            let dates = *ty == FieldType::Date;
            let back = days.saturating_neg();
            let step = if dates { Shift::Days(back) } else { Shift::Seconds(back.saturating_mul(86_400)) };
            self.moved(vec![step], ty).unwrap_or_else(|| {
                let value = match (dates, days > 0) {
                    (true, true) => Value::Date(Date::MIN),
                    (true, false) => Value::Date(Date::MAX),
                    (false, true) => Value::Timestamp(Timestamp::MIN),
                    (false, false) => Value::Timestamp(Timestamp::MAX),
                };
                (
                    value,
                    if dates {
                        Moment::Date(Day { first_of: Unit::Day, shifts: vec![step] })
                    } else {
                        Moment::Instant(vec![step])
                    },
                )
            })
        };
        let (low, begin) = match most {
            None => (Bound::Open, None),
            Some(most) if *ty == FieldType::Date => {
                let (value, moment) = at(most);
                (Bound::Included(value), Some(moment))
            }
            // Going back, the n-th day ends just before the whole of n + 1 days is over.
            Some(most) => {
                let (value, moment) = at(most.saturating_add(1));
                (Bound::Excluded(value), Some(moment))
            }
        };
        let (high, end) = match least {
            None => (Bound::Open, None),
            Some(least) => {
                let (value, moment) = at(least);
                (Bound::Included(value), Some(moment))
            }
        };
        let mut range = Range::new(low, high).moving(begin, end);
        if let Some(moving) = &mut range.moving {
            moving.held = true;
        }
        range
    }

    /// The coming so long, `as_of` (or today) included.
    pub(super) fn coming(&self, by: Duration, ty: &FieldType) -> Option<Range> {
        let (low, now) = self.now(ty)?;
        let (high, end) = self.shifted(by, true, ty)?;
        let high = if *ty == FieldType::Date { Bound::Included(high) } else { Bound::Excluded(high) };
        Some(Range::new(Bound::Included(low), high).moving(Some(now), Some(end)))
    }

    /// Calendar units, from the `from`-th (0 is the current one) to before the `to`-th.
    pub(super) fn units(&self, unit: Unit, from: i64, to: i64, ty: &FieldType) -> Option<Range> {
        let (low, begin) = self.unit_start(unit, from, ty)?;
        let (high, end) = self.unit_start(unit, to, ty)?;
        Some(Range::new(Bound::Included(low), Bound::Excluded(high)).moving(Some(begin), Some(end)))
    }

    /// The part of a range that is not in the future.
    pub(super) fn up_to_now(&self, range: Range, ty: &FieldType) -> Range {
        let Some((now, moment)) = self.now(ty) else { return range };
        let ends_before = match &range.high {
            Bound::Open => false,
            Bound::Included(high) | Bound::Excluded(high) => high.compare(&now).is_some_and(Ordering::is_le),
        };
        let mut moving = range.moving.map_or_else(Moving::default, |moving| *moving);
        // Whether an end that moves lies in the future is the same at every instant; one that stays will pass.
        if moving.high.is_none() {
            moving.until = range.high.clone();
            moving.high = Some(moment);
        } else if !ends_before {
            moving.beyond = moving.high.replace(moment);
        }
        let high = if ends_before { range.high } else { Bound::Included(now) };
        Range { low: range.low, high, moving: Some(Box::new(moving)) }
    }

    /// The first instants of a day and of the day after.
    pub(super) fn day(&self, day: Date) -> Option<(Value, Value)> {
        Some((Value::Timestamp(day.start(self.zone())?), Value::Timestamp(day.tomorrow()?.start(self.zone())?)))
    }
}

/// A duration as a step, forward or back.
fn shift(by: Duration, forward: bool, ty: &FieldType) -> Option<Shift> {
    let n = if forward { i64::from(by.n) } else { -i64::from(by.n) };
    Some(match (by.unit, *ty == FieldType::Date) {
        (Unit::Minute | Unit::Hour, true) => return None,
        (Unit::Day, true) => Shift::Days(n),
        (Unit::Week, true) => Shift::Days(n * 7),
        (Unit::Minute, false) => Shift::Seconds(n * 60),
        (Unit::Hour, false) => Shift::Seconds(n * 3_600),
        (Unit::Day, false) => Shift::Seconds(n * 86_400),
        (Unit::Week, false) => Shift::Seconds(n * 604_800),
        (Unit::Month, _) => Shift::Months(n),
        (Unit::Quarter, _) => Shift::Months(n * 3),
        (Unit::Year, _) => Shift::Months(n * 12),
    })
}

/// The first and the last day of a window of dates that has both ends.
pub(crate) fn days_of(window: &Range) -> Option<(civil::Date, civil::Date)> {
    match (&window.low, &window.high) {
        (Bound::Included(Value::Date(low)), Bound::Included(Value::Date(high))) => {
            Some((low.to_civil()?, high.to_civil()?))
        }
        (Bound::Included(Value::Date(low)), Bound::Excluded(Value::Date(high))) => {
            Some((low.to_civil()?, high.to_civil()?.yesterday().ok()?))
        }
        _ => None,
    }
}

/// The months and days that come round in a range of dates, as inclusive ranges of month × 100 + day.
///
/// In a year without 29 February, 28 February stands for it too.
pub(crate) fn month_days(from: civil::Date, last: civil::Date) -> Vec<(u16, u16)> {
    let number = |date: civil::Date| u16::try_from(i32::from(date.month()) * 100 + i32::from(date.day())).unwrap_or(0);
    if from.checked_add(jiff::Span::new().years(1)).is_ok_and(|year_later| last >= year_later) {
        return vec![(101, 1231)];
    }
    // No more than 366 days: walk them, and join neighbours.
    let mut days: Vec<u16> = Vec::new();
    let mut day = from;
    while day <= last {
        days.push(number(day));
        if number(day) == 228 && !day.in_leap_year() {
            days.push(229);
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    days.sort_unstable();
    days.dedup();
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for day in days {
        match ranges.last_mut() {
            Some((_, high)) if day == *high + 1 || (day % 100 == 1 && *high == month_end(day / 100 - 1)) => *high = day,
            _ => ranges.push((day, day)),
        }
    }
    ranges
}

/// The last day of a month, in a leap year.
fn month_end(month: u16) -> u16 {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    month * 100 + days
}
