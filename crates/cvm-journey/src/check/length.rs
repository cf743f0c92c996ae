//! How long customers are on the way, beside how long the journey lasts.

use petgraph::algo::dijkstra;

use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::NodeKind;

pub(super) fn check(map: &Map<'_>, out: &mut Vec<Finding>) {
    let settings = &map.journey.settings;
    let (Some(start), Some(end)) = (settings.start, settings.end) else { return };
    if end <= start {
        let found =
            Finding::new(Code::EndBeforeStart, "/settings/end", format!("the journey ends at {end}, before it starts"));
        out.push(found.help(format!("it starts at {start}")));
        return;
    }
    let Some(entry) = map.journey.entry_node().and_then(|node| map.index(&node.id)) else { return };
    // What a node takes is paid on leaving it.
    let takes = |index| match map.node(index).map(|node| &node.kind) {
        Some(NodeKind::Wait(wait)) => wait.least_seconds(),
        _ => 0,
    };
    let cost = |edge: petgraph::graph::EdgeReference<'_, usize>| takes(petgraph::visit::EdgeRef::source(&edge));
    let ways = dijkstra(&map.graph, entry, None, cost);
    let ends =
        ways.iter().filter(|(index, _)| map.node(**index).is_some_and(|node| matches!(node.kind, NodeKind::End(_))));
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
