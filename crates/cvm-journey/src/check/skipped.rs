//! Times of day that clocks skip: when they go forward while the journey runs, in the zone of customers without one.

use cvm_core::{FieldType, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span};

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::{DayWindow, NodeKind, TimeOfDay, Trigger, Wait, Weekday};

/// A time of day in the journey.
struct Placed<'j> {
    path: String,
    node: Option<&'j str>,
    at: TimeOfDay,
    /// For the beginnings and ends of windows: the days of the week on which it counts, all where none is named. A window
    /// begins or ends as soon as clocks show a later time.
    window: Option<Vec<Weekday>>,
}

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let settings = &map.journey.settings;
    let Ok(zone) = TimeZone::get(&settings.zone.fallback) else { return };
    let Some(begin) = settings.start.into_iter().chain(known.now).max() else { return };
    let two_years = || begin.to_jiff().checked_add(Span::new().hours(2 * 366 * 24)).ok().map(Timestamp::from_jiff);
    let Some(end) = settings.end.or_else(two_years) else { return };
    let gaps = gaps(&zone, begin, end);
    for placed in placed(map, known) {
        let Some((day, shown)) = gaps.iter().find_map(|gap| gap.skips(&placed)) else { continue };
        let name = &settings.zone.fallback;
        let message = format!("clocks in `{name}` skip {} on {day}", placed.at);
        let found = Finding::new(Code::SkippedTime, placed.path, message).nodes(placed.node);
        out.push(found.help(format!("{shown} takes its place on that day: choose another time where that matters")));
    }
}

/// What clocks skip: from one time to before another.
struct Gap {
    from: DateTime,
    to: DateTime,
}

impl Gap {
    /// The day on which the time is skipped, and what clocks show instead.
    fn skips(&self, placed: &Placed<'_>) -> Option<(Date, String)> {
        [self.from.date(), self.to.date()].into_iter().find_map(|day| {
            let there = day.to_datetime(placed.at.civil());
            let days = placed.window.as_deref().unwrap_or_default();
            let on = days.is_empty() || days.contains(&weekday(day)?);
            let moved = there.checked_add(self.from.duration_until(self.to)).ok()?;
            let later = if placed.window.is_some() { self.to } else { moved };
            (on && self.from <= there && there < self.to).then(|| (day, later.strftime("%H:%M").to_string()))
        })
    }
}

fn weekday(day: Date) -> Option<Weekday> {
    let number = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
    Weekday::ALL.get(number).copied()
}

fn gaps(zone: &TimeZone, begin: Timestamp, end: Timestamp) -> Vec<Gap> {
    let changes = zone.following(begin.to_jiff()).map(|change| change.timestamp());
    let changes = changes.take_while(|at| *at < end.to_jiff());
    let gaps = changes.filter_map(|at| {
        let before = at.checked_sub(SignedDuration::from_secs(1)).ok()?;
        let (from, to) = (zone.to_offset(before).to_datetime(at), zone.to_offset(at).to_datetime(at));
        (from < to).then_some(Gap { from, to })
    });
    gaps.collect()
}

fn placed<'j>(map: &Map<'j>, known: &Known<'_>) -> Vec<Placed<'j>> {
    let mut all = Vec::new();
    let mut put = |path: String, node, at: TimeOfDay, window| all.push(Placed { path, node, at, window });
    if let Trigger::Schedule { at, .. } | Trigger::Date { at, .. } = &map.journey.entry.trigger {
        put("/entry/trigger/at".to_owned(), None, *at, None);
    }
    for (i, node) in map.journey.nodes.iter().enumerate() {
        let (data, id) = (format!("/nodes/{i}/data"), Some(node.id.as_str()));
        match &node.kind {
            NodeKind::Wait(Wait::Date { at: Some(at), .. }) => put(format!("{data}/at"), id, *at, None),
            NodeKind::Wait(Wait::Date { at: None, field, .. }) => {
                let field = known.catalog.customers.fields.iter().find(|known| known.name == *field);
                // A day without a time is its midnight.
                if let (Some(FieldType::Date), Some(at)) = (field.map(|field| &field.ty), TimeOfDay::new(0, 0)) {
                    put(data, id, at, None);
                }
            }
            NodeKind::Wait(Wait::Window { window }) => both(&format!("{data}/window"), id, window, &mut put),
            _ => {}
        }
    }
    let settings = &map.journey.settings;
    for (i, window) in settings.quiet_hours.iter().enumerate() {
        both(&format!("/settings/quiet_hours/{i}"), None, window, &mut put);
    }
    for (channel, windows) in &settings.send_windows {
        let channel = crate::model::pointer(channel);
        for (i, window) in windows.iter().enumerate() {
            both(&format!("/settings/send_windows/{channel}/{i}"), None, window, &mut put);
        }
    }
    all
}

/// The beginning and the end of a window, which may be on the day after.
fn both<'j>(
    path: &str,
    node: Option<&'j str>,
    window: &DayWindow,
    put: &mut impl FnMut(String, Option<&'j str>, TimeOfDay, Option<Vec<Weekday>>),
) {
    put(format!("{path}/from"), node, window.from, Some(window.days.clone()));
    let over = window.to <= window.from;
    let after = |day: &Weekday| {
        let at = Weekday::ALL.iter().position(|each| each == day).unwrap_or(0);
        Weekday::ALL.iter().cycle().nth(at + 1).copied().unwrap_or(*day)
    };
    let days: Vec<Weekday> = window.days.iter().map(|day| if over { after(day) } else { *day }).collect();
    put(format!("{path}/to"), node, window.to, Some(days));
}
