//! Dotted paths into JSON documents.

use serde_json::Value as Json;

/// The value at `path` (keys of objects, or numbers from 0 into arrays); `None` when there is none, or it is null.
///
/// ```
/// let json = serde_json::json!({"plan": {"tier": "gold", "seats": [3, 5]}});
/// assert_eq!(cvm_core::value::json_at(&json, ["plan", "tier"]).and_then(|v| v.as_str()), Some("gold"));
/// assert_eq!(cvm_core::value::json_at(&json, ["plan", "seats", "1"]).and_then(|v| v.as_i64()), Some(5));
/// assert_eq!(cvm_core::value::json_at(&json, ["plan", "level"]), None);
/// ```
#[must_use]
pub fn json_at<'a, 'p>(json: &'a Json, path: impl IntoIterator<Item = &'p str>) -> Option<&'a Json> {
    let mut at = json;
    for key in path {
        at = match at {
            Json::Object(map) => map.get(key)?,
            Json::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    (!at.is_null()).then_some(at)
}
