//! Waits: none without an end, none for something that can't happen.

use cvm_core::{Filter, optimize};

use super::cut::{connect, end};
use super::events;
use super::known::Known;
use super::map::Map;
use crate::edit::Command;
use crate::finding::{Code, Finding};
use crate::model::{Duration, Journey, Node, NodeKind, Wait};

/// A wait without a timeout holds those who never do what it waits for.
pub(super) fn ends(journey: &Journey, out: &mut Vec<Finding>) {
    for (i, node) in journey.nodes.iter().enumerate() {
        let NodeKind::Wait(wait) = &node.kind else { continue };
        let what = match wait {
            Wait::Event { event, timeout: None, .. } => format!("who never does `{event}`"),
            Wait::Filter { timeout: None, .. } => "whom its filter never takes".to_owned(),
            _ => continue,
        };
        let message = format!("`{}` has no timeout: {what} stays there for ever", node.id);
        let found = Finding::new(Code::WaitWithoutEnd, format!("/nodes/{i}/data"), message).nodes([node.id.as_str()]);
        let found = found.help("say how long at most, and lead on from `timeout`");
        out.push(match timeout(journey, node, wait.clone()) {
            Some(fix) => found.fix(fix),
            None => found,
        });
    }
}

/// Thirty days at most, then to an end: one that is there, or a new one.
fn timeout(journey: &Journey, node: &Node, mut wait: Wait) -> Option<Vec<Command>> {
    // Of nodes with the same id, edges belong to the first.
    if journey.nodes.iter().filter(|other| other.id == node.id).count() != 1 {
        return None;
    }
    match &mut wait {
        Wait::Event { timeout, .. } | Wait::Filter { timeout, .. } => *timeout = Some(Duration::days(30)),
        Wait::Duration { .. } | Wait::Date { .. } | Wait::Window { .. } => return None,
    }
    let mut commands = vec![Command::set(&node.id, NodeKind::Wait(wait))];
    let target = end(journey, &mut commands);
    commands.push(connect(journey, &node.id, "timeout", target)?);
    Some(commands)
}

/// What a wait waits for must be able to happen. What is known of customers before it decides nothing: it may change.
pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    for (i, node) in map.journey.nodes.iter().enumerate() {
        let never = match &node.kind {
            NodeKind::Wait(Wait::Filter { filter, .. }) => {
                cvm_core::check(filter, known.catalog).is_ok()
                    && optimize(filter, known.catalog).filter == Filter::Nobody
            }
            NodeKind::Wait(Wait::Event { event, filter: Some(filter), .. }) => events::catalog(known.catalog, event)
                .is_some_and(|own| {
                    cvm_core::check(filter, &own).is_ok() && optimize(filter, &own).filter == Filter::Nobody
                }),
            _ => continue,
        };
        if never {
            let message = format!("`{}` waits for something that can't happen", node.id);
            let found = Finding::new(Code::WaitNever, format!("/nodes/{i}/data/filter"), message);
            out.push(found.nodes([node.id.as_str()]).help("what its filter asks for excludes itself"));
        }
    }
}
