//! The client: asks the cluster and an engine of its own the same questions.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ballista::datafusion::execution::SessionStateBuilder;
use ballista::datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use ballista::prelude::{SessionConfigExt, SessionContextExt};
use cvm::{Catalog, Filter, Rows, Session, Statement, Timestamp, Value};

use crate::cluster::{EXECUTORS, port, tasks_file};
use crate::local::{engine, table};
use crate::segments::SEGMENTS;
use crate::shop::FILES;

/// The longest that one question may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks all questions on both sides and prints what came out.
///
/// # Errors
/// Answers that differ; an executor that was given nothing to do; a cluster that does not answer in time.
pub async fn ask(folder: PathBuf) -> Result<(), Box<dyn Error>> {
    let engine = engine(&folder)?;
    let (catalog, as_of) = (engine.catalog()?, engine.as_of());
    let cluster = connect(&folder).await?;
    println!("{:<16} {:>9}  {:<9} {:>9} {:>11}   tasks of each executor", "segment", "members", "", "local", "cluster");
    let mut different = 0;
    for (name, text) in SEGMENTS {
        let filter: Filter = text.parse()?;
        let start = Instant::now();
        let here = sorted(engine.members_async(&filter).await?);
        let local = start.elapsed();
        let before = tasks(&folder);
        let start = Instant::now();
        let there = tokio::time::timeout(PATIENCE, members(&cluster, &filter, &catalog, as_of))
            .await
            .map_err(|_| format!("`{text}`: no answer within {} seconds", PATIENCE.as_secs()))?
            .map_err(|error| format!("`{text}`: {error}"))?;
        let distributed = start.elapsed();
        let same = here == there;
        different += usize::from(!same);
        let verdict = if same { "equal".to_owned() } else { format!("NOT {}", there.len()) };
        let worked: Vec<String> =
            tasks(&folder).iter().zip(before).map(|(after, before)| format!("{:>3}", after - before)).collect();
        println!(
            "{name:<16} {:>9}  {verdict:<9} {:>6} ms {:>8} ms   {}",
            here.len(),
            local.as_millis(),
            distributed.as_millis(),
            worked.join("  ")
        );
    }
    let worked = tasks(&folder);
    let shown: Vec<String> = worked.iter().map(ToString::to_string).collect();
    println!("\n{} segments, {different} different; tasks of each executor: {}", SEGMENTS.len(), shown.join(", "));
    if different > 0 {
        return Err("the cluster and this machine do not agree".into());
    }
    if worked.contains(&0) {
        return Err("an executor had nothing to do".into());
    }
    Ok(())
}

/// A session whose plans go to the cluster.
async fn connect(folder: &Path) -> Result<Session, Box<dyn Error>> {
    let port = port(folder).await?;
    ready(port).await?;
    let config = SessionConfig::new_with_ballista().with_target_partitions(FILES);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let context = SessionContext::remote_with_state(&format!("df://{}:{port}", Ipv4Addr::LOCALHOST), state).await?;
    let session = Session::on(context.clone());
    for name in ["customers", "events"] {
        let files = table(folder, name).to_string_lossy().into_owned();
        session.register(name, context.read_parquet(files, ParquetReadOptions::default()).await?.into_view())?;
    }
    Ok(session)
}

/// Waits until all executors have come to the scheduler.
async fn ready(port: u16) -> Result<(), Box<dyn Error>> {
    for _ in 0..300 {
        if is_ready(port).unwrap_or(false) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the executors did not start within 30 seconds".into())
}

fn is_ready(port: u16) -> std::io::Result<bool> {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    connection.set_read_timeout(Some(Duration::from_secs(2)))?;
    connection.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    connection.read_exact(&mut status)?;
    Ok(status == *b"HTTP/1.1 200")
}

async fn members(
    cluster: &Session,
    filter: &Filter,
    catalog: &Catalog,
    as_of: Timestamp,
) -> Result<Vec<i64>, cvm::Diagnostics> {
    let (schema, batches) = cluster.run(filter, catalog, as_of, &Statement::Members).await?;
    Ok(sorted(Rows::new(schema, batches)))
}

/// The keys in order; one that came twice stays twice.
fn sorted(members: Rows) -> Vec<i64> {
    let mut keys: Vec<i64> = members
        .values()
        .filter_map(|row| match row.first() {
            Some(Value::Int(key)) => Some(*key),
            _ => None,
        })
        .collect();
    keys.sort_unstable();
    keys
}

/// How many tasks each executor was given so far.
fn tasks(folder: &Path) -> Vec<usize> {
    let lines = |number| std::fs::read_to_string(tasks_file(folder, number)).map_or(0, |text| text.lines().count());
    (1..=EXECUTORS).map(lines).collect()
}
