//! A worker that sleeps for too long loses its partition, and writes nothing more.

use std::time::Duration;

use cvm_journey::channel::Recording;
use cvm_journey::durable::postgres::{Database, DatabaseOptions};
use cvm_journey::durable::{Store, StoreError};
use cvm_journey::machine::Command;

use crate::script::{Script, options, world};
use crate::server::{Server, connect};

fn worker(port: u16, name: &str) -> Database {
    let options = DatabaseOptions {
        schema: "fences".to_owned(),
        partitions: 1,
        hold: Duration::from_millis(1_500),
        ..DatabaseOptions::new(name)
    };
    Database::open(move || connect(port), options).expect("tables")
}

#[test]
fn a_lease_that_is_lost_and_regained_does_nothing_twice() {
    let server = Server::start();
    let (one, other) = (worker(server.port, "one"), worker(server.port, "other"));
    let provider = Recording::new("email");
    let script = |steps| Script::new(3, steps, provider.clone());
    let first = one.claim().expect("a database").expect("a partition");
    let mut of_first = Store::open(first.clone(), options()).expect("a store");
    script(20).go_on(&mut of_first, |_, _, _| ()).expect("a database");
    assert_eq!(other.claim().expect("a database").map(|partition| partition.number()), None);
    assert_eq!(one.held().expect("a database")[0].worker.as_deref(), Some("one"));
    // The first one is told something, and sleeps before it can keep it.
    std::thread::sleep(Duration::from_millis(1_700));
    let second = other.claim().expect("a database").expect("a partition that is free");
    let mut of_second = Store::open(second.clone(), options()).expect("a store");
    assert_eq!(of_second.machine().hash(), of_first.machine().hash());
    script(40).go_on(&mut of_second, |_, _, _| ()).expect("a database");
    let at = script(0).at(20);
    let tick = Command::Tick;
    let fenced = |error: StoreError| assert!(matches!(error, StoreError::Fenced { partition: 0 }), "{error}");
    fenced(of_first.tell(at, &tick, &mut world(&tick)).expect_err("not its own any more"));
    assert!(matches!(of_first.tell(at, &tick, &mut world(&tick)), Err(StoreError::Stopped(_))));
    fenced(first.renew().expect_err("not its own any more"));
    fenced(Store::open(first.clone(), options()).expect_err("not its own any more"));
    // To give back what is another's does nothing.
    first.release().expect("a database");
    second.renew().expect("its own");
    // The second one is killed; the first one gets it back, and goes on where the second one was.
    let hash = of_second.machine().hash();
    std::thread::sleep(Duration::from_millis(1_700));
    let third = one.claim().expect("a database").expect("a partition that is free");
    let mut of_third = Store::open(third, options()).expect("a store");
    assert_eq!(of_third.machine().hash(), hash);
    script(90).go_on(&mut of_third, |_, _, _| ()).expect("a database");
    fenced(of_second.snapshot().expect_err("not its own any more"));
    let alone = Recording::new("email");
    let mut store = Store::open(cvm_journey::durable::testing::FaultyDisk::new(), options()).expect("a store");
    Script::new(3, 90, alone.clone()).go_on(&mut store, |_, _, _| ()).expect("no crash");
    assert_eq!(of_third.machine().hash(), store.machine().hash());
    let keys = |provider: &Recording| -> Vec<String> {
        let mut keys: Vec<String> = provider.taken().into_iter().map(|message| message.key).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&provider), keys(&alone));
}
