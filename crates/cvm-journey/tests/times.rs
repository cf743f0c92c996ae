//! Times of day that clocks skip, zone by zone, and the days of schedules.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Timestamp};
use cvm_journey::model::Journey;
use cvm_journey::{Code, Finding, Known, check_with};
use serde_json::{Value, json};

fn found(settings: Value, trigger: Value, wait: Value, now: &str, code: Code) -> Vec<Finding> {
    let catalog = Catalog::from_json(
        r#"{"customers": {"table": "c", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "birthday", "type": "date"}]}}"#,
    );
    let journey = json!({"id": "a", "name": "A", "settings": settings, "entry": {"trigger": trigger},
        "nodes": [{"id": "in", "type": "entry"}, {"id": "wait", "type": "wait", "data": wait}, {"id": "out", "type": "end"}],
        "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "wait"},
            {"id": "2", "source": "wait", "sourceHandle": "next", "target": "out"}]});
    let journey = Journey::from_value(journey).expect("a journey");
    let catalog = catalog.expect("a catalog");
    let known = Known { now: Timestamp::parse_utc(now), ..Known::catalog(&catalog) };
    check_with(&journey, &known).0.into_iter().filter(|found| found.code == code).collect()
}

fn pause() -> Value {
    json!({"until": "duration", "duration": {"amount": 1, "unit": "day"}})
}

fn schedule(at: &str) -> Value {
    json!({"type": "schedule", "rule": "FREQ=DAILY", "from": "2026-01-01", "at": at, "filter": {"type": "everyone"}})
}

#[test]
fn clocks_skip_what_they_skip() {
    for (zone, at, told) in [
        ("Europe/Paris", "01:59", None),
        ("Europe/Paris", "02:00", Some("skip 02:00 on 2027-03-28")),
        ("Europe/Paris", "02:59", Some("skip 02:59 on 2027-03-28")),
        ("Europe/Paris", "03:00", None),
        ("America/New_York", "02:30", Some("skip 02:30 on 2027-03-14")),
        // Half an hour, in October.
        ("Australia/Lord_Howe", "02:15", Some("skip 02:15 on 2027-10-03")),
        ("Australia/Lord_Howe", "02:30", None),
        // At midnight.
        ("Asia/Beirut", "00:00", Some("skip 00:00 on 2027-03-28")),
        ("Africa/Cairo", "00:30", Some("skip 00:30 on 2027-04-30")),
        ("Asia/Tokyo", "02:30", None),
        ("UTC", "02:30", None),
    ] {
        let settings = json!({"zone": {"fallback": zone}});
        let found = found(settings, schedule(at), pause(), "2026-11-30T12:00:00Z", Code::SkippedTime);
        assert_eq!(found.len(), usize::from(told.is_some()), "{zone} {at}: {found:?}");
        for (found, told) in found.iter().zip(told) {
            assert!(found.message.ends_with(told), "{zone} {at}: {found}");
            assert_eq!(found.path, "/entry/trigger/at");
        }
    }
}

#[test]
fn only_while_the_journey_runs() {
    for (start, end, told) in [
        (None, None, true),
        (None, Some("2027-03-28T00:59:59Z"), false),
        (None, Some("2027-03-28T01:00:01Z"), true),
        (Some("2027-03-28T01:00:00Z"), Some("2027-12-01T00:00:00Z"), false),
        (Some("2027-03-27T01:00:00Z"), Some("2027-12-01T00:00:00Z"), true),
    ] {
        let mut settings = json!({"zone": {"fallback": "Europe/Paris"}});
        for (key, at) in [("start", start), ("end", end)] {
            if let Some(at) = at {
                settings.as_object_mut().expect("an object").insert(key.to_owned(), json!(at));
            }
        }
        let found = found(settings, schedule("02:30"), pause(), "2026-11-30T12:00:00Z", Code::SkippedTime);
        assert_eq!(found.len(), usize::from(told), "{start:?} {end:?}");
    }
}

#[test]
fn waits_and_windows_too() {
    let settings = json!({"zone": {"fallback": "Europe/Paris"}});
    let window = |days: Value| json!({"until": "window", "window": {"from": "22:00", "to": "02:30", "days": days}});
    for (wait, path) in [
        (json!({"until": "date", "field": "birthday", "at": "02:30"}), Some("/nodes/1/data/at")),
        (json!({"until": "date", "field": "birthday"}), None),
        (window(json!([])), Some("/nodes/1/data/window/to")),
        // It ends on the day after.
        (window(json!(["saturday"])), Some("/nodes/1/data/window/to")),
        (window(json!(["sunday"])), None),
    ] {
        let found =
            found(settings.clone(), json!({"type": "api"}), wait.clone(), "2026-11-30T12:00:00Z", Code::SkippedTime);
        assert_eq!(
            found.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(),
            path.into_iter().collect::<Vec<_>>(),
            "{wait}"
        );
    }
    // A day without a time is its midnight.
    let settings = json!({"zone": {"fallback": "Asia/Beirut"}});
    let birthday = json!({"until": "date", "field": "birthday"});
    let found = found(settings, json!({"type": "api"}), birthday, "2026-11-30T12:00:00Z", Code::SkippedTime);
    assert_eq!(found.len(), 1);
}

#[test]
fn schedules_with_a_day_left() {
    for (rule, from, now, over) in [
        ("FREQ=WEEKLY;BYDAY=MO", "2020-01-01", "2026-11-30T12:00:00Z", false),
        // On its last day somewhere it still comes.
        ("FREQ=DAILY;UNTIL=20261130", "2026-01-01", "2026-12-01T11:59:00Z", false),
        ("FREQ=DAILY;UNTIL=20261130", "2026-01-01", "2026-12-01T12:00:00Z", true),
        ("FREQ=DAILY;UNTIL=20251231", "2026-01-01", "2025-11-30T12:00:00Z", true),
        ("FREQ=DAILY;COUNT=30", "2026-11-01", "2026-11-30T12:00:00Z", false),
        ("FREQ=DAILY;COUNT=29", "2026-11-01", "2026-11-30T12:00:00Z", true),
        ("freq=daily;count=29", "2026-11-01", "2026-11-30T12:00:00Z", true),
        ("FREQ=DAILY;COUNT=29;BYDAY=MO", "2026-11-01", "2026-11-30T12:00:00Z", false),
        ("every other day", "2026-11-01", "2026-11-30T12:00:00Z", false),
    ] {
        let mut trigger = schedule("09:00");
        for (key, value) in [("rule", rule), ("from", from)] {
            trigger.as_object_mut().expect("an object").insert(key.to_owned(), json!(value));
        }
        let found = found(json!({}), trigger, pause(), now, Code::ScheduleOver);
        assert_eq!(found.len(), usize::from(over), "{rule} {from} {now}: {found:?}");
    }
}
