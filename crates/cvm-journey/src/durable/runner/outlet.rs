//! A channel as a runner uses it.

use std::fmt;

use cvm_core::Timestamp;

use crate::channel::{Channel, TokenBucket};

/// A channel, how much may go through it, and whether its provider knows keys.
pub struct Outlet {
    pub(super) channel: Box<dyn Channel>,
    bucket: Option<TokenBucket>,
    pub(super) knows_keys: bool,
}

impl Outlet {
    /// A channel whose provider takes a message once, however often it comes with the same key. What was handed out before a
    /// crash and has no answer is sent again with its key.
    #[must_use]
    pub fn new(channel: Box<dyn Channel>) -> Self {
        Self { channel, bucket: None, knows_keys: true }
    }

    /// The same of a provider that does not know keys. What was handed out before a crash and has no answer is left until its
    /// time is over; then its node says what to do ([`Unknown`](crate::model::Unknown)).
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        self.knows_keys = false;
        self
    }

    /// The same, through which no more goes than a bucket gives.
    #[must_use]
    pub fn limit(mut self, bucket: TokenBucket) -> Self {
        self.bucket = Some(bucket);
        self
    }

    /// How many of so many may go now.
    pub(super) fn room(&self, now: i64, wanted: u32) -> u32 {
        match (&self.bucket, Timestamp::from_micros(now)) {
            (Some(bucket), Some(now)) => u32::try_from(bucket.clone().take(now, u64::from(wanted))).unwrap_or(wanted),
            _ => wanted,
        }
    }

    pub(super) fn took(&mut self, now: i64, many: usize) {
        if let (Some(bucket), Some(now)) = (&mut self.bucket, Timestamp::from_micros(now)) {
            bucket.take(now, many as u64);
        }
    }

    /// When the next one may go.
    pub(super) fn next(&self, now: i64) -> i64 {
        match (&self.bucket, Timestamp::from_micros(now)) {
            (Some(bucket), Some(at)) => bucket.next(at).micros(),
            _ => now,
        }
    }
}

impl fmt::Debug for Outlet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Outlet").field("channel", &self.channel.name()).finish_non_exhaustive()
    }
}
