//! Where a store keeps its log and its snapshots.

use std::fmt;

use super::disk::Disk;
use super::error::StoreError;
use super::file_log::{FileLog, Opened};
use super::log::{CommandLog, Lsn};
use super::options::Options;
use super::snapshot;
use crate::machine::Machine;

/// Where a store keeps its log and its snapshots: a folder (each [`Disk`] is one), or a partition of a database
/// (with the feature `postgres`).
pub trait Storage {
    /// Its log.
    type Log: CommandLog + fmt::Debug;

    /// Opens its log, after a crash too.
    ///
    /// # Errors
    /// What the disk or the database says; damage.
    fn open_log(&self, options: &Options) -> Result<(Self::Log, Opened), StoreError>;

    /// Its snapshots, the newest first: how many records are in each.
    ///
    /// # Errors
    /// What the disk or the database says.
    fn snapshots(&self) -> Result<Vec<Lsn>, StoreError>;

    /// The machine of a snapshot. `None` where the snapshot is damaged.
    ///
    /// # Errors
    /// What the disk or the database says; a snapshot of a release whose rules are others.
    fn load(&self, records: Lsn) -> Result<Option<Machine>, StoreError>;

    /// Keeps a snapshot of a machine that was told so many records. When it returns, the snapshot is found after any crash.
    ///
    /// # Errors
    /// What the disk or the database says.
    fn save(&self, machine: &Machine, records: Lsn, options: &Options) -> Result<(), StoreError>;

    /// Removes all but the newest snapshots. Says which is the oldest one that stays, once there are as many as are kept: what
    /// was before it is needed no more.
    ///
    /// # Errors
    /// What the disk or the database says.
    fn forget(&self, keep: usize) -> Result<Option<Lsn>, StoreError>;
}

impl<D: Disk> Storage for D {
    type Log = FileLog<D>;

    fn open_log(&self, options: &Options) -> Result<(FileLog<D>, Opened), StoreError> {
        FileLog::open(self.clone(), options.segment_bytes)
    }

    fn snapshots(&self) -> Result<Vec<Lsn>, StoreError> {
        snapshot::found(self)
    }

    fn load(&self, records: Lsn) -> Result<Option<Machine>, StoreError> {
        snapshot::load(self, records)
    }

    fn save(&self, machine: &Machine, records: Lsn, options: &Options) -> Result<(), StoreError> {
        snapshot::write(self, machine, records, options.people)
    }

    fn forget(&self, keep: usize) -> Result<Option<Lsn>, StoreError> {
        snapshot::forget(self, keep)
    }
}
