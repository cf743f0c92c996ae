//! Keys as protocols take them.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The first 128 bits of SHA-256 of a key, as 32 hexadecimal digits: stable across tries, no signs that a header can't have,
/// and no customer's number where others read it.
pub(super) fn digest(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().take(16).fold(String::with_capacity(32), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
