//! One customer's way, step by step.

use cvm_core::Timestamp;
use serde::{Serialize, Serializer};

use super::statistics::{Held, Refused};

fn iso<S: Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    iso_or_none(&Some(*at), serializer)
}

/// An instant as people and other programs read it.
pub(super) fn iso_or_none<S: Serializer>(at: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    at.and_then(Timestamp::from_micros).map(|at| at.to_string()).serialize(serializer)
}

/// Something that happened to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Entered.
    Entered {
        /// Which time, from 1 on.
        entry: u16,
        /// The version of the journey.
        version: u32,
    },
    /// Did not enter.
    Refused {
        /// Why.
        why: Refused,
    },
    /// Came to a node.
    Came {
        /// The node.
        node: String,
    },
    /// Went on from a node.
    Went {
        /// The node.
        node: String,
        /// The outcome.
        outcome: String,
    },
    /// Waits.
    Waits {
        /// The node.
        node: String,
        /// Until when at most: microseconds since 1970; ISO 8601 in JSON.
        #[serde(serialize_with = "iso_or_none")]
        until: Option<i64>,
    },
    /// Something for the customer was handed out.
    HandedOut {
        /// The node.
        node: String,
        /// Which try, from 1 on.
        attempt: u8,
    },
    /// A message was held back.
    Held {
        /// The node.
        node: String,
        /// Why.
        why: Held,
    },
    /// What was handed out is answered.
    Answered {
        /// The node.
        node: String,
        /// The answer: `done`, `failed`, `again`, `unknown`.
        answer: &'static str,
    },
    /// Reached a goal.
    Reached {
        /// Its name.
        goal: String,
    },
    /// Goes on in another version.
    Moved {
        /// The node.
        node: String,
        /// The version.
        version: u32,
    },
    /// Is out.
    Left {
        /// Why.
        reason: String,
    },
}

/// Something that happened to the customer, and when.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Happened {
    /// When: microseconds since 1970 (UTC); ISO 8601 in JSON.
    #[serde(serialize_with = "iso")]
    pub at: i64,
    /// The journey's id.
    pub journey: String,
    /// What.
    #[serde(flatten)]
    pub step: Step,
}

/// Whose way is told, and what has been told.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The customer.
    pub customer: u32,
    /// What happened.
    pub steps: Vec<Happened>,
}

impl Trace {
    /// The way of a customer.
    #[must_use]
    pub const fn of(customer: u32) -> Self {
        Self { customer, steps: Vec::new() }
    }
}
