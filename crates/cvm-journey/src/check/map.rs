//! A journey as a graph: what leads where, as far as both ends are there.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};

use crate::model::{Edge, Journey, Node};

/// The graph of a journey. Of nodes with the same id, edges belong to the first.
pub(super) struct Map<'j> {
    pub(super) journey: &'j Journey,
    /// Nodes by their number in the list, edges by theirs.
    pub(super) graph: DiGraph<usize, usize>,
    nodes: BTreeMap<&'j str, NodeIndex>,
}

impl<'j> Map<'j> {
    pub(super) fn new(journey: &'j Journey) -> Self {
        let mut graph = DiGraph::new();
        let mut nodes = BTreeMap::new();
        for (number, node) in journey.nodes.iter().enumerate() {
            let index = graph.add_node(number);
            nodes.entry(node.id.as_str()).or_insert(index);
        }
        for (number, edge) in journey.edges.iter().enumerate() {
            if let (Some(from), Some(to)) = (nodes.get(edge.source.as_str()), nodes.get(edge.target.as_str())) {
                graph.add_edge(*from, *to, number);
            }
        }
        Self { journey, graph, nodes }
    }

    pub(super) fn node(&self, index: NodeIndex) -> Option<&'j Node> {
        self.journey.nodes.get(*self.graph.node_weight(index)?)
    }

    pub(super) fn edge(&self, index: petgraph::graph::EdgeIndex) -> Option<&'j Edge> {
        self.journey.edges.get(*self.graph.edge_weight(index)?)
    }

    pub(super) fn index(&self, id: &str) -> Option<NodeIndex> {
        self.nodes.get(id).copied()
    }
}
