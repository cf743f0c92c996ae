//! Columns out of Arrow arrays.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use cvm_core::{Code, Diagnostic, Diagnostics, FieldType};
use rustc_hash::FxHashMap;

use crate::bitmap::Bitmap;
use crate::column::{Column, Values};
use crate::ints::Ints;
use crate::texts::Texts;

/// A column with more different texts than this, and more than one for [`ROWS_A_TEXT`] rows, keeps a text for each row.
const FEW_TEXTS: usize = 1 << 12;
const ROWS_A_TEXT: usize = 4;

/// Units in which instants are kept, in microseconds: days, seconds, milliseconds.
const INSTANTS: &[i128] = &[86_400_000_000, 1_000_000, 1_000, 1];

/// The column of arrays that follow one another.
pub(crate) fn column(name: &str, arrays: &[ArrayRef], ty: &FieldType) -> Result<Column, Diagnostics> {
    let wanted = arrow_type(ty);
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let arrays: Vec<ArrayRef> = arrays
        .iter()
        .map(|array| {
            // Nothing else is a date, and a fraction is no whole number.
            let loses = matches!((array.data_type(), &wanted), (DataType::Timestamp(..), DataType::Date32))
                || (array.data_type().is_floating() && !matches!(wanted, DataType::Float64))
                || (matches!(wanted, DataType::Utf8) && !is_text(array.data_type()));
            let unreadable = |why: String| {
                let message = format!("the column `{name}` can't be read as {ty}: {why}");
                Diagnostics::from(Diagnostic::error(Code::SourceKind, "", message))
            };
            if loses && array.null_count() < array.len() {
                return Err(unreadable(format!("its Arrow type is {}", array.data_type())));
            }
            cast_with_options(array, &wanted, &options).map_err(|error| unreadable(error.to_string()))
        })
        .collect::<Result<_, _>>()?;
    Ok(built(&arrays, ty))
}

fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, value) => is_text(value),
        ty => matches!(ty, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// The Arrow type in which values of a type are read.
pub(crate) fn arrow_type(ty: &FieldType) -> DataType {
    match ty {
        FieldType::Bool => DataType::Boolean,
        FieldType::Int => DataType::Int64,
        FieldType::Float => DataType::Float64,
        FieldType::Decimal { precision, scale } => DataType::Decimal128(*precision, (*scale).cast_signed()),
        FieldType::String | FieldType::Json => DataType::Utf8,
        FieldType::Date => DataType::Date32,
        FieldType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        FieldType::List(item) => DataType::List(Arc::new(Field::new("item", arrow_type(item), true))),
    }
}

fn built(arrays: &[ArrayRef], ty: &FieldType) -> Column {
    let len = arrays.iter().map(|array| array.len()).sum();
    let values = match ty {
        FieldType::Bool => {
            let bools = |array: &'_ ArrayRef| -> Vec<Option<i128>> {
                array.as_boolean().iter().map(|value| value.map(i128::from)).collect()
            };
            Values::Ints(Ints::new(arrays.iter().flat_map(bools), &[1]))
        }
        FieldType::Int => {
            let numbers = arrays.iter().flat_map(|a| a.as_primitive::<Int64Type>().iter());
            Values::Ints(Ints::new(numbers.map(|n| n.map(i128::from)), &[1]))
        }
        FieldType::Decimal { .. } => {
            let digits = arrays.iter().flat_map(|a| a.as_primitive::<Decimal128Type>().iter());
            Values::Ints(Ints::new(digits, &[1]))
        }
        FieldType::Date => {
            let days = arrays.iter().flat_map(|a| a.as_primitive::<Date32Type>().iter());
            Values::Ints(Ints::new(days.map(|n| n.map(i128::from)), &[1]))
        }
        FieldType::Timestamp => {
            let micros = arrays.iter().flat_map(|a| a.as_primitive::<TimestampMicrosecondType>().iter());
            Values::Ints(Ints::new(micros.map(|n| n.map(i128::from)), INSTANTS))
        }
        FieldType::Float => {
            let floats = arrays.iter().flat_map(|a| a.as_primitive::<Float64Type>().iter());
            Values::Floats(floats.map(|x| x.unwrap_or(f64::NAN)).collect())
        }
        FieldType::String | FieldType::Json => texts(arrays, len),
        FieldType::List(item) => {
            let mut lengths = Vec::with_capacity(len);
            let mut items = Vec::new();
            for array in arrays {
                let lists = array.as_list::<i32>();
                for row in 0..lists.len() {
                    // A list that is not there may still cover items.
                    let list = lists.is_valid(row).then(|| lists.value(row));
                    lengths.push(list.as_ref().map_or(0, |list| list.len()));
                    items.extend(list);
                }
            }
            Values::Lists { offsets: OffsetBuffer::from_lengths(lengths), items: Box::new(built(&items, item)) }
        }
    };
    Column { ty: ty.clone(), present: present(arrays, len, &values, ty), values, len }
}

/// The rows with a value; `None` when all have one.
fn present(arrays: &[ArrayRef], len: usize, values: &Values, ty: &FieldType) -> Option<Bitmap> {
    let missing_float = |row: usize| match values {
        Values::Floats(floats) => floats.get(row).is_some_and(|x| x.is_nan()),
        _ => false,
    };
    let bools: Vec<bool> = arrays
        .iter()
        .flat_map(|array| (0..array.len()).map(|row| array.is_valid(row)))
        .enumerate()
        .map(|(row, valid)| valid && !missing_float(row))
        .collect();
    // A document that is `null`, or none at all, is missing; that is found when it is read.
    let _ = ty;
    bools.contains(&false).then(|| Bitmap::from_bools(bools.into_iter())).filter(|present| present.len() == len)
}

/// Texts, coded where many are the same.
fn texts(arrays: &[ArrayRef], len: usize) -> Values {
    let all = || arrays.iter().flat_map(|array| array.as_string::<i32>().iter());
    let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
    let mut codes: Vec<u32> = Vec::with_capacity(len);
    for text in all() {
        let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        codes.push(text.map_or(u32::MAX, |text| *seen.entry(text).or_insert(next)));
        if seen.len() > FEW_TEXTS && seen.len() * ROWS_A_TEXT > len {
            return Values::Texts(Texts::new(all().map(Option::unwrap_or_default)));
        }
    }
    // Codes that ascend with the texts make a range of texts one of codes.
    let mut order: Vec<(&str, u32)> = seen.into_iter().collect();
    order.sort_unstable();
    let mut places = vec![0_u32; order.len()];
    for (place, (_, code)) in (0..).zip(&order) {
        if let Some(at) = places.get_mut(*code as usize) {
            *at = place;
        }
    }
    let texts = Texts::new(order.iter().map(|(text, _)| *text));
    let codes = codes.iter().map(|code| places.get(*code as usize).map(|place| i128::from(*place)));
    Values::Coded { codes: Ints::new(codes, &[1]), texts }
}
