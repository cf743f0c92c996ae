//! Where to cut a loop: the edge on which a node would break all of it.

use petgraph::algo::is_cyclic_directed;
use petgraph::graph::{EdgeIndex, NodeIndex};

use super::ids::free;
use super::map::Map;
use crate::edit::Command;
use crate::model::{Duration, Edge, End, Journey, Jump, Node, NodeKind, Wait};

/// The edges within some nodes, of which `follow` says whether they count.
pub(super) fn inside(map: &Map<'_>, part: &[NodeIndex], follow: impl Fn(&Edge) -> bool) -> Vec<EdgeIndex> {
    let inside = |edge: &EdgeIndex| {
        let ends = map.graph.edge_endpoints(*edge);
        ends.is_some_and(|(from, to)| part.contains(&from) && part.contains(&to))
            && map.edge(*edge).is_some_and(&follow)
    };
    map.graph.edge_indices().filter(inside).collect()
}

/// The first edge without which the others make no loop. Of several, one that leads back in the list of nodes is likelier to
/// be what closes the loop.
pub(super) fn cut<'j>(map: &Map<'j>, edges: &[EdgeIndex]) -> Option<&'j Edge> {
    let back = |edge: &EdgeIndex| map.graph.edge_endpoints(*edge).is_some_and(|(from, to)| to < from);
    let (mut first, then): (Vec<EdgeIndex>, Vec<EdgeIndex>) = edges.iter().partition(|edge| back(edge));
    first.extend(then);
    let breaks = |cut: &&EdgeIndex| {
        let rest =
            map.graph.filter_map(|_, _| Some(()), |edge, _| (edge != **cut && edges.contains(&edge)).then_some(()));
        !is_cyclic_directed(&rest)
    };
    map.edge(*first.iter().find(breaks)?)
}

/// A wait of a day on an edge.
pub(super) fn wait(journey: &Journey, edge: &Edge) -> Option<Vec<Command>> {
    let kind = NodeKind::Wait(Wait::Duration { duration: Duration::days(1) });
    between(journey, edge, kind, "wait", "next")
}

/// A jump on an edge that leads on by it three times, and to an end then.
pub(super) fn jump(journey: &Journey, edge: &Edge) -> Option<Vec<Command>> {
    let mut commands = between(journey, edge, NodeKind::Jump(Jump { times: 3 }), "jump", "again")?;
    let id = free(journey, "jump");
    let target = end(journey, &mut commands);
    commands.push(connect(journey, &id, "done", target)?);
    Some(commands)
}

/// An end that is there, and from which nothing leads on; else a new one.
pub(super) fn end(journey: &Journey, commands: &mut Vec<Command>) -> String {
    let leads = |id: &str| journey.edges.iter().any(|edge| edge.source == id);
    let known = journey.nodes.iter().find(|node| matches!(node.kind, NodeKind::End(_)) && !leads(&node.id));
    if let Some(end) = known {
        return end.id.clone();
    }
    let id = free(journey, "end");
    let node = Node { id: id.clone(), kind: NodeKind::End(End::default()) };
    commands.push(Command::AddNode { node, at: None, index: None });
    id
}

fn between(journey: &Journey, edge: &Edge, kind: NodeKind, like: &str, outcome: &str) -> Option<Vec<Command>> {
    // Of edges or nodes with the same id it would not be known which is meant.
    let once = |id: &str| journey.nodes.iter().filter(|node| node.id == id).count() == 1;
    if journey.edges.iter().filter(|other| other.id == edge.id).count() != 1
        || !once(&edge.source)
        || !once(&edge.target)
    {
        return None;
    }
    let id = free(journey, like);
    let led = Edge { target: id.clone(), ..edge.clone() };
    Some(vec![
        Command::AddNode { node: Node { id: id.clone(), kind }, at: None, index: None },
        Command::Disconnect { id: edge.id.clone() },
        Command::Connect { edge: led, index: None },
        connect(journey, &id, outcome, edge.target.clone())?,
    ])
}

/// An edge of an id that none has.
pub(super) fn connect(journey: &Journey, source: &str, handle: &str, target: String) -> Option<Command> {
    let taken = |id: &str| journey.edges.iter().any(|edge| edge.id == id);
    let like = format!("{source} {handle}");
    let more = (2..).map(|number: u64| format!("{like} {number}"));
    let id = std::iter::once(like.clone()).chain(more).find(|id| !taken(id))?;
    let edge = Edge { id, source: source.to_owned(), source_handle: handle.to_owned(), target };
    Some(Command::Connect { edge, index: None })
}
