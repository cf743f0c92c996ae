//! Arrow arrays as columns: what [`super::encode`] made.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, Float64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use cvm_core::FieldType;

use crate::bitmap::Bitmap;
use crate::column::{Column, Values};
use crate::ints::{Ints, Raw};
use crate::texts::Texts;

/// The column of an array.
///
/// # Errors
/// Why it is none of this type.
pub(super) fn column(field: &Field, array: &ArrayRef, ty: &FieldType) -> Result<Column, String> {
    let name = field.name();
    let kept = field.metadata().get("cvm.type").map(String::as_str).unwrap_or_default();
    if kept != ty.to_string() {
        return Err(format!("the column `{name}` is of type `{kept}` where the catalog has `{ty}`"));
    }
    let strange = || format!("the column `{name}` is {}, which is not how {ty} is saved", array.data_type());
    let values = match ty {
        FieldType::Float => {
            let floats = array.as_primitive_opt::<Float64Type>().ok_or_else(strange)?;
            Values::Floats(floats.values().clone())
        }
        FieldType::String | FieldType::Json => match array.as_string_opt::<i64>() {
            Some(texts) => Values::Texts(Texts::kept(texts.clone())),
            None => coded(field, array).ok_or_else(strange)?,
        },
        FieldType::List(item) => {
            let lists = array.as_list_opt::<i64>().ok_or_else(strange)?;
            let DataType::LargeList(field) = array.data_type() else { return Err(strange()) };
            let items = Box::new(column(field, lists.values(), item)?);
            Values::Lists { offsets: lists.offsets().clone(), items }
        }
        FieldType::Bool | FieldType::Int | FieldType::Decimal { .. } | FieldType::Date | FieldType::Timestamp => {
            Values::Ints(raw(array).and_then(|raw| ints(field, raw)).ok_or_else(strange)?)
        }
    };
    Ok(Column { ty: ty.clone(), values, present: present(array.as_ref()), len: array.len() })
}

/// The raw numbers of an array of numbers.
fn raw(array: &ArrayRef) -> Option<Raw> {
    Some(match array.data_type() {
        DataType::UInt8 => Raw::U8(array.as_primitive_opt::<UInt8Type>()?.values().clone()),
        DataType::UInt16 => Raw::U16(array.as_primitive_opt::<UInt16Type>()?.values().clone()),
        DataType::UInt32 => Raw::U32(array.as_primitive_opt::<UInt32Type>()?.values().clone()),
        DataType::UInt64 => Raw::U64(array.as_primitive_opt::<UInt64Type>()?.values().clone()),
        DataType::FixedSizeBinary(16) => {
            let (numbers, _) = array.as_fixed_size_binary_opt()?.value_data().as_chunks::<16>();
            Raw::U128(numbers.iter().map(|number| u128::from_le_bytes(*number)).collect())
        }
        _ => return None,
    })
}

fn coded(field: &Field, array: &ArrayRef) -> Option<Values> {
    let dictionary = array.as_any_dictionary_opt()?;
    let codes: ArrayRef = arrow::array::make_array(dictionary.keys().to_data());
    let texts = dictionary.values().as_string_opt::<i64>()?.clone();
    Some(Values::Coded { codes: ints(field, raw(&codes)?)?, texts: Texts::kept(texts) })
}

/// What the numbers stand for.
fn ints(field: &Field, raw: Raw) -> Option<Ints> {
    let told = |key: &str| field.metadata().get(key);
    let base = told("cvm.base")?.parse().ok()?;
    let unit = told("cvm.unit")?.parse().ok().filter(|unit: &i128| *unit > 0)?;
    Some(Ints::kept(base, unit, told("cvm.top")?.parse().ok()?, raw))
}

fn present(array: &dyn Array) -> Option<Bitmap> {
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0)?;
    Some(Bitmap::from_words(nulls.inner().bit_chunks().iter_padded().collect(), array.len()))
}
