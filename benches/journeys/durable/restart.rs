//! How long a snapshot takes, and how long it takes until a store with many waiting customers is there again.

use std::time::{Duration, Instant};

use cvm_journey::durable::{Options, Store};
use cvm_journey::machine::*;
use serde_json::json;

use crate::disk::Counted;
use crate::driver::{Failure, Took};
use crate::journeys;
use crate::world::Made;

/// So many enter at once.
const BATCH: u32 = 100_000;

/// Customers enter until so many wait; then a snapshot, and then some more records that it doesn't hold.
pub fn measure(waiting: u32) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    // Some leave at once: not all who enter wait.
    let mut driver = super::open(folder.path(), Made::new(waiting / 2 * 3 + BATCH), BATCH)?;
    for publish in journeys::all() {
        driver.tell(Command::Publish(Box::new(publish)), 0, &mut Took::default())?;
    }
    let mut customers = 0;
    while driver.waiting() < u64::from(waiting) && customers < driver.world.customers {
        let end = (customers + BATCH).min(driver.world.customers);
        let keys = Keys::Integers((i64::from(customers)..i64::from(end)).map(|key| 1_000_000_000 + key).collect());
        driver.tell(Command::Customers(keys), 0, &mut Took::default())?;
        driver.enrol(customers..end)?;
        customers = end;
    }
    let waiting = driver.waiting();
    let snapshot = timed(|| Ok(driver.store.snapshot()?))?;
    let bytes = files(folder.path(), "state-")?;
    // One lease of messages, and its answers.
    let lease = Command::Lease { channels: Vec::new(), limit: BATCH, until: driver.at + 1 };
    let leased = driver.tell(lease, 0, &mut Took::default())?.leased;
    let answer = |leased: &Leased| Answered { handle: leased.handle, outcome: Outcome::Done };
    let answers = Command::Answers(leased.iter().map(answer).collect());
    driver.tell(answers, 0, &mut Took::default())?;
    let hash = driver.store.machine().hash();
    let meter = driver.meter.clone();
    drop(driver);
    let mut store = None;
    let options = Options { people: true, ..super::options() };
    let opened = timed(|| {
        store = Some(Store::open(Counted::open(folder.path(), &meter)?, options)?);
        Ok(())
    })?;
    let Some(mut store) = store else { return Err("it is not there".into()) };
    if store.machine().hash() != hash {
        return Err("it came out otherwise".into());
    }
    let replayed = store.recovered().replayed;
    let with_people = timed(|| Ok(store.snapshot()?))?;
    let people = files(folder.path(), "people-")?;
    let line = json!({"kind": "restart", "customers": customers, "waiting": waiting, "snapshot_s": snapshot,
        "snapshot_bytes": bytes, "restart_s": opened, "replayed": replayed, "things_replayed": leased.len(),
        "with_people_s": with_people, "people_bytes": people});
    println!("{line}");
    eprintln!(
        "{waiting} of {customers} wait: snapshot {snapshot:.2} s, {with_people:.2} s with who is where; restart {opened:.2} s"
    );
    Ok(())
}

fn timed(action: impl FnOnce() -> Result<(), Failure>) -> Result<f64, Failure> {
    let start = Instant::now();
    action()?;
    Ok(Duration::as_secs_f64(&start.elapsed()))
}

/// How many bytes are in the files whose names begin so.
fn files(folder: &std::path::Path, begin: &str) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(begin) {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}
