//! What a field or a measure is compared with.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Duration, Unit, Window};

/// A value as it was written; its type is settled by the field that it meets.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number. Decimals of more than 15 digits are written as strings to stay exact.
    Float(f64),
    /// Text, dates (`2024-01-31`), timestamps (`2024-01-31T09:30:00+01:00`), decimals (`100.00`).
    Str(String),
}

/// What a field is compared with. Objects have exactly one key.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Operand {
    /// One value.
    One(Literal),
    /// Several values: for `in`, `between`, `has_any` and their kin.
    Many(Vec<Literal>),
    /// The value of another field of the same row.
    Field {
        /// Its name.
        field: String,
    },
    /// A value given by name when the filter is used.
    Param {
        /// The parameter's name.
        param: String,
    },
    /// The instant of evaluation, or its date.
    Now {
        /// Always `{}`.
        now: Nothing,
    },
    /// Some time before the instant of evaluation.
    Ago {
        /// How long before.
        ago: Duration,
    },
    /// Some time after the instant of evaluation.
    Ahead {
        /// How long after.
        ahead: Duration,
    },
    /// The start of a calendar unit, counted from the current one.
    StartOf {
        /// Which unit, and how many units on (or back, when negative).
        start_of: StartOf,
    },
    /// A test of a list's size.
    Size(SizeTest),
    /// A window of time.
    Window(Window),
}

/// The start of a calendar unit: `{"unit": "month", "offset": -1}` is the start of last month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartOf {
    /// The calendar unit: day, week, month, quarter or year.
    pub unit: Unit,
    /// Units from the current one; 0 is the current one.
    #[serde(default)]
    pub offset: i32,
}

/// The empty object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A comparison of a list's size: `{"gte": 2}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SizeTest {
    /// Exactly so many.
    Eq(u32),
    /// Any other number.
    Ne(u32),
    /// Fewer.
    Lt(u32),
    /// At most so many.
    Lte(u32),
    /// More.
    Gt(u32),
    /// At least so many.
    Gte(u32),
}

impl SizeTest {
    /// The JSON key and the number.
    #[must_use]
    pub fn parts(self) -> (&'static str, u32) {
        match self {
            Self::Eq(n) => ("eq", n),
            Self::Ne(n) => ("ne", n),
            Self::Lt(n) => ("lt", n),
            Self::Lte(n) => ("lte", n),
            Self::Gt(n) => ("gt", n),
            Self::Gte(n) => ("gte", n),
        }
    }

    /// The reverse of [`SizeTest::parts`].
    #[must_use]
    pub fn from_parts(key: &str, n: u32) -> Option<Self> {
        Some(match key {
            "eq" => Self::Eq(n),
            "ne" => Self::Ne(n),
            "lt" => Self::Lt(n),
            "lte" => Self::Lte(n),
            "gt" => Self::Gt(n),
            "gte" => Self::Gte(n),
            _ => return None,
        })
    }

    /// Whether a list of `size` items passes.
    #[must_use]
    pub fn accepts(self, size: usize) -> bool {
        let (key, n) = self.parts();
        let n = n as usize;
        match key {
            "eq" => size == n,
            "ne" => size != n,
            "lt" => size < n,
            "lte" => size <= n,
            "gt" => size > n,
            _ => size >= n,
        }
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<i32> for Literal {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}
impl From<f64> for Literal {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}
impl From<&str> for Literal {
    fn from(value: &str) -> Self {
        Self::Str(value.into())
    }
}
impl From<String> for Literal {
    fn from(value: String) -> Self {
        Self::Str(value)
    }
}
impl<T: Into<Literal>> From<T> for Operand {
    fn from(value: T) -> Self {
        Self::One(value.into())
    }
}
impl<T: Into<Literal>> From<Vec<T>> for Operand {
    fn from(values: Vec<T>) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }
}
impl From<Window> for Operand {
    fn from(window: Window) -> Self {
        Self::Window(window)
    }
}
impl From<SizeTest> for Operand {
    fn from(test: SizeTest) -> Self {
        Self::Size(test)
    }
}
