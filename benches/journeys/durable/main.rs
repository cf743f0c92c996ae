//! How fast journeys with every kind of node go through a store on a real disk, and how soon it is there again.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example journey_durable -- 10000000
//! ```
//!
//! One thread. Says what it measured in lines of JSON, and in words beside.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    reason = "a program that measures the library"
)]

mod disk;
mod driver;
#[path = "../speed/journeys.rs"]
mod journeys;
mod latency;
mod restart;
#[path = "../speed/world.rs"]
mod world;

use std::path::Path;
use std::sync::Arc;

use cvm_journey::durable::{Options, Store};
use cvm_journey::machine::*;
use disk::Counted;
use driver::{Driver, Failure, Meter, Took};
use serde_json::{Value, json};
use world::{Made, mix};

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BATCHES: [u32; 3] = [10_000, 100_000, 1_000_000];

/// Snapshots are made when they are measured, not before.
fn options() -> Options {
    Options { snapshot_records: u64::MAX, snapshot_bytes: u64::MAX, people: false, ..Options::default() }
}

fn open(folder: &Path, world: Made, batch: u32) -> Result<Driver<Counted>, Failure> {
    let meter = Arc::new(Meter::default());
    let store = Store::open(Counted::open(folder, &meter)?, options())?;
    Ok(Driver::new(store, world, batch, meter))
}

/// A line of JSON, and one in words.
fn say(kind: &str, mut about: Value, took: &Took) {
    about["kind"] = json!(kind);
    for (name, value) in took.json().as_object().into_iter().flatten() {
        about[name.as_str()] = value.clone();
    }
    println!("{about}");
    let (wall, world) = (took.wall.as_secs_f64(), took.world.as_secs_f64());
    let rate = |many: u64, seconds: f64| many as f64 / seconds.max(1e-9) / 1e6;
    eprintln!(
        "{kind} {} {}: {} things {:.3} M/s, {} steps {:.2} M/s ({:.2} without the world), {wall:.2} s, world {world:.2} s",
        about["phase"],
        about["batch"],
        took.things,
        rate(took.things, wall),
        took.steps,
        rate(took.steps, wall),
        rate(took.steps, wall - world),
    );
}

fn size(driver: &Driver<Counted>, when: &str) {
    let waiting = driver.waiting();
    let keys = u64::from(driver.world.customers) * 8;
    let bytes = (driver.store.machine().bytes() as u64).saturating_sub(keys);
    println!("{}", json!({"kind": "size", "when": when, "waiting": waiting, "bytes": bytes}));
    eprintln!("{when}: {waiting} wait, {:.1} bytes each without keys", bytes as f64 / waiting.max(1) as f64);
}

/// Events of customers, so many in a command, so many commands in a sync.
fn events(driver: &mut Driver<Counted>, syncs: u32, commands: u32, each: u32) -> Result<(), Failure> {
    let mut took = Took::default();
    let names: Vec<String> = ["visit", "purchase", "order", "elsewhere"].map(str::to_owned).into();
    for _ in 0..syncs {
        driver.at += 1_000;
        let (world, at) = (&mut driver.world, driver.at);
        let mut event = || {
            let drawn = mix(world.next_id());
            let customer = (drawn % u64::from(world.customers)) as u32;
            let ago = (drawn >> 40 & 0xffff).cast_signed();
            Event { customer, name: (drawn >> 60) as u16 % 4, at: at - ago, id: Some(drawn), about: None }
        };
        let mut command = || Command::Events { names: names.clone(), events: (0..each).map(|_| event()).collect() };
        let all: Vec<Command> = (0..commands).map(|_| command()).collect();
        took.things += u64::from(commands * each);
        driver.tell_all(all, &mut took)?;
    }
    say("events", json!({"batch": each, "together": commands, "phase": "events"}), &took);
    Ok(())
}

fn walk(customers: u32, batch: u32) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut driver = open(folder.path(), Made::new(customers), batch)?;
    let keys = Keys::Integers((0..i64::from(customers)).map(|key| 1_000_000_000 + key).collect());
    driver.tell(Command::Customers(keys), 0, &mut Took::default())?;
    for publish in journeys::all() {
        driver.tell(Command::Publish(Box::new(publish)), 0, &mut Took::default())?;
    }
    driver.enrol(0..customers)?;
    size(&driver, "after they entered");
    driver.send()?;
    for day in 0..6 {
        driver.day()?;
        if day == 1 {
            size(&driver, "after messages");
            events(&mut driver, customers / 2 / 10_000, 1, 10_000)?;
            events(&mut driver, (customers / 2 / 1_000).min(1_000), 1, 1_000)?;
            events(&mut driver, 100, 1_000, 1)?;
            events(&mut driver, 1_000, 1, 1)?;
        }
    }
    size(&driver, "at the end");
    let mut all = Took::default();
    let phases =
        [("enrol", driver.enrol), ("ticks", driver.ticks), ("leases", driver.leases), ("answers", driver.answers)];
    for (phase, took) in phases {
        say("walk", json!({"batch": batch, "phase": phase}), &took);
        all.add(&took);
    }
    say("walk", json!({"batch": batch, "phase": "all"}), &all);
    Ok(())
}

fn main() -> Result<(), Failure> {
    let customers: u32 = std::env::args().nth(1).map_or(Ok(10_000_000), |text| text.parse())?;
    latency::say("durable")?;
    for batch in BATCHES {
        walk(customers, batch)?;
    }
    restart::measure(customers)
}
