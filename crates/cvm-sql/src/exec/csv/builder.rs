//! Arrow arrays from cells.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, ListArray, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::FieldRef;
use arrow::error::ArrowError;
use cvm_core::catalog::infer::Cell;
use cvm_core::{FieldType, Value};

use super::schema::{data_type, list_item};

/// Builds one column of a batch.
pub(super) enum ColumnBuilder {
    Bool(BooleanBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
    Decimal(Decimal128Builder),
    Text(StringBuilder),
    Day(Date32Builder),
    Micros(TimestampMicrosecondBuilder),
    List(Box<ListBuilder>),
}

/// Lists of one item type.
pub(super) struct ListBuilder {
    item: FieldRef,
    items: ColumnBuilder,
    lengths: Vec<usize>,
    present: Vec<bool>,
}

impl ColumnBuilder {
    pub(super) fn new(ty: &FieldType, rows: usize) -> Self {
        match ty {
            FieldType::Bool => Self::Bool(BooleanBuilder::with_capacity(rows)),
            FieldType::Int => Self::Int(Int64Builder::with_capacity(rows)),
            FieldType::Float => Self::Float(Float64Builder::with_capacity(rows)),
            FieldType::Decimal { .. } => {
                Self::Decimal(Decimal128Builder::with_capacity(rows).with_data_type(data_type(ty)))
            }
            FieldType::String | FieldType::Json => Self::Text(StringBuilder::with_capacity(rows, rows * 8)),
            FieldType::Date => Self::Day(Date32Builder::with_capacity(rows)),
            FieldType::Timestamp => {
                Self::Micros(TimestampMicrosecondBuilder::with_capacity(rows).with_data_type(data_type(ty)))
            }
            FieldType::List(item) => Self::List(Box::new(ListBuilder {
                item: list_item(item),
                items: Self::new(item, rows),
                lengths: Vec::with_capacity(rows),
                present: Vec::with_capacity(rows),
            })),
        }
    }

    /// Adds a cell; a cell of another type than the column's, which there is none of, is missing.
    #[inline]
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Int(b), Cell::Int(value)) => b.append_value(value),
            (Self::Text(b), Cell::Text(text) | Cell::Json(text)) => b.append_value(text),
            (Self::Decimal(b), Cell::Decimal(digits)) => b.append_value(digits),
            (Self::Float(b), Cell::Float(value)) => b.append_value(value),
            (Self::Bool(b), Cell::Bool(value)) => b.append_value(value),
            (Self::Day(b), Cell::Day(days)) => b.append_value(days),
            (Self::Micros(b), Cell::Micros(micros)) => b.append_value(micros),
            (Self::List(b), Cell::List(values)) => b.push(&values),
            (builder, _) => builder.push_missing(),
        }
    }

    pub(super) fn push_missing(&mut self) {
        match self {
            Self::Bool(b) => b.append_null(),
            Self::Int(b) => b.append_null(),
            Self::Float(b) => b.append_null(),
            Self::Decimal(b) => b.append_null(),
            Self::Text(b) => b.append_null(),
            Self::Day(b) => b.append_null(),
            Self::Micros(b) => b.append_null(),
            Self::List(b) => {
                b.lengths.push(0);
                b.present.push(false);
            }
        }
    }

    /// Bytes of text so far: offsets have 32 bits.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(b) => b.values_slice().len(),
            Self::List(b) => b.items.text_bytes(),
            _ => 0,
        }
    }

    /// The array, and an empty builder.
    ///
    /// # Errors
    /// When Arrow refuses a list.
    pub(super) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Bool(b) => Arc::new(b.finish()),
            Self::Int(b) => Arc::new(b.finish()),
            Self::Float(b) => Arc::new(b.finish()),
            Self::Decimal(b) => Arc::new(b.finish()),
            Self::Text(b) => Arc::new(b.finish()),
            Self::Day(b) => Arc::new(b.finish()),
            Self::Micros(b) => Arc::new(b.finish()),
            Self::List(b) => b.finish()?,
        })
    }
}

impl ListBuilder {
    fn push(&mut self, values: &[Value]) {
        for value in values {
            match value {
                Value::Bool(b) => self.items.push(Cell::Bool(*b)),
                Value::Int(i) => self.items.push(Cell::Int(*i)),
                Value::Float(x) => self.items.push(Cell::Float(*x)),
                // The reader gives decimals the scale of the type.
                Value::Decimal(d) => self.items.push(Cell::Decimal(d.digits())),
                Value::Str(text) => self.items.push(Cell::Text(text)),
                Value::Date(date) => self.items.push(Cell::Day(date.days())),
                Value::Timestamp(instant) => self.items.push(Cell::Micros(instant.micros())),
                Value::Missing | Value::List(_) | Value::Json(_) => self.items.push_missing(),
            }
        }
        self.lengths.push(values.len());
        self.present.push(true);
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::from_lengths(self.lengths.drain(..));
        let nulls = NullBuffer::from(std::mem::take(&mut self.present));
        Ok(Arc::new(ListArray::try_new(self.item.clone(), offsets, self.items.finish()?, Some(nulls))?))
    }
}
