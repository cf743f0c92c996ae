//! What is handed out: messages and calls, with what they say.

use std::collections::BTreeMap;

use cvm_journey::machine::{Handle, Leased};
use cvm_journey::message::Context;
use cvm_journey::model::NodeKind;
use serde::Serialize;

use super::state::State;

/// Something to be done for a customer: a message, or a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outgoing {
    /// What it is called in the answer ([`Journeys::acknowledge`](super::Journeys::acknowledge)).
    pub receipt: String,
    /// What a provider knows it by: the same at each try.
    pub key: String,
    /// The journey's id.
    pub journey: String,
    /// The journey's version.
    pub version: u32,
    /// The node.
    pub node: String,
    /// The customer's key.
    pub customer: String,
    /// The channel; `webhook` for calls.
    pub channel: String,
    /// Which try it is, from 1 on.
    pub attempt: u8,
    /// The template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// The customer's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where to, for calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is said, part by part.
    pub parts: BTreeMap<String, String>,
}

/// A message or call that can't be made: its node goes on as when it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmade {
    /// The journey's id.
    pub journey: String,
    /// The node.
    pub node: String,
    /// The customer's key.
    pub customer: String,
    /// Why, for people.
    pub reason: String,
}

/// What there is to do.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Polled {
    /// Messages and calls.
    pub messages: Vec<Outgoing>,
    /// Those that can't be made.
    pub unmade: Vec<Unmade>,
}

impl State {
    /// What is to be done, as it is handed out; or why it can't be made.
    pub(super) fn outgoing(&mut self, leased: &Leased) -> Result<Outgoing, Unmade> {
        let machine = self.keeper.machine();
        let customer = machine.key(leased.customer);
        let unmade = |node: &str, reason: String| Unmade {
            journey: machine.journey_name(leased.handle.journey).to_owned(),
            node: node.to_owned(),
            customer: customer.clone(),
            reason,
        };
        let gone = || unmade("", "its node is gone".to_owned());
        let (journey, node) = machine.about(leased.handle).ok_or_else(gone)?;
        let key = machine.idempotency_key(leased.handle).ok_or_else(gone)?;
        let kind = journey.node(node).map(|node| &node.kind).ok_or_else(gone)?;
        let context = Context::new(&journey.id, &journey.name).customer(self.world.profile(leased.customer));
        let said = self.content.say(journey, kind, &customer, leased.code, context);
        let said = said.map_err(|reason| unmade(node, reason))?;
        let mut outgoing = Outgoing {
            receipt: receipt(leased.handle),
            key,
            journey: journey.id.clone(),
            version: leased.version,
            node: node.to_owned(),
            customer,
            channel: "webhook".to_owned(),
            attempt: leased.attempt,
            template: None,
            offer: None,
            code: said.code,
            url: None,
            parts: said.parts,
        };
        match kind {
            NodeKind::Send(send) => {
                outgoing.channel.clone_from(&send.channel);
                outgoing.template = Some(send.template.clone());
                outgoing.offer.clone_from(&send.offer);
            }
            NodeKind::Webhook(webhook) => outgoing.url = Some(webhook.url.clone()),
            _ => {}
        }
        Ok(outgoing)
    }
}

fn receipt(handle: Handle) -> String {
    let Handle { journey, node, participant, entry, round } = handle;
    format!("{journey}.{node}.{participant}.{entry}.{round}")
}

/// What a receipt is of.
pub(super) fn handle(receipt: &str) -> Option<Handle> {
    let mut parts = receipt.split('.');
    let found = Handle {
        journey: parts.next()?.parse().ok()?,
        node: parts.next()?.parse().ok()?,
        participant: parts.next()?.parse().ok()?,
        entry: parts.next()?.parse().ok()?,
        round: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(found)
}
