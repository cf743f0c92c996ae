//! Journeys that are wrong in what they ask, say and when, each beside the catalog of the good one.

use cvm_journey::Code;
use serde_json::{Value, json};

use crate::graphs::Wrong;

const PAUSE: usize = 2;
const MAIL: usize = 4;
const BOUGHT: usize = 5;

fn data(value: &mut Value, node: usize) -> &mut Value {
    &mut value["nodes"][node]["data"]
}

fn template(value: &mut Value, name: &str) {
    data(value, MAIL)["template"] = json!(name);
}

/// A wait for an order before the mail, and an end for those who make none.
fn order_first(value: &mut Value, timeout: &str) {
    let wait = json!({"until": "event", "event": "order", "timeout": {"amount": 3, "unit": "day"}});
    let edges = value["edges"].as_array_mut().expect("edges");
    edges.iter_mut().find(|edge| edge["id"] == "e5").expect("an edge")["target"] = json!("order");
    edges.push(json!({"id": "o1", "source": "order", "sourceHandle": "happened", "target": "mail"}));
    edges.push(json!({"id": "o2", "source": "order", "sourceHandle": "timeout", "target": timeout}));
    value["nodes"].as_array_mut().expect("nodes").push(json!({"id": "order", "type": "wait", "data": wait}));
}

fn condition(field: &str, op: &str, to: Value) -> Value {
    json!({"type": "condition", "field": field, "op": op, "value": to})
}

/// The branch after the mail, with these cases, all of which lead to the end.
fn cases(value: &mut Value, filters: &[Value]) {
    let names = ["yes", "second", "third"];
    let cases: Vec<Value> =
        names.iter().zip(filters).map(|(name, filter)| json!({"name": name, "filter": filter})).collect();
    let edges = value["edges"].as_array_mut().expect("edges");
    for name in names.iter().take(cases.len()).skip(1) {
        edges.push(json!({"id": name, "source": "bought", "sourceHandle": name, "target": "out"}));
    }
    data(value, BOUGHT)["cases"] = json!(cases);
}

fn schedule(value: &mut Value, rule: &str, from: &str, at: &str) {
    // Adults who have a goal before them.
    value["settings"]["goals"][0]["filter"] = condition("orders", "gte", json!(3));
    value["entry"]["trigger"] = json!({"type": "schedule", "rule": rule, "from": from, "at": at,
        "filter": condition("consent", "eq", json!(true))});
}

/// What is wrong, and what is not, though it looks like it.
pub fn rules() -> Vec<Wrong> {
    vec![
        ("a template that breaks off", |v| template(v, "unread"), vec![Code::Template]),
        ("a token of no root", |v| template(v, "nothing"), vec![Code::UnknownToken]),
        ("a token of no field", |v| template(v, "typo"), vec![Code::UnknownField]),
        ("a token of an event that is not the journey's", |v| template(v, "order"), vec![Code::TokenMissing]),
        ("a token of no event", |v| template(v, "no event"), vec![Code::UnknownField]),
        ("a token that is asked for first", |v| template(v, "asked"), vec![]),
        (
            "a token of an event that some did not do",
            |v| {
                template(v, "order");
                order_first(v, "mail");
            },
            vec![Code::TokenMissing],
        ),
        (
            "a token of an event that all did",
            |v| {
                template(v, "order");
                order_first(v, "out");
            },
            vec![],
        ),
        (
            "a token that something stands in for",
            |v| {
                template(v, "order or none");
                order_first(v, "mail");
            },
            vec![],
        ),
        (
            "a token of the event that brought them",
            |v| {
                template(v, "order");
                v["entry"]["trigger"]["event"] = json!("order");
            },
            vec![],
        ),
        ("a code of an offer that has none", |v| template(v, "voucher"), vec![Code::TokenMissing]),
        (
            "a code of an offer",
            |v| {
                template(v, "voucher");
                data(v, MAIL)["offer"] = json!("code");
            },
            vec![],
        ),
        (
            "a code of no offer",
            |v| {
                template(v, "voucher");
                data(v, MAIL).as_object_mut().expect("an object").remove("offer");
            },
            vec![Code::TokenMissing],
        ),
        (
            "a call that speaks of no event",
            |v| {
                let call = json!({"url": "https://example.com/hook", "body": r#"{"order": "{{ event.order_id }}"}"#});
                v["nodes"][MAIL] = json!({"id": "mail", "type": "webhook", "data": call});
                order_first(v, "mail");
            },
            vec![Code::TokenMissing],
        ),
        (
            "messages one after another",
            |v| {
                data(v, PAUSE)["duration"] = json!({"amount": 1, "unit": "hour"});
                v["settings"]["caps"][0] = json!({"limit": 1, "within": {"amount": 1, "unit": "day"}});
            },
            vec![Code::AboveCap],
        ),
        (
            "as many messages as there may be",
            |v| v["settings"]["caps"][0] = json!({"limit": 1, "within": {"amount": 1, "unit": "day"}}),
            vec![],
        ),
        (
            "messages of another channel",
            |v| {
                v["settings"]["caps"][0] =
                    json!({"channel": "sms", "limit": 1, "within": {"amount": 1, "unit": "month"}});
            },
            vec![],
        ),
        (
            "cases that take the same",
            |v| cases(v, &[condition("orders", "gte", json!(1)), condition("age", "gte", json!(60))]),
            vec![Code::Overlap],
        ),
        (
            "a narrow case before a wide one",
            |v| cases(v, &[condition("orders", "gte", json!(5)), condition("orders", "gte", json!(1))]),
            vec![],
        ),
        (
            "a year between two cases",
            |v| cases(v, &[condition("age", "lt", json!(30)), condition("age", "gt", json!(30))]),
            vec![Code::Gap],
        ),
        (
            "cents between two cases",
            |v| cases(v, &[condition("balance", "lte", json!("29.00")), condition("balance", "gte", json!("30.00"))]),
            vec![Code::Gap],
        ),
        (
            "days between three cases",
            |v| {
                cases(
                    v,
                    &[
                        condition("birthday", "before", json!("1980-01-01")),
                        condition("birthday", "between", json!(["1980-01-01", "1989-12-31"])),
                        condition("birthday", "after", json!("1999-12-31")),
                    ],
                );
            },
            vec![Code::Gap],
        ),
        (
            "whole numbers one after another",
            |v| cases(v, &[condition("age", "lte", json!(29)), condition("age", "gte", json!(30))]),
            vec![],
        ),
        (
            "a wait for nobody",
            |v| {
                let never = json!({"type": "and", "children": [
                    condition("age", "lt", json!(18)), condition("age", "gt", json!(20))]});
                *data(v, PAUSE) = json!({"until": "filter", "filter": never, "timeout": {"amount": 1, "unit": "day"}});
                let edges = v["edges"].as_array_mut().expect("edges");
                edges[3]["sourceHandle"] = json!("happened");
                edges.push(json!({"id": "x", "source": "pause", "sourceHandle": "timeout", "target": "out"}));
            },
            vec![
                Code::WaitNever,
                // A filter may take everybody at once.
                Code::InstantLoop,
            ],
        ),
        (
            "a wait for an event that can't be",
            |v| {
                order_first(v, "out");
                let never = json!({"type": "and", "children": [
                    condition("amount", "lt", json!(5)), condition("amount", "gt", json!(6))]});
                v["nodes"][8]["data"]["filter"] = never;
            },
            vec![Code::WaitNever],
        ),
        (
            "an event behind the same event",
            |v| {
                let case = |name: &str| json!({"name": name, "event": "order"});
                let mut second = case("second");
                second["filter"] = condition("amount", "gt", json!(100));
                let data = json!({"cases": [case("first"), second], "timeout": {"amount": 3, "unit": "day"}});
                v["nodes"][BOUGHT] = json!({"id": "bought", "type": "event_branch", "data": data});
                let edges = v["edges"].as_array_mut().expect("edges");
                edges[7]["sourceHandle"] = json!("first");
                edges[8]["sourceHandle"] = json!("timeout");
                edges.push(json!({"id": "x", "source": "bought", "sourceHandle": "second", "target": "out"}));
            },
            vec![Code::Never],
        ),
        (
            "a goal that all have reached",
            |v| {
                v["entry"]["trigger"] = json!({"type": "segment", "filter": condition("age", "gte", json!(18))});
                v["nodes"][1]["data"]["filter"] = condition("consent", "eq", json!(true));
            },
            vec![Code::GoalAtEntry],
        ),
        (
            "an exit that all take",
            |v| {
                v["settings"]["exits"] = json!([{"name": "all", "filter": condition("orders", "gte", json!(0))}]);
                v["entry"]["trigger"] = json!({"type": "segment", "filter": condition("orders", "gte", json!(2))});
                cases(v, &[condition("orders", "gte", json!(9))]);
            },
            vec![Code::ExitAtEntry],
        ),
        (
            "an entry for nobody",
            |v| {
                let never = json!({"type": "and", "children": [
                    condition("age", "lt", json!(18)), condition("age", "gt", json!(20))]});
                v["entry"]["trigger"] = json!({"type": "segment", "filter": never});
            },
            vec![Code::EntryEmpty],
        ),
        (
            "a schedule that is over",
            |v| schedule(v, "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261101", "2026-09-01", "09:00"),
            vec![Code::ScheduleOver],
        ),
        (
            "a schedule that came three times",
            |v| schedule(v, "FREQ=DAILY;COUNT=3", "2026-09-01", "09:00"),
            vec![Code::ScheduleOver],
        ),
        ("a rule by the hour", |v| schedule(v, "FREQ=HOURLY", "2026-12-01", "09:00"), vec![Code::Rule]),
        (
            "a schedule without a day",
            |v| schedule(v, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-12-01", "09:00"),
            vec![Code::ScheduleOver],
        ),
        ("a schedule after the end", |v| schedule(v, "FREQ=DAILY", "2027-04-01", "09:00"), vec![Code::ScheduleOver]),
        ("a schedule that goes on", |v| schedule(v, "FREQ=WEEKLY;BYDAY=MO", "2026-09-01", "09:00"), vec![]),
        (
            "a time that clocks skip",
            |v| {
                schedule(v, "FREQ=DAILY", "2026-12-01", "02:30");
                v["settings"]["end"] = json!("2027-06-01T08:00:00Z");
            },
            vec![Code::SkippedTime],
        ),
        ("a time that clocks skip after the end", |v| schedule(v, "FREQ=DAILY", "2026-12-01", "02:30"), vec![]),
        (
            "a window that begins when clocks go forward",
            |v| {
                let window = json!({"from": "02:00", "to": "08:00", "days": ["sunday"]});
                let edges = v["edges"].as_array_mut().expect("edges");
                edges[6]["target"] = json!("night");
                edges.push(json!({"id": "x", "source": "night", "sourceHandle": "next", "target": "bought"}));
                let nodes = v["nodes"].as_array_mut().expect("nodes");
                nodes.push(json!({"id": "night", "type": "wait", "data": {"until": "window", "window": window}}));
                v["settings"]["end"] = json!("2027-06-01T08:00:00Z");
            },
            vec![Code::SkippedTime],
        ),
        ("an offer that does not hold yet", |v| data(v, MAIL)["offer"] = json!("early"), vec![Code::OfferEarly]),
    ]
}
