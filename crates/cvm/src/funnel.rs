//! What each condition of a filter takes.

use serde::Serialize;

/// One step of a funnel: a child of an outermost `and`, or the whole of any other filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// JSON pointer to the node.
    pub path: String,
    /// The node in text form.
    pub text: String,
    /// How many customers pass it.
    pub alone: u64,
    /// How many customers pass it and all steps before it.
    pub together: u64,
}
