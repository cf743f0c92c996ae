//! Telling who came and who went.

use std::sync::Arc;

use cvm_core::{Timestamp, Value};

use super::change::Transition;
use super::state::Live;

/// A customer came into a segment, or went: a [`Transition`] that is only looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told<'l> {
    /// The segment, by the name under which it was registered.
    pub segment: &'l Arc<str>,
    /// The customer's key.
    pub key: &'l Value,
    /// The very microsecond from which the new verdict holds; for a change, the instant at which it was applied.
    pub at: Timestamp,
    /// Whether the customer came; otherwise the customer went.
    pub entered: bool,
}

impl Told<'_> {
    /// The same, to be kept.
    #[must_use]
    pub fn to_transition(&self) -> Transition {
        Transition { segment: Arc::clone(self.segment), key: self.key.clone(), at: self.at, entered: self.entered }
    }
}

/// What is still to be told.
#[derive(Debug, Default)]
pub(super) struct Turns {
    groups: Vec<Group>,
    /// Twice the number of the segment, and one more where the customer came.
    turns: Vec<u32>,
}

/// What turned of one customer at one instant.
#[derive(Debug, Clone, Copy)]
struct Group {
    at: Timestamp,
    /// The key, where rows hold keys.
    key: Option<i64>,
    customer: u32,
    /// Where its turns begin.
    first: usize,
}

impl Turns {
    /// What follows is of this customer.
    #[inline]
    pub(super) fn open(&mut self, at: Timestamp, customer: u32, key: Option<i64>) {
        let first = self.turns.len();
        // Nothing came of the one before.
        if self.groups.last().is_some_and(|last| last.first == first) {
            self.groups.pop();
        }
        self.groups.push(Group { at, key, customer, first });
    }

    #[inline]
    pub(super) fn add(&mut self, segment: usize, entered: bool) {
        // There are no more segments than have numbers of 31 bits.
        self.turns.push(u32::try_from(segment * 2 + usize::from(entered)).unwrap_or(u32::MAX));
    }
}

/// Who listens.
pub(super) type Listener<'t> = &'t mut dyn FnMut(Told<'_>);

impl Live {
    /// Tells all that is still to be told, and counts it.
    pub(super) fn tell(&mut self, listener: Listener<'_>) {
        let mut turns = std::mem::take(&mut self.turns);
        let ends = turns.groups.iter().skip(1).map(|next| next.first).chain([turns.turns.len()]);
        for (group, end) in turns.groups.iter().zip(ends) {
            let own = turns.turns.get(group.first..end).unwrap_or_default();
            if own.is_empty() {
                continue;
            }
            let key = group.key.map_or_else(|| self.people.key(group.customer), Value::Int);
            for turn in own {
                let (number, entered) = (turn / 2, turn % 2 == 1);
                let Some(Some(segment)) = self.segments.get_mut(number as usize) else { continue };
                segment.members = if entered { segment.members + 1 } else { segment.members.saturating_sub(1) };
                listener(Told { segment: &segment.name, key: &key, at: group.at, entered });
            }
        }
        turns.groups.clear();
        turns.turns.clear();
        self.turns = turns;
    }

    /// Looks at the segments that hold conditions whose bits turned.
    pub(super) fn settle(&mut self) {
        let (inside, at) = (self.rows.at.inside, self.now);
        let mut last = None;
        for (customer, leaf) in self.flips.drain(..) {
            if last != Some(customer) {
                self.turns.open(at, customer, self.rows.key(self.rows.row(customer)));
                let turns = &mut self.turns;
                self.board.judge(self.rows.row_mut(customer), inside, |segment, entered| turns.add(segment, entered));
                last = Some(customer);
            }
            if !self.has_odd {
                continue;
            }
            for number in self.leaves.get(leaf as usize).into_iter().flatten().flat_map(|leaf| &leaf.odd) {
                let Some(Some(segment)) = self.segments.get(*number) else { continue };
                let entered = segment.formula.holds(self.rows.row(customer));
                if self.rows.set_inside(customer, *number, entered) {
                    self.turns.add(*number, entered);
                }
            }
        }
    }

    /// Looks at all segments for a customer who is new.
    pub(super) fn settle_whole(&mut self, customer: u32) {
        self.turns.open(self.now, customer, self.rows.key(self.rows.row(customer)));
        for (number, segment) in self.segments.iter().enumerate() {
            let Some(segment) = segment else { continue };
            let entered = segment.formula.holds(self.rows.row(customer));
            if self.rows.set_inside(customer, number, entered) {
                self.turns.add(number, entered);
            }
        }
    }
}
