//! Journeys and commands at random, from a seed.

use cvm_core::Filter;
use cvm_journey::model::*;
use cvm_journey::{Chance, check};
use serde_json::{Value, json};

use crate::world::mix;

/// Chance from a seed.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// A number below another one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = mix(self.0);
        self.0 % end
    }

    pub fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).expect("small")]
    }
}

fn filter(dice: &mut Dice, share: &str) -> Value {
    json!({"type": "condition", "field": format!("p{share}"), "op": "eq", "value": dice.below(50)})
}

fn duration(dice: &mut Dice) -> Value {
    json!({"amount": 1 + dice.below(5), "unit": dice.pick(&["hour", "hour", "day", "minute"])})
}

fn window(dice: &mut Dice) -> Value {
    let hour = dice.below(20);
    let mut window = json!({"from": format!("{hour:02}:00"), "to": format!("{:02}:30", hour + 2)});
    if dice.one_in(3) {
        window["days"] = json!(["monday", "thursday"]);
    }
    window
}

fn send(dice: &mut Dice) -> Value {
    let mut data = json!({"channel": dice.pick(&["email", "sms"]), "template": "hello",
        "unknown": dice.pick(&["retry", "keep", "fail"]), "quiet": dice.pick(&["wait", "wait", "skip"])});
    if dice.one_in(2) {
        data["offer"] = json!(dice.pick(&["ten", "codes"]));
    }
    data
}

fn kind(dice: &mut Dice, subs: bool) -> (&'static str, Value) {
    let timeout = |dice: &mut Dice| if dice.one_in(4) { json!(null) } else { duration(dice) };
    let event = |dice: &mut Dice| *dice.pick(&["visit", "purchase"]);
    match dice.below(if subs { 19 } else { 18 }) {
        0 | 1 => ("wait", json!({"until": "duration", "duration": duration(dice)})),
        2 => {
            let mut data = json!({"until": "event", "event": event(dice), "timeout": timeout(dice)});
            if dice.one_in(2) {
                data["filter"] = filter(dice, "50");
            }
            ("wait", data)
        }
        3 => ("wait", json!({"until": "filter", "filter": filter(dice, "20"), "timeout": timeout(dice)})),
        4 => ("wait", json!({"until": "window", "window": window(dice)})),
        5 => {
            let offset = json!({*dice.pick(&["before", "after"]): duration(dice)});
            ("wait", json!({"until": "date", "field": "birthday", "offset": offset, "at": "09:30"}))
        }
        6..=8 => ("send", send(dice)),
        9 => {
            let case = |dice: &mut Dice, name: &str| json!({"name": name, "filter": filter(dice, "40")});
            ("branch", json!({"cases": [case(dice, "a"), case(dice, "b")]}))
        }
        10 => {
            let a = json!({"name": "a", "event": event(dice), "filter": filter(dice, "50")});
            let b = json!({"name": "b", "event": event(dice)});
            ("event_branch", json!({"cases": [a, b], "timeout": duration(dice)}))
        }
        11 => {
            let arms = json!([{"name": "a", "percent": 30}, {"name": "b", "percent": 70}]);
            ("split", json!({"arms": arms, "experiment": "e"}))
        }
        12 => ("holdout", json!({"percent": 20})),
        13 => ("segment", json!({"filter": filter(dice, "60")})),
        14 => ("throttle", json!({"limit": 1 + dice.below(2), "per": dice.pick(&["minute", "hour", "day"])})),
        15 => ("jump", json!({"times": 1 + dice.below(2)})),
        16 => {
            let simple = [
                ("update", json!({"set": {"tier": "gold"}})),
                ("list", json!({"add": "vip"})),
                ("webhook", json!({"url": "https://example.com/hook"})),
                ("goal", json!({"name": "there"})),
            ];
            dice.pick(&simple).clone()
        }
        17 => ("end", json!({"reason": dice.pick(&["done", "over"])})),
        _ => ("sub_journey", json!({"journey": "child"})),
    }
}

fn entry(dice: &mut Dice) -> Value {
    let trigger = match dice.below(7) {
        0 => json!({"type": "segment", "filter": filter(dice, "30"), "who": dice.pick(&["current", "future", "both"])}),
        1 | 2 => json!({"type": "event", "event": "signup", "filter": filter(dice, "80")}),
        3 => {
            json!({"type": "schedule", "rule": "FREQ=DAILY", "from": "2026-12-01", "at": "10:00", "filter": filter(dice, "30")})
        }
        4 => json!({"type": "date", "field": "birthday", "at": "08:00"}),
        _ => json!({"type": "api"}),
    };
    let reentry = match dice.below(5) {
        0 => json!({"type": "never"}),
        1 | 2 => json!({"type": "after_exit"}),
        3 if trigger["type"] == "event" => json!({"type": "concurrent", "key": "order"}),
        _ => json!({"type": "cooldown", "after": duration(dice)}),
    };
    json!({"trigger": trigger, "reentry": reentry})
}

fn settings(dice: &mut Dice) -> Value {
    let mut settings =
        json!({"seed": dice.below(9), "priority": dice.below(3), "zone": {"field": "zone", "fallback": "UTC"}});
    if dice.one_in(2) {
        settings["quiet_hours"] = json!([{"from": "21:00", "to": "08:00"}]);
    }
    if dice.one_in(3) {
        settings["send_windows"] = json!({"email": [window(dice)]});
    }
    if dice.one_in(2) {
        let channel = dice.pick(&[json!("email"), json!(null)]).clone();
        let scope = *dice.pick(&["all_journeys", "journey"]);
        settings["caps"] =
            json!([{"channel": channel, "limit": 1 + dice.below(2), "within": duration(dice), "scope": scope}]);
    }
    if dice.one_in(2) {
        settings["consent"] = json!({"email": filter(dice, "90"), "sms": filter(dice, "80")});
        settings["suppression"] = json!(["complained"]);
    }
    if dice.one_in(3) {
        settings["holdout"] = json!(10);
    }
    if dice.one_in(3) {
        settings["goals"] = json!([{"name": "bought", "filter": filter(dice, "15"), "leave": dice.one_in(2)}]);
    }
    if dice.one_in(3) {
        settings["exits"] = json!([{"name": "gone", "filter": filter(dice, "10")}]);
    }
    if dice.one_in(4) {
        settings["budget"] = json!("3.00");
    }
    if dice.one_in(4) {
        settings["audience_cap"] = json!(4 + dice.below(8));
    }
    if dice.one_in(4) {
        settings["start"] = json!("2026-12-02T08:00:00Z");
        settings["end"] = json!("2027-01-15T08:00:00Z");
    }
    if dice.one_in(3) {
        settings["late_events"] = json!("ignore");
    }
    settings
}

/// A journey that checks well. Nodes keep their names from version to version, and sometimes are others.
pub fn journey(dice: &mut Dice, id: &str, version: u32, subs: bool) -> Journey {
    loop {
        let many = 1 + dice.below(9);
        let mut nodes = vec![json!({"id": "in", "type": "entry", "data": {}})];
        for i in 0..many {
            let (ty, data) = kind(dice, subs);
            nodes.push(json!({"id": format!("n{i}"), "type": ty, "data": data}));
        }
        nodes.push(json!({"id": "out", "type": "end", "data": {}}));
        let parsed: Vec<Node> =
            nodes.iter().map(|node| serde_json::from_value(node.clone()).expect("a node")).collect();
        let mut edges = Vec::new();
        for (at, node) in parsed.iter().enumerate() {
            for outcome in node.kind.outcomes() {
                if !outcome.required && dice.one_in(2) {
                    continue;
                }
                let next = (at + 1).min(parsed.len() - 1);
                let back = outcome.name == "again" || dice.one_in(12);
                let target = if back {
                    dice.pick(&parsed[1..]).id.clone()
                } else if dice.one_in(3) {
                    dice.pick(&parsed[next..]).id.clone()
                } else {
                    parsed[next].id.clone()
                };
                edges.push(json!({"id": format!("{} {}", node.id, outcome.name), "source": node.id,
                    "sourceHandle": outcome.name, "target": target}));
            }
        }
        let value = json!({"id": id, "version": version, "name": id, "entry": entry(dice), "settings": settings(dice),
            "nodes": nodes, "edges": edges});
        let journey = Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"));
        if !check(&journey).has_errors() {
            return journey;
        }
    }
}

/// Offers of which codes and money run out.
pub fn offers() -> Vec<Offer> {
    let offers = json!([
        {"id": "ten", "name": "Ten", "benefit": {"type": "discount_percent", "percent": 10}, "cost": "0.50",
            "valid_until": "2026-12-31"},
        {"id": "codes", "name": "Codes", "cost": "0.25",
            "benefit": {"type": "voucher", "code": {"type": "pool", "codes": ["A", "B", "C", "D", "E"]}}}]);
    serde_json::from_value(offers).expect("offers")
}

/// Whether a customer is drawn at a node of a journey.
pub fn drawn(journey: &Journey, node: &str, customer: u32) -> u32 {
    Chance::new(journey.settings.seed, &journey.id).of(node, &format!("c{customer}"))
}

pub fn list(name: &str) -> Filter {
    Filter::list(name)
}
