//! Two workers on one PostgreSQL: with partitions as here, and with a row for each customer, as it is often built.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example journey_postgres -- 2000000
//! ```
//!
//! Both on the same server, with `fsync`, one after the other. A step is a node that somebody came to.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures the library"
)]

#[path = "speed/journeys.rs"]
mod journeys;
mod naive;
#[path = "../../crates/cvm-journey/tests/postgres/server.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod server;
#[path = "speed/world.rs"]
#[allow(dead_code, reason = "other programs use more of it")]
mod world;

use std::sync::Barrier;
use std::time::Instant;

use cvm_journey::durable::postgres::{Database, DatabaseOptions, Partition, partition_of};
use cvm_journey::durable::{Options, Store};
use cvm_journey::machine::*;
use serde_json::json;
use world::{DAY, HOUR, Made};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PARTITIONS: u32 = 8;
const WORKERS: u32 = 2;

/// A partition, and the customers in it.
struct Own {
    store: Store<Partition>,
    world: Made,
    at: i64,
}

impl Own {
    fn tell(&mut self, command: &Command) -> Effects {
        self.store.tell(self.at, command, &mut self.world).expect("a database")
    }

    fn new(partition: Partition, keys: &[Vec<i64>]) -> Self {
        let (share, keys) = (partition.share(), &keys[partition.number() as usize]);
        let options = Options { snapshot_records: u64::MAX, snapshot_bytes: u64::MAX, ..Options::default() };
        let store = Store::open(partition, options).expect("a store");
        let mut own = Self { store, world: Made::new(keys.len() as u32), at: 1_796_108_400_000_000 };
        own.tell(&Command::Customers(Keys::Integers(keys.clone())));
        for publish in journeys::all() {
            let journey = share.journey(&publish.journey).expect("a share");
            own.tell(&Command::Publish(Box::new(Publish { journey, ..publish })));
        }
        own
    }

    /// All enter, and go on for two days.
    fn work(&mut self, batch: u32) -> (u64, u64) {
        let (mut steps, mut commits) = (0, 0);
        let customers = self.world.customers;
        for first in (0..customers).step_by(batch as usize) {
            let customers = (first..customers.min(first + batch)).collect();
            steps += self.tell(&Command::Enrol { journey: "main".into(), customers }).steps;
            commits += 1;
        }
        for _ in 0..4 {
            self.at += DAY / 2;
            steps += self.tell(&Command::Tick).steps;
            loop {
                let lease = Command::Lease { channels: Vec::new(), limit: batch, until: self.at + HOUR };
                let effects = self.tell(&lease);
                (steps, commits) = (steps + effects.steps, commits + 2);
                if effects.leased.is_empty() {
                    break;
                }
                let done = |one: &Leased| Answered { handle: one.handle, outcome: Outcome::Done };
                steps += self.tell(&Command::Answers(effects.leased.iter().map(done).collect())).steps;
            }
        }
        (steps, commits)
    }
}

fn partitions(port: u16, keys: &[Vec<i64>], batch: u32) {
    let open = |worker: u32| {
        let schema = format!("partitions_{batch}");
        let options = DatabaseOptions { schema, partitions: PARTITIONS, ..DatabaseOptions::new(format!("{worker}")) };
        Database::open(move || server::connect(port), options).expect("tables")
    };
    // One makes the tables before the others look at them.
    drop(open(0));
    let barrier = Barrier::new(WORKERS as usize + 1);
    let (seconds, done) = std::thread::scope(|scope| {
        let work = |worker: u32| {
            let (database, barrier) = (open(worker), &barrier);
            scope.spawn(move || {
                let claim = |_| database.claim().expect("a database").expect("a partition");
                let mut own: Vec<Own> =
                    (0..PARTITIONS / WORKERS).map(claim).map(|partition| Own::new(partition, keys)).collect();
                barrier.wait();
                own.iter_mut().map(|own| own.work(batch)).fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1))
            })
        };
        let workers: Vec<_> = (0..WORKERS).map(work).collect();
        barrier.wait();
        let start = Instant::now();
        let done: Vec<(u64, u64)> = workers.into_iter().map(|worker| worker.join().expect("no panic")).collect();
        (start.elapsed().as_secs_f64(), done)
    });
    let (steps, commits) = done.iter().fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    println!(
        "{}",
        json!({"what": "partitions", "batch": batch, "workers": WORKERS, "partitions": PARTITIONS, "steps": steps,
            "commits": commits, "seconds": seconds, "steps_per_second": steps as f64 / seconds})
    );
}

fn main() {
    let customers: i64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(2_000_000);
    let server = server::Server::start_with(&["shared_buffers=512MB", "max_wal_size=8GB"]);
    let version: String =
        server.connect().expect("a connection").query_one("SHOW server_version", &[]).expect("a row").get(0);
    println!("{}", json!({"what": "server", "version": version, "customers": customers}));
    let mut keys = vec![Vec::new(); PARTITIONS as usize];
    for key in 0..customers {
        keys[partition_of(&key.to_string(), PARTITIONS) as usize].push(key);
    }
    for batch in [10_000, 1_000] {
        partitions(server.port, &keys, batch);
    }
    for batch in [10_000, 1_000, 1] {
        naive::run(server.port, customers, batch, WORKERS);
    }
}
