//! Customers shared out to partitions, which two workers move on in batches.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cvm_journey::durable::postgres::{Database, DatabaseOptions, Partition, partition_of};
use cvm_journey::durable::{Options, Store};
use cvm_journey::machine::*;

use crate::driver::{Driver, Failure, Meter, Took};
use crate::world::Made;
use crate::{Done, WORKERS, journeys, server};

const PARTITIONS: u32 = 8;

/// A worker's partitions, with their customers and journeys.
fn worker(port: u16, name: usize, customers: u32, batch: u32) -> Result<Vec<Driver<Partition>>, Failure> {
    // Nobody else wants them: they need not be kept alive while another one is moved on.
    let options = DatabaseOptions {
        schema: format!("batches_of_{batch}"),
        partitions: PARTITIONS,
        hold: Duration::from_secs(3_600),
        ..DatabaseOptions::new(format!("worker-{name}"))
    };
    let database = Database::open(move || server::connect(port), options)?;
    let mut drivers = Vec::new();
    for _ in 0..PARTITIONS as usize / WORKERS {
        let partition = database.claim()?.ok_or("a partition is missing")?;
        let share = partition.share();
        let own = |key: &i64| partition_of(&key.to_string(), share.of) == share.partition;
        let keys: Vec<i64> = (0..i64::from(customers)).map(|key| 1_000_000_000 + key).filter(own).collect();
        let world = Made::new(keys.len() as u32);
        let mut driver =
            Driver::new(Store::open(partition, Options::default())?, world, batch, Arc::new(Meter::default()));
        driver.tell(Command::Customers(Keys::Integers(keys)), 0, &mut Took::default())?;
        for publish in journeys::all() {
            let publish = Publish { journey: share.journey(&publish.journey)?, ..publish };
            driver.tell(Command::Publish(Box::new(publish)), 0, &mut Took::default())?;
        }
        drivers.push(driver);
    }
    Ok(drivers)
}

/// All enter, and six days go by.
fn walk(drivers: &mut [Driver<Partition>]) -> Result<(), Failure> {
    for driver in &mut *drivers {
        driver.enrol(0..driver.world.customers)?;
        driver.send()?;
    }
    for _ in 0..6 {
        drivers.iter_mut().try_for_each(Driver::day)?;
    }
    Ok(())
}

/// What they did, and how much the server had written when they began.
pub fn run(
    port: u16,
    customers: u32,
    batch: u32,
    written: &mut impl FnMut() -> Result<i64, Failure>,
) -> Result<(Done, i64), Failure> {
    let mut workers: Vec<_> =
        (0..WORKERS).map(|name| worker(port, name, customers, batch)).collect::<Result<_, Failure>>()?;
    let before = written()?;
    let start = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = workers.iter_mut().map(|drivers| scope.spawn(|| walk(drivers))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a worker broke")?)
    })?;
    let wall = start.elapsed().as_secs_f64();
    let mut all = Took::default();
    for driver in workers.iter().flatten() {
        [driver.enrol, driver.ticks, driver.leases, driver.answers].iter().for_each(|took| all.add(took));
    }
    let done = Done {
        customers,
        batch,
        commits: all.commands,
        steps: all.steps,
        rows: all.commands,
        wall,
        world: all.world.as_secs_f64(),
    };
    Ok((done, before))
}
