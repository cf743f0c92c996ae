//! What can happen, and what comes of it.

use std::sync::Arc;

use cvm_core::{Timestamp, Value};

/// Something that happened to a customer.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The customer did something.
    Event {
        /// Who. An event of nobody is left out, as [`IndexBuilder`](crate::IndexBuilder) does, and counted:
        /// [`Live::left_out`](super::Live::left_out).
        key: Value,
        /// What.
        event: EventName,
        /// When: a timestamp or date, as the stream has it. It may have been long ago, or be still to come: an event is
        /// seen from its time on.
        time: Value,
        /// The values that go with it.
        properties: Properties,
    },
    /// Fields of the customer have other values; those that are not named stay. A customer who was not there comes
    /// into being, without a value where none is given.
    Profile {
        /// Who.
        key: Value,
        /// Fields by name, each with its value; [`Value::Missing`] takes the value away.
        fields: Vec<(String, Value)>,
    },
    /// The customer's rows of a related table are these, in place of all that were there. Rows of nobody are left out
    /// and counted.
    Related {
        /// Who.
        key: Value,
        /// The related table, by its name in the catalog.
        table: String,
        /// A value for each field of the table, in its order; those that a row lacks are missing.
        rows: Vec<Vec<Value>>,
    },
    /// The customer and everything of the customer goes. Who comes later with the same key is somebody else.
    Erase {
        /// Who; nothing happens where there is nobody.
        key: Value,
    },
}

/// A stream of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventName {
    /// By its name.
    Name(Arc<str>),
    /// By its place among the streams of the catalog.
    Number(usize),
}

impl From<&str> for EventName {
    fn from(name: &str) -> Self {
        Self::Name(name.into())
    }
}

impl From<usize> for EventName {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

/// The values of an event's fields; those that are not given are missing.
#[derive(Debug, Clone, PartialEq)]
pub enum Properties {
    /// In the order of the catalog.
    Ordered(Vec<Value>),
    /// By name.
    Named(Vec<(String, Value)>),
}

/// A customer came into a segment, or went.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The segment, by the name under which it was registered.
    pub segment: Arc<str>,
    /// The customer's key.
    pub key: Value,
    /// The very microsecond from which the new verdict holds; for a change, the instant at which it was applied.
    pub at: Timestamp,
    /// Whether the customer came; otherwise the customer went.
    pub entered: bool,
}
