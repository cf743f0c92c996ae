//! Pictures of journeys: boxes and the ways between them, with how many customers went where.

mod direction;
mod edge;
mod icon;
mod node;
mod place;
mod route;
mod summary;
mod svg;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use svg::svg;

/// How many customers were at a node.
///
/// ```
/// use cvm_journey::picture::Flow;
/// let flow: Flow = serde_json::from_str(r#"{"entered": 10, "waiting": 3, "left": {"yes": 5, "no": 2}}"#)?;
/// assert_eq!(flow.out(), 7);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Flow {
    /// How many came.
    pub entered: u64,
    /// How many are there.
    pub waiting: u64,
    /// How many went, by the outcome that they took.
    pub left: BTreeMap<String, u64>,
}

impl Flow {
    /// How many went, by whichever outcome.
    #[must_use]
    pub fn out(&self) -> u64 {
        self.left.values().fold(0, |sum, number| sum.saturating_add(*number))
    }
}
