//! A journey that runs: its versions, everybody in it, what is counted.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::names::Names;
use super::pages::{Column, Flags};
use super::people::{NEVER, OUT, People, Phase, Place};
use super::program::Program;
use super::several::Several;
use super::statistics::{Counts, Drawn};
use crate::model::{Per, Reentry};

/// Whether a journey runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It runs.
    #[default]
    Running,
    /// Everybody stays where they are.
    Paused,
    /// Everybody has left, and nobody enters.
    Stopped,
}

/// The line of a throttle.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    /// How many pass in a stretch of the clock, as the newest version that has the throttle says.
    pub(super) limit: u64,
    pub(super) per: Per,
    /// Who stands in it; who has left the journey since is passed over.
    pub(super) line: VecDeque<u32>,
    /// When the stretch of the clock that is counted began.
    pub(super) from: i64,
    /// How many passed in it.
    pub(super) passed: u64,
}

impl Line {
    pub(super) const fn new(limit: u64, per: Per) -> Self {
        Self { limit, per, line: VecDeque::new(), from: 0, passed: 0 }
    }

    /// How many may pass at an instant.
    pub(super) fn room(&mut self, now: i64) -> usize {
        let from = begin(now, self.per);
        // A version with longer stretches goes on with the one that has begun.
        if from > self.from {
            (self.from, self.passed) = (from, 0);
        }
        usize::try_from(self.limit.saturating_sub(self.passed)).unwrap_or(usize::MAX)
    }
}

/// How long a stretch of the clock is, in microseconds.
fn micros(per: Per) -> i64 {
    i64::try_from(per.seconds()).unwrap_or(1) * 1_000_000
}

/// When the stretch of the clock began in which an instant is.
fn begin(now: i64, per: Per) -> i64 {
    now - now.rem_euclid(micros(per))
}

/// A journey that runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) id: String,
    pub(super) status: Status,
    /// Numbers of nodes, which they keep in all versions.
    pub(super) nodes: Names,
    /// The versions in which somebody is, and the one that customers enter. What is kept are the journeys: [`Run::wake_up`]
    /// makes programs of them again.
    #[serde(with = "super::versions")]
    pub(super) versions: Vec<Option<Arc<Program>>>,
    pub(super) current: u8,
    pub(super) people: People,
    /// For journeys in which customers may be several times at once: whose the participants are.
    pub(super) several: Option<Several>,
    /// Who was in the entry's segment when it was looked at last.
    pub(super) members: Flags,
    /// When the entry's segment is looked at next, by its calendar.
    pub(super) entry_at: i64,
    /// When it was looked who enters.
    pub(super) looked: Option<i64>,
    /// From when on somebody may enter again, where that is counted from the entry.
    pub(super) again: Column<i64>,
    /// By the node: who got its message in this entry and round.
    pub(super) sent: BTreeMap<u16, Flags>,
    /// By the goal's name: who reached it in this entry.
    pub(super) reached: BTreeMap<String, Flags>,
    /// By the node: how often somebody jumped back in this entry.
    pub(super) jumps: BTreeMap<u16, Column<u32>>,
    /// By the node: who wants something done, in the order in which they came.
    pub(super) outbox: BTreeMap<u16, VecDeque<u32>>,
    pub(super) lines: BTreeMap<u16, Line>,
    /// By the node and the participant: the code that was given.
    pub(super) codes: BTreeMap<(u16, u32), u32>,
    /// By the participant: the channel and the cost of a message that was promised in a version whose node said otherwise.
    pub(super) promised: BTreeMap<u32, (u16, i128)>,
    pub(super) spent: i128,
    pub(super) counts: Counts,
    /// By version and number of the node: what it is.
    pub(super) drawn: BTreeMap<(u32, u16), Drawn>,
}

impl Run {
    pub(super) fn program(&self, version: u8) -> Option<Arc<Program>> {
        self.versions.get(usize::from(version))?.clone()
    }

    /// The version that customers enter.
    pub(super) fn newest(&self) -> Option<Arc<Program>> {
        self.program(self.current)
    }

    /// The customer of a participant.
    #[inline]
    pub(super) fn customer(&self, who: u32) -> u32 {
        match &self.several {
            None => who,
            Some(several) => several.customer(who),
        }
    }

    pub(super) fn customers(&self, who: impl Iterator<Item = u32>) -> Vec<u32> {
        match &self.several {
            None => who.collect(),
            Some(several) => who.map(|who| several.customer(who)).collect(),
        }
    }

    /// Forgets what belonged to an entry, or a round of it.
    pub(super) fn forget_sent(&mut self, who: u32) {
        for sent in self.sent.values_mut() {
            if sent.has(who) {
                sent.put(who, false);
            }
        }
    }

    /// Somebody is out.
    pub(super) fn leave(&mut self, who: u32, now: i64) {
        let place = self.people.place(who);
        let newest = self.versions.get(usize::from(self.current)).and_then(Option::as_deref);
        let again = match newest.map(|program| &program.journey.entry.reentry) {
            None | Some(Reentry::Never | Reentry::Concurrent { .. }) => NEVER,
            Some(Reentry::AfterExit) => now,
            Some(Reentry::Cooldown { .. }) => self.again.get(who).max(now),
        };
        self.codes.remove(&(place.node, who));
        self.promised.remove(&who);
        self.people.put(who, Place { node: OUT, phase: Phase::Out, mark: 0, ..place }, again);
    }

    /// The first instant at which something is to be done without a command.
    pub(super) fn wake(&self) -> i64 {
        if self.status != Status::Running {
            return NEVER;
        }
        let lines = self.lines.values().filter(|line| !line.line.is_empty()).map(|line| {
            // A version that lets more through does so at once.
            if line.passed < line.limit {
                i64::MIN
            } else {
                begin(line.from, line.per).saturating_add(micros(line.per))
            }
        });
        lines.chain([self.people.earliest(), self.entry_at]).min().unwrap_or(NEVER)
    }

    pub(super) fn bytes(&self) -> usize {
        let flags = self.sent.values().chain(self.reached.values()).map(Flags::bytes).sum::<usize>();
        let columns = self.jumps.values().map(Column::bytes).sum::<usize>() + self.again.bytes();
        let lines = self.outbox.values().chain(self.lines.values().map(|line| &line.line));
        let queues = lines.map(|line| line.len() * size_of::<u32>()).sum::<usize>();
        self.people.bytes() + flags + columns + queues + self.members.bytes()
    }
}
