//! Days that come round, as recurrence rules say (RFC 5545, section 3.3.10).
//!
//! Of the rules' parts those are read that are about days: `FREQ` (daily to yearly), `INTERVAL`, `COUNT`, `UNTIL`, `BYMONTH`,
//! `BYMONTHDAY`, `BYDAY`, `BYSETPOS`, `WKST`. Others are refused, so that no rule means something else than it says. The first
//! day is not one of them unless the rule says so.

use cvm_core::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use crate::model::TimeOfDay;

/// Why a rule can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A part is not written `NAME=value`, or its value is none.
    #[error("`{0}` is no part of a recurrence rule: write it like `FREQ=WEEKLY;BYDAY=MO`")]
    Part(String),
    /// A part that is not supported.
    #[error("`{0}` is not supported in recurrence rules: days are chosen by BYMONTH, BYMONTHDAY, BYDAY and BYSETPOS")]
    Unsupported(String),
    /// The rule does not say how often.
    #[error("the recurrence rule does not say how often: begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")]
    NoFrequency,
    /// The first day is none.
    #[error("`{0}` is no day: write it like `2026-12-01`")]
    From(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A recurrence rule.
///
/// ```
/// use cvm_journey::recurrence::Rule;
/// let rule: Rule = "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3".parse()?;
/// let days: Vec<String> = rule.days(jiff::civil::date(2026, 12, 1)).map(|day| day.to_string()).collect();
/// assert_eq!(days, ["2026-12-25", "2027-01-29", "2027-02-26"]);
/// # Ok::<(), cvm_journey::recurrence::RuleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    frequency: Frequency,
    interval: i32,
    count: Option<usize>,
    until: Option<Date>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    /// Days of the week, and which of them in the month or year; 0 for all.
    week_days: Vec<(i16, Weekday)>,
    positions: Vec<i32>,
    week_start: Weekday,
}

/// After so many periods without a day there are none: 29 February on a Monday comes every 40 years at the latest.
const EMPTY: u32 = 4_000;

impl std::str::FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let mut frequency = None;
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            week_days: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        for part in text.trim().trim_start_matches("RRULE:").split(';').filter(|part| !part.is_empty()) {
            let wrong = || RuleError::Part(part.to_owned());
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            match name.to_ascii_uppercase().as_str() {
                "FREQ" => {
                    frequency = Some(match value.to_ascii_uppercase().as_str() {
                        "DAILY" => Frequency::Daily,
                        "WEEKLY" => Frequency::Weekly,
                        "MONTHLY" => Frequency::Monthly,
                        "YEARLY" => Frequency::Yearly,
                        _ => return Err(RuleError::Unsupported(part.to_owned())),
                    });
                }
                "INTERVAL" => {
                    rule.interval = value.parse().ok().filter(|n| (1..=1_000).contains(n)).ok_or_else(wrong)?
                }
                "COUNT" => rule.count = Some(value.parse().ok().filter(|n| *n > 0).ok_or_else(wrong)?),
                "UNTIL" => rule.until = Some(until(value).ok_or_else(wrong)?),
                "BYMONTH" => rule.months = numbers(value, |n: &i8| (1..=12).contains(n)).ok_or_else(wrong)?,
                "BYMONTHDAY" => {
                    rule.month_days = numbers(value, |n: &i8| *n != 0 && (-31..=31).contains(n)).ok_or_else(wrong)?;
                }
                "BYSETPOS" => {
                    rule.positions = numbers(value, |n: &i32| *n != 0 && n.abs() <= 366).ok_or_else(wrong)?;
                }
                "BYDAY" => {
                    let days: Option<Vec<_>> = value.split(',').map(week_day).collect();
                    rule.week_days = days.ok_or_else(wrong)?;
                }
                "WKST" => {
                    let (0, day) = week_day(value).ok_or_else(wrong)? else { return Err(wrong()) };
                    rule.week_start = day;
                }
                _ => return Err(RuleError::Unsupported(name.to_owned())),
            }
        }
        rule.frequency = frequency.ok_or(RuleError::NoFrequency)?;
        let counted = rule.week_days.iter().any(|(which, _)| *which != 0);
        if counted && !matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly) {
            return Err(RuleError::Unsupported(
                "a number before a day of the week, other than monthly or yearly,".into(),
            ));
        }
        Ok(rule)
    }
}

/// A list of numbers of which each is right.
fn numbers<N: std::str::FromStr>(text: &str, right: impl Fn(&N) -> bool) -> Option<Vec<N>> {
    text.split(',').map(|number| number.parse().ok().filter(&right)).collect()
}

/// `MO`, `-1FR`.
fn week_day(text: &str) -> Option<(i16, Weekday)> {
    let at = text.len().checked_sub(2)?;
    let day = match text.get(at..)?.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let which = match text.get(..at)? {
        "" => 0,
        number => number.parse().ok().filter(|n: &i16| *n != 0 && n.abs() <= 53)?,
    };
    Some((which, day))
}

/// `20261231` or `20261231T235959Z`: the day counts.
fn until(text: &str) -> Option<Date> {
    let date = text.get(..8).filter(|date| date.bytes().all(|byte| byte.is_ascii_digit()))?;
    if !matches!(text.as_bytes().get(8), None | Some(b'T')) {
        return None;
    }
    Date::new(date.get(..4)?.parse().ok()?, date.get(4..6)?.parse().ok()?, date.get(6..8)?.parse().ok()?).ok()
}

impl Rule {
    /// Whether the rule says when it ends.
    #[must_use]
    pub const fn has_end(&self) -> bool {
        self.count.is_some() || self.until.is_some()
    }

    /// The days of the rule from a first one on.
    pub fn days(&self, from: Date) -> impl Iterator<Item = Date> + '_ {
        let mut period = self.period(from);
        let mut empty = 0;
        let mut found: std::vec::IntoIter<Date> = Vec::new().into_iter();
        let days = std::iter::from_fn(move || {
            loop {
                if let Some(day) = found.next() {
                    return Some(day);
                }
                let (first, end) = period?;
                let days = self.within(first, end, from);
                empty = if days.is_empty() { empty + 1 } else { 0 };
                if empty > EMPTY {
                    return None;
                }
                found = days.into_iter();
                period = self.after(first);
            }
        });
        let until = self.until;
        days.take_while(move |day| until.is_none_or(|until| *day <= until)).take(self.count.unwrap_or(usize::MAX))
    }

    /// The first day of the period of a day, and the first one after it.
    fn period(&self, day: Date) -> Option<(Date, Date)> {
        let first = match self.frequency {
            Frequency::Daily => day,
            Frequency::Weekly => day.checked_sub(i32::from(day.weekday().since(self.week_start)).days()).ok()?,
            Frequency::Monthly => day.first_of_month(),
            Frequency::Yearly => day.first_of_year(),
        };
        Some((first, first.checked_add(self.span(1)?).ok()?))
    }

    fn span(&self, periods: i32) -> Option<Span> {
        match self.frequency {
            Frequency::Daily => Span::new().try_days(periods).ok(),
            Frequency::Weekly => Span::new().try_weeks(periods).ok(),
            Frequency::Monthly => Span::new().try_months(periods).ok(),
            Frequency::Yearly => Span::new().try_years(periods).ok(),
        }
    }

    fn after(&self, first: Date) -> Option<(Date, Date)> {
        self.period(first.checked_add(self.span(self.interval)?).ok()?)
    }

    /// The days of a period, from the first day of all on.
    fn within(&self, first: Date, end: Date, from: Date) -> Vec<Date> {
        let all = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day < end);
        let mut days: Vec<Date> = all.filter(|day| self.takes(*day, from)).collect();
        if !self.positions.is_empty() {
            let many = i32::try_from(days.len()).unwrap_or(i32::MAX);
            let place = |position: &i32| if *position > 0 { position - 1 } else { many + position };
            let mut places: Vec<usize> =
                self.positions.iter().filter_map(|position| usize::try_from(place(position)).ok()).collect();
            places.sort_unstable();
            places.dedup();
            days = places.into_iter().filter_map(|place| days.get(place).copied()).collect();
        }
        days.retain(|day| *day >= from);
        days
    }

    fn takes(&self, day: Date, from: Date) -> bool {
        if !self.months.is_empty() && !self.months.contains(&day.month()) {
            return false;
        }
        let last = day.days_in_month();
        let on_day = |number: &i8| *number == day.day() || *number < 0 && last + 1 + *number == day.day();
        if !self.month_days.is_empty() && !self.month_days.iter().any(on_day) {
            return false;
        }
        if !self.week_days.is_empty() && !self.week_days.iter().any(|(which, own)| self.on_week_day(day, *which, *own))
        {
            return false;
        }
        if !self.month_days.is_empty() || !self.week_days.is_empty() {
            return true;
        }
        // What the rule leaves open, the first day says.
        match self.frequency {
            Frequency::Daily => true,
            Frequency::Weekly => day.weekday() == from.weekday(),
            Frequency::Monthly => day.day() == from.day(),
            Frequency::Yearly => day.day() == from.day() && (!self.months.is_empty() || day.month() == from.month()),
        }
    }

    /// Whether a day is that day of the week: the so-and-so-many-th of its month, or of its year.
    fn on_week_day(&self, day: Date, which: i16, own: Weekday) -> bool {
        if day.weekday() != own {
            return false;
        }
        let (number, of) = if self.frequency == Frequency::Yearly && self.months.is_empty() {
            (day.day_of_year(), day.days_in_year())
        } else {
            (i16::from(day.day()), i16::from(day.days_in_month()))
        };
        which == 0 || (number - 1) / 7 + 1 == which || -((of - number) / 7 + 1) == which
    }
}

/// The first instant after another one at which a rule holds, at a time of day in a zone. `None` where it is over.
///
/// ```
/// use cvm_core::Timestamp;
/// use cvm_journey::model::TimeOfDay;
/// use cvm_journey::recurrence::next;
/// let paris = jiff::tz::TimeZone::get("Europe/Paris")?;
/// let (ten, now) = (TimeOfDay::new(10, 0).expect("a time"), Timestamp::parse_utc("2026-12-07T09:00:00Z").expect("an instant"));
/// // It is ten o'clock on a Monday: the next one is a week later.
/// let monday = next("FREQ=WEEKLY;BYDAY=MO", "2026-12-01", ten, &paris, now)?.expect("a Monday");
/// assert_eq!(monday.to_string(), "2026-12-14T09:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A rule or a first day that can't be read.
pub fn next(
    rule: &str,
    from: &str,
    at: TimeOfDay,
    zone: &TimeZone,
    after: Timestamp,
) -> Result<Option<Timestamp>, RuleError> {
    let rule: Rule = rule.parse()?;
    let day = cvm_core::Date::parse(from).and_then(cvm_core::Date::to_civil);
    let day = day.ok_or_else(|| RuleError::From(from.to_owned()))?;
    let mut instants = rule.days(day).filter_map(|day| crate::time::on_day(day, None, at, zone));
    Ok(instants.find(|instant| *instant > after))
}
