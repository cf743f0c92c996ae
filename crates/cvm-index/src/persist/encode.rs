//! Columns as Arrow arrays, without a copy.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, FixedSizeBinaryArray, Float64Array, LargeListArray, LargeStringArray, PrimitiveArray,
    UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow::datatypes::{ArrowDictionaryKeyType, Field, FieldRef};
use arrow::error::ArrowError;

use crate::bitmap::Bitmap;
use crate::column::{Column, Values};
use crate::ints::{Ints, Raw};
use crate::texts::Texts;

/// The array of a column, with what its numbers stand for in the field.
pub(super) fn array(name: &str, column: &Column) -> Result<(FieldRef, ArrayRef), ArrowError> {
    let mut metadata = HashMap::from([("cvm.type".to_owned(), column.ty.to_string())]);
    let mut about = |ints: &Ints| {
        metadata.insert("cvm.base".to_owned(), ints.base.to_string());
        metadata.insert("cvm.unit".to_owned(), ints.unit.to_string());
        metadata.insert("cvm.top".to_owned(), ints.top().to_string());
    };
    let nulls = column.present.as_ref().map(nulls);
    let array: ArrayRef = match &column.values {
        Values::Ints(ints) => {
            about(ints);
            match &ints.raw {
                Raw::U8(raw) => Arc::new(UInt8Array::try_new(raw.clone(), nulls)?),
                Raw::U16(raw) => Arc::new(UInt16Array::try_new(raw.clone(), nulls)?),
                Raw::U32(raw) => Arc::new(UInt32Array::try_new(raw.clone(), nulls)?),
                Raw::U64(raw) => Arc::new(UInt64Array::try_new(raw.clone(), nulls)?),
                Raw::U128(raw) => {
                    let bytes: Vec<u8> = raw.iter().flat_map(|raw| raw.to_le_bytes()).collect();
                    Arc::new(FixedSizeBinaryArray::try_new(16, Buffer::from_vec(bytes), nulls)?)
                }
            }
        }
        Values::Floats(floats) => Arc::new(Float64Array::try_new(floats.clone(), nulls)?),
        Values::Coded { codes, texts } => {
            about(codes);
            match &codes.raw {
                Raw::U8(raw) => coded(UInt8Array::try_new(raw.clone(), nulls)?, texts)?,
                Raw::U16(raw) => coded(UInt16Array::try_new(raw.clone(), nulls)?, texts)?,
                Raw::U32(raw) => coded(UInt32Array::try_new(raw.clone(), nulls)?, texts)?,
                Raw::U64(raw) => coded(UInt64Array::try_new(raw.clone(), nulls)?, texts)?,
                Raw::U128(_) => return Err(ArrowError::InvalidArgumentError("codes of 128 bits".to_owned())),
            }
        }
        Values::Texts(texts) => {
            let (offsets, bytes, _) = texts.array().clone().into_parts();
            Arc::new(LargeStringArray::try_new(offsets, bytes, nulls)?)
        }
        Values::Lists { offsets, items } => {
            let (field, items) = array("item", items)?;
            Arc::new(LargeListArray::try_new(field, offsets.clone(), items, nulls)?)
        }
    };
    Ok((Arc::new(Field::new(name, array.data_type().clone(), true).with_metadata(metadata)), array))
}

fn coded<K: ArrowDictionaryKeyType>(codes: PrimitiveArray<K>, texts: &Texts) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(DictionaryArray::try_new(codes, Arc::new(texts.array().clone()))?))
}

fn nulls(present: &Bitmap) -> NullBuffer {
    let bytes: Vec<u8> = present.words().iter().flat_map(|word| word.to_le_bytes()).collect();
    NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(bytes), 0, present.len()))
}
