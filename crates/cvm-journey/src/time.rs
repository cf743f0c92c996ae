//! Where instants are on the clocks of customers, and when those clocks say something.
//!
//! Times of day are kept as such and become instants late, in the zone of the customer they are for. A time that a day does
//! not have, because clocks go forward, is taken with the offset from before (RFC 5545, section 3.3.5): it comes later by as
//! much as the clocks skip. A time that a day has twice is the first one. Windows need neither rule: an instant is inside or
//! not by what clocks show then.

use cvm_core::Timestamp;
use jiff::civil::{Date, Weekday as Civil};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Zoned};

use crate::model::{DayWindow, Duration, Offset, TimeOfDay, Unit, Weekday};

/// Windows are looked for so many days ahead: one on a single day of the week, which clocks skip once, comes within them.
const DAYS: i64 = 22;

/// So long after an instant: minutes and hours by the clock that nobody changes, days, weeks and months to the same time of
/// day in the zone.
///
/// ```
/// use cvm_core::Timestamp;
/// use cvm_journey::model::Duration;
/// use cvm_journey::time::after;
/// let paris = jiff::tz::TimeZone::get("Europe/Paris")?;
/// let evening = Timestamp::parse_utc("2026-03-28T17:00:00Z").expect("an instant");
/// // In the night the clocks go forward: at 18:00 again, after 23 hours.
/// assert_eq!(after(evening, Duration::days(1), &paris).expect("in range").to_string(), "2026-03-29T16:00:00Z");
/// assert_eq!(after(evening, Duration::hours(24), &paris).expect("in range").to_string(), "2026-03-29T17:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// `None` beyond the year 9999.
#[must_use]
pub fn after(instant: Timestamp, duration: Duration, zone: &TimeZone) -> Option<Timestamp> {
    moved(&instant.to_jiff().to_zoned(zone.clone()), duration, false)
        .map(|zoned| Timestamp::from_jiff(zoned.timestamp()))
}

/// The instant at a time of day on a day, or so long before or after that day. `None` outside of the years −9999 to 9999.
///
/// ```
/// use cvm_journey::model::{Duration, Offset, TimeOfDay};
/// use cvm_journey::time::on_day;
/// let new_york = jiff::tz::TimeZone::get("America/New_York")?;
/// let birthday = jiff::civil::date(2026, 3, 10);
/// let nine = TimeOfDay::new(9, 0).expect("a time");
/// let instant = on_day(birthday, Some(Offset::Before(Duration::days(7))), nine, &new_york).expect("in range");
/// // A week before, clocks had not gone forward yet.
/// assert_eq!(instant.to_string(), "2026-03-03T14:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn on_day(day: Date, offset: Option<Offset>, at: TimeOfDay, zone: &TimeZone) -> Option<Timestamp> {
    let there = day.to_datetime(at.civil()).to_zoned(zone.clone()).ok()?;
    let moved = match offset {
        None => there,
        Some(Offset::Before(duration)) => moved(&there, duration, true)?,
        Some(Offset::After(duration)) => moved(&there, duration, false)?,
    };
    Some(Timestamp::from_jiff(moved.timestamp()))
}

fn moved(from: &Zoned, duration: Duration, back: bool) -> Option<Zoned> {
    let amount = i64::from(duration.amount);
    let span = match duration.unit {
        Unit::Minute => Span::new().try_minutes(amount),
        Unit::Hour => Span::new().try_hours(amount),
        Unit::Day => Span::new().try_days(amount),
        Unit::Week => Span::new().try_weeks(amount),
        Unit::Month => Span::new().try_months(amount),
    };
    let span = span.ok()?;
    if back { from.checked_sub(span).ok() } else { from.checked_add(span).ok() }
}

/// The first instant from one on that lies in the window; `None` where none does within three weeks.
///
/// ```
/// use cvm_core::Timestamp;
/// use cvm_journey::model::{DayWindow, TimeOfDay, Weekday};
/// use cvm_journey::time::within;
/// let tokyo = jiff::tz::TimeZone::get("Asia/Tokyo")?;
/// let time = |hour| TimeOfDay::new(hour, 0).expect("a time");
/// let window = DayWindow { from: time(5), to: time(6), days: vec![Weekday::Monday] };
/// // Saturday, 28 November 2026.
/// let now = Timestamp::parse_utc("2026-11-28T12:00:00Z").expect("an instant");
/// // Five o'clock on Monday in Tokyo is Sunday evening in London.
/// assert_eq!(within(now, &window, &tokyo).expect("a Monday").to_string(), "2026-11-29T20:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn within(instant: Timestamp, window: &DayWindow, zone: &TimeZone) -> Option<Timestamp> {
    first(instant, zone, &[window.from, window.to], |day, minute| window.holds(day, minute))
}

/// The first instant from one on at which something may be sent: inside one of the windows, if there are any, and in no
/// quiet hours. `None` where there is none within three weeks.
#[must_use]
pub fn sendable(instant: Timestamp, windows: &[DayWindow], quiet: &[DayWindow], zone: &TimeZone) -> Option<Timestamp> {
    let boundaries: Vec<TimeOfDay> = windows.iter().chain(quiet).flat_map(|window| [window.from, window.to]).collect();
    let inside = |windows: &[DayWindow], day, minute| windows.iter().any(|window| window.holds(day, minute));
    first(instant, zone, &boundaries, |day, minute| {
        (windows.is_empty() || inside(windows, day, minute)) && !inside(quiet, day, minute)
    })
}

/// The first instant from one on of which something holds that changes only at some times of day: then, at such a time on
/// one of the next days, or when clocks are put forward or back.
fn first(
    instant: Timestamp,
    zone: &TimeZone,
    boundaries: &[TimeOfDay],
    holds: impl Fn(Weekday, u16) -> bool,
) -> Option<Timestamp> {
    let now = instant.to_jiff();
    let shown = |at: jiff::Timestamp| {
        let civil = zone.to_datetime(at);
        let minute = i32::from(civil.hour()) * 60 + i32::from(civil.minute());
        holds(weekday(civil.date().weekday()), u16::try_from(minute).unwrap_or(0))
    };
    if shown(now) {
        return Some(instant);
    }
    let today = zone.to_datetime(now).date();
    let until = now.checked_add(Span::new().hours(24 * DAYS)).unwrap_or(jiff::Timestamp::MAX);
    let days = (-1..=DAYS).filter_map(|days| today.checked_add(Span::new().days(days)).ok());
    let at_times = days.flat_map(|day| boundaries.iter().flat_map(move |time| instants(day, *time, zone)));
    let changes = zone.following(now).map(|change| change.timestamp()).take_while(|at| *at <= until);
    let candidates = at_times.chain(changes).filter(|at| *at > now && shown(*at));
    candidates.min().map(Timestamp::from_jiff)
}

/// When clocks show a time on a day: once, twice, or never.
fn instants(day: Date, time: TimeOfDay, zone: &TimeZone) -> impl Iterator<Item = jiff::Timestamp> + use<> {
    let civil = day.to_datetime(time.civil());
    let offsets = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => [Some(offset), None],
        AmbiguousOffset::Fold { before, after } => [Some(before), Some(after)],
        AmbiguousOffset::Gap { .. } => [None, None],
    };
    offsets.into_iter().flatten().filter_map(move |offset| offset.to_timestamp(civil).ok())
}

const fn weekday(day: Civil) -> Weekday {
    match day {
        Civil::Monday => Weekday::Monday,
        Civil::Tuesday => Weekday::Tuesday,
        Civil::Wednesday => Weekday::Wednesday,
        Civil::Thursday => Weekday::Thursday,
        Civil::Friday => Weekday::Friday,
        Civil::Saturday => Weekday::Saturday,
        Civil::Sunday => Weekday::Sunday,
    }
}
