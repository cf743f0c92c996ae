//! What a node does, in a few words.

use crate::model::{Duration, ListChange, NodeKind, Offset, Per, Wait};

/// What stands below the name of a node.
pub(super) fn summary(kind: &NodeKind) -> String {
    match kind {
        NodeKind::Entry(_) => "Entry".to_owned(),
        NodeKind::Segment(_) => "Segment".to_owned(),
        NodeKind::Wait(wait) => waits(wait),
        NodeKind::Send(send) => match &send.offer {
            Some(offer) => format!("Send {} with {offer} by {}", send.template, send.channel),
            None => format!("Send {} by {}", send.template, send.channel),
        },
        NodeKind::Branch(branch) => format!("Branch, {}", ways(branch.cases.len() + 1)),
        NodeKind::EventBranch(branch) => format!("First event within {}", branch.timeout),
        NodeKind::Split(split) => {
            let shares = split.arms.iter().map(|arm| f64::from(arm.percent).to_string());
            format!("Split {} %", shares.collect::<Vec<_>>().join(" / "))
        }
        NodeKind::Holdout(holdout) => format!("Holdout {}", holdout.percent),
        NodeKind::Update(update) => {
            format!("Set {}", update.set.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
        NodeKind::List(ListChange::Add(list)) => format!("Add to {list}"),
        NodeKind::List(ListChange::Remove(list)) => format!("Remove from {list}"),
        NodeKind::Webhook(webhook) => match url::Url::parse(&webhook.url) {
            Ok(url) => format!("Call {}", url.host_str().unwrap_or("a webhook")),
            Err(_) => "Call a webhook".to_owned(),
        },
        NodeKind::Throttle(throttle) => {
            let per = match throttle.per {
                Per::Minute => "minute",
                Per::Hour => "hour",
                Per::Day => "day",
            };
            format!("{} a {per}", super::text::number(throttle.limit))
        }
        NodeKind::SubJourney(sub) => format!("Journey {}", sub.journey),
        NodeKind::Jump(jump) => format!("Back, {} times at most", jump.times),
        NodeKind::Goal(goal) => format!("Goal {}", goal.name),
        NodeKind::End(end) => match &end.reason {
            Some(reason) => format!("End: {reason}"),
            None => "End".to_owned(),
        },
    }
}

fn ways(ways: usize) -> String {
    format!("{ways} way{}", if ways == 1 { "" } else { "s" })
}

fn waits(wait: &Wait) -> String {
    let within = |what: String, timeout: &Option<Duration>| match timeout {
        Some(timeout) => format!("{what} or {timeout}"),
        None => what,
    };
    match wait {
        Wait::Duration { duration } => format!("Wait {duration}"),
        Wait::Date { field, offset: None, .. } => format!("Wait until {field}"),
        Wait::Date { field, offset: Some(Offset::Before(by)), .. } => format!("Wait until {by} before {field}"),
        Wait::Date { field, offset: Some(Offset::After(by)), .. } => format!("Wait until {by} after {field}"),
        Wait::Event { event, timeout, .. } => within(format!("Wait for {event}"), timeout),
        Wait::Filter { timeout, .. } => within("Wait until true".to_owned(), timeout),
        Wait::Window { window } => format!("Wait for {}–{}", window.from, window.to),
    }
}
