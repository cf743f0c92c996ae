//! Customers who are in a journey several times at once: each time is a participant of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Whose the participants are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Several {
    customers: Vec<u32>,
    /// By the customer and the number of the event's key.
    numbers: BTreeMap<(u32, u64), u32>,
}

impl Several {
    pub(super) fn customer(&self, who: u32) -> u32 {
        self.customers.get(who as usize).copied().unwrap_or(u32::MAX)
    }

    pub(super) fn find(&self, customer: u32, key: u64) -> Option<u32> {
        self.numbers.get(&(customer, key)).copied()
    }

    pub(super) fn add(&mut self, customer: u32, key: u64) -> Option<u32> {
        let number = u32::try_from(self.customers.len()).ok()?;
        self.customers.push(customer);
        self.numbers.insert((customer, key), number);
        Some(number)
    }

    /// The customer's participants, in the order in which they entered.
    pub(super) fn of(&self, customer: u32) -> impl Iterator<Item = u32> + use<> {
        let own = self.numbers.range((customer, 0)..=(customer, u64::MAX)).map(|(_, number)| *number);
        let mut own: Vec<u32> = own.collect();
        own.sort_unstable();
        own.into_iter()
    }
}
