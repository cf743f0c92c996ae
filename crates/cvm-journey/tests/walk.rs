//! No journey that checks well traps a customer, drops one, or goes round without a pause.

#![expect(clippy::indexing_slicing, reason = "tests may")]

use std::collections::HashMap;

use cvm_journey::check;
use cvm_journey::model::{
    Arm, Duration, Edge, Empty, End, Entry, Goal, Holdout, Journey, Jump, Node, NodeKind, Percent, Reentry, Send,
    Settings, Split, Trigger, Wait,
};
use proptest::prelude::*;
use proptest::sample::Index;

fn kind() -> impl Strategy<Value = NodeKind> {
    let arm = |name: &str| Arm { name: name.to_owned(), percent: Percent::new(50) };
    let arms = vec![arm("a"), arm("b")];
    prop_oneof![
        3 => Just(NodeKind::Wait(Wait::Duration { duration: Duration::hours(1) })),
        2 => Just(NodeKind::Wait(Wait::Event { event: "visit".into(), filter: None, timeout: Some(Duration::days(1)) })),
        2 => Just(NodeKind::Split(Split { arms, experiment: None, wanted: None })),
        2 => Just(NodeKind::Send(Send::new("email", "hello"))),
        3 => (1..4_u32).prop_map(|times| NodeKind::Jump(Jump { times })),
        1 => Just(NodeKind::Holdout(Holdout { percent: Percent::new(5) })),
        1 => Just(NodeKind::Goal(Goal { name: "bought".into() })),
        2 => Just(NodeKind::End(End::default())),
    ]
}

/// Nodes with an edge from each outcome that must have one, and some from others. Most edges lead on in the order of the
/// nodes, so that many journeys check well.
fn journey() -> impl Strategy<Value = Journey> {
    let edges = proptest::collection::vec((any::<Index>(), 0..10_u8), 40);
    (proptest::collection::vec(kind(), 1..9), edges).prop_map(|(kinds, picks)| {
        let mut nodes = vec![Node { id: "in".into(), kind: NodeKind::Entry(Empty {}) }];
        nodes.extend(kinds.into_iter().enumerate().map(|(i, kind)| Node { id: format!("n{i}"), kind }));
        nodes.push(Node { id: "out".into(), kind: NodeKind::End(End::default()) });
        let mut picks = picks.into_iter();
        let mut edges = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            for outcome in node.kind.outcomes() {
                let Some((pick, chance)) = picks.next() else { break };
                if !outcome.required && chance < 5 {
                    continue;
                }
                let back = chance == 9 || (outcome.name == "again" && chance < 8);
                // Mostly to the next node, so that few are left out.
                let target = match (back, chance < 6) {
                    (true, _) => pick.get(&nodes),
                    (false, true) => &nodes[(at + 1).min(nodes.len() - 1)],
                    (false, false) => pick.get(&nodes[(at + 1).min(nodes.len() - 1)..]),
                };
                let source_handle = outcome.name.into_owned();
                let id = format!("{} {source_handle}", node.id);
                edges.push(Edge { id, source: node.id.clone(), source_handle, target: target.id.clone() });
            }
        }
        Journey {
            id: "walk".into(),
            version: 1,
            name: "Walk".into(),
            entry: Entry { trigger: Trigger::Api, reentry: Reentry::Never },
            settings: Settings::default(),
            nodes,
            edges,
            layout: [].into(),
        }
    })
}

/// Where a customer goes on from a node, who chooses what there is to choose.
fn outcome(node: &Node, jumps: &mut HashMap<String, u32>, choice: u8) -> Option<String> {
    match &node.kind {
        NodeKind::End(_) => None,
        NodeKind::Jump(jump) => {
            let done = jumps.entry(node.id.clone()).or_default();
            *done += 1;
            Some(if *done <= jump.times { "again" } else { "done" }.to_owned())
        }
        kind => {
            let outcomes = kind.outcomes();
            Some(outcomes[usize::from(choice) % outcomes.len()].name.clone().into_owned())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, max_global_rejects: 400_000, ..ProptestConfig::default() })]

    #[test]
    fn everybody_comes_to_an_end(journey in journey(), choices in proptest::collection::vec(any::<u8>(), 1..50)) {
        let findings = check(&journey);
        prop_assume!(!findings.has_errors());
        let times = journey.nodes.iter().map(|node| match &node.kind {
            NodeKind::Jump(jump) => jump.times,
            _ => 0,
        });
        let most = (times.sum::<u32>() as usize + 1) * journey.nodes.len();
        let (mut at, mut jumps, mut since_wait) = ("in", HashMap::new(), 0);
        for (step, choice) in choices.iter().cycle().enumerate() {
            prop_assert!(step <= most, "{} steps, and still at {}", step, at);
            let node = journey.node(at).expect("edges lead to nodes");
            let Some(outcome) = outcome(node, &mut jumps, *choice) else { break };
            // An hour passes at waits for a time; an event may come at once.
            let waited = matches!(&node.kind, NodeKind::Wait(wait) if wait.least_seconds() > 0);
            since_wait = if waited { 0 } else { since_wait + 1 };
            prop_assert!(since_wait <= journey.nodes.len(), "round without a pause at {}", at);
            match journey.follow(at, &outcome) {
                Some(next) => at = next,
                None => {
                    let optional = node.kind.outcomes().iter().any(|one| one.name == outcome && !one.required);
                    prop_assert!(optional, "nowhere to go from {} after {}", at, outcome);
                    // As the node's text says: a send goes on, who is held out leaves.
                    match journey.follow(at, "next") {
                        Some(next) if outcome != "held_out" => at = next,
                        _ => break,
                    }
                }
            }
        }
    }
}
