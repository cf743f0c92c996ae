//! One physical type for each kind of value, so that comparisons mean the same whatever a file used: integers are
//! `Int64`, instants `Timestamp(Microsecond, "UTC")`, dates `Date32`, texts `Utf8`. Other columns stay as they are.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef, TimeUnit};
use cvm_core::{Code, Diagnostic, Diagnostics, FieldType};

/// The instant's type.
pub(crate) fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The type that a column of this type is given.
pub(crate) fn normal_type(ty: &DataType) -> DataType {
    match ty {
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => DataType::Int64,
        DataType::Float16 | DataType::Float32 => DataType::Float64,
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Dictionary(_, value) => normal_type(value),
        DataType::Decimal32(p, s) | DataType::Decimal64(p, s) => DataType::Decimal128(*p, *s),
        DataType::Date64 => DataType::Date32,
        DataType::Timestamp(_, _) => instant(),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item) => DataType::List(Arc::new(Field::new("item", normal_type(item.data_type()), true))),
        other => other.clone(),
    }
}

/// The schema with normal types; a float column that is declared an integer becomes one.
pub(crate) fn normal_schema(schema: &Schema, declared: &[(String, FieldType)]) -> SchemaRef {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|f| {
            let normal = normal_type(f.data_type());
            let is_int = declared.iter().any(|(name, ty)| name == f.name() && *ty == FieldType::Int);
            let ty = if is_int && normal == DataType::Float64 { DataType::Int64 } else { normal };
            Field::new(f.name(), ty, f.is_nullable())
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// The batch with normal types. A value that does not fit (a u64 beyond i64, a fraction in a column declared whole) is an
/// error, never a missing or another value.
pub(crate) fn normal_batch(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, Diagnostics> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let columns: Vec<ArrayRef> = batch
        .columns()
        .iter()
        .zip(schema.fields())
        .map(|(column, field)| {
            let unreadable = |why: String| {
                let message = format!("the column `{}` can't be read: {why}", field.name());
                Diagnostics::from(Diagnostic::error(Code::SourceKind, "", message))
            };
            // Short floats widen exactly.
            let widened;
            let column = if matches!(column.data_type(), DataType::Float16 | DataType::Float32) {
                widened = cast_with_options(column, &DataType::Float64, &options)
                    .map_err(|error| unreadable(error.to_string()))?;
                &widened
            } else {
                column
            };
            if let (Some(floats), DataType::Int64) = (column.as_primitive_opt::<Float64Type>(), field.data_type())
                && let Some(value) = floats.iter().flatten().find(|value| !is_whole(*value))
            {
                return Err(unreadable(format!("`{value}` is no whole number")));
            }
            cast_with_options(column, field.data_type(), &options).map_err(|error| unreadable(error.to_string()))
        })
        .collect::<Result<_, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
        .map_err(|error| Diagnostic::error(Code::SourceKind, "", error.to_string()).into())
}

/// A float that stands for exactly one integer.
fn is_whole(value: f64) -> bool {
    value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_991.0
}
