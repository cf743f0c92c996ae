//! Jumps: somebody must go on from each, or what follows it is never come to.
//!
//! Customers are followed through every node with every number of times that jumps still lead back. Where that is too much
//! work, only a jump whose way back does not come to it again is told of.

use std::collections::BTreeSet;

use petgraph::algo::has_path_connecting;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::map::Map;
use super::places::{MOST, Places};
use crate::finding::{Code, Finding};

pub(super) fn check(map: &Map<'_>, out: &mut Vec<Finding>) {
    let places = Places::new(map);
    let followed = if places.jumps.is_empty() { return } else { follow(&places) };
    for index in places.jumps {
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

fn follow(places: &Places<'_, '_>) -> Option<Followed> {
    let start = places.start(u32::MAX)?;
    let mut followed = Followed { come: BTreeSet::new(), gone_on: BTreeSet::new() };
    let (mut seen, mut next) = (BTreeSet::from([start.clone()]), vec![start]);
    while let Some(place) = next.pop() {
        followed.come.insert(place.0);
        for (handle, there) in places.next(&place) {
            if handle == "done" && places.jumps.contains(&place.0) {
                followed.gone_on.insert(place.0);
            }
            if seen.insert(there.clone()) {
                if seen.len() > MOST {
                    return None;
                }
                next.push(there);
            }
        }
    }
    Some(followed)
}
