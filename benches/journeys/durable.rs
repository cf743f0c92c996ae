//! How fast a store takes customers through journeys with every kind of node, with every command on the disk before anybody
//! hears what follows from it; how much it takes, and how fast it is there again.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example journey_durable -- 10000000 100000
//! ```
//!
//! Times are those on the wall, without what the world took to answer, which is told beside them. One line of JSON for each.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures the library"
)]

#[path = "speed/journeys.rs"]
mod journeys;
#[path = "speed/world.rs"]
mod world;

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use cvm_journey::durable::{Options, RealDisk, Store};
use cvm_journey::machine::*;
use serde_json::json;
use world::{DAY, HOUR, Made, mix};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What some commands took together.
#[derive(Default)]
struct Took {
    things: u64,
    steps: u64,
    syncs: u64,
    wall: Duration,
    world: Duration,
}

struct Bench {
    store: Store<RealDisk>,
    world: Made,
    at: i64,
    batch: usize,
}

impl Bench {
    fn tell(&mut self, command: &Command, things: usize, took: &mut Took) -> Effects {
        let (before, start) = (self.world.spent, Instant::now());
        let effects = self.store.tell(self.at, command, &mut self.world).expect("it goes on");
        let world = self.world.spent.saturating_sub(before);
        took.things += things as u64;
        took.steps += effects.steps;
        took.syncs += 1;
        took.wall += start.elapsed();
        took.world += world;
        effects
    }

    fn told(&self, what: &str, took: &Took) {
        let own = took.wall.saturating_sub(took.world).as_secs_f64();
        println!(
            "{}",
            json!({"what": what, "batch": self.batch, "things": took.things, "steps": took.steps, "syncs": took.syncs,
                "seconds": own, "world_seconds": took.world.as_secs_f64(), "steps_per_second": took.steps as f64 / own,
                "things_per_second": took.things as f64 / own})
        );
    }

    /// Everything that is wanted is handed out and answered, until nothing more is.
    fn send(&mut self, took: &mut Took) {
        loop {
            let until = self.at + HOUR;
            let lease = Command::Lease { channels: Vec::new(), limit: self.batch as u32, until };
            let leased = self.tell(&lease, 0, took).leased;
            if leased.is_empty() {
                return;
            }
            let outcome = |handle: &Handle| match mix(u64::from(handle.participant) ^ self.at.cast_unsigned()) % 50 {
                0 => Outcome::Failed,
                _ => Outcome::Done,
            };
            let answers = leased.iter().map(|one| Answered { handle: one.handle, outcome: outcome(&one.handle) });
            let answers = Command::Answers(answers.collect());
            self.tell(&answers, leased.len(), took);
        }
    }

    fn events(&mut self, batches: usize, each: usize) -> Took {
        let mut took = Took::default();
        let names: Vec<String> = ["visit", "purchase", "order", "elsewhere"].map(str::to_owned).into();
        let customers = u64::from(self.world.customers);
        for _ in 0..batches {
            let event = |id: u64| {
                let drawn = mix(id);
                let (customer, name) = ((drawn % customers) as u32, (drawn >> 60) as u16 % 4);
                Event { customer, name, at: self.at - (drawn >> 40 & 0xffff) as i64, id: Some(drawn), about: None }
            };
            let ids: Vec<u64> = (0..each).map(|_| self.world.next_id()).collect();
            let events: Vec<Event> = ids.into_iter().map(event).collect();
            self.at += 1_000;
            self.world.events.clone_from(&events);
            self.tell(&Command::Events { names: names.clone(), events }, each, &mut took);
        }
        took
    }

    fn size(&self, when: &str) {
        let counts = ["main", "child"].iter().filter_map(|id| self.store.machine().counts(id));
        let waiting: u64 = counts.flat_map(|counts| counts.nodes.values()).map(NodeCounts::waiting).sum();
        let bytes = (self.store.machine().bytes() as u64).saturating_sub(u64::from(self.world.customers) * 8);
        println!(
            "{}",
            json!({"what": "size", "when": when, "waiting": waiting, "bytes": bytes,
                "bytes_per_waiting": bytes as f64 / waiting.max(1) as f64,
                "bytes_per_customer": bytes as f64 / f64::from(self.world.customers)})
        );
    }
}

/// How long a small write takes until it is on this disk: the median.
fn sync_time(folder: &std::path::Path) -> f64 {
    let mut file = File::create(folder.join("sync")).expect("a file");
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let start = Instant::now();
            file.write_all(&[0; 4096]).and_then(|()| file.sync_data()).expect("a disk");
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[100]
}

fn main() {
    let number = |place, usual| std::env::args().nth(place).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (customers, batch): (u32, usize) = (number(1, 1_000_000) as u32, number(2, 100_000));
    let folder = tempfile::tempdir().expect("a folder");
    println!("{}", json!({"what": "sync", "seconds": sync_time(folder.path())}));
    let options = Options { snapshot_records: u64::MAX, snapshot_bytes: u64::MAX, ..Options::default() };
    let store = Store::open(RealDisk::open(&folder.path().join("store")).expect("a folder"), options.clone());
    let store = store.expect("a store");
    let mut bench = Bench { store, world: Made::new(customers), at: 1_796_108_400_000_000, batch };
    let keys = Keys::Integers((0..i64::from(customers)).map(|key| 1_000_000_000 + key).collect());
    bench.tell(&Command::Customers(keys), 0, &mut Took::default());
    for publish in journeys::all() {
        bench.tell(&Command::Publish(Box::new(publish)), 0, &mut Took::default());
    }
    let (mut enrol, mut ticks, mut sends) = (Took::default(), Took::default(), Took::default());
    for first in (0..customers).step_by(batch) {
        let customers: Vec<u32> = (first..customers.min(first + batch as u32)).collect();
        let many = customers.len();
        bench.tell(&Command::Enrol { journey: "main".into(), customers }, many, &mut enrol);
    }
    bench.told("enrol", &enrol);
    bench.size("all entered");
    bench.send(&mut sends);
    for day in 0..6 {
        for later in [DAY / 2, 3 * HOUR] {
            bench.at += later;
            bench.tell(&Command::Tick, 0, &mut ticks);
            bench.send(&mut sends);
        }
        if day == 1 {
            bench.size("each got a message");
            for each in [10_000, 1_000] {
                let took = bench.events(customers as usize / 4 / each, each);
                bench.told(&format!("events, {each} at once"), &took);
            }
            let took = bench.events(500, 1);
            bench.told("events, one by one", &took);
        }
    }
    bench.told("ticks", &ticks);
    bench.told("messages and answers", &sends);
    let mut all = Took::default();
    for took in [&enrol, &ticks, &sends] {
        all.things += took.things;
        all.steps += took.steps;
        all.syncs += took.syncs;
        all.wall += took.wall;
        all.world += took.world;
    }
    bench.told("all", &all);
    bench.size("six days later");
    let start = Instant::now();
    bench.store.snapshot().expect("a disk");
    println!("{}", json!({"what": "snapshot", "seconds": start.elapsed().as_secs_f64()}));
    let hash = bench.store.machine().hash();
    drop(bench);
    let start = Instant::now();
    let store = Store::open(RealDisk::open(&folder.path().join("store")).expect("a folder"), options).expect("a store");
    println!("{}", json!({"what": "restart", "customers": customers, "seconds": start.elapsed().as_secs_f64()}));
    assert_eq!(store.machine().hash(), hash);
}
