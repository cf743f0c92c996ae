//! State machines that are none, as journeys.
//!
//! The cases are those of the test data of the crate `asl` 0.2.0 (`tests/test-data/asl-validator/invalid-*.json`,
//! <https://github.com/edisongustavo/asl-rust>, after <https://github.com/ChristopheBougere/asl-validator>), and those that
//! begin with `statelint` of <https://github.com/awslabs/statelint>, `spec/state_node_spec.rb`. What is wrong is taken from
//! them, the journeys are our own. A task is a call, a pass a goal, a choice a branch, a nested machine another journey.
//!
//! Without a counterpart, as journeys have no paths through documents, payloads, maps over items or credentials: the duplicate
//! fields of payloads, `json-path`, `payload-template`, `exercise-ajv`, `map-distributed`, `map-item-batcher`,
//! `map-tolerated`, `task-credentials`, `task-alias-function`; names may be of any length (`state-name-too-long`).

use cvm_journey::Code;
use serde_json::{Value, json};

type Machine = (&'static str, Value, Vec<Code>);

fn task(id: &str) -> Value {
    json!({"id": id, "type": "webhook", "data": {"url": "https://example.com/task"}})
}

fn pass(id: &str) -> Value {
    json!({"id": id, "type": "goal", "data": {"name": id}})
}

fn succeed(id: &str) -> Value {
    json!({"id": id, "type": "end"})
}

fn wait(id: &str) -> Value {
    json!({"id": id, "type": "wait", "data": {"until": "duration", "duration": {"amount": 20, "unit": "minute"}}})
}

fn nested(id: &str) -> Value {
    json!({"id": id, "type": "sub_journey", "data": {"journey": "nested"}})
}

/// A branch on one number, with a case for each name.
fn choice(id: &str, cases: &[&str]) -> Value {
    let case = |(i, name): (usize, &&str)| json!({"name": name, "filter": {"type": "condition", "field": "orders", "op": "eq", "value": i}});
    let cases: Vec<Value> = cases.iter().enumerate().map(case).collect();
    json!({"id": id, "type": "branch", "data": {"cases": cases}})
}

/// `StartAt` is where the entry leads to.
fn machine(start: &str, states: Vec<Value>, next: &[(&str, &str, &str)]) -> Value {
    let mut nodes = vec![json!({"id": "StartAt", "type": "entry"})];
    nodes.extend(states);
    let edge = |(i, (source, handle, target)): (usize, &(&str, &str, &str))| json!({"id": format!("{i}"), "source": source, "sourceHandle": handle, "target": target});
    let next: Vec<(&str, &str, &str)> = [("StartAt", "next", start)].iter().chain(next).copied().collect();
    let edges: Vec<Value> = next.iter().enumerate().map(edge).collect();
    json!({"id": "machine", "name": "Machine", "entry": {"trigger": {"type": "api"}}, "nodes": nodes, "edges": edges})
}

pub fn machines() -> Vec<Machine> {
    let mut all = states();
    all.extend(nesting());
    all.extend(fields());
    all
}

/// What leads where.
fn states() -> Vec<Machine> {
    vec![
        (
            // The next state is none.
            "invalid-inexistant-state",
            machine("Start State", vec![pass("Start State")], &[("Start State", "next", "Finished")]),
            vec![Code::UnknownNode, Code::NoEnd],
        ),
        (
            "invalid-unreachable-state",
            machine(
                "Start State",
                vec![pass("Start State"), choice("Finished Choice", &["x"]), succeed("Finished")],
                &[
                    ("Start State", "next", "Finished"),
                    ("Finished Choice", "x", "Finished"),
                    ("Finished Choice", "default", "Finished"),
                ],
            ),
            vec![Code::Unreachable],
        ),
        (
            // Three tasks in a ring.
            "invalid-missing-terminal",
            machine(
                "Hello World",
                vec![task("Hello World"), task("Hello World2"), task("Hello World3")],
                &[
                    ("Hello World", "next", "Hello World2"),
                    ("Hello World2", "next", "Hello World3"),
                    ("Hello World3", "next", "Hello World"),
                ],
            ),
            vec![Code::NoEnd, Code::InstantLoop, Code::LoopWithoutCap],
        ),
        (
            // A task that is the last one and leads on.
            "invalid-next-with-end",
            machine(
                "Wait for Timestamp",
                vec![wait("Wait for Timestamp"), task("Send SNS Message"), succeed("End")],
                &[
                    ("Wait for Timestamp", "next", "Send SNS Message"),
                    ("Send SNS Message", "next", "Wait for Timestamp"),
                    ("Send SNS Message", "next", "End"),
                ],
            ),
            vec![Code::DuplicateOutcome, Code::LoopWithoutCap],
        ),
        (
            // A choice that ends the machine by itself.
            "invalid-choice-state",
            machine(
                "ChoiceState",
                vec![choice("ChoiceState", &["1"]), pass("DefaultState"), succeed("End")],
                &[("ChoiceState", "default", "DefaultState"), ("DefaultState", "next", "End")],
            ),
            vec![Code::MissingOutcome],
        ),
        (
            // `StartAt` names no state.
            "invalid-error-equals-type",
            machine("Testing it", vec![task("Testing"), succeed("Success")], &[("Testing", "next", "Success")]),
            vec![Code::UnknownNode, Code::NoEnd, Code::Unreachable],
        ),
        (
            // What is caught is named by a key that there is not.
            "invalid-error-equals",
            machine(
                "Testing",
                vec![task("Testing"), succeed("Success")],
                &[("Testing", "Error Equals", "Success"), ("Testing", "next", "Success")],
            ),
            vec![Code::UnknownOutcome],
        ),
        (
            "statelint: missing StartAt targets",
            machine("x", vec![succeed("y")], &[]),
            vec![Code::UnknownNode, Code::NoEnd, Code::Unreachable],
        ),
        (
            "statelint: Next fields with targets that don't match state names",
            machine("A", vec![pass("A")], &[("A", "next", "B")]),
            vec![Code::UnknownNode, Code::NoEnd],
        ),
        (
            "statelint: un-pointed-to states",
            machine("A", vec![succeed("A"), succeed("X")], &[]),
            vec![Code::Unreachable],
        ),
        (
            "statelint: missing terminal state",
            machine("A", vec![pass("A"), pass("B")], &[("A", "next", "B"), ("B", "next", "A")]),
            vec![Code::NoEnd, Code::InstantLoop, Code::LoopWithoutCap],
        ),
        (
            // The same, where the ring has waits: nobody gets out, if slowly.
            "statelint: complex missing terminal",
            machine(
                "A",
                vec![choice("A", &["b"]), wait("B"), wait("C")],
                &[("A", "b", "B"), ("A", "default", "C"), ("B", "next", "A"), ("C", "next", "A")],
            ),
            vec![Code::NoEnd, Code::LoopWithoutCap],
        ),
        (
            // The rule that `Default` is used: without it, nobody says where the others go.
            "statelint: Default field",
            machine("A", vec![choice("A", &["b"]), succeed("B")], &[("A", "b", "B")]),
            vec![Code::NoDefault],
        ),
        (
            // A terminal state that leads on.
            "a Succeed state with Next",
            machine("A", vec![succeed("A"), succeed("B")], &[("A", "next", "B")]),
            vec![Code::EdgeFromEnd],
        ),
        (
            "a machine without StartAt",
            json!({"id": "machine", "name": "Machine", "entry": {"trigger": {"type": "api"}},
                "nodes": [succeed("A")], "edges": []}),
            vec![Code::NoEntry],
        ),
    ]
}

/// Machines in machines.
fn nesting() -> Vec<Machine> {
    // The inner machine is a journey of its own, which is checked by itself.
    vec![
        (
            "invalid-missing-terminal-map",
            machine("Wait 20s", vec![wait("Wait 20s")], &[]),
            vec![Code::MissingOutcome, Code::NoEnd],
        ),
        (
            "invalid-missing-terminal-parallel",
            machine(
                "branches",
                vec![
                    json!({"id": "branches", "type": "split", "data": {"arms": [
                        {"name": "first", "percent": 50}, {"name": "second", "percent": 50}]}}),
                    wait("Wait 20s"),
                    wait("Wait 10s"),
                    succeed("End"),
                ],
                &[("branches", "first", "Wait 20s"), ("branches", "second", "Wait 10s"), ("Wait 10s", "next", "End")],
            ),
            vec![Code::MissingOutcome, Code::NoEnd],
        ),
        (
            // The outer machine's state is none of the inner one's.
            "invalid-map-ob-link",
            machine(
                "ChoiceState",
                vec![choice("ChoiceState", &["1", "2"]), wait("Wait 20s"), succeed("End")],
                &[
                    ("ChoiceState", "1", "Wait 20s"),
                    ("ChoiceState", "2", "Final State"),
                    ("ChoiceState", "default", "Wait 20s"),
                    ("Wait 20s", "next", "End"),
                ],
            ),
            vec![Code::UnknownNode],
        ),
        (
            "invalid-parallel-ob-link",
            machine(
                "Pass",
                vec![pass("Pass"), choice("ChoiceState", &["1", "2"]), wait("Wait 10s"), succeed("End")],
                &[
                    ("Pass", "next", "ChoiceState"),
                    ("ChoiceState", "1", "Wait 10s"),
                    ("ChoiceState", "2", "Final State"),
                    ("ChoiceState", "default", "Wait 10s"),
                    ("Wait 10s", "next", "End"),
                ],
            ),
            vec![Code::UnknownNode],
        ),
        (
            "statelint: linkage from one parallel branch to another",
            machine("A", vec![pass("A"), succeed("End")], &[("A", "next", "State of the other branch")]),
            vec![Code::UnknownNode, Code::NoEnd, Code::Unreachable],
        ),
        (
            // Names are of one machine here; a copy within it has the name twice.
            "invalid-map-dupe-state",
            machine(
                "Final State",
                vec![wait("Final State"), pass("Final State"), succeed("End")],
                &[("Final State", "next", "End")],
            ),
            vec![Code::DuplicateId, Code::NoEnd],
        ),
        (
            "statelint: duplicate state names, even in parallels",
            machine("A", vec![pass("A"), succeed("B"), succeed("B")], &[("A", "next", "B")]),
            vec![Code::DuplicateId],
        ),
        (
            "invalid-map-missing-iterator",
            machine(
                "Map",
                vec![json!({"id": "Map", "type": "sub_journey", "data": {}}), succeed("Final State")],
                &[("Map", "next", "Final State")],
            ),
            vec![Code::Json],
        ),
        (
            "statelint: nested problems",
            machine("x", vec![nested("x"), succeed("End")], &[("x", "next", "End")]),
            vec![Code::UnknownJourney],
        ),
        (
            "invalid-parallel-missing-branches",
            machine(
                "Parallel",
                vec![json!({"id": "Parallel", "type": "split", "data": {}}), succeed("Final State")],
                &[("Parallel", "next", "Final State")],
            ),
            vec![Code::Json],
        ),
        (
            // A list where a branch must be.
            "invalid-parallel-branch-type",
            machine(
                "A",
                vec![
                    json!({"id": "A", "type": "split", "data": {"arms": [[{"name": "a", "percent": 100}]]}}),
                    succeed("B"),
                ],
                &[("A", "a", "B")],
            ),
            vec![Code::Json],
        ),
    ]
}

/// What states have in them.
fn fields() -> Vec<Machine> {
    let one = |state: Value, handle: &str| {
        let id = state["id"].as_str().unwrap_or_default().to_owned();
        machine(&id, vec![state, succeed("End")], &[(&id, handle, "End")])
    };
    let minutes = json!({"amount": 20, "unit": "minute"});
    vec![
        (
            // Two lengths of one wait.
            "invalid-wait-duration",
            one(
                json!({"id": "wait", "type": "wait", "data": {"until": "duration", "duration": minutes, "field": "birthday"}}),
                "next",
            ),
            vec![Code::Json],
        ),
        (
            "invalid-task-timout",
            one(
                json!({"id": "X", "type": "wait", "data": {"until": "event", "event": "order", "timeout": minutes, "timeout_path": "$.foo"}}),
                "happened",
            ),
            vec![Code::Json],
        ),
        (
            "invalid-task-heartbeat",
            one(
                json!({"id": "X", "type": "webhook", "data": {"url": "https://example.com/", "heartbeat": 20, "heartbeat_path": "$.foo"}}),
                "next",
            ),
            vec![Code::Json],
        ),
        (
            "invalid-fail-dupe-cause",
            machine(
                "Hello",
                vec![json!({"id": "Hello", "type": "end", "data": {"reason": "a", "reason_path": "$.cause"}})],
                &[],
            ),
            vec![Code::Json],
        ),
        (
            "invalid-fail-dupe-error",
            machine("Hello", vec![json!({"id": "Hello", "type": "end", "data": {"reason": "a", "error": "b"}})], &[]),
            vec![Code::Json],
        ),
        (
            // A misspelt field.
            "invalid-exercise-ajv-additional-properties",
            one(
                json!({"id": "PassState", "type": "goal", "data": {"name": "pass", "bugInputPath": "$.library"}}),
                "next",
            ),
            vec![Code::Json],
        ),
        (
            // What is compared is nothing that could be.
            "invalid-choice-state-variable",
            {
                let filter = json!({"type": "condition", "field": "clients.unique", "op": "eq", "value": 1});
                machine(
                    "ChoiceState",
                    vec![
                        json!({"id": "ChoiceState", "type": "branch", "data": {"cases": [{"name": "1", "filter": filter}]}}),
                        succeed("FirstMatchState"),
                    ],
                    &[("ChoiceState", "1", "FirstMatchState"), ("ChoiceState", "default", "FirstMatchState")],
                )
            },
            vec![Code::Filter],
        ),
        (
            // A state of a kind that there is not.
            "statelint: a type of states that there is not",
            one(json!({"id": "B", "type": "C"}), "next"),
            vec![Code::UnknownType],
        ),
    ]
}
