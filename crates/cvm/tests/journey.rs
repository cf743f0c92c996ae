//! Journeys simulated over a shop of six, beside what can be counted on the fingers.

#![expect(clippy::expect_used, clippy::panic, reason = "tests may")]

#[path = "common/shop.rs"]
mod shop;

use cvm::journey::machine::{Held, Step};
use cvm::journey::model::Journey;
use cvm::journey::{JourneyError, SimulateOptions, Simulation};
use cvm::{Engine, Timestamp};
use serde_json::{Value, json};

const CUSTOMERS: &str = "id,age,consent,zone,tier,birthday
1,34,true,Europe/Paris,basic,1990-11-10
2,17,true,Europe/Paris,basic,2009-11-12
3,61,false,Asia/Tokyo,gold,1965-11-10
4,40,true,America/New_York,basic,
5,25,true,Europe/Paris,silver,2001-02-03
6,52,true,nowhere,basic,1974-12-30
";

/// Customer 1 orders on the fourth day, 5 before the journey and on the second day.
const ORDERS: &str = "customer,at,amount
1,2026-11-04T10:00:00Z,20
5,2026-10-20T09:00:00Z,30
5,2026-11-02T11:30:00Z,90
";

fn engine() -> Engine {
    shop::engine(CUSTOMERS, ORDERS, Timestamp::parse_utc("2026-12-01T00:00:00Z"))
}

fn node(id: &str, ty: &str, data: Value) -> Value {
    json!({"id": id, "type": ty, "data": data})
}

fn edges(list: &[(&str, &str, &str)]) -> Vec<Value> {
    let edge = |(source, handle, target): &(&str, &str, &str)| json!({"id": format!("{source} {handle}"), "source": source, "sourceHandle": handle, "target": target});
    list.iter().map(edge).collect()
}

fn journey(entry: Value, settings: Value, nodes: Vec<Value>, ways: &[(&str, &str, &str)]) -> Journey {
    let mut all = vec![node("in", "entry", json!({}))];
    all.extend(nodes);
    all.push(node("out", "end", json!({"reason": "done"})));
    let value =
        json!({"id": "test", "name": "Test", "entry": entry, "settings": settings, "nodes": all, "edges": edges(ways)});
    Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"))
}

fn options() -> SimulateOptions {
    SimulateOptions { from: Timestamp::parse_utc("2026-11-01T00:00:00Z"), days: 30, ..SimulateOptions::default() }
}

fn simulate(journey: &Journey, options: &SimulateOptions) -> Simulation {
    engine().simulate(journey, options).unwrap_or_else(|error| panic!("{error}"))
}

fn everyone() -> Value {
    json!({"trigger": {"type": "segment", "filter": {"type": "everyone"}}})
}

fn flow<'s>(simulation: &'s Simulation, node: &str) -> &'s cvm::journey::NodeFlow {
    simulation.nodes.iter().find(|flow| flow.node == node).expect("a node")
}

#[test]
fn who_orders_in_time_goes_the_other_way() {
    let wait =
        node("wait", "wait", json!({"until": "event", "event": "order", "timeout": {"amount": 5, "unit": "day"}}));
    let mail = node("mail", "send", json!({"channel": "email", "template": "hello"}));
    let settings = json!({"consent": {"email": {"type": "condition", "field": "consent", "op": "eq", "value": true}},
        "quiet_hours": [{"from": "20:00", "to": "09:00"}], "zone": {"field": "zone", "fallback": "Europe/Paris"}});
    let journey = journey(
        everyone(),
        settings,
        vec![wait, mail],
        &[("in", "next", "wait"), ("wait", "happened", "out"), ("wait", "timeout", "mail"), ("mail", "next", "out")],
    );
    let told = simulate(&journey, &SimulateOptions { customer: Some("4".into()), ..options() });
    assert_eq!((told.customers, told.entered), (6, 6));
    let wait = flow(&told, "wait");
    // Customers 1 and 5 ordered; 5's order before the journey does not count.
    assert_eq!((wait.left["happened"], wait.left["timeout"], wait.waiting), (2, 4, 0));
    // The second day and the fourth: looked at once an hour.
    assert_eq!(&wait.waiting_by_day[..7], &[6, 5, 5, 4, 4, 0, 0]);
    let mail = flow(&told, "mail");
    assert_eq!((mail.done, mail.held[&Held::NoConsent]), (3, 1));
    assert_eq!(told.left["done"], 6);
    // Five days after midnight in Paris is midnight: it waits until nine o'clock, in New York six hours later.
    let at = |step: &dyn Fn(&Step) -> bool| {
        let found = told.path.iter().find(|happened| step(&happened.step)).expect("a step");
        Timestamp::from_micros(found.at).expect("an instant").to_string()
    };
    assert_eq!(at(&|step| matches!(step, Step::HandedOut { .. })), "2026-11-06T14:00:00Z");
    assert_eq!(at(&|step| matches!(step, Step::Entered { .. })), "2026-11-01T00:00:00Z");
    assert_eq!(told.messages.iter().map(|day| day.values().sum::<u64>()).sum::<u64>(), 3);
    assert_eq!(told.messages[5]["email"], 3);
}

#[test]
fn what_a_journey_changes_its_later_filters_see() {
    let gold = json!({"type": "condition", "field": "tier", "op": "eq", "value": "gold"});
    let set = node("set", "update", json!({"set": {"tier": "gold"}}));
    let before = node("before", "segment", json!({"filter": gold}));
    let after = node("after", "segment", json!({"filter": gold}));
    let ways = [
        ("in", "next", "before"),
        ("before", "yes", "out"),
        ("before", "no", "set"),
        ("set", "next", "after"),
        ("after", "yes", "out"),
        ("after", "no", "out"),
    ];
    let told = simulate(&journey(everyone(), json!({}), vec![before, set, after], &ways), &options());
    assert_eq!((flow(&told, "before").left["yes"], flow(&told, "before").left["no"]), (1, 5));
    assert_eq!((flow(&told, "after").left["yes"], flow(&told, "after").left["no"]), (5, 0));
}

#[test]
fn days_of_customers_come_round() {
    let entry = json!({"trigger": {"type": "date", "field": "birthday", "at": "09:00", "every_year": true},
        "reentry": {"type": "after_exit"}});
    let settings = json!({"zone": {"field": "zone", "fallback": "Europe/Paris"}});
    let told = simulate(&journey(entry, settings, vec![], &[("in", "next", "out")]), &options());
    // 10 November (twice: in Tokyo eight hours earlier) and 12 November.
    assert_eq!(told.entered, 3);
    let days: Vec<usize> = (0..30).filter(|day| flow(&told, "in").by_day[*day] > 0).collect();
    assert_eq!(days, [9, 11]);
}

#[test]
fn schedules_take_all_who_are_in_the_segment_then() {
    let adults = json!({"type": "condition", "field": "age", "op": "gte", "value": 18});
    let entry = json!({"trigger": {"type": "schedule", "rule": "FREQ=WEEKLY;BYDAY=MO", "from": "2026-11-01", "at": "10:00",
        "filter": adults}, "reentry": {"type": "after_exit"}});
    let told = simulate(&journey(entry, json!({}), vec![], &[("in", "next", "out")]), &options());
    // Five adults on the four Mondays from the 2nd to the 23rd, and the 30th.
    assert_eq!(told.entered, 25);
}

#[test]
fn what_is_assumed_happens_and_what_fails_is_told() {
    let mail = node("mail", "send", json!({"channel": "email", "template": "hello"}));
    let wait =
        node("wait", "wait", json!({"until": "event", "event": "order", "timeout": {"amount": 9, "unit": "day"}}));
    let journey = journey(
        everyone(),
        json!({}),
        vec![mail, wait],
        &[
            ("in", "next", "mail"),
            ("mail", "next", "wait"),
            ("mail", "failed", "out"),
            ("wait", "happened", "out"),
            ("wait", "timeout", "out"),
        ],
    );
    let assume = serde_json::from_value(json!([{"event": "order", "after": "mail", "percent": 100,
        "within": {"amount": 2, "unit": "day"}}]));
    let all = SimulateOptions { assume: assume.expect("assumptions"), events: false, ..options() };
    let told = simulate(&journey, &all);
    assert_eq!((flow(&told, "wait").left["happened"], flow(&told, "wait").left["timeout"]), (6, 0));
    assert!(flow(&told, "wait").waiting_by_day[2] == 0, "all ordered within two days");
    let none = SimulateOptions { failed: serde_json::from_value(json!(100)).expect("a share"), ..all };
    let told = simulate(&journey, &none);
    assert_eq!((flow(&told, "mail").failed, flow(&told, "wait").entered, told.most), (6, 0, None));
}

#[test]
fn the_same_again_for_the_same_seed_and_pictures() {
    let arms = json!({"arms": [{"name": "a", "percent": 50}, {"name": "b", "percent": 50}], "experiment": "x"});
    let journey = journey(
        everyone(),
        json!({"seed": 3}),
        vec![node("arms", "split", arms)],
        &[("in", "next", "arms"), ("arms", "a", "out"), ("arms", "b", "out")],
    );
    let told = simulate(&journey, &options());
    assert_eq!(told, simulate(&journey, &options()));
    assert_eq!(told.arms["arms"].values().sum::<u64>(), 6);
    assert!(told.svg().starts_with("<svg") && told.svg().contains("arms"));
}

#[test]
fn what_is_wrong_is_said_before_anything_moves() {
    let gate =
        node("gate", "segment", json!({"filter": {"type": "condition", "field": "agee", "op": "eq", "value": 1}}));
    let ways = [("in", "next", "gate"), ("gate", "yes", "out"), ("gate", "no", "out")];
    let wrong = journey(everyone(), json!({}), vec![gate], &ways);
    let error = engine().simulate(&wrong, &options()).expect_err("no such field");
    assert_eq!((error.code(), error.path()), ("CVM_JOURNEY_FILTER", "/nodes/1/data/filter/field"));
    assert!(error.to_string().contains("did you mean `age`?"), "{error}");
    let fine = journey(everyone(), json!({}), vec![], &[("in", "next", "out")]);
    let nobody = SimulateOptions { customer: Some("77".into()), ..options() };
    let error = engine().simulate(&fine, &nobody).expect_err("no such customer");
    assert!(matches!(&error, JourneyError::Given { path, .. } if path == "/customer"), "{error}");
}
