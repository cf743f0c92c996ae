//! A whole customer of the values that were found.

use crate::catalog::{Field, FieldType};
use crate::optimize::world::World;
use crate::value::{Date, Timestamp, Value};

/// A customer with the values that were chosen; fields that were not are missing, or have the plainest value.
pub(super) fn row(world: &World<'_>, chosen: &[Option<Value>]) -> Vec<Value> {
    let fields = &world.catalog.customers.fields;
    let mut row: Vec<Value> =
        fields.iter().map(|field| if field.nullable { Value::Missing } else { plainest(field) }).collect();
    for (slot, value) in world.slots.iter().zip(chosen) {
        let Some(value) = value else { continue };
        if let Some(at) = fields.iter().position(|field| field.name == slot.name) {
            if let Some(place) = row.get_mut(at) {
                *place = match (&fields.get(at).map(|f| &f.ty), value) {
                    (Some(FieldType::Json), value) if !value.is_missing() => Value::Json(value.to_json()),
                    _ => value.clone(),
                };
            }
            continue;
        }
        // A part of a document: the longest field name that its path begins with.
        for (dot, _) in slot.name.rmatch_indices('.') {
            let (Some(head), Some(tail)) = (slot.name.get(..dot), slot.name.get(dot + 1..)) else { continue };
            let Some(at) = fields.iter().position(|field| field.name == head) else { continue };
            if let Some(place) = row.get_mut(at) {
                let mut json = match std::mem::take(place) {
                    Value::Json(json) => json,
                    _ => serde_json::json!({}),
                };
                put(&mut json, &tail.split('.').collect::<Vec<_>>(), value.to_json());
                *place = Value::Json(json);
            }
            break;
        }
    }
    row
}

fn put(json: &mut serde_json::Value, path: &[&str], value: serde_json::Value) {
    let Some((first, rest)) = path.split_first() else {
        *json = value;
        return;
    };
    if let Some(map) = json.as_object_mut() {
        put(map.entry((*first).to_owned()).or_insert_with(|| serde_json::json!({})), rest, value);
    }
}

fn plainest(field: &Field) -> Value {
    match &field.ty {
        FieldType::Bool => Value::Bool(false),
        FieldType::Int => Value::Int(0),
        FieldType::Float => Value::Float(0.0),
        FieldType::Decimal { .. } => Value::Decimal(0.into()),
        FieldType::String => Value::Str(field.values.as_ref().and_then(|v| v.first()).cloned().unwrap_or_default()),
        FieldType::Date => Date::from_days(0).map_or(Value::Missing, Value::Date),
        FieldType::Timestamp => Timestamp::from_micros(0).map_or(Value::Missing, Value::Timestamp),
        FieldType::List(_) => Value::List(Vec::new()),
        FieldType::Json => Value::Json(serde_json::json!({})),
    }
}
