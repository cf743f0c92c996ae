//! Why one customer is in or out.

use std::fmt;

use cvm_core::Verdict;
use serde::Serialize;

/// Why one customer is in or out: the verdict of every node of the filter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The customer's key.
    pub key: serde_json::Value,
    /// Whether the filter selects the customer.
    pub member: bool,
    /// The nodes, parents before children.
    pub nodes: Vec<Verdict>,
}

impl fmt::Display for Explanation {
    /// An indented tree, a line a node.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.member { "in" } else { "out" };
        writeln!(f, "customer {} is {verdict}", plain(&self.key))?;
        for node in &self.nodes {
            let mark = if node.passed { "✓" } else { "✗" };
            write!(f, "{:indent$}{mark} {}", "", node.text, indent = 2 + node.depth * 2)?;
            if let (Some(field), Some(value)) = (&node.field, &node.value) {
                match value {
                    serde_json::Value::Null => write!(f, "   ({field} is missing)")?,
                    value => write!(f, "   ({field} = {})", plain(value))?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
