//! What is sent.

use serde::Serialize;
use serde::de::IgnoredAny;

use crate::channel::Message;

#[derive(Serialize)]
struct Head<'m> {
    key: &'m str,
    journey: &'m str,
    node: &'m str,
    customer: &'m str,
}

/// The body of a message: the same bytes for every try.
pub(super) fn of(message: &Message) -> Result<String, String> {
    let Message { key, journey, node, customer, parts, .. } = message;
    let json = |error: serde_json::Error| format!("the message is no JSON: {error}");
    let data = match parts.get("json") {
        Some(text) if parts.len() == 1 => {
            // It stays as it was written, so that long numbers keep their digits.
            serde_json::from_str::<IgnoredAny>(text).map_err(json)?;
            text.trim().to_owned()
        }
        _ => serde_json::to_string(parts).map_err(json)?,
    };
    let head = serde_json::to_string(&Head { key, journey, node, customer }).map_err(json)?;
    Ok(format!("{},\"data\":{data}}}", head.trim_end_matches('}')))
}
