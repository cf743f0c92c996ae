//! Schedules that are over: of a recurrence rule (RFC 5545, section 3.3.10) only its end is read here.

use cvm_core::{Date, Timestamp};
use jiff::tz::TimeZone;
use jiff::{Span, civil};

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::Trigger;

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let Trigger::Schedule { rule, from, .. } = &map.journey.entry.trigger else { return };
    let Some(first) = Date::parse(from).and_then(Date::to_civil) else { return };
    let settings = &map.journey.settings;
    let last = last(rule, first);
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

/// The last day on which a rule may come, where it says one.
fn last(rule: &str, first: civil::Date) -> Option<civil::Date> {
    let parts: Vec<(String, &str)> = rule
        .split(';')
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key.trim().to_ascii_uppercase(), value.trim()))
        .collect();
    let get = |key: &str| parts.iter().find(|(known, _)| known == key).map(|(_, value)| *value);
    if let Some(until) = get("UNTIL") {
        let day = civil::Date::strptime("%Y%m%d", until.get(..8)?).ok()?;
        // An instant may be on the next day already, where clocks are ahead.
        return if until.len() > 8 { day.tomorrow().ok() } else { Some(day) };
    }
    let times = get("COUNT")?.parse::<i64>().ok()?.checked_sub(1)?;
    let every = get("INTERVAL").map_or(Some(1), |every| every.parse::<i64>().ok())?;
    // With other parts, such as `BYDAY`, the days would have to be counted.
    if times < 0
        || every < 1
        || parts.iter().any(|(key, _)| !matches!(key.as_str(), "FREQ" | "INTERVAL" | "COUNT" | "WKST"))
    {
        return None;
    }
    let steps = times.checked_mul(every)?;
    let span = match get("FREQ")?.to_ascii_uppercase().as_str() {
        "DAILY" => Span::new().try_days(steps),
        "WEEKLY" => Span::new().try_weeks(steps),
        // Months without the day are passed over.
        "MONTHLY" if first.day() <= 28 => Span::new().try_months(steps),
        "YEARLY" if first.day() <= 28 => Span::new().try_years(steps),
        _ => return None,
    };
    first.checked_add(span.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_rule() {
        let first = civil::date(2026, 12, 1);
        for (rule, day) in [
            ("FREQ=WEEKLY;BYDAY=MO", None),
            ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261215", Some("2026-12-15")),
            ("FREQ=DAILY;UNTIL=20261215T120000Z", Some("2026-12-16")),
            ("FREQ=DAILY;COUNT=3", Some("2026-12-03")),
            ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", Some("2026-12-29")),
            ("FREQ=MONTHLY;COUNT=2", Some("2027-01-01")),
            ("FREQ=WEEKLY;COUNT=3;BYDAY=MO", None),
            ("FREQ=DAILY;COUNT=0", None),
            ("FREQ=DAILY;UNTIL=soon", None),
            ("", None),
        ] {
            assert_eq!(last(rule, first).map(|day| day.to_string()).as_deref(), day, "{rule}");
        }
        assert_eq!(last("FREQ=MONTHLY;COUNT=2", civil::date(2026, 12, 31)), None);
    }
}
