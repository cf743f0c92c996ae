//! Loops: none without a pause, none without an end.
//!
//! A loop is a strongly connected part of the graph (R. Tarjan, "Depth-first search and linear graph algorithms", 1972).
//! Without the nodes at which everybody waits there must be none left; without the ways back of jumps, which count how often,
//! neither.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{EdgeIndex, NodeIndex};

use super::cut::{cut, inside, jump, wait};
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::{Edge, Node, NodeKind};

pub(super) fn check(map: &Map<'_>, out: &mut Vec<Finding>) {
    for part in parts(map, |node| !waits(node), |_, _| true) {
        let names: Vec<&str> = part.iter().filter_map(|index| map.node(*index)).map(|node| node.id.as_str()).collect();
        let found = Finding::new(
            Code::InstantLoop,
            path(map, &part),
            format!("customers could go round {} without a pause", listed(&names)),
        );
        let edges = inside(map, &part, |_| true);
        let cut = cut(map, &edges);
        let at = cut.or_else(|| map.edge(*edges.first()?));
        let found = match at {
            Some(edge) => {
                found.help(format!("put a wait of a fixed time on the way, such as on the edge `{}`", edge.id))
            }
            None => found,
        };
        let fix = cut.and_then(|edge| wait(map.journey, edge));
        out.push(found.nodes(names).edges(ids(map, &edges)).fix(fix.into_iter().flatten()));
    }
    let counted = |node: &Node, outcome: &str| matches!(node.kind, NodeKind::Jump(_)) && outcome == "again";
    for part in parts(map, |_| true, |node, outcome| !counted(node, outcome)) {
        let names: Vec<&str> = part.iter().filter_map(|index| map.node(*index)).map(|node| node.id.as_str()).collect();
        let message = format!("customers could go round {} without an end", listed(&names));
        let found = Finding::new(Code::LoopWithoutCap, path(map, &part), message);
        let found = found.edges(ids(map, &inside(map, &part, |_| true)));
        let help = "lead back by the outcome `again` of a node of the type `jump`, which says how often";
        let uncounted =
            |edge: &Edge| map.journey.node(&edge.source).is_some_and(|node| !counted(node, &edge.source_handle));
        let cut = cut(map, &inside(map, &part, uncounted));
        let fix = cut.and_then(|edge| jump(map.journey, edge));
        out.push(found.nodes(names).help(help).fix(fix.into_iter().flatten()));
    }
}

/// Whether everybody waits here for a time that is known.
fn waits(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Wait(wait) => wait.least_seconds() > 0,
        _ => false,
    }
}

/// The loops among some of the nodes, and some of their outcomes.
fn parts(map: &Map<'_>, keep: impl Fn(&Node) -> bool, follow: impl Fn(&Node, &str) -> bool) -> Vec<Vec<NodeIndex>> {
    let followed = |index| {
        let edge = map.edge(index)?;
        map.journey.node(&edge.source).map(|node| follow(node, &edge.source_handle))
    };
    let kept = map.graph.filter_map(
        |index, _| map.node(index).filter(|node| keep(node)).map(|_| index),
        |index, edge| followed(index).unwrap_or(false).then_some(*edge),
    );
    let mut found: Vec<Vec<NodeIndex>> = tarjan_scc(&kept)
        .into_iter()
        // An edge to itself is a finding of its own.
        .filter(|part| part.len() > 1)
        .map(|part| part.into_iter().filter_map(|index| kept.node_weight(index).copied()).collect())
        .collect();
    found.iter_mut().for_each(|part| part.sort_unstable());
    found.sort_unstable();
    found
}

fn ids<'j>(map: &Map<'j>, edges: &[EdgeIndex]) -> Vec<&'j str> {
    edges.iter().filter_map(|edge| map.edge(*edge)).map(|edge| edge.id.as_str()).collect()
}

fn path(map: &Map<'_>, part: &[NodeIndex]) -> String {
    let first = part.first().and_then(|index| map.graph.node_weight(*index));
    first.map_or_else(String::new, |number| format!("/nodes/{number}"))
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => quoted.concat(),
    }
}
