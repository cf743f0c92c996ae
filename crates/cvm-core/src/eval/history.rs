//! What a customer did and has, beside the fields.

use crate::predicate::RowSource;
use crate::value::Value;

/// A customer's events and related rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// For each stream of the catalog, in its order, the events. Streams that are not there have none.
    pub events: Vec<Vec<Occurrence>>,
    /// For each related table of the catalog, in its order, the rows: a value for each field.
    pub related: Vec<Vec<Vec<Value>>>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Occurrence {
    /// When: a timestamp or date; without it the event never counts.
    pub time: Value,
    /// A value for each field of the stream.
    pub properties: Vec<Value>,
}

impl History {
    /// The rows of a source, each with its time.
    pub(crate) fn rows(&self, source: RowSource) -> Vec<(&Value, &[Value])> {
        match source {
            RowSource::Events(stream) => {
                let events = self.events.get(stream).map(Vec::as_slice).unwrap_or_default();
                events.iter().map(|event| (&event.time, event.properties.as_slice())).collect()
            }
            RowSource::Related(table) => {
                let rows = self.related.get(table).map(Vec::as_slice).unwrap_or_default();
                rows.iter().map(|row| (&Value::Missing, row.as_slice())).collect()
            }
        }
    }
}
