//! Journeys, one customer at a time: slow, plain, written from what nodes say.

mod enter;
mod happen;
mod sends;
mod steps;
mod time;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cvm_core::Filter;
use cvm_journey::machine::{Counts, Event, Held, InFlight, Outcome, Publish, Refused, Status, When};
use cvm_journey::model::*;

use crate::draw::{drawn, list};
use crate::world;

pub const NEVER: i64 = i64::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Doing {
    #[default]
    Out,
    Waits,
    GoesOn,
    Comes,
    Wants,
    HandedOut,
    Later,
    InLine,
    Elsewhere,
}

/// Somebody in a journey: a customer, or one of the customer's entries.
#[derive(Debug, Clone, Default)]
pub struct Person {
    pub customer: u32,
    pub node: String,
    pub version: u32,
    pub entry: u16,
    pub round: u16,
    pub doing: Doing,
    pub wake: i64,
    outcome: String,
    pub tries: u8,
    again: i64,
    code: Option<u32>,
    /// The channel and the cost of the message that was promised.
    promised: Option<(String, f64)>,
    sent: BTreeSet<String>,
    reached: BTreeSet<String>,
    jumps: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, Default)]
struct Line {
    people: VecDeque<usize>,
    from: i64,
    passed: u64,
}

#[derive(Debug, Clone, Default)]
pub struct Run {
    pub id: String,
    pub status: Status,
    pub versions: Vec<Journey>,
    pub people: Vec<Person>,
    keys: Vec<u64>,
    members: BTreeSet<u32>,
    looked: Option<i64>,
    calendar: i64,
    /// Names of nodes in the order in which they were first seen.
    nodes: Vec<String>,
    outbox: BTreeMap<String, VecDeque<usize>>,
    lines: BTreeMap<String, Line>,
    spent: f64,
    pub counts: Counts,
}

/// Something handed out: journey, node, person, entry, round, try, code.
pub type Given = (String, String, u32, u16, u16, u8, Option<u32>);

#[derive(Debug, Clone, Default)]
pub struct Reference {
    pub now: i64,
    pub customers: u32,
    pub runs: Vec<Run>,
    /// Messages: customer, instant, journey, channel.
    pub messages: Vec<(u32, i64, String, String)>,
    pub codes: BTreeMap<String, u32>,
    /// By the id of an event, the day on which it came first.
    pub seen: BTreeMap<u64, i64>,
    pub given: Vec<Given>,
}

enum Start {
    At(String),
    From(String, String),
    Still(String),
    Look,
}

impl Run {
    fn journey(&self, version: u32) -> Journey {
        self.versions.iter().find(|journey| journey.version == version).expect("a version").clone()
    }

    pub fn newest(&self) -> &Journey {
        self.versions.last().expect("a version")
    }

    fn own(&self, who: usize) -> Journey {
        self.journey(self.people[who].version)
    }

    fn several(&self) -> bool {
        !self.versions.is_empty() && matches!(self.newest().entry.reentry, Reentry::Concurrent { .. })
    }

    fn node_count(&mut self, version: u32, node: &str) -> &mut cvm_journey::machine::NodeCounts {
        let number = self.nodes.iter().position(|name| name == node).expect("a node");
        self.counts.nodes.entry((version, u16::try_from(number).expect("small"))).or_default()
    }

    pub fn node_name(&self, number: u16) -> String {
        self.nodes[usize::from(number)].clone()
    }

    fn went(&mut self, version: u32, node: &str, outcome: &str) {
        let kind = self.journey(version).node(node).expect("a node").kind.clone();
        let at = kind.outcomes().iter().position(|one| one.name == outcome);
        let at = at.unwrap_or_else(|| panic!("`{node}` has no outcome `{outcome}`: {kind:?}"));
        let left = &mut self.node_count(version, node).left;
        left.resize(left.len().max(at + 1), 0);
        left[at] += 1;
    }
}

impl Reference {
    fn number(&mut self, id: &str) -> usize {
        match self.runs.iter().position(|run| run.id == id) {
            Some(at) => at,
            None => {
                self.runs.push(Run { id: id.to_owned(), calendar: NEVER, ..Run::default() });
                self.runs.len() - 1
            }
        }
    }

    pub fn begin(&mut self, at: i64) {
        self.now = self.now.max(at);
        self.given.clear();
    }
}
