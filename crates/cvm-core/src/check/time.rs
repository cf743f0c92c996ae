//! Relative times become ranges at the instant of evaluation.
//!
//! Over timestamps, minutes, hours, days and weeks are fixed lengths; months, quarters and years go by the calendar of
//! the catalog's zone. Over dates everything goes by the calendar. Calendar units begin at the first instant of their
//! first day in the zone. A date that a month lacks becomes the month's last day.

use jiff::civil;
use jiff::tz::TimeZone;

use crate::catalog::{Catalog, FieldType, Weekday};
use crate::filter::{Duration, StartOf, Unit};
use crate::predicate::{Bound, Range};
use crate::value::{Date, Timestamp, Value};

/// The instant of evaluation, and what the catalog says of calendars.
pub(crate) struct Clock {
    as_of: Timestamp,
    zone: TimeZone,
    today: Date,
    week_start: Weekday,
    fiscal_year_start: u8,
}

/// A time that lies outside the years that can be said.
pub(super) const OUT_OF_RANGE: &str = "the time lies outside the years -9999 to 9999";

impl Clock {
    pub(super) fn new(as_of: Timestamp, zone: TimeZone, catalog: &Catalog) -> Self {
        let today = as_of.date(&zone);
        Self { as_of, zone, today, week_start: catalog.week_start, fiscal_year_start: catalog.fiscal_year_start }
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// `as_of`, or its date.
    pub(super) fn now(&self, ty: &FieldType) -> Value {
        if *ty == FieldType::Date { Value::Date(self.today) } else { Value::Timestamp(self.as_of) }
    }

    /// `as_of` moved by a duration, forward or back.
    pub(super) fn shifted(&self, by: Duration, forward: bool, ty: &FieldType) -> Option<Value> {
        if *ty == FieldType::Date {
            return shift_date(self.today, by, forward).map(Value::Date);
        }
        self.shift_instant(by, forward).map(Value::Timestamp)
    }

    fn shift_instant(&self, by: Duration, forward: bool) -> Option<Timestamp> {
        let seconds: i64 = match by.unit {
            Unit::Minute => 60,
            Unit::Hour => 3_600,
            Unit::Day => 86_400,
            Unit::Week => 604_800,
            Unit::Month | Unit::Quarter | Unit::Year => {
                let months = signed(months_of(by)?, forward);
                let zoned = self.as_of.to_jiff().to_zoned(self.zone.clone());
                let moved = zoned.checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
                return Some(Timestamp::from_jiff(moved.timestamp()));
            }
        };
        let micros = i64::from(by.n).checked_mul(seconds)?.checked_mul(1_000_000)?;
        let moved =
            if forward { self.as_of.micros().checked_add(micros) } else { self.as_of.micros().checked_sub(micros) };
        Timestamp::from_micros(moved?)
    }

    /// The first day of a calendar unit, `offset` units from the current one.
    fn unit_start(&self, unit: Unit, offset: i64) -> Option<Date> {
        let today = self.today.to_civil()?;
        let first = match unit {
            Unit::Minute | Unit::Hour => return None,
            Unit::Day => today,
            Unit::Week => {
                let back = today.weekday().since(self.week_start.to_jiff());
                today.checked_sub(jiff::Span::new().days(i64::from(back))).ok()?
            }
            Unit::Month => today.first_of_month(),
            Unit::Quarter | Unit::Year => {
                let length = if unit == Unit::Year { 12 } else { 3 };
                let start = i8::try_from(self.fiscal_year_start).ok()?;
                let back = (i64::from(today.month()) - i64::from(start)).rem_euclid(length);
                today.first_of_month().checked_sub(jiff::Span::new().months(back)).ok()?
            }
        };
        let span = jiff::Span::new();
        let span = match unit {
            Unit::Day => span.try_days(offset),
            Unit::Week => span.try_weeks(offset),
            Unit::Quarter => span.try_months(offset.checked_mul(3)?),
            Unit::Year => span.try_years(offset),
            _ => span.try_months(offset),
        };
        first.checked_add(span.ok()?).ok().map(Date::from_civil)
    }

    /// The start of a calendar unit as a value of the type.
    pub(super) fn start_of(&self, start: StartOf, ty: &FieldType) -> Option<Value> {
        let day = self.unit_start(start.unit, start.offset.into())?;
        if *ty == FieldType::Date { Some(Value::Date(day)) } else { day.start(&self.zone).map(Value::Timestamp) }
    }

    /// The last so long, `as_of` (or today) included.
    pub(super) fn last(&self, by: Duration, ty: &FieldType) -> Option<Range> {
        let low = Bound::Included(self.shifted(by, false, ty)?);
        Some(Range { low, high: Bound::Included(self.now(ty)) })
    }

    /// Two spans of instants (or days) that follow each other up to now: `first`, and after it `last`.
    pub(super) fn before(&self, first: Duration, last: Duration, ty: &FieldType) -> Option<(Range, Range)> {
        let inactive = self.last(last, ty)?;
        let begin = self.shifted(last, false, ty)?;
        let start = match &begin {
            Value::Date(day) => shift_date(*day, first, false).map(Value::Date)?,
            Value::Timestamp(instant) => {
                let there = Self { as_of: *instant, zone: self.zone.clone(), ..*self };
                there.shift_instant(first, false).map(Value::Timestamp)?
            }
            _ => return None,
        };
        Some((Range { low: Bound::Included(start), high: Bound::Excluded(begin) }, inactive))
    }

    /// When something was that is from `least` to `most` whole days ago. Beyond the years that can be said nothing
    /// happened, so their ends stand for what lies further out.
    pub(super) fn days_ago(&self, least: Option<i64>, most: Option<i64>, ty: &FieldType) -> Range {
        const DAY: i64 = 86_400_000_000;
        let at = |days: i64| -> Value {
            if *ty == FieldType::Date {
                let day = i64::from(self.today.days())
                    .saturating_sub(days)
                    .clamp(Date::MIN.days().into(), Date::MAX.days().into());
                return Value::Date(i32::try_from(day).ok().and_then(Date::from_days).unwrap_or(self.today));
            }
            let micros = self.as_of.micros().saturating_sub(days.saturating_mul(DAY));
            let micros = micros.clamp(Timestamp::MIN.micros(), Timestamp::MAX.micros());
            Value::Timestamp(Timestamp::from_micros(micros).unwrap_or(self.as_of))
        };
        let low = match most {
            None => Bound::Open,
            Some(most) if *ty == FieldType::Date => Bound::Included(at(most)),
            // Going back, the n-th day ends just before the whole of n + 1 days is over.
            Some(most) => Bound::Excluded(at(most.saturating_add(1))),
        };
        Range { low, high: least.map_or(Bound::Open, |least| Bound::Included(at(least))) }
    }

    /// The coming so long, `as_of` (or today) included.
    pub(super) fn coming(&self, by: Duration, ty: &FieldType) -> Option<Range> {
        let end = self.shifted(by, true, ty)?;
        let high = if *ty == FieldType::Date { Bound::Included(end) } else { Bound::Excluded(end) };
        Some(Range { low: Bound::Included(self.now(ty)), high })
    }

    /// Calendar units, from the `from`-th (0 is the current one) to before the `to`-th.
    pub(super) fn units(&self, unit: Unit, from: i64, to: i64, ty: &FieldType) -> Option<Range> {
        let low = self.unit_start(unit, from)?;
        let high = self.unit_start(unit, to)?;
        if *ty == FieldType::Date {
            return Some(Range { low: Bound::Included(Value::Date(low)), high: Bound::Excluded(Value::Date(high)) });
        }
        Some(Range {
            low: Bound::Included(Value::Timestamp(low.start(&self.zone)?)),
            high: Bound::Excluded(Value::Timestamp(high.start(&self.zone)?)),
        })
    }

    /// The first instants of a day and of the day after.
    pub(super) fn day(&self, day: Date) -> Option<(Value, Value)> {
        Some((Value::Timestamp(day.start(&self.zone)?), Value::Timestamp(day.tomorrow()?.start(&self.zone)?)))
    }
}

fn signed(n: i64, forward: bool) -> i64 {
    if forward { n } else { -n }
}

fn months_of(by: Duration) -> Option<i64> {
    let each = match by.unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        _ => return None,
    };
    i64::from(by.n).checked_mul(each)
}

fn shift_date(date: Date, by: Duration, forward: bool) -> Option<Date> {
    let n = signed(by.n.into(), forward);
    let span = jiff::Span::new();
    let span = match by.unit {
        Unit::Minute | Unit::Hour => return None,
        Unit::Day => span.try_days(n),
        Unit::Week => span.try_weeks(n),
        _ => span.try_months(signed(months_of(by)?, forward)),
    };
    date.to_civil()?.checked_add(span.ok()?).ok().map(Date::from_civil)
}

/// The months and days that come round in a range of dates, as inclusive ranges of month × 100 + day.
///
/// In a year without 29 February, 28 February stands for it too.
pub(super) fn month_days(from: civil::Date, last: civil::Date) -> Vec<(u16, u16)> {
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
