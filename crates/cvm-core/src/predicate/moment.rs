//! Times that move with the instant of evaluation, before they are settled.
//!
//! Everything is evaluated with settled values. Beside them stands how they came about, for those who ask again later
//! without binding anew: a view in a database, for instance.

use jiff::Span;
use jiff::tz::TimeZone;

use super::Bound;
use crate::catalog::{Catalog, Weekday};
use crate::filter::Unit;
use crate::value::{Date, Timestamp, Value};

/// How a time follows from the instant of evaluation.
///
/// ```
/// use cvm_core::{Catalog, Timestamp, Value, filter::Unit};
/// use cvm_core::predicate::{Day, Moment, Shift};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}]}, "zone": "Europe/Paris"}"#)?;
/// let as_of = Timestamp::parse_utc("2024-03-31T22:30:00Z").expect("an instant");
/// let month = Moment::StartOf(Day { first_of: Unit::Month, shifts: vec![Shift::Months(-1)] });
/// // In Paris it is April by then, and March began before the clocks were put forward.
/// assert_eq!(month.at(as_of, &catalog).map(|value| value.to_string()).as_deref(), Some("2024-02-29T23:00:00Z"));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Moment {
    /// The instant of evaluation, moved.
    Instant(Vec<Shift>),
    /// A date.
    Date(Day),
    /// The first instant of a date in the catalog's zone.
    StartOf(Day),
}

/// A date that follows from the date of evaluation in the catalog's zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Day {
    /// The first day of the week, month, quarter or year that it is in; `day` is the date itself.
    pub first_of: Unit,
    /// Moved from there, one after the other.
    pub shifts: Vec<Shift>,
}

/// A step in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shift {
    /// Of an instant, by a fixed length.
    Seconds(i64),
    /// Of a date.
    Days(i64),
    /// By the calendar: the same day of another month or its last day; of an instant, at the same time of that day in
    /// the catalog's zone (in a gap the instant after it, in a fold the earlier one).
    Months(i64),
}

/// How the ends of a range move.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moving {
    /// The lower end; `None` if it stays.
    pub low: Option<Moment>,
    /// The upper end; `None` if it stays.
    pub high: Option<Moment>,
    /// An upper end that stays beside a moving one: whichever is nearer counts. The moving one is then the instant of
    /// evaluation, or its date, and is included.
    pub until: Bound,
    /// The end of the window that `high` cut off. Nothing is compared with it, but it must be a time that can be said.
    pub beyond: Option<Moment>,
    /// Whether an end outside the years that can be said is no error: their first or last time stands for it.
    pub held: bool,
}

/// What dates and instants follow from, beside the instant of evaluation.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    pub(crate) zone: TimeZone,
    pub(crate) week_start: Weekday,
    pub(crate) fiscal_year_start: u8,
}

impl Calendar {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        Self { zone: catalog.time_zone(), week_start: catalog.week_start, fiscal_year_start: catalog.fiscal_year_start }
    }

    /// The time that a moment is at `as_of`, which falls on the date `today`.
    pub(crate) fn settle(&self, moment: &Moment, as_of: Timestamp, today: Date) -> Option<Value> {
        Some(match moment {
            Moment::Instant(shifts) => {
                let moved = shifts.iter().try_fold(as_of, |instant, shift| shift.of_instant(instant, &self.zone));
                Value::Timestamp(moved?)
            }
            Moment::Date(day) => Value::Date(self.day(day, today)?),
            Moment::StartOf(day) => Value::Timestamp(self.day(day, today)?.start(&self.zone)?),
        })
    }

    fn day(&self, day: &Day, today: Date) -> Option<Date> {
        let first = first_of(day.first_of, today, self.week_start, self.fiscal_year_start)?;
        day.shifts.iter().try_fold(first, |date, shift| shift.of_date(date))
    }
}

impl Moment {
    /// The time that is meant at an instant of evaluation: a timestamp or a date. `None` outside the years that can be
    /// said.
    #[must_use]
    pub fn at(&self, as_of: Timestamp, catalog: &Catalog) -> Option<Value> {
        let calendar = Calendar::of(catalog);
        calendar.settle(self, as_of, as_of.date(&calendar.zone))
    }
}

impl Shift {
    /// A date, moved.
    pub(crate) fn of_date(self, date: Date) -> Option<Date> {
        let span = match self {
            Self::Seconds(_) => return None,
            Self::Days(n) => Span::new().try_days(n),
            Self::Months(n) => Span::new().try_months(n),
        };
        date.to_civil()?.checked_add(span.ok()?).ok().map(Date::from_civil)
    }

    /// An instant, moved.
    pub(crate) fn of_instant(self, instant: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let seconds = match self {
            Self::Seconds(n) => n,
            Self::Days(n) => n.checked_mul(86_400)?,
            Self::Months(n) => {
                let zoned = instant.to_jiff().to_zoned(zone.clone());
                let moved = zoned.checked_add(Span::new().try_months(n).ok()?).ok()?;
                return Some(Timestamp::from_jiff(moved.timestamp()));
            }
        };
        Timestamp::from_micros(instant.micros().checked_add(seconds.checked_mul(1_000_000)?)?)
    }
}

/// The first day of the calendar unit that a date is in.
fn first_of(unit: Unit, date: Date, week_start: Weekday, fiscal_year_start: u8) -> Option<Date> {
    let today = date.to_civil()?;
    let first = match unit {
        Unit::Minute | Unit::Hour => return None,
        Unit::Day => today,
        Unit::Week => {
            let back = today.weekday().since(week_start.to_jiff());
            today.checked_sub(Span::new().days(i64::from(back))).ok()?
        }
        Unit::Month => today.first_of_month(),
        Unit::Quarter | Unit::Year => {
            let length = if unit == Unit::Year { 12 } else { 3 };
            let start = i8::try_from(fiscal_year_start).ok()?;
            let back = (i64::from(today.month()) - i64::from(start)).rem_euclid(length);
            today.first_of_month().checked_sub(Span::new().months(back)).ok()?
        }
    };
    Some(Date::from_civil(first))
}
