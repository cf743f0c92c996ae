//! Field types as Arrow types.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use cvm_core::{Field, FieldType};

/// The zone of all timestamps.
pub(super) const UTC: &str = "UTC";

pub(super) fn schema(fields: &[Field]) -> SchemaRef {
    let fields: Vec<ArrowField> =
        fields.iter().map(|field| ArrowField::new(&field.name, data_type(&field.ty), field.nullable)).collect();
    Arc::new(Schema::new(fields))
}

pub(super) fn data_type(ty: &FieldType) -> DataType {
    match ty {
        FieldType::Bool => DataType::Boolean,
        FieldType::Int => DataType::Int64,
        FieldType::Float => DataType::Float64,
        // At most 38, so the conversion never fails.
        FieldType::Decimal { precision, scale } => {
            DataType::Decimal128(*precision, i8::try_from(*scale).unwrap_or(i8::MAX))
        }
        FieldType::String | FieldType::Json => DataType::Utf8,
        FieldType::Date => DataType::Date32,
        FieldType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
        FieldType::List(item) => DataType::List(list_item(item)),
    }
}

pub(super) fn list_item(item: &FieldType) -> Arc<ArrowField> {
    Arc::new(ArrowField::new_list_field(data_type(item), true))
}
