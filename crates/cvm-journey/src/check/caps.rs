//! The most messages that a customer can get within the time of a cap.
//!
//! Customers are followed from the entry along all ways. Where they are is a node and how often each jump still leads back;
//! what is kept there is, for each message with which the time may have begun, how long ago that was and how many came since:
//! of these only those that no other one beats. Waits for a fixed time take that time, everything else may take none. Days
//! are 24 hours here on both sides, so that a wait of a day is enough for one message a day.

use std::collections::{BTreeMap, VecDeque};

use super::map::Map;
use super::places::{MOST, Place, Places};
use crate::finding::{Code, Finding};
use crate::model::{Cap, Duration, NodeKind, Unit, Wait};

/// A jump is followed so often at most: fewer messages are said then than may come, never more.
const TIMES: u32 = 50;

/// Seconds since the first message, and messages since.
type Begun = (u64, u64);

pub(super) fn check(map: &Map<'_>, out: &mut Vec<Finding>) {
    for (i, cap) in map.journey.settings.caps.iter().enumerate() {
        // A cap that lets nothing through is a finding of its own.
        if cap.limit == 0 {
            continue;
        }
        let Some(most) = most(map, cap).filter(|most| *most > u64::from(cap.limit)) else { continue };
        let by = cap.channel.as_ref().map(|channel| format!(" by `{channel}`")).unwrap_or_default();
        let message = format!(
            "a customer can get {most} messages{by} within {}, and the cap lets {} through",
            cap.within, cap.limit
        );
        let nodes = map.journey.nodes.iter().filter(|node| counts(&node.kind, cap)).map(|node| node.id.as_str());
        let found = Finding::new(Code::AboveCap, format!("/settings/caps/{i}"), message).nodes(nodes);
        out.push(
            found.help("what is above the cap is held back: put waits between the messages, or make the cap greater"),
        );
    }
}

fn counts(kind: &NodeKind, cap: &Cap) -> bool {
    matches!(kind, NodeKind::Send(send) if cap.channel.as_ref().is_none_or(|channel| *channel == send.channel))
}

/// The most messages within the time; `None` where that is too much work.
fn most(map: &Map<'_>, cap: &Cap) -> Option<u64> {
    let within = seconds(cap.within);
    let places = Places::new(map);
    let start = places.start(TIMES)?;
    let mut begun: BTreeMap<Place, Vec<Begun>> = BTreeMap::from([(start.clone(), Vec::new())]);
    let (mut next, mut steps, mut most) = (VecDeque::from([start]), 0, 0);
    while let Some(place) = next.pop_front() {
        steps += 1;
        if steps > MOST {
            return None;
        }
        let (Some(node), Some(own)) = (map.node(place.0), begun.get(&place)) else { continue };
        // Who goes on by `held` or `failed` got no message.
        let without = own.clone();
        let mut own = own.clone();
        if counts(&node.kind, cap) {
            own.iter_mut().for_each(|(_, messages)| *messages += 1);
            own.push((0, 1));
        }
        most = own.iter().map(|(_, messages)| *messages).chain([most]).max().unwrap_or(0);
        if let NodeKind::Wait(Wait::Duration { duration }) = &node.kind {
            own.iter_mut().for_each(|(ago, _)| *ago = ago.saturating_add(seconds(*duration)));
            own.retain(|(ago, _)| *ago < within);
        }
        for (handle, there) in places.next(&place) {
            let known = begun.get(&there);
            let here = if matches!(handle, "held" | "failed") { &without } else { &own };
            let joined = joined(known.into_iter().flatten().chain(here));
            if known != Some(&joined) {
                begun.insert(there.clone(), joined);
                next.push_back(there);
            }
        }
    }
    Some(most)
}

/// Those that no other one beats: none is both later begun and of more messages.
fn joined<'b>(all: impl Iterator<Item = &'b Begun>) -> Vec<Begun> {
    let mut all: Vec<Begun> = all.copied().collect();
    all.sort_unstable_by_key(|(ago, messages)| (*ago, std::cmp::Reverse(*messages)));
    let mut best = 0;
    all.retain(|(_, messages)| {
        let better = *messages > best;
        best = best.max(*messages);
        better
    });
    all
}

/// The seconds of a length of time where clocks are not changed and months have 30 days.
fn seconds(duration: Duration) -> u64 {
    let unit = match duration.unit {
        Unit::Minute => 60,
        Unit::Hour => 3_600,
        Unit::Day => 86_400,
        Unit::Week => 7 * 86_400,
        Unit::Month => 30 * 86_400,
    };
    u64::from(duration.amount) * unit
}
