//! A world that follows from hashes: the same questions always get the same answers, and they change with time.

use cvm_core::{Filter, Timestamp};
use cvm_journey::machine::{Asked, Days, Event, When, World, WorldError};
use cvm_journey::model::{TimeOfDay, Zone};
use cvm_journey::time;
use jiff::civil::date;
use jiff::tz::TimeZone;

pub const DAY: i64 = 86_400_000_000;

/// Sixty-four bits that look like chance (S. Vigna, "splitmix64").
pub fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

pub fn hash(text: &str, numbers: &[u64]) -> u64 {
    let text = text.bytes().fold(7, |hash, byte| mix(hash ^ u64::from(byte)));
    numbers.iter().fold(text, |hash, number| mix(hash ^ number))
}

/// The world, and the events of the command that is carried out.
#[derive(Debug, Clone, Default)]
pub struct Fake {
    pub customers: u32,
    pub events: Vec<Event>,
}

/// A filter's share in percent stands in its field's name, `p50`; a list has a tenth.
fn share(text: &str) -> u64 {
    text.split("\"p").nth(1).and_then(|rest| rest.get(..2)?.parse().ok()).unwrap_or(10)
}

pub fn holds(filter: &Filter, now: i64, customer: u32) -> bool {
    let text = serde_json::to_string(filter).expect("a text");
    let hours = u64::try_from(now.div_euclid(DAY / 4)).expect("after 1970");
    hash(&text, &[hours, customer.into()]) % 100 < share(&text)
}

pub fn takes(filter: &Filter, event: &Event) -> bool {
    let text = serde_json::to_string(filter).expect("a text");
    hash(&text, &[event.at.cast_unsigned(), event.customer.into(), 3]) % 100 < share(&text)
}

/// The number of an order that stands in an event: one of a few, or none.
pub fn order(event: &Event) -> Option<u64> {
    let drawn = hash("order", &[event.at.cast_unsigned(), event.customer.into()]) % 4;
    (drawn > 0).then_some(drawn)
}

pub fn zone(customer: u32) -> TimeZone {
    let zones = ["Europe/Paris", "America/New_York", "Asia/Tokyo"];
    static ZONES: std::sync::OnceLock<[TimeZone; 3]> = std::sync::OnceLock::new();
    let zones = ZONES.get_or_init(|| zones.map(|zone| TimeZone::get(zone).expect("a zone")));
    zones[customer as usize % 3].clone()
}

fn birthday(customer: u32) -> Option<jiff::civil::Date> {
    let days = i64::try_from(hash("birthday", &[customer.into()]) % 90).expect("small");
    (days > 9).then(|| date(2026, 12, 1) + jiff::Span::new().days(days))
}

fn micros(instant: Option<Timestamp>) -> i64 {
    instant.map_or(i64::MAX, Timestamp::micros)
}

pub fn instant(when: When<'_>, now: i64, customer: u32) -> i64 {
    let (at, zone) = (Timestamp::from_micros(now).expect("an instant"), zone(customer));
    match when {
        When::After(duration) => micros(time::after(at, duration, &zone)),
        When::Day { offset, at, .. } => match birthday(customer) {
            None => i64::MIN,
            Some(day) => micros(time::on_day(day, offset, at.unwrap_or(midnight()), &zone)),
        },
        When::Within(window) => micros(time::within(at, window, &zone)),
        When::Sendable { windows, quiet } => micros(time::sendable(at, windows, quiet, &zone)),
    }
}

fn midnight() -> TimeOfDay {
    TimeOfDay::new(0, 0).expect("a time")
}

pub fn comes(days: Days<'_>, customer: u32) -> bool {
    let instant = birthday(customer).and_then(|day| time::on_day(day, days.offset, days.at, &zone(customer)));
    instant.is_some_and(|instant| (days.from..days.to).contains(&instant.micros()))
}

/// Every day at that time, in UTC.
pub fn next(at: TimeOfDay, after: i64) -> i64 {
    let minutes = i64::from(at.minutes()) * 60_000_000;
    let today = after.div_euclid(DAY) * DAY + minutes;
    if today > after { today } else { today + DAY }
}

impl World for Fake {
    fn members(&mut self, filter: Asked<'_>, now: i64) -> Result<Vec<u32>, WorldError> {
        Ok((0..self.customers).filter(|who| holds(filter.filter, now, *who)).collect())
    }

    fn holds(&mut self, filter: Asked<'_>, now: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        Ok(who.iter().map(|who| holds(filter.filter, now, *who)).collect())
    }

    fn events(&mut self, filter: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        Ok(which.iter().map(|at| takes(filter.filter, &self.events[*at as usize])).collect())
    }

    fn keys(&mut self, _: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        Ok(which.iter().map(|at| order(&self.events[*at as usize])).collect())
    }

    fn instants(&mut self, when: When<'_>, _: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        Ok(who.iter().map(|who| instant(when, now, *who)).collect())
    }

    fn days(&mut self, days: Days<'_>, _: &Zone) -> Result<Vec<u32>, WorldError> {
        Ok((0..self.customers).filter(|who| comes(days, *who)).collect())
    }

    fn next(&mut self, _: &str, _: &str, at: TimeOfDay, _: &Zone, after: i64) -> Result<Option<i64>, WorldError> {
        Ok(Some(next(at, after)))
    }
}
