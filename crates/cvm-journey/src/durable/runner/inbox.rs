//! Commands of others for a runner.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::machine::{Command, Refusal};

/// Where other threads leave commands for a runner. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Inbox(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<(Command, Sender<Result<(), Refusal>>)>,
    rung: bool,
}

/// What becomes of a command.
#[derive(Debug)]
pub struct Told(Receiver<Result<(), Refusal>>);

impl Told {
    /// Waits until the command is on the disk, or refused. `None` where the runner ended before: the store knows.
    #[must_use]
    pub fn wait(self) -> Option<Result<(), Refusal>> {
        self.0.recv().ok()
    }
}

impl Inbox {
    /// Leaves a command, and wakes the runner. Commands that come while it is busy go to the disk together.
    pub fn tell(&self, command: Command) -> Told {
        let (sender, receiver) = channel();
        self.state().waiting.push((command, sender));
        self.ring();
        Told(receiver)
    }

    /// Wakes the runner.
    pub fn ring(&self) {
        self.state().rung = true;
        self.0.bell.notify_all();
    }

    pub(super) fn take(&self) -> (Vec<Command>, Vec<Sender<Result<(), Refusal>>>) {
        std::mem::take(&mut self.state().waiting).into_iter().unzip()
    }

    /// Waits until somebody rings, or so long.
    pub(super) fn wait(&self, most: Duration) {
        let state = self.state();
        let waited = self.0.bell.wait_timeout_while(state, most, |state| !state.rung);
        waited.unwrap_or_else(PoisonError::into_inner).0.rung = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
