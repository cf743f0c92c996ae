//! Running numbers made of all events that there are.

use cvm_core::{History, Matcher, Timestamp, Value};

use super::fast::{Fast, Number};
use super::flow::{Flow, Where};
use super::leaf::Leaf;
use super::number::{Counted, Summed, field_of};
use super::order::Item;
use super::people::People;
use super::rows::{Rows, Width};
use super::state::Live;
use super::window::Window;

/// More different `where` than a word has bits are asked one by one.
const WHERES: usize = 64;

/// Places in rows that running numbers have, and had.
#[derive(Debug, Default)]
pub(super) struct Slots {
    pub(super) counts: usize,
    pub(super) sums: usize,
    free_counts: Vec<usize>,
    free_sums: Vec<usize>,
}

/// A value that no running sum takes.
pub(super) struct TooLarge;

impl Live {
    /// Makes the running numbers of streams anew, for the conditions that there are by now.
    pub(super) fn gather(&mut self, streams: impl IntoIterator<Item = usize>) {
        for stream in streams {
            if self.gathered(stream).is_err() {
                // Sums are asked one by one then.
                let mut sums = Vec::new();
                for (number, leaf) in self.leaves.iter_mut().enumerate() {
                    let Some(leaf) = leaf else { continue };
                    if leaf.fast.as_ref().is_some_and(|fast| fast.stream == stream && fast.what != Number::Count) {
                        leaf.fast = None;
                        sums.push(number);
                    }
                }
                let _counts = self.gathered(stream);
                (0..)
                    .take(self.people.len())
                    .filter(|customer| self.people.is_there(*customer))
                    .collect::<Vec<u32>>()
                    .into_iter()
                    .for_each(|customer| self.judge(customer, &sums));
                self.flips.clear();
            }
        }
        self.index_leaves();
    }

    fn gathered(&mut self, stream: usize) -> Result<(), TooLarge> {
        let Some(place) = self.flows.get_mut(stream) else { return Ok(()) };
        for window in place.take().iter().flat_map(|flow| &flow.windows) {
            self.slots.free_counts.extend(window.counts.iter().map(|number| number.slot));
            self.slots.free_sums.extend(window.sums.iter().map(|number| number.slot));
        }
        let fast = (0..).zip(&self.leaves).filter_map(|(number, leaf)| Some((number, leaf.as_ref()?)));
        let mut flow = Flow::default();
        for (number, leaf) in fast {
            if let Some(fast) = leaf.fast.as_ref().filter(|fast| fast.stream == stream) {
                flow.number(number, fast, &self.people, self.now, &mut self.slots, &mut self.rows);
            }
        }
        if flow.windows.is_empty() {
            return Ok(());
        }
        flow.order.width = flow.fields.len();
        self.make_room();
        flow.fill(stream, &self.people, self.now, &mut self.rows)?;
        if let Some(place) = self.flows.get_mut(stream) {
            *place = Some(flow);
        }
        Ok(())
    }
}

impl Slots {
    fn count(&mut self, rows: &mut Rows) -> usize {
        if let Some(free) = self.free_counts.pop() {
            rows.wipe_count(free);
            return free;
        }
        self.counts += 1;
        self.counts - 1
    }

    fn sum(&mut self, rows: &mut Rows) -> usize {
        if let Some(free) = self.free_sums.pop() {
            rows.wipe_sum(free);
            return free;
        }
        self.sums += 1;
        self.sums - 1
    }

    pub(super) fn width(&self, leaves: usize, segments: usize) -> Width {
        Width { leaves, segments, counts: self.counts, sums: self.sums }
    }
}

impl Flow {
    /// Takes a condition in: its number may be there already.
    fn number(&mut self, leaf: u32, fast: &Fast, people: &People, now: Timestamp, slots: &mut Slots, rows: &mut Rows) {
        let filter = fast.measured.rows.filter.as_ref();
        let text = filter.map(|filter| format!("{filter:?}")).unwrap_or_default();
        let known = self.wheres.iter().position(|known| known.text == text);
        let place = known.unwrap_or_else(|| {
            let matcher = filter.map(|filter| Matcher::of(filter, &people.catalog));
            self.wheres.push(Where { text, matcher });
            self.wheres.len() - 1
        });
        let bit = 1 << place;
        let field = field_of(fast.what).map(|field| {
            let known = self.fields.iter().position(|known| *known == field);
            known.unwrap_or_else(|| {
                self.fields.push(field);
                self.fields.len() - 1
            })
        });
        let known = self.windows.iter().position(|window| window.from == fast.window);
        let at = known.unwrap_or_else(|| {
            self.windows.push(Window::new(fast.window.clone(), now, &people.catalog));
            self.windows.len() - 1
        });
        let Some(window) = self.windows.get_mut(at) else { return };
        match (field, fast.what) {
            (Some(field), Number::Sum { scale, .. }) => {
                let known = window.sums.iter().position(|sum| sum.bit == bit && sum.field == field);
                let known = known.unwrap_or_else(|| {
                    window.sums.push(Summed::new(bit, slots.sum(rows), field, scale));
                    window.sums.len() - 1
                });
                window.sums.iter_mut().skip(known).take(1).for_each(|sum| sum.ask(leaf, fast));
            }
            _ => {
                let known = window.counts.iter().position(|count| count.bit == bit);
                let known = known.unwrap_or_else(|| {
                    window.counts.push(Counted::new(bit, slots.count(rows)));
                    window.counts.len() - 1
                });
                window.counts.iter_mut().skip(known).take(1).for_each(|count| count.ask(leaf, fast));
            }
        }
    }

    /// Counts all events without telling anybody: bits are right already.
    fn fill(&mut self, stream: usize, people: &People, now: Timestamp, rows: &mut Rows) -> Result<(), TooLarge> {
        let asks = !self.fields.is_empty() || self.wheres.iter().any(|one| one.matcher.is_some());
        let nothing = History::default();
        let (mut flips, mut values, mut fits) = (Vec::new(), Vec::new(), true);
        for customer in people.numbers() {
            people.each_event(customer, stream, asks, |time, properties| {
                let item = Item { time, customer, class: self.class(properties, now, &nothing) };
                fits &= self.values(properties, &mut values);
                if time > now.micros() {
                    self.early.add(item, &values);
                    return;
                }
                if self.count_in(item, &values, rows, &mut flips) {
                    self.order.push(item, &values);
                }
                flips.clear();
            });
            // Numbers on the way there turn bits that were right.
            self.all_bits(customer, rows, &mut flips);
            flips.clear();
        }
        self.order.sort();
        for window in &mut self.windows {
            window.cursor = self.order.place(window.edge);
        }
        if fits { Ok(()) } else { Err(TooLarge) }
    }

    /// The values of an event that are summed; whether all have a place.
    pub(super) fn values(&self, properties: &[Value], out: &mut Vec<i64>) -> bool {
        out.clear();
        let mut fits = true;
        out.extend(self.fields.iter().map(|(field, scale)| {
            let digits = properties.get(*field).map_or(0, |value| digits(value, *scale));
            i64::try_from(digits).unwrap_or_else(|_| {
                fits = false;
                0
            })
        }));
        fits
    }
}

/// The value of a field as a whole number; 0 where it is missing.
fn digits(value: &Value, scale: u8) -> i128 {
    match value {
        Value::Int(i) => i128::from(*i),
        Value::Decimal(decimal) if decimal.scale() == scale => decimal.digits(),
        Value::Decimal(decimal) => decimal.rescale(scale).map_or(0, cvm_core::Decimal::digits),
        _ => 0,
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
