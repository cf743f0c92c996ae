//! Changes of fields and lists that journeys make.

use cvm_core::{FieldType, Value};
use cvm_journey::model::{ListChange, NodeKind};

use super::population::Population;

/// Makes a change of a customer, if that is what the node does.
pub(super) fn perform(world: &mut Population, customer: u32, kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Update(update) => {
            let catalog = std::sync::Arc::clone(world.catalog());
            for (name, value) in &update.set {
                let found = catalog.customers.fields.iter().enumerate().find(|(_, field)| field.name == *name);
                if let Some((place, field)) = found {
                    world.overlay.set(customer, place, value_of(value, &field.ty, &catalog.zone));
                }
            }
            true
        }
        NodeKind::List(ListChange::Add(list)) => {
            world.overlay.list(customer, list, true);
            true
        }
        NodeKind::List(ListChange::Remove(list)) => {
            world.overlay.list(customer, list, false);
            true
        }
        _ => false,
    }
}

/// A value as its field has it. Journeys were checked, so that it fits; what does not is missing.
fn value_of(value: &serde_json::Value, ty: &FieldType, zone: &str) -> Value {
    use serde_json::Value as Json;
    let zone = cvm_core::catalog::zone_by_name(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let read = match (ty, value) {
        (FieldType::Int, Json::Number(number)) => number.as_i64().map(Value::Int),
        (FieldType::Float, Json::Number(number)) => number.as_f64().map(Value::Float),
        (FieldType::Decimal { .. }, Json::Number(number)) => number.to_string().parse().ok().map(Value::Decimal),
        (FieldType::Decimal { .. }, Json::String(text)) => text.parse().ok().map(Value::Decimal),
        (FieldType::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
        (FieldType::Date, Json::String(text)) => cvm_core::Date::parse(text).map(Value::Date),
        (FieldType::Timestamp, Json::String(text)) => cvm_core::Timestamp::parse(text, &zone).map(Value::Timestamp),
        (FieldType::Json, json) => Some(Value::Json(json.clone())),
        (_, Json::String(text)) => Some(Value::Str(text.clone())),
        _ => None,
    };
    read.unwrap_or_default()
}
