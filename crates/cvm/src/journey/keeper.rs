//! Where the state of journeys is kept: in memory, or in a folder.

use std::path::Path;

use cvm_journey::durable::{Options, RealDisk, Store, StoreError};
use cvm_journey::machine::{Answer, Command, Effects, Happened, Machine, Trace, World};

use super::error::JourneyError;

/// Where the state is kept.
#[derive(Debug)]
pub(super) enum Keeper {
    /// In memory, with what was told, to explain it.
    Memory { machine: Box<Machine>, told: Vec<(i64, Command, Vec<Answer>)> },
    /// In a folder, through crashes.
    Folder(Box<Store<RealDisk>>),
}

impl Keeper {
    pub(super) fn open(folder: Option<&Path>) -> Result<Self, JourneyError> {
        let Some(folder) = folder else { return Ok(Self::Memory { machine: Box::default(), told: Vec::new() }) };
        let disk = RealDisk::open(folder)?;
        Ok(Self::Folder(Box::new(Store::open(disk, Options { keep_log: true, ..Options::default() })?)))
    }

    pub(super) fn machine(&self) -> &Machine {
        match self {
            Self::Memory { machine, .. } => machine,
            Self::Folder(store) => store.machine(),
        }
    }

    pub(super) fn tell(&mut self, at: i64, command: Command, world: &mut dyn World) -> Result<Effects, JourneyError> {
        match self {
            Self::Memory { machine, told } => {
                let applied = machine.apply(at, &command, world)?;
                told.push((at, command, applied.answers));
                Ok(applied.effects)
            }
            Self::Folder(store) => Ok(store.tell(at, &command, world)?),
        }
    }

    pub(super) fn allow_jump(&mut self, at: i64) {
        if let Self::Folder(store) = self {
            store.allow_jump(at);
        }
    }

    /// Carries out all commands again, as far back as they are kept, and says after each what followed from it.
    pub(super) fn replay(&self, mut told: impl FnMut(&Machine, &Effects)) -> Result<(), JourneyError> {
        match self {
            Self::Memory { told: commands, .. } => {
                let mut machine = Machine::new();
                for (at, command, answers) in commands {
                    let effects = machine.replay(*at, command, answers.clone())?;
                    told(&machine, &effects);
                }
                Ok(())
            }
            Self::Folder(store) => Ok(store.replay(told)?),
        }
    }

    pub(super) fn explain(&self, customer: u32) -> Result<Vec<Happened>, JourneyError> {
        match self {
            Self::Memory { told, .. } => {
                let (mut machine, mut trace) = (Machine::new(), Trace::of(customer));
                for (at, command, answers) in told {
                    machine.replay_traced(*at, command, answers.clone(), Some(&mut trace))?;
                }
                Ok(trace.steps)
            }
            Self::Folder(store) => Ok(store.explain(customer)?.happened),
        }
    }
}

impl From<StoreError> for JourneyError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::Refused(refusal),
            other => Self::Store(other.to_string()),
        }
    }
}
