//! Sets of rows, one bit each.

use crate::wide::wide;

/// A set of rows of one table: bit `i` says whether row `i` is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bitmap {
    /// Bits beyond the length are zero.
    words: Vec<u64>,
    len: usize,
}

/// Fewer rows than this are not worth another thread.
const ROWS_A_THREAD: usize = 1 << 16;

/// Rows in a word.
pub(crate) const WORD: usize = 64;

impl Bitmap {
    pub(crate) fn constant(len: usize, value: bool) -> Self {
        let mut out = Self { words: vec![if value { u64::MAX } else { 0 }; len.div_ceil(WORD)], len };
        out.trim();
        out
    }

    /// Filled by `fill`, which is given the first row and the words of a stretch; several threads take one each.
    pub(crate) fn filled(len: usize, threads: usize, fill: impl Fn(usize, &mut [u64]) + Sync) -> Self {
        let mut out = Self { words: vec![0; len.div_ceil(WORD)], len };
        let threads = threads.min(len / ROWS_A_THREAD).max(1);
        if threads == 1 {
            fill(0, &mut out.words);
        } else {
            let each = out.words.len().div_ceil(threads);
            std::thread::scope(|scope| {
                // The first stretch is this thread's own: to begin another one takes as long as many stretches do.
                let mut parts = out.words.chunks_mut(each).enumerate();
                let own = parts.next();
                for (i, words) in parts {
                    let fill = &fill;
                    scope.spawn(move || fill(i * each * WORD, words));
                }
                own.into_iter().for_each(|(_, words)| fill(0, words));
            });
        }
        out.trim();
        out
    }

    pub(crate) fn from_bools(bools: impl ExactSizeIterator<Item = bool>) -> Self {
        let len = bools.len();
        let mut words = vec![0_u64; len.div_ceil(WORD)];
        for (i, value) in bools.enumerate() {
            if let (true, Some(word)) = (value, words.get_mut(i / WORD)) {
                *word |= 1 << (i % WORD);
            }
        }
        Self { words, len }
    }

    /// The set of these words; what lies beyond the length is dropped.
    pub(crate) fn from_words(words: Vec<u64>, len: usize) -> Self {
        let mut out = Self { words, len };
        out.words.resize(len.div_ceil(WORD), 0);
        out.trim();
        out
    }

    fn trim(&mut self) {
        let over = self.len % WORD;
        if let (Some(last), true) = (self.words.last_mut(), over > 0) {
            *last &= (1 << over) - 1;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn bytes(&self) -> usize {
        self.words.len() * 8
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    #[inline]
    pub(crate) fn holds(&self, row: usize) -> bool {
        self.words.get(row / WORD).is_some_and(|word| word >> (row % WORD) & 1 == 1)
    }

    /// How many rows are in.
    #[cfg(test)]
    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The rows that are in, ascending.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(i, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                Some(i * WORD + bit)
            })
        })
    }

    pub(crate) fn and(&mut self, other: &Self) {
        put(&mut self.words, &other.words, |a, b| a & b);
    }

    /// Adds the rows that another set lacks.
    pub(crate) fn or_not(&mut self, other: &Self) {
        put(&mut self.words, &other.words, |a, b| a | !b);
        self.trim();
    }

    /// Takes the rows of another set out.
    pub(crate) fn and_not(&mut self, other: &Self) {
        put(&mut self.words, &other.words, |a, b| a & !b);
    }

    pub(crate) fn or(&mut self, other: &Self) {
        put(&mut self.words, &other.words, |a, b| a | b);
    }

    /// Turns every row round.
    pub(crate) fn not(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }
}

/// Words put together with others, word by word.
fn put(own: &mut [u64], other: &[u64], how: impl Fn(u64, u64) -> u64) {
    wide(
        #[inline(always)]
        || {
            // A loop, not `for_each`: that would be a function of its own, made for every processor.
            for (a, b) in own.iter_mut().zip(other) {
                *a = how(*a, *b);
            }
        },
    );
}

/// Whether each value passes, as bits: 64 values become a word. Written so that compilers compare many at once.
#[inline(always)]
pub(crate) fn test_into<T: Copy>(values: &[T], words: &mut [u64], test: impl Fn(T) -> bool) {
    let (whole, rest) = values.as_chunks::<WORD>();
    // A length that is known is what lets compilers do so.
    for (chunk, word) in whole.iter().zip(&mut *words) {
        let mut bytes = [0_u8; WORD];
        for (byte, value) in bytes.iter_mut().zip(chunk) {
            *byte = u8::from(test(*value));
        }
        *word = packed(&bytes);
    }
    if let Some(last) = words.get_mut(whole.len()) {
        *last = (0..).zip(rest).fold(0, |bits, (i, value)| bits | u64::from(test(*value)) << i);
    }
}

/// 64 zeros and ones as bits, the first one lowest.
#[inline(always)]
fn packed(bytes: &[u8; WORD]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().enumerate().fold(0, |word, (i, eight)| {
        // One multiplication moves the lowest bit of byte `i` to bit 56 + `i`, without carries.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word | bits << (8 * i)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wide::tests::all_widths;

    #[test]
    fn bits_are_where_the_values_were() {
        all_widths(bits_of_values);
    }

    fn bits_of_values() {
        for len in [0, 1, 7, 63, 64, 65, 200] {
            let values: Vec<u32> = (0..len).map(|i| ((i * 2_654_435_761_u64) >> 3) as u32 % 7).collect();
            let bitmap = Bitmap::filled(values.len(), 2, |first, words| {
                test_into(values.get(first..).unwrap_or_default(), words, |v| v < 3);
            });
            let expected: Vec<usize> = (0..values.len()).filter(|i| values[*i] < 3).collect();
            assert_eq!(bitmap.rows().collect::<Vec<_>>(), expected);
            assert_eq!(bitmap.count(), expected.len() as u64);
            let mut turned = bitmap.clone();
            turned.not();
            assert_eq!(turned.count() + bitmap.count(), len);
            assert_eq!(bitmap, Bitmap::from_bools(values.iter().map(|v| *v < 3)));
            turned.or(&bitmap);
            assert_eq!(turned, Bitmap::constant(values.len(), true));
        }
    }

    #[test]
    fn threads_meet_at_the_seams() {
        let len = 3 * ROWS_A_THREAD + 77;
        let alone = Bitmap::filled(len, 1, |first, words| mark(first, len, words));
        for threads in 2..6 {
            assert_eq!(Bitmap::filled(len, threads, |first, words| mark(first, len, words)), alone);
        }
        assert_eq!(alone.count(), len.div_ceil(3) as u64);
    }

    fn mark(first: usize, len: usize, words: &mut [u64]) {
        let values: Vec<usize> = (first..len).collect();
        test_into(&values, words, |row| row % 3 == 0);
    }
}
