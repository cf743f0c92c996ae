//! Outcomes: each leads on once, and edges begin at outcomes that there are.

use std::collections::{BTreeMap, BTreeSet};

use crate::edit::Command;
use crate::finding::{Code, Finding};
use crate::model::{Edge, Journey, NodeKind};

pub(super) fn check(journey: &Journey, out: &mut Vec<Finding>) {
    names(journey, out);
    missing(journey, out);
    edges(journey, out);
}

/// Outcomes of a node that have the same name could not be told apart.
fn names(journey: &Journey, out: &mut Vec<Finding>) {
    for (i, node) in journey.nodes.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for outcome in node.kind.outcomes() {
            if outcome.name.is_empty() {
                let message = format!("a way out of `{}` has no name", node.id);
                out.push(Finding::new(Code::Empty, format!("/nodes/{i}/data"), message).nodes([node.id.as_str()]));
            } else if !seen.insert(outcome.name.clone()) {
                let message = format!("two ways out of `{}` are named `{}`", node.id, outcome.name);
                let found = Finding::new(Code::SameName, format!("/nodes/{i}/data"), message);
                out.push(found.nodes([node.id.as_str()]).help("give each a name of its own"));
            }
        }
    }
}

fn missing(journey: &Journey, out: &mut Vec<Finding>) {
    let leads: BTreeSet<(&str, &str)> =
        journey.edges.iter().map(|edge| (edge.source.as_str(), edge.source_handle.as_str())).collect();
    for (i, node) in journey.nodes.iter().enumerate() {
        let mut told = BTreeSet::new();
        for outcome in node.kind.outcomes() {
            let name = outcome.name.as_ref();
            if !outcome.required || leads.contains(&(node.id.as_str(), name)) || !told.insert(name.to_owned()) {
                continue;
            }
            let path = format!("/nodes/{i}");
            let found = if name == "default" && matches!(node.kind, NodeKind::Branch(_)) {
                let message = format!("nothing says where customers go whom no case of `{}` takes", node.id);
                Finding::new(Code::NoDefault, path, message).help("draw an edge from `default`")
            } else {
                let message = format!("nothing says where customers go from `{}` after `{name}`", node.id);
                Finding::new(Code::MissingOutcome, path, message).help(format!("draw an edge from `{name}`"))
            };
            out.push(found.nodes([node.id.as_str()]));
        }
    }
}

fn edges(journey: &Journey, out: &mut Vec<Finding>) {
    let mut first: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (i, edge) in journey.edges.iter().enumerate() {
        let path = format!("/edges/{i}");
        let away = || [Command::Disconnect { id: edge.id.clone() }];
        let (source, handle) = (edge.source.as_str(), edge.source_handle.as_str());
        if edge.source == edge.target {
            let message = format!("the edge `{}` leads from `{source}` to itself", edge.id);
            let found = Finding::new(Code::SelfEdge, path.clone(), message).nodes([source]).edges([edge.id.as_str()]);
            out.push(found.help("take it away, or lead back by a jump").fix(away()));
        }
        if let Some(target) = journey.node(&edge.target)
            && matches!(target.kind, NodeKind::Entry(_))
        {
            let message = format!("the edge `{}` leads back to the entry `{}`", edge.id, edge.target);
            let found = Finding::new(Code::EdgeToEntry, format!("{path}/target"), message);
            let found = found.nodes([edge.target.as_str()]).edges([edge.id.as_str()]);
            out.push(found.help("lead to the node after it: who enters again is said by the entry").fix(away()));
        }
        let Some(node) = journey.node(source) else { continue };
        let outcomes = node.kind.outcomes();
        if matches!(node.kind, NodeKind::End(_)) {
            let message = format!("the edge `{}` leads on from `{source}`, where customers are out", edge.id);
            let found = Finding::new(Code::EdgeFromEnd, path, message).nodes([source]).edges([edge.id.as_str()]);
            out.push(found.fix(away()));
            continue;
        }
        if !outcomes.iter().any(|outcome| outcome.name == handle) {
            let message = format!("the edge `{}` begins at `{handle}`, which is no way out of `{source}`", edge.id);
            let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name.as_ref()).collect();
            let found = Finding::new(Code::UnknownOutcome, format!("{path}/sourceHandle"), message);
            let found = found.nodes([source]).edges([edge.id.as_str()]);
            let near = cvm_core::nearest(handle, names.iter().copied());
            out.push(match near {
                Some(near) => found.help(format!("did you mean `{near}`?")).fix(renamed(journey, edge, near)),
                None => found.help(format!("there are {}", names.join(", "))),
            });
        } else if let Some(known) = first.insert((source, handle), &edge.id) {
            let message = format!("both `{known}` and `{}` lead on from `{source}` after `{handle}`", edge.id);
            let found = Finding::new(Code::DuplicateOutcome, path, message).nodes([source]);
            let found = found.edges([known, edge.id.as_str()]).help("customers go one way: take one edge away");
            out.push(found.fix(away()));
        }
    }
}

/// The same edge from another outcome, where nothing leads on from that yet.
fn renamed(journey: &Journey, edge: &Edge, handle: &str) -> Vec<Command> {
    let led = |other: &Edge| other.source == edge.source && other.source_handle == handle;
    if journey.edges.iter().any(|other| led(other) || (other.id == edge.id && other != edge)) {
        return Vec::new();
    }
    let moved = Edge { source_handle: handle.to_owned(), ..edge.clone() };
    vec![Command::Disconnect { id: edge.id.clone() }, Command::Connect { edge: moved, index: None }]
}
