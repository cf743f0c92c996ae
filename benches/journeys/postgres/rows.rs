//! The usual way: a row for each customer, and workers that take those that are due.

use std::sync::{Arc, Barrier};
use std::time::Instant;

use postgres::Client;

use crate::driver::{Failure, START};
use crate::way::{IN, NEVER, Row, Turn};
use crate::world::{DAY, HOUR};
use crate::{Done, WORKERS, server};

const TAKE: &str =
    "SELECT customer, node, round FROM people WHERE wake <= $1 ORDER BY wake LIMIT $2 FOR UPDATE SKIP LOCKED";
const PUT: &str = "UPDATE people SET node = t.node, round = t.round, wake = t.wake
    FROM unnest($1::bigint[], $2::int[], $3::int[], $4::bigint[]) AS t (customer, node, round, wake)
    WHERE people.customer = t.customer";
const SEND: &str = "INSERT INTO outbox (customer, entry, node, round)
    SELECT t.customer, 1, t.node, t.round FROM unnest($1::bigint[], $2::int[], $3::int[]) AS t (customer, node, round)";

/// What one worker did.
#[derive(Default)]
struct Own {
    commits: u64,
    steps: u64,
    rows: u64,
}

/// Takes due rows, decides, and writes where they wait next and what is to be sent, in one transaction; until none is due.
fn drain(client: &mut Client, now: i64, batch: u32, own: &mut Own) -> Result<(), Failure> {
    let [take, put, send] = [client.prepare(TAKE)?, client.prepare(PUT)?, client.prepare(SEND)?];
    loop {
        let mut all = client.transaction()?;
        let taken = all.query(&take, &[&now, &i64::from(batch)])?;
        if taken.is_empty() {
            return Ok(all.commit()?);
        }
        let (mut outbox, mut customers) = (Vec::new(), Vec::new());
        let (mut nodes, mut rounds, mut wakes) = (Vec::new(), Vec::new(), Vec::new());
        for row in &taken {
            let row = Row { customer: row.get(0), node: row.get(1), round: row.get(2), wake: NEVER };
            let mut turn = Turn { row, now, steps: 0, outbox: &mut outbox };
            turn.go();
            own.steps += turn.steps;
            let row = turn.row;
            customers.push(row.customer);
            nodes.push(row.node);
            rounds.push(row.round);
            wakes.push(row.wake);
        }
        all.execute(&put, &[&customers, &nodes, &rounds, &wakes])?;
        if !outbox.is_empty() {
            let customers: Vec<i64> = outbox.iter().map(|send| send.customer).collect();
            let nodes: Vec<i32> = outbox.iter().map(|send| send.node).collect();
            let rounds: Vec<i32> = outbox.iter().map(|send| send.round).collect();
            all.execute(&send, &[&customers, &nodes, &rounds])?;
        }
        all.commit()?;
        own.rows += taken.len() as u64;
        own.commits += 1;
    }
}

/// The same instants as everywhere: all enter, then two ticks in each of six days. Workers wait for each other at each.
fn walk(mut client: Client, batch: u32, barrier: &Barrier) -> Result<Own, Failure> {
    let (mut own, mut now) = (Own::default(), START);
    let hours = (0..6).flat_map(|_| [DAY / 2, 3 * HOUR]);
    let mut done = drain(&mut client, now, batch, &mut own);
    for hours in hours {
        now += hours;
        barrier.wait();
        if done.is_ok() {
            done = drain(&mut client, now, batch, &mut own);
        }
    }
    done.map(|()| own)
}

/// What they did, and how much the server had written when they began.
pub fn run(
    port: u16,
    customers: u32,
    batch: u32,
    written: &mut impl FnMut() -> Result<i64, Failure>,
) -> Result<(Done, i64), Failure> {
    let mut client = server::connect(port)?;
    // That the rows are made is not measured.
    client.batch_execute(&format!(
        "DROP TABLE IF EXISTS people, outbox;
         CREATE TABLE people (customer bigint PRIMARY KEY, node int NOT NULL, round int NOT NULL, wake bigint NOT NULL);
         CREATE TABLE outbox (message bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer bigint NOT NULL,
             entry int NOT NULL, node int NOT NULL, round int NOT NULL);
         INSERT INTO people SELECT 1000000000 + n, {IN}, 0, {START} FROM generate_series(0, {customers} - 1) AS n;
         CREATE INDEX ON people (wake);"
    ))?;
    client.batch_execute("VACUUM ANALYZE people")?;
    client.batch_execute("CHECKPOINT")?;
    let clients: Vec<Client> = (0..WORKERS).map(|_| server::connect(port)).collect::<Result<_, _>>()?;
    let barrier = Arc::new(Barrier::new(WORKERS));
    let before = written()?;
    let start = Instant::now();
    let threads: Vec<_> = clients
        .into_iter()
        .map(|client| {
            let barrier = Arc::clone(&barrier);
            std::thread::spawn(move || walk(client, batch, &barrier))
        })
        .collect();
    let mut done = Done { customers, batch, commits: 0, steps: 0, rows: 0, wall: 0.0, world: 0.0 };
    for thread in threads {
        let own = thread.join().map_err(|_| "a worker broke")??;
        done.commits += own.commits;
        done.steps += own.steps;
        done.rows += own.rows;
    }
    done.wall = start.elapsed().as_secs_f64();
    Ok((done, before))
}
