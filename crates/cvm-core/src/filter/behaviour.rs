//! Nodes about what customers did.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Duration, Filter, Measure, Missing, Operand, Operator, Window};

/// Customers whose events of one kind satisfy a measure. "Did not do" is a count equal to 0.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The kind of event.
    pub event: String,
    /// When; all time up to `as_of` if absent. Events after `as_of` are never seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Which events count, by their properties.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Filter>>,
    /// What is measured.
    pub measure: Measure,
    /// How the measure is compared.
    pub op: Operator,
    /// What it is compared with; absent for `is_set` and `is_not_set`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Operand>,
    /// What is said of customers for whom the measure is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
}

/// Customers who did one thing after another.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// The events in order; at least two.
    #[schemars(length(min = 2))]
    pub steps: Vec<Step>,
    /// When all of it must have happened; all time if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

/// One event of a sequence.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The kind of event.
    pub event: String,
    /// Which events count.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Filter>>,
    /// At most this long after the step before; not on the first step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Duration>,
    /// What must not happen between the step before and this one; not on the first step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<Absence>,
}

/// Events that must not happen.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// The kind of event.
    pub event: String,
    /// Which events count.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Filter>>,
}

/// Customers active in at least `at_least` of the last `periods` whole calendar units before the current one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Regularly {
    /// The kind of event.
    pub event: String,
    /// Which events count.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Filter>>,
    /// In how many periods at least.
    pub at_least: u32,
    /// Of how many.
    pub periods: u32,
    /// The calendar unit that is one period.
    pub unit: super::Unit,
}

/// Customers who were active and are no longer: an event in the `active` span that ends where `inactive` begins, and
/// none in the `inactive` span that ends at `as_of`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    /// The kind of event.
    pub event: String,
    /// Which events count.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Filter>>,
    /// How long before the silence.
    pub active: Duration,
    /// How long the silence.
    pub inactive: Duration,
}

/// Customers who came back: an event in the last `within`, whose preceding event is at least `pause` earlier.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restarted {
    /// The kind of event.
    pub event: String,
    /// Which events count.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Filter>>,
    /// How long the pause was at least.
    pub pause: Duration,
    /// How recent the return is.
    pub within: Duration,
}
