//! Messages: to whom, when, how often, what for.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::visit::Bfs;

use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::{DayWindow, NodeKind, Send, Weekday};

pub(super) fn check(map: &Map<'_>, out: &mut Vec<Finding>) {
    let sends: Vec<(usize, &str, &Send)> = map
        .journey
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(i, node)| match &node.kind {
            NodeKind::Send(send) => Some((i, node.id.as_str(), send)),
            _ => None,
        })
        .collect();
    let channels: BTreeSet<&str> = sends.iter().map(|(_, _, send)| send.channel.as_str()).collect();
    for channel in channels {
        let nodes = || sends.iter().filter(|(_, _, send)| send.channel == channel).map(|(_, id, _)| *id);
        if !map.journey.settings.consent.contains_key(channel) {
            let message = format!("nothing says who agreed to be written to by `{channel}`");
            let found = Finding::new(Code::NoConsent, "/settings", message).nodes(nodes());
            out.push(found.help("say it under `consent`, as a filter"));
        }
        times(map, channel, nodes(), out);
    }
    twice(map, &sends, out);
    purpose(map, out);
}

/// Some minute of the week must be inside the send windows and outside quiet hours.
fn times<'n>(map: &Map<'_>, channel: &str, nodes: impl Iterator<Item = &'n str>, out: &mut Vec<Finding>) {
    let settings = &map.journey.settings;
    let inside = |windows: &[DayWindow], day, minute| windows.iter().any(|window| window.holds(day, minute));
    let may = |day: Weekday, minute: u16| {
        settings.send_windows.get(channel).is_none_or(|windows| inside(windows, day, minute))
            && !inside(&settings.quiet_hours, day, minute)
    };
    if !Weekday::ALL.iter().any(|day| (0..24 * 60).any(|minute| may(*day, minute))) {
        let message = format!("nothing can ever be sent by `{channel}`: its send windows lie in the quiet hours");
        let found = Finding::new(Code::NoSendTime, "/settings", message).nodes(nodes);
        out.push(found.help("make the send windows wider, or the quiet hours shorter"));
    }
}

/// An offer that a customer may get at one node and then at another.
fn twice(map: &Map<'_>, sends: &[(usize, &str, &Send)], out: &mut Vec<Finding>) {
    let mut by_offer: BTreeMap<&str, Vec<&(usize, &str, &Send)>> = BTreeMap::new();
    for send in sends {
        if let Some(offer) = &send.2.offer {
            by_offer.entry(offer).or_default().push(send);
        }
    }
    for (offer, sends) in by_offer {
        for (_, first, _) in &sends {
            let Some(from) = map.index(first) else { continue };
            let mut reached = BTreeSet::new();
            let mut search = Bfs::new(&map.graph, from);
            while let Some(index) = search.next(&map.graph) {
                reached.insert(index.index());
            }
            for (number, second, _) in &sends {
                if first != second && reached.contains(number) {
                    let message = format!("who got the offer `{offer}` at `{first}` may get it again at `{second}`");
                    let found = Finding::new(Code::OfferTwice, format!("/nodes/{number}/data/offer"), message);
                    out.push(found.nodes([*first, *second]).help("offer something else, or send them different ways"));
                }
            }
        }
    }
}

/// What the journey is for, and how one would know.
fn purpose(map: &Map<'_>, out: &mut Vec<Finding>) {
    let any = |wanted: fn(&NodeKind) -> bool| map.journey.nodes.iter().any(|node| wanted(&node.kind));
    if map.journey.settings.goals.is_empty() && !any(|kind| matches!(kind, NodeKind::Goal(_))) {
        let message = "the journey has no goal: nobody will be able to say what it was good for";
        out.push(Finding::new(Code::NoGoal, "/settings", message).help("name one under `goals`"));
    }
    if map.journey.settings.holdout.is_none() && !any(|kind| matches!(kind, NodeKind::Holdout(_))) {
        let message = "nobody is held out: nobody will be able to say what would have happened without the journey";
        out.push(Finding::new(Code::NoHoldout, "/settings", message).help("hold out 5 % or so"));
    }
}
