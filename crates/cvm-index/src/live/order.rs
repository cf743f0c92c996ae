//! Events in the order of time.

use std::collections::BTreeMap;

/// An event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) time: i64,
    pub(super) customer: u32,
    /// The number of the set of `where` that it passes.
    pub(super) class: u32,
}

/// An event in the order so far from its end is kept beside it: fewer than this are moved.
const MOVED: usize = 1 << 12;

/// Events that may still leave a window, by time, each with the values that are summed.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) items: Vec<Item>,
    values: Vec<i64>,
    /// How many values each has.
    pub(super) width: usize,
    /// Those that came after much later ones.
    pub(super) late: Beside,
}

/// An event with the values that are summed.
type Valued = (Item, Box<[i64]>);

/// Events apart, by time.
#[derive(Debug, Default)]
pub(super) struct Beside {
    items: BTreeMap<(i64, u64), Valued>,
    /// How many came: tells those of the same time apart.
    number: u64,
}

impl Order {
    pub(super) fn values(&self, at: usize) -> &[i64] {
        self.values.get(at * self.width..(at + 1) * self.width).unwrap_or_default()
    }

    /// Takes an event in; gives its place, where it is not beside the others.
    pub(super) fn add(&mut self, item: Item, values: &[i64]) -> Option<usize> {
        if self.items.last().is_none_or(|last| last.time <= item.time) {
            self.items.push(item);
            self.values.extend_from_slice(values);
            return Some(self.items.len() - 1);
        }
        let from = self.items.len().saturating_sub(MOVED);
        let moved = self.items.get(from..).unwrap_or_default();
        let at = moved.partition_point(|known| known.time <= item.time);
        if at == 0 && from > 0 {
            self.late.add(item, values);
            return None;
        }
        self.items.insert(from + at, item);
        let place = (from + at) * self.width;
        self.values.splice(place..place, values.iter().copied());
        Some(from + at)
    }

    /// Takes an event in, wherever it belongs: sorted at the end.
    pub(super) fn push(&mut self, item: Item, values: &[i64]) {
        self.items.push(item);
        self.values.extend_from_slice(values);
    }

    pub(super) fn sort(&mut self) {
        let mut by_time: Vec<usize> = (0..self.items.len()).collect();
        by_time.sort_by_key(|at| self.items.get(*at).map(|item| item.time));
        self.pick(&by_time);
    }

    /// Keeps the events of those who are wanted.
    pub(super) fn retain(&mut self, wanted: impl Fn(u32) -> bool) {
        let numbered = self.items.iter().enumerate();
        let kept: Vec<usize> = numbered.filter(|(_, item)| wanted(item.customer)).map(|(at, _)| at).collect();
        self.pick(&kept);
        self.late.retain(wanted);
    }

    fn pick(&mut self, places: &[usize]) {
        self.values = places.iter().flat_map(|at| self.values(*at)).copied().collect();
        self.items = places.iter().filter_map(|at| self.items.get(*at)).copied().collect();
    }

    /// Lets go of the first ones.
    pub(super) fn drop_first(&mut self, many: usize) {
        self.items.drain(..many);
        self.values.drain(..many * self.width);
    }

    /// The place of the first one that is not earlier.
    pub(super) fn place(&self, time: i64) -> usize {
        self.items.partition_point(|item| item.time < time)
    }

    pub(super) fn bytes(&self) -> usize {
        self.items.capacity() * size_of::<Item>() + self.values.capacity() * 8 + self.late.bytes()
    }
}

impl Beside {
    pub(super) fn add(&mut self, item: Item, values: &[i64]) {
        self.number += 1;
        self.items.insert((item.time, self.number), (item, values.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The first that is not earlier.
    pub(super) fn first(&self, time: i64) -> Option<i64> {
        self.items.range((time, 0)..).next().map(|((time, _), _)| *time)
    }

    /// Those from one instant on and before another.
    pub(super) fn between(&self, from: i64, to: i64) -> impl Iterator<Item = &Valued> {
        self.items.range((from, 0)..(to.max(from), 0)).map(|(_, item)| item)
    }

    /// Takes the first one, if it is not later.
    pub(super) fn take(&mut self, until: i64) -> Option<Valued> {
        self.items.first_entry().filter(|first| first.key().0 <= until).map(|first| first.remove())
    }

    pub(super) fn retain(&mut self, wanted: impl Fn(u32) -> bool) {
        self.items.retain(|_, (item, _)| wanted(item.customer));
    }

    pub(super) fn bytes(&self) -> usize {
        self.items.values().map(|(_, values)| size_of::<Item>() + 40 + values.len() * 8).sum()
    }
}
