//! Values that fields are set to: of the field's type, as a filter on that field would take them.

use cvm_core::filter::{Literal, field};
use cvm_core::{Field, FieldType};
use serde_json::Value;

use super::known::Known;
use crate::finding::{Code, Finding};
use crate::model::{Journey, NodeKind};

pub(super) fn check(journey: &Journey, known: &Known<'_>, out: &mut Vec<Finding>) {
    for (i, node) in journey.nodes.iter().enumerate() {
        let NodeKind::Update(update) = &node.kind else { continue };
        for (name, value) in &update.set {
            // A field that there is not was told of.
            let fields = &known.catalog.customers.fields;
            let Some(known_field) = fields.iter().find(|known| known.name == *name) else { continue };
            let why = if *name == known.catalog.customers.key {
                "customers are known by it: it can't be set".to_owned()
            } else {
                match wrong(known_field, value, known) {
                    Some(why) => why,
                    None => continue,
                }
            };
            let path = format!("/nodes/{i}/data/set/{}", crate::model::pointer(name));
            let found = Finding::new(Code::FieldType, path, format!("`{name}` is set to `{value}`: {why}"));
            out.push(found.nodes([node.id.as_str()]).help(format!("`{name}` is of the type {}", known_field.ty)));
        }
    }
}

/// Why a field can't have a value.
fn wrong(of: &Field, value: &Value, known: &Known<'_>) -> Option<String> {
    let literals = match (value, &of.ty) {
        // Documents take everything.
        (_, FieldType::Json) => return None,
        (Value::Null, _) if of.nullable => return None,
        (Value::Null, _) => return Some("it must have a value".to_owned()),
        (Value::Array(items), FieldType::List(_)) => items.iter().map(literal).collect::<Option<Vec<Literal>>>(),
        (_, FieldType::List(_)) => None,
        (value, _) => literal(value).map(|one| vec![one]),
    };
    let Some(literals) = literals else { return Some("it can't have such a value".to_owned()) };
    if literals.is_empty() {
        return None;
    }
    let filter = match &of.ty {
        FieldType::List(_) => field(&of.name).has_all(literals),
        _ => field(&of.name).is_in(literals),
    };
    let findings = cvm_core::check(&filter, known.catalog).err()?;
    findings.0.first().map(|found| found.message.clone())
}

fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::Bool(value) => Some(Literal::Bool(*value)),
        Value::Number(number) => number.as_i64().map(Literal::Int).or_else(|| number.as_f64().map(Literal::Float)),
        Value::String(text) => Some(Literal::Str(text.clone())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
