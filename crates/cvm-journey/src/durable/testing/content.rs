//! What is in a file, and how much of it is on the disk.

use super::crash::Dice;

/// The disk takes pieces of so many bytes, each on its own.
const PIECE: usize = 64;

#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    /// What everybody reads.
    pub(super) now: Vec<u8>,
    /// What the disk holds.
    durable: Vec<u8>,
    /// What was written since: where, and what.
    written: Vec<(usize, Vec<u8>)>,
}

fn put(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.resize(bytes.len().max(at + piece.len()), 0);
    for (place, byte) in bytes.iter_mut().skip(at).zip(piece) {
        *place = *byte;
    }
}

impl Content {
    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.written.push((self.now.len(), bytes.to_vec()));
        self.now.extend(bytes);
    }

    pub(super) fn sync(&mut self) {
        for (at, bytes) in std::mem::take(&mut self.written) {
            put(&mut self.durable, at, &bytes);
        }
    }

    /// The disk does not take what was written, and forgets that it should.
    pub(super) fn refuse(&mut self) {
        self.written.clear();
    }

    pub(super) fn lose(&mut self) {
        self.written.clear();
        self.now.clone_from(&self.durable);
    }

    pub(super) fn reorder(&mut self, dice: &mut Dice) {
        for (at, bytes) in std::mem::take(&mut self.written) {
            for (number, piece) in bytes.chunks(PIECE).enumerate() {
                if dice.coin() {
                    put(&mut self.durable, at + number * PIECE, piece);
                }
            }
        }
        self.now.clone_from(&self.durable);
    }

    pub(super) fn flip(&mut self, dice: &mut Dice) {
        let (synced, len) = (self.durable.len(), self.now.len());
        if len > synced {
            for _ in 0..=dice.below(3) {
                let (at, bit) = (synced + dice.below(len - synced), dice.below(8));
                if let Some(byte) = self.now.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
        }
        self.written.clear();
        self.durable.clone_from(&self.now);
    }
}
