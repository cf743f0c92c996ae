//! Where customers can be: at a node, with each jump leading back so many times more.

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::map::Map;
use crate::model::NodeKind;

/// So many places are looked at; what follows customers beyond that says nothing, or less.
pub(super) const MOST: usize = 20_000;

/// A node, and how often each jump still leads back.
pub(super) type Place = (NodeIndex, Vec<u32>);

/// The places of a journey.
pub(super) struct Places<'m, 'j> {
    map: &'m Map<'j>,
    pub(super) jumps: Vec<NodeIndex>,
}

impl<'m, 'j> Places<'m, 'j> {
    pub(super) fn new(map: &'m Map<'j>) -> Self {
        let jump = |index: &NodeIndex| map.node(*index).is_some_and(|node| matches!(node.kind, NodeKind::Jump(_)));
        Self { map, jumps: map.graph.node_indices().filter(jump).collect() }
    }

    /// Where customers come in, with each jump leading back so many times at most.
    pub(super) fn start(&self, most: u32) -> Option<Place> {
        let entry = self.map.index(&self.map.journey.entry_node()?.id)?;
        let times = |index: &NodeIndex| match self.map.node(*index).map(|node| &node.kind) {
            Some(NodeKind::Jump(jump)) => jump.times.min(most),
            _ => 0,
        };
        Some((entry, self.jumps.iter().map(times).collect()))
    }

    /// The outcomes that can be had at a place, and where each leads.
    pub(super) fn next(&self, place: &Place) -> Vec<(&'j str, Place)> {
        let jump = self.jumps.iter().position(|jump| *jump == place.0);
        let edges = self.map.graph.edges(place.0).filter_map(|edge| {
            let handle = self.map.edge(edge.id())?.source_handle.as_str();
            let mut left = place.1.clone();
            if let Some(own) = jump.and_then(|jump| left.get_mut(jump)) {
                // First back, so often; then on.
                match (handle, own.checked_sub(1)) {
                    ("again", Some(fewer)) => *own = fewer,
                    ("done", None) => {}
                    _ => return None,
                }
            }
            Some((handle, (edge.target(), left)))
        });
        edges.collect()
    }
}
