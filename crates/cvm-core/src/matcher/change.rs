//! When time alone will change a verdict.
//!
//! A verdict is the outcome of comparing times in the data with times that move. It can only change where a moving time
//! passes one in the data, and each such instant can be found: the time in the data moved back by a fixed length, or
//! found among the days by halving, as whole days and months move forward only. All of them are tried in order.

use super::Matcher;
use super::times::Follows;
use crate::diagnostic::Diagnostics;
use crate::eval::History;
use crate::predicate::{Calendar, Moment, Shift};
use crate::value::{Date, Timestamp, Value};

const DAY: i64 = 86_400_000_000;

impl Matcher {
    /// The first instant after `as_of` and up to `until` at which the verdict on a customer becomes another one while
    /// the data stays as it is; `None` if it stays the same. A filter that can't be asked any more (see
    /// [`Matcher::matches`]) changes no more.
    ///
    /// It tries every instant at which a time in the data enters or leaves a window, so it takes much longer than
    /// [`Matcher::matches`].
    ///
    /// # Errors
    /// As [`Matcher::matches`], at `as_of`.
    ///
    /// ```
    /// use cvm_core::{Catalog, Matcher, Timestamp};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///         {"name": "id", "type": "int", "nullable": false}]},
    ///     "events": [{"name": "purchase", "table": "purchases", "customer": "id", "time": "at"}]}"#)?;
    /// let matcher = Matcher::new(&"count(purchase within last 30 days) >= 1".parse()?, &catalog)?;
    /// let row = catalog.profile_from_json(&serde_json::json!({"id": 7}))?;
    /// let history = catalog.history_from_json(&serde_json::json!([
    ///     {"event": "purchase", "time": "2024-05-01T10:00:00Z"}]))?;
    /// let time = |text| Timestamp::parse_utc(text).expect("an instant");
    /// let change = matcher.next_change(&row, &history, time("2024-05-02T00:00:00Z"), time("2025-01-01T00:00:00Z"))?;
    /// // The last microsecond at which it is inside is 10:00 sharp.
    /// assert_eq!(change.map(|at| at.to_string()).as_deref(), Some("2024-05-31T10:00:00.000001Z"));
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn next_change(
        &self,
        row: &[Value],
        history: &History,
        as_of: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, Diagnostics> {
        let now = self.matches(row, history, as_of)?;
        let mut search = Search {
            calendar: &self.times.calendar,
            from: Date::from_days(as_of.date(&self.times.calendar.zone).days().saturating_sub(2)).unwrap_or(Date::MIN),
            to: Date::from_days(until.date(&self.times.calendar.zone).days().saturating_add(2)).unwrap_or(Date::MAX),
            found: Vec::new(),
        };
        let data = Data::of(row, history);
        self.candidates(&data, &mut search);
        let mut found = search.found;
        found.retain(|at| *at > as_of.micros() && *at <= until.micros());
        found.sort_unstable();
        found.dedup();
        for at in found.into_iter().filter_map(Timestamp::from_micros) {
            match self.matches(row, history, at) {
                Ok(then) if then == now => {}
                Ok(_) => return Ok(Some(at)),
                Err(_) => return Ok(None),
            }
        }
        Ok(None)
    }

    fn candidates(&self, data: &Data, search: &mut Search<'_>) {
        for slot in &self.times.slots {
            let Some(moment) = &slot.moment else { continue };
            match (slot.follows, moment) {
                (Follows::Plus(plus), _) => {
                    for at in &data.instants {
                        // Where it reaches the time, and where it has passed it.
                        search.found.extend([at.saturating_sub(plus), at.saturating_sub(plus).saturating_add(1)]);
                    }
                }
                (_, Moment::Instant(shifts)) => data.instants.iter().for_each(|at| search.months(shifts, *at)),
                (_, Moment::Date(_)) => data.days.iter().for_each(|day| search.passes(moment, *day)),
                (_, Moment::StartOf(_)) => data.instants.iter().for_each(|at| search.passes(moment, *at)),
            }
        }
        for round in &self.times.rounds {
            let moving = round.window.moving.as_deref();
            let ends = moving.into_iter().flat_map(|moving| [&moving.low, &moving.high]).flatten();
            for moment in ends {
                data.days.iter().for_each(|day| search.comes_round(moment, *day));
            }
        }
    }
}

/// The times in a customer's data.
#[derive(Default)]
struct Data {
    days: Vec<i64>,
    instants: Vec<i64>,
}

impl Data {
    fn of(row: &[Value], history: &History) -> Self {
        let mut data = Self::default();
        row.iter().for_each(|value| data.add(value));
        for event in history.events.iter().flatten() {
            data.add(&event.time);
            event.properties.iter().for_each(|value| data.add(value));
        }
        history.related.iter().flatten().flatten().for_each(|value| data.add(value));
        for list in [&mut data.days, &mut data.instants] {
            list.sort_unstable();
            list.dedup();
        }
        data
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Date(day) => self.days.push(day.days().into()),
            Value::Timestamp(at) => self.instants.push(at.micros()),
            _ => {}
        }
    }
}

/// The search for instants at which something may change.
struct Search<'m> {
    calendar: &'m Calendar,
    /// The days between which anything is looked for.
    from: Date,
    to: Date,
    found: Vec<i64>,
}

impl Search<'_> {
    /// The first day of which something holds that holds of all later days too.
    fn first_day(&self, holds: impl Fn(Date) -> bool) -> Option<Date> {
        let (mut low, mut high) = (self.from.days(), self.to.days().saturating_add(1));
        while low < high {
            let middle = low + (high - low) / 2;
            if Date::from_days(middle).is_none_or(&holds) { high = middle } else { low = middle + 1 }
        }
        Date::from_days(low).filter(|day| *day <= self.to)
    }

    /// Where a day begins, and where its clocks are changed.
    fn day(&mut self, day: Date) {
        let Some(start) = day.start(&self.calendar.zone) else { return };
        self.found.push(start.micros());
        let mut at = Timestamp::from_micros(start.micros().saturating_sub(1)).unwrap_or(start);
        for _ in 0..4 {
            let until = self.calendar.stretch(at).until;
            self.found.push(until);
            let Some(next) = Timestamp::from_micros(until) else { return };
            at = next;
        }
    }

    /// What a moment of whole days is on a date, as a number.
    fn on(&self, moment: &Moment, day: Date) -> Option<i64> {
        self.calendar.settle(moment, Timestamp::MIN, day).as_ref().and_then(super::times::ticks)
    }

    /// The days on which a moment of whole days reaches a time, and on which it has passed it.
    fn passes(&mut self, moment: &Moment, time: i64) {
        for wanted in [time, time.saturating_add(1)] {
            let reached = |day: Date| self.on(moment, day).is_none_or(|at| at >= wanted);
            if let Some(day) = self.first_day(reached) {
                self.day(day);
            }
        }
    }

    /// As [`Search::passes`], for the same day of every year, and those beside it: 29 February has neighbours.
    fn comes_round(&mut self, moment: &Moment, day: i64) {
        let civil = |days: i64| i32::try_from(days).ok().and_then(Date::from_days).and_then(Date::to_civil);
        let ends = [self.from, self.to].map(|day| self.on(moment, day).and_then(civil));
        let (Some(date), [first, last]) = (civil(day), ends) else { return };
        let years = first.map_or(-9_998, |first| first.year() - 1)..=last.map_or(9_998, |last| last.year() + 1);
        for year in years {
            let Ok(near) = date.with().day(date.day().min(28)).year(year).build() else { continue };
            let near = i64::from(Date::from_civil(near).days());
            (-2..=3).for_each(|beside| self.passes(moment, near + beside));
        }
    }

    /// The instants around which a move by months reaches a time: on the few days from which it leads there, by what
    /// clocks are ahead on either day.
    fn months(&mut self, shifts: &[Shift], time: i64) {
        let Some(target) = Timestamp::from_micros(time) else { return };
        let moved = |day: Date| {
            shifts.iter().try_fold(day, |day, shift| match shift {
                Shift::Seconds(n) => Shift::Days(n.div_euclid(86_400)).of_date(day),
                other => other.of_date(day),
            })
        };
        let near = i64::from(target.date(&self.calendar.zone).days());
        let first = self.first_day(|day| moved(day).is_none_or(|day| i64::from(day.days()) >= near - 2));
        let last = self.first_day(|day| moved(day).is_none_or(|day| i64::from(day.days()) > near + 2));
        let (Some(first), last) = (first, last.unwrap_or(self.to)) else { return };
        for day in (first.days()..=last.days()).filter_map(Date::from_days) {
            self.day(day);
            let (Some(start), Some(to)) = (day.start(&self.calendar.zone), moved(day)) else { continue };
            let days = i64::from(to.days()) - i64::from(day.days());
            let here = self.aheads(start);
            let there = self.aheads(target);
            let (before, after) = super::day::changes(&self.calendar.zone, target);
            let near = |change: &i64| change.abs_diff(time) < 5 * DAY.unsigned_abs();
            let changes: Vec<i64> = before.into_iter().chain(after).filter(near).collect();
            // A time on a day with another date by `seconds` of a second step may lead a day further.
            let seconds = shifts.iter().fold(0, |sum: i64, shift| match shift {
                Shift::Seconds(n) => sum.saturating_add(n.rem_euclid(86_400).saturating_mul(1_000_000)),
                _ => sum,
            });
            for (here, there) in here.iter().flat_map(|here| there.iter().map(move |there| (here, there))) {
                for at in changes.iter().copied().chain([time]) {
                    let back = at.saturating_add(*there).saturating_sub(*here).saturating_sub(days * DAY);
                    for back in [back, back.saturating_sub(seconds)] {
                        self.found.extend([back, back.saturating_add(1)]);
                    }
                }
            }
        }
    }

    /// What clocks are ahead of UTC shortly before and after an instant, in microseconds.
    fn aheads(&self, at: Timestamp) -> Vec<i64> {
        let around = [-3 * DAY, -DAY, 0, DAY, 2 * DAY, 3 * DAY];
        let near = around.iter().filter_map(|by| Timestamp::from_micros(at.micros().checked_add(*by)?));
        let mut aheads: Vec<i64> = near.map(|at| super::day::ahead(&self.calendar.zone, at)).collect();
        aheads.sort_unstable();
        aheads.dedup();
        aheads
    }
}
