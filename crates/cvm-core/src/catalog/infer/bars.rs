//! Is a column of text one of lists, written `a|b|c`?

use super::distinct::Distinct;

/// At least so many rows have several items, …
const MIN_ROWS: u64 = 3;

/// … which is at least one row in so many.
const MIN_SHARE: u64 = 10;

/// More different items than this are no tags.
const MAX_ITEMS: usize = 1000;

/// After so many values without a bar, none is expected.
const PATIENCE: u64 = 4096;

#[derive(Debug)]
pub(super) struct Bars {
    values: u64,
    rows: u64,
    items: u64,
    distinct: Distinct,
    pub(super) live: bool,
}

impl Bars {
    pub(super) fn new() -> Self {
        Self { values: 0, rows: 0, items: 0, distinct: Distinct::new(MAX_ITEMS), live: true }
    }

    #[inline]
    pub(super) fn observe(&mut self, text: &str) {
        self.values += 1;
        if !text.as_bytes().contains(&b'|') {
            self.item(text);
            self.live &= self.values < PATIENCE || self.rows * MIN_SHARE * 2 > self.values;
            return;
        }
        self.rows += 1;
        for item in text.split('|') {
            self.item(item.trim());
        }
    }

    #[inline]
    fn item(&mut self, item: &str) {
        self.items += 1;
        if item.is_empty() {
            self.live = false;
        }
        self.distinct.add(item);
    }

    /// Several rows have several items, no item is empty, and items recur: twice on average.
    pub(super) fn are_lists(&self) -> bool {
        let recur = self.distinct.len().and_then(|n| u64::try_from(n).ok()).is_some_and(|n| n * 2 <= self.items);
        self.live && self.rows >= MIN_ROWS && self.rows * MIN_SHARE >= self.values && recur
    }
}
