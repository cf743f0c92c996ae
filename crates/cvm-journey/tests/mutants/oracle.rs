//! Whether a journey is sound, found by walking every way that a customer can go. Nothing here is shared with the checks.

use std::collections::{BTreeMap, BTreeSet};

use cvm_journey::model::{Journey, Node, NodeKind, Wait};

/// Where a customer is, and how often each jump has led back.
type Place<'j> = (&'j str, BTreeMap<&'j str, u32>);

/// What is wrong with it, if anything is.
pub fn unsound(journey: &Journey) -> Option<String> {
    let mut ids = BTreeSet::new();
    for node in &journey.nodes {
        if node.id.is_empty() || !ids.insert(&node.id) {
            return Some(format!("`{}` is no name of one node", node.id));
        }
    }
    let mut ids = BTreeSet::new();
    for edge in &journey.edges {
        if !ids.insert(&edge.id) {
            return Some(format!("two edges are `{}`", edge.id));
        }
        let find = |id: &str| journey.nodes.iter().find(|node| node.id == id);
        let (Some(source), Some(target)) = (find(&edge.source), find(&edge.target)) else {
            return Some(format!("`{}` hangs in the air", edge.id));
        };
        if !ways(source).iter().any(|(name, _)| *name == edge.source_handle) {
            return Some(format!("`{}` begins at no outcome", edge.id));
        }
        if matches!(target.kind, NodeKind::Entry(_)) {
            return Some(format!("`{}` leads to the entry", edge.id));
        }
        if edge.source == edge.target {
            return Some(format!("`{}` leads nowhere else", edge.id));
        }
        let same = |other: &&cvm_journey::model::Edge| {
            (&other.source, &other.source_handle) == (&edge.source, &edge.source_handle)
        };
        if journey.edges.iter().filter(same).count() > 1 {
            return Some(format!("two edges lead on from `{}` after `{}`", edge.source, edge.source_handle));
        }
    }
    let entries: Vec<&Node> = journey.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Entry(_))).collect();
    let [entry] = entries[..] else { return Some(format!("{} entries", entries.len())) };
    let mut walk =
        Walk { journey, seen: BTreeSet::new(), gone_on: BTreeSet::new(), done: BTreeSet::new(), path: Vec::new() };
    if let Err(why) = walk.from((&entry.id, BTreeMap::new()), &BTreeSet::new()) {
        return Some(why);
    }
    let jumps = journey.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Jump(_)));
    if let Some(jump) = jumps.into_iter().find(|node| !walk.gone_on.contains(node.id.as_str())) {
        return Some(format!("nobody goes on from the jump `{}`", jump.id));
    }
    journey
        .nodes
        .iter()
        .find(|node| !walk.seen.contains(node.id.as_str()))
        .map(|node| format!("nobody comes to `{}`", node.id))
}

/// The outcomes of a node, and whether each must lead on: written down anew, from what the types of nodes say.
fn ways(node: &Node) -> Vec<(String, bool)> {
    let must = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), true)).collect::<Vec<_>>();
    let with = |name: &str| vec![("next".to_owned(), true), (name.to_owned(), false)];
    match &node.kind {
        NodeKind::End(_) => Vec::new(),
        NodeKind::Segment(_) => must(&["yes", "no"]),
        NodeKind::Wait(Wait::Event { timeout, .. } | Wait::Filter { timeout, .. }) => {
            if timeout.is_some() {
                must(&["happened", "timeout"])
            } else {
                must(&["happened"])
            }
        }
        NodeKind::Send(_) => [with("held"), vec![("failed".to_owned(), false)]].concat(),
        NodeKind::Webhook(_) => with("failed"),
        NodeKind::Holdout(_) => with("held_out"),
        NodeKind::Branch(branch) => {
            let cases: Vec<&str> = branch.cases.iter().map(|case| case.name.as_str()).collect();
            [must(&cases), must(&["default"])].concat()
        }
        NodeKind::EventBranch(branch) => {
            let cases: Vec<&str> = branch.cases.iter().map(|case| case.name.as_str()).collect();
            [must(&cases), must(&["timeout"])].concat()
        }
        NodeKind::Split(split) => split.arms.iter().map(|arm| (arm.name.clone(), true)).collect(),
        NodeKind::Jump(_) => must(&["again", "done"]),
        _ => must(&["next"]),
    }
}

struct Walk<'j> {
    journey: &'j Journey,
    seen: BTreeSet<&'j str>,
    /// Jumps whose outcome `done` somebody had.
    gone_on: BTreeSet<&'j str>,
    /// Where nothing is wrong from there on, beside the nodes since the last wait.
    done: BTreeSet<(Place<'j>, BTreeSet<&'j str>)>,
    path: Vec<Place<'j>>,
}

impl<'j> Walk<'j> {
    /// Walks on from a place; `since` are the nodes since everybody last waited.
    fn from(&mut self, place: Place<'j>, since: &BTreeSet<&'j str>) -> Result<(), String> {
        let (id, jumps) = &place;
        self.seen.insert(id);
        if since.contains(id) {
            return Err(format!("round without a pause at `{id}`"));
        }
        if self.path.contains(&place) {
            return Err(format!("round without an end at `{id}`"));
        }
        if self.done.contains(&(place.clone(), since.clone())) {
            return Ok(());
        }
        let node = self.journey.nodes.iter().find(|node| node.id == *id).ok_or("no node")?;
        let mut after = since.clone();
        after.insert(id);
        if let NodeKind::Wait(Wait::Duration { duration }) = &node.kind
            && duration.amount > 0
        {
            after.clear();
        }
        self.path.push(place.clone());
        for (name, required) in ways(node) {
            let mut jumps = jumps.clone();
            if let NodeKind::Jump(jump) = &node.kind {
                let back = jumps.entry(id).or_default();
                // First back, so often; then on. That an outcome leads nowhere is wrong at any time.
                let leads = self.journey.edges.iter().any(|edge| edge.source == *id && edge.source_handle == name);
                if leads && (name == "again") != (*back < jump.times) {
                    continue;
                }
                if name == "done" {
                    self.gone_on.insert(id);
                }
                *back = (*back + 1).min(jump.times);
            }
            let edge = self.journey.edges.iter().find(|edge| edge.source == *id && edge.source_handle == name);
            match edge {
                Some(edge) => self.from((&edge.target, jumps), &after)?,
                None if required => return Err(format!("nowhere to go from `{id}` after `{name}`")),
                None => {}
            }
        }
        self.path.pop();
        self.done.insert((place, since.clone()));
        Ok(())
    }
}
