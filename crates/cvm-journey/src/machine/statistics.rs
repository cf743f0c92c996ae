//! What is counted: for each node of each version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Why a message was held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The journey is over.
    Ended,
    /// The customer is on a suppression list.
    Suppressed,
    /// The customer did not agree to the channel.
    NoConsent,
    /// The offer does not hold now.
    Offer,
    /// It is quiet, or outside of the windows, and the node does not wait.
    Quiet,
    /// The customer had as many messages as a cap allows.
    Cap,
    /// The money is spent.
    Budget,
    /// The pool of codes is empty.
    NoCode,
}

/// Why somebody did not enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// The journey does not run, has not begun, or is over.
    NotRunning,
    /// Belongs to those who are left out to see what journeys are good for.
    HeldOut,
    /// Is in already.
    Inside,
    /// Was in, and may not enter again, or not yet.
    NotAgain,
    /// As many entered as the settings allow.
    Full,
    /// The event has no value by which entries are told apart.
    NoKey,
}

/// What a node of a version is: what was counted there is told by these names, also when the version is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// Its type.
    pub kind: String,
    /// The names of its outcomes, in their order.
    pub outcomes: Vec<String>,
}

/// What happened at a node of a version. `entered + moved_in = left (all outcomes) + out + moved_out + waiting`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCounts {
    /// How many came.
    pub entered: u64,
    /// How many went on, by the place of the outcome.
    pub left: Vec<u64>,
    /// How many left the journey here: at ends, by goals and rules, or because it was stopped.
    pub out: u64,
    /// How many were put here when a version was published.
    pub moved_in: u64,
    /// How many were put elsewhere when a version was published.
    pub moved_out: u64,
    /// How often something was handed out, tries that were repeated included.
    pub handed: u64,
    /// How often it was done.
    pub done: u64,
    /// How often it could not be done.
    pub failed: u64,
    /// How often nobody knew.
    pub unknown: u64,
    /// How many came who had this message already, and went on without another one.
    pub repeated: u64,
    /// How many messages were held back, and why.
    pub held: BTreeMap<Held, u64>,
    /// Events about messages of this node, by the event's number: openings, clicks.
    pub events: BTreeMap<u16, u64>,
}

impl NodeCounts {
    pub(super) fn left_by(&mut self, outcome: usize, many: usize) {
        if self.left.len() <= outcome {
            self.left.resize(outcome + 1, 0);
        }
        if let Some(left) = self.left.get_mut(outcome) {
            *left += many as u64;
        }
    }

    /// How many are here.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        let gone = self.left.iter().sum::<u64>() + self.out + self.moved_out;
        (self.entered + self.moved_in).saturating_sub(gone)
    }
}

/// What is counted of a journey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// How often customers entered.
    pub entered: u64,
    /// How many did not, and why.
    pub refused: BTreeMap<Refused, u64>,
    /// How many left, and why: the reason of the end, the name of the goal or rule.
    pub left: BTreeMap<String, u64>,
    /// How many reached a goal, by its name.
    pub reached: BTreeMap<String, u64>,
    /// Events that came too late to change anything.
    pub late: u64,
    /// Answers about what nobody waited for any more.
    pub answers_late: u64,
    /// By version and number of the node.
    pub nodes: BTreeMap<(u32, u16), NodeCounts>,
}

impl Counts {
    pub(super) fn node(&mut self, version: u32, node: u16) -> &mut NodeCounts {
        self.nodes.entry((version, node)).or_default()
    }

    pub(super) fn refuse(&mut self, why: Refused, many: usize) {
        if many > 0 {
            *self.refused.entry(why).or_default() += many as u64;
        }
    }
}
