//! One journey for every code that is wrong in just that way, and one in which nothing is.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests may")]

use std::collections::BTreeSet;

use cvm_journey::model::Journey;
use cvm_journey::{Code, Findings, check};
use serde_json::{Value, json};

/// Entry → segment → wait → send → branch → end, with a loop that has a pause and a cap.
fn good() -> Value {
    let node = |id: &str, ty: &str, data: Value| json!({"id": id, "type": ty, "data": data});
    let filter = json!({"type": "condition", "field": "age", "op": "gte", "value": 18});
    let edge = |id: &str, source: &str, handle: &str, target: &str| json!({"id": id, "source": source, "sourceHandle": handle, "target": target});
    json!({
        "id": "welcome", "version": 1, "name": "Welcome",
        "entry": {"trigger": {"type": "event", "event": "signup"}, "reentry": {"type": "never"}},
        "nodes": [
            node("in", "entry", json!({})),
            node("adults", "segment", json!({"filter": filter})),
            node("pause", "wait", json!({"until": "duration", "duration": {"amount": 1, "unit": "day"}})),
            node("arms", "split", json!({"arms": [{"name": "a", "percent": 50}, {"name": "b", "percent": 50}]})),
            node("mail", "send", json!({"channel": "email", "template": "welcome"})),
            node("bought", "branch", json!({"cases": [{"name": "yes", "filter": filter}]})),
            node("again", "jump", json!({"times": 2})),
            node("out", "end", json!({"reason": "done"})),
        ],
        "edges": [
            edge("e1", "in", "next", "adults"),
            edge("e2", "adults", "yes", "pause"),
            edge("e3", "adults", "no", "out"),
            edge("e4", "pause", "next", "arms"),
            edge("e5", "arms", "a", "mail"),
            edge("e6", "arms", "b", "out"),
            edge("e7", "mail", "next", "bought"),
            edge("e8", "bought", "yes", "out"),
            edge("e9", "bought", "default", "again"),
            edge("e10", "again", "again", "pause"),
            edge("e11", "again", "done", "out"),
        ],
    })
}

fn read(value: Value) -> Result<Journey, Findings> {
    Journey::from_json(&value.to_string())
}

fn found(value: Value) -> (Journey, Findings) {
    let journey = read(value).unwrap_or_else(|findings| panic!("{findings}"));
    let findings = check(&journey);
    (journey, findings)
}

#[test]
fn nothing_is_wrong_with_a_good_journey() {
    let (journey, findings) = found(good());
    assert!(findings.0.is_empty(), "{findings}");
    let again: Journey = serde_json::from_str(&serde_json::to_string(&journey).expect("a text")).expect("a journey");
    assert_eq!(again, journey);
    assert_eq!(read(json!(journey)).expect("a journey"), journey);
}

/// A name, what makes the good journey wrong, and the codes that are found then.
type Wrong = (&'static str, fn(&mut Value), Vec<Code>);

fn wrong() -> Vec<Wrong> {
    fn push(list: &mut Value, item: Value) {
        list.as_array_mut().expect("a list").push(item);
    }
    fn edge(value: &mut Value, id: &str) -> usize {
        let edges = value["edges"].as_array().expect("edges");
        edges.iter().position(|edge| edge["id"] == id).expect("an edge")
    }
    fn drop_edge(value: &mut Value, id: &str) {
        let at = edge(value, id);
        value["edges"].as_array_mut().expect("edges").remove(at);
    }
    fn set(value: &mut Value, id: &str, key: &str, to: &str) {
        let at = edge(value, id);
        value["edges"][at][key] = json!(to);
    }
    vec![
        (
            "two nodes of one id",
            |v| push(&mut v["nodes"], json!({"id": "out", "type": "end"})),
            vec![Code::DuplicateId],
        ),
        ("two edges of one id", |v| set(v, "e9", "id", "e8"), vec![Code::DuplicateId]),
        (
            "a node without an id",
            |v| push(&mut v["nodes"], json!({"id": "", "type": "end"})),
            vec![Code::Empty, Code::Unreachable],
        ),
        ("an edge to nowhere", |v| set(v, "e8", "target", "owt"), vec![Code::UnknownNode]),
        ("an edge from nowhere", |v| set(v, "e8", "source", "bougt"), vec![Code::UnknownNode, Code::MissingOutcome]),
        (
            "no entry",
            |v| {
                v["nodes"].as_array_mut().expect("nodes").remove(0);
                drop_edge(v, "e1");
            },
            vec![Code::NoEntry],
        ),
        (
            "two entries",
            |v| {
                push(&mut v["nodes"], json!({"id": "in2", "type": "entry"}));
                push(&mut v["edges"], json!({"id": "x", "source": "in2", "sourceHandle": "next", "target": "pause"}));
            },
            vec![Code::SeveralEntries],
        ),
        (
            "an edge to the entry",
            |v| set(v, "e10", "target", "in"),
            vec![
                Code::EdgeToEntry,
                // The pause is still on the way round.
            ],
        ),
        (
            "a node that nobody comes to",
            |v| push(&mut v["nodes"], json!({"id": "lost", "type": "end"})),
            vec![Code::Unreachable],
        ),
        (
            "a node without an end",
            |v| {
                push(&mut v["nodes"], json!({"id": "set", "type": "goal", "data": {"name": "g"}}));
                set(v, "e6", "target", "set");
            },
            vec![Code::NoEnd, Code::MissingOutcome],
        ),
        ("an outcome without an edge", |v| drop_edge(v, "e3"), vec![Code::MissingOutcome]),
        ("a branch without a default", |v| drop_edge(v, "e9"), vec![Code::NoDefault, Code::Unreachable]),
        (
            "two ways from one outcome",
            |v| push(&mut v["edges"], json!({"id": "x", "source": "pause", "sourceHandle": "next", "target": "out"})),
            vec![Code::DuplicateOutcome],
        ),
        (
            "an outcome that is none",
            |v| push(&mut v["edges"], json!({"id": "x", "source": "pause", "sourceHandle": "nxt", "target": "out"})),
            vec![Code::UnknownOutcome],
        ),
        (
            "two arms of one name",
            |v| v["nodes"][3]["data"]["arms"][1]["name"] = json!("a"),
            vec![Code::SameName, Code::UnknownOutcome],
        ),
        (
            "an edge to its own node",
            |v| push(&mut v["edges"], json!({"id": "x", "source": "mail", "sourceHandle": "held", "target": "mail"})),
            vec![Code::SelfEdge],
        ),
        (
            "an edge from an end",
            |v| push(&mut v["edges"], json!({"id": "x", "source": "out", "sourceHandle": "next", "target": "mail"})),
            vec![Code::EdgeFromEnd, Code::InstantLoop, Code::LoopWithoutCap],
        ),
        ("round without a pause", |v| set(v, "e10", "target", "mail"), vec![Code::InstantLoop]),
        (
            "round with a pause that may be none",
            |v| {
                v["nodes"][2]["data"] = json!({"until": "event", "event": "visit",
                    "timeout": {"amount": 1, "unit": "day"}});
                set(v, "e4", "sourceHandle", "happened");
                push(
                    &mut v["edges"],
                    json!({"id": "x", "source": "pause", "sourceHandle": "timeout", "target": "out"}),
                );
            },
            vec![Code::InstantLoop],
        ),
        ("round without an end", |v| set(v, "e9", "target", "pause"), vec![Code::LoopWithoutCap, Code::Unreachable]),
        (
            "shares that are less than all",
            |v| v["nodes"][3]["data"]["arms"][1]["percent"] = json!(49.9),
            vec![Code::Percentages],
        ),
        (
            "a wait for nothing",
            |v| v["nodes"][2]["data"]["duration"]["amount"] = json!(0),
            vec![Code::NotPositive, Code::InstantLoop],
        ),
        ("back no times", |v| v["nodes"][6]["data"]["times"] = json!(0), vec![Code::NotPositive]),
        (
            "no cases",
            |v| {
                v["nodes"][5]["data"]["cases"] = json!([]);
                drop_edge(v, "e8");
            },
            vec![Code::Empty],
        ),
    ]
}

#[test]
fn every_code_has_a_journey_that_is_wrong_in_that_way() {
    let mut told = BTreeSet::from([Code::Json, Code::UnknownType]);
    for (name, change, codes) in wrong() {
        let mut value = good();
        change(&mut value);
        let (_, findings) = found(value);
        let own: BTreeSet<Code> = findings.0.iter().map(|finding| finding.code).collect();
        assert_eq!(own, codes.iter().copied().collect(), "{name}:\n{findings}");
        assert!(findings.has_errors(), "{name}");
        told.extend(own);
    }
    let untold: Vec<&Code> = Code::ALL.iter().filter(|code| !told.contains(code)).collect();
    assert!(untold.is_empty(), "{untold:?}");
}

#[test]
fn fixes_put_right_what_they_are_for() {
    let mut fixed = 0;
    for (name, change, _) in wrong() {
        let mut value = good();
        change(&mut value);
        let (journey, findings) = found(value);
        for finding in findings.0 {
            let mut own = journey.clone();
            for command in finding.fix.clone() {
                command.apply(&mut own).unwrap_or_else(|refused| panic!("{name}: {finding}: {refused}"));
                fixed += 1;
            }
            let left = check(&own).0.into_iter().filter(|other| other.code == finding.code);
            assert!(
                finding.fix.is_empty() || left.count() == 0,
                "{name}: `{finding}` is there after {:?}",
                finding.fix
            );
        }
    }
    assert!(fixed > 10, "{fixed}");
}

#[test]
fn places_are_in_the_text() {
    for (name, change, _) in wrong() {
        let mut value = good();
        change(&mut value);
        let (journey, findings) = found(value);
        let value = json!(journey);
        for finding in findings.0 {
            assert!(value.pointer(&finding.path).is_some(), "{name}: {finding}");
            assert!(finding.message.chars().next().is_some_and(|first| !first.is_uppercase()), "{finding}");
            assert!(!finding.message.ends_with('.'), "{finding}");
        }
    }
}
