//! Settings of a catalog, and their defaults.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use super::FieldType;
use crate::diagnostic::{Code, Diagnostic};

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

/// The finding that there is no such zone, with the one that was probably meant.
///
/// ```
/// use cvm_core::{Code, catalog::no_zone};
/// let finding = no_zone(Code::UnknownOption, "", "Europe/Pariss");
/// assert_eq!(finding.suggestion.as_deref(), Some("Europe/Paris"));
/// ```
#[must_use]
pub fn no_zone(code: Code, path: &str, name: &str) -> Diagnostic {
    let known: Vec<String> =
        jiff::tz::TimeZoneDatabase::bundled().available().map(|zone| zone.as_str().to_owned()).collect();
    Diagnostic::error(code, path, format!("no time zone `{name}`"))
        .suggest_from(name, known.iter().map(String::as_str))
        .help("use an IANA name such as `Europe/Paris` or `UTC`")
}

pub(super) fn default_zone() -> String {
    "UTC".to_owned()
}

pub(super) fn default_fiscal_year_start() -> u8 {
    1
}

pub(super) fn timestamp() -> FieldType {
    FieldType::Timestamp
}

pub(super) fn is_timestamp(ty: &FieldType) -> bool {
    *ty == FieldType::Timestamp
}

pub(super) fn yes() -> bool {
    true
}

pub(super) fn one() -> u32 {
    1
}
