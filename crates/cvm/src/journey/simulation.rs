//! What came of a simulation.

use std::collections::BTreeMap;

use cvm_journey::machine::{Happened, Held, Refused};
use cvm_journey::model::Journey;
use cvm_journey::picture::{self, Flow};
use serde::Serialize;

/// What came of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Simulation {
    /// The journey.
    pub journey: Journey,
    /// When it began.
    pub from: String,
    /// When it ended.
    pub until: String,
    /// How many customers there are.
    pub customers: u64,
    /// How often customers entered.
    pub entered: u64,
    /// How many wanted to and did not, and why.
    pub refused: BTreeMap<Refused, u64>,
    /// How many left, and why.
    pub left: BTreeMap<String, u64>,
    /// How many reached a goal.
    pub reached: BTreeMap<String, u64>,
    /// What happened at each node, in the order of the journey.
    pub nodes: Vec<NodeFlow>,
    /// Day by day, how many messages went out on each channel, in all journeys.
    pub messages: Vec<BTreeMap<String, u64>>,
    /// The customer who got most messages.
    pub most: Option<Most>,
    /// What the offers of the journey cost, in the unit of money.
    pub cost: String,
    /// How many customers got each arm of an experiment: by its node, by the arm.
    pub arms: BTreeMap<String, BTreeMap<String, u64>>,
    /// The way of the customer who was asked about.
    pub path: Vec<Happened>,
    /// How many nodes customers came to, in all journeys.
    pub steps: u64,
}

/// What happened at a node.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct NodeFlow {
    /// The node.
    pub node: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many came.
    pub entered: u64,
    /// How many are there at the end.
    pub waiting: u64,
    /// How many went on, by the outcome.
    pub left: BTreeMap<String, u64>,
    /// How many left the journey here.
    pub out: u64,
    /// How many messages or calls were made.
    pub done: u64,
    /// How many could not be made.
    pub failed: u64,
    /// How many messages were held back, and why.
    pub held: BTreeMap<Held, u64>,
    /// How many came, day by day.
    pub by_day: Vec<u64>,
    /// How many were there at the end of each day.
    pub waiting_by_day: Vec<u64>,
}

/// The customer who got most messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Most {
    /// The customer's key.
    pub customer: String,
    /// How many messages.
    pub messages: u64,
    /// How many in one day at most (of the simulation), to any customer.
    pub in_a_day: u64,
}

impl Simulation {
    /// A picture of the journey with how many went where, as SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        let flow = |node: &NodeFlow| Flow { entered: node.entered, waiting: node.waiting, left: node.left.clone() };
        let flows: BTreeMap<String, Flow> = self.nodes.iter().map(|node| (node.node.clone(), flow(node))).collect();
        picture::svg(&self.journey, &flows)
    }
}
