//! The properties of events that are known of all who come to a node.
//!
//! An event's properties are known once it has happened on every way: a must-analysis like that of `ways`, in which what
//! happened lies on the edges. They stay known when another event happens.

use std::collections::{BTreeMap, BTreeSet};

use cvm_core::Catalog;

use super::map::Map;
use super::places::{MOST, Place, Places};
use crate::model::{NodeKind, Trigger, Wait};

/// The properties of events that are known; `None` after an event that the catalog does not have, which is told of elsewhere.
pub(super) type Properties<'k> = Option<BTreeSet<&'k str>>;

/// The properties that are known of all who come to a node, for the nodes that are reached: at each place of customers, and
/// where there are too many of them, as if jumps led back once.
pub(super) fn properties<'k>(map: &Map<'_>, catalog: &'k Catalog) -> BTreeMap<usize, Properties<'k>> {
    let at_places = [u32::MAX, 1].into_iter().find_map(|most| at_places(map, catalog, most));
    let mut at_nodes: BTreeMap<usize, Properties<'k>> = BTreeMap::new();
    for ((index, _), own) in at_places.into_iter().flatten() {
        let now = at_nodes.get(&index.index()).map_or_else(|| own.clone(), |before| common(before, &own));
        at_nodes.insert(index.index(), now);
    }
    at_nodes
}

fn at_places<'k>(map: &Map<'_>, catalog: &'k Catalog, most: u32) -> Option<BTreeMap<Place, Properties<'k>>> {
    let of = |name: &str| -> Properties<'k> {
        let event = catalog.events.iter().find(|event| event.name == name)?;
        Some(event.fields.iter().map(|field| field.name.as_str()).collect())
    };
    let places = Places::new(map);
    let start = places.start(most)?;
    let first = match &map.journey.entry.trigger {
        Trigger::Event { event, .. } => of(event),
        _ => Some(BTreeSet::new()),
    };
    let mut known = BTreeMap::from([(start.clone(), first)]);
    let mut next = vec![start];
    while let Some(place) = next.pop() {
        let (Some(node), Some(own)) = (map.node(place.0), known.get(&place).cloned()) else { continue };
        for (handle, there) in places.next(&place) {
            let after = match happened(&node.kind, handle) {
                None => own.clone(),
                Some(event) => both(&own, &of(event)),
            };
            let now = match known.get(&there) {
                Some(before) => common(before, &after),
                None => after,
            };
            // Properties only become fewer, so this ends.
            if known.get(&there) != Some(&now) {
                known.insert(there.clone(), now);
                next.push(there);
            }
        }
        if known.len() > MOST {
            return None;
        }
    }
    Some(known)
}

/// The event that has happened to who leaves a node by an outcome.
fn happened<'n>(kind: &'n NodeKind, handle: &str) -> Option<&'n str> {
    match kind {
        NodeKind::Wait(Wait::Event { event, .. }) if handle == "happened" => Some(event),
        NodeKind::EventBranch(branch) => {
            branch.cases.iter().find(|case| case.name == handle).map(|case| case.event.as_str())
        }
        _ => None,
    }
}

fn both<'k>(a: &Properties<'k>, b: &Properties<'k>) -> Properties<'k> {
    Some(a.as_ref()?.union(b.as_ref()?).copied().collect())
}

fn common<'k>(a: &Properties<'k>, b: &Properties<'k>) -> Properties<'k> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.intersection(b).copied().collect()),
        (None, other) | (other, None) => other.clone(),
    }
}
