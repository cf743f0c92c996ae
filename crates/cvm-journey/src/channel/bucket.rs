//! How many messages may go now.

use cvm_core::Timestamp;

use crate::model::Per;

/// So many tokens in a time; each message takes one. What isn't taken is kept up to a limit, so that a provider never gets
/// more at once than that. The clock is an argument; one that goes back brings nothing.
///
/// ```
/// use cvm_core::Timestamp;
/// use cvm_journey::channel::TokenBucket;
/// use cvm_journey::model::Per;
/// let at = |second: i64| Timestamp::from_micros(second * 1_000_000).expect("an instant");
/// let mut bucket = TokenBucket::new(60, Per::Minute, 10, at(0));
/// assert_eq!(bucket.take(at(0), 25), 10);
/// assert_eq!(bucket.next(at(0)), at(1));
/// assert_eq!(bucket.take(at(3), 25), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBucket {
    limit: u64,
    per: Per,
    burst: u64,
    /// Tokens times the microseconds of the time: whole numbers, so that nothing is lost by rounding.
    kept: u128,
    last: Timestamp,
}

impl TokenBucket {
    /// A full bucket: `limit` tokens in a time, at most `burst` kept. A limit of 0 lets nothing through.
    #[must_use]
    pub fn new(limit: u64, per: Per, burst: u64, now: Timestamp) -> Self {
        let kept = if limit == 0 { 0 } else { u128::from(burst) * time(per) };
        Self { limit, per, burst, kept, last: now }
    }

    /// How many of so many messages may go now.
    pub fn take(&mut self, now: Timestamp, wanted: u64) -> u64 {
        self.fill(now);
        let granted = wanted.min(self.whole());
        self.kept -= u128::from(granted) * time(self.per);
        granted
    }

    /// When the next one may go: now, where one may. The end of time where none ever may.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Timestamp {
        let mut filled = self.clone();
        filled.fill(now);
        let now = now.max(self.last);
        if filled.whole() > 0 {
            return now;
        }
        let missing = time(self.per) - filled.kept;
        let micros = if self.burst == 0 { None } else { missing.checked_next_multiple_of(u128::from(self.limit)) };
        let wait = micros.and_then(|micros| i64::try_from(micros / u128::from(self.limit)).ok());
        let end = Timestamp::from_jiff(jiff::Timestamp::MAX);
        wait.and_then(|wait| Timestamp::from_micros(now.micros().checked_add(wait)?)).unwrap_or(end)
    }

    fn fill(&mut self, now: Timestamp) {
        let passed = u128::try_from(now.micros().saturating_sub(self.last.micros())).unwrap_or(0);
        let most = u128::from(self.burst) * time(self.per);
        self.kept = self.kept.saturating_add(passed.saturating_mul(u128::from(self.limit))).min(most);
        self.last = self.last.max(now);
    }

    fn whole(&self) -> u64 {
        u64::try_from(self.kept / time(self.per)).unwrap_or(u64::MAX)
    }
}

/// The time in microseconds.
const fn time(per: Per) -> u128 {
    // Widening: `From` is no const function.
    per.seconds() as u128 * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::{Per, Timestamp, TokenBucket};

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros).expect("an instant")
    }

    #[test]
    fn no_more_go_than_the_limit_and_no_fewer() {
        // Seven a minute, asked at odd instants: over an hour all 420 and the burst of the beginning.
        let mut bucket = TokenBucket::new(7, Per::Minute, 3, at(0));
        let (mut now, mut taken) = (0, 0);
        while now <= 3_600_000_000 {
            taken += bucket.take(at(now), 2);
            now = bucket.next(at(now)).micros();
        }
        assert_eq!(taken, 3 + 420);
    }

    #[test]
    fn clocks_that_go_back_bring_nothing() {
        let mut bucket = TokenBucket::new(1, Per::Hour, 1, at(7_200_000_000));
        assert_eq!(bucket.take(at(7_200_000_000), 5), 1);
        assert_eq!(bucket.take(at(0), 5), 0);
        assert_eq!(bucket.take(at(7_200_000_001), 5), 0);
        assert_eq!(bucket.next(at(0)), at(10_800_000_000));
        assert_eq!(bucket.take(at(10_800_000_000), 5), 1);
    }

    #[test]
    fn where_nothing_may_go_nothing_goes() {
        for (limit, burst) in [(0, 10), (10, 0), (0, 0)] {
            let mut bucket = TokenBucket::new(limit, Per::Day, burst, at(0));
            assert_eq!(bucket.take(at(i64::from(u32::MAX)), 9), 0);
            assert_eq!(bucket.next(at(0)), Timestamp::from_jiff(jiff::Timestamp::MAX));
        }
        let mut large = TokenBucket::new(u64::MAX, Per::Day, u64::MAX, at(0));
        assert_eq!(large.take(at(i64::from(u32::MAX)), u64::MAX), u64::MAX);
    }
}
