//! The events of a stream that came in live, in the order in which they came; those of one customer are linked.

use cvm_core::Value;

/// No customer, no event.
pub(super) const NONE: u32 = u32::MAX;

/// The events of one stream.
#[derive(Debug, Default)]
pub(super) struct Log {
    entries: Vec<Entry>,
    /// So many values for each event, one for each field.
    values: Vec<Value>,
    width: usize,
    /// The last event of each customer.
    heads: Vec<u32>,
}

/// An event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Microseconds, or days.
    pub(super) time: i64,
    /// The event of the same customer that came before.
    before: u32,
}

impl Log {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Whether another event has a number.
    pub(super) fn has_room_for(&self, more: usize) -> bool {
        self.entries.len().checked_add(more).is_some_and(|len| u32::try_from(len).is_ok_and(|len| len < NONE))
    }

    /// What taking in an event of a customer will look at.
    #[inline]
    pub(super) fn head(&self, customer: u32) -> u32 {
        self.heads.get(customer as usize).copied().unwrap_or(NONE)
    }

    /// Takes an event in, with a value for each field.
    pub(super) fn push(&mut self, customer: u32, time: i64, properties: impl Iterator<Item = Value>) {
        let at = customer as usize;
        if self.heads.len() <= at {
            self.heads.resize(at + 1, NONE);
        }
        let (Some(head), Ok(number)) = (self.heads.get_mut(at), u32::try_from(self.entries.len())) else { return };
        self.entries.push(Entry { time, before: *head });
        *head = number;
        self.values.extend(properties);
        self.values.resize(self.entries.len() * self.width, Value::Missing);
    }

    /// The properties of the event that came last.
    pub(super) fn last(&self) -> &[Value] {
        self.properties(self.entries.len().saturating_sub(1))
    }

    fn properties(&self, at: usize) -> &[Value] {
        self.values.get(at * self.width..(at + 1) * self.width).unwrap_or_default()
    }

    /// The times and properties of a customer's events, the last that came first.
    pub(super) fn of(&self, customer: u32) -> impl Iterator<Item = (i64, &[Value])> {
        let mut next = self.heads.get(customer as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let (at, entry) = (next as usize, self.entries.get(next as usize)?);
            next = entry.before;
            Some((entry.time, self.properties(at)))
        })
    }

    /// Blanks the events of a customer.
    pub(super) fn erase(&mut self, customer: u32) {
        let Some(head) = self.heads.get_mut(customer as usize) else { return };
        let mut next = std::mem::replace(head, NONE);
        while let Some(entry) = self.entries.get_mut(next as usize) {
            let at = next as usize * self.width;
            next = std::mem::replace(entry, Entry { time: 0, before: NONE }).before;
            self.values.get_mut(at..at + self.width).unwrap_or_default().fill(Value::Missing);
        }
    }

    /// The bytes that are kept, texts within values aside.
    pub(super) fn bytes(&self) -> usize {
        let values = self.values.capacity() * size_of::<Value>();
        self.entries.capacity() * size_of::<Entry>() + self.heads.capacity() * 4 + values
    }
}
