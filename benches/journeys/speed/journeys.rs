//! A journey with every kind of node and every setting, and one that it leads into.

use cvm_journey::machine::{InFlight, Publish, Terms};
use cvm_journey::model::{Journey, Offer};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// A filter that takes a share in percent, which stands in its field's name.
fn share(percent: &str, of: u8) -> Value {
    json!({"type": "condition", "field": format!("p{percent}"), "op": "eq", "value": of})
}

fn publish(journey: Value) -> Publish {
    let offer: Offer = serde_json::from_value(json!({"id": "ten", "name": "Ten", "cost": "0.50",
        "benefit": {"type": "discount_percent", "percent": 10}}))
    .expect("an offer");
    let journey = Journey::from_value(journey).expect("a journey");
    Publish { journey, terms: vec![Terms::new(&offer, &TimeZone::UTC)], people: InFlight::Pinned }
}

fn edges(edges: &[(&str, &str, &str)]) -> Vec<Value> {
    let each = edges.iter().enumerate();
    each.map(|(id, (source, handle, target))| {
        json!({"id": id.to_string(), "source": source, "sourceHandle": handle, "target": target})
    })
    .collect()
}

pub fn all() -> [Publish; 2] {
    [publish(child()), publish(main())]
}

fn child() -> Value {
    let pause = json!({"until": "duration", "duration": {"amount": 2, "unit": "hour"}});
    json!({"id": "child", "name": "Child",
        "entry": {"trigger": {"type": "api"}, "reentry": {"type": "after_exit"}},
        "nodes": [
            {"id": "in", "type": "entry", "data": {}},
            {"id": "some", "type": "branch", "data": {"cases": [{"name": "a", "filter": share("50", 30)}]}},
            {"id": "pause", "type": "wait", "data": pause},
            {"id": "out", "type": "end", "data": {}}],
        "edges": edges(&[("in", "next", "some"), ("some", "a", "pause"), ("some", "default", "out"), ("pause", "next", "out")])})
}

fn main() -> Value {
    let time = |amount: u32, unit: &str| json!({"amount": amount, "unit": unit});
    let node = |id: &str, ty: &str, data: Value| json!({"id": id, "type": ty, "data": data});
    let case = |name: &str, of: u8| json!({"name": name, "filter": share("30", of)});
    let send = |channel: &str| json!({"channel": channel, "template": "hello", "offer": "ten", "unknown": "retry"});
    let nodes = [
        node("in", "entry", json!({})),
        node("held", "holdout", json!({"percent": 5})),
        node("gate", "segment", json!({"filter": share("90", 1)})),
        node(
            "arms",
            "split",
            json!({"experiment": "e", "arms": [{"name": "a", "percent": 50}, {"name": "b", "percent": 30},
                {"name": "c", "percent": 20}]}),
        ),
        node("pause", "wait", json!({"until": "duration", "duration": time(1, "day")})),
        node(
            "day",
            "wait",
            json!({"until": "date", "field": "birthday", "offset": {"before": time(1, "day")}, "at": "09:30"}),
        ),
        node("window", "wait", json!({"until": "window", "window": {"from": "10:00", "to": "20:00"}})),
        node("mail", "send", send("email")),
        node(
            "asked",
            "event_branch",
            json!({"timeout": time(2, "day"), "cases": [{"name": "visited", "event": "visit", "filter": share("50", 2)},
                {"name": "bought", "event": "purchase"}]}),
        ),
        node("tier", "update", json!({"set": {"tier": "gold"}})),
        node("vip", "list", json!({"add": "vip"})),
        node(
            "order",
            "wait",
            json!({"until": "event", "event": "order", "filter": share("80", 3), "timeout": time(1, "day")}),
        ),
        node("until", "wait", json!({"until": "filter", "filter": share("20", 4), "timeout": time(1, "day")})),
        node("way", "branch", json!({"cases": [case("a", 5), case("b", 6)]})),
        node("slow", "throttle", json!({"limit": 1_000_000, "per": "hour"})),
        node("sub", "sub_journey", json!({"journey": "child"})),
        node("later", "wait", json!({"until": "duration", "duration": time(1, "hour")})),
        node("again", "jump", json!({"times": 2})),
        node("rest", "wait", json!({"until": "duration", "duration": time(6, "hour")})),
        node("hook", "webhook", json!({"url": "https://example.com/hook"})),
        node("sms", "send", send("sms")),
        node("won", "goal", json!({"name": "there"})),
        node("out", "end", json!({"reason": "done"})),
    ];
    let edges = edges(&[
        ("in", "next", "held"),
        ("held", "next", "gate"),
        ("gate", "yes", "arms"),
        ("gate", "no", "out"),
        ("arms", "a", "pause"),
        ("arms", "b", "day"),
        ("arms", "c", "window"),
        ("pause", "next", "mail"),
        ("day", "next", "mail"),
        ("window", "next", "mail"),
        ("mail", "next", "asked"),
        ("mail", "failed", "hook"),
        ("asked", "visited", "tier"),
        ("asked", "bought", "won"),
        ("asked", "timeout", "until"),
        ("tier", "next", "vip"),
        ("vip", "next", "order"),
        ("order", "happened", "won"),
        ("order", "timeout", "way"),
        ("until", "happened", "way"),
        ("until", "timeout", "way"),
        ("way", "a", "slow"),
        ("way", "b", "sub"),
        ("way", "default", "again"),
        ("sub", "next", "later"),
        ("later", "next", "won"),
        ("again", "again", "rest"),
        ("again", "done", "out"),
        ("rest", "next", "mail"),
        ("hook", "next", "slow"),
        ("hook", "failed", "out"),
        ("slow", "next", "sms"),
        ("sms", "next", "won"),
        ("won", "next", "out"),
    ]);
    json!({"id": "main", "name": "Main",
        "entry": {"trigger": {"type": "api"}, "reentry": {"type": "after_exit"}},
        "settings": {
            "seed": 7, "priority": 1, "zone": {"field": "zone", "fallback": "UTC"}, "holdout": 5,
            "quiet_hours": [{"from": "21:00", "to": "08:00"}],
            "caps": [{"channel": "email", "limit": 3, "within": time(1, "week"), "scope": "all_journeys"}],
            "consent": {"email": share("90", 7), "sms": share("80", 8)}, "suppression": ["complained"],
            "goals": [{"name": "bought", "filter": share("01", 9)}],
            "exits": [{"name": "gone", "filter": share("01", 10)}]},
        "nodes": nodes, "edges": edges})
}
