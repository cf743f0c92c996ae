//! How long questions take on a generated shop, one by one and a thousand at once, beside a plain pass over as many bytes:
//! `cargo run --release -p cvm-index --example scan_speed -- 1000000 5000000 [ROUNDS]`
//! (customers, events). Milliseconds: the median and the least of the rounds, and the processor time of the middle one.

#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    reason = "a program that measures the library"
)]

#[path = "../../../benches/segments/pool.rs"]
mod pool;
#[path = "../../../benches/resident/population.rs"]
mod population;
#[path = "../../../benches/resident/questions.rs"]
mod questions;
#[path = "../../../benches/segments/segment.rs"]
mod segment;

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use cvm_core::{Filter, Timestamp};
use cvm_index::{IndexBuilder, Watch};
use questions::QUESTIONS;

/// More than the peers are asked.
const MORE: &[(&str, &str)] = &[
    ("visits", "count(visit within last 7 days) >= 3"),
    ("first", "first time(purchase) > 90 days ago"),
    ("highest", "max(purchase.amount within last 90 days) > '200.00'"),
    ("average", "avg(purchase.amount within last 90 days) > 100"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (customers, events, rounds) = (number(0, 1_000_000), number(1, 5_000_000), number(2, 9));
    let only = arguments.get(3);
    if only.is_none() {
        plain(rounds)?;
    }
    let start = Instant::now();
    let as_of = Timestamp::from_micros(population::AS_OF).ok_or("an instant")?;
    let builder = IndexBuilder::new(Arc::new(population::catalog()?));
    let builder = builder.table("customers", population::customers(customers));
    let index = builder.table("events", population::events(events, customers)).build()?;
    println!("{customers} customers, {events} events: {} MB, {:.1?}", index.data_bytes() >> 20, start.elapsed());
    for (name, text) in QUESTIONS.iter().chain(MORE).filter(|(name, _)| only.is_none_or(|only| only == name)) {
        let filter: Filter = text.parse()?;
        let rounds = if *name == "average" { rounds.min(2) } else { rounds };
        time(name, rounds, || index.forget(), || Ok(index.count(&filter, as_of)?))?;
    }
    if only.is_some_and(|only| only != "many") {
        return Ok(());
    }
    let segments = segment::Segments::new(1_000);
    let filters: Vec<Filter> = segments.texts().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let all = |filters: &[Filter]| -> Result<u64, Box<dyn Error>> {
        let counts = index.counts(filters, as_of, Watch::NOBODY)?;
        Ok((1..).zip(counts).fold(0, |sum: u64, (i, count)| sum.wrapping_mul(31).wrapping_add(count * i)))
    };
    time("thousand, first", rounds.min(5), || index.forget(), || all(&filters))?;
    time("thousand, again", rounds, || (), || all(&filters))?;
    time("hundred, again", rounds, || (), || all(&filters[..100]))?;
    Ok(())
}

/// Two threads that look at each of so many bytes once, as they stand in memory.
fn plain(rounds: usize) -> Result<(), Box<dyn Error>> {
    for megabytes in [20, 40, 80, 160] {
        let bytes = vec![1_u64; megabytes << 17];
        let (half, other) = bytes.split_at(bytes.len() / 2);
        let sum = |part: &[u64]| part.iter().fold(0, |sum, word| sum | word);
        time(
            &format!("plain pass over {megabytes} MiB"),
            rounds,
            || (),
            || {
                let both = std::thread::scope(|scope| {
                    let first = scope.spawn(|| sum(half));
                    (sum(other), first.join().unwrap_or(0))
                });
                black_box(both);
                Ok(0)
            },
        )?;
    }
    Ok(())
}

fn time(
    name: &str,
    rounds: usize,
    before: impl Fn(),
    work: impl Fn() -> Result<u64, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut times = Vec::new();
    let mut answer = 0;
    for _ in 0..rounds {
        before();
        let (start, used) = (Instant::now(), processor());
        answer = work()?;
        times.push((start.elapsed().as_secs_f64() * 1e3, processor() - used));
    }
    times.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (median, used) = times[times.len() / 2];
    println!("{name:24} {median:9.2} {:9.2}   used {used:9.2}   answer {answer}", times[0].0);
    Ok(())
}

/// Milliseconds that this process used of all processors, where the system says it (in hundredths of a second).
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    after.split(' ').skip(12).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}
