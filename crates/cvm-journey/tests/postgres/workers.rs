//! Workers that share partitions, and letters for them.

use std::time::Duration;

use cvm_journey::channel::Recording;
use cvm_journey::durable::Options;
use cvm_journey::durable::postgres::{Database, DatabaseOptions, Share, Worker};

use crate::server::{Server, connect};
use crate::shop::{START, Staff, keys, letter};

fn worker(port: u16, name: &str, provider: &Recording) -> (Database, Worker<Staff<Recording>>) {
    let options = DatabaseOptions {
        schema: "workers".to_owned(),
        partitions: 6,
        hold: Duration::from_secs(60),
        ..DatabaseOptions::new(name)
    };
    let database = Database::open(move || connect(port), options).expect("tables");
    let crew = Staff { customers: 100, provider: provider.clone() };
    (database.clone(), Worker::new(database, Options::default(), crew))
}

#[test]
fn workers_share_partitions_evenly_and_give_them_back() {
    let server = Server::start();
    let provider = Recording::new("email");
    let (database, mut one) = worker(server.port, "one", &provider);
    assert_eq!(one.step(START).expect("a database").claimed, [0, 1, 2, 3, 4, 5]);
    let (_, mut two) = worker(server.port, "two", &provider);
    assert!(two.step(START).expect("a database").claimed.is_empty());
    // As soon as the first hears of the second, it gives half of them back.
    assert_eq!(one.step(START).expect("a database").released, [5, 4, 3]);
    assert_eq!(two.step(START).expect("a database").claimed, [3, 4, 5]);
    assert_eq!(one.holds().chain(two.holds()).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    // One that ends gives its own back at once; nobody waits for it.
    one.end().expect("a database");
    let turn = two.step(START).expect("a database");
    assert_eq!((turn.claimed.len(), turn.lost.len()), (3, 0));
    assert!(database.held().expect("a database").iter().all(|held| held.worker.as_deref() == Some("two")));
    // Nobody was in two machines, and everybody is in one.
    let known: usize = (0..6).map(|number| two.runner(number).expect("held").store().machine().customers()).sum();
    assert_eq!(known, 100);
}

#[test]
fn letters_are_read_once_and_in_their_order() {
    let server = Server::start();
    let provider = Recording::new("email");
    let (database, mut one) = worker(server.port, "one", &provider);
    let own = keys(100, Share { partition: 2, of: 6 });
    let mut letters: Vec<(u32, Vec<u8>)> =
        own.iter().map(|key| (2, letter("visit", std::slice::from_ref(key)))).collect();
    letters.insert(1, (2, b"{".to_vec()));
    letters.push((2, letter("nothing", &[])));
    // Everything in it is refused or changes nothing: it goes all the same.
    letters.push((2, letter("welcome", &["nobody".to_owned()])));
    database.post(&letters).expect("a database");
    let turn = one.step(START).expect("a database");
    assert_eq!((turn.letters, turn.unread), (own.len() as u64 + 1, 2));
    assert_eq!(one.step(START).expect("a database").letters, 0);
    let machine = one.runner(2).expect("held").store().machine();
    assert_eq!(machine.counts("visits").expect("a journey").entered, own.len() as u64);
    let mut client = server.connect().expect("a connection");
    let unread = client.query("SELECT why FROM workers.unread_letters ORDER BY letter", &[]).expect("rows");
    let whys: Vec<String> = unread.iter().map(|row| row.get(0)).collect();
    assert!(whys[0].starts_with("EOF while parsing"), "{whys:?}");
    assert_eq!(whys[1], "there is nothing like Some(\"nothing\")");
    let left: i64 = client.query_one("SELECT count(*) FROM workers.letters", &[]).expect("a row").get(0);
    assert_eq!(left, 0);
}

/// Who may only use the tables opens them too, and a worker whose database was away goes on with what it holds.
#[test]
fn a_worker_needs_no_right_to_make_tables_and_outlives_its_connection() {
    let server = Server::start();
    let provider = Recording::new("email");
    drop(worker(server.port, "one", &provider));
    let mut client = server.connect().expect("a connection");
    let role = "CREATE ROLE modest LOGIN; GRANT USAGE ON SCHEMA workers TO modest;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA workers TO modest";
    client.batch_execute(role).expect("a role");
    let port = server.port;
    let connect = move || {
        let settings = format!("host=127.0.0.1 port={port} user=modest dbname=postgres");
        postgres::Client::connect(&settings, postgres::NoTls)
    };
    let options = DatabaseOptions { schema: "workers".to_owned(), partitions: 6, ..DatabaseOptions::new("modest") };
    let database = Database::open(connect, options).expect("the tables");
    let mut modest =
        Worker::new(database.clone(), Options::default(), Staff { customers: 100, provider: provider.clone() });
    assert_eq!(modest.step(START).expect("a database").claimed.len(), 6);
    let own = keys(100, Share { partition: 2, of: 6 });
    database.post(&[(2, letter("visit", &own))]).expect("a database");
    client
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'modest'", &[])
        .expect("rows");
    let mut letters = 0;
    for _ in 0..5 {
        // The first time it may find out that the connection broke.
        letters += modest.step(START).map_or(0, |turn| turn.letters);
    }
    assert_eq!((letters, modest.holds().count()), (1, 6));
    let machine = modest.runner(2).expect("held").store().machine();
    assert_eq!(machine.counts("visits").expect("a journey").entered, own.len() as u64);
}
