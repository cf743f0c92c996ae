//! Keys as numbers of one length.

use sha2::{Digest, Sha256};

/// The first 128 bits of SHA-256 of a key. For two of a billion keys to share them there is one chance in 10²⁰.
pub(super) fn number(key: &str) -> u128 {
    Sha256::digest(key.as_bytes()).iter().take(16).fold(0, |number, byte| (number << 8) | u128::from(*byte))
}

/// The same as 32 hexadecimal digits: stable across tries, no signs that a header can't have, and no customer's number where
/// others read it.
#[cfg(any(feature = "smtp", feature = "webhook"))]
pub(super) fn digest(key: &str) -> String {
    format!("{:032x}", number(key))
}
