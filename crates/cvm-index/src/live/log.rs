//! The events of a stream that came in live, in the order in which they came; those of one customer are linked.

use cvm_core::Value;

/// No customer, no event.
pub(super) const NONE: u32 = u32::MAX;

/// The events of one stream.
#[derive(Debug, Default)]
pub(super) struct Log {
    entries: Vec<Entry>,
    /// The last event of each customer.
    heads: Vec<u32>,
}

/// An event.
#[derive(Debug)]
pub(super) struct Entry {
    /// Microseconds, or days.
    pub(super) time: i64,
    pub(super) properties: Box<[Value]>,
    /// The event of the same customer that came before.
    before: u32,
}

impl Log {
    /// Whether another event has a number.
    pub(super) fn has_room_for(&self, more: usize) -> bool {
        self.entries.len().checked_add(more).is_some_and(|len| u32::try_from(len).is_ok_and(|len| len < NONE))
    }

    /// The number of the new event.
    pub(super) fn push(&mut self, customer: u32, time: i64, properties: Box<[Value]>) -> u32 {
        let at = customer as usize;
        if self.heads.len() <= at {
            self.heads.resize(at + 1, NONE);
        }
        let (Some(head), Ok(number)) = (self.heads.get_mut(at), u32::try_from(self.entries.len())) else { return NONE };
        self.entries.push(Entry { time, properties, before: *head });
        *head = number;
        number
    }

    pub(super) fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number as usize)
    }

    /// The events of a customer, the last that came first.
    pub(super) fn of(&self, customer: u32) -> impl Iterator<Item = (u32, &Entry)> {
        let mut next = self.heads.get(customer as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let (number, entry) = (next, self.entries.get(next as usize)?);
            next = entry.before;
            Some((number, entry))
        })
    }

    /// Blanks the events of a customer.
    pub(super) fn erase(&mut self, customer: u32) {
        let Some(head) = self.heads.get_mut(customer as usize) else { return };
        let mut next = std::mem::replace(head, NONE);
        while let Some(entry) = self.entries.get_mut(next as usize) {
            next = std::mem::replace(entry, Entry { time: 0, properties: Box::default(), before: NONE }).before;
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let properties: usize = self.entries.iter().map(|entry| size_of_val(&*entry.properties)).sum();
        self.entries.capacity() * size_of::<Entry>() + self.heads.capacity() * 4 + properties
    }
}
