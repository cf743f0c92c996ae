//! How a store comes back.

use super::disk::Disk;
use super::error::StoreError;
use super::file_log::FileLog;
use super::log::{CommandLog, Lsn};
use super::options::Options;
use super::snapshot;
use crate::machine::Machine;

/// What a store found when it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// How many records the snapshot holds that it began with.
    pub snapshot: Option<Lsn>,
    /// Snapshots that were damaged, and passed over.
    pub passed_over: Vec<Lsn>,
    /// How many records were carried out again.
    pub replayed: u64,
    /// How many bytes were cut off the log's end: of commands that nobody was answered.
    pub cut: u64,
}

/// The newest snapshot that is whole, and all records after it.
pub(super) fn recover<D: Disk>(disk: &D, options: &Options) -> Result<(Machine, FileLog<D>, Recovered), StoreError> {
    let (log, opened) = FileLog::open(disk.clone(), options.segment_bytes)?;
    let mut recovered = Recovered { cut: opened.cut, ..Recovered::default() };
    let mut machine = Machine::new();
    for records in snapshot::found(disk)? {
        if records > log.end() {
            return Err(StoreError::Short { snapshot: records });
        }
        if let Some(loaded) = snapshot::load(disk, records)? {
            machine = loaded;
            recovered.snapshot = Some(records);
            break;
        }
        recovered.passed_over.push(records);
    }
    for record in log.read_from(recovered.snapshot.unwrap_or_default())? {
        let (lsn, record) = record?;
        machine
            .replay(record.at, &record.command, record.answers.into_owned())
            .map_err(|error| StoreError::Replay { lsn, error })?;
        recovered.replayed += 1;
    }
    Ok((machine, log, recovered))
}
