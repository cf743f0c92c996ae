//! Running numbers of a stream: how many of a customer's events are in each window, and what they add up to.
//!
//! Events stand in the order of time, once, whatever the number of customers and conditions. Each length of window has a
//! place in that order: what lies before it has left the window. So an event costs one addition when it comes and one
//! when it leaves, and waiting for that costs nothing.

use std::collections::BTreeMap;

use cvm_core::predicate::Measured;
use cvm_core::{Decimal, History, Matcher, Timestamp, Value};

use super::bits::BitRows;
use super::fast::{From, Number};
use super::people::{EventAt, People};

/// The running numbers of one stream.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) stream: usize,
    /// Events that may still leave a window, by time.
    pub(super) order: Vec<Item>,
    /// The same, of those that came after later ones.
    pub(super) late: BTreeMap<(i64, u64), Item>,
    /// Events whose time is still to come.
    pub(super) early: BTreeMap<(i64, u64), Item>,
    /// How many came late or early: tells those of the same time apart.
    pub(super) number: u64,
    /// The different `where`, a bit each; `None` takes all.
    pub(super) wheres: Vec<Where>,
    pub(super) windows: Vec<Window>,
    /// Row by row, a number for each customer and condition.
    pub(super) counts: Vec<u32>,
    pub(super) counted: usize,
    pub(super) sums: Vec<i128>,
    pub(super) summed: usize,
    /// The next instant at which an event leaves a window or comes into view.
    pub(super) next: Option<i64>,
}

/// Which events count.
#[derive(Debug)]
pub(super) struct Where {
    /// As printed: what makes it the same one.
    pub(super) text: String,
    pub(super) matcher: Option<Matcher>,
}

/// An event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) time: i64,
    pub(super) customer: u32,
    /// A bit for each `where` that it passes.
    pub(super) mask: u64,
    pub(super) at: EventAt,
}

/// Conditions with the same window.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) from: From,
    /// The first instant inside.
    pub(super) edge: i64,
    /// How many in the order lie before it.
    pub(super) cursor: usize,
    pub(super) columns: Vec<Column>,
}

/// A condition and its running number.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) leaf: u32,
    pub(super) bit: u64,
    /// Its place in a row of numbers of its kind.
    pub(super) slot: usize,
    pub(super) what: Number,
    /// The verdicts on the counts below 64.
    pub(super) table: u64,
    pub(super) measured: Measured,
}

/// Where bits are kept, and told when they turn.
pub(super) struct Turns<'l> {
    pub(super) bits: &'l mut BitRows,
    pub(super) flips: &'l mut Vec<(u32, u32)>,
}

impl Column {
    pub(super) fn of_count(&self, n: u32) -> bool {
        if n < 64 { self.table >> n & 1 == 1 } else { self.measured.verdict(&Value::Int(n.into())) }
    }

    pub(super) fn of_sum(&self, total: i128, scale: u8) -> bool {
        self.measured.verdict(&Decimal::new(total, scale).map_or(Value::Missing, Value::Decimal))
    }
}

impl Window {
    fn moves_to(&self, now: i64) -> i64 {
        match self.from {
            From::Last(length) => now.saturating_sub(length),
            From::Fixed(at) => at,
        }
    }

    /// When an event leaves.
    fn leaves_at(&self, time: i64) -> Option<i64> {
        match self.from {
            From::Last(length) => time.checked_add(length)?.checked_add(1),
            From::Fixed(_) => None,
        }
    }
}

/// The value of a field as a whole number; 0 where it is missing.
pub(super) fn digits(value: &Value, scale: u8) -> i128 {
    match value {
        Value::Int(i) => i128::from(*i),
        Value::Decimal(decimal) => decimal.rescale(scale).map_or(0, Decimal::digits),
        _ => 0,
    }
}

impl Flow {
    /// The bits of the `where` that an event passes.
    pub(super) fn mask(&self, properties: &[Value], now: Timestamp, nothing: &History) -> u64 {
        let bits = self.wheres.iter().enumerate().map(|(bit, one)| {
            let passes = one.matcher.as_ref().is_none_or(|m| m.matches(properties, nothing, now).unwrap_or(false));
            u64::from(passes) << bit
        });
        bits.sum()
    }

    /// Room for more customers, for whom all is zero.
    pub(super) fn reserve(&mut self, customers: usize) {
        self.counts.resize(self.counted * customers, 0);
        self.sums.resize(self.summed * customers, 0);
    }

    /// Events that came, in the order of time: each is counted where it is inside, and will be later.
    pub(super) fn take(&mut self, items: &[Item], now: i64, people: &People, turns: &mut Turns<'_>) {
        for item in items {
            if item.time > now {
                self.number += 1;
                self.early.insert((item.time, self.number), *item);
            } else {
                self.see(item, people, turns);
            }
        }
        self.find_next();
    }

    fn see(&mut self, item: &Item, people: &People, turns: &mut Turns<'_>) {
        let mut stays = false;
        for window in 0..self.windows.len() {
            let inside = self.windows.get(window).is_some_and(|window| item.time >= window.edge);
            if inside {
                self.add(window, item, true, people, turns);
                stays |= self.windows.get(window).is_some_and(|window| matches!(window.from, From::Last(_)));
            }
        }
        if !stays {
            return;
        }
        if self.order.last().is_some_and(|last| last.time > item.time) {
            self.number += 1;
            self.late.insert((item.time, self.number), *item);
            return;
        }
        self.order.push(*item);
        for window in &mut self.windows {
            // What came too late to be inside was never counted.
            while self.order.get(window.cursor).is_some_and(|first| first.time < window.edge) {
                window.cursor += 1;
            }
        }
    }

    /// Counts an event in or out.
    #[inline]
    fn add(&mut self, window: usize, item: &Item, comes: bool, people: &People, turns: &mut Turns<'_>) {
        let Some(window) = self.windows.get(window) else { return };
        let customer = item.customer as usize;
        for column in window.columns.iter().filter(|column| column.bit & item.mask != 0) {
            let verdict = match column.what {
                Number::Count => {
                    let Some(cell) = self.counts.get_mut(customer * self.counted + column.slot) else { continue };
                    let before = *cell;
                    *cell = if comes { before + 1 } else { before.saturating_sub(1) };
                    let verdict = column.of_count(*cell);
                    if verdict == column.of_count(before) {
                        continue;
                    }
                    verdict
                }
                Number::Sum { field, scale } => {
                    let Some(cell) = self.sums.get_mut(customer * self.summed + column.slot) else { continue };
                    let value = people.digits(self.stream, item.at, field, scale);
                    *cell += if comes { value } else { -value };
                    column.of_sum(*cell, scale)
                }
            };
            if turns.bits.set(item.customer, column.leaf as usize, verdict) {
                turns.flips.push((item.customer, column.leaf));
            }
        }
    }

    /// Time goes on to an instant at which something is due here, and not beyond another one.
    pub(super) fn run(&mut self, at: i64, people: &People, turns: &mut Turns<'_>) {
        for window in 0..self.windows.len() {
            let Some((before, edge)) = self.windows.get(window).map(|w| (w.edge, w.moves_to(at))) else { continue };
            while let Some(item) = self.leaving(window, edge) {
                self.add(window, &item, false, people, turns);
            }
            if !self.late.is_empty() && before < edge {
                let gone: Vec<Item> = self.late.range((before, 0)..(edge, 0)).map(|(_, item)| *item).collect();
                gone.iter().for_each(|item| self.add(window, item, false, people, turns));
            }
            if let Some(window) = self.windows.get_mut(window) {
                window.edge = edge;
            }
        }
        while let Some(first) = self.early.first_entry().filter(|first| first.key().0 <= at) {
            let item = first.remove();
            self.see(&item, people, turns);
        }
        self.find_next();
    }

    fn leaving(&mut self, window: usize, edge: i64) -> Option<Item> {
        let window = self.windows.get_mut(window)?;
        let first = self.order.get(window.cursor).filter(|first| first.time < edge)?;
        window.cursor += 1;
        Some(*first)
    }

    /// Nothing was due up to an instant: windows begin later by then.
    pub(super) fn rest_until(&mut self, now: i64) {
        for window in &mut self.windows {
            window.edge = window.moves_to(now);
        }
        self.shorten();
    }

    pub(super) fn find_next(&mut self) {
        let leaves = self.windows.iter().filter_map(|window| {
            let first = self.order.get(window.cursor).map(|first| first.time);
            let late = if self.late.is_empty() { None } else { self.late.range((window.edge, 0)..).next() };
            window.leaves_at(first.into_iter().chain(late.map(|((time, _), _)| *time)).min()?)
        });
        let comes = self.early.first_key_value().map(|((time, _), _)| *time);
        self.next = leaves.chain(comes).min();
    }

    /// Lets go of events that have left all windows.
    fn shorten(&mut self) {
        let moving = self.windows.iter().filter(|window| matches!(window.from, From::Last(_)));
        let gone = moving.clone().map(|window| window.cursor).min().unwrap_or(self.order.len());
        if gone > 1 << 12 && gone > self.order.len() / 2 {
            self.order.drain(..gone);
            self.windows.iter_mut().for_each(|window| window.cursor = window.cursor.saturating_sub(gone));
        }
        if !self.late.is_empty()
            && let Some(edge) = self.windows.iter().filter(|w| matches!(w.from, From::Last(_))).map(|w| w.edge).min()
        {
            while self.late.first_entry().is_some_and(|first| first.key().0 < edge) {
                self.late.pop_first();
            }
        }
    }

    /// The bits of a customer, from the numbers.
    pub(super) fn all_bits(&self, customer: u32, turns: &mut Turns<'_>) {
        for column in self.windows.iter().flat_map(|window| &window.columns) {
            let at = customer as usize;
            let verdict = match column.what {
                Number::Count => {
                    column.of_count(self.counts.get(at * self.counted + column.slot).copied().unwrap_or(0))
                }
                Number::Sum { scale, .. } => {
                    column.of_sum(self.sums.get(at * self.summed + column.slot).copied().unwrap_or(0), scale)
                }
            };
            if turns.bits.set(customer, column.leaf as usize, verdict) {
                turns.flips.push((customer, column.leaf));
            }
        }
    }

    /// Sets the numbers of a customer who is gone to zero.
    pub(super) fn wipe(&mut self, customer: u32) {
        let at = customer as usize;
        self.counts.get_mut(at * self.counted..(at + 1) * self.counted).unwrap_or_default().fill(0);
        self.sums.get_mut(at * self.summed..(at + 1) * self.summed).unwrap_or_default().fill(0);
    }

    /// Lets go of the events of all who are gone.
    pub(super) fn keep_those_there(&mut self, people: &People) {
        self.order.retain(|item| people.is_there(item.customer));
        self.late.retain(|_, item| people.is_there(item.customer));
        self.early.retain(|_, item| people.is_there(item.customer));
        for window in &mut self.windows {
            window.cursor = self.order.partition_point(|item| item.time < window.edge);
        }
        self.find_next();
    }

    pub(super) fn bytes(&self) -> usize {
        let item = size_of::<Item>();
        self.order.capacity() * item
            + (self.late.len() + self.early.len()) * (item + 24)
            + self.counts.capacity() * 4
            + self.sums.capacity() * 16
    }
}
