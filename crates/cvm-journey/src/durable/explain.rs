//! What happened to a customer, as the log tells it.

use super::error::StoreError;
use super::log::{CommandLog, Lsn};
use super::storage::Storage;
use super::store::Store;
use crate::machine::{Happened, Machine, Trace};

/// A customer's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// From which record on; what happened before is no longer in the log.
    pub from: Lsn,
    /// What happened, in its order.
    pub happened: Vec<Happened>,
}

impl<S: Storage> Store<S> {
    /// The way of a customer, step by step, as far back as the log goes ([`Options::keep_log`](super::Options::keep_log)).
    ///
    /// # Errors
    /// What the disk says; damage.
    pub fn explain(&self, customer: u32) -> Result<Explanation, StoreError> {
        let (mut from, mut machine) = (Lsn(0), Machine::new());
        if self.log.begin() > from {
            for records in self.storage.snapshots()?.into_iter().rev() {
                if records >= self.log.begin()
                    && let Some(loaded) = self.storage.load(records)?
                {
                    (from, machine) = (records, loaded);
                    break;
                }
            }
        }
        let mut trace = Trace::of(customer);
        for record in self.log.read_from(from)? {
            let (lsn, record) = record?;
            machine
                .replay_traced(record.at, &record.command, record.answers.into_owned(), Some(&mut trace))
                .map_err(|error| StoreError::Replay { lsn, error })?;
        }
        Ok(Explanation { from, happened: trace.steps })
    }
}
