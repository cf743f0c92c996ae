//! One round over a filter: read, simplify, print.

use super::context::Context;
use super::subject::{Kind, Node, Origin};
use super::world::World;
use super::{OptimizeOptions, Rewrite, inner};
use crate::catalog::{Catalog, Field};
use crate::filter::Filter;

/// What a round came to.
pub(super) struct Round {
    pub(super) filter: Filter,
    /// Whether another round would find nothing more.
    pub(super) settled: bool,
}

/// The filter after one round; `None` when nothing is left to do, or it has findings.
pub(super) fn round(
    filter: &Filter,
    catalog: &Catalog,
    rows: Option<&[Field]>,
    options: &OptimizeOptions,
    trace: &mut Vec<Rewrite>,
) -> Option<Round> {
    if rows.is_none()
        && let Some(changed) = inner::optimized(filter, catalog, options, trace)
    {
        return Some(Round { filter: changed, settled: false });
    }
    let mut world = World::new(catalog, rows, options);
    let node = world.node(filter, false, 0)?;
    let mut context = Context::new(&world);
    let node = world.simplify(node, &mut context);
    if !world.dirty {
        return None;
    }
    let out = world.write(&node);
    let ((leaves, nodes), (most_leaves, most_nodes)) = (out.size(), filter.size());
    if leaves > most_leaves || nodes > most_nodes || out == *filter {
        return None;
    }
    if world.opened > turned_groups(&out) {
        world.note("negation", || "moved `not` from groups to what is in them".to_owned());
    }
    if world.trace.is_empty() {
        world.note("rewrite", || format!("wrote {filter} as {out}"));
    }
    trace.append(&mut world.trace);
    let settled = !reads_otherwise(&world, &node);
    Some(Round { filter: out, settled })
}

/// Whether something was written that will be read as another subject than it was. Days and months before now are
/// counted apart, and only `now` is said in the same way by both; `is set` speaks of the value, whatever it came of.
fn reads_otherwise(world: &World<'_>, node: &Node<'_>) -> bool {
    match node {
        Node::Const(_) => false,
        Node::Lit(lit) => match (&lit.origin, world.subject(lit.subject).map(|s| &s.kind)) {
            (Origin::Is(_), _) | (_, None | Some(Kind::Value(_))) => false,
            (Origin::None, Some(Kind::Relative { .. })) => true,
            _ => lit.set.is_full() || lit.set.is_empty(),
        },
        Node::Group { children, .. } | Node::AtLeast { children, .. } => {
            children.iter().any(|child| reads_otherwise(world, child))
        }
    }
}

/// How many groups stand behind a `not`.
fn turned_groups(filter: &Filter) -> usize {
    match filter {
        Filter::Not { child } if !child.is_leaf() => 1 + turned_groups(child),
        Filter::Not { child } => turned_groups(child),
        Filter::And { children } | Filter::Or { children } | Filter::AtLeast { children, .. } => {
            children.iter().map(turned_groups).sum()
        }
        _ => 0,
    }
}
