//! Ways that nobody goes, and ways that all go: what brought customers to a branch may have decided it.
//!
//! What is known at a node is what all ways to it have in common: a must-analysis over the graph (G. Kildall, "A unified
//! approach to global program optimization", 1973). Time, events and updates may change customers, so that nothing is known
//! after them. Whether a filter takes nobody, the optimiser says.

use std::collections::{BTreeMap, BTreeSet};

use cvm_core::{Filter, optimize};
use petgraph::visit::EdgeRef;

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::{NodeKind, Trigger};

/// What is known: that customers had an outcome at a node, by their numbers; the entry's own filter has none.
type Facts = BTreeSet<Option<(usize, String)>>;

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let journey = map.journey;
    let coming = before(map);
    for (i, node) in journey.nodes.iter().enumerate() {
        let Some(before) = coming.get(&i) else { continue };
        let ways = ways(&node.kind);
        if ways.is_empty() {
            continue;
        }
        // Filters with findings of their own say nothing.
        let fine = |filter: &Filter| cvm_core::check(filter, known.catalog).is_ok();
        if !before.iter().chain(ways.iter().map(|way| &way.filter)).all(fine) {
            continue;
        }
        let nobody = |more: Filter| {
            let all = Filter::all_of(before.iter().cloned().chain([more]));
            optimize(&all, known.catalog).filter == Filter::Nobody
        };
        if nobody(Filter::Everyone) {
            // Nobody comes here at all: that is told where they are turned away.
            continue;
        }
        for way in ways {
            let path = format!("/nodes/{i}/data{}", way.path);
            let found = if nobody(way.filter.clone()) {
                let message = format!("nobody who comes to `{}` goes on by `{}`", node.id, way.name);
                Finding::new(Code::Never, path, message)
                    .help("what brought them here, or what is asked before, says otherwise")
            } else if nobody(Filter::Not { child: Box::new(way.filter) }) {
                let message = format!("all who come to `{}` go on by `{}`", node.id, way.name);
                Finding::new(Code::Always, path, message)
                    .help("what brought them here, or what is asked before, says so already")
            } else {
                continue;
            };
            out.push(found.nodes([node.id.as_str()]));
        }
    }
}

/// What holds of all who come to a node, by its number: for nodes that are reached.
pub(super) fn before(map: &Map<'_>) -> BTreeMap<usize, Vec<Filter>> {
    let meant = facts(map).into_iter().filter_map(|(i, facts)| {
        let all: Option<Vec<Filter>> = facts.iter().map(|fact| meaning(map, fact.as_ref())).collect();
        Some((i, all?))
    });
    meant.collect()
}

/// A way on, and who goes it.
struct Way {
    name: String,
    path: String,
    filter: Filter,
}

fn ways(kind: &NodeKind) -> Vec<Way> {
    match kind {
        NodeKind::Segment(gate) => {
            vec![Way { name: "yes".to_owned(), path: "/filter".to_owned(), filter: gate.filter.clone() }]
        }
        NodeKind::Branch(branch) => {
            let mut before: Vec<Filter> = Vec::new();
            let mut ways = Vec::new();
            for (i, case) in branch.cases.iter().enumerate() {
                let filter = Filter::all_of(before.iter().cloned().chain([case.filter.clone()]));
                ways.push(Way { name: case.name.clone(), path: format!("/cases/{i}/filter"), filter });
                before.push(Filter::Not { child: Box::new(case.filter.clone()) });
            }
            ways
        }
        _ => Vec::new(),
    }
}

/// The facts at the nodes that are reached.
fn facts(map: &Map<'_>) -> BTreeMap<usize, Facts> {
    let mut known: BTreeMap<usize, Facts> = BTreeMap::new();
    let Some(entry) = map.journey.entry_node().and_then(|node| map.index(&node.id)) else { return known };
    known.insert(entry.index(), Facts::from([None]));
    let mut next = vec![entry];
    while let Some(index) = next.pop() {
        let (Some(node), Some(own)) = (map.node(index), known.get(&index.index()).cloned()) else { continue };
        for edge in map.graph.edges(index) {
            let Some(handle) = map.edge(edge.id()).map(|edge| edge.source_handle.clone()) else { continue };
            let mut there = if changes(&node.kind) { Facts::new() } else { own.clone() };
            if matches!(node.kind, NodeKind::Segment(_) | NodeKind::Branch(_)) {
                there.insert(Some((index.index(), handle)));
            }
            let target = edge.target();
            let now = match known.get(&target.index()) {
                Some(before) => before.intersection(&there).cloned().collect(),
                None => there,
            };
            // Facts only become fewer, so this ends.
            if known.get(&target.index()) != Some(&now) {
                known.insert(target.index(), now);
                next.push(target);
            }
        }
    }
    known
}

/// Whether customers may be others when they go on.
fn changes(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Wait(_)
        | NodeKind::EventBranch(_)
        | NodeKind::Update(_)
        | NodeKind::List(_)
        | NodeKind::Webhook(_)
        | NodeKind::Throttle(_)
        | NodeKind::SubJourney(_)
        | NodeKind::Send(_) => true,
        NodeKind::Entry(_)
        | NodeKind::Segment(_)
        | NodeKind::Branch(_)
        | NodeKind::Split(_)
        | NodeKind::Holdout(_)
        | NodeKind::Jump(_)
        | NodeKind::Goal(_)
        | NodeKind::End(_) => false,
    }
}

/// Of whom a fact holds.
fn meaning(map: &Map<'_>, fact: Option<&(usize, String)>) -> Option<Filter> {
    let not = |filter: &Filter| Filter::Not { child: Box::new(filter.clone()) };
    let Some((number, outcome)) = fact else {
        return Some(match &map.journey.entry.trigger {
            Trigger::Segment { filter, .. } | Trigger::Schedule { filter, .. } => filter.clone(),
            Trigger::Event { .. } | Trigger::Api | Trigger::Date { .. } => Filter::Everyone,
        });
    };
    match &map.journey.nodes.get(*number)?.kind {
        NodeKind::Segment(gate) if outcome == "yes" => Some(gate.filter.clone()),
        NodeKind::Segment(gate) => Some(not(&gate.filter)),
        NodeKind::Branch(branch) => {
            let taken = branch.cases.iter().position(|case| case.name == *outcome).unwrap_or(branch.cases.len());
            let before = branch.cases.iter().take(taken).map(|case| not(&case.filter));
            Some(Filter::all_of(before.chain(branch.cases.get(taken).map(|case| case.filter.clone()))))
        }
        _ => None,
    }
}
