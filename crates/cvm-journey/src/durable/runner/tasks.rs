//! What was handed out becomes messages, and what became of them answers.

use std::time::Duration;

use super::options::{RunnerOptions, micros};
use super::outlet::Outlet;
use super::profiles::{Change, Profiles, Task};
use crate::channel::{Delivery, Message};
use crate::machine::{Answered, Leased, Machine, Outcome};
use crate::message::Content;
use crate::model::{NodeKind, Unknown};

/// The channel that changes customers.
pub(super) const PROFILE: &str = "profile";

/// What is known of something that was handed out.
fn with<T>(machine: &Machine, leased: &Leased, action: impl FnOnce(&Task<'_>) -> T) -> Option<T> {
    let (journey, node) = machine.about(leased.handle)?;
    let node = journey.node(node)?;
    Some(action(&Task {
        key: machine.idempotency_key(leased.handle)?,
        journey,
        node,
        customer: machine.key(leased.customer),
        code: leased.code,
        attempt: leased.attempt.into(),
    }))
}

/// The channel that something is for.
pub(super) fn channel(machine: &Machine, leased: &Leased) -> Option<String> {
    with(machine, leased, |task| match &task.node.kind {
        NodeKind::Send(send) => send.channel.clone(),
        NodeKind::Webhook(_) => "webhook".to_owned(),
        _ => PROFILE.to_owned(),
    })
}

/// Does what was handed out; without an outlet it is what changes customers.
pub(super) fn deliver(
    machine: &Machine,
    leased: &[Leased],
    outlet: Option<&mut Outlet>,
    content: &mut Content,
    profiles: &mut impl Profiles,
) -> Vec<Delivery> {
    let gone = || Delivery::never("its node is gone");
    let Some(outlet) = outlet else {
        let each = leased.iter().map(|one| with(machine, one, |task| apply(task, profiles)).unwrap_or_else(gone));
        return each.collect();
    };
    let mut messages: Vec<Message> = Vec::with_capacity(leased.len());
    let mut unsaid: Vec<Option<Delivery>> = Vec::with_capacity(leased.len());
    for one in leased {
        let message = with(machine, one, |task| message(task, content, profiles));
        unsaid.push(match message {
            Some(Ok(message)) => {
                messages.push(message);
                None
            }
            Some(Err(unsaid)) => Some(unsaid),
            None => Some(gone()),
        });
    }
    let sent = if messages.is_empty() { Vec::new() } else { outlet.channel.send(&messages) };
    let mut sent = sent.into_iter();
    let silent = || Delivery::unknown("the channel did not say what became of it");
    unsaid.into_iter().map(|unsaid| unsaid.unwrap_or_else(|| sent.next().unwrap_or_else(silent))).collect()
}

/// The message of a task, as its channel takes it; or why there is none.
fn message(task: &Task<'_>, content: &mut Content, profiles: &mut impl Profiles) -> Result<Message, Delivery> {
    let (channel, to) = match &task.node.kind {
        NodeKind::Send(send) => {
            let to = profiles.address(&task.customer, &send.channel).map_err(Delivery::again)?;
            (send.channel.clone(), to)
        }
        NodeKind::Webhook(webhook) => ("webhook".to_owned(), Some(webhook.url.clone())),
        _ => return Err(Delivery::never(format!("`{}` sends nothing", task.node.id))),
    };
    let context = profiles.context(task).map_err(Delivery::again)?;
    let said = content.say(task.journey, &task.node.kind, &task.customer, task.code, context);
    Ok(Message {
        key: task.key.clone(),
        journey: task.journey.id.clone(),
        node: task.node.id.clone(),
        customer: task.customer.clone(),
        channel,
        to,
        parts: said.map_err(Delivery::never)?.parts,
        attempt: task.attempt,
    })
}

fn apply(task: &Task<'_>, profiles: &mut impl Profiles) -> Delivery {
    match &task.node.kind {
        NodeKind::Update(update) => profiles.apply(task, Change::Set(&update.set)),
        NodeKind::List(list) => profiles.apply(task, Change::List(list)),
        _ => Delivery::never("it changes nobody"),
    }
}

/// What a machine is told of a delivery.
pub(super) fn answer(
    machine: &Machine,
    leased: &Leased,
    delivery: &Delivery,
    options: &RunnerOptions,
    now: i64,
) -> Answered {
    let later = |at_least: u64| {
        let key = machine.idempotency_key(leased.handle).unwrap_or_default();
        match options.backoff.wait(&key, leased.attempt.into()) {
            Some(wait) => Outcome::Again(now.saturating_add(micros(wait.max(Duration::from_secs(at_least))))),
            None => Outcome::Failed,
        }
    };
    let retries = || {
        let unknown = with(machine, leased, |task| match &task.node.kind {
            NodeKind::Send(send) => send.unknown,
            NodeKind::Webhook(webhook) => webhook.unknown,
            _ => Unknown::Retry,
        });
        unknown == Some(Unknown::Retry)
    };
    let outcome = match delivery {
        Delivery::Sent { .. } => Outcome::Done,
        Delivery::Failed { again: true, after, .. } => later(after.unwrap_or(0)),
        Delivery::Failed { again: false, .. } => Outcome::Failed,
        // At once it would go the same way: it waits as what failed does.
        Delivery::Unknown { .. } if retries() => later(0),
        Delivery::Unknown { .. } => Outcome::Unknown,
    };
    Answered { handle: leased.handle, outcome }
}
