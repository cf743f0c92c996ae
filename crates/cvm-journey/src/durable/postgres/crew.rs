//! What a worker must know of the application.

use super::super::runner::{Profiles, Runner};
use super::super::store::Store;
use super::partition::Partition;
use super::share::Share;
use crate::machine::{Command, Machine};

/// What a worker must know of the application: who the customers of a partition are, and what letters say.
pub trait Crew {
    /// The customers of a partition.
    type Profiles: Profiles;

    /// The runner of a partition that was claimed. A store that is new has no customers yet: they are the first thing to tell
    /// it, and the same ones in the same order must be found behind their numbers whoever claims it.
    ///
    /// # Errors
    /// Why there can't be one now: the partition is given back.
    fn begin(&mut self, share: Share, store: Store<Partition>) -> Result<Runner<Partition, Self::Profiles>, String>;

    /// The commands that a letter is.
    ///
    /// # Errors
    /// Why it can't be read: it is set aside.
    fn read(&mut self, machine: &Machine, profiles: &mut Self::Profiles, letter: &[u8])
    -> Result<Vec<Command>, String>;
}
