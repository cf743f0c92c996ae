//! A world that costs little: a bit a customer for each filter, a byte for the zone, instants once for each zone.

use std::time::{Duration, Instant};

use cvm_core::Timestamp;
use cvm_journey::machine::{Asked, Days, Event, When, World, WorldError};
use cvm_journey::model::{TimeOfDay, Zone};
use cvm_journey::time;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

pub const HOUR: i64 = 3_600_000_000;
pub const DAY: i64 = 24 * HOUR;
const ZONES: [&str; 8] = [
    "Europe/Paris",
    "America/New_York",
    "Asia/Tokyo",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Sydney",
    "America/Sao_Paulo",
    "UTC",
];
/// Birthdays lie in so many days.
const DAYS: usize = 90;
/// Each hour the column of a filter is read from further on, so that filters turn.
const TURNS: usize = 256;

/// Sixty-four bits that look like chance (S. Vigna, "splitmix64").
pub fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

pub struct Made {
    pub customers: u32,
    /// The events of the command that is carried out.
    pub events: Vec<Event>,
    /// What was spent in here.
    pub spent: Duration,
    zones: Vec<TimeZone>,
    zone: Vec<u8>,
    birthday: Vec<u8>,
    /// By the filter's number.
    columns: Vec<Option<Vec<u64>>>,
    ids: u64,
}

impl Made {
    pub fn new(customers: u32) -> Self {
        let drawn = |what: u64| move |who: u32| mix(u64::from(who) << 8 | what);
        let (zone, day) = (drawn(0), drawn(1));
        Self {
            customers,
            events: Vec::new(),
            spent: Duration::ZERO,
            zones: ZONES.iter().map(|zone| TimeZone::get(zone).expect("a zone")).collect(),
            zone: (0..customers).map(|who| (zone(who) % ZONES.len() as u64) as u8).collect(),
            birthday: (0..customers).map(|who| (day(who) % DAYS as u64) as u8).collect(),
            columns: Vec::new(),
            ids: 0,
        }
    }

    pub fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    fn timed<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Result<T, WorldError> {
        let start = Instant::now();
        let done = work(self);
        self.spent += start.elapsed();
        Ok(done)
    }

    fn column(&mut self, filter: Asked<'_>) -> &[u64] {
        let number = filter.number as usize;
        if self.columns.len() <= number {
            self.columns.resize(number + 1, None);
        }
        let many = (self.customers as usize).div_ceil(64) + TURNS;
        self.columns[number].get_or_insert_with(|| {
            let share = share(filter);
            let bit = |word: usize, bit: usize| {
                u64::from(mix((word * 64 + bit) as u64 ^ (number as u64) << 40) % 100 < share)
            };
            (0..many).map(|word| (0..64).fold(0, |bits, at| bits | bit(word, at) << at)).collect()
        })
    }
}

/// The share of a filter stands in its field's name, `p50`; a list has a twentieth.
fn share(filter: Asked<'_>) -> u64 {
    let text = serde_json::to_string(filter.filter).expect("a text");
    text.split("\"p").nth(1).and_then(|rest| rest.get(..2)?.parse().ok()).unwrap_or(5)
}

fn micros(instant: Option<Timestamp>) -> i64 {
    instant.map_or(i64::MAX, Timestamp::micros)
}

fn birthday(day: usize) -> Date {
    date(2026, 12, 1) + jiff::Span::new().days(day as i64)
}

impl World for Made {
    fn members(&mut self, filter: Asked<'_>, _: i64) -> Result<Vec<u32>, WorldError> {
        self.timed(|own| {
            let customers = own.customers;
            let bits = own.column(filter);
            (0..customers).filter(|who| bits[(who >> 6) as usize] >> (who & 63) & 1 == 1).collect()
        })
    }

    fn holds(&mut self, filter: Asked<'_>, now: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        self.timed(|own| {
            let bits = &own.column(filter)[now.div_euclid(HOUR) as usize % TURNS..];
            who.iter().map(|who| bits[(who >> 6) as usize] >> (who & 63) & 1 == 1).collect()
        })
    }

    fn events(&mut self, filter: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        self.timed(|own| {
            let share = share(filter);
            which.iter().map(|at| mix(own.events[*at as usize].id.unwrap_or(0)) % 100 < share).collect()
        })
    }

    fn keys(&mut self, _: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        self.timed(|own| which.iter().map(|at| own.events[*at as usize].id).collect())
    }

    fn instants(&mut self, when: When<'_>, _: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        self.timed(|own| {
            let at = Timestamp::from_micros(now).expect("an instant");
            let zoned = |find: &dyn Fn(&TimeZone) -> i64| -> Vec<i64> {
                let instants: Vec<i64> = own.zones.iter().map(find).collect();
                who.iter().map(|who| instants[own.zone[*who as usize] as usize]).collect()
            };
            match when {
                When::After(duration) => zoned(&|zone| micros(time::after(at, duration, zone))),
                When::Within(window) => zoned(&|zone| micros(time::within(at, window, zone))),
                When::Sendable { windows, quiet } => zoned(&|zone| micros(time::sendable(at, windows, quiet, zone))),
                When::Day { offset, at, .. } => {
                    let at = at.unwrap_or(TimeOfDay::new(0, 0).expect("a time"));
                    let on = |day: usize, zone: &TimeZone| micros(time::on_day(birthday(day), offset, at, zone));
                    let table: Vec<i64> =
                        own.zones.iter().flat_map(|zone| (0..DAYS).map(move |day| on(day, zone))).collect();
                    let place = |who: usize| own.zone[who] as usize * DAYS + own.birthday[who] as usize;
                    who.iter().map(|who| table[place(*who as usize)]).collect()
                }
            }
        })
    }

    fn days(&mut self, _: Days<'_>, _: &Zone) -> Result<Vec<u32>, WorldError> {
        Ok(Vec::new())
    }

    fn next(&mut self, _: &str, _: &str, _: TimeOfDay, _: &Zone, _: i64) -> Result<Option<i64>, WorldError> {
        Ok(None)
    }
}
