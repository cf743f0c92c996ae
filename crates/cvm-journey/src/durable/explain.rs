//! What happened to a customer, as the log tells it.

use super::error::StoreError;
use super::log::{CommandLog, Lsn};
use super::storage::Storage;
use super::store::Store;
use crate::machine::{Effects, Happened, Machine, Trace};

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
        let mut trace = Trace::of(customer);
        let from = self.again(Some(&mut trace), |_, _| ())?;
        Ok(Explanation { from, happened: trace.steps })
    }

    /// Carries out all commands again, as far back as the log goes, on a machine of its own, and says after each what
    /// followed from it.
    ///
    /// # Errors
    /// As [`Store::explain`].
    pub fn replay(&self, told: impl FnMut(&Machine, &Effects)) -> Result<(), StoreError> {
        self.again(None, told).map(drop)
    }

    fn again(
        &self,
        mut trace: Option<&mut Trace>,
        mut told: impl FnMut(&Machine, &Effects),
    ) -> Result<Lsn, StoreError> {
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
        for record in self.log.read_from(from)? {
            let (lsn, record) = record?;
            let effects = machine
                .replay_traced(record.at, &record.command, record.answers.into_owned(), trace.as_deref_mut())
                .map_err(|error| StoreError::Replay { lsn, error })?;
            told(&machine, &effects);
        }
        Ok(from)
    }
}
