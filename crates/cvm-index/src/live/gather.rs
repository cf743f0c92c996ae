//! Running numbers made of all events that there are.

use cvm_core::{History, Matcher, Timestamp, Value};

use super::fast::{From, Number};
use super::flow::{Column, Flow, Item, Where, Window, digits};
use super::leaf::Leaf;
use super::people::People;
use super::state::Live;

/// More different `where` than a word has bits are asked one by one.
const WHERES: usize = 64;

impl Live {
    /// Makes the running numbers of streams anew, for the conditions that there are by now.
    pub(super) fn gather(&mut self, streams: impl IntoIterator<Item = usize>) {
        for stream in streams {
            let fast = (0..).zip(&self.leaves).filter_map(|(number, leaf)| Some((number, leaf.as_ref()?)));
            let fast: Vec<(u32, &Leaf)> = fast.filter(|(_, leaf)| leaf.stream() == Some(stream)).collect();
            let flow = Flow::of(stream, &fast, &self.people, self.now);
            if let Some(place) = self.flows.get_mut(stream) {
                *place = flow;
            }
        }
    }
}

impl Flow {
    fn of(stream: usize, leaves: &[(u32, &Leaf)], people: &People, now: Timestamp) -> Option<Self> {
        let mut flow = Self { stream, ..Self::default() };
        for (number, leaf) in leaves {
            flow.column(*number, leaf, people, now);
        }
        if flow.windows.is_empty() {
            return None;
        }
        flow.reserve(people.len());
        let asks = flow.wheres.iter().any(|one| one.matcher.is_some())
            || flow.windows.iter().flat_map(|window| &window.columns).any(|column| column.what != Number::Count);
        let nothing = History::default();
        for customer in people.numbers() {
            people.each_event(customer, stream, asks, |time, at, properties| {
                let mask = flow.mask(properties, now, &nothing);
                flow.put(&Item { time, customer, mask, at }, properties, now.micros());
            });
        }
        flow.order.sort_by_key(|item| item.time);
        for window in &mut flow.windows {
            window.cursor = flow.order.partition_point(|item| item.time < window.edge);
        }
        flow.find_next();
        Some(flow)
    }

    fn column(&mut self, leaf: u32, of: &Leaf, people: &People, now: Timestamp) {
        let Some(fast) = &of.fast else { return };
        let filter = fast.measured.rows.filter.as_ref();
        let text = filter.map(|filter| format!("{filter:?}")).unwrap_or_default();
        let known = self.wheres.iter().position(|known| known.text == text);
        let bit = known.unwrap_or_else(|| {
            let matcher = filter.map(|filter| Matcher::of(filter, &people.catalog));
            self.wheres.push(Where { text, matcher });
            self.wheres.len() - 1
        });
        let width = if fast.what == Number::Count { &mut self.counted } else { &mut self.summed };
        let slot = *width;
        *width += 1;
        let table = (0..64).map(|n| u64::from(fast.measured.verdict(&Value::Int(n))) << n).sum();
        let measured = fast.measured.clone();
        let column = Column { leaf, bit: 1 << bit, slot, what: fast.what, table, measured };
        match self.windows.iter_mut().find(|window| window.from == fast.window) {
            Some(window) => window.columns.push(column),
            None => {
                let edge = match fast.window {
                    From::Last(length) => now.micros().saturating_sub(length),
                    From::Fixed(at) => at,
                };
                self.windows.push(Window { from: fast.window, edge, cursor: 0, columns: vec![column] });
            }
        }
    }

    /// Counts an event without telling anybody.
    fn put(&mut self, item: &Item, properties: &[Value], now: i64) {
        if item.time > now {
            self.number += 1;
            self.early.insert((item.time, self.number), *item);
            return;
        }
        let mut stays = false;
        for window in self.windows.iter().filter(|window| item.time >= window.edge) {
            stays |= matches!(window.from, From::Last(_));
            for column in window.columns.iter().filter(|column| column.bit & item.mask != 0) {
                match column.what {
                    Number::Count => {
                        let at = item.customer as usize * self.counted + column.slot;
                        if let Some(cell) = self.counts.get_mut(at) {
                            *cell += 1;
                        }
                    }
                    Number::Sum { field, scale } => {
                        let at = item.customer as usize * self.summed + column.slot;
                        if let Some(cell) = self.sums.get_mut(at) {
                            *cell += properties.get(field).map_or(0, |value| digits(value, scale));
                        }
                    }
                }
            }
        }
        if stays {
            self.order.push(*item);
        }
    }
}

/// Whether one more condition still has a bit among the `where` of its stream.
pub(super) fn has_bit(leaves: &[Option<Leaf>], new: &[(usize, Leaf)], one: &Leaf) -> bool {
    let Some(fast) = &one.fast else { return false };
    let others = leaves.iter().flatten().chain(new.iter().map(|(_, leaf)| leaf));
    let others = others.filter_map(|leaf| leaf.fast.as_ref()).filter(|other| other.stream == fast.stream);
    let mut texts: Vec<String> = others.map(|other| format!("{:?}", other.measured.rows.filter)).collect();
    texts.push(format!("{:?}", fast.measured.rows.filter));
    texts.sort_unstable();
    texts.dedup();
    texts.len() <= WHERES
}
