//! Jumps: somebody must go on from each, or what follows it is never come to.
//!
//! Customers are followed through every node with every number of times that jumps still lead back. Where that is too much
//! work, only a jump whose way back does not come to it again is told of.

use std::collections::BTreeSet;

use petgraph::algo::has_path_connecting;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::NodeKind;

/// So many places are looked at.
const PLACES: usize = 20_000;

pub(super) fn check(map: &Map<'_>, out: &mut Vec<Finding>) {
    let jumps: Vec<NodeIndex> = map
        .graph
        .node_indices()
        .filter(|index| map.node(*index).is_some_and(|node| matches!(node.kind, NodeKind::Jump(_))))
        .collect();
    if jumps.is_empty() {
        return;
    }
    let followed = follow(map, &jumps);
    for index in jumps {
        let Some(node) = map.node(index) else { continue };
        let again = |edge: &petgraph::graph::EdgeReference<'_, usize>| {
            map.edge(edge.id()).is_some_and(|edge| edge.source_handle == "again")
        };
        // Without a way back that is told of where outcomes are, and where nobody comes where ways are.
        let Some(edge) = map.graph.edges(index).find(again) else { continue };
        let never = match &followed {
            Some(followed) => followed.come.contains(&index) && !followed.gone_on.contains(&index),
            None => !has_path_connecting(&map.graph, edge.target(), index, None),
        };
        if never {
            let message =
                format!("nobody goes on from `{}` by `done`: who is led back never comes to it often enough", node.id);
            let found = Finding::new(Code::NoWayBack, format!("/nodes/{}", index.index()), message);
            let found = found.nodes([node.id.as_str()]).edges(map.edge(edge.id()).map(|edge| edge.id.as_str()));
            out.push(found.help("lead `again` to a node before it, or back fewer times"));
        }
    }
}

/// Where customers come, and the jumps from which they go on.
struct Followed {
    come: BTreeSet<NodeIndex>,
    gone_on: BTreeSet<NodeIndex>,
}

fn follow(map: &Map<'_>, jumps: &[NodeIndex]) -> Option<Followed> {
    let entry = map.index(&map.journey.entry_node()?.id)?;
    let times = |index: &NodeIndex| match map.node(*index).map(|node| &node.kind) {
        Some(NodeKind::Jump(jump)) => jump.times,
        _ => 0,
    };
    let start = (entry, jumps.iter().map(times).collect::<Vec<u32>>());
    let mut followed = Followed { come: BTreeSet::new(), gone_on: BTreeSet::new() };
    let (mut seen, mut next) = (BTreeSet::from([start.clone()]), vec![start]);
    while let Some((index, left)) = next.pop() {
        followed.come.insert(index);
        let jump = jumps.iter().position(|jump| *jump == index);
        for edge in map.graph.edges(index) {
            let Some(handle) = map.edge(edge.id()).map(|edge| edge.source_handle.as_str()) else { continue };
            let mut left = left.clone();
            if let Some(own) = jump.and_then(|jump| left.get_mut(jump)) {
                match (handle, own.checked_sub(1)) {
                    ("again", Some(fewer)) => *own = fewer,
                    ("done", None) => {
                        followed.gone_on.insert(index);
                    }
                    _ => continue,
                }
            }
            let there = (edge.target(), left);
            if seen.insert(there.clone()) {
                if seen.len() > PLACES {
                    return None;
                }
                next.push(there);
            }
        }
    }
    Some(followed)
}
