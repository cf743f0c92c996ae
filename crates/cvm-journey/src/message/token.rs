//! Tokens and their values, as the template engine asks for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cvm_core::Value as Core;
use minijinja::Value;
use minijinja::value::Object;

/// What a message is made with: the values of one thing by their names.
pub(super) type Fields = BTreeMap<String, Core>;

/// What all tokens of one message share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) fallbacks: Arc<BTreeMap<String, String>>,
    /// The token that was asked for last and had no value, for the error.
    pub(super) missed: Mutex<Option<String>>,
}

/// Something whose fields are tokens: `customer`, or a document in one of its fields.
#[derive(Debug)]
pub(super) struct Thing {
    /// What it is called: `customer`, `customer.address`.
    path: String,
    fields: Holder,
    shared: Arc<Shared>,
}

#[derive(Debug)]
enum Holder {
    Fields(Arc<Fields>),
    Document(serde_json::Map<String, serde_json::Value>),
}

impl Thing {
    /// The token of a thing by name.
    pub(super) fn value(name: &str, fields: &Arc<Fields>, shared: &Arc<Shared>) -> Value {
        let fields = Holder::Fields(Arc::clone(fields));
        Value::from_object(Self { path: name.to_owned(), fields, shared: Arc::clone(shared) })
    }

    fn core(&self, value: &Core, path: &str) -> Option<Value> {
        Some(match value {
            _ if value.is_missing() => return None,
            Core::Missing => return None,
            Core::Bool(flag) => Value::from(*flag),
            Core::Int(number) => Value::from(*number),
            Core::Float(number) => float(*number)?,
            Core::Str(text) => written(text)?,
            Core::Decimal(_) | Core::Date(_) | Core::Timestamp(_) => Value::from(value.to_string()),
            Core::List(items) => items.iter().map(|item| self.core(item, path).unwrap_or(Value::UNDEFINED)).collect(),
            Core::Json(json) => return self.json(json, path),
        })
    }

    fn json(&self, value: &serde_json::Value, path: &str) -> Option<Value> {
        use serde_json::Value as Json;
        Some(match value {
            Json::Null => return None,
            Json::Bool(flag) => Value::from(*flag),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Value::from(whole),
                None => float(number.as_f64()?)?,
            },
            Json::String(text) => written(text)?,
            Json::Array(items) => items.iter().map(|item| self.json(item, path).unwrap_or(Value::UNDEFINED)).collect(),
            Json::Object(object) => {
                let shared = Arc::clone(&self.shared);
                Value::from_object(Self { path: path.to_owned(), fields: Holder::Document(object.clone()), shared })
            }
        })
    }
}

/// A text that says something. A blank one leaves the same gap in a message as none.
fn written(text: &str) -> Option<Value> {
    if text.trim().is_empty() { None } else { Some(Value::from(text)) }
}

/// Numbers that are whole print without a point.
fn float(number: f64) -> Option<Value> {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if !number.is_finite() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and in the range")]
    Some(if number.fract() == 0.0 && number.abs() < WHOLE { Value::from(number as i64) } else { Value::from(number) })
}

impl Object for Thing {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        let path = format!("{}.{name}", self.path);
        let value = match &self.fields {
            Holder::Fields(fields) => fields.get(name).and_then(|value| self.core(value, &path)),
            Holder::Document(document) => document.get(name).and_then(|value| self.json(value, &path)),
        };
        let value = value.or_else(|| self.shared.fallbacks.get(&path).map(Value::from));
        if value.is_none()
            && let Ok(mut missed) = self.shared.missed.lock()
        {
            *missed = Some(path);
        }
        value
    }

    fn is_true(self: &Arc<Self>) -> bool {
        match &self.fields {
            Holder::Fields(fields) => !fields.is_empty(),
            Holder::Document(document) => !document.is_empty(),
        }
    }
}
