//! Good journeys, broken in every small way: what the checks let through, an oracle that knows nothing of them finds sound.
//! And other than that: what the oracle finds sound, the checks let through.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "../analyses/graphs.rs"]
#[expect(dead_code, reason = "the ways are for other tests")]
mod graphs;
mod oracle;
#[path = "../common/welcome.rs"]
#[expect(dead_code, reason = "the catalog is for other tests")]
mod welcome;

use cvm_journey::edit::Command;
use cvm_journey::model::{Edge, Journey, Node};
use cvm_journey::{Code, Findings, Severity, check};
use oracle::unsound;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use welcome::good;

/// The journey of the other tests, and one with everything else that has several ways out.
fn journeys() -> Vec<Journey> {
    let days = |amount: u32| json!({"amount": amount, "unit": "day"});
    let node = |id: &str, ty: &str, data: serde_json::Value| json!({"id": id, "type": ty, "data": data});
    let nodes = json!([
        node("in", "entry", json!({})),
        node("held", "holdout", json!({"percent": 5})),
        node(
            "asked",
            "event_branch",
            json!({"cases": [{"name": "visited", "event": "visit"}, {"name": "ordered", "event": "order"}],
            "timeout": days(3)})
        ),
        node("hello", "send", json!({"channel": "email", "template": "welcome"})),
        node("call", "webhook", json!({"url": "https://example.com/hook"})),
        node("order", "wait", json!({"until": "event", "event": "order", "timeout": days(2)})),
        node("slow", "throttle", json!({"limit": 10, "per": "hour"})),
        node("inner", "wait", json!({"until": "duration", "duration": days(1)})),
        node("some", "jump", json!({"times": 2})),
        node("more", "jump", json!({"times": 1})),
        node("won", "goal", json!({"name": "ordered"})),
        node("out", "end", json!({})),
        node("off", "end", json!({"reason": "held out"})),
    ]);
    let edges = [
        ("in", "next", "held"),
        ("held", "next", "inner"),
        ("held", "held_out", "off"),
        ("inner", "next", "asked"),
        ("asked", "visited", "hello"),
        ("asked", "ordered", "won"),
        ("asked", "timeout", "some"),
        ("some", "again", "inner"),
        ("some", "done", "more"),
        ("hello", "next", "order"),
        ("hello", "failed", "call"),
        ("call", "next", "order"),
        ("order", "happened", "won"),
        ("order", "timeout", "slow"),
        ("slow", "next", "more"),
        ("more", "again", "inner"),
        ("more", "done", "out"),
        ("won", "next", "out"),
    ];
    let edges: Vec<serde_json::Value> = edges
        .iter()
        .map(|(source, handle, target)| {
            json!({"id": format!("{source} {handle}"), "source": source, "sourceHandle": handle, "target": target})
        })
        .collect();
    let other =
        json!({"id": "other", "name": "Other", "entry": {"trigger": {"type": "api"}}, "nodes": nodes, "edges": edges});
    [good(), other].map(|value| Journey::from_value(value).expect("a journey")).into()
}

/// Everything that one slip of the hand can do, with its name.
fn mutants(journey: &Journey) -> Vec<(String, Journey)> {
    let mut all = Vec::new();
    let mut put = |name: String, change: &dyn Fn(&mut Journey)| {
        let mut mutant = journey.clone();
        change(&mut mutant);
        if mutant != *journey {
            all.push((name, mutant));
        }
    };
    let handles: Vec<String> = {
        let own = journey.nodes.iter().flat_map(|node| node.kind.outcomes());
        let mut names: Vec<String> = own.map(|outcome| outcome.name.into_owned()).collect();
        names.push("nowhere".to_owned());
        names.sort();
        names.dedup();
        names
    };
    for (at, edge) in journey.edges.iter().enumerate() {
        let id = &edge.id;
        put(format!("without the edge {id}"), &|j| drop(j.edges.remove(at)));
        for node in journey.nodes.iter().map(|node| node.id.as_str()).chain(["ghost"]) {
            put(format!("{id} to {node}"), &|j| j.edges[at].target = node.to_owned());
            put(format!("{id} from {node}"), &|j| j.edges[at].source = node.to_owned());
            put(format!("{id} to {node} too"), &|j| {
                j.edges.push(Edge { id: "twin".into(), target: node.to_owned(), ..j.edges[at].clone() });
            });
        }
        for handle in &handles {
            put(format!("{id} from the outcome {handle}"), &|j| j.edges[at].source_handle.clone_from(handle));
        }
        put(format!("{id} the other way round"), &|j| {
            let edge = &mut j.edges[at];
            std::mem::swap(&mut edge.source, &mut edge.target);
        });
        for other in &journey.edges {
            put(format!("{id} with the id of {}", other.id), &|j| j.edges[at].id.clone_from(&other.id));
            put(format!("{id} to where {} leads, and the other way round", other.id), &|j| {
                let here = j.edges[at].target.clone();
                let there = j.edges.iter_mut().find(|edge| edge.id == other.id).expect("an edge");
                let target = std::mem::replace(&mut there.target, here);
                j.edges[at].target = target;
            });
        }
    }
    for (at, node) in journey.nodes.iter().enumerate() {
        let id = &node.id;
        put(format!("without {id}"), &|j| drop(j.nodes.remove(at)));
        put(format!("without {id} and its edges"), &|j| {
            j.nodes.remove(at);
            j.edges.retain(|edge| edge.source != *id && edge.target != *id);
        });
        put(format!("{id} bridged"), &|j| {
            // What came to it comes to where it led first.
            let Some(next) = j.edges.iter().find(|edge| edge.source == *id).map(|edge| edge.target.clone()) else {
                return;
            };
            j.nodes.remove(at);
            j.edges.retain(|edge| edge.source != *id);
            j.edges.iter_mut().filter(|edge| edge.target == *id).for_each(|edge| edge.target.clone_from(&next));
        });
        put(format!("{id} without a name"), &|j| j.nodes[at].id = String::new());
        for other in &journey.nodes {
            put(format!("{id} named {}", other.id), &|j| j.nodes[at].id.clone_from(&other.id));
            put(format!("{id} doing what {} does", other.id), &|j| j.nodes[at].kind = other.kind.clone());
        }
        put(format!("{id} twice"), &|j| j.nodes.push(j.nodes[at].clone()));
        put(format!("a copy of {id}"), &|j| {
            j.nodes.push(Node { id: "copy".into(), kind: j.nodes[at].kind.clone() });
        });
    }
    all
}

fn refused(journey: &Journey) -> Option<Findings> {
    let findings = check(journey);
    findings.has_errors().then_some(findings)
}

/// Whether it is only loops that are refused. The oracle counts jumps one by one; the checks don't, and refuse a loop through
/// the outcome `done` of a jump even where nobody comes to it, and one without a wait even where a jump ends it.
fn only_loops(findings: &Findings) -> bool {
    let errors = findings.0.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code).all(|code| matches!(code, Code::LoopWithoutCap | Code::InstantLoop))
}

#[test]
fn every_slip_is_found_or_does_no_harm() {
    let (mut seen, mut found, mut harmless, mut careful) = (0, 0, 0, 0);
    for journey in journeys() {
        assert_eq!((unsound(&journey), refused(&journey)), (None, None));
        for (name, mutant) in mutants(&journey) {
            seen += 1;
            match (refused(&mutant), unsound(&mutant)) {
                (Some(_), Some(_)) => found += 1,
                (None, None) => harmless += 1,
                (Some(findings), None) if only_loops(&findings) => careful += 1,
                (None, Some(why)) => panic!("{name}: nothing is found, and {why}"),
                (Some(findings), None) => panic!("{name}: the oracle finds it sound, and there is\n{findings}"),
            }
        }
    }
    println!("{seen} mutants: {found} found, {harmless} harmless, {careful} refused to be careful");
    assert!(seen > 2_500 && found > 2_000 && harmless > 50 && careful < 50, "{seen} {found} {harmless} {careful}");
}

/// Every fix can be made and undone, and there is less of what it is for.
#[test]
fn what_is_found_can_be_put_right() {
    let mut fixed = 0;
    for journey in journeys() {
        for (name, mutant) in mutants(&journey) {
            let before = check(&mutant);
            for finding in before.0.iter().filter(|finding| !finding.fix.is_empty()) {
                let mut own = mutant.clone();
                let fix = Command::All { commands: finding.fix.clone() };
                let undo = fix.apply(&mut own).unwrap_or_else(|refused| panic!("{name}: {finding}: {refused}"));
                let count = |findings: &Findings| findings.0.iter().filter(|other| other.code == finding.code).count();
                let after = check(&own);
                assert!(count(&after) < count(&before), "{name}: {finding} is there after {:?}\n{after}", finding.fix);
                undo.apply(&mut own).unwrap_or_else(|refused| panic!("{name}: {finding}: {refused}"));
                assert_eq!(own, mutant, "{name}: {finding}");
                fixed += 1;
            }
        }
    }
    println!("{fixed} fixes");
    assert!(fixed > 1_000, "{fixed}");
}

#[test]
fn two_slips_at_once() {
    let (mut seen, mut found, mut careful) = (0, 0, 0);
    for journey in journeys() {
        let targets: Vec<&str> = journey.nodes.iter().map(|node| node.id.as_str()).collect();
        for a in 0..journey.edges.len() {
            for b in a + 1..journey.edges.len() {
                for (first, second) in targets.iter().flat_map(|a| targets.iter().map(move |b| (*a, *b))) {
                    let mut mutant = journey.clone();
                    mutant.edges[a].target = first.to_owned();
                    mutant.edges[b].target = second.to_owned();
                    seen += 1;
                    match (refused(&mutant), unsound(&mutant)) {
                        (None, None) => {}
                        (Some(_), Some(_)) => found += 1,
                        (Some(findings), None) if only_loops(&findings) => careful += 1,
                        (refused, unsound) => {
                            let [a, b] = [a, b].map(|at| mutant.edges[at].id.as_str());
                            panic!("{a} to {first}, {b} to {second}: {refused:?}, {unsound:?}");
                        }
                    }
                }
            }
        }
    }
    println!("{seen} mutants: {found} found, {careful} refused to be careful");
    assert!(seen > 20_000 && found + careful < seen && careful < seen / 50, "{seen} {found} {careful}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slip_after_slip(which in 0..2_usize, slips in proptest::collection::vec(any::<Index>(), 2..6)) {
        let mut journey = journeys().swap_remove(which);
        for slip in slips {
            let all = mutants(&journey);
            journey = slip.get(&all).1.clone();
        }
        match (refused(&journey), unsound(&journey)) {
            (None, None) | (Some(_), Some(_)) => {}
            (Some(findings), None) => prop_assert!(only_loops(&findings), "{findings}\n{journey:?}"),
            (None, Some(why)) => prop_assert!(false, "{why}\n{journey:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Edges alone, so that more of the journeys are sound.
    #[test]
    fn edges_at_random(which in 0..2_usize, slips in proptest::collection::vec(any::<(Index, Index)>(), 1..9)) {
        let mut journey = journeys().swap_remove(which);
        for (edge, target) in slips {
            let (edge, target) = (edge.index(journey.edges.len()), target.get(&journey.nodes).id.clone());
            journey.edges[edge].target = target;
        }
        match (refused(&journey), unsound(&journey)) {
            (None, None) | (Some(_), Some(_)) => {}
            (Some(findings), None) => prop_assert!(only_loops(&findings), "{findings}\n{journey:?}"),
            (None, Some(why)) => prop_assert!(false, "{why}\n{journey:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn graphs_at_random(journey in graphs::journey()) {
        match (refused(&journey), unsound(&journey)) {
            (None, None) | (Some(_), Some(_)) => {}
            (Some(findings), None) => prop_assert!(only_loops(&findings), "{findings}\n{journey:?}"),
            (None, Some(why)) => prop_assert!(false, "{why}\n{journey:?}"),
        }
    }
}
