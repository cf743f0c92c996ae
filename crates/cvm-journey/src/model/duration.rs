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
/// // Clocks may go forward, and Samoa once skipped a day.
/// assert_eq!(duration.least_seconds(), 2 * 86_400 - 7 * 3_600);
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

/// Since 1970 clocks were put forward by seven hours at most, where no day was skipped (Antarctica/Vostok, 1994).
const FORWARD: u64 = 7 * 3_600;

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

    /// The seconds that it takes at least, wherever and whenever: days may be shorter than 24 hours, one may be
    /// skipped, and months have 28 days at least.
    #[must_use]
    pub fn least_seconds(self) -> u64 {
        let amount = u64::from(self.amount);
        // A zone that goes to the other side of the date line skips a day, as Samoa did in 2011.
        let days = |days: u64| (days.max(2) - 1) * 86_400 - FORWARD;
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
