//! What was counted of a journey, by the names that people know.

use std::collections::BTreeMap;

use cvm_journey::machine::{Counts, Held, Machine, NodeCounts, Refused, Status};
use cvm_journey::model::Journey;
use cvm_journey::picture::{self, Flow};
use serde::Serialize;

/// What was counted of a journey. At every node of every version, in each moment,
/// `entered + moved_in = left (all outcomes) + out + moved_out + waiting`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statistics {
    /// The journey's id.
    pub journey: String,
    /// Whether it runs.
    pub status: Status,
    /// The version that customers enter.
    pub version: u32,
    /// How often customers entered.
    pub entered: u64,
    /// How many are in it.
    pub waiting: u64,
    /// How many did not enter, and why.
    pub refused: BTreeMap<Refused, u64>,
    /// How many left, and why: the reason of the end, the name of the goal or rule.
    pub left: BTreeMap<String, u64>,
    /// How many reached a goal, by its name.
    pub reached: BTreeMap<String, u64>,
    /// Events that came too late to change anything.
    pub late: u64,
    /// Answers about what nobody waited for any more.
    pub answers_late: u64,
    /// Version by version, what happened at its nodes.
    pub nodes: Vec<NodeStatistics>,
}

/// What happened at a node of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NodeStatistics {
    /// The version.
    pub version: u32,
    /// The node.
    pub node: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many came.
    pub entered: u64,
    /// How many are there.
    pub waiting: u64,
    /// How many went on, by the outcome.
    pub left: BTreeMap<String, u64>,
    /// How many left the journey here.
    pub out: u64,
    /// How many were put here when a version was published.
    pub moved_in: u64,
    /// How many were put elsewhere when a version was published.
    pub moved_out: u64,
    /// How often something was handed out, tries that were repeated included.
    pub handed: u64,
    /// How often it was done: messages that were sent, calls that were made.
    pub done: u64,
    /// How often it could not be done.
    pub failed: u64,
    /// How often nobody knew.
    pub unknown: u64,
    /// How many came who had this message already, and went on without another one.
    pub repeated: u64,
    /// How many messages were held back, and why.
    pub held: BTreeMap<Held, u64>,
    /// Events about messages of this node, by the event: openings, clicks.
    pub events: BTreeMap<String, u64>,
}

impl Statistics {
    pub(super) fn of(machine: &Machine, id: &str) -> Option<Self> {
        let (counts, status) = (machine.counts(id)?, machine.status(id)?);
        let Counts { entered, refused, left, reached, late, answers_late, nodes } = counts;
        let nodes: Vec<NodeStatistics> =
            nodes.iter().map(|((version, node), counts)| of_node(machine, id, *version, *node, counts)).collect();
        Some(Self {
            journey: id.to_owned(),
            status,
            version: machine.journey(id).map_or(0, |journey| journey.version),
            entered: *entered,
            waiting: nodes.iter().map(|node| node.waiting).sum(),
            refused: refused.clone(),
            left: left.clone(),
            reached: reached.clone(),
            late: *late,
            answers_late: *answers_late,
            nodes,
        })
    }
}

impl Statistics {
    /// A picture of a version, with how many customers went where, as SVG.
    #[must_use]
    pub fn svg(&self, journey: &Journey) -> String {
        let own = self.nodes.iter().filter(|node| node.version == journey.version);
        let flow = |node: &NodeStatistics| {
            let flow = Flow { entered: node.entered + node.moved_in, waiting: node.waiting, left: node.left.clone() };
            (node.node.clone(), flow)
        };
        picture::svg(journey, &own.map(flow).collect())
    }
}

fn of_node(machine: &Machine, id: &str, version: u32, node: u16, counts: &NodeCounts) -> NodeStatistics {
    let drawn = machine.drawn(id, version, node);
    let outcomes = drawn.map(|drawn| drawn.outcomes.as_slice()).unwrap_or_default();
    // All outcomes of the node stand there, also those that nobody took.
    let taken = outcomes.iter().zip(counts.left.iter().copied().chain(std::iter::repeat(0)));
    let event = |(event, many): (&u16, &u64)| (machine.event_name(*event).to_owned(), *many);
    NodeStatistics {
        version,
        node: machine.node_name(id, node).unwrap_or_default().to_owned(),
        kind: drawn.map(|drawn| drawn.kind.clone()).unwrap_or_default(),
        entered: counts.entered,
        waiting: counts.waiting(),
        left: taken.map(|(name, many)| (name.clone(), many)).collect(),
        out: counts.out,
        moved_in: counts.moved_in,
        moved_out: counts.moved_out,
        handed: counts.handed,
        done: counts.done,
        failed: counts.failed,
        unknown: counts.unknown,
        repeated: counts.repeated,
        held: counts.held.clone(),
        events: counts.events.iter().map(event).collect(),
    }
}
