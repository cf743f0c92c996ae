//! What a runner asks about customers, and does to them.

use std::collections::BTreeMap;

use cvm_core::Value;

use crate::channel::Delivery;
use crate::machine::{Command, World};
use crate::message::Context;
use crate::model::{Journey, ListChange, Node};

/// Something that was handed out.
#[derive(Debug, Clone)]
pub struct Task<'t> {
    /// The same for every try of the same task ([`Machine::idempotency_key`](crate::machine::Machine::idempotency_key)).
    pub key: String,
    /// The journey, in the version in which the customer is.
    pub journey: &'t Journey,
    /// The node.
    pub node: &'t Node,
    /// The customer's key.
    pub customer: String,
    /// The place of the customer's code in the offer's pool.
    pub code: Option<u32>,
    /// Which try it is, from 1 on.
    pub attempt: u32,
}

/// What a node changes of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change<'c> {
    /// Fields, and what they become; null takes a value away.
    Set(&'c BTreeMap<String, serde_json::Value>),
    /// On or off a list.
    List(&'c ListChange),
}

/// Customers as a runner needs them: what a machine asks of a world, and what stands in messages.
pub trait Profiles: World {
    /// Which command comes next: questions about its events are about these.
    fn hears(&mut self, command: &Command) {
        let _ = command;
    }

    /// What is known for a message, other than the offer.
    ///
    /// # Errors
    /// Why it can't be known now; it is tried again.
    fn context(&mut self, task: &Task<'_>) -> Result<Context, String> {
        Ok(Context::new(&task.journey.id, &task.journey.name).customer::<String>(self.values(&task.customer)?))
    }

    /// The fields of a customer.
    ///
    /// # Errors
    /// Why they can't be known now; it is tried again.
    fn values(&mut self, customer: &str) -> Result<Vec<(String, Value)>, String>;

    /// Where a customer is reached on a channel.
    ///
    /// # Errors
    /// Why it can't be known now; it is tried again.
    fn address(&mut self, customer: &str, channel: &str) -> Result<Option<String>, String>;

    /// Changes a customer. After a crash the same change may come again, with the same key.
    fn apply(&mut self, task: &Task<'_>, change: Change<'_>) -> Delivery;
}
