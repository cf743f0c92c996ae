//! How long customers are on the way, beside how long the journey lasts.

use std::collections::BTreeMap;

use cvm_core::{Date, Timestamp};
use jiff::tz::TimeZone;
use petgraph::algo::dijkstra;
use petgraph::graph::EdgeReference;
use petgraph::visit::EdgeRef;

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::NodeKind;

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    past(map, known, out);
    offers(map, known, out);
    let settings = &map.journey.settings;
    let (Some(start), Some(end)) = (settings.start, settings.end) else { return };
    if end <= start {
        let found =
            Finding::new(Code::EndBeforeStart, "/settings/end", format!("the journey ends at {end}, before it starts"));
        out.push(found.help(format!("it starts at {start}")));
        return;
    }
    let ways = earliest(map);
    let ends = ways.iter().filter(|(number, _)| {
        map.journey.nodes.get(**number).is_some_and(|node| matches!(node.kind, NodeKind::End(_)))
    });
    let lasts = u64::try_from((end.micros() - start.micros()) / 1_000_000).unwrap_or(0);
    if let Some(shortest) = ends.map(|(_, seconds)| *seconds).min()
        && shortest > lasts
    {
        let days = |seconds: u64| seconds.div_ceil(86_400);
        let message = format!(
            "even on the shortest way customers need {} days, but the journey lasts {}",
            days(shortest),
            days(lasts)
        );
        out.push(Finding::new(Code::TooLong, "/settings/end", message).help("wait less, or end later"));
    }
}

/// The seconds that customers need at least from the entry to each node that they come to.
fn earliest(map: &Map<'_>) -> BTreeMap<usize, u64> {
    let Some(entry) = map.journey.entry_node().and_then(|node| map.index(&node.id)) else { return BTreeMap::new() };
    // What a node takes is paid on leaving it.
    let cost = |edge: EdgeReference<'_, usize>| match map.node(edge.source()).map(|node| &node.kind) {
        Some(NodeKind::Wait(wait)) => wait.least_seconds(),
        _ => 0,
    };
    dijkstra(&map.graph, entry, None, cost).into_iter().map(|(index, seconds)| (index.index(), seconds)).collect()
}

fn past(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    if let (Some(end), Some(now)) = (map.journey.settings.end, known.now)
        && end <= now
    {
        let message = format!("the journey ended at {end}: nobody would enter");
        out.push(Finding::new(Code::Past, "/settings/end", message).help("end later"));
    }
}

/// Offers must hold when customers can have them first: after the start, and after the waits before them.
fn offers(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let begin = match (map.journey.settings.start, known.now) {
        (Some(start), Some(now)) => start.max(now),
        (Some(instant), None) | (None, Some(instant)) => instant,
        (None, None) => return,
    };
    let ways = earliest(map);
    for (i, node) in map.journey.nodes.iter().enumerate() {
        let NodeKind::Send(send) = &node.kind else { continue };
        let offer = send.offer.as_ref().and_then(|id| known.offers.iter().find(|offer| offer.id == *id));
        let last = offer.and_then(|offer| Date::parse(offer.valid_until.as_deref()?));
        let first = ways.get(&i).and_then(|seconds| {
            let micros = i64::try_from(*seconds).ok()?.checked_mul(1_000_000)?;
            Timestamp::from_micros(begin.micros().checked_add(micros)?)
        });
        // The day is over last where clocks are twelve hours behind.
        let over = last.and_then(Date::tomorrow).and_then(|day| day.start(&TimeZone::fixed(jiff::tz::offset(-12))));
        if let (Some(last), Some(first), Some(over), Some(offer)) = (last, first, over, offer)
            && first >= over
        {
            let message =
                format!("the offer `{}` holds until {last}, and is sent at {first} at the earliest", offer.id);
            let found = Finding::new(Code::OfferOver, format!("/nodes/{i}/data/offer"), message);
            out.push(found.nodes([node.id.as_str()]).help("let it hold longer, or send it earlier"));
        }
        // A day begins first where clocks are fourteen hours ahead.
        let day = offer.and_then(|offer| Date::parse(offer.valid_from.as_deref()?));
        let holds = day.and_then(|day| day.start(&TimeZone::fixed(jiff::tz::offset(14))));
        if let (Some(day), Some(first), Some(holds), Some(offer)) = (day, first, holds, offer)
            && first < holds
        {
            let message = format!("the offer `{}` holds from {day} on, and may be sent at {first} already", offer.id);
            let found = Finding::new(Code::OfferEarly, format!("/nodes/{i}/data/offer"), message);
            out.push(found.nodes([node.id.as_str()]).help("let it hold earlier, start later, or wait before it"));
        }
    }
}
