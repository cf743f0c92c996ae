//! The operators of conditions: names, what they take, what they say of missing values.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// What an operator takes as its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// No value.
    Nothing,
    /// One value.
    One,
    /// A list of exactly two values.
    Two,
    /// A list of at least one value.
    Many,
    /// A size test, `{"gte": 2}`.
    Size,
    /// A window of time.
    Window,
}

macro_rules! operators {
    ($($(#[doc = $doc:literal])+ $name:ident = $json:literal, $text:literal, $takes:ident, $missing:literal;)+) => {
        /// How a condition compares.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
        pub enum Operator {
            $($(#[doc = $doc])+ #[serde(rename = $json)] $name,)+
        }

        impl Operator {
            /// Every operator, in the order of the docs.
            pub const ALL: &'static [Operator] = &[$(Operator::$name),+];
            pub(crate) const WORDS: &'static [(&'static str, Operator)] = &[$(($json, Operator::$name)),+];

            /// The name in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Operator::$name => $json),+ }
            }

            /// The words of the text form.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Operator::$name => $text),+ }
            }

            /// What the operator takes.
            #[must_use]
            pub fn takes(self) -> Takes {
                match self { $(Operator::$name => Takes::$takes),+ }
            }

            /// The verdict on a customer whose value is missing, unless the condition says otherwise: false for the
            /// positive operators, true for the negative ones, so that each operator and its negation split the base.
            #[must_use]
            pub fn on_missing(self) -> bool {
                match self { $(Operator::$name => $missing),+ }
            }

            /// What the operator means.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Operator::$name => concat!($($doc),+).trim_ascii_start()),+ }
            }
        }
    };
}

operators! {
    /// Equal to the value.
    Eq = "eq", "=", One, false;
    /// Not equal to the value, or missing.
    Ne = "ne", "!=", One, true;
    /// Less than the value.
    Lt = "lt", "<", One, false;
    /// At most the value.
    Lte = "lte", "<=", One, false;
    /// More than the value.
    Gt = "gt", ">", One, false;
    /// At least the value.
    Gte = "gte", ">=", One, false;
    /// From the first value to the second, both included.
    Between = "between", "between", Two, false;
    /// Below the first value, above the second, or missing.
    NotBetween = "not_between", "not between", Two, true;
    /// One of the values.
    In = "in", "in", Many, false;
    /// None of the values, or missing.
    NotIn = "not_in", "not in", Many, true;
    /// The text holds the value.
    Contains = "contains", "contains", One, false;
    /// The text does not hold the value, or is missing.
    NotContains = "not_contains", "not contains", One, true;
    /// The text starts with the value.
    StartsWith = "starts_with", "starts with", One, false;
    /// The text does not start with the value, or is missing.
    NotStartsWith = "not_starts_with", "not starts with", One, true;
    /// The text ends with the value.
    EndsWith = "ends_with", "ends with", One, false;
    /// The text does not end with the value, or is missing.
    NotEndsWith = "not_ends_with", "not ends with", One, true;
    /// Some part of the text fits the regular expression.
    Matches = "matches", "matches", One, false;
    /// No part of the text fits the regular expression, or the text is missing.
    NotMatches = "not_matches", "not matches", One, true;
    /// There is a value.
    IsSet = "is_set", "is set", Nothing, false;
    /// The value is missing.
    IsNotSet = "is_not_set", "is not set", Nothing, true;
    /// The text or list is there, and has nothing in it.
    IsEmpty = "is_empty", "is empty", Nothing, false;
    /// The list holds at least one of the values.
    HasAny = "has_any", "has any", Many, false;
    /// The list holds every one of the values.
    HasAll = "has_all", "has all", Many, false;
    /// The list holds none of the values, or is missing.
    HasNone = "has_none", "has none", Many, true;
    /// The number of items in the list passes the test.
    Size = "size", "size", Size, false;
    /// Earlier than the value; a date means its whole day.
    Before = "before", "before", One, false;
    /// Later than the value; a date means its whole day.
    After = "after", "after", One, false;
    /// On that day.
    On = "on", "on", One, false;
    /// In the window of time.
    Within = "within", "within", Window, false;
    /// The day and month come round in the window, whatever the year. 29 February counts as 28 February in other years.
    AnniversaryWithin = "anniversary_within", "anniversary within", Window, false;
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
