//! Many rows as one value: a customer's events, or the rows of a related table.

use super::{FieldRef, Leaf, Moment, Predicate, Range, Test};
use crate::catalog::FieldType;
use crate::value::{Decimal, Value};

/// Which rows of a customer count.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Where they are.
    pub source: RowSource,
    /// When: a range over the time column, of its type. Never beyond `as_of`. Both ends open for related tables.
    pub time: Range,
    /// Which of them; the fields are those of the stream or table.
    pub filter: Option<Predicate>,
}

/// Where rows are, by index in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowSource {
    /// A stream of events.
    Events(usize),
    /// A related table.
    Related(usize),
}

/// What is made of the rows.
#[derive(Debug, Clone, PartialEq)]
pub enum RowMeasure {
    /// How many.
    Count,
    /// How many different values, missing ones not counted.
    Distinct(FieldRef),
    /// The sum, 0 over nothing.
    Sum(FieldRef),
    /// The mean: the sum as a float, divided by the number of values.
    Avg(FieldRef),
    /// The least value.
    Min(FieldRef),
    /// The greatest value.
    Max(FieldRef),
    /// When the first one was.
    FirstTime,
    /// When the last one was.
    LastTime,
    /// The value at the earliest time; of several at that time the least that is there.
    FirstValue(FieldRef),
    /// The value at the latest time; of several at that time the greatest that is there.
    LastValue(FieldRef),
    /// In how many of the periods between neighbouring bounds there is one: `[b₀, b₁)`, `[b₁, b₂)`, …
    Periods {
        /// The bounds as values of the time's type.
        bounds: Vec<Value>,
        /// How each follows from the instant of evaluation.
        moments: Vec<Moment>,
    },
}

/// A value made of a customer's rows, tested as a field's value is.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The place of the filter's node it comes from: its number in [`Filter::nodes`](crate::Filter::nodes).
    pub node: usize,
    /// The rows.
    pub rows: Rows,
    /// What is made of them.
    pub measure: RowMeasure,
    /// The type of what is made.
    pub ty: FieldType,
    /// The test of a value that is there.
    pub test: Test,
    /// Whether the verdict on a value that is there is turned round.
    pub negated: bool,
    /// The verdict where the value is missing.
    pub on_missing: bool,
}

impl Measured {
    /// The value that comes of no rows.
    #[must_use]
    pub fn of_nothing(&self) -> Value {
        match self.measure {
            RowMeasure::Count | RowMeasure::Distinct(_) | RowMeasure::Periods { .. } => Value::Int(0),
            RowMeasure::Sum(_) if self.ty == FieldType::Float => Value::Float(0.0),
            RowMeasure::Sum(_) => Value::Decimal(Decimal::from(0)),
            _ => Value::Missing,
        }
    }

    /// The verdict on a value.
    #[must_use]
    pub fn verdict(&self, value: &Value) -> bool {
        if value.is_missing() { self.on_missing } else { self.test.passes(value) != self.negated }
    }

    /// The verdict on customers without such rows.
    #[must_use]
    pub fn on_nothing(&self) -> bool {
        self.verdict(&self.of_nothing())
    }

    /// The same verdict as a leaf, of whatever field.
    #[must_use]
    pub fn as_leaf(&self) -> Leaf {
        Leaf {
            node: self.node,
            field: FieldRef { index: 0, path: Vec::new() },
            test: self.test.clone(),
            negated: self.negated,
            on_missing: self.on_missing,
        }
    }
}
