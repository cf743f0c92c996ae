//! What is measured over a customer's events or related rows.

use schemars::JsonSchema;
use serde::Serialize;

use super::operand::Nothing;

/// A number, time or value made from a customer's events. JSON has exactly one key: `{"sum": {"field": "amount"}}`.
///
/// Over no events, `count`, `distinct` and `sum` are 0; everything else is missing, and so fails any comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// How many.
    Count(Nothing),
    /// How many different values of a property; missing values are not counted.
    Distinct {
        /// The property.
        field: String,
    },
    /// The sum of a property; missing values add nothing.
    Sum {
        /// The property.
        field: String,
    },
    /// The mean of a property's values.
    Avg {
        /// The property.
        field: String,
    },
    /// The least value of a property.
    Min {
        /// The property.
        field: String,
    },
    /// The greatest value of a property.
    Max {
        /// The property.
        field: String,
    },
    /// When the first one was.
    FirstTime(Nothing),
    /// When the last one was.
    LastTime(Nothing),
    /// A property of the first one.
    FirstValue {
        /// The property.
        field: String,
    },
    /// A property of the last one.
    LastValue {
        /// The property.
        field: String,
    },
    /// Whole 24-hour days from the last one to `as_of`.
    DaysSince(Nothing),
}

impl Measure {
    /// The name in JSON.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Count(_) => "count",
            Self::Distinct { .. } => "distinct",
            Self::Sum { .. } => "sum",
            Self::Avg { .. } => "avg",
            Self::Min { .. } => "min",
            Self::Max { .. } => "max",
            Self::FirstTime(_) => "first_time",
            Self::LastTime(_) => "last_time",
            Self::FirstValue { .. } => "first_value",
            Self::LastValue { .. } => "last_value",
            Self::DaysSince(_) => "days_since",
        }
    }

    /// The names of all measures.
    pub const NAMES: &'static [&'static str] = &[
        "count",
        "distinct",
        "sum",
        "avg",
        "min",
        "max",
        "first_time",
        "last_time",
        "first_value",
        "last_value",
        "days_since",
    ];

    /// The property that is measured, where there is one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Distinct { field }
            | Self::Sum { field }
            | Self::Avg { field }
            | Self::Min { field }
            | Self::Max { field }
            | Self::FirstValue { field }
            | Self::LastValue { field } => Some(field),
            Self::Count(_) | Self::FirstTime(_) | Self::LastTime(_) | Self::DaysSince(_) => None,
        }
    }

    /// The measure of this name over `field`; `None` when there is no such measure, or the field is missing or
    /// superfluous.
    #[must_use]
    pub fn from_parts(name: &str, field: Option<String>) -> Option<Self> {
        Some(match (name, field) {
            ("count", None) => Self::Count(Nothing {}),
            ("first_time", None) => Self::FirstTime(Nothing {}),
            ("last_time", None) => Self::LastTime(Nothing {}),
            ("days_since", None) => Self::DaysSince(Nothing {}),
            ("distinct", Some(field)) => Self::Distinct { field },
            ("sum", Some(field)) => Self::Sum { field },
            ("avg", Some(field)) => Self::Avg { field },
            ("min", Some(field)) => Self::Min { field },
            ("max", Some(field)) => Self::Max { field },
            ("first_value", Some(field)) => Self::FirstValue { field },
            ("last_value", Some(field)) => Self::LastValue { field },
            _ => return None,
        })
    }
}
