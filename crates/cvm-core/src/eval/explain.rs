//! Why a customer is in or out: every node with its verdict, every leaf with the value it saw.

use serde::Serialize;

use super::{History, evaluate_with, rows, value_of};
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostics;
use crate::filter::{Filter, Measure};
use crate::predicate::{Predicate, RowMeasure, bind};
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

/// The verdict of each node on a customer, parents before children. Rankings need everybody: `settle` puts something in
/// their place that can be asked of one customer.
///
/// # Errors
/// As [`bind`](fn@bind), and those of `settle`.
///
/// ```
/// use cvm_core::{Catalog, History, Timestamp, Value, trace};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
/// let as_of = Timestamp::from_micros(0).expect("1970");
/// let (row, history) = ([Value::Int(1), Value::Int(35)], History::default());
/// let verdicts = trace(&"age > 30 or age is not set".parse()?, &catalog, as_of, &row, &history, |p| Ok(p))?;
/// assert_eq!(verdicts.iter().map(|v| v.passed).collect::<Vec<_>>(), [true, true, false]);
/// assert_eq!(verdicts[1].value, Some(35.into()));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
pub fn trace(
    filter: &Filter,
    catalog: &Catalog,
    as_of: Timestamp,
    row: &[Value],
    history: &History,
    mut settle: impl FnMut(Predicate) -> Result<Predicate, Diagnostics>,
) -> Result<Vec<Verdict>, Diagnostics> {
    // The whole first: a filter with findings explains nothing.
    bind(filter, catalog, as_of)?;
    let mut verdicts = Vec::new();
    for (path, node) in filter.nodes() {
        let predicate = bind(node, catalog, as_of)?;
        let (field, value) = seen(&predicate, node, catalog, row, history).unzip();
        verdicts.push(Verdict {
            depth: path.matches("/child").count() + path.matches("/among").count(),
            text: heading(node),
            field,
            value,
            passed: evaluate_with(&settle(predicate)?, row, history),
            path,
        });
    }
    Ok(verdicts)
}

/// What a leaf looked at, and what it saw.
fn seen(
    predicate: &Predicate,
    node: &Filter,
    catalog: &Catalog,
    row: &[Value],
    history: &History,
) -> Option<(String, serde_json::Value)> {
    match (predicate, node) {
        (Predicate::Leaf(leaf), Filter::Condition(condition)) => {
            Some((condition.field.clone(), value_of(&leaf.field, row).to_json()))
        }
        (Predicate::Leaf(leaf), _) => Some((catalog.customers.key.clone(), value_of(&leaf.field, row).to_json())),
        (Predicate::Measured(measured), Filter::Event(event)) => {
            let value = rows::measure(&measured.rows, &measured.measure, &measured.ty, history);
            // Days since are asked of the last time.
            let name = match event.measure {
                Measure::DaysSince(_) => "last_time".to_owned(),
                ref measure => match measure.field() {
                    Some(field) => format!("{} of {field}", measure.as_str()),
                    None => measure.as_str().to_owned(),
                },
            };
            Some((name, value.to_json()))
        }
        (Predicate::Measured(measured), _) => {
            let value = rows::measure(&measured.rows, &measured.measure, &measured.ty, history);
            let name = match measured.measure {
                RowMeasure::Periods { .. } => "active periods",
                RowMeasure::Sum(_) => "sum",
                _ => "count",
            };
            Some((name.to_owned(), value.to_json()))
        }
        _ => None,
    }
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
