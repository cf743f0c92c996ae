//! Values that stay the same for a whole day, kept for the day that was asked about last.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering, fence};

use jiff::tz::TimeZone;

use super::times::Settled;
use crate::catalog::Catalog;
use crate::predicate::{Calendar, Moment, Shift};
use crate::value::{Date, Timestamp};

/// Stands for a number that isn't the same for the whole day.
pub(super) const COMPUTED: i64 = i64::MIN;

/// A stretch of time within one day, on which no clock is changed.
pub(super) struct Stretch {
    /// First microsecond.
    pub(super) from: i64,
    /// One past the last.
    pub(super) until: i64,
    pub(super) today: Date,
    /// What the zone's clocks are ahead of UTC, in microseconds.
    ahead: i64,
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

impl Calendar {
    /// The stretch that an instant lies in.
    pub(super) fn stretch(&self, as_of: Timestamp) -> Stretch {
        let ahead = ahead(&self.zone, as_of);
        let local = as_of.micros().saturating_add(ahead);
        let midnight = local.div_euclid(DAY).saturating_mul(DAY).saturating_sub(ahead);
        let (before, after) = changes(&self.zone, as_of);
        Stretch {
            from: before.map_or(midnight, |change| midnight.max(change)),
            until: after.map_or(midnight.saturating_add(DAY), |change| midnight.saturating_add(DAY).min(change)),
            today: as_of.date(&self.zone),
            ahead,
        }
    }

    /// How far an instant of the stretch is moved by some months; `None` where that depends on the time of day.
    pub(super) fn months_on(&self, moment: &Moment, stretch: &Stretch) -> Option<i64> {
        let Moment::Instant(shifts) = moment else { return None };
        let [shift @ Shift::Months(_)] = shifts.as_slice() else { return None };
        let target = shift.of_date(stretch.today)?;
        // No zone is as far as two days from UTC: without a change around the day, it has one offset.
        let noon = Timestamp::from_micros(i64::from(target.days()).checked_mul(DAY)? + DAY / 2)?;
        let (before, after) = changes(&self.zone, noon);
        let near =
            |change: Option<i64>| change.is_some_and(|change| change.abs_diff(noon.micros()) < 3 * DAY.unsigned_abs());
        if near(before) || near(after) {
            return None;
        }
        let days = i64::from(target.days()) - i64::from(stretch.today.days());
        Some(days * DAY + stretch.ahead - ahead(&self.zone, noon))
    }
}

impl Moment {
    /// Up to when a date, or the first instant of one, is the same as at an instant: the first instant at which it may
    /// be another one. `None` for an instant that is moved, and at the end of the times that can be said.
    ///
    /// ```
    /// use cvm_core::predicate::{Day, Moment};
    /// use cvm_core::filter::Unit;
    /// use cvm_core::{Catalog, Timestamp};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///     {"name": "id", "type": "int", "nullable": false}]}, "zone": "Europe/Paris"}"#)?;
    /// let month = Moment::StartOf(Day { first_of: Unit::Month, shifts: Vec::new() });
    /// let noon = Timestamp::parse_utc("2024-06-15T12:00:00Z").expect("an instant");
    /// let until = month.stays_until(noon, &catalog);
    /// assert_eq!(until.map(|at| at.to_string()).as_deref(), Some("2024-06-15T22:00:00Z"));
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn stays_until(&self, as_of: Timestamp, catalog: &Catalog) -> Option<Timestamp> {
        match self {
            Self::Instant(_) => None,
            Self::Date(_) | Self::StartOf(_) => Timestamp::from_micros(Calendar::of(catalog).stretch(as_of).until),
        }
    }
}

/// What clocks are ahead of UTC, in microseconds.
pub(super) fn ahead(zone: &TimeZone, at: Timestamp) -> i64 {
    i64::from(zone.to_offset(at.to_jiff()).seconds()) * SECOND
}

/// When clocks were changed last, at this very instant or before, and when they are next.
pub(super) fn changes(zone: &TimeZone, at: Timestamp) -> (Option<i64>, Option<i64>) {
    let instant = at.to_jiff();
    // What `preceding` finds lies strictly before.
    let next = instant.checked_add(jiff::Span::new().microseconds(1)).unwrap_or(instant);
    let micros = |change: jiff::tz::TimeZoneTransition<'_>| Timestamp::from_jiff(change.timestamp()).micros();
    (zone.preceding(next).next().map(micros), zone.following(instant).next().map(micros))
}

/// The values of one stretch, written and read by any number of threads without waiting: who meets a write in progress
/// computes for itself. A sequence lock, as in H.-J. Boehm, "Can seqlocks get along with programming language memory
/// models?", MSPC 2012.
#[derive(Debug, Default)]
pub(super) struct DayCache {
    /// Odd while somebody writes; 0 before anybody did.
    version: AtomicU64,
    from: AtomicI64,
    until: AtomicI64,
    values: Box<[AtomicI64]>,
}

impl DayCache {
    pub(super) fn of(len: usize) -> Self {
        Self { values: std::iter::repeat_with(AtomicI64::default).take(len).collect(), ..Self::default() }
    }

    /// Adds the values of the stretch that `as_of` lies in to `out`, if they are there.
    pub(super) fn read(&self, as_of: i64, out: &mut Settled) -> bool {
        let version = self.version.load(Ordering::Acquire);
        if version == 0 || version % 2 == 1 {
            return false;
        }
        let inside = self.from.load(Ordering::Relaxed) <= as_of && as_of < self.until.load(Ordering::Relaxed);
        if inside {
            out.extend(self.values.iter().map(|value| value.load(Ordering::Relaxed)));
        }
        fence(Ordering::Acquire);
        let same = self.version.load(Ordering::Relaxed) == version;
        if !(inside && same) {
            out.clear();
        }
        inside && same
    }

    /// Keeps the values of a stretch, unless somebody else is writing.
    pub(super) fn write(&self, from: i64, until: i64, values: &[i64]) {
        let version = self.version.load(Ordering::Relaxed);
        let odd = version.wrapping_add(1);
        if version % 2 == 1
            || self.version.compare_exchange(version, odd, Ordering::Acquire, Ordering::Relaxed).is_err()
        {
            return;
        }
        fence(Ordering::Release);
        self.from.store(from, Ordering::Relaxed);
        self.until.store(until, Ordering::Relaxed);
        for (cell, value) in self.values.iter().zip(values) {
            cell.store(*value, Ordering::Relaxed);
        }
        self.version.store(odd.wrapping_add(1), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_see_whole_days_only() {
        let cache = DayCache::of(9);
        let wrong = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for start in 0..2_i64 {
                let cache = &cache;
                scope.spawn(move || {
                    for day in (start..40_000).step_by(2) {
                        cache.write(day * 10, day * 10 + 10, &[day; 9]);
                    }
                });
            }
            for start in 0..2_i64 {
                let (cache, wrong) = (&cache, &wrong);
                scope.spawn(move || {
                    for as_of in (start..400_000).step_by(3) {
                        let mut out = Settled::new();
                        if cache.read(as_of, &mut out) && (out.len() != 9 || out.iter().any(|day| *day != as_of / 10)) {
                            wrong.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(wrong.load(Ordering::Relaxed), 0);
        let mut out = Settled::new();
        cache.write(0, 10, &[7; 9]);
        assert!(cache.read(9, &mut out) && out.as_slice() == [7; 9] && !cache.read(10, &mut Settled::new()));
    }
}
