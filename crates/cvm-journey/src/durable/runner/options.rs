//! How a runner works.

use std::time::Duration;

use crate::channel::Backoff;

/// How a runner works.
#[derive(Debug, Clone)]
pub struct RunnerOptions {
    /// So often segments and filters are looked at, and the store hears that time has passed.
    pub poll: Duration,
    /// So many are handed out at once.
    pub batch: u32,
    /// So long a channel may take; then nobody knows what became of a message.
    pub lease: Duration,
    /// When what failed is tried again.
    pub backoff: Backoff,
}

impl Default for RunnerOptions {
    /// Every minute, batches of 1,000, ten minutes for each; tries that wait from a second to an hour.
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(60),
            batch: 1_000,
            lease: Duration::from_secs(600),
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(3_600)),
        }
    }
}

pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
