//! A window of a stream, and how it goes on.

use cvm_core::predicate::Moment;
use cvm_core::{Catalog, Timestamp, Value};

use super::fast::From;
use super::number::{Counted, Summed};
use super::order::Order;

/// Numbers with the same window.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) from: From,
    /// The first instant inside.
    pub(super) edge: i64,
    /// How many in the order lie before it.
    pub(super) cursor: usize,
    /// When the edge may move next, where it moves by steps.
    pub(super) step: Option<i64>,
    /// Clocks that are put back over midnight bring the day before back, and its edge: what lies before this never comes
    /// back.
    floor: i64,
    pub(super) counts: Vec<Counted>,
    pub(super) sums: Vec<Summed>,
}

/// Longer than any clock is put back by.
const BACK: i64 = 3 * 86_400_000_000;

impl Window {
    pub(super) fn new(from: From, now: Timestamp, catalog: &Catalog) -> Self {
        let (counts, sums) = (Vec::new(), Vec::new());
        let mut new = Self { from, edge: i64::MIN, cursor: 0, step: None, floor: i64::MIN, counts, sums };
        if let From::Start(start) = &new.from {
            new.step = Some(now.micros());
            new.edge = micros(start, now, catalog).unwrap_or(i64::MIN);
        }
        if let From::Fixed(at) = new.from {
            new.edge = at;
        }
        new.go_on(now, catalog);
        new
    }

    /// Its edge at a later instant.
    pub(super) fn go_on(&mut self, now: Timestamp, catalog: &Catalog) {
        match &self.from {
            From::Last(length) => self.edge = now.micros().saturating_sub(*length),
            From::Start(start) if self.step.is_some_and(|step| step <= now.micros()) => {
                self.edge = micros(start, now, catalog).unwrap_or(self.edge);
                let before = now.micros().checked_sub(BACK).and_then(Timestamp::from_micros);
                let before = before.and_then(|before| micros(start, before, catalog));
                self.floor = before.map_or(i64::MIN, |before| before.min(self.edge));
                self.step = start.stays_until(now, catalog).map(Timestamp::micros);
            }
            From::Start(_) | From::Fixed(_) => {}
        }
    }

    /// Its edge at a later instant, up to which nothing was due.
    pub(super) fn rest(&mut self, now: i64) {
        if let From::Last(length) = self.from {
            self.edge = now.saturating_sub(length);
        }
    }

    /// When an event leaves, where that is known long before.
    pub(super) fn leaves_at(&self, time: i64) -> Option<i64> {
        match self.from {
            From::Last(length) => time.checked_add(length)?.checked_add(1),
            From::Start(_) | From::Fixed(_) => None,
        }
    }

    pub(super) fn moves(&self) -> bool {
        matches!(self.from, From::Last(_) | From::Start(_))
    }

    /// The first instant of which events may still matter.
    pub(super) fn first_kept(&self) -> i64 {
        match self.from {
            From::Last(_) => self.edge,
            From::Start(_) => self.floor,
            From::Fixed(_) => i64::MAX,
        }
    }

    /// Whether an event may still leave.
    pub(super) fn keeps(&self, time: i64) -> bool {
        self.moves() && time >= self.first_kept()
    }

    /// How many events in an order will never matter again.
    pub(super) fn gone(&self, order: &Order) -> usize {
        match self.from {
            From::Start(_) => order.place(self.floor),
            From::Last(_) | From::Fixed(_) => self.cursor,
        }
    }
}

fn micros(moment: &Moment, now: Timestamp, catalog: &Catalog) -> Option<i64> {
    match moment.at(now, catalog)? {
        Value::Timestamp(at) => Some(at.micros()),
        _ => None,
    }
}
