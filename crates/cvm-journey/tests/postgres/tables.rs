//! A partition keeps what a folder keeps.

use std::collections::BTreeSet;

use cvm_journey::channel::Recording;
use cvm_journey::durable::postgres::{Database, DatabaseOptions, Partition};
use cvm_journey::durable::testing::FaultyDisk;
use cvm_journey::durable::{CommandLog, Lsn, Storage, Store, StoreError};

use crate::draw::Dice;
use crate::script::{Script, number, options};
use crate::server::{Server, connect};
use crate::world::hash;

const STEPS: u64 = 90;

pub fn database(port: u16, schema: &str, worker: &str, partitions: u32) -> Database {
    let options = DatabaseOptions { schema: schema.to_owned(), partitions, ..DatabaseOptions::new(worker) };
    Database::open(move || connect(port), options).expect("tables")
}

fn claimed(database: &Database) -> Partition {
    database.claim().expect("a database").expect("a partition")
}

/// The hash and the sends of a run in a folder that nothing happens to.
fn expected(seed: u64) -> (String, BTreeSet<String>, Vec<String>) {
    let script = Script::new(seed, STEPS, Recording::new("email"));
    let mut store = Store::open(FaultyDisk::new(), options()).expect("a store");
    script.go_on(&mut store, |_, _, _| ()).expect("no crash");
    let ways = (0..crate::script::CUSTOMERS).map(|who| format!("{:?}", store.explain(who).expect("a log").happened));
    let ways = if options().keep_log { ways.collect() } else { Vec::new() };
    (store.machine().hash(), script.provider.taken().into_iter().map(|message| message.key).collect(), ways)
}

#[test]
fn a_partition_keeps_what_a_folder_keeps() {
    let server = Server::start();
    for seed in number("POSTGRES_SEED", 1)..number("POSTGRES_SEED", 1) + 3 {
        let (hash_of_folder, keys, _) = expected(seed);
        let database = database(server.port, &format!("seed_{seed}"), "one", 1);
        let mut script = Script::new(seed, 0, Recording::new("email"));
        // Opened anew every few steps, each time by another claim.
        while script.steps < STEPS {
            script.steps = (script.steps + 7).min(STEPS);
            let partition = claimed(&database);
            let mut store = Store::open(partition.clone(), options()).expect("a store");
            script.go_on(&mut store, |_, _, _| ()).expect("a database");
            if script.steps == STEPS {
                assert_eq!(store.machine().hash(), hash_of_folder, "seed {seed}");
                let taken: BTreeSet<String> = script.provider.taken().into_iter().map(|sent| sent.key).collect();
                assert_eq!(taken, keys, "seed {seed}");
                assert_eq!(partition.snapshots().expect("snapshots").len(), 2);
                // What is before the older snapshot is no longer there.
                let (log, _) = partition.open_log(&options()).expect("a log");
                assert!(log.begin() > Lsn(0));
                assert!(matches!(log.read_from(Lsn(0)).err(), Some(StoreError::Gap { .. })));
                let from_begin = log.read_from(log.begin()).expect("records").count() as u64;
                assert_eq!(log.begin().0 + from_begin, STEPS);
            }
            partition.release().expect("a database");
        }
    }
}

/// Connections break at any time: what was told is there, what was not is told again.
#[test]
fn a_connection_that_breaks_loses_nothing() {
    let server = Server::start();
    let (mut breaks, first) = (0, number("POSTGRES_SEED", 1));
    for seed in first..first + 2 {
        let (hash_of_folder, keys, _) = expected(seed);
        let schema = format!("seed_{seed}");
        let database = database(server.port, &schema, "one", 1);
        let script = Script::new(seed, STEPS, Recording::new("email"));
        let stop = std::sync::atomic::AtomicBool::new(false);
        let (hash_of_table, broken) = std::thread::scope(|scope| {
            let breaker = scope.spawn(|| {
                let mut client = server.connect().expect("a connection");
                let dice = &mut Dice(hash("breaks", &[seed]));
                while !stop.load(std::sync::atomic::Ordering::Acquire) {
                    std::thread::sleep(std::time::Duration::from_micros(3_000 + dice.below(80_000)));
                    let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
                    client.execute(all, &[]).expect("a database");
                }
            });
            let mut broken = 0;
            let hash_of_table = loop {
                let ran = database.claim().and_then(|partition| {
                    // The claim may have been kept although its connection broke.
                    let Some(partition) = partition else {
                        let free = "UPDATE partitions SET held_until = NULL";
                        let mut client = server.connect().expect("a connection");
                        let _ = client.batch_execute(&format!("SET search_path TO {schema}; {free}"));
                        return Ok(None);
                    };
                    let mut store = Store::open(partition.clone(), options())?;
                    let ran = script.go_on(&mut store, |_, _, _| ());
                    let hash = store.machine().hash();
                    let _ = partition.release();
                    ran.map(|()| Some(hash))
                });
                match ran {
                    Ok(Some(hash)) => break hash,
                    Ok(None) => {}
                    Err(StoreError::Database { .. } | StoreError::Stopped(_)) => broken += 1,
                    Err(other) => panic!("seed {seed}: {other}"),
                }
            };
            stop.store(true, std::sync::atomic::Ordering::Release);
            breaker.join().expect("no panic");
            (hash_of_table, broken)
        });
        assert_eq!(hash_of_table, hash_of_folder, "seed {seed}");
        let taken: BTreeSet<String> = script.provider.taken().into_iter().map(|sent| sent.key).collect();
        assert_eq!(taken, keys, "seed {seed}");
        breaks += broken;
    }
    assert!(breaks > 0, "no connection broke while it was used");
    eprintln!("{breaks} connections broke while something was under way");
}

#[test]
fn damage_is_told() {
    let server = Server::start();
    let database = database(server.port, "damaged", "one", 1);
    let partition = claimed(&database);
    let script = Script::new(1, 12, Recording::new("email"));
    let mut store = Store::open(partition.clone(), options()).expect("a store");
    script.go_on(&mut store, |_, _, _| ()).expect("a database");
    let mut client = server.connect().expect("a connection");
    client.batch_execute("SET search_path TO damaged; UPDATE snapshot_pieces SET state = set_byte(state, 9, 255 - get_byte(state, 9))").expect("an update");
    // A damaged snapshot is passed over.
    let again = Store::open(partition.clone(), options()).expect("a store");
    assert_eq!((again.recovered().passed_over.len(), again.machine().hash()), (1, store.machine().hash()));
    client
        .batch_execute("UPDATE log SET frame = set_byte(frame, 30, 255 - get_byte(frame, 30)) WHERE first = 2")
        .expect("an update");
    let error = Store::open(partition.clone(), options()).expect_err("damage").to_string();
    assert!(error.starts_with("`log of partition 0` is damaged at byte 2"), "{error}");
    client.batch_execute("DELETE FROM log WHERE first = 2").expect("a removal");
    let error = Store::open(partition.clone(), options()).expect_err("a gap").to_string();
    assert!(error.starts_with("the log has no record 2: its next one is 3"), "{error}");
    client.batch_execute("UPDATE log SET semantics = 99").expect("an update");
    let error = Store::open(partition, options()).expect_err("other rules").to_string();
    assert!(error.contains("version 99"), "{error}");
}

#[test]
fn tables_of_other_numbers_are_refused() {
    let server = Server::start();
    drop(database(server.port, "shop", "one", 4));
    let open = |schema: &str, partitions: u32| {
        let port = server.port;
        let options = DatabaseOptions { schema: schema.to_owned(), partitions, ..DatabaseOptions::new("two") };
        Database::open(move || connect(port), options).map(drop).expect_err("no database").to_string()
    };
    assert_eq!(
        open("shop", 8),
        "`shop` has 4 partitions, not 8: where customers are depends on it, so that it can't be changed"
    );
    assert!(open("shop\"; DROP SCHEMA shop", 4).contains("is no name for a schema here"));
    assert!(open("shop", 0).contains("can't have 0 partitions"));
    server.connect().expect("a connection").batch_execute("UPDATE shop.layout SET version = 7").expect("an update");
    assert!(open("shop", 4).contains("laid out by another release (layout 7, here 1)"));
    let nobody = Database::open(
        || postgres::Client::connect("host=127.0.0.1 port=1 user=x", postgres::NoTls),
        DatabaseOptions::new("three"),
    );
    let error = nobody.map(drop).expect_err("no database").to_string();
    assert!(error.starts_with("the database can't make the tables: error connecting to server"), "{error}");
}
