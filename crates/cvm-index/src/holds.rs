//! Questions about some customers, and about what they did.

use cvm_core::predicate::RowSource;
use cvm_core::{Diagnostics, Filter, History, Occurrence, Predicate, Timestamp, Value, bind, evaluate_with};

use crate::behaviour;
use crate::column::Column;
use crate::index::Index;

/// Fewer than one in so many customers are asked one by one.
const FEW: usize = 256;

/// Something that a customer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurred {
    /// When, in microseconds since 1970 (UTC); for events by day, when the day began in UTC.
    pub at: i64,
    /// The customer's row.
    pub row: u32,
    /// The event's place in its stream ([`Index::occurrence`]).
    pub place: u32,
}

impl Index {
    /// Which of some customers, by their rows, a filter selects at an instant: none where there is no such row. Few are asked
    /// one by one, many by the answer for all.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{Int64Array, RecordBatch};
    /// # use cvm_core::{Catalog, Timestamp};
    /// # use cvm_index::IndexBuilder;
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// # let numbers = |numbers: Vec<i64>| Arc::new(Int64Array::from(numbers)) as _;
    /// # let rows = [("id", numbers(vec![1, 2, 3])), ("age", numbers(vec![17, 40, 64]))];
    /// # let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![RecordBatch::try_from_iter(rows)?]).build()?;
    /// # let as_of = Timestamp::from_micros(0).expect("1970");
    /// assert_eq!(index.holds(&"age >= 18".parse()?, as_of, &[2, 0])?, [true, false]);
    /// assert_eq!(index.holds(&"not (age >= 18)".parse()?, as_of, &[0, 7])?, [true, false]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn holds(&self, filter: &Filter, as_of: Timestamp, rows: &[u32]) -> Result<Vec<bool>, Diagnostics> {
        let predicate = bind(filter, self.catalog(), as_of)?;
        let sources = predicate.sources();
        sources.iter().try_for_each(|source| self.stream(*source).map(|_| ()))?;
        if rows.len() >= self.len() / FEW || !predicate.rankings().is_empty() {
            let members = self.bits(filter, as_of)?;
            return Ok(rows.iter().map(|row| members.holds(*row as usize)).collect());
        }
        let one = |row: &u32| {
            let row = *row as usize;
            row < self.len()
                && evaluate_with(&predicate, &self.customers.row(row), &behaviour::history(self, &sources, row))
        };
        Ok(rows.iter().map(one).collect())
    }

    /// The value of a field, by its place in the catalog, of a customer; missing where there is no such row.
    #[must_use]
    pub fn value(&self, field: usize, row: u32) -> Value {
        let column = self.customers.columns.get(field).filter(|_| (row as usize) < self.len());
        column.map(|column: &Column| column.value(row as usize)).unwrap_or_default()
    }

    /// The fields of a customer, in the order of the catalog.
    #[must_use]
    pub fn fields(&self, row: u32) -> Vec<Value> {
        if (row as usize) < self.len() { self.customers.row(row as usize) } else { Vec::new() }
    }

    /// What a customer did, and the customer's related rows, as far as a predicate asks for them; nothing where there is no
    /// such row.
    ///
    /// # Errors
    /// Rows that were not given.
    pub fn history(&self, predicate: &Predicate, row: u32) -> Result<History, Diagnostics> {
        let sources = predicate.sources();
        sources.iter().try_for_each(|source| self.stream(*source).map(|_| ()))?;
        Ok(behaviour::history(self, &sources, row as usize))
    }

    /// What customers did after an instant and up to another one, in the order of time, then of customers; `event` is the
    /// place of the stream in the catalog.
    ///
    /// # Errors
    /// Rows that were not given.
    pub fn occurred(&self, event: usize, after: Timestamp, until: Timestamp) -> Result<Vec<Occurred>, Diagnostics> {
        let stream = self.stream(RowSource::Events(event))?;
        let mut found = Vec::new();
        let Some(times) = &stream.times else { return Ok(found) };
        for (row, pair) in (0_u32..).zip(stream.starts.windows(2)) {
            let [from, to] = pair else { continue };
            for place in *from..*to {
                let at = match times.value(place as usize) {
                    Value::Timestamp(at) => at.micros(),
                    Value::Date(day) => i64::from(day.days()) * 86_400_000_000,
                    _ => continue,
                };
                if after.micros() < at && at <= until.micros() {
                    found.push(Occurred { at, row, place });
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// An event by its place in a stream: when it was, and its properties.
    ///
    /// # Errors
    /// Rows that were not given.
    pub fn occurrence(&self, event: usize, place: u32) -> Result<Occurrence, Diagnostics> {
        let stream = self.stream(RowSource::Events(event))?;
        let place = place as usize;
        if place >= stream.table.len {
            return Ok(Occurrence { time: Value::Missing, properties: Vec::new() });
        }
        let time = stream.times.as_ref().map(|times| times.value(place)).unwrap_or_default();
        Ok(Occurrence { time, properties: stream.table.row(place) })
    }
}
