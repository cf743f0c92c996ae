//! Lengths of time as people say them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit of a [`Duration`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// To the same time of day on the next day, where the customer lives: 23 to 25 hours.
    Day,
    /// Seven days.
    Week,
    /// To the same day of the next month; to its last day where it has no such day.
    Month,
}

/// A length of time: `{"amount": 3, "unit": "day"}`.
///
/// ```
/// use cvm_journey::model::{Duration, Unit};
/// let duration: Duration = serde_json::from_str(r#"{"amount": 3, "unit": "day"}"#)?;
/// assert_eq!(duration, Duration { amount: 3, unit: Unit::Day });
/// assert_eq!(duration.to_string(), "3 days");
/// // A day in which clocks go forward has 23 hours.
/// assert_eq!(duration.least_seconds(), 3 * 86_400 - 2 * 3_600);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    /// How many of the unit.
    pub amount: u32,
    /// The unit.
    pub unit: Unit,
}

/// No zone has put its clocks forward by more than this at once since 1970 and skipped no day: two hours.
const SHIFT: u64 = 2 * 3_600;

impl Duration {
    /// So many minutes.
    #[must_use]
    pub const fn minutes(amount: u32) -> Self {
        Self { amount, unit: Unit::Minute }
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(amount: u32) -> Self {
        Self { amount, unit: Unit::Hour }
    }

    /// So many days.
    #[must_use]
    pub const fn days(amount: u32) -> Self {
        Self { amount, unit: Unit::Day }
    }

    /// So many weeks.
    #[must_use]
    pub const fn weeks(amount: u32) -> Self {
        Self { amount, unit: Unit::Week }
    }

    /// So many months.
    #[must_use]
    pub const fn months(amount: u32) -> Self {
        Self { amount, unit: Unit::Month }
    }

    /// The seconds that it takes at least, wherever and whenever: days may be shorter than 24 hours and months have 28
    /// days at least.
    #[must_use]
    pub fn least_seconds(self) -> u64 {
        let amount = u64::from(self.amount);
        let days = |days: u64| (days * 86_400).saturating_sub(SHIFT);
        match self.unit {
            Unit::Minute => amount * 60,
            Unit::Hour => amount * 3_600,
            _ if amount == 0 => 0,
            Unit::Day => days(amount),
            Unit::Week => days(amount * 7),
            Unit::Month => days(amount * 28),
        }
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
        };
        write!(f, "{} {unit}{}", self.amount, if self.amount == 1 { "" } else { "s" })
    }
}
