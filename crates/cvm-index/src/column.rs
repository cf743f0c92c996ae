//! One column in memory.

use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use cvm_core::{Date, Decimal, FieldType, Timestamp, Value};

use crate::bitmap::Bitmap;
use crate::ints::Ints;
use crate::texts::Texts;

/// A column: the values of one field for all rows.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) ty: FieldType,
    pub(crate) values: Values,
    /// The rows that have a value; `None` when all do.
    pub(crate) present: Option<Bitmap>,
    pub(crate) len: usize,
}

/// How values are kept.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    /// Truth values, whole numbers, decimals by their digits, dates by their days, instants by their microseconds.
    Ints(Ints),
    /// Floating-point numbers; NaN is missing.
    Floats(ScalarBuffer<f64>),
    /// Texts of which many are the same: numbers into the different ones, which ascend.
    Coded { codes: Ints, texts: Texts },
    /// A text for each row.
    Texts(Texts),
    /// Lists: where each begins, one more for the end, and all items.
    Lists { offsets: OffsetBuffer<i64>, items: Box<Column> },
}

impl Column {
    /// The value of a row.
    pub(crate) fn value(&self, row: usize) -> Value {
        if row >= self.len || self.present.as_ref().is_some_and(|present| !present.holds(row)) {
            return Value::Missing;
        }
        match &self.values {
            Values::Ints(ints) => whole(ints.get(row), &self.ty),
            Values::Floats(floats) => floats.get(row).map_or(Value::Missing, |x| Value::Float(*x)),
            Values::Coded { codes, texts } => {
                usize::try_from(codes.get(row)).map_or(Value::Missing, |code| text_value(texts.get(code), &self.ty))
            }
            Values::Texts(texts) => text_value(texts.get(row), &self.ty),
            Values::Lists { offsets, items } => {
                let place = |at: usize| offsets.get(at).map_or(0, |place| usize::try_from(*place).unwrap_or(0));
                Value::List((place(row)..place(row + 1)).map(|at| items.value(at)).collect())
            }
        }
    }

    /// The bytes that the column takes.
    pub(crate) fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Ints(ints) => ints.bytes(),
            Values::Floats(floats) => floats.len() * 8,
            Values::Coded { codes, texts } => codes.bytes() + texts.bytes(),
            Values::Texts(texts) => texts.bytes(),
            Values::Lists { offsets, items } => offsets.len() * 8 + items.bytes(),
        };
        values + self.present.as_ref().map_or(0, Bitmap::bytes)
    }
}

/// The value of a type that a whole number stands for.
pub(crate) fn whole(number: i128, ty: &FieldType) -> Value {
    let found = match ty {
        FieldType::Bool => Some(Value::Bool(number != 0)),
        FieldType::Decimal { scale, .. } => Decimal::new(number, *scale).map(Value::Decimal),
        FieldType::Date => i32::try_from(number).ok().and_then(Date::from_days).map(Value::Date),
        FieldType::Timestamp => i64::try_from(number).ok().and_then(Timestamp::from_micros).map(Value::Timestamp),
        _ => i64::try_from(number).ok().map(Value::Int),
    };
    found.unwrap_or_default()
}

/// The value of a text or document.
pub(crate) fn text_value(text: &str, ty: &FieldType) -> Value {
    match ty {
        FieldType::Json => serde_json::from_str(text).map_or(Value::Missing, Value::Json),
        _ => Value::Str(text.to_owned()),
    }
}
