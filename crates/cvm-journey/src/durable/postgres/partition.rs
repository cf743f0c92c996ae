//! A partition that is held.

use std::sync::{Arc, Mutex, PoisonError};

use super::super::error::StoreError;
use super::super::file_log::Opened;
use super::super::log::Lsn;
use super::super::options::Options;
use super::super::storage::Storage;
use super::database::Database;
use super::log::PostgresLog;
use super::share::Share;
use super::snapshots;
use crate::machine::Machine;

/// A partition that this worker holds ([`Database::claim`]), as the storage of a [`Store`](super::super::Store). Clones are
/// the same one. It stays held as long as something is written to it, or [`Partition::renew`] is called in time.
#[derive(Debug, Clone)]
pub struct Partition {
    pub(super) database: Database,
    pub(super) number: i32,
    pub(super) fence: i64,
    /// Letters that go with the next commit.
    pub(super) read: Arc<Mutex<Vec<i64>>>,
}

impl Partition {
    pub(super) fn new(database: Database, number: u32, fence: i64) -> Self {
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        Self { database, number, fence, read: Arc::default() }
    }

    /// Its number, from 0 on.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number.unsigned_abs()
    }

    /// What it has of what all customers have together.
    #[must_use]
    pub fn share(&self) -> Share {
        self.database.share(self.number())
    }

    pub(super) fn fenced(&self) -> StoreError {
        StoreError::Fenced { partition: self.number() }
    }

    /// Keeps it for longer, where nothing is written for a while.
    ///
    /// # Errors
    /// What the database says; [`StoreError::Fenced`] where it belongs to another worker now.
    pub fn renew(&self) -> Result<(), StoreError> {
        let renewed = self.database.connection.with("keep a partition", |open| {
            open.execute(
                "UPDATE partitions SET held_until = clock_timestamp() + $3::float8 * interval '1 second'
                 WHERE partition = $1 AND fence = $2",
                &[&self.number, &self.fence, &self.database.options.hold.as_secs_f64()],
            )
        })?;
        if renewed == 1 { Ok(()) } else { Err(self.fenced()) }
    }

    /// Gives it back, so that others need not wait for it.
    ///
    /// # Errors
    /// What the database says. Where it belongs to another worker already, nothing happens.
    pub fn release(&self) -> Result<(), StoreError> {
        self.database.connection.with("give a partition back", |open| {
            open.execute(
                "UPDATE partitions SET held_until = NULL, worker = NULL, fence = fence + 1
                 WHERE partition = $1 AND fence = $2",
                &[&self.number, &self.fence],
            )
            .map(drop)
        })
    }

    /// Takes the letters that go with the next commit.
    pub(super) fn taken(&self) -> Vec<i64> {
        std::mem::take(&mut *self.read.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Storage for Partition {
    type Log = PostgresLog;

    fn open_log(&self, _: &Options) -> Result<(PostgresLog, Opened), StoreError> {
        Ok((PostgresLog::open(self.clone())?, Opened::default()))
    }

    fn snapshots(&self) -> Result<Vec<Lsn>, StoreError> {
        snapshots::found(self)
    }

    fn load(&self, records: Lsn) -> Result<Option<Machine>, StoreError> {
        snapshots::load(self, records)
    }

    fn save(&self, machine: &Machine, records: Lsn, _: &Options) -> Result<(), StoreError> {
        snapshots::save(self, machine, records)
    }

    fn forget(&self, keep: usize) -> Result<Option<Lsn>, StoreError> {
        snapshots::forget(self, keep)
    }
}
