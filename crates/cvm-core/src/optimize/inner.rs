//! Filters inside nodes: the `where` of events and related rows, who is ranked, and the filters of segments.

use super::pass::{self, Round};
use super::{OptimizeOptions, Rewrite};
use crate::catalog::{Catalog, Field};
use crate::filter::{Filter, MAX_DEPTH, Quantifier, RankBy};

/// The most nodes that a filter may have with its segments put in place.
const NODES: usize = 10_000;

/// The filter with the filters inside its nodes optimised in their own scope; `None` when nothing changed.
pub(super) fn optimized(
    filter: &Filter,
    catalog: &Catalog,
    options: &OptimizeOptions,
    trace: &mut Vec<Rewrite>,
) -> Option<Filter> {
    if !has_inner(filter, 0) {
        return None;
    }
    let mut changed = filter.clone();
    let mut inner = Inner { catalog, options, trace, changed: false };
    inner.visit(&mut changed);
    inner.changed.then_some(changed)
}

fn has_inner(filter: &Filter, depth: usize) -> bool {
    match filter {
        Filter::And { children } | Filter::Or { children } | Filter::AtLeast { children, .. } => {
            depth <= MAX_DEPTH && children.iter().any(|child| has_inner(child, depth + 1))
        }
        Filter::Not { child } => depth <= MAX_DEPTH && has_inner(child, depth + 1),
        Filter::Event(node) => node.filter.is_some(),
        Filter::Sequence(_)
        | Filter::Regularly(_)
        | Filter::Stopped(_)
        | Filter::Restarted(_)
        | Filter::Related(_)
        | Filter::Rank(_) => true,
        _ => false,
    }
}

struct Inner<'i> {
    catalog: &'i Catalog,
    options: &'i OptimizeOptions,
    trace: &'i mut Vec<Rewrite>,
    changed: bool,
}

impl Inner<'_> {
    fn visit(&mut self, filter: &mut Filter) {
        match filter {
            Filter::And { children } | Filter::Or { children } | Filter::AtLeast { children, .. } => {
                children.iter_mut().for_each(|child| self.visit(child));
            }
            Filter::Not { child } => self.visit(child),
            Filter::Event(node) => self.events(&node.event, &mut node.filter),
            Filter::Sequence(node) => {
                for step in &mut node.steps {
                    self.events(&step.event, &mut step.filter);
                    if let Some(absence) = &mut step.without {
                        self.events(&absence.event, &mut absence.filter);
                    }
                }
            }
            Filter::Regularly(node) => self.events(&node.event, &mut node.filter),
            Filter::Stopped(node) => self.events(&node.event, &mut node.filter),
            Filter::Restarted(node) => self.events(&node.event, &mut node.filter),
            Filter::Related(node) => {
                let fields = self.catalog.related_table(&node.table).map(|table| table.fields.as_slice());
                // `all` must say what every row satisfies, even when that is anything.
                let optional = node.quantifier != Quantifier::All;
                self.rows(&node.table, fields, &mut node.filter, optional);
            }
            Filter::Rank(node) => {
                if let RankBy::Event { event, filter, .. } = &mut node.by {
                    self.events(event, filter);
                }
                if let Some(among) = &mut node.among {
                    let before = self.trace.len();
                    let result = super::optimize_with(among, self.catalog, self.options);
                    if result.filter != **among {
                        self.changed = true;
                        self.trace.extend(result.trace);
                        self.say(before, "among those ranked");
                        **among = result.filter;
                    }
                    if **among == Filter::Everyone {
                        self.changed = true;
                        self.trace.push(Rewrite { rule: "constant", message: "everyone is ranked anyway".to_owned() });
                        node.among = None;
                    }
                }
            }
            _ => {}
        }
    }

    fn events(&mut self, event: &str, filter: &mut Option<Box<Filter>>) {
        let fields = self.catalog.event(event).map(|stream| stream.fields.as_slice());
        self.rows(event, fields, filter, true);
    }

    /// A `where` over rows with these fields.
    fn rows(&mut self, name: &str, fields: Option<&[Field]>, filter: &mut Option<Box<Filter>>, optional: bool) {
        let (Some(fields), Some(inner)) = (fields, filter.as_mut()) else { return };
        let before = self.trace.len();
        for _ in 0..super::ROUNDS {
            match pass::round(inner, self.catalog, Some(fields), self.options, self.trace) {
                Some(Round { filter, settled }) => {
                    self.changed = true;
                    **inner = filter;
                    if settled {
                        break;
                    }
                }
                None => break,
            }
        }
        self.say(before, name);
        if optional && **inner == Filter::Everyone {
            self.changed = true;
            self.trace.push(Rewrite { rule: "constant", message: format!("every row of `{name}` counts anyway") });
            *filter = None;
        }
    }

    /// Says of new rewrites where they were.
    fn say(&mut self, from: usize, place: &str) {
        for rewrite in self.trace.iter_mut().skip(from) {
            rewrite.message = format!("in `{place}`: {}", rewrite.message);
        }
    }
}

/// The filter with those of segments in the place of references; `None` when there are none, or it would be too large.
pub(super) fn inline(filter: &Filter, catalog: &Catalog, trace: &mut Vec<Rewrite>) -> Option<Filter> {
    let mut inlined = filter.clone();
    let mut names = Vec::new();
    let mut nodes = 0;
    put(&mut inlined, catalog, 0, &mut nodes, &mut names)?;
    if names.is_empty() {
        return None;
    }
    names.sort_unstable();
    names.dedup();
    for name in names {
        trace
            .push(Rewrite { rule: "segment", message: format!("put the filter of the segment `{name}` in its place") });
    }
    Some(inlined)
}

fn put(filter: &mut Filter, catalog: &Catalog, depth: usize, nodes: &mut usize, names: &mut Vec<String>) -> Option<()> {
    *nodes += 1;
    if depth > MAX_DEPTH || *nodes > NODES {
        return None;
    }
    match filter {
        Filter::And { children } | Filter::Or { children } | Filter::AtLeast { children, .. } => {
            children.iter_mut().try_for_each(|child| put(child, catalog, depth + 1, nodes, names))
        }
        Filter::Not { child } => put(child, catalog, depth + 1, nodes, names),
        Filter::Segment(reference) => {
            let segment = catalog.segment(&reference.segment)?;
            names.push(reference.segment.clone());
            *filter = segment.filter.clone();
            put(filter, catalog, depth + 1, nodes, names)
        }
        Filter::Rank(node) => match &mut node.among {
            Some(among) => put(among, catalog, depth + 1, nodes, names),
            None => Some(()),
        },
        _ => Some(()),
    }
}
