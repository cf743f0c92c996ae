//! What is wrong with a journey, before anything starts.

mod amounts;
mod ids;
mod loops;
mod map;
mod outcomes;
mod reach;

use crate::finding::{Finding, Findings};
use crate::model::Journey;
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
    let map = Map::new(journey);
    let mut out = Vec::new();
    for rule in [ids::check, outcomes::check, amounts::check] {
        rule(journey, &mut out);
    }
    for rule in [reach::check, loops::check] {
        rule(&map, &mut out);
    }
    out.sort_by_key(|finding: &Finding| std::cmp::Reverse(finding.severity));
    Findings(out)
}
