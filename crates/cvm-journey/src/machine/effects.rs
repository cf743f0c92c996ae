//! What follows from a command, for others to know.

use serde::{Deserialize, Serialize};

use super::command::Handle;

/// Something to be done: a message, a call, a change of fields or lists. What exactly, the node says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Leased {
    /// What it is called in the answer.
    pub handle: Handle,
    /// The customer.
    pub customer: u32,
    /// The journey's version.
    pub version: u32,
    /// Which try it is, from 1 on.
    pub attempt: u8,
    /// The place of the customer's code in the offer's pool.
    pub code: Option<u32>,
}

/// Customers who got an arm of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Exposed {
    /// The journey's number.
    pub journey: u16,
    /// The version in which they are.
    pub version: u32,
    /// The node's number.
    pub node: u16,
    /// The place of the arm.
    pub arm: u16,
    /// The customers.
    pub customers: Vec<u32>,
}

/// Customers who reached a goal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reached {
    /// The journey's number.
    pub journey: u16,
    /// The goal's name.
    pub goal: String,
    /// The customers.
    pub customers: Vec<u32>,
}

/// What follows from a command, for others to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// What is to be done.
    pub leased: Vec<Leased>,
    /// Who got which arm.
    pub exposed: Vec<Exposed>,
    /// Who reached which goal.
    pub reached: Vec<Reached>,
    /// How many steps were made: one for each node that somebody came to.
    pub steps: u64,
}
