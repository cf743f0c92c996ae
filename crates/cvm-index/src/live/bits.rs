//! Bits by customer: row after row, so that what is asked about one customer lies together.

/// A table of bits, a row for each customer.
#[derive(Debug, Default)]
pub(super) struct BitRows {
    words: Vec<u64>,
    /// Words in a row.
    stride: usize,
    rows: usize,
}

impl BitRows {
    /// Makes room; what is new is zero.
    pub(super) fn reserve(&mut self, rows: usize, columns: usize) {
        let stride = columns.div_ceil(64).max(self.stride);
        if stride != self.stride {
            let mut words = vec![0; stride * self.rows];
            if self.stride > 0 {
                for (to, from) in words.chunks_exact_mut(stride).zip(self.words.chunks_exact(self.stride)) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
            }
            self.words = words;
            self.stride = stride;
        }
        self.rows = rows.max(self.rows);
        self.words.resize(self.stride * self.rows, 0);
    }

    #[inline]
    pub(super) fn row(&self, row: u32) -> &[u64] {
        let from = row as usize * self.stride;
        self.words.get(from..from + self.stride).unwrap_or_default()
    }

    #[inline]
    pub(super) fn get(&self, row: u32, column: usize) -> bool {
        holds(self.row(row), column)
    }

    /// Sets a bit, and says whether it was another one.
    #[inline]
    pub(super) fn set(&mut self, row: u32, column: usize, value: bool) -> bool {
        let Some(word) = self.words.get_mut(row as usize * self.stride + column / 64) else { return false };
        let (mask, before) = (1 << (column % 64), *word);
        *word = if value { before | mask } else { before & !mask };
        *word != before
    }

    /// Sets a whole row to zero.
    pub(super) fn wipe(&mut self, row: u32) {
        let from = row as usize * self.stride;
        self.words.get_mut(from..from + self.stride).unwrap_or_default().fill(0);
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
}

#[inline]
pub(super) fn holds(row: &[u64], column: usize) -> bool {
    row.get(column / 64).is_some_and(|word| word >> (column % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_stay_where_they_are_when_there_is_more_room() {
        let mut bits = BitRows::default();
        bits.reserve(3, 2);
        assert!(bits.set(1, 1, true) && !bits.set(1, 1, true) && bits.set(2, 0, true));
        bits.reserve(5, 130);
        assert!(bits.get(1, 1) && bits.get(2, 0) && !bits.get(1, 0) && !bits.get(4, 129));
        assert!(bits.set(4, 129, true) && bits.get(4, 129));
        bits.wipe(1);
        assert!(!bits.get(1, 1) && bits.get(2, 0));
    }
}
