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
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) at: Timestamp,
    pub(super) customer: u32,
    pub(super) segment: u32,
    pub(super) entered: bool,
}

/// Who listens.
pub(super) type Listener<'t> = &'t mut dyn FnMut(Told<'_>);

impl Live {
    /// Tells all that is still to be told, and counts it.
    pub(super) fn tell(&mut self, listener: Listener<'_>) {
        let column = self.people.index.as_ref().and_then(|index| Some((index.len(), index.key()?)));
        let mut last: Option<(u32, Value)> = None;
        for turn in self.turns.drain(..) {
            let Some(Some(segment)) = self.segments.get_mut(turn.segment as usize) else { continue };
            segment.members = if turn.entered { segment.members + 1 } else { segment.members.saturating_sub(1) };
            let key = match &last {
                Some((customer, key)) if *customer == turn.customer => key,
                _ => {
                    let known = column.filter(|(len, _)| (turn.customer as usize) < *len);
                    let key = known.map(|(_, column)| column.value(turn.customer as usize));
                    let key = key.unwrap_or_else(|| self.people.key(turn.customer));
                    &last.insert((turn.customer, key)).1
                }
            };
            listener(Told { segment: &segment.name, key, at: turn.at, entered: turn.entered });
        }
    }

    /// Looks at the segments that hold conditions whose bits turned.
    pub(super) fn settle(&mut self) {
        let (inside, at) = (self.rows.at.inside, self.now);
        let mut last = None;
        for (customer, leaf) in self.flips.drain(..) {
            let turn = |segment: usize, entered| {
                // There are no more segments than fit a number of 32 bits.
                Turn { at, customer, segment: u32::try_from(segment).unwrap_or(u32::MAX), entered }
            };
            if last != Some(customer) {
                let turns = &mut self.turns;
                self.board.judge(self.rows.row_mut(customer), inside, |segment, entered| {
                    turns.push(turn(segment, entered));
                });
                last = Some(customer);
            }
            if !self.has_odd {
                continue;
            }
            for number in self.leaves.get(leaf as usize).into_iter().flatten().flat_map(|leaf| &leaf.odd) {
                let Some(Some(segment)) = self.segments.get(*number) else { continue };
                let verdict = segment.formula.holds(self.rows.row(customer));
                if self.rows.set_inside(customer, *number, verdict) {
                    self.turns.push(turn(*number, verdict));
                }
            }
        }
    }

    /// Looks at all segments for a customer who is new.
    pub(super) fn settle_whole(&mut self, customer: u32) {
        for (number, segment) in (0..).zip(&self.segments) {
            let Some(segment) = segment else { continue };
            let entered = segment.formula.holds(self.rows.row(customer));
            if self.rows.set_inside(customer, number as usize, entered) {
                self.turns.push(Turn { at: self.now, customer, segment: number, entered });
            }
        }
    }
}
