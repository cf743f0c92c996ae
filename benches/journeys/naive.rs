//! A row for each customer: workers take rows that are due, decide where each goes on, and write the rows again, with the
//! messages in the same commit. As many do it; statements are set-based, and prepared once.

use std::time::{Duration, Instant};

use postgres::Client;
use serde_json::json;

use crate::server::connect;
use crate::world::{DAY, mix};

/// It is enough to know how fast it goes.
const MOST: Duration = Duration::from_secs(15);

/// A row's next node and time, how many nodes it passes, and whether there is a message: in, held, gate, arms and a wait of a
/// day; a mail and a wait of two days; a branch and the end.
fn step(customer: i64, node: i32, now: i64) -> (i32, i64, u64, bool) {
    match node {
        0 => (1, now + DAY + (mix(customer.cast_unsigned()) % 3_600) as i64, 5, false),
        1 => (2, now + 2 * DAY, 2, true),
        _ => (-1, i64::MAX, 2, false),
    }
}

fn work(client: &mut Client, begun: Instant, batch: i64) -> (u64, u64) {
    let due = "SELECT customer, node FROM naive.places WHERE wake <= $1 ORDER BY wake LIMIT $2 FOR UPDATE SKIP LOCKED";
    let put = "UPDATE naive.places SET node = next.node, wake = next.wake
        FROM unnest($1::bigint[], $2::int[], $3::bigint[]) AS next (customer, node, wake)
        WHERE places.customer = next.customer";
    let say =
        "INSERT INTO naive.outbox SELECT customer, 1 FROM unnest($1::bigint[]) AS customer ON CONFLICT DO NOTHING";
    let statements = [due, put, say].map(|sql| client.prepare(sql).expect("a statement"));
    let (mut now, mut steps, mut commits) = (0, 0, 0);
    while begun.elapsed() < MOST {
        let mut all = client.transaction().expect("a database");
        let rows = all.query(&statements[0], &[&now, &batch]).expect("rows");
        let (mut who, mut nodes, mut wakes, mut messages) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let customer: i64 = row.get(0);
            let (node, wake, passed, message) = step(customer, row.get(1), now);
            steps += passed;
            who.push(customer);
            nodes.push(node);
            wakes.push(wake);
            messages.extend(message.then_some(customer));
        }
        all.execute(&statements[1], &[&who, &nodes, &wakes]).expect("an update");
        if !messages.is_empty() {
            all.execute(&statements[2], &[&messages]).expect("an insert");
        }
        all.commit().expect("a database");
        commits += 1;
        if rows.is_empty() {
            // Everybody waits, or is out: time goes on.
            if now > 5 * DAY {
                break;
            }
            now += DAY + DAY / 12;
        }
    }
    (steps, commits)
}

pub fn run(port: u16, customers: i64, batch: i64, workers: u32) {
    let mut client = connect(port).expect("a connection");
    let tables = "DROP SCHEMA IF EXISTS naive CASCADE; CREATE SCHEMA naive;
        CREATE TABLE naive.places (customer bigint PRIMARY KEY, node int NOT NULL, wake bigint NOT NULL);
        CREATE TABLE naive.outbox (customer bigint, node int, PRIMARY KEY (customer, node))";
    client.batch_execute(tables).expect("tables");
    client
        .execute(
            "INSERT INTO naive.places SELECT customer, 0, 0 FROM generate_series(1, $1) AS customer",
            &[&customers],
        )
        .expect("rows");
    client
        .batch_execute("CREATE INDEX ON naive.places (wake); VACUUM ANALYZE naive.places; CHECKPOINT")
        .expect("an index");
    let begun = Instant::now();
    let done: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let start = |_| scope.spawn(move || work(&mut connect(port).expect("a connection"), begun, batch));
        let workers: Vec<_> = (0..workers).map(start).collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let (steps, commits) = done.iter().fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    println!(
        "{}",
        json!({"what": "rows", "batch": batch, "workers": workers, "steps": steps, "commits": commits,
            "seconds": seconds, "steps_per_second": steps as f64 / seconds})
    );
}
