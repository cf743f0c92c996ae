//! What is wrong with a journey, before anything starts.

mod amounts;
mod audience;
mod caps;
mod contacts;
mod cut;
mod events;
mod filters;
mod gaps;
mod ids;
mod jumps;
mod known;
mod length;
mod loops;
mod map;
mod names;
mod outcomes;
mod overlap;
mod places;
mod properties;
mod reach;
mod rules;
mod schedule;
mod skipped;
mod template;
mod tokens;
mod values;
mod waits;
mod ways;
mod web;

use crate::finding::{Finding, Findings};
use crate::model::Journey;
pub use known::Known;
use map::Map;

/// Everything that is wrong with a journey: what stops it first, then by place.
///
/// ```
/// use cvm_journey::{Code, check};
/// use cvm_journey::model::Journey;
/// let journey = Journey::from_json(r#"{"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}},
///     "nodes": [{"id": "in", "type": "entry"}, {"id": "pause", "type": "wait", "data":
///         {"until": "duration", "duration": {"amount": 1, "unit": "day"}}}, {"id": "out", "type": "end"}],
///     "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "pause"}]}"#)?;
/// let findings = check(&journey);
/// assert!(findings.has(Code::MissingOutcome) && findings.has(Code::Unreachable));
/// assert_eq!(findings.0[0].message, "nothing says where customers go from `pause` after `next`");
/// # Ok::<(), cvm_journey::Findings>(())
/// ```
#[must_use]
pub fn check(journey: &Journey) -> Findings {
    sorted(form(journey, &Map::new(journey)))
}

/// Everything that is wrong with a journey, beside what it may speak of: names, filters, ways that nobody goes, messages,
/// times, addresses.
///
/// ```
/// use cvm_core::Catalog;
/// use cvm_journey::{Code, Known, check_with};
/// use cvm_journey::model::Journey;
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
/// let journey = Journey::from_json(r#"{"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}},
///     "nodes": [{"id": "in", "type": "entry"}, {"id": "day", "type": "wait", "data": {"until": "date", "field": "brithday"}},
///         {"id": "out", "type": "end"}],
///     "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "day"},
///         {"id": "2", "source": "day", "sourceHandle": "next", "target": "out"}]}"#)?;
/// let findings = check_with(&journey, &Known::catalog(&catalog));
/// assert!(findings.has(Code::UnknownField));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn check_with(journey: &Journey, known: &Known<'_>) -> Findings {
    let map = Map::new(journey);
    let mut out = form(journey, &map);
    for rule in [names::check, filters::check, values::check] {
        rule(journey, known, &mut out);
    }
    let rules = [
        ways::check,
        overlap::check,
        gaps::check,
        events::check,
        waits::check,
        tokens::check,
        rules::check,
        audience::check,
        length::check,
        schedule::check,
        skipped::check,
    ];
    for rule in rules {
        rule(&map, known, &mut out);
    }
    contacts::check(&map, &mut out);
    caps::check(&map, &mut out);
    web::check(journey, &mut out);
    sorted(out)
}

/// What can be said of a journey alone.
fn form(journey: &Journey, map: &Map<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for rule in [ids::check, outcomes::check, amounts::check, waits::ends] {
        rule(journey, &mut out);
    }
    for rule in [reach::check, loops::check, jumps::check] {
        rule(map, &mut out);
    }
    out
}

fn sorted(mut findings: Vec<Finding>) -> Findings {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Findings(findings)
}
