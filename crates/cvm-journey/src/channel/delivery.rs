//! What becomes of messages.

use serde::{Deserialize, Serialize};

use super::message::Message;

/// What became of a message.
///
/// ```
/// use cvm_journey::channel::Delivery;
/// let busy = Delivery::Failed { reason: "busy".to_owned(), again: true, after: Some(30) };
/// assert_eq!(serde_json::to_string(&busy)?, r#"{"state":"failed","reason":"busy","again":true,"after":30}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum Delivery {
    /// The provider took it.
    Sent {
        /// What the provider calls it, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// The provider did not take it: it had no effect for sure.
    Failed {
        /// Why, for people.
        reason: String,
        /// Whether another try may succeed.
        again: bool,
        /// So many seconds the provider wants to be left alone before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<u64>,
    },
    /// Nobody knows whether the provider took it ([`Unknown`](crate::model::Unknown) says what to do).
    Unknown {
        /// Why, for people.
        reason: String,
    },
}

impl Delivery {
    /// It failed, and may succeed when it is tried again.
    #[must_use]
    pub fn again(reason: impl Into<String>) -> Self {
        Self::Failed { reason: reason.into(), again: true, after: None }
    }

    /// It failed, and would fail again.
    #[must_use]
    pub fn never(reason: impl Into<String>) -> Self {
        Self::Failed { reason: reason.into(), again: false, after: None }
    }

    /// Nobody knows.
    #[must_use]
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }
}

/// Something that takes messages away.
///
/// ```
/// use cvm_journey::channel::{Channel, Delivery, Message};
/// struct Nowhere;
/// impl Channel for Nowhere {
///     fn name(&self) -> &str {
///         "nowhere"
///     }
///     fn send(&mut self, messages: &[Message]) -> Vec<Delivery> {
///         messages.iter().map(|_| Delivery::Sent { id: None }).collect()
///     }
/// }
/// assert_eq!(Nowhere.send(&[Message::default()]).len(), 1);
/// ```
pub trait Channel: Send {
    /// The name that send nodes and settings know it by.
    fn name(&self) -> &str;

    /// Takes a batch, and says of each message in its order what became of it. It returns when it knows, or when it has
    /// waited long enough to say that it doesn't. A message that comes again with the same key is another try of the same
    /// send.
    fn send(&mut self, messages: &[Message]) -> Vec<Delivery>;
}
