//! Settings of a catalog, and their defaults.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

/// The day on which weeks begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// As in ISO 8601.
    #[default]
    Monday,
    /// As in much of the Middle East.
    Saturday,
    /// As in North America.
    Sunday,
}

impl Weekday {
    pub(crate) const WORDS: &'static [(&'static str, Weekday)] =
        &[("monday", Weekday::Monday), ("saturday", Weekday::Saturday), ("sunday", Weekday::Sunday)];

    /// The day as jiff has it.
    #[must_use]
    pub fn to_jiff(self) -> jiff::civil::Weekday {
        match self {
            Self::Monday => jiff::civil::Weekday::Monday,
            Self::Saturday => jiff::civil::Weekday::Saturday,
            Self::Sunday => jiff::civil::Weekday::Sunday,
        }
    }
}

/// The time zone of an IANA name, from the database that is built in: the same on every machine.
#[must_use]
pub fn zone_by_name(name: &str) -> Option<TimeZone> {
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    jiff::tz::TimeZoneDatabase::bundled().get(name).ok()
}

pub(super) fn default_zone() -> String {
    "UTC".to_owned()
}

pub(super) fn default_fiscal_year_start() -> u8 {
    1
}

pub(super) fn yes() -> bool {
    true
}

pub(super) fn one() -> u32 {
    1
}
