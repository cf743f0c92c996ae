//! Windows of time. All are half-open, `[from, to)`; `as_of` is the instant of evaluation.

use schemars::JsonSchema;
use serde::Serialize;

use super::operand::{Literal, Nothing};

/// A unit of time. Over timestamps, minutes to weeks are fixed lengths (a day is 24 hours) and longer units are
/// calendar units in the catalog's zone; a date that doesn't exist (31 January + 1 month) becomes the month's last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours; a calendar day over dates and in calendar windows.
    Day,
    /// 7 days.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months; quarters start with the catalog's fiscal year.
    Quarter,
    /// Twelve calendar months; years start with the catalog's fiscal year.
    Year,
}

impl Unit {
    /// Every unit with its name in JSON and text.
    pub const WORDS: &'static [(&'static str, Unit)] = &[
        ("minute", Unit::Minute),
        ("hour", Unit::Hour),
        ("day", Unit::Day),
        ("week", Unit::Week),
        ("month", Unit::Month),
        ("quarter", Unit::Quarter),
        ("year", Unit::Year),
    ];

    /// The name in JSON and text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Whether the unit is shorter than a day.
    #[must_use]
    pub fn is_clock(self) -> bool {
        matches!(self, Self::Minute | Self::Hour)
    }
}

/// A length of time: `{"n": 90, "unit": "day"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[schemars(rename = "Duration")]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// How many; at least 1.
    #[schemars(range(min = 1))]
    pub n: u32,
    /// Of what.
    pub unit: Unit,
}

impl Span {
    /// `n` units.
    #[must_use]
    pub fn new(n: u32, unit: Unit) -> Self {
        Self { n, unit }
    }
}

/// A window of time. JSON has exactly one key: `{"last": {"n": 90, "unit": "day"}}`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// Rolling: that long before `as_of`, `as_of` included. Over dates: from today minus that long through today.
    Last(Span),
    /// Rolling: that long after `as_of`, `as_of` included. Over dates: from today through today plus that long.
    Coming(Span),
    /// The calendar unit that `as_of` is in.
    This {
        /// Day, week, month, quarter or year.
        unit: Unit,
    },
    /// The n whole calendar units before the current one.
    Previous(Span),
    /// The n whole calendar units after the current one.
    Next(Span),
    /// From one time to another. Timestamps: `[from, to)`. Dates stand for whole days, both included.
    Between {
        /// Date or timestamp.
        from: Literal,
        /// Date or timestamp.
        to: Literal,
    },
    /// From a time on.
    Since {
        /// Date or timestamp.
        from: Literal,
    },
    /// All time. For events: everything up to `as_of`.
    All(Nothing),
}

impl Window {
    /// The last `n` units, rolling.
    #[must_use]
    pub fn last(n: u32, unit: Unit) -> Self {
        Self::Last(Span::new(n, unit))
    }
}
