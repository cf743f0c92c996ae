//! Why a store does not do what it is told.

use std::io;
use std::path::PathBuf;

use cvm_core::Timestamp;
use thiserror::Error;

use super::log::Lsn;
use crate::machine::{ApplyError, Refusal};

/// Why a store does not do what it is told.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A file or folder can't be used.
    #[error("`{file}` can't be {doing}: {error}")]
    Disk {
        /// What was tried.
        doing: &'static str,
        /// With which file or folder.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// Somebody else has the folder open.
    #[error("`{}` is open in another process or place: end that first, or take another folder", folder.display())]
    Taken {
        /// The folder.
        folder: PathBuf,
    },
    /// What was on the disk for sure is no longer what was written.
    #[error(
        "`{file}` is damaged at byte {offset}, and what comes after it is not: take the file from a copy; nothing was changed"
    )]
    Damaged {
        /// The file.
        file: String,
        /// Where the damage begins.
        offset: u64,
    },
    /// A part of the log is not there.
    #[error("the log has no record {wanted}: its next one is {found}. put the missing files back into the folder")]
    Gap {
        /// What comes next.
        wanted: Lsn,
        /// What is there.
        found: Lsn,
    },
    /// The log ends before a snapshot that was made of it.
    #[error(
        "the log ends before record {snapshot}, of which there is a snapshot: put the missing files back into the folder"
    )]
    Short {
        /// The record.
        snapshot: Lsn,
    },
    /// Another release wrote it, and would do something else with it.
    #[error(
        "`{file}` was written by a release whose journeys run by other rules (version {found}, here {here}): use that release"
    )]
    Version {
        /// The file.
        file: String,
        /// Whose rules it needs.
        found: u32,
        /// The rules of this release.
        here: u32,
    },
    /// The database does not do what is wanted of it.
    #[error("the database can't {doing}: {error}")]
    Database {
        /// What was tried.
        doing: &'static str,
        /// What it says.
        error: String,
    },
    /// The tables are laid out for other numbers than what was asked for.
    #[error("`{schema}` {why}")]
    Laid {
        /// The schema.
        schema: String,
        /// What is not as it should be, and what to do.
        why: String,
    },
    /// Another worker has the partition now.
    #[error(
        "partition {partition} has gone to another worker, as this one was not heard of for too long: nothing of this was kept; claim a partition again"
    )]
    Fenced {
        /// The partition.
        partition: u32,
    },
    /// More than fits into a record.
    #[error("{bytes} bytes are too many for one record of the log: tell it in parts")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// What stands in the log can't be carried out again.
    #[error("record {lsn} of the log can't be carried out again: {error}")]
    Replay {
        /// The record.
        lsn: Lsn,
        /// Why.
        error: ApplyError,
    },
    /// The command is refused; nothing has changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The clock seems to have jumped.
    #[error(
        "the clock went {} days forward since the last command: if that is right, allow the jump to {}", at.saturating_sub(*last) / 86_400_000_000, iso(*at)
    )]
    Jump {
        /// The latest instant before, in microseconds since 1970.
        last: i64,
        /// The instant that was told.
        at: i64,
    },
    /// The world did not answer.
    #[error("{0}: nothing of this was kept. open the store again")]
    World(ApplyError),
    /// Something went wrong before.
    #[error("the store stopped, because {0}: open it again")]
    Stopped(String),
}

/// An instant as people write it.
fn iso(at: i64) -> String {
    Timestamp::from_micros(at).map_or_else(|| at.to_string(), |at| at.to_string())
}

impl StoreError {
    pub(super) fn disk(doing: &'static str, file: &str, error: io::Error) -> Self {
        Self::Disk { doing, file: file.to_owned(), error }
    }
}
