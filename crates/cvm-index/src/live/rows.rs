//! A row of words for each customer: which conditions hold, in which segments the customer is, and running numbers. What
//! an event touches lies together, in as few lines of the processor's cache as it fits.

/// Words of a line of the cache.
const LINE: usize = 8;

/// Where in a row its parts begin; conditions come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) inside: usize,
    pub(super) counts: usize,
    pub(super) sums: usize,
    /// The key, where keys are whole numbers.
    key: usize,
    stride: usize,
}

/// How many there are of each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Width {
    pub(super) leaves: usize,
    pub(super) segments: usize,
    pub(super) counts: usize,
    pub(super) sums: usize,
}

/// A row for each customer.
#[derive(Debug, Default)]
pub(super) struct Rows {
    words: Vec<u64>,
    /// Words before the first row, so that rows begin with a line.
    skip: usize,
    len: usize,
    room: usize,
    /// Words of each part.
    width: Width,
    /// Whether rows hold keys.
    keyed: bool,
    pub(super) at: Layout,
}

impl Rows {
    /// Without rows; those to come have a place for a key that is a whole number.
    pub(super) fn keyed(keyed: bool) -> Self {
        Self { keyed, ..Self::default() }
    }

    pub(super) fn set_key(&mut self, row: u32, key: i64) {
        let at = self.at.key;
        if self.keyed
            && let Some(word) = self.row_mut(row).get_mut(at)
        {
            *word = key.cast_unsigned();
        }
    }

    /// The key, where rows hold keys.
    #[inline]
    pub(super) fn key(&self, row: &[u64]) -> Option<i64> {
        if self.keyed { row.get(self.at.key).map(|word| word.cast_signed()) } else { None }
    }

    /// Makes room; what is new is zero.
    pub(super) fn reserve(&mut self, len: usize, width: Width) {
        let words = Width {
            leaves: width.leaves.div_ceil(64).max(self.width.leaves),
            segments: width.segments.div_ceil(64).max(self.width.segments),
            counts: width.counts.div_ceil(2).max(self.width.counts),
            sums: width.sums.max(self.width.sums),
        };
        let counts = words.leaves + words.segments;
        let sums = counts + words.counts;
        let key = sums + words.sums;
        let all = key + usize::from(self.keyed);
        // No row of less than a line lies in two of them.
        let stride = if all > LINE { all.next_multiple_of(LINE) } else { all.next_power_of_two() };
        let at = Layout { inside: words.leaves, counts, sums, key, stride };
        if at == self.at && len <= self.room {
            (self.width, self.len) = (words, len.max(self.len));
            return;
        }
        let room = if len <= self.room || self.room == 0 { len.max(self.room) } else { len + len / 8 };
        let mut new = vec![0; room * stride + LINE];
        let skip = new.as_ptr().align_offset(LINE * 8).min(LINE);
        let parts = [
            (0, 0, self.width.leaves),
            (self.at.inside, at.inside, self.width.segments),
            (self.at.counts, at.counts, self.width.counts),
            (self.at.sums, at.sums, self.width.sums),
            (self.at.key, at.key, usize::from(self.keyed)),
        ];
        for row in 0..self.len {
            for (from, to, many) in parts {
                let from = self.skip + row * self.at.stride + from;
                let to = skip + row * stride + to;
                if let (Some(from), Some(to)) = (self.words.get(from..from + many), new.get_mut(to..to + many)) {
                    to.copy_from_slice(from);
                }
            }
        }
        (self.words, self.skip, self.room) = (new, skip, room);
        (self.width, self.at, self.len) = (words, at, len.max(self.len));
    }

    #[inline]
    pub(super) fn row(&self, row: u32) -> &[u64] {
        let from = self.skip + row as usize * self.at.stride;
        self.words.get(from..from + self.at.stride).unwrap_or_default()
    }

    #[inline]
    pub(super) fn row_mut(&mut self, row: u32) -> &mut [u64] {
        let from = self.skip + row as usize * self.at.stride;
        self.words.get_mut(from..from + self.at.stride).unwrap_or_default()
    }

    /// Fetches rows that are wanted soon, all at once: one after the other each would be waited for.
    #[inline]
    pub(super) fn fetch(&self, rows: impl Iterator<Item = u32>) {
        let mut seen = 0;
        for row in rows {
            let row = self.row(row);
            seen ^= row.first().copied().unwrap_or(0) ^ row.last().copied().unwrap_or(0);
        }
        std::hint::black_box(seen);
    }

    /// Whether a customer is in a segment.
    #[inline]
    pub(super) fn is_inside(&self, row: u32, segment: usize) -> bool {
        holds(self.row(row), self.at.inside * 64 + segment)
    }

    /// Sets a condition's bit, and says whether it was another one.
    #[inline]
    pub(super) fn set(&mut self, row: u32, leaf: usize, value: bool) -> bool {
        set(self.row_mut(row), leaf, value)
    }

    /// Sets whether a customer is in a segment, and says whether that is new.
    #[inline]
    pub(super) fn set_inside(&mut self, row: u32, segment: usize, value: bool) -> bool {
        let bit = self.at.inside * 64 + segment;
        set(self.row_mut(row), bit, value)
    }

    /// Sets a whole row to zero.
    pub(super) fn wipe(&mut self, row: u32) {
        self.row_mut(row).fill(0);
    }

    /// Sets a count of everybody to zero.
    pub(super) fn wipe_count(&mut self, slot: usize) {
        let at = self.at.counts + slot / 2;
        for row in (0..).take(self.len) {
            if let Some(word) = self.row_mut(row).get_mut(at) {
                *word &= !(u64::from(u32::MAX) << (slot % 2 * 32));
            }
        }
    }

    /// Sets a sum of everybody to zero.
    pub(super) fn wipe_sum(&mut self, slot: usize) {
        let at = self.at.sums + slot;
        for row in (0..).take(self.len) {
            if let Some(word) = self.row_mut(row).get_mut(at) {
                *word = 0;
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
}

#[inline]
pub(super) fn holds(row: &[u64], bit: usize) -> bool {
    row.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

#[inline]
pub(super) fn set(row: &mut [u64], bit: usize, value: bool) -> bool {
    let Some(word) = row.get_mut(bit / 64) else { return false };
    let (mask, before) = (1 << (bit % 64), *word);
    *word = if value { before | mask } else { before & !mask };
    *word != before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_stays_where_it_is_when_there_is_more_room() {
        let mut rows = Rows::default();
        rows.reserve(3, Width { leaves: 2, segments: 3, counts: 3, sums: 1 });
        assert!(rows.set(1, 1, true) && !rows.set(1, 1, true) && rows.set(2, 0, true));
        assert!(rows.set_inside(1, 2, true) && !rows.set_inside(1, 2, true));
        let (counts, sums) = (rows.at.counts, rows.at.sums);
        rows.row_mut(1)[counts + 1] = 77;
        rows.row_mut(2)[sums] = 99;
        rows.reserve(50, Width { leaves: 130, segments: 65, counts: 5, sums: 9 });
        assert!(holds(rows.row(1), 1) && holds(rows.row(2), 0) && !holds(rows.row(1), 0) && !holds(rows.row(4), 129));
        assert!(rows.is_inside(1, 2) && !rows.is_inside(2, 2));
        assert!(rows.set(49, 129, true) && holds(rows.row(49), 129));
        assert_eq!((rows.row(1)[rows.at.counts + 1], rows.row(2)[rows.at.sums]), (77, 99));
        rows.wipe_count(3);
        rows.wipe_count(2);
        rows.wipe_sum(0);
        assert_eq!((rows.row(1)[rows.at.counts + 1], rows.row(2)[rows.at.sums]), (0, 0));
        rows.wipe(1);
        assert!(!holds(rows.row(1), 1) && !rows.is_inside(1, 2) && holds(rows.row(2), 0));
    }
}
