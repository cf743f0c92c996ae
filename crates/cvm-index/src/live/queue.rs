//! When which condition of whom must be asked again.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

/// Instants in microseconds, in order; at most one for each customer and condition.
#[derive(Debug, Default)]
pub(super) struct Queue {
    order: BTreeSet<(i64, u32, u32)>,
    due: FxHashMap<(u32, u32), i64>,
}

impl Queue {
    /// Sets when a condition of a customer is due, in place of what was said before; `None` takes that away.
    pub(super) fn set(&mut self, customer: u32, leaf: u32, due: Option<i64>) {
        let before = match due {
            Some(at) => self.due.insert((customer, leaf), at),
            None => self.due.remove(&(customer, leaf)),
        };
        if before == due {
            return;
        }
        if let Some(before) = before {
            self.order.remove(&(before, customer, leaf));
        }
        if let Some(at) = due {
            self.order.insert((at, customer, leaf));
        }
    }

    pub(super) fn first(&self) -> Option<i64> {
        self.order.first().map(|(at, ..)| *at)
    }

    /// Takes the next one that is due at `at` or before.
    pub(super) fn take(&mut self, at: i64) -> Option<(u32, u32)> {
        let (due, customer, leaf) = *self.order.first()?;
        if due > at {
            return None;
        }
        self.order.pop_first();
        self.due.remove(&(customer, leaf));
        Some((customer, leaf))
    }

    /// Drops all that is due of a condition.
    pub(super) fn forget_leaf(&mut self, leaf: u32) {
        self.order.retain(|(.., of)| *of != leaf);
        self.due.retain(|(_, of), _| *of != leaf);
    }

    pub(super) fn bytes(&self) -> usize {
        // An entry of the tree with its share of empty places, and one of the table.
        self.order.len() * 24 + self.due.capacity() * 17
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_for_each_customer_and_condition() {
        let mut queue = Queue::default();
        queue.set(1, 7, Some(30));
        queue.set(1, 7, Some(20));
        queue.set(2, 7, Some(25));
        queue.set(3, 8, Some(10));
        queue.forget_leaf(8);
        assert_eq!(queue.first(), Some(20));
        assert_eq!(
            (queue.take(19), queue.take(25), queue.take(25), queue.take(99)),
            (None, Some((1, 7)), Some((2, 7)), None)
        );
        queue.set(4, 1, Some(5));
        queue.set(4, 1, None);
        assert!(queue.first().is_none() && queue.due.is_empty());
    }
}
