//! Schedules that can't be read, and those that are over.

use cvm_core::{Date, Timestamp};
use jiff::civil;
use jiff::tz::TimeZone;

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::Trigger;
use crate::recurrence::Rule;

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let Trigger::Schedule { rule, from, .. } = &map.journey.entry.trigger else { return };
    let Some(first) = Date::parse(from).and_then(Date::to_civil) else { return };
    let rule: Rule = match rule.parse() {
        Ok(rule) => rule,
        Err(error) => {
            let found = Finding::new(Code::Rule, "/entry/trigger/rule", error.to_string());
            return out.push(found.help("a rule says how often and on which days: `FREQ=WEEKLY;BYDAY=MO,TH`"));
        }
    };
    let settings = &map.journey.settings;
    let last = last(&rule, first);
    if rule.has_end() && last.is_none() || rule.days(first).next().is_none() {
        let found = Finding::new(Code::ScheduleOver, "/entry/trigger/rule", "the schedule has no day at all");
        return out.push(found.help("change the days of the schedule"));
    }
    // A day is over last where clocks are twelve hours behind, and begins first where they are fourteen ahead.
    let over = last.and_then(ends);
    let begins = Date::from_civil(first).start(&TimeZone::fixed(jiff::tz::offset(14)));
    let shown = last.map(|day| day.to_string()).unwrap_or_default();
    let why = if last.is_some_and(|last| last < first) {
        format!("its last day is {shown}, before its first, {first}")
    } else if over.zip(known.now).is_some_and(|(over, now)| over <= now) {
        format!("its last day was {shown}")
    } else if over.zip(settings.start).is_some_and(|(over, start)| over <= start) {
        format!("its last day is {shown}, before the journey starts")
    } else if begins.zip(settings.end).is_some_and(|(begins, end)| end <= begins) {
        format!("its first day is {first}, when the journey is over")
    } else {
        return;
    };
    let found =
        Finding::new(Code::ScheduleOver, "/entry/trigger/rule", format!("nobody would enter by the schedule: {why}"));
    out.push(found.help("change the days of the schedule, or when the journey starts and ends"));
}

fn ends(day: civil::Date) -> Option<Timestamp> {
    Date::from_civil(day).tomorrow()?.start(&TimeZone::fixed(jiff::tz::offset(-12)))
}

/// The last day of a rule, where it has one. None of a long list is counted to its end.
fn last(rule: &Rule, first: civil::Date) -> Option<civil::Date> {
    if rule.has_end() { rule.days(first).take(MOST).last() } else { None }
}

const MOST: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_rule() {
        let first = civil::date(2026, 12, 1);
        for (rule, day) in [
            ("FREQ=WEEKLY;BYDAY=MO", None),
            ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261215", Some("2026-12-14")),
            ("FREQ=DAILY;COUNT=3", Some("2026-12-03")),
            ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", Some("2026-12-29")),
            ("FREQ=MONTHLY;COUNT=2", Some("2027-01-01")),
            ("FREQ=WEEKLY;COUNT=3;BYDAY=MO", Some("2026-12-21")),
        ] {
            let rule: Rule = rule.parse().unwrap_or_else(|error| panic!("{rule}: {error}"));
            assert_eq!(last(&rule, first).map(|day| day.to_string()).as_deref(), day, "{rule:?}");
        }
    }
}
