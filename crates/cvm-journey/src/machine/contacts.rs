//! Messages that customers got, as far back as caps look.

use serde::{Deserialize, Serialize};

use super::pages::Column;

/// Messages are remembered for a month at least, so that a cap that comes later knows of them.
const KEPT: i64 = 31 * 86_400_000_000;
/// Stands beside the number of what a message was where it was taken back.
const UNDONE: u32 = 1 << 31;
/// So many messages are in a page; a power of two. A list that grows by pages is never copied.
const PAGE: usize = 1 << 16;

/// A message to a customer: eight bytes, as it is one of many that went out at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Contact {
    /// The place of what it was.
    what: u32,
    /// The place of the customer's message before it, plus one.
    before: u32,
}

/// What messages were that went out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct What {
    at: i64,
    journey: u16,
    channel: u16,
}

/// The messages of all journeys: each leads to the customer's message before it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Contacts {
    /// The place of each customer's last message, plus one.
    last: Column<u32>,
    pages: Vec<Vec<Contact>>,
    /// In the order of time.
    whats: Vec<What>,
    /// How long the list may become before old messages are dropped.
    room: usize,
    /// How far back caps look.
    kept: i64,
}

impl Default for Contacts {
    fn default() -> Self {
        Self { last: Column::new(0), pages: Vec::new(), whats: Vec::new(), room: 1 << 16, kept: KEPT }
    }
}

impl Contacts {
    /// Caps look so far back.
    pub(super) fn keep(&mut self, span: i64) {
        self.kept = self.kept.max(span);
    }

    fn len(&self) -> usize {
        let before = self.pages.len().saturating_sub(1) * PAGE;
        before + self.pages.last().map_or(0, Vec::len)
    }

    #[inline]
    fn get(&self, place: usize) -> Option<Contact> {
        self.pages.get(place / PAGE)?.get(place % PAGE).copied()
    }

    /// The contact of a place that was written down plus one.
    #[inline]
    fn of(&self, place: u32) -> Option<Contact> {
        self.get((place as usize).checked_sub(1)?)
    }

    fn what(&self, contact: Contact) -> Option<What> {
        self.whats.get((contact.what & !UNDONE) as usize).copied()
    }

    pub(super) fn add(&mut self, customer: u32, at: i64, journey: u16, channel: u16) {
        if self.len() >= self.room {
            self.drop_old(at);
        }
        self.push(customer, What { at, journey, channel });
    }

    fn push(&mut self, customer: u32, what: What) {
        // Those who get the same stand one after the other; where two kinds come by turns, the one before is near.
        let near = self.whats.iter().rev().take(4).position(|known| *known == what);
        let place = match near {
            Some(back) => self.whats.len() - 1 - back,
            None => {
                self.whats.push(what);
                self.whats.len() - 1
            }
        };
        let contact = Contact { what: u32::try_from(place).unwrap_or(!UNDONE), before: self.last.get(customer) };
        match self.pages.last_mut().filter(|page| page.len() < PAGE) {
            Some(page) => page.push(contact),
            None => {
                // The first page is as long as it must be; whoever fills it needs whole ones.
                let mut page = if self.pages.is_empty() { Vec::new() } else { Vec::with_capacity(PAGE) };
                page.push(contact);
                self.pages.push(page);
            }
        }
        self.last.set(customer, u32::try_from(self.len()).unwrap_or(0));
    }

    /// Takes the customer's last message of a journey on a channel back.
    pub(super) fn undo(&mut self, customer: u32, journey: u16, channel: u16) {
        let mut at = self.last.get(customer);
        while let Some(contact) = self.of(at) {
            let own = self.what(contact).is_some_and(|what| what.journey == journey && what.channel == channel);
            if own && contact.what & UNDONE == 0 {
                let place = at as usize - 1;
                if let Some(contact) = self.pages.get_mut(place / PAGE).and_then(|page| page.get_mut(place % PAGE)) {
                    contact.what |= UNDONE;
                }
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
                let contact = self.of(at)?;
                at = contact.before;
                let What { at, journey, channel } = self.what(contact)?;
                if at <= since {
                    return None;
                }
                if contact.what & UNDONE == 0 {
                    return Some((at, journey, channel));
                }
            }
        })
    }

    fn drop_old(&mut self, now: i64) {
        let from = now.saturating_sub(self.kept);
        let old_whats = self.whats.partition_point(|what| what.at <= from);
        let old = self.pages.iter().flatten().filter(|contact| ((contact.what & !UNDONE) as usize) < old_whats).count();
        if old < self.len() / 4 {
            // Not worth the work.
            self.room = self.len() * 2;
            return;
        }
        // Whose message each is says the chain alone: it is followed from each customer's last one.
        let mut owners: Vec<Option<u32>> = vec![None; self.len()];
        let mut kept = Self { room: self.room, kept: self.kept, ..Self::default() };
        let heads = (0..self.last.pages()).flat_map(|page| {
            let places = self.last.page(page).unwrap_or(&[]);
            let told = places.iter().enumerate().filter(|(_, last)| **last > 0);
            told.map(move |(at, last)| (super::pages::number(page, at), *last))
        });
        for (customer, last) in heads {
            let mut at = last;
            while let Some(contact) = self.of(at) {
                let still = contact.what & UNDONE == 0 && (contact.what as usize) >= old_whats;
                if let Some(owner) = owners.get_mut(at as usize - 1).filter(|_| still) {
                    *owner = Some(customer);
                }
                at = contact.before;
            }
        }
        for (owner, contact) in owners.into_iter().zip(self.pages.iter().flatten()) {
            if let (Some(customer), Some(what)) = (owner, self.what(*contact)) {
                kept.push(customer, what);
            }
        }
        kept.room = (kept.len() * 2).max(1 << 16);
        *self = kept;
    }

    pub(super) fn bytes(&self) -> usize {
        self.last.bytes() + self.len() * size_of::<Contact>() + self.whats.len() * size_of::<What>()
    }
}
