//! When a message is tried again.

use std::time::Duration;

use crate::chance::Chance;

/// How long to wait before another try: longer from try to try up to a cap, each time by chance between nothing and that
/// ("full jitter", M. Brooker, Exponential Backoff And Jitter, 2015), so that what failed together does not come back
/// together. Chance comes from the message's key: the same wait in a replay.
///
/// ```
/// use std::time::Duration;
/// use cvm_journey::channel::Backoff;
/// let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60)).tries(5);
/// let waits: Vec<Duration> = (1..).map_while(|tried| backoff.wait("welcome/mail/42", tried)).collect();
/// assert_eq!(waits.len(), 4);
/// assert!(waits[0] < Duration::from_secs(1) && waits[3] < Duration::from_secs(8));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
    tries: u32,
}

impl Backoff {
    /// Waits of less than `base` after the first try, of less than twice that after the second, and so on, and never of more
    /// than `cap`. There are ten tries.
    #[must_use]
    pub const fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap, tries: 10 }
    }

    /// The same with so many tries, the first one included.
    #[must_use]
    pub const fn tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// How long to wait when so many tries have failed (from 1); `None` when that was the last one. Where the provider says how
    /// long ([`Delivery::Failed`](super::Delivery)), wait at least that long.
    #[must_use]
    pub fn wait(&self, key: &str, tried: u32) -> Option<Duration> {
        if tried >= self.tries {
            return None;
        }
        let doubled = 1_u32.checked_shl(tried.saturating_sub(1)).unwrap_or(u32::MAX);
        let most = self.base.saturating_mul(doubled).min(self.cap);
        let share = Chance::new(u64::from(tried), "backoff").number("", key);
        let nanos = (most.as_nanos() * u128::from(share)) >> 32;
        Some(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, Duration};

    #[test]
    fn waits_are_spread_between_nothing_and_the_most() {
        let backoff = Backoff::new(Duration::from_secs(2), Duration::from_secs(100)).tries(u32::MAX);
        for (tried, most) in [(1, 2), (2, 4), (5, 32), (7, 100), (40, 100), (1_000_000, 100)] {
            let waits: Vec<f64> = (0..2_000)
                .filter_map(|id| backoff.wait(&id.to_string(), tried))
                .map(|wait| wait.as_secs_f64())
                .collect();
            let mean = waits.iter().sum::<f64>() / 2_000.0;
            assert!(waits.iter().all(|wait| *wait < f64::from(most)));
            // The mean of 2,000 has a deviation of 0.0065 of the most.
            assert!((mean / f64::from(most) - 0.5).abs() < 0.03, "{tried}: {mean}");
        }
        assert_eq!(backoff.wait("a", 3), backoff.wait("a", 3));
        assert_eq!(Backoff::new(Duration::MAX, Duration::MAX).tries(0).wait("a", 0), None);
        assert!(Backoff::new(Duration::MAX, Duration::MAX).wait("a", 9).is_some());
    }
}
