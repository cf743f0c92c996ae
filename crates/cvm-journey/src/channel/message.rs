//! What is handed to a channel.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A message to one customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The same for every try of the same send: providers that know keys take a message once.
    pub key: String,
    /// The journey that it belongs to.
    pub journey: String,
    /// The node that it comes from.
    pub node: String,
    /// The customer's key.
    pub customer: String,
    /// The channel's name.
    pub channel: String,
    /// The address, number or URL; channels that need one and have none say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What is said, part by part, as [`Renderer::render`](crate::message::Renderer::render) makes it.
    pub parts: BTreeMap<String, String>,
    /// Which try this is, from 1.
    pub attempt: u32,
}
