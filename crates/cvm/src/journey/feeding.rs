//! What events are known by, and which messages they are about.

use cvm_core::Value;
use cvm_journey::key_number;
use cvm_journey::machine::Handle;
use serde_json::Value as Json;

use super::error::JourneyError;
use super::outgoing::handle;
use super::state::State;

/// What an event is known by, and the message that it is about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KnownBy {
    pub(super) id: Option<u64>,
    pub(super) about: Option<Handle>,
}

impl State {
    /// Takes out of changes what only journeys know of, one for each change.
    pub(super) fn known_by(&self, changes: &Json) -> Result<(Json, Vec<KnownBy>), JourneyError> {
        let mut changes = changes.clone();
        let mut known = Vec::new();
        // What is no list of objects is told of when it is read.
        for (i, change) in changes.as_array_mut().into_iter().flatten().enumerate() {
            let mut own = KnownBy::default();
            if let Some(entries) = change.as_object_mut().filter(|entries| entries.contains_key("event")) {
                own.id = match entries.remove("id") {
                    None | Some(Json::Null) => None,
                    Some(Json::String(id)) => Some(key_number(&id)),
                    Some(Json::Number(id)) => Some(key_number(&id.to_string())),
                    Some(_) => {
                        return Err(JourneyError::given(
                            format!("/{i}/id"),
                            "the id of an event is a text or a number",
                        ));
                    }
                };
                own.about = match entries.remove("message") {
                    None | Some(Json::Null) => None,
                    Some(Json::String(message)) => Some(self.message(i, &message, entries.get("key"))?),
                    Some(_) => {
                        let message = "a message is named by its `key` or its `receipt`, a text";
                        return Err(JourneyError::given(format!("/{i}/message"), message));
                    }
                };
            }
            known.push(own);
        }
        Ok((changes, known))
    }

    /// The handle of a message that was handed out to a customer.
    fn message(&self, i: usize, message: &str, key: Option<&Json>) -> Result<Handle, JourneyError> {
        let key = match key {
            Some(Json::String(key)) => Value::Str(key.clone()),
            Some(Json::Number(key)) => key.as_i64().map_or(Value::Missing, Value::Int),
            _ => Value::Missing,
        };
        let machine = self.keeper.machine();
        let customer = self.number(&key);
        let own =
            |handle: &Handle| machine.customer_of(*handle).is_some_and(|customer_of| Some(customer_of) == customer);
        let found = match handle(message) {
            Some(receipt) => Some(receipt).filter(own),
            None => customer.and_then(|customer| machine.handle_of(customer, message)),
        };
        found.ok_or_else(|| {
            let text = format!("no message `{message}` was handed out to this customer: take the `key` or the `receipt` of a message that was polled");
            JourneyError::given(format!("/{i}/message"), text)
        })
    }
}
