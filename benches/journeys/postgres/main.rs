//! Journeys in PostgreSQL, beside the usual way: a row for each customer and workers that take due rows.
//!
//! ```sh
//! cargo run --release -p cvm-benches --example journey_postgres -- 2000000
//! ```
//!
//! Both in one run, with the same server, which it starts itself and which syncs its disk. Two workers each: threads of
//! this process, each with a connection of its own. Says what it measured in lines of JSON, and in words beside.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    missing_docs,
    reason = "a program that measures the library"
)]

#[path = "../durable/driver.rs"]
mod driver;
#[path = "../speed/journeys.rs"]
mod journeys;
#[path = "../durable/latency.rs"]
mod latency;
mod ours;
mod rows;
#[path = "../../../crates/cvm-journey/tests/postgres/server.rs"]
mod server;
mod way;
#[path = "../speed/world.rs"]
mod world;

use driver::Failure;
use serde_json::{Value, json};
use server::Server;

/// As in the packages for Python and Node.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WORKERS: usize = 2;
/// What a server with some memory is given. All else is as it comes: `fsync`, `synchronous_commit` and
/// `full_page_writes` are on.
const SETTINGS: [&str; 3] = ["shared_buffers=1GB", "max_wal_size=2GB", "checkpoint_timeout=15min"];

/// What two workers did together.
struct Done {
    customers: u32,
    batch: u32,
    commits: u64,
    steps: u64,
    rows: u64,
    wall: f64,
    world: f64,
}

fn say(kind: &str, done: &Done, wal: i64) {
    let Done { customers, batch, commits, steps, rows, wall, world } = *done;
    let line: Value = json!({"kind": kind, "customers": customers, "batch": batch, "commits": commits, "steps": steps,
        "rows": rows, "wall_s": wall, "world_s": world, "wal_bytes": wal});
    println!("{line}");
    eprintln!(
        "{kind} {batch}: {customers} customers, {steps} steps {:.0} k/s, {commits} commits {:.0}/s, {wall:.2} s, {:.1} MB of WAL",
        steps as f64 / wall / 1e3,
        commits as f64 / wall,
        wal as f64 / 1e6
    );
}

fn main() -> Result<(), Failure> {
    let customers: u32 = std::env::args().nth(1).map_or(Ok(2_000_000), |text| text.parse())?;
    latency::say("postgres")?;
    let server = Server::start_with(&SETTINGS);
    let mut client = server.connect()?;
    let shown: Vec<String> = ["server_version", "fsync", "synchronous_commit", "full_page_writes"]
        .iter()
        .map(|name| Ok(client.query_one(&format!("SHOW {name}"), &[])?.get(0)))
        .collect::<Result<_, Failure>>()?;
    if shown[1..].iter().any(|value| value != "on") {
        return Err("the server does not sync its disk".into());
    }
    println!("{}", json!({"kind": "server", "version": shown[0], "settings": SETTINGS}));
    let mut written = || -> Result<i64, Failure> {
        let sql = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
        Ok(client.query_one(sql, &[])?.get(0))
    };
    for batch in [10_000, 1_000] {
        let (done, before) = ours::run(server.port, customers, batch, &mut written)?;
        say("ours", &done, written()? - before);
    }
    // As many customers as are through in some seconds.
    for (batch, customers) in [(10_000, 500_000), (1_000, 500_000), (1, 3_000)] {
        let (done, before) = rows::run(server.port, customers, batch, &mut written)?;
        say("rows", &done, written()? - before);
    }
    Ok(())
}
