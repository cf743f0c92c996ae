//! Live, read again from the beginning, read again from any snapshot: it is all the same. So is the size of the batches.

use std::collections::BTreeSet;

use cvm_journey::channel::{Plan, Recording};
use cvm_journey::durable::testing::FaultyDisk;
use cvm_journey::durable::{CommandLog, Disk, FileLog, Lsn, MemoryLog, Options, Record, Store};
use cvm_journey::machine::{Command, Machine};
use cvm_journey::model::Percent;

use crate::script::{Script, number, options, world};
use crate::world::Fake;

pub fn failing(seed: u64, steps: u64) -> Script {
    let share = Percent::new(10);
    let plan = Plan { seed, failed: share, refused: share, lost: share, unanswered: share };
    Script::new(seed, steps, Recording::new("email").plan(plan))
}

/// The whole log of a script, and the hash after each command.
pub fn live(script: &Script, options: Options) -> (FaultyDisk, Vec<String>) {
    let disk = FaultyDisk::new();
    let mut store = Store::open(disk.clone(), options).expect("a store");
    let mut hashes = vec![store.machine().hash()];
    script.go_on(&mut store, |_, _, machine| hashes.push(machine.hash())).expect("no crash");
    (disk, hashes)
}

pub fn records(disk: &FaultyDisk) -> Vec<Record<'static>> {
    let (log, _) = FileLog::open(disk.clone(), 1 << 20).expect("a log");
    let records = log.read_from(Lsn(0)).expect("all of it");
    records.map(|record| record.expect("a record").1).collect()
}

#[test]
fn live_is_as_read_again_from_zero_and_from_any_snapshot() {
    let mut snapshots = 0;
    for seed in 1..=number("DURABLE_SEEDS", 4) {
        let script = failing(seed, 70);
        let all = Options { keep_log: true, snapshots: usize::MAX, ..options() };
        let (disk, hashes) = live(&script, all.clone());
        let records = records(&disk);
        let mut again = Machine::new();
        for (record, hash) in records.iter().zip(&hashes[1..]) {
            again.replay(record.at, &record.command, record.answers.to_vec()).expect("the same again");
            assert_eq!(again.hash(), *hash, "seed {seed}");
        }
        // The newest snapshot is taken away, again and again.
        loop {
            let store = Store::open(disk.clone(), all.clone()).expect("a store");
            let (hash, from) = (store.machine().hash(), store.recovered().snapshot);
            assert_eq!(Some(&hash), hashes.last(), "seed {seed}: from {from:?}, it comes out otherwise");
            let Some(from) = from else { break };
            snapshots += 1;
            disk.remove(&format!("snapshot-{from:0>20}.json")).expect("a snapshot");
        }
    }
    assert!(snapshots > 20, "{snapshots} snapshots");
}

#[test]
fn the_size_of_batches_changes_nothing() {
    for seed in 1..=number("DURABLE_SEEDS", 3) {
        let script = failing(seed, 60);
        let (disk, hashes) = live(&script, Options { keep_log: true, ..options() });
        let batch: Vec<(i64, Command)> =
            records(&disk).into_iter().map(|record| (record.at, record.command.into_owned())).collect();
        for size in [2, 7, 60] {
            let disk = FaultyDisk::new();
            let mut store = Store::open(disk.clone(), options()).expect("a store");
            for some in batch.chunks(size) {
                let done = store.tell_all(some, &mut Fake::default(), |fake, command| *fake = world(command));
                assert!(done.expect("no crash").iter().all(Result::is_ok));
            }
            assert_eq!(Some(&store.machine().hash()), hashes.last(), "seed {seed}, {size} at once");
            drop(store);
            let store = Store::open(disk, options()).expect("a store");
            assert_eq!(Some(&store.machine().hash()), hashes.last(), "seed {seed}, {size} at once, read again");
        }
    }
}

#[test]
fn a_log_in_memory_is_as_one_in_files() {
    let (disk, _) = live(&failing(5, 40), Options { keep_log: true, ..options() });
    let records = records(&disk);
    let mut log = MemoryLog::default();
    for some in records.chunks(3) {
        log.append(some).expect("room");
        let before = log.read_from(Lsn(0)).expect("a log").count();
        log.sync().expect("a log");
        assert_eq!(log.read_from(Lsn(0)).expect("a log").count(), before + some.len());
    }
    let again: Vec<_> = log.read_from(Lsn(9)).expect("a log").map(|record| record.expect("a record")).collect();
    assert_eq!((again[0].0, again.len()), (Lsn(9), 31));
    assert!(again.into_iter().map(|(_, record)| record).eq(records.into_iter().skip(9)));
}

#[test]
fn a_customers_way_is_told_from_the_beginning_or_as_far_back_as_the_log_goes() {
    let script = failing(2, 70);
    let (disk, _) = live(&script, Options { keep_log: true, ..options() });
    let whole = Store::open(disk, options()).expect("a store");
    let (disk, _) = live(&failing(2, 70), options());
    let short = Store::open(disk, options()).expect("a store");
    let mut journeys = BTreeSet::new();
    for customer in 0..crate::script::CUSTOMERS {
        let all = whole.explain(customer).expect("a way");
        assert_eq!(all.from, Lsn(0));
        let some = short.explain(customer).expect("a way");
        assert!(some.from > Lsn(0) && all.happened.ends_with(&some.happened), "customer {customer}");
        journeys.extend(all.happened.into_iter().map(|step| step.journey));
    }
    assert!(!journeys.is_empty());
}
