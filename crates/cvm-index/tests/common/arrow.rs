//! Values as Arrow arrays: `#[path = "common/arrow.rs"] mod arrow_of;`

#![allow(dead_code, clippy::expect_used, reason = "each test has its own part")]

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::Field as ArrowField;
use cvm_core::{Catalog, Field, FieldType, History, Value};

/// A column of values of a type.
pub fn array(values: &[Value], ty: &FieldType) -> ArrayRef {
    match ty {
        FieldType::Bool => Arc::new(BooleanArray::from_iter(values.iter().map(|value| match value {
            Value::Bool(b) => Some(*b),
            _ => None,
        }))),
        FieldType::Int => Arc::new(Int64Array::from_iter(values.iter().map(|value| match value {
            Value::Int(i) => Some(*i),
            _ => None,
        }))),
        FieldType::Float => Arc::new(Float64Array::from_iter(values.iter().map(|value| match value {
            Value::Float(x) => Some(*x),
            _ => None,
        }))),
        FieldType::Decimal { precision, scale } => {
            let digits = values.iter().map(|value| match value {
                Value::Decimal(d) => Some(d.rescale(*scale).expect("a value of the type").digits()),
                _ => None,
            });
            let scale = i8::try_from(*scale).expect("a scale");
            Arc::new(Decimal128Array::from_iter(digits).with_precision_and_scale(*precision, scale).expect("a decimal"))
        }
        FieldType::String => Arc::new(StringArray::from_iter(values.iter().map(|value| match value {
            Value::Str(text) => Some(text.as_str()),
            _ => None,
        }))),
        FieldType::Json => Arc::new(StringArray::from_iter(values.iter().map(|value| match value {
            Value::Json(json) => Some(json.to_string()),
            _ => None,
        }))),
        FieldType::Date => Arc::new(Date32Array::from_iter(values.iter().map(|value| match value {
            Value::Date(day) => Some(day.days()),
            _ => None,
        }))),
        FieldType::Timestamp => {
            let micros = values.iter().map(|value| match value {
                Value::Timestamp(at) => Some(at.micros()),
                _ => None,
            });
            Arc::new(TimestampMicrosecondArray::from_iter(micros).with_timezone("UTC"))
        }
        FieldType::List(item) => {
            let lists: Vec<Option<&Vec<Value>>> = values
                .iter()
                .map(|value| match value {
                    Value::List(items) => Some(items),
                    _ => None,
                })
                .collect();
            let items: Vec<Value> = lists.iter().flatten().flat_map(|items| items.iter().cloned()).collect();
            let items = array(&items, item);
            let field = ArrowField::new("item", items.data_type().clone(), true);
            let ends = OffsetBuffer::from_lengths(lists.iter().map(|items| items.map_or(0, Vec::len)));
            let there = NullBuffer::from_iter(lists.iter().map(Option::is_some));
            Arc::new(ListArray::new(Arc::new(field), ends, items, Some(there)))
        }
    }
}

/// Rows as batches of a few rows each, so that seams are met.
pub fn batches(fields: &[(String, FieldType)], rows: &[Vec<Value>]) -> Vec<RecordBatch> {
    let chunks: Vec<&[Vec<Value>]> = if rows.is_empty() { vec![rows] } else { rows.chunks(71).collect() };
    let batch = |rows: &&[Vec<Value>]| {
        let columns = fields.iter().enumerate().map(|(i, (name, ty))| {
            let values: Vec<Value> = rows.iter().map(|row| row.get(i).cloned().unwrap_or_default()).collect();
            (name.clone(), array(&values, ty), true)
        });
        RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
    };
    chunks.iter().map(batch).collect()
}

fn named(fields: &[Field]) -> Vec<(String, FieldType)> {
    fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect()
}

/// Customers with what they did, as the tables of the catalog.
pub fn tables(catalog: &Catalog, everybody: &[(Vec<Value>, History)]) -> Vec<(String, Vec<RecordBatch>)> {
    let rows: Vec<Vec<Value>> = everybody.iter().map(|(row, _)| row.clone()).collect();
    let customers = &catalog.customers;
    let mut tables = vec![(customers.table.clone(), batches(&named(&customers.fields), &rows))];
    let key = customers.fields.iter().position(|field| field.name == customers.key).expect("a key");
    let key_type = customers.fields.iter().find(|field| field.name == customers.key).expect("a key").ty.clone();
    for (at, stream) in catalog.events.iter().enumerate() {
        let mut fields =
            vec![(stream.customer.clone(), key_type.clone()), (stream.time.clone(), stream.time_type.clone())];
        fields.extend(named(&stream.fields));
        let mut rows = Vec::new();
        for (row, history) in everybody {
            for event in history.events.get(at).into_iter().flatten() {
                let head = [row.get(key).cloned().unwrap_or_default(), event.time.clone()];
                rows.push(head.into_iter().chain(event.properties.iter().cloned()).collect());
            }
        }
        tables.push((stream.table.clone(), batches(&fields, &rows)));
    }
    for (at, related) in catalog.related.iter().enumerate() {
        let mut fields = vec![(related.customer.clone(), key_type.clone())];
        fields.extend(named(&related.fields));
        let mut rows = Vec::new();
        for (row, history) in everybody {
            for values in history.related.get(at).into_iter().flatten() {
                let head = row.get(key).cloned().unwrap_or_default();
                rows.push([head].into_iter().chain(values.iter().cloned()).collect());
            }
        }
        tables.push((related.table.clone(), batches(&fields, &rows)));
    }
    tables
}
