//! One edit.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Edge, Entry, Journey, Node, NodeKind, Point, Settings};

/// One edit of a journey: `{"type": "remove_node", "id": "pause"}`.
///
/// ```
/// use cvm_journey::edit::Command;
/// use cvm_journey::model::Journey;
/// let mut journey = Journey::from_json(r#"{"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}},
///     "nodes": [{"id": "in", "type": "entry"}, {"id": "out", "type": "end"}],
///     "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "out"}]}"#)?;
/// let before = journey.clone();
/// let undo = Command::RemoveNode { id: "out".into() }.apply(&mut journey)?;
/// // The edge went with its node, and comes back with it.
/// assert!(journey.edges.is_empty());
/// undo.apply(&mut journey)?;
/// assert_eq!(journey, before);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Another node.
    AddNode {
        /// The node.
        node: Node,
        /// Where it stands in the picture.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Point>,
        /// Where it stands in the list: at the end if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<usize>,
    },
    /// A node away, and its edges with it.
    RemoveNode {
        /// The node.
        id: String,
    },
    /// Another id for a node. Its edges and its place go with it, unless they belong to another node of the old id. Sends
    /// that were made know the node by its old one.
    RenameNode {
        /// The node's number in the list, from 0: ids may be what is wrong.
        index: usize,
        /// Its id from now on.
        id: String,
    },
    /// The id that a node had before it was renamed, though another node has it: this only undoes.
    RestoreId {
        /// The node's number in the list, from 0.
        index: usize,
        /// Its old id.
        id: String,
    },
    /// What a node does from now on.
    SetNode {
        /// The node, as it is to be.
        node: Node,
    },
    /// Where a node stands in the picture.
    MoveNode {
        /// The node.
        id: String,
        /// Where; nowhere in particular if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Point>,
    },
    /// Another edge.
    Connect {
        /// The edge.
        edge: Edge,
        /// Where it stands in the list: at the end if not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<usize>,
    },
    /// An edge away.
    Disconnect {
        /// The edge.
        id: String,
    },
    /// An edge as it was, though an end of it hangs in the air or another edge has its id: this only undoes.
    RestoreEdge {
        /// The edge.
        edge: Edge,
        /// Its number in the list, from 0.
        index: usize,
    },
    /// An edge away, by its number, for other edges may have its id: this only undoes.
    RemoveEdge {
        /// The edge's number in the list, from 0.
        index: usize,
    },
    /// Who enters.
    SetEntry {
        /// The entry, as it is to be.
        entry: Entry,
    },
    /// What holds for all of the journey.
    SetSettings {
        /// The settings, as they are to be.
        settings: Box<Settings>,
    },
    /// What people call the journey.
    SetName {
        /// The name.
        name: String,
    },
    /// Several edits, all or none.
    All {
        /// One after another.
        commands: Vec<Command>,
    },
}

/// Why an edit can't be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// There is a node of this id already.
    NodeIsThere(String),
    /// There is no node of this id.
    NoNode(String),
    /// Several nodes have this id.
    SeveralNodes(String),
    /// An edge or a place in the picture names this id already.
    IdInUse(String),
    /// There is an edge of this id already.
    EdgeIsThere(String),
    /// There is no edge of this id.
    NoEdge(String),
    /// There is nothing to undo.
    NothingToUndo,
    /// There is nothing to make again.
    NothingToRedo,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NodeIsThere(id) => write!(f, "there is a node `{id}` already"),
            Self::NoNode(id) => write!(f, "there is no node `{id}`"),
            Self::SeveralNodes(id) => write!(f, "several nodes are `{id}`: give them different ids first"),
            Self::IdInUse(id) => write!(f, "an edge, or a place in the picture, names `{id}` already"),
            Self::EdgeIsThere(id) => write!(f, "there is an edge `{id}` already"),
            Self::NoEdge(id) => write!(f, "there is no edge `{id}`"),
            Self::NothingToUndo => f.write_str("there is nothing to undo"),
            Self::NothingToRedo => f.write_str("there is nothing to make again"),
        }
    }
}

impl std::error::Error for Refused {}

impl Command {
    /// Edits the journey; what undoes it, to the letter.
    ///
    /// # Errors
    /// Why it can't be made: the journey is as it was.
    pub fn apply(self, journey: &mut Journey) -> Result<Self, Refused> {
        match self {
            Self::AddNode { node, at, index } => add_node(journey, node, at, index),
            Self::RemoveNode { id } => remove_node(journey, &id),
            Self::RenameNode { index, id } => rename_node(journey, index, id),
            Self::RestoreId { index, id } => restore_id(journey, index, id),
            Self::SetNode { node } => {
                let place = journey.nodes.iter_mut().find(|known| known.id == node.id);
                let place = place.ok_or_else(|| Refused::NoNode(node.id.clone()))?;
                Ok(Self::SetNode { node: std::mem::replace(place, node) })
            }
            Self::MoveNode { id, to } => {
                node_at(journey, &id)?;
                let to = match to {
                    Some(to) => journey.layout.insert(id.clone(), to),
                    None => journey.layout.remove(&id),
                };
                Ok(Self::MoveNode { id, to })
            }
            Self::Connect { edge, index } => {
                may_connect(journey, &edge)?;
                let id = edge.id.clone();
                insert(&mut journey.edges, edge, index);
                Ok(Self::Disconnect { id })
            }
            Self::Disconnect { id } => {
                let index = journey.edges.iter().position(|edge| edge.id == id).ok_or(Refused::NoEdge(id))?;
                let edge = journey.edges.remove(index);
                Ok(put_back(edge, index, |edge| may_connect(journey, edge).is_ok()))
            }
            Self::RestoreEdge { edge, index } => {
                let index = index.min(journey.edges.len());
                journey.edges.insert(index, edge);
                Ok(Self::RemoveEdge { index })
            }
            Self::RemoveEdge { index } => {
                if index >= journey.edges.len() {
                    return Err(Refused::NoEdge(format!("number {index}")));
                }
                Ok(Self::RestoreEdge { edge: journey.edges.remove(index), index })
            }
            Self::SetEntry { entry } => Ok(Self::SetEntry { entry: std::mem::replace(&mut journey.entry, entry) }),
            Self::SetSettings { settings } => {
                let settings = Box::new(std::mem::replace(&mut journey.settings, *settings));
                Ok(Self::SetSettings { settings })
            }
            Self::SetName { name } => Ok(Self::SetName { name: std::mem::replace(&mut journey.name, name) }),
            Self::All { commands } => all(journey, commands),
        }
    }

    /// The edit that sets what a node does.
    #[must_use]
    pub fn set(id: &str, kind: NodeKind) -> Self {
        Self::SetNode { node: Node { id: id.to_owned(), kind } }
    }
}

/// All commands, or none; what undoes them undoes the last one first.
fn all(journey: &mut Journey, commands: Vec<Command>) -> Result<Command, Refused> {
    let mut undo = Vec::new();
    for command in commands {
        match command.apply(journey) {
            Ok(inverse) => undo.push(inverse),
            Err(refused) => {
                for inverse in undo.into_iter().rev() {
                    inverse.apply(journey)?;
                }
                return Err(refused);
            }
        }
    }
    undo.reverse();
    Ok(Command::All { commands: undo })
}

fn add_node(journey: &mut Journey, node: Node, at: Option<Point>, index: Option<usize>) -> Result<Command, Refused> {
    if journey.node(&node.id).is_some() {
        return Err(Refused::NodeIsThere(node.id));
    }
    let id = node.id.clone();
    if journey.layout.contains_key(&id) {
        return Err(Refused::IdInUse(id));
    }
    if let Some(at) = at {
        journey.layout.insert(id.clone(), at);
    }
    insert(&mut journey.nodes, node, index);
    // Edges that hung in the air where the node is now hang there again when it is gone.
    let hung = journey.edges.iter().enumerate().filter(|(_, edge)| edge.source == id || edge.target == id);
    let hung: Vec<_> = hung.map(|(index, edge)| Command::RestoreEdge { edge: edge.clone(), index }).collect();
    Ok(one_or_all(std::iter::once(Command::RemoveNode { id }).chain(hung).collect()))
}

fn remove_node(journey: &mut Journey, id: &str) -> Result<Command, Refused> {
    let index = node_at(journey, id)?;
    if journey.nodes.iter().filter(|node| node.id == id).count() > 1 {
        return Err(Refused::SeveralNodes(id.to_owned()));
    }
    let whole = journey.clone();
    let twice = |edge: &Edge| whole.edges.iter().filter(|other| other.id == edge.id).count() > 1;
    let hangs = |edge: &Edge| [&edge.source, &edge.target].into_iter().any(|end| whole.node(end).is_none());
    let node = journey.nodes.remove(index);
    let at = journey.layout.remove(id);
    let mut commands = vec![Command::AddNode { node, at, index: Some(index) }];
    let edges = std::mem::take(&mut journey.edges);
    for (index, edge) in edges.into_iter().enumerate() {
        if edge.source == id || edge.target == id {
            commands.push(put_back(edge, index, |edge| !twice(edge) && !hangs(edge)));
        } else {
            journey.edges.push(edge);
        }
    }
    Ok(one_or_all(commands))
}

/// What puts an edge back where it was; everybody may connect what fits.
fn put_back(edge: Edge, index: usize, fits: impl FnOnce(&Edge) -> bool) -> Command {
    if fits(&edge) {
        return Command::Connect { edge, index: Some(index) };
    }
    Command::RestoreEdge { edge, index }
}

fn one_or_all(mut commands: Vec<Command>) -> Command {
    if commands.len() == 1 { commands.remove(0) } else { Command::All { commands } }
}

fn rename_node(journey: &mut Journey, index: usize, id: String) -> Result<Command, Refused> {
    if journey.node(&id).is_some() {
        return Err(Refused::NodeIsThere(id));
    }
    if named(journey, &id) {
        return Err(Refused::IdInUse(id));
    }
    let node = journey.nodes.get_mut(index).ok_or_else(|| Refused::NoNode(format!("number {index}")))?;
    let old = std::mem::replace(&mut node.id, id.clone());
    if journey.node(&old).is_none() {
        for edge in &mut journey.edges {
            for end in [&mut edge.source, &mut edge.target] {
                if *end == old {
                    end.clone_from(&id);
                }
            }
        }
        if let Some(at) = journey.layout.remove(&old) {
            journey.layout.insert(id, at);
        }
        return Ok(Command::RenameNode { index, id: old });
    }
    // Back to an id that another node has: that is what was there, so it may be again.
    Ok(Command::RestoreId { index, id: old })
}

fn restore_id(journey: &mut Journey, index: usize, id: String) -> Result<Command, Refused> {
    let now = journey.nodes.get(index).map(|node| node.id.clone());
    let now = now.ok_or_else(|| Refused::NoNode(format!("number {index}")))?;
    let others = |id: &str| journey.nodes.iter().enumerate().any(|(at, node)| at != index && node.id == id);
    if !others(&id) {
        return Err(Refused::NoNode(id));
    }
    if now == id || others(&now) {
        return Err(Refused::SeveralNodes(now));
    }
    if named(journey, &now) {
        return Err(Refused::IdInUse(now));
    }
    if let Some(node) = journey.nodes.get_mut(index) {
        node.id = id;
    }
    Ok(Command::RenameNode { index, id: now })
}

/// An id of its own, and both ends.
fn may_connect(journey: &Journey, edge: &Edge) -> Result<(), Refused> {
    if journey.edges.iter().any(|known| known.id == edge.id) {
        return Err(Refused::EdgeIsThere(edge.id.clone()));
    }
    node_at(journey, &edge.source)?;
    node_at(journey, &edge.target)?;
    Ok(())
}

/// Whether an edge or a place in the picture names an id.
fn named(journey: &Journey, id: &str) -> bool {
    journey.layout.contains_key(id) || journey.edges.iter().any(|edge| edge.source == id || edge.target == id)
}

fn node_at(journey: &Journey, id: &str) -> Result<usize, Refused> {
    journey.nodes.iter().position(|node| node.id == id).ok_or_else(|| Refused::NoNode(id.to_owned()))
}

fn insert<T>(list: &mut Vec<T>, item: T, index: Option<usize>) {
    list.insert(index.unwrap_or(list.len()).min(list.len()), item);
}
