//! Why a customer is in or out: every node with its verdict, every leaf with the value it saw.

use serde::Serialize;

use super::{evaluate, value_of};
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostics;
use crate::filter::Filter;
use crate::predicate::{Leaf, Predicate, bind};
use crate::value::{Timestamp, Value};

/// The verdict of one node on one customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// JSON pointer to the node.
    pub path: String,
    /// How deep the node lies; the filter itself is at 0.
    pub depth: usize,
    /// The node in text form; for groups only the word.
    pub text: String,
    /// The field that a leaf looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value that it saw, as JSON; null when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
    /// Whether the customer is in.
    pub passed: bool,
}

/// The verdict of each node on a customer, parents before children.
///
/// # Errors
/// As [`bind`](fn@bind).
///
/// ```
/// use cvm_core::{Catalog, Timestamp, Value, trace};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
/// let as_of = Timestamp::from_micros(0).expect("1970");
/// let verdicts = trace(&"age > 30 or age is not set".parse()?, &catalog, as_of, &[Value::Int(1), Value::Int(35)])?;
/// assert_eq!(verdicts.iter().map(|v| v.passed).collect::<Vec<_>>(), [true, true, false]);
/// assert_eq!(verdicts[1].value, Some(35.into()));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
pub fn trace(filter: &Filter, catalog: &Catalog, as_of: Timestamp, row: &[Value]) -> Result<Vec<Verdict>, Diagnostics> {
    // The whole first: a filter with findings explains nothing.
    bind(filter, catalog, as_of)?;
    let mut verdicts = Vec::new();
    for (path, node) in filter.nodes() {
        let predicate = bind(node, catalog, as_of)?;
        let seen = match (&predicate, node) {
            (Predicate::Leaf(leaf), Filter::Condition(condition)) => Some((condition.field.clone(), value(leaf, row))),
            (Predicate::Leaf(leaf), _) => Some((catalog.customers.key.clone(), value(leaf, row))),
            _ => None,
        };
        let (field, value) = seen.unzip();
        verdicts.push(Verdict {
            depth: path.matches("/child").count(),
            text: heading(node),
            field,
            value,
            passed: evaluate(&predicate, row),
            path,
        });
    }
    Ok(verdicts)
}

fn value(leaf: &Leaf, row: &[Value]) -> serde_json::Value {
    value_of(&leaf.field, row).to_json()
}

fn heading(node: &Filter) -> String {
    match node {
        Filter::And { .. } => "all of".to_owned(),
        Filter::Or { .. } => "any of".to_owned(),
        Filter::Not { .. } => "not".to_owned(),
        Filter::AtLeast { n, .. } => format!("at least {n} of"),
        leaf => leaf.to_string(),
    }
}
