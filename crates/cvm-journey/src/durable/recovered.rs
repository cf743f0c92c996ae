//! How a store comes back.

use super::error::StoreError;
use super::log::{CommandLog, Lsn};
use super::options::Options;
use super::storage::Storage;
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
pub(super) fn recover<S: Storage>(storage: &S, options: &Options) -> Result<(Machine, S::Log, Recovered), StoreError> {
    let (log, opened) = storage.open_log(options)?;
    let mut recovered = Recovered { cut: opened.cut, ..Recovered::default() };
    let mut machine = Machine::new();
    for records in storage.snapshots()? {
        if records > log.end() {
            return Err(StoreError::Short { snapshot: records });
        }
        if let Some(loaded) = storage.load(records)? {
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
