//! How many events a second one thread takes in live, with 200 segments registered:
//! `cargo run --release -p cvm-index --example live_speed -- 1000000 5000000 3000000`
//! (customers, events before, events that come). A word `odd` after these adds conditions that no plain running number
//! answers; `kept` makes a list of the transitions instead of looking at each.

#![allow(clippy::indexing_slicing, clippy::print_stdout, reason = "a program that measures the library")]

#[path = "../../../benches/resident/population.rs"]
mod population;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cvm_core::{Decimal, Filter, Timestamp, Value};
use cvm_index::IndexBuilder;
use cvm_index::live::{Change, Live, Properties};

const DAY: i64 = 86_400_000_000;
const BATCH: usize = 1_000;

const ATTRIBUTES: &[&str] = &[
    "country = 'FR'",
    "country in ('DE', 'AT', 'CH')",
    "country in ('ES', 'PT', 'IT')",
    "city = 'City 0001'",
    "city is set",
    "tier = 'gold'",
    "tier in ('gold', 'silver')",
    "age >= 25",
    "age between 18 and 34",
    "age > 60",
    "consent = true",
    "signed_up >= '2020-01-01'",
    "signed_up < '2018-01-01'",
    "spent > 500",
    "spent between 100 and 1000",
    "spent > 2000",
    "orders >= 5",
    "orders = 0",
    "orders > 20",
    "age is not set",
];

const BEHAVIOUR: &[&str] = &[
    "count(purchase) >= 1",
    "count(purchase within last 1 day) >= 1",
    "count(purchase within last 7 days) >= 1",
    "count(purchase within last 30 days) >= 1",
    "count(purchase within last 30 days) >= 2",
    "count(purchase within last 90 days) = 0",
    "count(purchase within last 90 days) >= 3",
    "count(purchase within last 30 days where amount > 100) >= 1",
    "count(purchase within last 90 days where amount > 200) >= 1",
    "sum(purchase.amount within last 30 days) > 150",
    "sum(purchase.amount within last 90 days) > 300",
    "sum(purchase.amount) > 500",
    "count(visit within last 1 day) >= 1",
    "count(visit within last 7 days) >= 3",
    "count(visit within last 30 days) >= 5",
    "count(visit within last 30 days) = 0",
    "count(visit within last 90 days) >= 10",
    "count(open within last 7 days) >= 1",
    "count(open within last 30 days) = 0",
    "count(open within last 30 days) >= 2",
];

const ODD: &[&str] = &[
    "count(purchase within this month) >= 2",
    "days since(purchase) <= 14",
    "sequence(visit, purchase within 1 day)",
    "signed_up within last 5 years",
];

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * n as u128) >> 64) as usize
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of.get(self.below(of.len())).copied().unwrap_or_default()
    }
}

/// Two to four conditions each, of both kinds.
fn segments(number: usize, odd: bool, r: &mut Random) -> Result<Vec<(String, Filter)>, Box<dyn Error>> {
    let behaviour: Vec<&str> = BEHAVIOUR.iter().chain(if odd { ODD } else { &[] }).copied().collect();
    let make = |i: usize| {
        let (a, b) = (r.pick(ATTRIBUTES), r.pick(ATTRIBUTES));
        let (x, y) = (r.pick(&behaviour), r.pick(&behaviour));
        let text = match r.below(5) {
            0 => format!("{a} and {x}"),
            1 => format!("{a} and not ({x})"),
            2 => format!("{a} and ({x} or {y})"),
            3 => format!("{a} and {b} and {x} and {y}"),
            _ => format!("({a} or {b}) and {x} and not ({y})"),
        };
        Ok((format!("segment {i}"), text.parse()?))
    };
    (0..number).map(make).collect()
}

/// Nanoseconds for which this thread ran, where the system tells: others may run on the same processor.
fn thread_time() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (customers, before, more) = (number(0, 100_000), number(1, 500_000), number(2, 300_000));
    let odd = arguments.iter().any(|word| word == "odd");
    let kept = arguments.iter().any(|word| word == "kept");
    let catalog = Arc::new(population::catalog()?);
    let builder = IndexBuilder::new(catalog).table("customers", population::customers(customers));
    let index = Arc::new(builder.table("events", population::events(before, customers)).build()?);
    let now = Timestamp::from_micros(population::AS_OF).ok_or("an instant")?;
    let mut r = Random(7);
    let segments = segments(200, odd, &mut r)?;
    let begin = Instant::now();
    let mut live = Live::new(Arc::clone(&index), now)?;
    let named: Vec<(&str, &Filter)> = segments.iter().map(|(name, filter)| (name.as_str(), filter)).collect();
    let members: u64 = live.register_all(&named)?.iter().sum();
    println!("{} segments registered in {:.1?}: {members} memberships", named.len(), begin.elapsed());
    println!("index {} MB, live {} MB", index.data_bytes() >> 20, live.bytes() >> 20);

    // A month of events, a batch at a time; each lies a little before the instant at which its batch comes.
    let step = 30 * DAY / (more as i64).max(1);
    let (mut told, mut taken, mut slowest, mut at) = (0_u64, Duration::ZERO, Duration::ZERO, now.micros());
    let (mut used, mut members) = (0, 0_u64);
    for from in (0..more).step_by(BATCH) {
        let batch: Vec<Change> = (from..(from + BATCH).min(more))
            .map(|_| {
                at += step;
                let kind = [0, 1, 1, 1, 2].get(r.below(5)).copied().unwrap_or(0);
                let amount = Decimal::new((100 + r.below(30_000)) as i128, 2).map_or(Value::Missing, Value::Decimal);
                Change::Event {
                    key: Value::Int(r.below(customers) as i64),
                    event: kind.into(),
                    time: Timestamp::from_micros(at).map_or(Value::Missing, Value::Timestamp),
                    properties: Properties::Ordered(if kind == 0 { vec![amount] } else { Vec::new() }),
                }
            })
            .collect();
        let now = Timestamp::from_micros(at + 1).ok_or("an instant")?;
        let (begin, before) = (Instant::now(), thread_time());
        if kept {
            told += live.apply(now, &batch)?.len() as u64;
        } else {
            live.apply_with(now, &batch, |one| {
                told += 1;
                members = members.wrapping_add(u64::from(one.entered) ^ one.segment.len() as u64);
            })?;
        }
        used += thread_time() - before;
        let took = begin.elapsed();
        taken += took;
        slowest = slowest.max(took);
    }
    std::hint::black_box(members);
    println!(
        "{more} events in {taken:.2?}: {:.0} events a second, {told} transitions, slowest batch {slowest:.1?}, live {} MB",
        more as f64 / taken.as_secs_f64(),
        live.bytes() >> 20
    );
    if used > 0 {
        println!(
            "the thread itself ran {:.2} s: {:.0} events a second",
            used as f64 / 1e9,
            more as f64 * 1e9 / used as f64
        );
    }
    Ok(())
}
