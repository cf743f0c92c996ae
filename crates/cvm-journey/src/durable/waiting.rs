//! Records that wait for a sync, which makes one frame of them.

use super::error::StoreError;
use super::frame::Frame;
use super::log::Lsn;
use super::record::Record;

/// Records that wait for a sync.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    bytes: Vec<u8>,
    many: u32,
}

impl Waiting {
    /// Adds records.
    pub(super) fn add(&mut self, batch: &[Record<'_>]) -> Result<(), StoreError> {
        for record in batch {
            let before = std::mem::take(&mut self.bytes);
            let bytes = before.len();
            self.bytes = record.write(before).ok_or(StoreError::TooLarge { bytes })?;
            self.many += 1;
        }
        Ok(())
    }

    /// How many there are.
    pub(super) const fn many(&self) -> u32 {
        self.many
    }

    /// How many bytes they take.
    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The frame of all of them, whose first one comes to a place.
    pub(super) fn frame(&self, first: Lsn) -> Result<Vec<u8>, StoreError> {
        Frame::write(first, self.many, &self.bytes)
    }
}
