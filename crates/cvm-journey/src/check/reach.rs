//! Ways: from the entry to every node, and from every node to an end.

use petgraph::graph::NodeIndex;
use petgraph::visit::{Dfs, Reversed};

use super::map::Map;
use crate::edit::Command;
use crate::finding::{Code, Finding};
use crate::model::NodeKind;

pub(super) fn check(map: &Map<'_>, out: &mut Vec<Finding>) {
    let numbered = || map.graph.node_indices().filter_map(|index| Some((index, map.node(index)?)));
    let entries: Vec<(NodeIndex, &str)> = numbered()
        .filter(|(_, node)| matches!(node.kind, NodeKind::Entry(_)))
        .map(|(index, node)| (index, node.id.as_str()))
        .collect();
    // Of several nodes with the same id it would not be known which is meant.
    let once = |id: &str| map.journey.nodes.iter().filter(|node| node.id == id).count() == 1;
    let (first, more) = match entries.split_first() {
        Some(((first, _), more)) => (*first, more),
        None => {
            let found = Finding::new(Code::NoEntry, "/nodes", "nobody can come in: there is no entry node");
            out.push(found.help("add a node of the type `entry`"));
            return;
        }
    };
    if !more.is_empty() {
        let found = Finding::new(Code::SeveralEntries, "/nodes", "there are several entry nodes");
        let others = more.iter().map(|(_, id)| Command::RemoveNode { id: (*id).to_owned() });
        let found =
            found.nodes(entries.iter().map(|(_, id)| *id)).help("customers come in at one: take the others away");
        out.push(if more.iter().all(|(_, id)| once(id)) { found.fix(others) } else { found });
    }
    let mut reached = vec![false; map.graph.node_count()];
    let mut search = Dfs::new(&map.graph, first);
    while let Some(index) = search.next(&map.graph) {
        mark(&mut reached, index);
    }
    let mut ended = vec![false; map.graph.node_count()];
    let backwards = Reversed(&map.graph);
    for (end, _) in numbered().filter(|(_, node)| leaves(&node.kind)) {
        let mut search = Dfs::new(backwards, end);
        while let Some(index) = search.next(backwards) {
            mark(&mut ended, index);
        }
    }
    for (index, node) in numbered() {
        let path = format!("/nodes/{}", index.index());
        let is = |marks: &[bool]| marks.get(index.index()).is_some_and(|mark| *mark);
        // Several entries were told of, and of the same id the first one counts.
        let known = matches!(node.kind, NodeKind::Entry(_)) || map.index(&node.id) != Some(index);
        if !is(&reached) && !known {
            let message = format!("no way leads to `{}`", node.id);
            let found = Finding::new(Code::Unreachable, path.clone(), message).nodes([node.id.as_str()]);
            let found = found.help("draw an edge to it, or take it away");
            let away = once(&node.id).then(|| Command::RemoveNode { id: node.id.clone() });
            out.push(found.fix(away));
        }
        if !is(&ended) {
            let message = format!("customers who come to `{}` never come to an end", node.id);
            let found = Finding::new(Code::NoEnd, path, message).nodes([node.id.as_str()]);
            out.push(found.help("lead on to a node of the type `end`"));
        }
    }
}

/// Whether customers leave here.
fn leaves(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::End(_))
}

fn mark(marks: &mut [bool], index: NodeIndex) {
    if let Some(mark) = marks.get_mut(index.index()) {
        *mark = true;
    }
}
