//! Two workers, of which one is killed with `kill -9` in the middle of its work, again and again: nothing is lost, nothing
//! is done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cvm_journey::channel::Recording;
use cvm_journey::durable::postgres::{Database, DatabaseOptions, Share, Worker, partition_of};
use cvm_journey::durable::testing::FaultyDisk;
use cvm_journey::durable::{Options, Outlet, Runner, RunnerOptions, Store};
use cvm_journey::machine::{Command, Keys};

use crate::draw::Dice;
use crate::script::number;
use crate::server::{Server, connect};
use crate::shop::{HOUR, Provider, START, Shop, Staff, content, journeys, keys, letter, publish};
use crate::world::hash;

const CUSTOMERS: u32 = 300;
const PARTITIONS: u32 = 4;
const PORT: &str = "POSTGRES_CHILD";
const NAME: &str = "POSTGRES_CHILD_NAME";

fn database(port: u16, name: &str, hold: Duration) -> Database {
    let options =
        DatabaseOptions { schema: "killed".to_owned(), partitions: PARTITIONS, hold, ..DatabaseOptions::new(name) };
    Database::open(move || connect(port), options).expect("tables")
}

/// What is killed: the test binary itself, with this test alone. Its clock is a table.
#[test]
fn child() {
    let Some(port) = std::env::var(PORT).ok().and_then(|port| port.parse::<u16>().ok()) else { return };
    let name = std::env::var(NAME).expect("a name");
    let provider = Provider(Arc::new(Mutex::new(connect(port).expect("a connection"))));
    let mut clock = connect(port).expect("a connection");
    // Snapshots every few records: kills come into the middle of them too.
    let options = Options { snapshot_records: 20, most_jump: i64::MAX, ..Options::default() };
    let mut worker = Worker::new(
        database(port, &name, Duration::from_millis(400)),
        options,
        Staff { customers: CUSTOMERS, provider },
    );
    loop {
        let now: i64 = clock.query_one("SELECT now FROM public.clock", &[]).expect("a clock").get(0);
        let turn = worker.step(now).expect("a database");
        if turn.letters == 0 && turn.stepped.iter().all(|(_, stepped)| stepped.handed == 0) {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn started(port: u16, name: &str) -> Child {
    let mut process = Process::new(std::env::current_exe().expect("a path"));
    process.args(["--exact", "killed::child", "--quiet"]).env(PORT, port.to_string()).env(NAME, name);
    process.stdout(Stdio::null()).spawn().expect("a process")
}

/// The keys of all that is sent when one machine has all customers, and nobody is killed.
fn expected() -> BTreeSet<String> {
    let everybody = keys(CUSTOMERS, Share { partition: 0, of: 1 });
    let mut shop = Shop(everybody.clone());
    let mut store = Store::open(FaultyDisk::new(), Options::default()).expect("a store");
    let mut first = vec![Command::Customers(Keys::Texts(everybody))];
    first.extend(journeys().into_iter().map(publish));
    first.push(Command::Enrol { journey: "welcome".to_owned(), customers: (0..CUSTOMERS).collect() });
    for command in &first {
        store.tell(START, command, &mut shop).expect("a disk");
    }
    let provider = Recording::new("email");
    let mut runner =
        Runner::new(store, shop, content(), RunnerOptions::default()).outlet(Outlet::new(Box::new(provider.clone())));
    for hour in 0..24 {
        while runner.step(START + hour * HOUR).expect("a disk").handed > 0 {}
    }
    assert_eq!(runner.store().machine().counts("welcome").expect("a journey").left["end"], u64::from(CUSTOMERS));
    provider.taken().into_iter().map(|message| message.key).collect()
}

#[test]
fn a_worker_that_is_killed_loses_nothing_and_repeats_nothing() {
    let (wanted, seed) = (number("POSTGRES_KILLS", 8), number("POSTGRES_SEED", 1));
    let server = Server::start();
    let mut client = server.connect().expect("a connection");
    let tables = format!(
        "CREATE TABLE public.sent (key text PRIMARY KEY, times int NOT NULL);
         CREATE TABLE public.clock (now bigint NOT NULL); INSERT INTO public.clock VALUES ({START})"
    );
    client.batch_execute(&tables).expect("tables");
    let own = database(server.port, "parent", Duration::from_secs(600));
    let dice = &mut Dice(hash("kills", &[seed]));
    let mut workers: BTreeMap<u64, Child> = (0..2).map(|n| (n, started(server.port, &format!("worker-{n}")))).collect();
    let (mut next, mut kills, mut visits, mut hour) = (2, 0, 0_u64, 0);
    let begun = Instant::now();
    let mut entered = 0;
    loop {
        assert!(begun.elapsed() < Duration::from_secs(60 + wanted * 3), "they don't come to an end");
        // Letters come while workers are killed.
        if entered < CUSTOMERS {
            let some = entered..(entered + 40).min(CUSTOMERS);
            let mut letters: Vec<(u32, Vec<u8>)> = Vec::new();
            for key in some.clone().map(|number| format!("c{number}")) {
                let to = partition_of(&key, PARTITIONS);
                letters.push((to, letter("visit", std::slice::from_ref(&key))));
                letters.push((to, letter("welcome", std::slice::from_ref(&key))));
                visits += 1;
            }
            own.post(&letters).expect("a database");
            entered = some.end;
        }
        std::thread::sleep(Duration::from_millis(20 + dice.below(300)));
        if kills < wanted {
            let victim = *dice.pick(&workers.keys().copied().collect::<Vec<_>>());
            if let Some(mut child) = workers.remove(&victim) {
                assert!(child.try_wait().expect("a process").is_none(), "a worker failed");
                child.kill().expect("a process");
                child.wait().expect("a process");
                kills += 1;
            }
            workers.insert(next, started(server.port, &format!("worker-{next}")));
            next += 1;
        }
        hour += 1;
        client.execute("UPDATE public.clock SET now = $1", &[&(START + hour * HOUR)]).expect("a clock");
        let waiting: i64 = client.query_one("SELECT count(*) FROM killed.letters", &[]).expect("a row").get(0);
        let sent: i64 = client.query_one("SELECT count(*) FROM public.sent", &[]).expect("a row").get(0);
        if kills >= wanted && entered == CUSTOMERS && waiting == 0 && sent.unsigned_abs() >= expected().len() as u64 {
            break;
        }
    }
    // Who is done is counted once nobody else works on it any more.
    std::thread::sleep(Duration::from_millis(500));
    for (_, mut child) in workers {
        assert!(child.try_wait().expect("a process").is_none(), "a worker failed");
        child.kill().expect("a process");
        child.wait().expect("a process");
    }
    std::thread::sleep(Duration::from_millis(500));
    let (mut out, mut seen, mut refused) = (0, 0, 0);
    let mut partitions = 0;
    let begun = Instant::now();
    while partitions < PARTITIONS {
        // What a killed worker had asked for last may still keep a partition for it.
        let Some(partition) = own.claim().expect("a database") else {
            assert!(begun.elapsed() < Duration::from_secs(60), "a partition is never free");
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        let mut store = Store::open(partition.clone(), Options::default()).expect("a store");
        let mut shop = Shop(keys(CUSTOMERS, partition.share()));
        store.allow_jump(i64::MAX);
        // Changes that were handed out when a worker was killed are still to be answered.
        let mut runner = Runner::new(store, shop.clone(), content(), RunnerOptions::default());
        for more in 0..24 {
            while runner.step(START + (hour + more) * HOUR).expect("a database").handed > 0 {}
        }
        (store, shop) = runner.into_parts();
        drop(shop);
        let machine = store.machine();
        assert!(machine.conserves());
        let welcome = machine.counts("welcome").expect("a journey");
        out += welcome.left["end"];
        refused += welcome.refused.values().sum::<u64>();
        assert_eq!(welcome.entered, machine.customers() as u64);
        seen += machine.counts("visits").expect("a journey").entered;
        partitions += 1;
    }
    assert_eq!((out, seen, refused), (u64::from(CUSTOMERS), visits, 0));
    let sent = client.query("SELECT key, times FROM public.sent", &[]).expect("rows");
    let keys: BTreeSet<String> = sent.iter().map(|row| row.get(0)).collect();
    assert_eq!(keys, expected());
    let again = sent.iter().filter(|row| row.get::<_, i32>(1) > 1).count();
    eprintln!(
        "{kills} kills (seed {seed}): {} messages, each taken once by the provider; {again} were given to it again with their key",
        keys.len()
    );
}
