//! Values out of Arrow, for the reference evaluator and for explanations.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use cvm_core::{Date, Decimal, FieldType, Timestamp, Value};

/// The value at `row` of a column with a normal type; `ty` tells JSON from text.
#[must_use]
pub fn value_at(array: &dyn Array, row: usize, ty: &FieldType) -> Value {
    if row >= array.len() || array.is_null(row) {
        return Value::Missing;
    }
    match array.data_type() {
        DataType::Boolean => Value::Bool(array.as_boolean().value(row)),
        DataType::Int64 => Value::Int(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Value::Float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, scale) => {
            let digits = array.as_primitive::<Decimal128Type>().value(row);
            u8::try_from(*scale)
                .ok()
                .and_then(|scale| Decimal::new(digits, scale))
                .map_or(Value::Missing, Value::Decimal)
        }
        DataType::Date32 => {
            Date::from_days(array.as_primitive::<Date32Type>().value(row)).map_or(Value::Missing, Value::Date)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            Timestamp::from_micros(micros).map_or(Value::Missing, Value::Timestamp)
        }
        DataType::Utf8 => text(array.as_string::<i32>().value(row), ty),
        DataType::Utf8View => text(array.as_string_view().value(row), ty),
        DataType::LargeUtf8 => text(array.as_string::<i64>().value(row), ty),
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let item = match ty {
                FieldType::List(item) => item,
                other => other,
            };
            Value::List((0..items.len()).map(|i| value_at(&items, i, item)).collect())
        }
        _ => Value::Missing,
    }
}

fn text(text: &str, ty: &FieldType) -> Value {
    match ty {
        FieldType::Json => serde_json::from_str(text).map_or(Value::Missing, Value::Json),
        _ => Value::Str(text.to_owned()),
    }
}

/// The values of one row, in the order of the fields.
#[must_use]
pub fn row_of(batch: &RecordBatch, row: usize, types: &[FieldType]) -> Vec<Value> {
    batch.columns().iter().zip(types).map(|(column, ty)| value_at(column, row, ty)).collect()
}
