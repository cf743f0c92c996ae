//! One value out of a document, without building the rest of it. The whole text is read all the same: what is wrong
//! with it anywhere makes it no document, as it does for the reference.

use std::fmt;

use cvm_core::Value;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// The value at a path; missing where there is none, or no JSON.
pub(super) fn value_at(text: &str, path: &[String]) -> Value {
    let mut json = serde_json::Deserializer::from_str(text);
    let found = At(Some(path)).deserialize(&mut json);
    match (found, json.end()) {
        (Ok(value), Ok(())) => value,
        _ => Value::Missing,
    }
}

/// Reads a value: the one at the path, or, without a path, none at all.
#[derive(Clone, Copy)]
struct At<'p>(Option<&'p [String]>);

impl At<'_> {
    /// The value where the path ends here.
    fn here(self, value: Value) -> Value {
        if self.0.is_some_and(<[String]>::is_empty) { value } else { Value::Missing }
    }
}

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Missing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(self.here(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(self.here(Value::Int(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "whole numbers beyond 64 bits are floats")]
        Ok(self.here(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(self.here(Value::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        // Most texts of a document are read past.
        let wanted = self.0.is_some_and(<[String]>::is_empty);
        Ok(if wanted { Value::Str(value.to_owned()) } else { Value::Missing })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Some((key, rest)) = self.0.map(<[String]>::split_first).unwrap_or_default() else {
            let mut list = Vec::new();
            while let Some(item) = items.next_element_seed(self)? {
                if self.0.is_some() {
                    list.push(item);
                }
            }
            return Ok(self.here(Value::List(list)));
        };
        let wanted = key.parse::<usize>().ok();
        let mut found = Value::Missing;
        let mut index = 0;
        while let Some(value) = items.next_element_seed(At((wanted == Some(index)).then_some(rest)))? {
            if wanted == Some(index) {
                found = value;
            }
            index += 1;
        }
        Ok(found)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let path = self.0.and_then(<[String]>::split_first);
        let mut found = Value::Missing;
        while let Some(is_wanted) = entries.next_key_seed(Key(path.map(|(key, _)| key.as_str())))? {
            let rest = path.filter(|_| is_wanted).map(|(_, rest)| rest);
            let value = entries.next_value_seed(At(rest))?;
            // Of a key that stands twice, the last value counts.
            if is_wanted {
                found = value;
            }
        }
        // No test looks into an object: that it is there is all.
        Ok(if self.0.is_some_and(<[String]>::is_empty) { Value::Json(serde_json::json!({})) } else { found })
    }
}

/// Whether a key is the one that is wanted.
struct Key<'p>(Option<&'p str>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<bool, E> {
        Ok(self.0 == Some(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, path: &str) -> Value {
        let path: Vec<String> = path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        value_at(text, &path)
    }

    #[test]
    fn values_of_each_kind() {
        let text = r#"{"a": [1, 2.0, "x", null, true, {"b": -3}, [4]], "0": "key", "u": 18446744073709551615}"#;
        assert_eq!(at(text, "a.0"), Value::Int(1));
        assert_eq!(at(text, "a.1"), Value::Float(2.0));
        assert_eq!(at(text, "a.2"), Value::Str("x".to_owned()));
        assert_eq!(at(text, "a.3"), Value::Missing);
        assert_eq!(at(text, "a.4"), Value::Bool(true));
        assert_eq!(at(text, "a.5.b"), Value::Int(-3));
        assert!(matches!(at(text, "a.5"), Value::Json(_)));
        assert_eq!(at(text, "a.6"), Value::List(vec![Value::Int(4)]));
        assert_eq!(at(text, "a.7"), Value::Missing);
        assert_eq!(at(text, "0"), Value::Str("key".to_owned()));
        assert_eq!(at(text, "u"), Value::Float(18_446_744_073_709_551_615.0));
        assert_eq!(at(text, "a.2.0"), Value::Missing);
        assert_eq!(at("[[], 1]", ""), Value::List(vec![Value::List(vec![]), Value::Int(1)]));
        assert_eq!(at(r#"{"a": 1, "a": {"b": 2}}"#, "a.b"), Value::Int(2));
        assert_eq!(at(r#"{"a": {"b": 2}, "a": 1}"#, "a.b"), Value::Missing);
    }

    #[test]
    fn what_is_wrong_anywhere_is_no_document() {
        for text in [r#"{"a": 1"#, r#"{"a": 1} x"#, r#"{"a": 1, "b": 1e999}"#, r#"{"a": 1, "b": "\ud800"}"#, ""] {
            assert_eq!(at(text, "a"), Value::Missing, "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        }
        let deep = format!(r#"{{"a": 1, "b": {}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(at(&deep, "a"), Value::Missing);
        assert!(serde_json::from_str::<serde_json::Value>(&deep).is_err());
    }
}
