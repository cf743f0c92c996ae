//! Fields from Arrow data: the types are there, the facts are in the values.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field as ArrowField, Float64Type, Int64Type, Schema, UInt64Type,
};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use cvm_core::catalog::infer::FieldFacts;
use cvm_core::{Code, Diagnostic, Diagnostics, Field, FieldType};

/// Observes a table batch by batch and ends in its fields: nullable, enum, bounds, label and the mark for personal data.
///
/// ```
/// use std::sync::Arc;
/// use arrow::array::{ArrayRef, Int32Array, RecordBatch};
/// use cvm_sql::exec::profile::TableProfile;
/// let ages: ArrayRef = Arc::new(Int32Array::from(vec![Some(31), None]));
/// let batch = RecordBatch::try_from_iter([("age", ages)])?;
/// let mut profile = TableProfile::new(&batch.schema())?;
/// profile.observe(&batch);
/// let fields = profile.finish();
/// assert_eq!((fields[0].ty.to_string().as_str(), fields[0].nullable), ("int", true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TableProfile {
    columns: Vec<Column>,
    rows: usize,
}

struct Column {
    name: String,
    ty: FieldType,
    nullable: bool,
    facts: FieldFacts,
    /// Some values could not be looked at, so nothing is known of all of them.
    unseen: bool,
}

impl TableProfile {
    /// A table with these columns.
    ///
    /// # Errors
    /// A finding for each column of a type that no field can have.
    pub fn new(schema: &Schema) -> Result<Self, Diagnostics> {
        let mut findings = Diagnostics::default();
        let mut columns = Vec::new();
        for field in schema.fields() {
            match field_type(field.data_type()) {
                Some(ty) => columns.push(Column {
                    name: field.name().clone(),
                    ty,
                    nullable: field.is_nullable(),
                    facts: FieldFacts::new(),
                    unseen: false,
                }),
                None => findings.push(unsupported(field)),
            }
        }
        findings.or(Self { columns, rows: 0 })
    }

    /// The next batch, of the same schema.
    pub fn observe(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        for (at, column) in self.columns.iter_mut().enumerate() {
            let seen = batch.columns().get(at).is_some_and(|array| column.observe(array).is_ok());
            column.unseen |= !seen;
        }
    }

    /// The fields. Without a row, nullability is that of the schema.
    #[must_use]
    pub fn finish(self) -> Vec<Field> {
        let empty = self.rows == 0;
        let field = |column: Column| {
            let mut field = column.facts.field(&column.name, column.ty);
            field.nullable |= (empty || column.unseen) && column.nullable;
            if column.unseen {
                (field.values, field.min, field.max) = (None, None, None);
            }
            field
        };
        self.columns.into_iter().map(field).collect()
    }
}

impl Column {
    /// # Errors
    /// When the array is not of the column's type.
    fn observe(&mut self, array: &ArrayRef) -> Result<(), ArrowError> {
        let facts = &mut self.facts;
        facts.missing(array.logical_null_count() as u64);
        match &self.ty {
            FieldType::Int => {
                // Unsigned numbers beyond the field's range end at its edge.
                if let Some(values) = array.as_primitive_opt::<UInt64Type>() {
                    values.iter().flatten().for_each(|value| facts.int(i64::try_from(value).unwrap_or(i64::MAX)));
                } else {
                    let values = cast(array, &DataType::Int64)?;
                    values.as_primitive::<Int64Type>().iter().flatten().for_each(|value| facts.int(value));
                }
            }
            FieldType::Float => {
                let values = cast(array, &DataType::Float64)?;
                values.as_primitive::<Float64Type>().iter().flatten().for_each(|value| facts.float(value));
            }
            FieldType::Decimal { precision, scale } => {
                let ty = DataType::Decimal128(*precision, i8::try_from(*scale).unwrap_or(i8::MAX));
                let values = cast(array, &ty)?;
                values.as_primitive::<Decimal128Type>().iter().flatten().for_each(|digits| facts.decimal(digits));
            }
            FieldType::Date => {
                let values = cast(array, &DataType::Date32)?;
                values.as_primitive::<Date32Type>().iter().flatten().for_each(|days| facts.day(days));
            }
            FieldType::String => texts(array, facts)?,
            FieldType::Bool | FieldType::Timestamp | FieldType::List(_) | FieldType::Json => {}
        }
        Ok(())
    }
}

fn texts(array: &ArrayRef, facts: &mut FieldFacts) -> Result<(), ArrowError> {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().flatten().for_each(|text| facts.text(text)),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().flatten().for_each(|text| facts.text(text)),
        DataType::Utf8View => array.as_string_view().iter().flatten().for_each(|text| facts.text(text)),
        DataType::Null => {}
        // Dictionaries.
        _ => cast(array, &DataType::LargeUtf8)?.as_string::<i64>().iter().flatten().for_each(|text| facts.text(text)),
    }
    Ok(())
}

/// The type of a field with values of an Arrow type.
///
/// All integers are int: of unsigned 64-bit ones, those beyond 2^63 − 1 don't fit a filter's values. Timestamps of any
/// unit are instants; without a zone they are in UTC. A column of nulls is text.
#[must_use]
pub fn field_type(ty: &DataType) -> Option<FieldType> {
    Some(match ty {
        DataType::Boolean => FieldType::Bool,
        _ if ty.is_integer() => FieldType::Int,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => FieldType::Float,
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale) => {
            FieldType::Decimal { precision: *precision, scale: u8::try_from(*scale).ok()? }
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => FieldType::String,
        DataType::Date32 | DataType::Date64 => FieldType::Date,
        DataType::Timestamp(..) => FieldType::Timestamp,
        DataType::Dictionary(_, value) => field_type(value).filter(|ty| !matches!(ty, FieldType::List(_)))?,
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            let item = field_type(item.data_type()).filter(|ty| !matches!(ty, FieldType::List(_)))?;
            FieldType::List(Box::new(item))
        }
        _ => return None,
    })
}

fn unsupported(field: &ArrowField) -> Diagnostic {
    let message =
        format!("column `{}` has the Arrow type {}, which no field can have", field.name(), field.data_type());
    Diagnostic::error(Code::SourceKind, "", message)
        .help("leave the column out, or convert it to numbers, text, dates, timestamps, true/false, or lists of these")
}
