//! Types of fields.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The type of a field, written as one word: `int`, `decimal(12,2)`, `list<string>`.
///
/// ```
/// use cvm_core::FieldType;
/// let ty: FieldType = "decimal(12,2)".parse()?;
/// assert_eq!(ty, FieldType::Decimal { precision: 12, scale: 2 });
/// assert_eq!(ty.to_string(), "decimal(12,2)");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// True or false.
    Bool,
    /// A whole number, 64 bits.
    Int,
    /// A binary floating-point number, 64 bits; NaN is missing.
    Float,
    /// An exact decimal number.
    Decimal {
        /// Digits in all, 1 to 38.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
    /// Text.
    String,
    /// A calendar date.
    Date,
    /// An instant, to the microsecond.
    Timestamp,
    /// A list of values of one simple type.
    List(Box<FieldType>),
    /// A JSON document; conditions reach into it by dotted paths.
    Json,
}

impl FieldType {
    /// int, float or decimal.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Float | Self::Decimal { .. })
    }

    /// date or timestamp.
    #[must_use]
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Date | Self::Timestamp)
    }

    /// Whether values have an order.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.is_number() || self.is_time() || *self == Self::String
    }

    /// What values of the type are called in messages.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Int | Self::Float | Self::Decimal { .. } => "a number",
            Self::String => "a text",
            Self::Date => "a date",
            Self::Timestamp => "a date or timestamp",
            Self::List(_) => "a list",
            Self::Json => "a JSON value",
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::String => f.write_str("string"),
            Self::Date => f.write_str("date"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Json => f.write_str("json"),
        }
    }
}

impl FromStr for FieldType {
    type Err = String;

    /// # Errors
    /// A message that lists the types.
    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || {
            format!(
                "`{text}` is no type; the types are bool, int, float, decimal(precision,scale), string, date, timestamp, list<type>, json"
            )
        };
        Ok(match text {
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "string" => Self::String,
            "date" => Self::Date,
            "timestamp" => Self::Timestamp,
            "json" => Self::Json,
            _ => {
                if let Some(item) = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
                    let item: Self = item.parse().map_err(|_| unknown())?;
                    if matches!(item, Self::List(_) | Self::Json) {
                        return Err(format!("`{text}`: a list holds simple values, not lists or json"));
                    }
                    return Ok(Self::List(Box::new(item)));
                }
                let (precision, scale) = text
                    .strip_prefix("decimal(")
                    .and_then(|rest| rest.strip_suffix(')'))
                    .and_then(|inner| inner.split_once(','))
                    .ok_or_else(unknown)?;
                let precision: u8 = precision.trim().parse().map_err(|_| unknown())?;
                let scale: u8 = scale.trim().parse().map_err(|_| unknown())?;
                if precision == 0 || precision > 38 || scale > precision {
                    return Err(format!("`{text}`: a decimal has 1 to 38 digits, and no more of them after the point"));
                }
                Self::Decimal { precision, scale }
            }
        })
    }
}

impl Serialize for FieldType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for FieldType {
    fn schema_name() -> Cow<'static, str> {
        "FieldType".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "The type of a field: `int`, `decimal(12,2)`, `list<string>`.",
            "pattern": r"^(list<)?(bool|int|float|string|date|timestamp|json|decimal\([0-9]{1,2}, ?[0-9]{1,2}\))>?$",
        })
    }
}
