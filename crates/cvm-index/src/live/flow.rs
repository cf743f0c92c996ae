//! Running numbers of a stream: how many of a customer's events are in each window, and what they add up to.
//!
//! Events stand in the order of time, once, whatever the number of customers and conditions. Each length of window has a
//! place in that order: what lies before it has left the window. So an event costs one addition when it comes and one
//! when it leaves, and waiting for that costs nothing.

use cvm_core::{Catalog, History, Matcher, Timestamp, Value};
use rustc_hash::FxHashMap;

use super::fast::From;
use super::number::Flips;
use super::order::{Beside, Item, Order};
use super::rows::Rows;
use super::window::Window;

/// The running numbers of one stream.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) order: Order,
    /// Events whose time is still to come.
    pub(super) early: Beside,
    /// The different `where`, a bit each; `None` takes all.
    pub(super) wheres: Vec<Where>,
    pub(super) classes: Classes,
    /// The fields that are summed, each with its digits after the point.
    pub(super) fields: Vec<(usize, u8)>,
    pub(super) windows: Vec<Window>,
    /// What of sums has no place in a word, in units of 2^64, by customer and slot: most often nothing.
    pub(super) above: FxHashMap<(u32, usize), i64>,
}

/// Which events count.
#[derive(Debug)]
pub(super) struct Where {
    /// As printed: what makes it the same one.
    pub(super) text: String,
    pub(super) matcher: Option<Matcher>,
}

/// The sets of `where` that events passed, by number.
#[derive(Debug, Default)]
pub(super) struct Classes {
    masks: Vec<u64>,
    numbers: FxHashMap<u64, u32>,
}

/// What time does to an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    pub(super) at: i64,
    pub(super) customer: u32,
    class: u32,
    pub(super) flow: u16,
    /// The window that it leaves, or enters; [`COMES`] where it comes into view.
    window: u16,
    enters: bool,
    /// Where its values begin among those of all that is due.
    values: u32,
}

const COMES: u16 = u16::MAX;

/// What is due, in the order of time, with the values that are summed.
#[derive(Debug, Default)]
pub(super) struct Dues {
    pub(super) all: Vec<Due>,
    values: Vec<i64>,
}

impl Classes {
    pub(super) fn number(&mut self, mask: u64) -> u32 {
        *self.numbers.entry(mask).or_insert_with(|| {
            self.masks.push(mask);
            // There are no more than events, whose numbers fit.
            u32::try_from(self.masks.len() - 1).unwrap_or(u32::MAX)
        })
    }

    #[inline]
    pub(super) fn mask(&self, class: u32) -> u64 {
        self.masks.get(class as usize).copied().unwrap_or(0)
    }
}

impl Dues {
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.values.clear();
    }

    fn add(&mut self, at: i64, item: &Item, flow: u16, (window, enters): (u16, bool), values: &[i64]) {
        let place = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.extend_from_slice(values);
        self.all.push(Due { at, customer: item.customer, class: item.class, flow, window, enters, values: place });
    }
}

impl Flow {
    /// The `where` that an event passes.
    pub(super) fn class(&mut self, properties: &[Value], now: Timestamp, nothing: &History) -> u32 {
        let bits = self.wheres.iter().enumerate().map(|(bit, one)| {
            let passes = one.matcher.as_ref().is_none_or(|m| m.matches(properties, nothing, now).unwrap_or(false));
            u64::from(passes) << bit
        });
        let mask = bits.sum();
        self.classes.number(mask)
    }

    /// Counts an event in or out of a window.
    #[inline]
    fn count(
        &mut self,
        window: usize,
        item: (u32, u32),
        values: &[i64],
        comes: bool,
        rows: &mut Rows,
        flips: &mut Flips,
    ) {
        let (customer, class) = item;
        let Some(window) = self.windows.get(window) else { return };
        let (mask, at) = (self.classes.mask(class), rows.at);
        let row = rows.row_mut(customer);
        for number in window.counts.iter().filter(|number| number.bit & mask != 0) {
            number.count(comes, customer, row, at, flips);
        }
        for number in window.sums.iter().filter(|number| number.bit & mask != 0) {
            let value = values.get(number.field).copied().unwrap_or(0);
            let Some(word) = row.get_mut(at.sums + number.slot) else { continue };
            let before = word.cast_signed();
            let (after, over) = if comes { before.overflowing_add(value) } else { before.overflowing_sub(value) };
            *word = after.cast_unsigned();
            if over {
                let above = self.above.entry((customer, number.slot)).or_default();
                *above += if before < 0 { -1 } else { 1 };
                if *above == 0 {
                    self.above.remove(&(customer, number.slot));
                }
            }
            let total = total(&self.above, customer, number.slot, after);
            number.settle(total, customer, row, flips);
        }
    }

    /// An event that came and was seen already: it is counted where it is inside, and will be later.
    pub(super) fn come(&mut self, item: Item, values: &[i64], rows: &mut Rows, flips: &mut Flips) {
        if self.count_in(item, values, rows, flips) {
            self.keep(item, values);
        }
    }

    /// Counts an event where it is inside; whether it will leave.
    #[inline]
    pub(super) fn count_in(&mut self, item: Item, values: &[i64], rows: &mut Rows, flips: &mut Flips) -> bool {
        let mut stays = false;
        for window in 0..self.windows.len() {
            let Some(of) = self.windows.get(window) else { continue };
            stays |= of.keeps(item.time);
            if item.time < of.edge {
                continue;
            }
            self.count(window, (item.customer, item.class), values, true, rows, flips);
        }
        stays
    }

    /// Takes an event into the order: what lies before the edge of a window is not waited for.
    pub(super) fn keep(&mut self, item: Item, values: &[i64]) {
        if self.order.add(item, values).is_some() {
            for window in self.windows.iter_mut().filter(|window| item.time < window.edge) {
                window.cursor += 1;
            }
        }
    }

    /// All that is due up to an instant; windows begin later by then. Where a window goes on by steps, none lies before
    /// that instant.
    pub(super) fn collect(&mut self, flow: u16, until: Timestamp, catalog: &Catalog, dues: &mut Dues) {
        let now = until.micros();
        for (number, window) in (0..COMES).zip(&mut self.windows) {
            let before = window.edge;
            window.go_on(until, catalog);
            let (low, high) = (before.min(window.edge), before.max(window.edge));
            let enters = window.edge < before;
            let cursor = if enters { self.order.place(window.edge) } else { window.cursor };
            let mut place = cursor;
            while let Some(item) = self.order.items.get(place).filter(|item| item.time < high) {
                let values = if window.sums.is_empty() { &[] } else { self.order.values(place) };
                dues.add(window.leaves_at(item.time).unwrap_or(now), item, flow, (number, enters), values);
                place += 1;
            }
            window.cursor = if enters { cursor } else { place };
            if !self.order.late.is_empty() {
                for (item, values) in self.order.late.between(low, high) {
                    dues.add(window.leaves_at(item.time).unwrap_or(now), item, flow, (number, enters), values);
                }
            }
        }
        while let Some((item, values)) = self.early.take(now) {
            dues.add(item.time, &item, flow, (COMES, true), &values);
            for (number, window) in (0..COMES).zip(&self.windows) {
                if let Some(at) = window.leaves_at(item.time).filter(|at| *at <= now) {
                    dues.add(at, &item, flow, (number, false), &values);
                }
            }
            if self.windows.iter().any(Window::moves) {
                self.keep(item, &values);
            }
        }
    }

    /// What was due happens.
    #[inline]
    pub(super) fn happen(&mut self, due: &Due, dues: &Dues, rows: &mut Rows, flips: &mut Flips) {
        let from = due.values as usize;
        let values = dues.values.get(from..from + self.order.width).unwrap_or_default();
        if due.window != COMES {
            self.count(due.window.into(), (due.customer, due.class), values, due.enters, rows, flips);
            return;
        }
        for window in 0..self.windows.len() {
            // Windows of a length hold the instant that it is.
            let inside = self.windows.get(window).is_some_and(|window| match window.from {
                From::Last(_) => true,
                From::Start(_) | From::Fixed(_) => due.at >= window.edge,
            });
            if inside {
                self.count(window, (due.customer, due.class), values, true, rows, flips);
            }
        }
    }

    /// The next instant at which an event leaves a window or comes into view.
    pub(super) fn next(&self) -> Option<i64> {
        let leaves = self.windows.iter().filter(|window| window.moves()).filter_map(|window| {
            let first = self.order.items.get(window.cursor).map(|first| first.time);
            let late = if self.order.late.is_empty() { None } else { self.order.late.first(window.edge) };
            window.leaves_at(first.into_iter().chain(late).min()?)
        });
        leaves.chain(self.step()).chain(self.early.first(i64::MIN)).min()
    }

    /// The next instant at which a window goes on by a step.
    pub(super) fn step(&self) -> Option<i64> {
        self.windows.iter().filter_map(|window| window.step).min()
    }

    /// Nothing was due up to an instant: windows begin later by then.
    pub(super) fn rest_until(&mut self, now: i64) {
        for window in &mut self.windows {
            window.rest(now);
        }
        self.shorten();
    }

    /// Lets go of events that have left all windows.
    fn shorten(&mut self) {
        let moving = self.windows.iter().filter(|window| window.moves());
        let gone = moving.clone().map(|window| window.gone(&self.order)).min().unwrap_or(self.order.items.len());
        let edge = moving.map(Window::first_kept).min().unwrap_or(i64::MAX);
        if gone > 1 << 12 && gone > self.order.items.len() / 2 {
            self.order.drop_first(gone);
            self.windows.iter_mut().for_each(|window| window.cursor = window.cursor.saturating_sub(gone));
        }
        if !self.order.late.is_empty() {
            while self.order.late.take(edge.saturating_sub(1)).is_some() {}
        }
    }

    /// The bits of a customer, from the numbers.
    pub(super) fn all_bits(&self, customer: u32, rows: &mut Rows, flips: &mut Flips) {
        let at = rows.at;
        let row = rows.row_mut(customer);
        for window in &self.windows {
            window.counts.iter().for_each(|number| number.settle(customer, row, at, flips));
            for number in &window.sums {
                let word = row.get(at.sums + number.slot).copied().unwrap_or(0);
                let total = total(&self.above, customer, number.slot, word.cast_signed());
                number.settle(total, customer, row, flips);
            }
        }
    }

    /// Lets go of the events of all who are gone.
    pub(super) fn keep_those_there(&mut self, is_there: impl Fn(u32) -> bool) {
        self.order.retain(&is_there);
        self.early.retain(&is_there);
        self.above.retain(|(customer, _), _| is_there(*customer));
        for window in &mut self.windows {
            window.cursor = self.order.place(window.edge);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.order.bytes() + self.early.bytes()
    }
}

/// A sum from what is in a word and what is above.
#[inline]
fn total(above: &FxHashMap<(u32, usize), i64>, customer: u32, slot: usize, word: i64) -> i128 {
    let above = if above.is_empty() { None } else { above.get(&(customer, slot)) };
    above.map_or(0, |above| i128::from(*above) << 64) + i128::from(word)
}
