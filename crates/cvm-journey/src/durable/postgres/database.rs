//! The tables, and who holds which partition.

use std::sync::Arc;
use std::time::Duration;

use postgres::Client;

use super::super::error::StoreError;
use super::connection::Connection;
use super::partition::Partition;
use super::schema;
use super::share::Share;

/// Where the tables are, and who asks.
///
/// ```
/// use cvm_journey::durable::postgres::DatabaseOptions;
/// let options = DatabaseOptions { partitions: 64, ..DatabaseOptions::new("worker-1") };
/// assert_eq!((options.schema.as_str(), options.hold.as_secs()), ("cvm_journeys", 30));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// The schema of the tables. It is made where there is none.
    pub schema: String,
    /// How many partitions customers are shared out to: settled when the tables are made, the same for all workers.
    pub partitions: u32,
    /// So long a worker that is not heard of keeps a partition.
    pub hold: Duration,
    /// The worker's name: another one for each.
    pub worker: String,
}

impl DatabaseOptions {
    /// Sixteen partitions, which a worker keeps for thirty seconds, in the schema `cvm_journeys`.
    #[must_use]
    pub fn new(worker: impl Into<String>) -> Self {
        Self { schema: "cvm_journeys".to_owned(), partitions: 16, hold: Duration::from_secs(30), worker: worker.into() }
    }
}

/// A partition that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its number, from 0 on.
    pub partition: u32,
    /// Who holds it; nobody where that is over.
    pub worker: Option<String>,
}

/// What a worker hears when it says that it lives.
#[derive(Debug, Default)]
pub(super) struct Alive {
    /// How many workers do.
    pub(super) workers: u32,
    /// Which partitions it still holds.
    pub(super) kept: Vec<i32>,
    /// For which of them there are letters.
    pub(super) letters: Vec<i32>,
}

/// The tables of journeys in a PostgreSQL database (14 or newer). Clones use the same connection.
#[derive(Debug, Clone)]
pub struct Database {
    pub(super) connection: Arc<Connection>,
    pub(super) options: Arc<DatabaseOptions>,
}

impl Database {
    /// Opens the tables, and makes them where there are none. `connect` makes a connection, now and when it broke.
    ///
    /// ```no_run
    /// use cvm_journey::durable::{Options, Store, postgres::{Database, DatabaseOptions}};
    /// use postgres::{Client, NoTls};
    /// let connect = || Client::connect("host=localhost user=cvm dbname=shop", NoTls);
    /// let database = Database::open(connect, DatabaseOptions::new("worker-1"))?;
    /// if let Some(partition) = database.claim()? {
    ///     let store = Store::open(partition, Options::default())?;
    ///     println!("{} customers", store.machine().customers());
    /// }
    /// # Ok::<(), cvm_journey::durable::StoreError>(())
    /// ```
    ///
    /// # Errors
    /// What the database says; tables for another number of partitions, or of another release; names that can't be used.
    pub fn open(
        connect: impl Fn() -> Result<Client, postgres::Error> + Send + Sync + 'static,
        options: DatabaseOptions,
    ) -> Result<Self, StoreError> {
        let laid = |why: String| StoreError::Laid { schema: options.schema.clone(), why };
        if !schema::allowed(&options.schema) {
            return Err(laid(
                "is no name for a schema here: take small letters, digits and `_`, 63 at most".to_owned(),
            ));
        }
        let wanted = match i32::try_from(options.partitions) {
            Ok(wanted) if wanted > 0 => wanted,
            _ => return Err(laid(format!("can't have {} partitions: take 1 to 2147483647", options.partitions))),
        };
        let connection = Connection::new(Box::new(connect), options.schema.clone());
        let (version, partitions): (i32, i32) = connection.with("make the tables", |open| {
            let mut all = open.client().transaction()?;
            all.batch_execute(&schema::lock(&options.schema))?;
            // Where they are, nothing is made: who works with them need not be allowed to make any, nor wait for others.
            if !all.query_one("SELECT to_regclass('layout') IS NOT NULL", &[])?.get::<_, bool>(0) {
                all.batch_execute(&schema::create(&options.schema))?;
            }
            all.execute(
                "INSERT INTO layout (version, partitions) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                &[&schema::LAYOUT, &wanted],
            )?;
            let row = all.query_one("SELECT version, partitions FROM layout", &[])?;
            let (version, partitions) = (row.get(0), row.get(1));
            all.execute(
                "INSERT INTO partitions (partition) SELECT * FROM generate_series(0, $1 - 1) ON CONFLICT DO NOTHING",
                &[&partitions],
            )?;
            all.commit()?;
            Ok((version, partitions))
        })?;
        if version != schema::LAYOUT {
            return Err(laid(format!(
                "was laid out by another release (layout {version}, here {}): use that release",
                schema::LAYOUT
            )));
        }
        if partitions != wanted {
            return Err(laid(format!(
                "has {partitions} partitions, not {wanted}: where customers are depends on it, so that it can't be changed"
            )));
        }
        Ok(Self { connection: Arc::new(connection), options: Arc::new(options) })
    }

    /// How many partitions there are.
    #[must_use]
    pub fn partitions(&self) -> u32 {
        self.options.partitions
    }

    /// What a partition has of what all customers have together.
    #[must_use]
    pub fn share(&self, partition: u32) -> Share {
        Share { partition, of: self.options.partitions }
    }

    /// Takes a partition that nobody holds. `None` where there is none.
    ///
    /// # Errors
    /// What the database says.
    pub fn claim(&self) -> Result<Option<Partition>, StoreError> {
        let rows = self.connection.with("claim a partition", |open| {
            open.rows(
                "UPDATE partitions SET fence = fence + 1, worker = $1, held_until = clock_timestamp() + $2::float8 * interval '1 second'
                 WHERE partition = (SELECT partition FROM partitions
                     WHERE held_until IS NULL OR held_until < clock_timestamp()
                     ORDER BY held_until NULLS FIRST, partition LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING partition, fence",
                &[&self.options.worker, &self.options.hold.as_secs_f64()],
            )
        })?;
        Ok(rows.first().map(|row| Partition::new(self.clone(), row.get::<_, i32>(0).unsigned_abs(), row.get(1))))
    }

    /// Who holds which partition.
    ///
    /// # Errors
    /// What the database says.
    pub fn held(&self) -> Result<Vec<Held>, StoreError> {
        let rows = self.connection.with("read the partitions", |open| {
            open.rows(
                "SELECT partition, CASE WHEN held_until >= clock_timestamp() THEN worker END FROM partitions ORDER BY partition",
                &[],
            )
        })?;
        Ok(rows.iter().map(|row| Held { partition: row.get::<_, i32>(0).unsigned_abs(), worker: row.get(1) }).collect())
    }

    /// Says that this worker lives, and keeps what it holds.
    pub(super) fn alive(&self, held: &[&Partition]) -> Result<Alive, StoreError> {
        let numbers: Vec<i32> = held.iter().map(|partition| partition.number).collect();
        let fences: Vec<i64> = held.iter().map(|partition| partition.fence).collect();
        let hold = self.options.hold.as_secs_f64();
        let rows = self.connection.with("tell that the worker lives", |open| {
            open.execute(
                "INSERT INTO workers VALUES ($1, clock_timestamp()) ON CONFLICT (worker) DO UPDATE SET seen = excluded.seen",
                &[&self.options.worker],
            )?;
            open.rows(
                "WITH kept AS (UPDATE partitions SET held_until = clock_timestamp() + $3::float8 * interval '1 second'
                     FROM unnest($1::int[], $2::bigint[]) AS own (number, own_fence)
                     WHERE partition = number AND fence = own_fence RETURNING partition)
                 SELECT (SELECT count(*) FROM workers WHERE seen > clock_timestamp() - $3::float8 * interval '1 second'),
                     ARRAY(SELECT partition FROM kept),
                     ARRAY(SELECT partition FROM kept WHERE EXISTS (SELECT FROM letters WHERE letters.partition = kept.partition))",
                &[&numbers, &fences, &hold],
            )
        })?;
        let Some(row) = rows.first() else { return Ok(Alive::default()) };
        let workers: i64 = row.get(0);
        Ok(Alive { workers: u32::try_from(workers).unwrap_or(u32::MAX).max(1), kept: row.get(1), letters: row.get(2) })
    }

    /// Says that this worker ends.
    pub(super) fn gone(&self) -> Result<(), StoreError> {
        self.connection.with("tell that the worker ends", |open| {
            open.execute("DELETE FROM workers WHERE worker = $1", &[&self.options.worker]).map(drop)
        })
    }
}
