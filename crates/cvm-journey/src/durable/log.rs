//! What a log of commands does.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::record::Record;

/// The place of a record in its log, from 0 on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lsn(pub u64);

impl fmt::Display for Lsn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A log of commands.
///
/// ```
/// use std::borrow::Cow;
/// use cvm_journey::durable::{CommandLog, Lsn, MemoryLog, Record};
/// use cvm_journey::machine::Command;
/// let mut log = MemoryLog::default();
/// let tick = |at| Record { at, command: Cow::Owned(Command::Tick), answers: Cow::Owned(Vec::new()) };
/// assert_eq!(log.append(&[tick(1), tick(2)])?, Lsn(0));
/// log.sync()?;
/// let (lsn, second) = log.read_from(Lsn(1))?.next().expect("a record")?;
/// assert_eq!((lsn, second.at, log.end()), (Lsn(1), 2, Lsn(2)));
/// # Ok::<(), cvm_journey::durable::StoreError>(())
/// ```
pub trait CommandLog {
    /// Adds records, and says the place of the first one. They count after [`CommandLog::sync`], all of them or none.
    ///
    /// # Errors
    /// Records that are too large.
    fn append(&mut self, batch: &[Record<'_>]) -> Result<Lsn, StoreError>;

    /// Returns when all that was added survives any crash.
    ///
    /// # Errors
    /// What the disk says: then the log must be opened again to know what it holds.
    fn sync(&mut self) -> Result<(), StoreError>;

    /// The records from one on, as far as they are synced.
    ///
    /// # Errors
    /// Where the log does not go back so far.
    fn read_from(
        &self,
        from: Lsn,
    ) -> Result<impl Iterator<Item = Result<(Lsn, Record<'static>), StoreError>>, StoreError>;

    /// The first record that is still there.
    fn begin(&self) -> Lsn;

    /// The place of the next record.
    fn end(&self) -> Lsn;

    /// So many bytes wait for a sync.
    fn waiting(&self) -> usize;

    /// Records before one are not needed any more. Some of them may stay.
    ///
    /// # Errors
    /// What the disk says.
    fn forget(&mut self, before: Lsn) -> Result<(), StoreError>;
}
