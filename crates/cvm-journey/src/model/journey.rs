//! A journey as it is drawn.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::node::{Node, NodeKind};
use super::settings::Settings;

/// A journey: who comes in, what happens to them, where they go. A picture of it is made of this, and not the other way
/// round: `nodes`, `edges` and `layout` are those of React Flow.
///
/// ```
/// use cvm_journey::model::Journey;
/// let journey = Journey::from_json(r#"{
///     "id": "hello", "version": 1, "name": "Hello",
///     "entry": {"trigger": {"type": "event", "event": "signup"}},
///     "nodes": [
///         {"id": "in", "type": "entry", "data": {}},
///         {"id": "mail", "type": "send", "data": {"channel": "email", "template": "hello"}},
///         {"id": "out", "type": "end", "data": {}}],
///     "edges": [
///         {"id": "1", "source": "in", "sourceHandle": "next", "target": "mail"},
///         {"id": "2", "source": "mail", "sourceHandle": "next", "target": "out"}]}"#)?;
/// assert_eq!(journey.follow("mail", "next"), Some("out"));
/// # Ok::<(), cvm_journey::Findings>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// What it is known by: keys of sends begin with it.
    pub id: String,
    /// Counts what was published.
    #[serde(default = "first")]
    pub version: u32,
    /// What people call it.
    pub name: String,
    /// Who enters.
    pub entry: Entry,
    /// What holds for all of it.
    #[serde(default)]
    pub settings: Settings,
    /// What happens.
    pub nodes: Vec<Node>,
    /// What follows what.
    pub edges: Vec<Edge>,
    /// Where nodes stand in a picture.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub layout: BTreeMap<String, Point>,
}

const fn first() -> u32 {
    1
}

/// From an outcome of a node to another node.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edge {
    /// Its name within the journey.
    pub id: String,
    /// The node that it leaves.
    pub source: String,
    /// The outcome of that node.
    pub source_handle: String,
    /// The node that it leads to.
    pub target: String,
}

/// A place in a picture, in its units: to the right and down.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Journey {
    /// The node of a name: the first one where several have it.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The node that an outcome leads to.
    #[must_use]
    pub fn follow(&self, node: &str, outcome: &str) -> Option<&str> {
        let edge = self.edges.iter().find(|edge| edge.source == node && edge.source_handle == outcome)?;
        Some(&edge.target)
    }

    /// Where customers come in: the first entry node.
    #[must_use]
    pub fn entry_node(&self) -> Option<&Node> {
        self.nodes.iter().find(|node| matches!(node.kind, NodeKind::Entry(_)))
    }
}
