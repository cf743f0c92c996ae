//! Typed values and how they compare.

mod bucket;
mod decimal;
mod fold;
mod json_path;
mod temporal;

pub(crate) use bucket::BUCKETS;
pub use bucket::bucket_number;
pub use decimal::{Decimal, DecimalError};
pub use fold::fold_case;
pub use json_path::json_at;
pub use temporal::{Date, Timestamp};

use std::cmp::Ordering;
use std::fmt;

/// A value of a customer's field.
///
/// NaN counts as [`Value::Missing`]; −0.0 equals 0.0; numbers of different kinds compare by value.
///
/// ```
/// use cvm_core::Value;
/// assert_eq!(Value::Int(2).compare(&Value::Decimal("2.00".parse()?)), Some(std::cmp::Ordering::Equal));
/// assert!(Value::Float(f64::NAN).is_missing());
/// # Ok::<(), cvm_core::value::DecimalError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// No value.
    #[default]
    Missing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary floating-point number.
    Float(f64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Text.
    Str(String),
    /// A calendar date.
    Date(Date),
    /// An instant.
    Timestamp(Timestamp),
    /// A list of values; missing items are possible and equal nothing.
    List(Vec<Value>),
    /// A JSON document.
    Json(serde_json::Value),
}

impl Value {
    /// Whether there is no value: missing, NaN, or JSON null.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing | Self::Json(serde_json::Value::Null) => true,
            Self::Float(x) => x.is_nan(),
            _ => false,
        }
    }

    /// How two values compare; `None` when either is missing or they are of kinds that don't compare.
    ///
    /// Text compares by code point. An integer or decimal compares with a float as the nearest float.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Decimal(a), Self::Decimal(b)) => Some(a.cmp(b)),
            #[expect(clippy::cast_precision_loss, reason = "documented: an integer meets a float as the nearest float")]
            (Self::Int(a), Self::Float(b)) => (*a as f64).partial_cmp(b),
            (Self::Int(a), Self::Decimal(b)) => Some(Decimal::from(*a).cmp(b)),
            (Self::Decimal(a), Self::Float(b)) => a.to_f64().partial_cmp(b),
            (Self::Float(_), Self::Int(_) | Self::Decimal(_)) | (Self::Decimal(_), Self::Int(_)) => {
                other.compare(self).map(Ordering::reverse)
            }
            // UTF-8 sorts bytewise as its code points do.
            (Self::Str(a), Self::Str(b)) => Some(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Timestamp(a), Self::Timestamp(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// Whether two values are there and equal.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }

    /// The value as JSON: dates, timestamps and decimals as strings, missing as null.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Missing => Json::Null,
            Self::Bool(b) => Json::Bool(*b),
            Self::Int(i) => Json::from(*i),
            // A number that JSON can't say (NaN is missing, infinities are not) goes as text.
            Self::Float(x) if x.is_nan() => Json::Null,
            Self::Float(x) => {
                serde_json::Number::from_f64(*x).map_or_else(|| Json::String(x.to_string()), Json::Number)
            }
            Self::Decimal(d) => Json::String(d.to_string()),
            Self::Str(s) => Json::String(s.clone()),
            Self::Date(d) => Json::String(d.to_string()),
            Self::Timestamp(t) => Json::String(t.to_string()),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Json(json) => json.clone(),
        }
    }
}

impl fmt::Display for Value {
    /// As a person would write it; text without quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Bool(b) => b.fmt(f),
            Self::Int(i) => i.fmt(f),
            Self::Float(x) => x.fmt(f),
            Self::Decimal(d) => d.fmt(f),
            Self::Str(s) => f.write_str(s),
            Self::Date(d) => d.fmt(f),
            Self::Timestamp(t) => t.fmt(f),
            Self::List(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    item.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Json(json) => json.fmt(f),
        }
    }
}
