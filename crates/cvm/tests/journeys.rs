//! Journeys that run: told of customers, events and answers, in memory and in a folder that is opened again.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests may")]

#[path = "common/shop.rs"]
mod shop;

use std::path::Path;

use cvm::journey::machine::{InFlight, Outcome, Step};
use cvm::journey::model::Journey;
use cvm::journey::{Journeys, JourneysOptions};
use cvm::{Engine, Timestamp};
use serde_json::{Value, json};

fn at(text: &str) -> Timestamp {
    Timestamp::parse_utc(text).expect("an instant")
}

fn engine(customers: &str) -> Engine {
    shop::engine(customers, "customer,at,amount\n1,2026-11-04T10:00:00Z,20\n", None)
}

const CUSTOMERS: &str = "id,name,tier\n1,Ada,basic\n2,<Alan>,basic\n3,Grace,gold\n";

/// Who orders becomes gold; who does not within three days gets a mail.
fn journey() -> Journey {
    let value = json!({"id": "orders", "name": "Orders", "entry": {"trigger": {"type": "api"}},
        "nodes": [
            {"id": "in", "type": "entry", "data": {}},
            {"id": "wait", "type": "wait", "data": {"until": "event", "event": "order",
                "filter": {"type": "condition", "field": "amount", "op": "gte", "value": 50},
                "timeout": {"amount": 3, "unit": "day"}}},
            {"id": "set", "type": "update", "data": {"set": {"tier": "gold"}}},
            {"id": "is", "type": "segment", "data": {"filter":
                {"type": "condition", "field": "tier", "op": "eq", "value": "gold"}}},
            {"id": "mail", "type": "send", "data": {"channel": "email", "template": "hello"}},
            {"id": "gold", "type": "end", "data": {"reason": "gold"}},
            {"id": "out", "type": "end", "data": {"reason": "asked"}}],
        "edges": [
            {"id": "1", "source": "in", "sourceHandle": "next", "target": "wait"},
            {"id": "2", "source": "wait", "sourceHandle": "happened", "target": "set"},
            {"id": "3", "source": "wait", "sourceHandle": "timeout", "target": "mail"},
            {"id": "4", "source": "set", "sourceHandle": "next", "target": "is"},
            {"id": "5", "source": "is", "sourceHandle": "yes", "target": "gold"},
            {"id": "6", "source": "is", "sourceHandle": "no", "target": "mail"},
            {"id": "7", "source": "mail", "sourceHandle": "next", "target": "out"}]});
    Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"))
}

fn options(folder: Option<&Path>) -> JourneysOptions {
    let hello = json!({"id": "hello", "content": {"email": {"subject": "Hello {{ customer.name }}", "html": "<p>{{ customer.name }}"}}});
    JourneysOptions {
        folder: folder.map(Path::to_owned),
        templates: vec![serde_json::from_value(hello).expect("a template")],
        ..JourneysOptions::default()
    }
}

fn feed(journeys: &Journeys, changes: &Value, now: &str) {
    journeys.feed(changes, at(now)).unwrap_or_else(|error| panic!("{error}"));
}

fn run(journeys: &Journeys, reopen: &mut dyn FnMut() -> Option<Journeys>) {
    let start = at("2026-12-01T09:00:00Z");
    journeys.publish(&journey(), InFlight::Pinned, start).unwrap_or_else(|error| panic!("{error}"));
    feed(journeys, &json!([{"key": 9, "fields": {"name": "Linus", "tier": "basic"}}]), "2026-12-01T09:00:00Z");
    journeys
        .enrol("orders", &[cvm::Value::Int(1), cvm::Value::Int(2), cvm::Value::Int(9)], start)
        .expect("they are there");
    let error = journeys.enrol("orders", &[cvm::Value::Int(77)], start).expect_err("nobody has that key");
    assert!(error.to_string().contains("`77`"), "{error}");
    // Too little, then enough.
    let order = |key: i64, amount: i64, time: &str| json!([{"key": key, "event": "order", "time": time, "properties": {"amount": amount}}]);
    feed(journeys, &order(1, 20, "2026-12-02T09:00:00Z"), "2026-12-02T09:00:00Z");
    assert_eq!(journeys.positions(&cvm::Value::Int(1)).expect("a customer").len(), 1);
    feed(journeys, &order(9, 50, "2026-12-02T10:00:00Z"), "2026-12-02T10:00:00Z");
    assert_eq!(journeys.counts("orders").expect("a journey").left["gold"], 1);
    assert!(journeys.positions(&cvm::Value::Int(9)).expect("a customer").is_empty());
    let reopened = reopen();
    let journeys = reopened.as_ref().unwrap_or(journeys);
    assert!(journeys.wake().is_some_and(|wake| wake <= at("2026-12-04T09:00:00Z")));
    journeys.tick(at("2026-12-04T09:00:00Z")).expect("it is due");
    let now = at("2026-12-04T09:00:10Z");
    let messages = journeys.poll(&["email"], 1, 60, now).expect("messages").messages;
    assert_eq!((messages.len(), messages[0].customer.as_str(), messages[0].attempt), (1, "1", 1));
    assert_eq!(messages[0].parts["subject"], "Hello Ada");
    let second = journeys.poll(&[], 10, 60, now).expect("messages").messages.remove(0);
    assert_eq!(second.parts["html"], "<p>&lt;Alan&gt;");
    assert!(journeys.poll(&[], 10, 60, now).expect("nothing").messages.is_empty());
    journeys.acknowledge(&[(messages[0].receipt.clone(), Outcome::Done)], now).expect("a receipt");
    // Nobody knows what became of the second: it is given again with the same key.
    let again = journeys.poll(&[], 10, 60, at("2026-12-04T09:02:00Z")).expect("messages").messages.remove(0);
    assert_eq!((again.key.as_str(), again.attempt), (second.key.as_str(), 2));
    assert_ne!(again.key, messages[0].key);
    journeys.acknowledge(&[(again.receipt, Outcome::Done)], at("2026-12-04T09:02:01Z")).expect("a receipt");
    assert_eq!(journeys.counts("orders").expect("a journey").left["asked"], 2);
    assert!(journeys.acknowledge(&[("1.2".into(), Outcome::Done)], now).is_err());
    let way = journeys.explain(&cvm::Value::Int(2)).expect("a customer");
    let handed = way.iter().filter(|one| matches!(one.step, Step::HandedOut { .. })).count();
    assert!(handed == 2 && matches!(way.last().map(|one| &one.step), Some(Step::Left { reason }) if reason == "asked"));
}

#[test]
fn journeys_in_memory() {
    let engine = engine(CUSTOMERS);
    let journeys = engine.journeys(options(None)).unwrap_or_else(|error| panic!("{error}"));
    run(&journeys, &mut || None);
}

#[test]
fn journeys_in_a_folder_go_on_when_it_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    // The same customers in another order, one more, and the one who was told of.
    let later = engine("id,name,tier\n5,Edsger,basic\n3,Grace,gold\n2,<Alan>,basic\n1,Ada,basic\n9,Linus,gold\n");
    let first = engine(CUSTOMERS);
    let journeys = std::cell::RefCell::new(first.journeys(options(Some(folder.path()))).ok());
    let taken = first.journeys(options(Some(folder.path()))).expect_err("it is open");
    assert!(taken.to_string().contains("is open in another"), "{taken}");
    let own = journeys.borrow_mut().take().expect("journeys");
    // Closing comes with the end of the value; what runs now is only told again.
    let start = at("2026-12-01T09:00:00Z");
    own.publish(&journey(), InFlight::Pinned, start).unwrap_or_else(|error| panic!("{error}"));
    own.enrol("orders", &[cvm::Value::Int(1), cvm::Value::Int(2)], start).expect("they are there");
    drop(own);
    let again = later.journeys(options(Some(folder.path()))).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.positions(&cvm::Value::Int(1)).expect("a customer").len(), 1);
    again.enrol("orders", &[cvm::Value::Int(5)], start).expect("somebody new");
    again.tick(at("2026-12-04T09:00:00Z")).expect("it is due");
    let messages = again.poll(&[], 10, 60, at("2026-12-04T09:00:00Z")).expect("messages").messages;
    let subjects: Vec<&str> = messages.iter().map(|message| message.parts["subject"].as_str()).collect();
    assert_eq!(subjects, ["Hello Ada", "Hello <Alan>", "Hello Edsger"]);
    let error = again.tick(at("2027-12-04T09:00:00Z")).expect_err("a year later");
    assert!(error.to_string().contains("365 days forward"), "{error}");
}

#[test]
fn a_message_that_cannot_be_made_holds_up_no_other() {
    let engine = engine("id,name,tier\n1,Ada,basic\n2,,basic\n3,Grace,gold\n");
    let journeys = engine.journeys(options(None)).unwrap_or_else(|error| panic!("{error}"));
    let start = at("2026-12-01T09:00:00Z");
    journeys.publish(&journey(), InFlight::Pinned, start).unwrap_or_else(|error| panic!("{error}"));
    journeys.enrol("orders", &[1, 2, 3].map(cvm::Value::Int), start).expect("they are there");
    journeys.tick(at("2026-12-04T09:00:00Z")).expect("it is due");
    let polled = journeys.poll(&[], 10, 60, at("2026-12-04T09:00:00Z")).expect("messages");
    let customers: Vec<&str> = polled.messages.iter().map(|message| message.customer.as_str()).collect();
    assert_eq!(customers, ["1", "3"]);
    let unmade = &polled.unmade[0];
    assert_eq!((polled.unmade.len(), unmade.customer.as_str(), unmade.node.as_str()), (1, "2", "mail"));
    assert!(unmade.reason.contains("`customer.name`"), "{}", unmade.reason);
    assert_eq!(journeys.counts("orders").expect("a journey").left["asked"], 1);
}

#[test]
fn nobody_is_forgotten_by_halves() {
    let engine = engine(CUSTOMERS);
    let journeys = engine.journeys(options(None)).unwrap_or_else(|error| panic!("{error}"));
    let changes = json!([{"key": 1, "fields": {"tier": "gold"}}, {"key": 2, "erase": true}]);
    let error = journeys.feed(&changes, at("2026-12-01T09:00:00Z")).expect_err("it can't be done");
    assert_eq!((error.code(), error.path()), ("CVM_JOURNEY_GIVEN", "/1/erase"));
}

/// A mail to one half, nothing to the other; who opens it is asked again.
fn experiment() -> Journey {
    let value = json!({"id": "test", "name": "Test", "entry": {"trigger": {"type": "api"}},
        "nodes": [
            {"id": "in", "type": "entry", "data": {}},
            {"id": "arms", "type": "split", "data": {"experiment": "mail or not", "arms": [
                {"name": "mail", "percent": 50}, {"name": "nothing", "percent": 50}]}},
            {"id": "mail", "type": "send", "data": {"channel": "email", "template": "hello"}},
            {"id": "later", "type": "wait", "data": {"until": "duration", "duration": {"amount": 1, "unit": "day"}}},
            {"id": "out", "type": "end", "data": {}}],
        "edges": [
            {"id": "1", "source": "in", "sourceHandle": "next", "target": "arms"},
            {"id": "2", "source": "arms", "sourceHandle": "mail", "target": "mail"},
            {"id": "3", "source": "arms", "sourceHandle": "nothing", "target": "later"},
            {"id": "4", "source": "mail", "sourceHandle": "next", "target": "later"},
            {"id": "5", "source": "later", "sourceHandle": "next", "target": "out"}]});
    Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"))
}

#[test]
fn statistics_name_what_was_counted_and_openings_count_where_the_mail_was_sent() {
    let customers: String = (1..=40).map(|id| format!("{id},Name {id},basic\n")).collect();
    let engine = engine(&format!("id,name,tier\n{customers}"));
    let folder = tempfile::tempdir().expect("a folder");
    let journeys = engine.journeys(options(Some(folder.path()))).unwrap_or_else(|error| panic!("{error}"));
    let start = at("2026-12-01T09:00:00Z");
    journeys.publish(&experiment(), InFlight::Pinned, start).unwrap_or_else(|error| panic!("{error}"));
    let all: Vec<cvm::Value> = (1..=40).map(cvm::Value::Int).collect();
    journeys.enrol("test", &all, start).expect("they are there");
    let arm = |id: i64| cvm::journey::Chance::new(0, "test").of("arms", &id.to_string()) < 500_000;
    let mailed = (1..=40).filter(|id| arm(*id)).count();
    assert!((10..30).contains(&mailed), "{mailed} of 40 in one half");
    let messages = journeys.poll(&[], 100, 60, start).expect("messages").messages;
    assert_eq!(messages.len(), mailed);
    let done: Vec<_> = messages.iter().map(|message| (message.receipt.clone(), Outcome::Done)).collect();
    journeys.acknowledge(&done, start).expect("receipts");

    // An order of one is told twice, and once more about the mail of another.
    let customer: i64 = messages[0].customer.parse().expect("a number");
    let order = json!({"key": customer, "event": "order", "time": "2026-12-01T10:00:00Z", "properties": {"amount": 1},
        "id": "o-1", "message": messages[0].key});
    let fed =
        journeys.feed(&json!([order, order]), at("2026-12-01T10:00:00Z")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((fed.events, fed.repeated), (1, 1));
    let mut by_receipt = order.clone();
    by_receipt["id"] = json!(2);
    by_receipt["message"] = json!(messages[0].receipt);
    feed(&journeys, &json!([by_receipt]), "2026-12-01T11:00:00Z");
    let mut of_another = order.clone();
    of_another["message"] = json!(messages[1].key);
    for wrong in [
        of_another,
        json!({"key": customer, "event": "order", "time": "2026-12-01T10:00:00Z",
        "properties": {"amount": 1}, "message": "9.9.9.9.9"}),
    ] {
        let error = journeys.feed(&json!([order, wrong]), at("2026-12-01T11:00:00Z")).expect_err("not its message");
        assert_eq!(error.path(), "/1/message");
        assert!(error.to_string().contains("was handed out to this customer"), "{error}");
    }

    let found = journeys.statistics("test").expect("a journey");
    assert_eq!((found.entered, found.waiting, found.version), (40, 40, 1));
    let node = |id: &str| found.nodes.iter().find(|node| node.node == id).expect("a node");
    let (mail, other) = (mailed as u64, 40 - mailed as u64);
    assert_eq!(node("arms").left, [("mail".to_owned(), mail), ("nothing".to_owned(), other)].into());
    assert_eq!((node("mail").done, node("mail").kind.as_str()), (mail, "send"));
    assert_eq!(node("mail").events, [("order".to_owned(), 2)].into());
    assert_eq!(node("mail").left["held"], 0);
    let shown = serde_json::to_value(&found).expect("JSON");
    assert_eq!((&shown["status"], &shown["nodes"][0]["type"]), (&json!("running"), &json!("entry")));

    // Also after it was opened again, and a version without the node.
    drop(journeys);
    let journeys = engine.journeys(options(Some(folder.path()))).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(journeys.statistics("test").expect("a journey"), found);
    let exposures = journeys.exposures("test").expect("a journey");
    assert_eq!(exposures.len(), 40);
    let names: Vec<&String> = exposures.schema().fields().iter().map(|field| field.name()).collect();
    assert_eq!(names, ["customer", "node", "arm", "version", "at"]);
    let text = |text: &str| cvm::Value::Str(text.to_owned());
    for row in exposures.values() {
        let cvm::Value::Int(id) = row[0] else { panic!("{:?}", row[0]) };
        let arm = if arm(id) { "mail" } else { "nothing" };
        assert_eq!((&row[1], &row[2], &row[3]), (&text("arms"), &text(arm), &cvm::Value::Int(1)));
        assert_eq!(row[4], cvm::Value::Timestamp(start));
    }
    assert!(journeys.exposures("nothing").is_err() && journeys.statistics("nothing").is_err());
    let way = serde_json::to_value(journeys.explain(&cvm::Value::Int(1)).expect("a customer")).expect("JSON");
    assert_eq!(
        way[0],
        json!({"at": "2026-12-01T09:00:00Z", "journey": "test", "step": "entered", "entry": 1, "version": 1})
    );
    let positions = serde_json::to_value(journeys.positions(&cvm::Value::Int(1)).expect("a customer")).expect("JSON");
    assert_eq!(
        positions,
        json!([{"journey": "test", "version": 1, "node": "later", "entry": 1, "until": "2026-12-02T09:00:00Z"}])
    );
}

#[test]
fn an_event_that_comes_twice_counts_once_for_filters_too() {
    let engine = engine(CUSTOMERS);
    let folder = tempfile::tempdir().expect("a folder");
    let journeys = engine.journeys(options(Some(folder.path()))).unwrap_or_else(|error| panic!("{error}"));
    let value = json!({"id": "twice", "name": "Twice", "entry": {"trigger": {"type": "api"}},
        "nodes": [
            {"id": "in", "type": "entry", "data": {}},
            {"id": "is", "type": "segment", "data": {"filter": cvm::read_filter("count(order within last 2 months) >= 2").expect("a filter")}},
            {"id": "out", "type": "end", "data": {}}],
        "edges": [
            {"id": "1", "source": "in", "sourceHandle": "next", "target": "is"},
            {"id": "2", "source": "is", "sourceHandle": "yes", "target": "out"},
            {"id": "3", "source": "is", "sourceHandle": "no", "target": "out"}]});
    let journey = Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"));
    let start = at("2026-12-01T09:00:00Z");
    journeys.publish(&journey, InFlight::Pinned, start).unwrap_or_else(|error| panic!("{error}"));
    let order = |id: &str| json!([{"key": 2, "event": "order", "time": "2026-12-01T09:00:00Z", "id": id}]);
    feed(&journeys, &order("a"), "2026-12-01T09:00:01Z");
    feed(&journeys, &order("a"), "2026-12-01T09:00:02Z");
    // What the jump of a clock forbids has not happened; told again when it is allowed, it happens once.
    let later = at("2026-12-20T09:00:00Z");
    journeys.feed(&order("b"), later).expect_err("19 days later");
    journeys.enrol("twice", &[cvm::Value::Int(2)], at("2026-12-01T09:00:03Z")).expect("a customer");
    let ways = |journeys: &Journeys| journeys.statistics("twice").expect("a journey").nodes[1].left.clone();
    assert_eq!(ways(&journeys), [("no".to_owned(), 1), ("yes".to_owned(), 0)].into());
    journeys.allow_jump(later);
    feed(&journeys, &order("b"), "2026-12-20T09:00:00Z");
    feed(&journeys, &order("b"), "2026-12-20T09:00:00Z");
}
