//! Filters on the properties of an event, and cases of events that never come to their turn.

use cvm_core::catalog::Table;
use cvm_core::{Catalog, Filter, optimize};

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::NodeKind;

/// A catalog in which the rows of an event are the customers, so that what is known of filters is known of filters on its
/// properties.
pub(super) fn catalog(all: &Catalog, event: &str) -> Option<Catalog> {
    let event = all.events.iter().find(|known| known.name == event)?;
    let customers = Table { fields: event.fields.clone(), ..all.customers.clone() };
    Some(Catalog { customers, events: Vec::new(), related: Vec::new(), ..all.clone() })
}

/// A case of an event whose every occurrence cases before it take.
pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    for (i, node) in map.journey.nodes.iter().enumerate() {
        let NodeKind::EventBranch(branch) = &node.kind else { continue };
        for (number, case) in branch.cases.iter().enumerate() {
            let Some(catalog) = catalog(known.catalog, &case.event) else { continue };
            let all = |filter: &Option<Filter>| filter.clone().unwrap_or(Filter::Everyone);
            let before = branch.cases.iter().take(number).filter(|other| other.event == case.event);
            let before = before.map(|other| Filter::Not { child: Box::new(all(&other.filter)) });
            let left = Filter::all_of(before.chain([all(&case.filter)]));
            if cvm_core::check(&left, &catalog).is_ok() && optimize(&left, &catalog).filter == Filter::Nobody {
                let message = format!("nobody goes on from `{}` by `{}`", node.id, case.name);
                let path = format!("/nodes/{i}/data/cases/{number}");
                let found = Finding::new(Code::Never, path, message).nodes([node.id.as_str()]);
                let help = format!(
                    "what is asked before takes every `{}` that it would, or its filter takes none",
                    case.event
                );
                out.push(found.help(help));
            }
        }
    }
}
