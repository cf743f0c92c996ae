//! Journeys whose graph is right, and that are wrong beside what they speak of.

use cvm_journey::Code;
use serde_json::{Value, json};

use crate::graphs::Wrong;

const PAUSE: usize = 2;
const MAIL: usize = 4;
const BOUGHT: usize = 5;

fn data(value: &mut Value, node: usize) -> &mut Value {
    &mut value["nodes"][node]["data"]
}

/// Puts a node between the mail and what follows it.
fn between(value: &mut Value, node: Value) {
    let id = node["id"].clone();
    value["nodes"].as_array_mut().expect("nodes").push(node);
    let edges = value["edges"].as_array_mut().expect("edges");
    let after = edges.iter_mut().find(|edge| edge["source"] == "mail").expect("an edge");
    let target = std::mem::replace(&mut after["target"], id.clone());
    edges.push(json!({"id": "between", "source": id, "sourceHandle": "next", "target": target}));
}

pub fn meanings() -> Vec<Wrong> {
    vec![
        (
            "a date of another name",
            |v| *data(v, PAUSE) = json!({"until": "date", "field": "brithday"}),
            vec![
                Code::UnknownField,
                // Who is past the date does not wait at all.
                Code::InstantLoop,
            ],
        ),
        (
            "a date that is a number",
            |v| *data(v, PAUSE) = json!({"until": "date", "field": "age"}),
            vec![Code::FieldType, Code::InstantLoop],
        ),
        (
            "a field to set",
            |v| between(v, json!({"id": "x", "type": "update", "data": {"set": {"agee": 1}}})),
            vec![Code::UnknownField],
        ),
        (
            "a number that is set to a text",
            |v| between(v, json!({"id": "x", "type": "update", "data": {"set": {"age": "old"}}})),
            vec![Code::FieldType],
        ),
        (
            "a key that is set",
            |v| between(v, json!({"id": "x", "type": "update", "data": {"set": {"id": 7}}})),
            vec![Code::FieldType],
        ),
        (
            "fields that are set as they may be",
            |v| {
                let set =
                    json!({"age": 30, "birthday": "2000-02-29", "consent": true, "balance": "1.50", "zone": null});
                between(v, json!({"id": "x", "type": "update", "data": {"set": set}}));
            },
            vec![],
        ),
        ("a zone's field", |v| v["settings"]["zone"]["field"] = json!("country"), vec![Code::UnknownField]),
        (
            "a key of no event",
            |v| v["entry"]["reentry"] = json!({"type": "concurrent", "key": "order"}),
            vec![Code::UnknownField],
        ),
        ("an event", |v| v["entry"]["trigger"]["event"] = json!("sign_up"), vec![Code::UnknownEvent]),
        ("a list", |v| v["settings"]["suppression"] = json!(["complaned"]), vec![Code::UnknownList]),
        (
            "a list to come on",
            |v| between(v, json!({"id": "x", "type": "list", "data": {"add": "vip"}})),
            vec![Code::UnknownList],
        ),
        ("an offer", |v| data(v, MAIL)["offer"] = json!("tenn"), vec![Code::UnknownOffer]),
        ("an old offer", |v| data(v, MAIL)["offer"] = json!("old"), vec![Code::Archived]),
        ("a template", |v| data(v, MAIL)["template"] = json!("welcom"), vec![Code::UnknownTemplate]),
        ("an old template", |v| data(v, MAIL)["template"] = json!("past"), vec![Code::Archived]),
        (
            "a channel without words",
            |v| {
                data(v, MAIL)["channel"] = json!("sms");
                v["settings"]["consent"]["sms"] = v["settings"]["consent"]["email"].clone();
            },
            vec![Code::NoContent],
        ),
        (
            "a journey",
            |v| between(v, json!({"id": "x", "type": "sub_journey", "data": {"journey": "lop"}})),
            vec![Code::UnknownJourney],
        ),
        (
            "a journey that comes back",
            |v| between(v, json!({"id": "x", "type": "sub_journey", "data": {"journey": "loop"}})),
            vec![Code::Recursion],
        ),
        (
            "a filter on a field that is not there",
            |v| data(v, BOUGHT)["cases"][0]["filter"]["field"] = json!("ordres"),
            vec![Code::Filter],
        ),
        (
            "a filter on a property that is not there",
            |v| {
                v["entry"]["trigger"]["filter"] =
                    json!({"type": "condition", "field": "sauce", "op": "eq", "value": "web"});
            },
            vec![Code::Filter],
        ),
        (
            "a gate that the entry has decided",
            |v| {
                let filter = json!({"type": "condition", "field": "age", "op": "lt", "value": 12});
                v["entry"]["trigger"] = json!({"type": "segment", "filter": filter});
            },
            vec![Code::Never],
        ),
        (
            "a gate that all pass",
            |v| {
                v["settings"]["goals"][0]["filter"]["field"] = json!("orders");
                let filter = json!({"type": "condition", "field": "age", "op": "gt", "value": 40});
                v["entry"]["trigger"] = json!({"type": "segment", "filter": filter});
            },
            vec![Code::Always],
        ),
        (
            "a case behind a wider one",
            |v| {
                let filter = json!({"type": "condition", "field": "orders", "op": "gte", "value": 5});
                data(v, BOUGHT)["cases"]
                    .as_array_mut()
                    .expect("cases")
                    .push(json!({"name": "often", "filter": filter}));
                let edge = json!({"id": "x", "source": "bought", "sourceHandle": "often", "target": "out"});
                v["edges"].as_array_mut().expect("edges").push(edge);
            },
            vec![Code::Never],
        ),
        ("nobody agreed", |v| v["settings"]["consent"] = json!({}), vec![Code::NoConsent]),
        (
            "an offer twice",
            |v| {
                v["settings"]["caps"][0]["limit"] = json!(6);
                let data = json!({"channel": "email", "template": "welcome", "offer": "ten"});
                between(v, json!({"id": "x", "type": "send", "data": data}));
            },
            vec![Code::OfferTwice],
        ),
        (
            "windows within quiet hours",
            |v| v["settings"]["send_windows"]["email"] = json!([{"from": "22:00", "to": "07:30"}]),
            vec![Code::NoSendTime],
        ),
        (
            "an end before the start",
            |v| v["settings"]["end"] = json!("2026-12-01T07:00:00Z"),
            vec![Code::EndBeforeStart],
        ),
        (
            "longer than it lasts",
            |v| {
                data(v, PAUSE)["duration"] = json!({"amount": 4, "unit": "month"});
                // Only children go the short way, and there are none.
                let edges = v["edges"].as_array_mut().expect("edges");
                edges.iter_mut().find(|edge| edge["id"] == "e3").expect("an edge")["target"] = json!("pause");
            },
            vec![Code::TooLong],
        ),
        ("a zone", |v| v["settings"]["zone"]["fallback"] = json!("Europe/Pari"), vec![Code::UnknownZone]),
        (
            "a call in the open",
            |v| between(v, json!({"id": "x", "type": "webhook", "data": {"url": "http://shop.example.com/hook"}})),
            vec![Code::WebAddress],
        ),
        (
            "a call to the neighbours",
            |v| between(v, json!({"id": "x", "type": "webhook", "data": {"url": "https://10.0.0.7/hook"}})),
            vec![Code::PrivateAddress],
        ),
        ("too many", |v| v["settings"]["audience_cap"] = json!(9_999), vec![Code::EntryAboveCap]),
        (
            "arms that are too small",
            |v| v["nodes"][3]["data"]["wanted"] = json!({"base": 5, "lift": 0.5}),
            vec![Code::ArmTooSmall],
        ),
        (
            "a throttle that is too slow",
            |v| between(v, json!({"id": "x", "type": "throttle", "data": {"limit": 4, "per": "hour"}})),
            vec![Code::ThrottleTooSlow],
        ),
        (
            "over already",
            |v| {
                v["settings"]["start"] = json!("2026-01-01T08:00:00Z");
                v["settings"]["end"] = json!("2026-11-30T08:00:00Z");
            },
            vec![Code::Past],
        ),
        (
            "an offer that is over",
            |v| {
                data(v, PAUSE)["duration"] = json!({"amount": 3, "unit": "day"});
                data(v, MAIL)["offer"] = json!("brief");
            },
            vec![Code::OfferOver],
        ),
        ("no goal", |v| v["settings"]["goals"] = json!([]), vec![Code::NoGoal]),
        ("no holdout", |v| v["settings"]["holdout"] = json!(null), vec![Code::NoHoldout]),
    ]
}
