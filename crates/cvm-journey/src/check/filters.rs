//! The filters of a journey, each with its place and whom it is about.

use cvm_core::Filter;
use cvm_core::filter::count;

use super::known::Known;
use crate::finding::{Code, Finding};
use crate::model::{Journey, NodeKind, Trigger, Wait};

/// A filter within a journey.
pub(super) struct Placed<'j> {
    pub(super) path: String,
    /// The node that it stands in.
    pub(super) node: Option<&'j str>,
    /// The event whose properties it is about; `None` for customers.
    pub(super) event: Option<&'j str>,
    pub(super) filter: &'j Filter,
}

/// All filters.
pub(super) fn placed(journey: &Journey) -> Vec<Placed<'_>> {
    let mut all = Vec::new();
    let mut put = |path: String, node, event, filter| all.push(Placed { path, node, event, filter });
    match &journey.entry.trigger {
        Trigger::Segment { filter, .. } | Trigger::Schedule { filter, .. } => {
            put("/entry/trigger/filter".to_owned(), None, None, filter);
        }
        Trigger::Event { event, filter: Some(filter) } => {
            put("/entry/trigger/filter".to_owned(), None, Some(event.as_str()), filter);
        }
        Trigger::Event { .. } | Trigger::Api | Trigger::Date { .. } => {}
    }
    for (channel, filter) in &journey.settings.consent {
        put(format!("/settings/consent/{}", crate::model::pointer(channel)), None, None, filter);
    }
    for (key, rules) in [("goals", &journey.settings.goals), ("exits", &journey.settings.exits)] {
        for (i, rule) in rules.iter().enumerate() {
            put(format!("/settings/{key}/{i}/filter"), None, None, &rule.filter);
        }
    }
    for (i, node) in journey.nodes.iter().enumerate() {
        let id = Some(node.id.as_str());
        let data = format!("/nodes/{i}/data");
        match &node.kind {
            NodeKind::Segment(gate) => put(format!("{data}/filter"), id, None, &gate.filter),
            NodeKind::Wait(Wait::Filter { filter, .. }) => put(format!("{data}/filter"), id, None, filter),
            NodeKind::Wait(Wait::Event { event, filter: Some(filter), .. }) => {
                put(format!("{data}/filter"), id, Some(event.as_str()), filter);
            }
            NodeKind::Branch(branch) => {
                for (case, each) in branch.cases.iter().enumerate() {
                    put(format!("{data}/cases/{case}/filter"), id, None, &each.filter);
                }
            }
            NodeKind::EventBranch(branch) => {
                for (case, each) in branch.cases.iter().enumerate() {
                    if let Some(filter) = &each.filter {
                        put(format!("{data}/cases/{case}/filter"), id, Some(each.event.as_str()), filter);
                    }
                }
            }
            _ => {}
        }
    }
    all
}

/// What is wrong with filters themselves.
pub(super) fn check(journey: &Journey, known: &Known<'_>, out: &mut Vec<Finding>) {
    for placed in placed(journey) {
        // A filter on an event is checked where filters have one; an event that there is not is told of elsewhere.
        let whole;
        let (filter, prefix) = match placed.event {
            None => (placed.filter, ""),
            Some(event) if known.catalog.events.iter().any(|known| known.name == event) => {
                whole = count(event).filter(placed.filter.clone()).gte(1_i64);
                (&whole, "/where")
            }
            Some(_) => continue,
        };
        let Err(findings) = cvm_core::check(filter, known.catalog) else { continue };
        for found in findings.0.into_iter().filter(|found| found.severity == cvm_core::Severity::Error) {
            let inner = found.path.strip_prefix(prefix).unwrap_or(&found.path);
            let message = format!("{} ({})", found.message, found.code);
            let own = Finding::new(Code::Filter, format!("{}{inner}", placed.path), message).nodes(placed.node);
            out.push(match (found.suggestion, found.help) {
                (Some(suggestion), _) => own.help(format!("did you mean `{suggestion}`?")),
                (None, Some(help)) => own.help(help),
                (None, None) => own,
            });
        }
    }
}
