//! How records lie in a file: those that are synced together are one frame.
//!
//! | bytes | what |
//! | --- | --- |
//! | 4 | length of the records |
//! | 4 | CRC-32 of all other bytes |
//! | 8 | place of the first record in the log |
//! | 4 | how many records |
//! | … | the records, in postcard's encoding |
//!
//! Nothing is written after a frame before it is synced. So only the last frame can be torn by a crash, and what is damaged
//! elsewhere was damaged later.

use std::collections::VecDeque;

use super::error::StoreError;
use super::log::Lsn;
use super::record::Record;

/// The bytes before the records.
pub(super) const HEAD: usize = 20;

/// Records that were synced together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame<'b> {
    pub(super) first: Lsn,
    pub(super) many: u32,
    pub(super) records: &'b [u8],
}

impl<'b> Frame<'b> {
    /// The bytes of a frame.
    pub(super) fn write(first: Lsn, many: u32, records: &[u8]) -> Result<Vec<u8>, StoreError> {
        let len = u32::try_from(records.len()).map_err(|_| StoreError::TooLarge { bytes: records.len() })?;
        let mut bytes = Vec::with_capacity(HEAD + records.len());
        bytes.extend(len.to_le_bytes());
        bytes.extend(checksum(len, first, many, records).to_le_bytes());
        bytes.extend(first.0.to_le_bytes());
        bytes.extend(many.to_le_bytes());
        bytes.extend(records);
        Ok(bytes)
    }

    /// The frame at the beginning of some bytes, and the bytes after it. `None` where there is no whole one.
    pub(super) fn read(bytes: &'b [u8]) -> Option<(Self, &'b [u8])> {
        let (len, crc, first, many) = head(bytes)?;
        let records = bytes.get(HEAD..HEAD.checked_add(len as usize)?)?;
        let right = checksum(len, first, many, records) == crc;
        right.then_some((Self { first, many, records }, bytes.get(HEAD + len as usize..)?))
    }

    /// Adds its records from one on to a list, with their places.
    ///
    /// # Errors
    /// The place of the first record that can't be read.
    pub(super) fn unpack(&self, from: Lsn, to: &mut VecDeque<(Lsn, Record<'static>)>) -> Result<(), Lsn> {
        let mut rest = self.records;
        for lsn in (self.first.0..self.next().0).map(Lsn) {
            let (record, after) = Record::read(rest).ok_or(lsn)?;
            rest = after;
            if lsn >= from {
                to.push_back((lsn, record));
            }
        }
        Ok(())
    }

    /// The place of the record after its last one.
    pub(super) fn next(&self) -> Lsn {
        Lsn(self.first.0 + u64::from(self.many))
    }

    /// Whether there is a whole frame somewhere in some bytes, of records after one. It is looked for at every byte, as
    /// nobody knows where a damaged frame ends.
    pub(super) fn is_in(bytes: &[u8], after: Lsn) -> bool {
        let most = after.0.saturating_add(bytes.len() as u64);
        (0..bytes.len().saturating_sub(HEAD)).any(|from| {
            let rest = bytes.get(from..).unwrap_or_default();
            // Few bytes look like the number of a record, so that few checksums are computed.
            head(rest).is_some_and(|(_, _, first, many)| (after.0..=most).contains(&first.0) && many > 0)
                && Frame::read(rest).is_some()
        })
    }
}

fn head(bytes: &[u8]) -> Option<(u32, u32, Lsn, u32)> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let (first, rest) = rest.split_first_chunk::<8>()?;
    let (many, _) = rest.split_first_chunk::<4>()?;
    let first = Lsn(u64::from_le_bytes(*first));
    Some((u32::from_le_bytes(*len), u32::from_le_bytes(*crc), first, u32::from_le_bytes(*many)))
}

fn checksum(len: u32, first: Lsn, many: u32, records: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&len.to_le_bytes());
    crc.update(&first.0.to_le_bytes());
    crc.update(&many.to_le_bytes());
    crc.update(records);
    crc.finalize()
}
