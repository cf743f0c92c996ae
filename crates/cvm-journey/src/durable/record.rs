//! What stands in a log.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::machine::{Answer, Command};

/// A command, when it was told, and what the world answered then: all that is needed to do it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record<'r> {
    /// When: microseconds since 1970 (UTC).
    pub at: i64,
    /// What was told.
    pub command: Cow<'r, Command>,
    /// What the world answered.
    pub answers: Cow<'r, [Answer]>,
}

impl Record<'_> {
    /// Appends its bytes to others.
    pub(super) fn write(&self, mut to: Vec<u8>) -> Option<Vec<u8>> {
        let bytes = postcard::to_allocvec(self).ok()?;
        to.extend(bytes);
        Some(to)
    }
}

impl Record<'static> {
    /// The first record of some bytes, and the bytes after it.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        postcard::take_from_bytes(bytes).ok()
    }
}
