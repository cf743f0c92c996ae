//! The numbers of deterministic samples.

use md5::{Digest, Md5};

/// How many numbers there are.
pub(crate) const BUCKETS: u32 = 10_000;

/// The number of a key, 0 to 9999: the first 32 bits of `MD5(salt || ':' || key)`, big-endian, modulo 10 000. MD5
/// (RFC 1321) is what every database can compute; nothing here needs it to be secure.
///
/// ```
/// assert_eq!(cvm_core::value::bucket_number("spring", "42"), 2402);
/// ```
#[must_use]
pub fn bucket_number(salt: &str, key: &str) -> u32 {
    let mut hash = Md5::new();
    hash.update(salt.as_bytes());
    hash.update(b":");
    hash.update(key.as_bytes());
    let digest = hash.finalize();
    let head = digest.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    head % BUCKETS
}
