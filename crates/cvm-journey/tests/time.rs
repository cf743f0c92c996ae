//! Times on customers' clocks: every zone, around every change of its clocks.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::Timestamp;
use cvm_journey::model::{DayWindow, Duration, TimeOfDay, Unit, Weekday};
use cvm_journey::time::{after, sendable, within};
use jiff::Span;
use jiff::tz::{TimeZone, db};

fn instant(text: &str) -> Timestamp {
    Timestamp::parse_utc(text).expect("an instant")
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("a zone")
}

fn time(hour: u8, minute: u8) -> TimeOfDay {
    TimeOfDay::new(hour, minute).expect("a time")
}

fn window(from: TimeOfDay, to: TimeOfDay, days: &[Weekday]) -> DayWindow {
    DayWindow { from, to, days: days.to_vec() }
}

/// What the clocks of a zone show, as `2026-11-30 Mon 09:00`.
fn shown(at: Timestamp, zone: &TimeZone) -> String {
    at.to_jiff().to_zoned(zone.clone()).strftime("%F %a %H:%M").to_string()
}

#[test]
fn paris_at_nine_is_not_at_ten() {
    let (paris, nine) = (zone("Europe/Paris"), window(time(9, 0), time(10, 0), &[]));
    // In summer as in winter, and from the evening before clocks change.
    for (now, expected) in [
        ("2026-07-01T12:00:00Z", "2026-07-02 Thu 09:00"),
        ("2026-12-01T12:00:00Z", "2026-12-02 Wed 09:00"),
        ("2026-03-28T20:00:00Z", "2026-03-29 Sun 09:00"),
        ("2026-10-24T20:00:00Z", "2026-10-25 Sun 09:00"),
    ] {
        assert_eq!(shown(within(instant(now), &nine, &paris).expect("a time"), &paris), expected);
    }
}

#[test]
fn new_york_at_nine_is_not_at_eight() {
    let (zone, nine) = (zone("America/New_York"), window(time(9, 0), time(10, 0), &[]));
    let at = within(instant("2026-11-30T15:00:00Z"), &nine, &zone).expect("a time");
    assert_eq!((shown(at, &zone).as_str(), at.to_string().as_str()), ("2026-12-01 Tue 09:00", "2026-12-01T14:00:00Z"));
}

#[test]
fn tokyo_on_mondays_is_not_on_tuesdays() {
    let (zone, early) = (zone("Asia/Tokyo"), window(time(5, 0), time(5, 30), &[Weekday::Monday]));
    // It is Monday, six o'clock, in Tokyo: the next one is a week away.
    let at = within(instant("2026-11-29T21:00:00Z"), &early, &zone).expect("a time");
    assert_eq!(shown(at, &zone), "2026-12-07 Mon 05:00");
}

#[test]
fn los_angeles_on_fridays_is_not_on_thursdays() {
    let (zone, evening) = (zone("America/Los_Angeles"), window(time(18, 0), time(20, 0), &[Weekday::Friday]));
    // In London it is Friday already.
    let at = within(instant("2026-12-04T02:30:00Z"), &evening, &zone).expect("a time");
    assert_eq!(shown(at, &zone), "2026-12-04 Fri 18:00");
}

#[test]
fn quiet_hours_over_midnight() {
    let (paris, quiet) = (zone("Europe/Paris"), [window(time(22, 0), time(6, 0), &[])]);
    for (now, expected) in [
        ("2026-11-30T20:59:00Z", "2026-11-30 Mon 21:59"),
        ("2026-11-30T21:00:00Z", "2026-12-01 Tue 06:00"),
        ("2026-12-01T02:00:00Z", "2026-12-01 Tue 06:00"),
        ("2026-12-01T05:00:00Z", "2026-12-01 Tue 06:00"),
    ] {
        assert_eq!(shown(sendable(instant(now), &[], &quiet, &paris).expect("a time"), &paris), expected);
    }
    // Never anything, said at once.
    let all_day = [window(time(0, 0), time(0, 0), &[])];
    assert_eq!(sendable(instant("2026-11-30T20:59:00Z"), &[], &all_day, &paris), None);
}

/// Every change of clocks since 1970 and until 2040 of a zone.
fn changes(zone: &TimeZone) -> impl Iterator<Item = jiff::Timestamp> {
    let from = jiff::Timestamp::UNIX_EPOCH;
    let until = "2040-01-01T00:00:00Z".parse::<jiff::Timestamp>().expect("an instant");
    zone.following(from).map(|change| change.timestamp()).take_while(move |at| *at < until)
}

/// Every zone with its name, and how many changes were seen.
fn each_change(mut look: impl FnMut(&str, &TimeZone, jiff::Timestamp)) -> (usize, usize) {
    let (mut zones, mut seen) = (0, 0);
    for name in db().available() {
        let name = name.as_str();
        let zone = zone(name);
        zones += 1;
        for change in changes(&zone) {
            seen += 1;
            look(name, &zone, change);
        }
    }
    (zones, seen)
}

#[test]
fn windows_around_every_change_of_clocks() {
    let windows = [
        window(time(9, 0), time(10, 0), &[]),
        window(time(2, 15), time(2, 45), &[]),
        window(time(1, 0), time(1, 15), &[Weekday::Sunday, Weekday::Friday]),
        window(time(22, 0), time(6, 0), &[]),
        window(time(23, 30), time(0, 30), &[Weekday::Saturday]),
    ];
    let mut number = 0_usize;
    let (zones, seen) = each_change(|name, zone, change| {
        // Each window in its turn, from some minutes before the change to a day and more after it.
        number += 1;
        let window = &windows[number % windows.len()];
        let quiet = std::slice::from_ref(window);
        for minutes in [-121_i64, -1, 0, 59, 1_441] {
            let now = change.checked_add(Span::new().minutes(minutes)).expect("an instant");
            let now = Timestamp::from_jiff(now);
            let inside = |at: Timestamp| {
                let civil = zone.to_datetime(at.to_jiff());
                let day = Weekday::ALL[usize::try_from(civil.weekday().to_monday_zero_offset()).expect("a day")];
                window.holds(
                    day,
                    u16::try_from(i32::from(civil.hour()) * 60 + i32::from(civil.minute())).expect("a minute"),
                )
            };
            for (found, wanted) in [(within(now, window, zone), true), (sendable(now, &[], quiet, zone), false)] {
                let found = found.unwrap_or_else(|| panic!("{name} at {now}: none"));
                assert!(found >= now && inside(found) == wanted, "{name} at {now}: {found}");
                // Looked at every quarter of an hour, and at the moment before, nothing earlier would have done.
                let mut at = now.micros();
                let mut steps = 0;
                while at < found.micros() && steps < 150 {
                    let looked = Timestamp::from_micros(at).expect("an instant");
                    assert!(inside(looked) != wanted, "{name} at {now}: {looked} is before {found}");
                    at += 900_000_000;
                    steps += 1;
                }
                if found > now {
                    let before = Timestamp::from_micros(found.micros() - 1).expect("an instant");
                    assert!(inside(before) != wanted, "{name} at {now}: {before} is before {found}");
                }
            }
        }
    });
    println!("{seen} changes in {zones} zones");
    assert!(zones > 400 && seen > 20_000, "{zones} zones, {seen} changes");
}

#[test]
fn durations_around_every_change_of_clocks() {
    let mut number = 0_u32;
    let (zones, seen) = each_change(|name, zone, change| {
        number += 1;
        for hours in [-49_i64, -25, -23, -1, 0, 1] {
            let now = change.checked_add(Span::new().hours(hours).minutes(30)).expect("an instant");
            let now = Timestamp::from_jiff(now);
            for unit in [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month] {
                let duration = Duration { amount: 1 + number % 3, unit };
                let later = after(now, duration, zone).expect("in range");
                let seconds = u64::try_from((later.micros() - now.micros()) / 1_000_000).unwrap_or(0);
                assert!(
                    seconds >= duration.least_seconds() && seconds > 0,
                    "{name} at {now}: {duration} are {seconds} seconds"
                );
                if unit == Unit::Day && name == "Europe/Paris" {
                    let time = |at| shown(at, zone)[15..].to_owned();
                    // The same time of day, where the day has it.
                    assert!(time(later) == time(now) || time(now).starts_with("02:"), "{name} at {now}: {later}");
                }
            }
        }
    });
    assert!(zones > 400 && seen > 20_000, "{zones} zones, {seen} changes");
}
