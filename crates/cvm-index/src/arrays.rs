//! Rows of columns as Arrow arrays, of the types in which tables are loaded.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray, StringArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field};
use arrow::error::ArrowError;
use cvm_core::FieldType;

use crate::column::{Column, Values};
use crate::read::arrow_type;

/// The values of these rows, in their order.
pub(crate) fn array(column: &Column, rows: &[usize]) -> Result<ArrayRef, ArrowError> {
    let there = |row: usize| column.present.as_ref().is_none_or(|present| present.holds(row));
    Ok(match &column.values {
        Values::Ints(ints) => {
            let numbers = rows.iter().map(|row| there(*row).then(|| ints.get(*row)));
            let small = numbers.clone().map(|number| number.and_then(|number| i64::try_from(number).ok()));
            match &column.ty {
                FieldType::Bool => Arc::new(BooleanArray::from_iter(numbers.map(|n| n.map(|n| n != 0)))),
                FieldType::Decimal { precision, scale } => {
                    let digits = Decimal128Array::from_iter(numbers);
                    Arc::new(digits.with_precision_and_scale(*precision, scale.cast_signed())?)
                }
                FieldType::Date => {
                    Arc::new(Date32Array::from_iter(numbers.map(|n| n.and_then(|n| i32::try_from(n).ok()))))
                }
                FieldType::Timestamp => Arc::new(TimestampMicrosecondArray::from_iter(small).with_timezone("UTC")),
                _ => Arc::new(Int64Array::from_iter(small)),
            }
        }
        Values::Floats(floats) => {
            Arc::new(Float64Array::from_iter(rows.iter().map(|row| floats.get(*row).copied().filter(|_| there(*row)))))
        }
        Values::Coded { codes, texts } => {
            let text = |row: &usize| usize::try_from(codes.get(*row)).ok().map(|code| texts.get(code));
            Arc::new(StringArray::from_iter(rows.iter().map(|row| text(row).filter(|_| there(*row)))))
        }
        Values::Texts(texts) => {
            Arc::new(StringArray::from_iter(rows.iter().map(|row| there(*row).then(|| texts.get(*row)))))
        }
        Values::Lists { offsets, items } => {
            let place = |at: usize| offsets.get(at).and_then(|place| usize::try_from(*place).ok()).unwrap_or(0);
            let own = |row: usize| if there(row) { place(row)..place(row + 1) } else { 0..0 };
            let all: Vec<usize> = rows.iter().flat_map(|row| own(*row)).collect();
            let lengths = OffsetBuffer::from_lengths(rows.iter().map(|row| own(*row).len()));
            let nulls: NullBuffer = rows.iter().map(|row| there(*row)).collect();
            let field = match arrow_type(&column.ty) {
                DataType::List(item) => item,
                _ => Arc::new(Field::new("item", arrow_type(&items.ty), true)),
            };
            Arc::new(ListArray::try_new(field, lengths, array(items, &all)?, Some(nulls))?)
        }
    })
}
