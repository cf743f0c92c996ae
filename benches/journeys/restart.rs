//! How long it takes until a store with many waiting customers is there again, and how much goes through it before.
//!
//! `cargo run --release -p cvm-benches --example journey_restart -- 10000000`

#![expect(clippy::print_stdout, reason = "it is an example")]

use std::error::Error;
use std::time::Instant;

use cvm_journey::durable::{Options, RealDisk, Store};
use cvm_journey::machine::*;
use cvm_journey::model::{Journey, TimeOfDay, Zone};

/// Nobody is in any segment, and all clocks show the same.
struct Plain;

const DAY: i64 = 86_400_000_000;

impl World for Plain {
    fn members(&mut self, _: Asked<'_>, _: i64) -> Result<Vec<u32>, WorldError> {
        Ok(Vec::new())
    }

    fn holds(&mut self, _: Asked<'_>, _: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        Ok(who.iter().map(|who| who % 2 == 0).collect())
    }

    fn events(&mut self, _: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        Ok(vec![true; which.len()])
    }

    fn keys(&mut self, _: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        Ok(vec![None; which.len()])
    }

    fn instants(&mut self, when: When<'_>, _: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        let wake = |who: &u32| match when {
            // Spread over an hour, so that not all are the same.
            When::After(_) => now + DAY + i64::from(*who % 3_600) * 1_000_000,
            _ => now,
        };
        Ok(who.iter().map(wake).collect())
    }

    fn days(&mut self, _: Days<'_>, _: &Zone) -> Result<Vec<u32>, WorldError> {
        Ok(Vec::new())
    }

    fn next(&mut self, _: &str, _: &str, _: TimeOfDay, _: &Zone, _: i64) -> Result<Option<i64>, WorldError> {
        Ok(None)
    }
}

const JOURNEY: &str = r#"{"id": "wait", "version": 1, "name": "Wait",
    "entry": {"trigger": {"type": "api"}, "reentry": {"type": "never"}},
    "nodes": [{"id": "in", "type": "entry"},
        {"id": "half", "type": "branch", "data": {"cases": [{"name": "even",
            "filter": {"type": "condition", "field": "a", "op": "eq", "value": 1}}]}},
        {"id": "day", "type": "wait", "data": {"until": "duration", "duration": {"amount": 1, "unit": "day"}}},
        {"id": "again", "type": "wait", "data": {"until": "duration", "duration": {"amount": 1, "unit": "day"}}},
        {"id": "out", "type": "end"}],
    "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "half"},
        {"id": "2", "source": "half", "sourceHandle": "even", "target": "day"},
        {"id": "3", "source": "half", "sourceHandle": "default", "target": "day"},
        {"id": "4", "source": "day", "sourceHandle": "next", "target": "again"},
        {"id": "5", "source": "again", "sourceHandle": "next", "target": "out"}]}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let many: u32 = std::env::args().nth(1).map_or(Ok(1_000_000), |many| many.parse())?;
    let folder = tempfile::tempdir()?;
    let options = Options { snapshot_records: u64::MAX, snapshot_bytes: u64::MAX, ..Options::default() };
    let mut store = Store::open(RealDisk::open(folder.path())?, options.clone())?;
    let journey = Journey::from_json(JOURNEY).map_err(|findings| findings.to_string())?;
    let publish = Publish { journey, terms: Vec::new(), people: InFlight::Pinned };
    store.tell(0, &Command::Publish(Box::new(publish)), &mut Plain)?;
    let keys = (0..i64::from(many)).map(|key| key * 7 + 1_000_000).collect();
    store.tell(0, &Command::Customers(Keys::Integers(keys)), &mut Plain)?;
    for batch in [100_000, 10_000] {
        // Each size of batch takes half of the customers.
        let (from, to) = if batch == 100_000 { (0, many / 2) } else { (many / 2, many) };
        let (begun, mut steps, mut syncs) = (Instant::now(), 0, 0_u32);
        for first in (from..to).step_by(batch) {
            let customers = (first..to.min(first + u32::try_from(batch)?)).collect();
            let enrol = Command::Enrol { journey: "wait".to_owned(), customers };
            steps += store.tell(0, &enrol, &mut Plain)?.steps;
            syncs += 1;
        }
        let rate = f64::from(u32::try_from(steps)?) / begun.elapsed().as_secs_f64() / 1e6;
        println!("{batch} at once: {steps} steps with {syncs} syncs, {rate:.1} million steps a second");
    }
    let begun = Instant::now();
    let steps = store.tell(DAY + DAY / 24, &Command::Tick, &mut Plain)?.steps;
    let rate = f64::from(u32::try_from(steps)?) / begun.elapsed().as_secs_f64() / 1e6;
    println!("all at once: {steps} steps, {rate:.1} million steps a second");
    let begun = Instant::now();
    store.snapshot()?;
    println!("snapshot: {:.2} s", begun.elapsed().as_secs_f64());
    for entry in std::fs::read_dir(folder.path())? {
        let entry = entry?;
        println!("  {} {:.1} MB", entry.file_name().display(), entry.metadata()?.len() as f64 / 1e6);
    }
    let hash = store.machine().hash();
    println!("machine: {:.1} MB", store.machine().bytes() as f64 / 1e6);
    drop(store);
    let begun = Instant::now();
    let store = Store::open(RealDisk::open(folder.path())?, options)?;
    println!("restart with {many} waiting customers: {:.2} s, {:?}", begun.elapsed().as_secs_f64(), store.recovered());
    if store.machine().hash() != hash {
        return Err("it came out otherwise".into());
    }
    Ok(())
}
