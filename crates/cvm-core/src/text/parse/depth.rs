//! How deep a filter is.

use crate::diagnostic::{Code, Diagnostic};
use crate::filter::{Filter, MAX_DEPTH, RankBy};

pub(super) fn too_deep() -> Diagnostic {
    Diagnostic::error(Code::DepthLimit, "", format!("nested deeper than {MAX_DEPTH} filters"))
}

/// Whether any filter lies more than `limit` levels below this one.
pub(super) fn exceeds(filter: &Filter, limit: usize) -> bool {
    let mut inner = inner(filter);
    match limit.checked_sub(1) {
        None => inner.next().is_some(),
        Some(limit) => inner.any(|filter| exceeds(filter, limit)),
    }
}

/// The filters one level below, those inside `where` included.
fn inner(filter: &Filter) -> Box<dyn Iterator<Item = &Filter> + '_> {
    match filter {
        Filter::And { children } | Filter::Or { children } | Filter::AtLeast { children, .. } => {
            Box::new(children.iter())
        }
        Filter::Not { child } => Box::new(std::iter::once(&**child)),
        Filter::Event(node) => Box::new(node.filter.as_deref().into_iter()),
        Filter::Sequence(node) => Box::new(node.steps.iter().flat_map(|step| {
            let without = step.without.as_ref().and_then(|absence| absence.filter.as_deref());
            step.filter.as_deref().into_iter().chain(without)
        })),
        Filter::Regularly(node) => Box::new(node.filter.as_deref().into_iter()),
        Filter::Stopped(node) => Box::new(node.filter.as_deref().into_iter()),
        Filter::Restarted(node) => Box::new(node.filter.as_deref().into_iter()),
        Filter::Related(node) => Box::new(node.filter.as_deref().into_iter()),
        Filter::Rank(node) => {
            let by = match &node.by {
                RankBy::Field { .. } => None,
                RankBy::Event { filter, .. } => filter.as_deref(),
            };
            Box::new(by.into_iter().chain(node.among.as_deref()))
        }
        Filter::Everyone
        | Filter::Nobody
        | Filter::Condition(_)
        | Filter::Segment(_)
        | Filter::List(_)
        | Filter::Bucket(_)
        | Filter::Geo(_) => Box::new(std::iter::empty()),
    }
}
