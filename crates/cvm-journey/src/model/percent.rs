//! Shares of customers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A share from 0 to 100, exact to four digits after the point, so that shares can be added up: `12.5`.
///
/// ```
/// use cvm_journey::model::Percent;
/// let third: Percent = serde_json::from_str("33.3333")?;
/// assert_eq!(third.millionths(), 333_333);
/// assert_eq!(serde_json::to_string(&third)?, "33.3333");
/// assert!(serde_json::from_str::<Percent>("100.5").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "f64", into = "f64")]
#[schemars(with = "f64", extend("minimum" = 0, "maximum" = 100))]
pub struct Percent {
    millionths: u32,
}

impl Percent {
    /// Everybody.
    pub const WHOLE: Self = Self { millionths: 1_000_000 };

    /// A whole number of percent; more than 100 are 100.
    #[must_use]
    pub const fn new(percent: u8) -> Self {
        if percent > 100 { Self::WHOLE } else { Self { millionths: percent as u32 * 10_000 } }
    }

    /// So many millionths of the whole; `None` for more than all of it.
    #[must_use]
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths > Self::WHOLE.millionths { None } else { Some(Self { millionths }) }
    }

    /// The share as millionths of the whole.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.millionths
    }
}

impl From<Percent> for f64 {
    fn from(percent: Percent) -> Self {
        Self::from(percent.millionths) / 10_000.0
    }
}

impl TryFrom<f64> for Percent {
    type Error = String;

    fn try_from(percent: f64) -> Result<Self, String> {
        let scaled = (percent * 10_000.0).round();
        if !(0.0..=1_000_000.0).contains(&scaled) {
            return Err(format!("{percent} is no share: write a number from 0 to 100"));
        }
        if (scaled / 10_000.0 - percent).abs() > 1e-9 {
            return Err(format!("{percent} has more than four digits after the point"));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and in the range")]
        Ok(Self { millionths: scaled as u32 })
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", f64::from(*self))
    }
}
