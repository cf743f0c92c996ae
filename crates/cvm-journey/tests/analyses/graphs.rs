//! Small graphs at random, and all ways through them.

use std::collections::BTreeMap;

use cvm_journey::model::{
    Arm, Duration, Edge, Empty, End, Entry, EventBranch, EventCase, Journey, Jump, Node, NodeKind, Percent, Reentry,
    Send, Settings, Split, Trigger, Wait,
};
use proptest::prelude::*;
use proptest::sample::Index;

/// The nodes of a way, each with the outcome that the customer had there.
pub type Way = Vec<(String, String)>;

/// More ways are too many to walk.
const WAYS: usize = 4_000;

fn kind() -> impl Strategy<Value = NodeKind> {
    let arm = |name: &str| Arm { name: name.to_owned(), percent: Percent::new(50) };
    let arms = vec![arm("a"), arm("b")];
    let event = |name: &str| EventCase { name: name.to_owned(), event: name.to_owned(), filter: None };
    let cases = vec![event("order"), event("visit")];
    prop_oneof![
        4 => Just(NodeKind::Send(Send::new("email", "order"))),
        3 => (1..5_u32).prop_map(|hours| NodeKind::Wait(Wait::Duration { duration: Duration::hours(hours) })),
        1 => Just(NodeKind::Wait(Wait::Event { event: "order".into(), filter: None, timeout: Some(Duration::days(1)) })),
        1 => Just(NodeKind::Wait(Wait::Event { event: "order".into(), filter: None, timeout: None })),
        1 => Just(NodeKind::EventBranch(EventBranch { cases, timeout: Duration::days(1) })),
        1 => Just(NodeKind::Split(Split { arms, experiment: None, wanted: None })),
        2 => (1..3_u32).prop_map(|times| NodeKind::Jump(Jump { times })),
    ]
}

/// Edges lead on in the order of the nodes, but for the ways back of jumps.
pub fn journey() -> impl Strategy<Value = Journey> {
    let picks = proptest::collection::vec((any::<Index>(), any::<bool>()), 24);
    (proptest::collection::vec(kind(), 1..8), picks).prop_map(|(kinds, picks)| {
        let mut nodes = vec![Node { id: "in".into(), kind: NodeKind::Entry(Empty {}) }];
        nodes.extend(kinds.into_iter().enumerate().map(|(i, kind)| Node { id: format!("n{i}"), kind }));
        nodes.push(Node { id: "out".into(), kind: NodeKind::End(End::default()) });
        let mut picks = picks.into_iter();
        let mut edges = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            for outcome in node.kind.outcomes().into_iter().filter(|outcome| outcome.required) {
                let (pick, next) = picks.next().expect("enough of them");
                let target = match (outcome.name.as_ref(), next) {
                    ("again", _) => pick.get(&nodes[1..=at]),
                    (_, true) => &nodes[at + 1],
                    (_, false) => pick.get(&nodes[at + 1..]),
                };
                let id = format!("{} {}", node.id, outcome.name);
                let source_handle = outcome.name.into_owned();
                edges.push(Edge { id, source: node.id.clone(), source_handle, target: target.id.clone() });
            }
        }
        Journey {
            id: "random".into(),
            version: 1,
            name: "Random".into(),
            entry: Entry { trigger: Trigger::Api, reentry: Reentry::Never },
            settings: Settings::default(),
            nodes,
            edges,
            layout: [].into(),
        }
    })
}

/// All ways from the entry to the end; `None` where they are too many.
pub fn ways(journey: &Journey) -> Option<Vec<Way>> {
    let mut all = Vec::new();
    let mut open: Vec<(String, Way, BTreeMap<String, u32>)> = vec![("in".to_owned(), Vec::new(), BTreeMap::new())];
    while let Some((id, way, jumps)) = open.pop() {
        let node = journey.node(&id).expect("a node");
        let outcomes: Vec<String> =
            node.kind.outcomes().into_iter().filter(|one| one.required).map(|one| one.name.into_owned()).collect();
        if outcomes.is_empty() {
            all.push([way.clone(), vec![(id.clone(), String::new())]].concat());
        }
        for outcome in outcomes {
            let mut jumps = jumps.clone();
            if let NodeKind::Jump(jump) = &node.kind {
                let back = jumps.entry(id.clone()).or_default();
                if (outcome == "again") != (*back < jump.times) {
                    continue;
                }
                *back += u32::from(outcome == "again");
            }
            // A jump may lead to itself; then that is all that it does.
            let next = journey.follow(&id, &outcome).expect("an edge").to_owned();
            open.push((next, [way.clone(), vec![(id.clone(), outcome)]].concat(), jumps));
        }
        if all.len() + open.len() > WAYS {
            return None;
        }
    }
    Some(all)
}
