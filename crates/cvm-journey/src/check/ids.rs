//! Names: each once, and no edge without both ends.

use std::collections::BTreeSet;

use crate::edit::Command;
use crate::finding::{Code, Finding};
use crate::model::Journey;

pub(super) fn check(journey: &Journey, out: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for (i, node) in journey.nodes.iter().enumerate() {
        if node.id.is_empty() {
            out.push(
                Finding::new(Code::Empty, format!("/nodes/{i}/id"), "a node has no id")
                    .fix([Command::RenameNode { index: i, id: free(journey, node.kind.name()) }]),
            );
        } else if !seen.insert(node.id.as_str()) {
            out.push(
                Finding::new(Code::DuplicateId, format!("/nodes/{i}/id"), format!("several nodes are `{}`", node.id))
                    .nodes([node.id.as_str()])
                    .help("give each an id of its own: edges belong to the first")
                    .fix([Command::RenameNode { index: i, id: free(journey, &node.id) }]),
            );
        }
    }
    let mut seen = BTreeSet::new();
    for (i, edge) in journey.edges.iter().enumerate() {
        if !seen.insert(edge.id.as_str()) {
            let message = format!("several edges are `{}`", edge.id);
            out.push(
                Finding::new(Code::DuplicateId, format!("/edges/{i}/id"), message)
                    .edges([edge.id.as_str()])
                    .help("give each an id of its own"),
            );
        }
        for (end, id) in [("source", &edge.source), ("target", &edge.target)] {
            if journey.node(id).is_none() {
                let message = match end {
                    "source" => format!("the edge `{}` begins at `{id}`, which is no node", edge.id),
                    _ => format!("the edge `{}` leads to `{id}`, which is no node", edge.id),
                };
                let found = Finding::new(Code::UnknownNode, format!("/edges/{i}/{end}"), message);
                let near = cvm_core::nearest(id, journey.nodes.iter().map(|node| node.id.as_str()));
                let found = match near {
                    Some(near) => found.help(format!("did you mean `{near}`?")),
                    None => found.help("draw it to a node that is there, or take it away"),
                };
                out.push(found.edges([edge.id.as_str()]).fix([Command::Disconnect { id: edge.id.clone() }]));
            }
        }
    }
}

/// An id like this one that no node has and no edge names.
pub(super) fn free(journey: &Journey, like: &str) -> String {
    let taken = |id: &str| {
        journey.node(id).is_some()
            || journey.layout.contains_key(id)
            || journey.edges.iter().any(|edge| edge.source == id || edge.target == id)
    };
    (2..).map(|number: u64| format!("{like}-{number}")).find(|id| !taken(id)).unwrap_or_default()
}
