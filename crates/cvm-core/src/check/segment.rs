//! References to segments: found, free of cycles, put in place.

use super::scope::Scope;
use super::{Checker, Limits, check_at};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, RankBy, SegmentRef};
use crate::predicate::{Predicate, SegmentTest};

impl Checker<'_> {
    pub(super) fn segment(
        &mut self,
        reference: &SegmentRef,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Predicate> {
        let at = path.key("segment");
        let name = reference.segment.as_str();
        let catalog = self.catalog;
        let Some(segment) = catalog.segment(name) else {
            let names = catalog.segments.iter().map(|segment| segment.name.as_str());
            out.push(
                Diagnostic::error(Code::UnknownSegment, at.pointer(), format!("no segment `{name}`"))
                    .suggest_from(name, names),
            );
            return None;
        };
        if !self.resolving {
            return Some(Predicate::Constant(false));
        }
        if self.segments.contains(&name) {
            out.push(cycle(&self.segments, name, at.pointer()));
            return None;
        }
        self.segments.push(&segment.name);
        // Findings inside the segment are reported at the reference: that is the node the reader has.
        let mut inner = Diagnostics::default();
        let predicate = self.node(&segment.filter, &Scope::customers(catalog), &Path::ROOT, depth + 1, &mut inner);
        self.segments.pop();
        for mut finding in inner.0 {
            if finding.code != Code::SegmentCycle {
                finding.message = format!("in the segment `{name}` at `{}`: {}", finding.path, finding.message);
            }
            finding.path = at.pointer();
            out.push(finding);
        }
        let index = catalog.segments.iter().position(|known| known.name == segment.name)?;
        Some(Predicate::Segment(Box::new(SegmentTest { index, negated: false, filter: predicate? })))
    }
}

fn cycle(stack: &[&str], name: &str, pointer: String) -> Diagnostic {
    let from = stack.iter().position(|s| *s == name).unwrap_or(0);
    let mut way: Vec<&str> = stack.iter().skip(from).copied().collect();
    way.push(name);
    Diagnostic::error(
        Code::SegmentCycle,
        pointer,
        format!("the segment `{name}` refers to itself: {}", way.join(" → ")),
    )
}

/// Checks every segment of a catalog, and that none refers to itself.
pub(crate) fn segments(catalog: &Catalog, out: &mut Diagnostics) {
    let root = Path::ROOT;
    let list = root.key("segments");
    for (i, segment) in catalog.segments.iter().enumerate() {
        let item = list.index(i);
        let path = item.key("filter");
        check_at(&segment.filter, catalog, &Limits::default(), &path, out);
        let mut way = vec![segment.name.as_str()];
        let mut done = Vec::new();
        if let Some(stack) = find_cycle(catalog, &segment.filter, &mut way, &mut done) {
            // A cycle is reported at each of its members, and not at those that only lead to it.
            if stack.last() == Some(&segment.name.as_str()) {
                let (name, way) = stack.split_last().unwrap_or((&"", &[]));
                out.push(cycle(way, name, path.pointer()));
            }
        }
    }
}

/// The way from the first segment of `way` to a segment that is on the way already.
fn find_cycle<'c>(
    catalog: &'c Catalog,
    filter: &'c Filter,
    way: &mut Vec<&'c str>,
    done: &mut Vec<&'c str>,
) -> Option<Vec<&'c str>> {
    let mut names = Vec::new();
    references(filter, &mut names);
    for name in names {
        if way.contains(&name) {
            let mut cycle = way.clone();
            cycle.push(name);
            return Some(cycle);
        }
        if done.contains(&name) {
            continue;
        }
        if let Some(segment) = catalog.segment(name) {
            way.push(&segment.name);
            let found = find_cycle(catalog, &segment.filter, way, done);
            way.pop();
            if found.is_some() {
                return found;
            }
            done.push(&segment.name);
        }
    }
    None
}

/// The segments that a filter names.
fn references<'f>(filter: &'f Filter, names: &mut Vec<&'f str>) {
    match filter {
        Filter::Segment(reference) => names.push(&reference.segment),
        Filter::Rank(rank) => {
            if let Some(among) = &rank.among {
                references(among, names);
            }
            if let RankBy::Event { filter: Some(inner), .. } = &rank.by {
                references(inner, names);
            }
        }
        other => {
            for (_, child) in other.children() {
                references(child, names);
            }
        }
    }
}
