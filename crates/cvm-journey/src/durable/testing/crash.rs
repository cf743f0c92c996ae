//! What is left after a crash.

/// What is left of what was written and not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crash {
    /// All: the process ended, the system did not. It is still not synced.
    Kept,
    /// All, and of what was being written a part: the process ended within it.
    Torn,
    /// Nothing: the current went off.
    Lost,
    /// Some of it, in no order: pieces of files (zeros in place of others), some of the names.
    Reordered,
    /// All, with some bits of it turned.
    Flipped,
    /// There is no crash, but the disk says no once. What a sync should have brought to the disk is never brought there,
    /// whatever later syncs say, though everybody reads it until the current goes off.
    Refused,
}

impl Crash {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Kept, Self::Torn, Self::Lost, Self::Reordered, Self::Flipped, Self::Refused];
}

/// Chance from a seed (S. Vigna, "splitmix64").
#[derive(Debug, Clone)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below another one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }

    pub(super) fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }
}
