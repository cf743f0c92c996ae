//! A set of texts that gives up when there are too many.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// FNV-1a: short texts, no attacker (at most `cap` entries).
#[derive(Debug, Clone)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[derive(Debug)]
pub(super) struct Distinct {
    cap: usize,
    /// `None` once there were more than `cap`.
    seen: Option<HashMap<Box<str>, (), BuildHasherDefault<Fnv>>>,
}

impl Distinct {
    pub(super) fn new(cap: usize) -> Self {
        Self { cap, seen: Some(HashMap::default()) }
    }

    #[inline]
    pub(super) fn add(&mut self, text: &str) {
        let Some(seen) = &mut self.seen else { return };
        if seen.contains_key(text) {
            return;
        }
        if seen.len() == self.cap {
            self.seen = None;
        } else {
            seen.insert(text.into(), ());
        }
    }

    /// How many there are, when not too many.
    pub(super) fn len(&self) -> Option<usize> {
        self.seen.as_ref().map(HashMap::len)
    }

    /// The texts in order, when not too many.
    pub(super) fn sorted(&self) -> Option<Vec<String>> {
        let mut texts: Vec<String> = self.seen.as_ref()?.keys().map(|text| text.to_string()).collect();
        texts.sort_unstable();
        Some(texts)
    }
}
