//! Writing filters for other tools. A filter is resolved first: names, types, whole days and segments are settled by
//! the one reading that filters have, and what is left to write are a few tests of one value each.

use serde_json::Value as Json;

use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::filter::{Filter, Operand, Window};
use crate::predicate::{Leaf, Predicate, bind};
use crate::value::Timestamp;

/// A language that filters are written in.
pub(super) trait Target {
    /// Everybody or nobody.
    fn constant(&self, everyone: bool) -> Json;
    /// All of, or any of.
    fn group(&self, all: bool, children: Vec<Json>) -> Json;
    /// One test; the finding's place is filled in by the caller.
    fn leaf(&self, leaf: &Leaf) -> Result<Json, Box<Diagnostic>>;
}

/// How many alternatives `at_least` may be written as.
const MAX_ALTERNATIVES: usize = 100;

/// Writes a filter, or says all that can't be written.
pub(super) fn write(filter: &Filter, catalog: &Catalog, target: &impl Target) -> Result<Json, Diagnostics> {
    // Nothing that is written depends on the instant: what does is refused.
    let instant = Timestamp::from_jiff(jiff::Timestamp::UNIX_EPOCH);
    let predicate = bind(filter, catalog, instant)?.normalized();
    let mut out = Diagnostics::default();
    let pointers: Vec<String> = filter.nodes().into_iter().map(|(pointer, _)| pointer).collect();
    absolute(filter, None, catalog, &mut Vec::new(), &mut out);
    match node(&predicate, target, &pointers, &mut out) {
        Some(json) if !out.has_errors() => Ok(json),
        _ => Err(out),
    }
}

fn node(predicate: &Predicate, target: &impl Target, pointers: &[String], out: &mut Diagnostics) -> Option<Json> {
    match predicate {
        Predicate::Constant(everyone) => Some(target.constant(*everyone)),
        Predicate::All(children) => {
            members(children, target, pointers, out).map(|children| target.group(true, children))
        }
        Predicate::Any(children) => {
            members(children, target, pointers, out).map(|children| target.group(false, children))
        }
        Predicate::AtLeast(n, children) => {
            let children = members(children, target, pointers, out)?;
            let Some(choices) = choices(*n, &children) else {
                let message = format!("at least {n} of {} can't be said in reasonable length", children.len());
                out.push(Diagnostic::error(Code::NotSupported, "", message));
                return None;
            };
            Some(target.group(false, choices.into_iter().map(|choice| target.group(true, choice)).collect()))
        }
        Predicate::Leaf(leaf) => match target.leaf(leaf) {
            Ok(json) => Some(json),
            Err(mut finding) => {
                finding.path = pointers.get(leaf.node).cloned().unwrap_or_default();
                out.push(*finding);
                None
            }
        },
        Predicate::Measured(measured) => far(measured.node, pointers, out),
        Predicate::Fact(fact) => far(fact.node, pointers, out),
        // The opposite, where that is asked, was made already.
        Predicate::Segment(segment) => node(&segment.filter, target, pointers, out),
        Predicate::Not(_) => far(0, pointers, out),
    }
}

/// What looks at more than the fields of a customer.
fn far(node: usize, pointers: &[String], out: &mut Diagnostics) -> Option<Json> {
    let pointer = pointers.get(node).cloned().unwrap_or_default();
    let message = "only what asks about the fields of a customer can be written";
    out.push(Diagnostic::error(Code::NotSupported, pointer, message));
    None
}

fn members(
    children: &[Predicate],
    target: &impl Target,
    pointers: &[String],
    out: &mut Diagnostics,
) -> Option<Vec<Json>> {
    let written: Vec<Json> = children.iter().filter_map(|child| node(child, target, pointers, out)).collect();
    (written.len() == children.len()).then_some(written)
}

/// Every choice of `n` children, unless they are too many.
fn choices(n: usize, children: &[Json]) -> Option<Vec<Vec<Json>>> {
    let mut choices: Vec<Vec<Json>> = vec![Vec::new()];
    let mut all = Vec::new();
    for (i, child) in children.iter().enumerate() {
        let left = children.len() - i - 1;
        let mut next = Vec::new();
        for choice in choices {
            if choice.len() + left >= n {
                next.push(choice.clone());
            }
            let mut with = choice;
            with.push(child.clone());
            if with.len() == n { all.push(with) } else { next.push(with) }
        }
        choices = next;
        if choices.len() + all.len() > MAX_ALTERNATIVES {
            return None;
        }
    }
    Some(all)
}

/// A finding without a place yet.
pub(super) fn refused(message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::NotSupported, "", message))
}

/// Refuses times that move: written out they would stand still. Findings in a segment stand at its name.
fn absolute<'c>(
    filter: &Filter,
    at: Option<&str>,
    catalog: &'c Catalog,
    seen: &mut Vec<&'c str>,
    out: &mut Diagnostics,
) {
    for (pointer, node) in filter.nodes() {
        let pointer = at.unwrap_or(&pointer);
        match node {
            Filter::Condition(condition) => {
                let moves = match &condition.value {
                    Some(Operand::Window(window)) => !matches!(window, Window::Between { .. } | Window::Since { .. }),
                    Some(
                        Operand::Now { .. } | Operand::Ago { .. } | Operand::Ahead { .. } | Operand::StartOf { .. },
                    ) => true,
                    _ => false,
                };
                if moves {
                    let message = format!("`{}` is compared with a time that moves", condition.field);
                    let finding = Diagnostic::error(Code::NotSupported, pointer, message);
                    out.push(finding.help("write the date or the instant itself"));
                }
            }
            Filter::Segment(segment) => {
                if let Some(segment) = catalog.segment(&segment.segment)
                    && !seen.contains(&segment.name.as_str())
                {
                    seen.push(&segment.name);
                    absolute(&segment.filter, Some(pointer), catalog, seen, out);
                }
            }
            _ => {}
        }
    }
}
