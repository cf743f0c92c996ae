//! MD5 of many short texts that begin alike (R. Rivest, RFC 1321): many at once, each step for all of them, which is what
//! processors do with vectors.

/// So many at once. Compilers take fewer apart instead of making vectors of them.
pub(super) const LANES: usize = 32;

type Lane = [u32; LANES];

const BLOCK: usize = 64;
/// A block ends with a byte that says so, and the length.
const ROOM: usize = BLOCK - 9;
const BEGIN: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
/// The whole parts of 2³² · |sin i|, from 1 on.
const SINES: [[u32; 16]; 4] = [
    [
        0xd76a_a478,
        0xe8c7_b756,
        0x2420_70db,
        0xc1bd_ceee,
        0xf57c_0faf,
        0x4787_c62a,
        0xa830_4613,
        0xfd46_9501,
        0x6980_98d8,
        0x8b44_f7af,
        0xffff_5bb1,
        0x895c_d7be,
        0x6b90_1122,
        0xfd98_7193,
        0xa679_438e,
        0x49b4_0821,
    ],
    [
        0xf61e_2562,
        0xc040_b340,
        0x265e_5a51,
        0xe9b6_c7aa,
        0xd62f_105d,
        0x0244_1453,
        0xd8a1_e681,
        0xe7d3_fbc8,
        0x21e1_cde6,
        0xc337_07d6,
        0xf4d5_0d87,
        0x455a_14ed,
        0xa9e3_e905,
        0xfcef_a3f8,
        0x676f_02d9,
        0x8d2a_4c8a,
    ],
    [
        0xfffa_3942,
        0x8771_f681,
        0x6d9d_6122,
        0xfde5_380c,
        0xa4be_ea44,
        0x4bde_cfa9,
        0xf6bb_4b60,
        0xbebf_bc70,
        0x289b_7ec6,
        0xeaa1_27fa,
        0xd4ef_3085,
        0x0488_1d05,
        0xd9d4_d039,
        0xe6db_99e5,
        0x1fa2_7cf8,
        0xc4ac_5665,
    ],
    [
        0xf429_2244,
        0x432a_ff97,
        0xab94_23a7,
        0xfc93_a039,
        0x655b_59c3,
        0x8f0c_cc92,
        0xffef_f47d,
        0x8584_5dd1,
        0x6fa8_7e4f,
        0xfe2c_e6e0,
        0xa301_4314,
        0x4e08_11a1,
        0xf753_7e82,
        0xbd3a_f235,
        0x2ad7_d2bb,
        0xeb86_d391,
    ],
];

/// How all of the texts begin.
pub(super) struct Begun {
    state: [u32; 4],
    /// The last block, with what of the beginning is in it.
    block: [u8; BLOCK],
    rest: usize,
    bits: u64,
}

impl Begun {
    pub(super) fn new(text: &[u8]) -> Self {
        let (whole, rest) = text.as_chunks::<BLOCK>();
        let mut state = BEGIN;
        for block in whole {
            // All lanes hold the same.
            let [a, b, c, d] = digest(state, &[*block; LANES]);
            state = [a, b, c, d].map(|[first, ..]| first);
        }
        let mut block = [0; BLOCK];
        block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Self { state, block, rest: rest.len(), bits: text.len() as u64 * 8 }
    }

    /// The last block of a text that goes on with this; none where it is too long for that.
    pub(super) fn end(&self, text: &[u8]) -> Option<[u8; BLOCK]> {
        let end = self.rest + text.len();
        if end > ROOM {
            return None;
        }
        let mut block = self.block;
        block.get_mut(self.rest..end)?.copy_from_slice(text);
        *block.get_mut(end)? = 0x80;
        let bits = self.bits + text.len() as u64 * 8;
        block.last_chunk_mut::<8>()?.copy_from_slice(&bits.to_le_bytes());
        Some(block)
    }

    /// The first 32 bits of each text, big-endian, from its last block.
    pub(super) fn numbers(&self, ends: &[[u8; BLOCK]; LANES]) -> [u32; LANES] {
        let [first, ..] = digest(self.state, ends);
        first.map(u32::swap_bytes)
    }
}

fn digest(state: [u32; 4], blocks: &[[u8; BLOCK]; LANES]) -> [Lane; 4] {
    let mut words: [Lane; 16] = [[0; LANES]; 16];
    for (lane, block) in blocks.iter().enumerate() {
        for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
            if let Some(word) = word.get_mut(lane) {
                *word = u32::from_le_bytes(*bytes);
            }
        }
    }
    let begin = state.map(|word| [word; LANES]);
    let mut state = begin;
    let [first, second, third, fourth] = &SINES;
    round::<0>(&mut state, &words, first, (1, 0), [7, 12, 17, 22]);
    round::<1>(&mut state, &words, second, (5, 1), [5, 9, 14, 20]);
    round::<2>(&mut state, &words, third, (3, 5), [4, 11, 16, 23]);
    round::<3>(&mut state, &words, fourth, (7, 0), [6, 10, 15, 21]);
    for (now, before) in state.as_flattened_mut().iter_mut().zip(begin.as_flattened()) {
        *now = now.wrapping_add(*before);
    }
    state
}

/// Sixteen steps, which take the words in an order of their own.
fn round<const ROUND: u8>(
    [a, b, c, d]: &mut [Lane; 4],
    words: &[Lane; 16],
    sines: &[u32; 16],
    (times, from): (usize, usize),
    [s0, s1, s2, s3]: [u32; 4],
) {
    for (at, [k0, k1, k2, k3]) in (0..).step_by(4).zip(sines.as_chunks::<4>().0) {
        step::<ROUND>(a, b, c, d, word(words, times * at + from), *k0, s0);
        step::<ROUND>(d, a, b, c, word(words, times * (at + 1) + from), *k1, s1);
        step::<ROUND>(c, d, a, b, word(words, times * (at + 2) + from), *k2, s2);
        step::<ROUND>(b, c, d, a, word(words, times * (at + 3) + from), *k3, s3);
    }
}

#[expect(clippy::indexing_slicing, reason = "there are sixteen")]
const fn word(words: &[Lane; 16], at: usize) -> &Lane {
    &words[at % 16]
}

/// One step, as a loop that compilers make vectors of.
#[inline]
fn step<const ROUND: u8>(a: &mut Lane, b: &Lane, c: &Lane, d: &Lane, word: &Lane, sine: u32, shift: u32) {
    for ((((a, b), c), d), word) in a.iter_mut().zip(b).zip(c).zip(d).zip(word) {
        let mixed = match ROUND {
            0 => (b & c) | (!b & d),
            1 => (d & b) | (!d & c),
            2 => b ^ c ^ d,
            _ => c ^ (b | !d),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(*word).wrapping_add(sine);
        *a = b.wrapping_add(sum.rotate_left(shift));
    }
}
