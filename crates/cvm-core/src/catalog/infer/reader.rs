//! Typed values from the texts of a column, in the notation that was found.

use super::clock::Clock;
use super::day::{self, DateForm};
use super::missing::{Missing, missing, trim};
use super::number::{self, Notation, Number};
use super::rules::Rules;
use crate::catalog::FieldType;
use crate::value::{Date, Decimal, Timestamp, Value};

/// The text of a value that does not fit the type of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit the type of its column")]
pub struct Misfit;

/// A typed value that borrows its text: what a builder of columns wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Missing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A float, never NaN.
    Float(f64),
    /// All digits of a decimal, at the scale of the type.
    Decimal(i128),
    /// Text, as it was.
    Text(&'a str),
    /// Days since 1970-01-01.
    Day(i32),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Micros(i64),
    /// A list.
    List(Vec<Value>),
    /// A JSON document, as it was written.
    Json(&'a str),
}

/// How the texts of one type are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    Text,
    /// `true` and `false`; with `words` also yes, no, y, n, t, f, 1, 0.
    Bool {
        words: bool,
    },
    Int(Notation),
    Float(Notation),
    Decimal {
        notation: Notation,
        precision: u8,
        scale: u8,
    },
    Date(DateForm),
    /// With `dates`, a date alone is its midnight.
    Timestamp {
        date: DateForm,
        dates: bool,
    },
    /// `["a","b"]`
    JsonList {
        item: Box<Form>,
        scale: u8,
    },
    /// `a|b`, but not `[…]`.
    BarList {
        item: Box<Form>,
        scale: u8,
    },
    /// Any document; only objects and arrays when it was inferred, which its tally sees to.
    Json,
}

/// Reads the texts of one column.
///
/// ```
/// use cvm_core::{Value, catalog::infer::{ColumnProfile, RowAt, Rules}};
/// let mut profile = ColumnProfile::new("total", &Rules::default());
/// for (i, text) in ["1.234,50", "7,25", "NA"].into_iter().enumerate() {
///     profile.observe(text, RowAt { line: i as u64 + 2, row: i as u64 + 1 });
/// }
/// let reader = profile.finish().reader;
/// assert_eq!(reader.field_type().to_string(), "decimal(18,2)");
/// assert_eq!(reader.read("3,10"), Ok(Value::Decimal("3.10".parse()?)));
/// assert_eq!(reader.read("NA"), Ok(Value::Missing));
/// assert!(reader.read("3.1").is_err());
/// # Ok::<(), cvm_core::value::DecimalError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TextReader {
    ty: FieldType,
    form: Form,
    rules: Rules,
}

impl TextReader {
    pub(super) fn new(ty: FieldType, form: Form, rules: Rules) -> Self {
        Self { ty, form, rules }
    }

    /// The type of the values.
    #[must_use]
    pub fn field_type(&self) -> &FieldType {
        &self.ty
    }

    /// The value of a text.
    ///
    /// # Errors
    /// When the text does not fit the type.
    pub fn read(&self, text: &str) -> Result<Value, Misfit> {
        let scale = if let FieldType::Decimal { scale, .. } = self.ty { scale } else { 0 };
        self.cell(text)?.into_value(scale)
    }

    /// The value of a text, without an allocation for simple types.
    ///
    /// White space around it is ignored, but kept in columns of text. Texts of white space alone are missing in every
    /// column.
    ///
    /// # Errors
    /// When the text does not fit the type.
    #[inline]
    pub fn cell<'a>(&self, text: &'a str) -> Result<Cell<'a>, Misfit> {
        self.form.cell(text, &self.rules)
    }
}

impl Form {
    #[inline]
    pub(super) fn cell<'a>(&self, text: &'a str, rules: &Rules) -> Result<Cell<'a>, Misfit> {
        let trimmed = trim(text);
        match missing(trimmed, rules.null_spellings()) {
            Some(Missing::Always) => return Ok(Cell::Missing),
            Some(Missing::Typed) if *self != Self::Text => return Ok(Cell::Missing),
            _ => {}
        }
        if *self == Self::Text { Ok(Cell::Text(text)) } else { self.present(trimmed, rules).ok_or(Misfit) }
    }

    /// The value of a trimmed text that is not missing.
    #[inline]
    pub(super) fn present<'a>(&self, text: &'a str, rules: &Rules) -> Option<Cell<'a>> {
        match self {
            Self::Text => Some(Cell::Text(text)),
            Self::Bool { words } => boolean(text, *words).map(Cell::Bool),
            Self::Int(notation) => match number::parse(text, *notation)? {
                // Programs that know no missing integers write `5.0`.
                Number::Exact(exact) => i64::try_from(exact.at_scale(38, 0)?).ok().map(Cell::Int),
                // `1e+05`, which is how R writes 100000.
                Number::Float(value) => number::whole(value).map(Cell::Int),
            },
            Self::Float(notation) => Some(Cell::Float(match number::parse(text, *notation)? {
                Number::Exact(exact) => exact.to_f64(),
                Number::Float(value) => value,
            })),
            Self::Decimal { notation, precision, scale } => match number::parse(text, *notation)? {
                Number::Exact(exact) => exact.at_scale(*precision, *scale).map(Cell::Decimal),
                // An exponent is exact enough for a decimal as long as the digits are.
                Number::Float(_) => {
                    let decimal = text.parse::<Decimal>().ok()?.rescale(*scale)?;
                    (decimal.digits().unsigned_abs() < number::pow10(*precision).unsigned_abs())
                        .then(|| Cell::Decimal(decimal.digits()))
                }
            },
            Self::Date(form) => {
                let (parts, rest) = form.parts(text)?;
                if rest.is_empty() { form.civil(parts).map(|civil| Cell::Day(civil.days())) } else { None }
            }
            Self::Timestamp { date, dates } => {
                let (parts, rest) = date.parts(text)?;
                let clock = if rest.is_empty() && *dates { Clock::MIDNIGHT } else { Clock::parse(rest)? };
                clock.on(date.civil(parts)?, rules.zone()).map(Cell::Micros)
            }
            Self::JsonList { item, scale } => {
                let items: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
                let values = items.into_iter().map(|json| json_item(json, item, *scale, rules));
                values.collect::<Option<_>>().map(Cell::List)
            }
            Self::BarList { item, scale } => {
                if text.starts_with('[') {
                    return None;
                }
                let values = text.split('|').map(|part| item.cell(trim(part), rules).ok()?.into_value(*scale).ok());
                values.collect::<Option<_>>().map(Cell::List)
            }
            Self::Json => serde_json::from_str::<serde::de::IgnoredAny>(text).ok().map(|_| Cell::Json(text)),
        }
    }
}

impl DateForm {
    #[inline]
    fn parts(self, text: &str) -> Option<(day::Parts, &[u8])> {
        if self == Self::COMPACT { day::compact(text.as_bytes()) } else { day::parts(text.as_bytes()) }
    }
}

#[inline]
fn boolean(text: &str, words: bool) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    match text.len() {
        4 if is("true") => Some(true),
        5 if is("false") => Some(false),
        1..=3 if words => {
            if ["yes", "y", "t", "1"].into_iter().any(is) {
                Some(true)
            } else if ["no", "n", "f", "0"].into_iter().any(is) {
                Some(false)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// An item of a JSON array by the rules for its text, but a text in quotes is never missing.
fn json_item(json: serde_json::Value, item: &Form, scale: u8, rules: &Rules) -> Option<Value> {
    let text = match json {
        serde_json::Value::Null => return Some(Value::Missing),
        serde_json::Value::Bool(b) => b.to_string(),
        serde_json::Value::Number(n) => n.to_string(),
        serde_json::Value::String(text) if *item == Form::Text => return Some(Value::Str(text)),
        serde_json::Value::String(text) => text,
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => return None,
    };
    item.present(trim(&text), rules)?.into_value(scale).ok()
}

impl Cell<'_> {
    /// The value that owns its text; `scale` is that of the type, for decimals.
    fn into_value(self, scale: u8) -> Result<Value, Misfit> {
        Ok(match self {
            Self::Missing => Value::Missing,
            Self::Bool(b) => Value::Bool(b),
            Self::Int(i) => Value::Int(i),
            Self::Float(x) => Value::Float(x),
            Self::Decimal(digits) => Value::Decimal(Decimal::new(digits, scale).ok_or(Misfit)?),
            Self::Text(text) => Value::Str(text.to_owned()),
            Self::Day(days) => Value::Date(Date::from_days(days).ok_or(Misfit)?),
            Self::Micros(micros) => Value::Timestamp(Timestamp::from_micros(micros).ok_or(Misfit)?),
            Self::List(items) => Value::List(items),
            Self::Json(text) => Value::Json(serde_json::from_str(text).map_err(|_| Misfit)?),
        })
    }
}
