//! Journeys whose graph is wrong.

use cvm_journey::Code;
use serde_json::{Value, json};

/// A name, what makes the good journey wrong, and the codes that are found then.
pub type Wrong = (&'static str, fn(&mut Value), Vec<Code>);

pub fn graphs() -> Vec<Wrong> {
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
            "an outcome of another name",
            |v| set(v, "e4", "sourceHandle", "nxt"),
            vec![Code::UnknownOutcome, Code::MissingOutcome],
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
        ("round without an end once a jump is done", |v| set(v, "e11", "target", "pause"), vec![Code::LoopWithoutCap]),
        ("a way back that leads out", |v| set(v, "e10", "target", "out"), vec![Code::NoWayBack]),
        (
            "a way back that another jump lets nobody go often enough",
            |v| {
                set(v, "e8", "target", "other");
                set(v, "e9", "target", "other");
                set(v, "e10", "target", "pause");
                push(&mut v["nodes"], json!({"id": "other", "type": "jump", "data": {"times": 1}}));
                push(
                    &mut v["edges"],
                    json!({"id": "x", "source": "other", "sourceHandle": "again", "target": "again"}),
                );
                push(&mut v["edges"], json!({"id": "y", "source": "other", "sourceHandle": "done", "target": "out"}));
            },
            vec![Code::NoWayBack],
        ),
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
        (
            "a wait for an event without an end",
            |v| {
                v["nodes"][2]["data"] = json!({"until": "event", "event": "visit"});
                set(v, "e4", "sourceHandle", "happened");
                set(v, "e10", "target", "day");
                push(
                    &mut v["nodes"],
                    json!({"id": "day", "type": "wait", "data": {"until": "duration", "duration": {"amount": 1, "unit": "day"}}}),
                );
                push(&mut v["edges"], json!({"id": "x", "source": "day", "sourceHandle": "next", "target": "pause"}));
            },
            vec![Code::WaitWithoutEnd],
        ),
        (
            "a wait for a filter without an end",
            |v| {
                let filter = json!({"type": "condition", "field": "orders", "op": "gte", "value": 1});
                v["nodes"][7] = json!({"id": "out", "type": "wait", "data": {"until": "filter", "filter": filter}});
                push(&mut v["nodes"], json!({"id": "end", "type": "end"}));
                push(
                    &mut v["edges"],
                    json!({"id": "out timeout", "source": "out", "sourceHandle": "happened", "target": "end"}),
                );
            },
            vec![Code::WaitWithoutEnd],
        ),
        ("a cap that lets nothing through", |v| v["settings"]["caps"][0]["limit"] = json!(0), vec![Code::NotPositive]),
        ("a cap within no time", |v| v["settings"]["caps"][0]["within"]["amount"] = json!(0), vec![Code::NotPositive]),
        (
            "again after no time",
            |v| v["entry"]["reentry"] = json!({"type": "cooldown", "after": {"amount": 0, "unit": "day"}}),
            vec![Code::NotPositive],
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
