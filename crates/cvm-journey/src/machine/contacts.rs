//! Messages that customers got, as far back as caps look.

use serde::{Deserialize, Serialize};

use super::pages::Column;

/// What was taken back: no channel has this number.
const UNDONE: u16 = u16::MAX;
/// Messages are remembered for a month at least, so that a cap that comes later knows of them.
const KEPT: i64 = 31 * 86_400_000_000;

/// A message to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Contact {
    at: i64,
    /// The place of the customer's message before it, plus one.
    before: u32,
    journey: u16,
    channel: u16,
}

/// The messages of all journeys: each leads to the customer's message before it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Contacts {
    /// The place of each customer's last message, plus one.
    last: Column<u32>,
    list: Vec<Contact>,
    /// How long the list may become before old messages are dropped.
    room: usize,
    /// How far back caps look.
    kept: i64,
}

impl Default for Contacts {
    fn default() -> Self {
        Self { last: Column::new(0), list: Vec::new(), room: 1 << 16, kept: KEPT }
    }
}

impl Contacts {
    /// Caps look so far back.
    pub(super) fn keep(&mut self, span: i64) {
        self.kept = self.kept.max(span);
    }

    pub(super) fn add(&mut self, customer: u32, at: i64, journey: u16, channel: u16) {
        if self.list.len() >= self.room {
            self.drop_old(at);
        }
        let before = self.last.get(customer);
        self.list.push(Contact { at, before, journey, channel });
        self.last.set(customer, u32::try_from(self.list.len()).unwrap_or(0));
    }

    /// Takes the customer's last message of a journey on a channel back.
    pub(super) fn undo(&mut self, customer: u32, journey: u16, channel: u16) {
        let mut at = self.last.get(customer);
        while let Some(contact) = (at as usize).checked_sub(1).and_then(|at| self.list.get_mut(at)) {
            if contact.journey == journey && contact.channel == channel {
                contact.channel = UNDONE;
                return;
            }
            at = contact.before;
        }
    }

    /// The customer's messages since an instant: the journeys and channels.
    pub(super) fn since(&self, customer: u32, since: i64) -> impl Iterator<Item = (i64, u16, u16)> {
        let mut at = self.last.get(customer);
        std::iter::from_fn(move || {
            loop {
                let contact = (at as usize).checked_sub(1).and_then(|at| self.list.get(at))?;
                at = contact.before;
                if contact.at <= since {
                    return None;
                }
                if contact.channel != UNDONE {
                    return Some((contact.at, contact.journey, contact.channel));
                }
            }
        })
    }

    fn drop_old(&mut self, now: i64) {
        let from = now.saturating_sub(self.kept);
        let old = self.list.partition_point(|contact| contact.at <= from);
        if old < self.list.len() / 4 {
            // Not worth the work.
            self.room = self.list.len() * 2;
            return;
        }
        // Whose message each is says the chain alone: it is followed from each customer's last one.
        let mut owners: Vec<Option<u32>> = vec![None; self.list.len()];
        let mut kept = Self { room: self.room, kept: self.kept, ..Self::default() };
        let heads = (0..self.last.pages()).flat_map(|page| {
            let places = self.last.page(page).unwrap_or(&[]);
            let told = places.iter().enumerate().filter(|(_, last)| **last > 0);
            told.map(move |(at, last)| (super::pages::number(page, at), *last))
        });
        for (customer, last) in heads {
            let mut at = last;
            while let Some((place, contact)) =
                (at as usize).checked_sub(1).and_then(|at| Some((at, self.list.get(at)?)))
            {
                if let Some(owner) = owners.get_mut(place).filter(|_| contact.at > from && contact.channel != UNDONE) {
                    *owner = Some(customer);
                }
                at = contact.before;
            }
        }
        for (owner, contact) in owners.into_iter().zip(&self.list) {
            if let Some(customer) = owner {
                let before = kept.last.get(customer);
                kept.list.push(Contact { before, ..*contact });
                kept.last.set(customer, u32::try_from(kept.list.len()).unwrap_or(0));
            }
        }
        kept.room = (kept.list.len() * 2).max(1 << 16);
        *self = kept;
    }

    pub(super) fn bytes(&self) -> usize {
        self.last.bytes() + self.list.len() * size_of::<Contact>()
    }
}
