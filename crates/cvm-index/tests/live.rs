//! Whatever happened, and however time went: the members are those of a fresh evaluation, and the transitions tell how
//! they came about.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;
#[path = "common/model.rs"]
mod model;
#[path = "../../cvm-core/tests/common/random.rs"]
mod random;

use std::sync::Arc;

use cvm_core::{Code, Filter, Matcher, Timestamp, Value};
use cvm_index::live::{Change, Live, Properties};
use model::{Model, at, index};
use random::Random;

/// Clocks put forward and back, ends of months and years, a leap day: a few days before each.
const STARTS: &[&str] = &[
    "2024-02-27T20:00:00Z",
    "2024-03-29T22:30:00Z",
    "2024-10-25T23:30:00Z",
    "2023-12-29T10:00:00Z",
    "2024-01-30T22:59:59.999999Z",
    "2023-02-26T23:00:00Z",
];

/// Clocks that are put back over midnight: the day before comes back for an hour.
const BACK: (&str, &str) = ("America/St_Johns", "2006-10-28T20:00:00Z");

const HOUR: i64 = 3_600_000_000;

fn later(now: Timestamp, random: &mut Random) -> Timestamp {
    let more = match random.below(9) {
        0 => 0,
        1 => 1,
        2 => HOUR,
        3 => HOUR * 24,
        4 => HOUR * 24 * 7 + 1,
        5 => HOUR * 24 * 31,
        _ => (random.next() % (60 * HOUR.unsigned_abs())) as i64,
    };
    Timestamp::from_micros(now.micros() + more).expect("an instant")
}

/// A time around now, such that windows begin and end at round distances.
fn around(now: Timestamp, random: &mut Random) -> Timestamp {
    let unit = [1, HOUR, 24 * HOUR, 24 * HOUR, 7 * 24 * HOUR][random.below(5)];
    let many = (random.below(40) as i64 - 30) % [40, 60, 20, 70, 5][random.below(5)];
    Timestamp::from_micros(now.micros() + unit * many + random.below(3) as i64 - 1).expect("an instant")
}

fn change(now: Timestamp, random: &mut Random) -> Change {
    let key = Value::Int(random.below(9) as i64);
    let (row, history) = random.customer();
    match random.below(10) {
        0 => Change::Erase { key },
        1..=3 => {
            // All fields, or one of them: a customer who comes needs two.
            let fields = random::catalog().customers.fields;
            let one = random.below(5) > 0;
            let chosen = if one { 1 + random.below(14) } else { 0 };
            let named = fields.iter().zip(row).enumerate();
            let named = named.filter(|(at, (field, _))| {
                *at > 0 && (!one || *at == chosen || field.name == "n" || field.name == "c")
            });
            Change::Profile { key, fields: named.map(|(_, (field, value))| (field.name.clone(), value)).collect() }
        }
        _ => {
            let time = Value::Timestamp(around(now, random));
            let stream = random.below(2);
            let properties = history.events[0].first().map(|event| event.properties.clone());
            let properties = properties.filter(|_| stream == 0).unwrap_or_default();
            let named = ["amount", "shop"].map(str::to_owned).into_iter().zip(properties.clone());
            let properties = match random.below(2) {
                0 => Properties::Ordered(properties),
                _ => Properties::Named(named.collect()),
            };
            let event = if random.below(2) == 0 { stream.into() } else { ["buy", "visit"][stream].into() };
            Change::Event { key, event, time, properties }
        }
    }
}

/// What time turns, with numbers in place of `#`: all kinds of windows, and all kinds of measures.
const SHAPES: &[&str] = &[
    "count(buy within last # days) >= #",
    "count(visit within last # days) = #",
    "count(buy within last # hours where amount > #) < #",
    "count(buy within last # weeks where shop = 'a') between 1 and #",
    "count(visit) >= # and not (count(buy within last # days) = 0)",
    "count(buy) in (1, #)",
    "sum(buy.amount within last # days) > #",
    "sum(buy.amount within last # weeks where shop != 'b') != #",
    "sum(buy.amount) <= #",
    "count(buy within since '2024-01-01') >= #",
    "count(buy within last # months) >= #",
    "count(buy within this month) > #",
    "count(buy within previous # days) = #",
    "distinct(buy.shop within last # days) = #",
    "avg(buy.amount within last # days) > #",
    "last value(buy.shop) = 'b' or last time(visit) within last # days",
    "days since(buy) <= #",
    "days since(buy) > #",
    "not (days since(buy where amount > 0) <= #)",
    "last time(visit) within last # days",
    "last time(buy) within this week",
    "last time(visit) > '2024-02-01'",
    "count(buy within this day) >= #",
    "count(visit within this week) < #",
    "count(buy within this year where shop = 'a') >= 1",
    "sum(buy.amount within this month) > #",
    "at within last # weeks and day within last # months",
    "sequence(buy, visit within # hours) or count(visit within this month) = 1",
    "sequence(visit, buy within # days)",
    "regularly(buy, # of last 4 weeks)",
    "stopped(buy, active # weeks, inactive # days)",
    "restarted(visit, pause # days, within # weeks)",
    "at within last # days or day = # days ago",
    "day anniversary within next # days",
    "at least 2 of (at > # days ago, count(visit within last # hours) = 0, x > #)",
    "x > # and (s = 'a' or count(buy within last # days where amount >= 1) >= 1)",
];

fn filter(random: &mut Random) -> Filter {
    if random.below(3) == 0 {
        return random.filter();
    }
    let shape = SHAPES[random.below(SHAPES.len())];
    let parts: Vec<&str> = shape.split('#').collect();
    let mut text = parts[0].to_owned();
    for part in &parts[1..] {
        text.push_str(&format!("{}{part}", 1 + random.below(3)));
    }
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// Histories with times around an instant.
fn customers(number: usize, now: Timestamp, random: &mut Random) -> Vec<(Vec<Value>, cvm_core::History)> {
    let mut everybody: Vec<_> = (0..number).map(|_| random.customer()).collect();
    for (id, (row, history)) in (0..).zip(&mut everybody) {
        row[0] = Value::Int(id);
        for event in history.events.iter_mut().flatten() {
            event.time = Value::Timestamp(around(now, random));
        }
    }
    everybody
}

#[test]
fn members_are_those_of_a_fresh_evaluation() {
    // Other cases for whoever wants them: a seed and how many.
    let asked = |name: &str, usual: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (seed, cases) = (asked("CVM_LIVE_SEED", 20_261_124), asked("CVM_LIVE_CASES", 24));
    let mut random = Random::new(seed);
    let (mut transitions, mut by_time) = (0, 0);
    for case in 0..cases as usize {
        let mut catalog = random::catalog();
        let mut start = at(STARTS[case % STARTS.len()]);
        if case % 5 == 4 {
            (catalog.zone, start) = (BACK.0.parse().expect("a zone"), at(BACK.1));
        }
        let everybody = customers(random.below(7), start, &mut random);
        let catalog = Arc::new(catalog);
        let (live, twin) = if case % 3 == 0 {
            (Live::empty(Arc::clone(&catalog), start), Live::empty(Arc::clone(&catalog), start))
        } else {
            let index = Arc::new(index(&catalog, &everybody));
            (Live::new(Arc::clone(&index), start).expect("live"), Live::new(index, start).expect("live"))
        };
        let everybody = if case % 3 == 0 { Vec::new() } else { everybody };
        let mut model = Model::new(live, twin, everybody, &catalog);
        for number in 0..12 {
            let filter = filter(&mut random);
            // Asked years from now as well: what can't be asked any more ends time.
            if Matcher::new(&filter, &catalog).is_ok_and(|m| m.at(at("2099-01-01T00:00:00Z")).is_ok()) {
                model.register(&format!("{number}"), &filter);
            }
        }
        for step in 0..25 {
            let now = later(model.live.now(), &mut random);
            if random.below(3) == 0 {
                model.advance(now, &mut random);
            } else {
                let batch: Vec<Change> = (0..1 + random.below(4)).map(|_| change(now, &mut random)).collect();
                model.apply(now, &batch, &mut random);
            }
            if step == 12 {
                model.unregister("3");
                let filter = "count(buy within last 1 day) >= 1 or x = 3".parse().expect("a filter");
                model.register("late", &filter);
            }
        }
        transitions += model.transitions.len();
        by_time += model.by_time;
    }
    // Transitions of both kinds were there to be told.
    assert!(transitions > 1_000 && by_time > 400, "{transitions} transitions, {by_time} by time");
}

const SHOP: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "string", "nullable": false}, {"name": "name", "type": "string"}]},
    "events": [{"name": "buy", "table": "buys", "customer": "id", "time": "at", "fields": [
        {"name": "item", "type": "string"}, {"name": "amount", "type": "decimal(10,2)"}]}],
    "related": [{"name": "cards", "table": "cards", "customer": "id", "fields": [{"name": "number", "type": "string"}]}]}"#;

fn text(text: &str) -> Value {
    Value::Str(text.to_owned())
}

#[test]
fn nothing_remains_of_an_erased_customer() {
    let catalog = Arc::new(cvm_core::Catalog::from_json(SHOP).expect("a catalog"));
    let now = at("2024-05-01T00:00:00Z");
    let mut live = Live::empty(catalog, now);
    live.register("buyers", &"count(buy within last 30 days) >= 1".parse().expect("a filter")).expect("registered");
    live.register("loyal", &"distinct(buy.item within last 1 month) >= 1".parse().expect("a filter"))
        .expect("registered");
    live.register("card", &"any related(cards where number is set)".parse().expect("a filter")).expect("registered");
    live.register("others", &"not (name is set)".parse().expect("a filter")).expect("registered");
    let key = || text("customer Xanthippe");
    let buy = |time: &str| Change::Event {
        key: key(),
        event: "buy".into(),
        time: Value::Timestamp(at(time)),
        properties: Properties::Ordered(vec![text("zither")]),
    };
    let changes = [
        Change::Profile { key: key(), fields: vec![("name".to_owned(), text("Yolanda"))] },
        buy("2024-04-30T12:00:00Z"),
        buy("2024-04-29T12:00:00Z"),
        buy("2024-05-02T12:00:00Z"),
        Change::Related { key: key(), table: "cards".to_owned(), rows: vec![vec![text("4711-0815")]] },
    ];
    assert_eq!(live.apply(now, &changes).expect("applied").len(), 3);
    let words = ["Xanthippe", "Yolanda", "zither", "4711-0815"];
    let kept = format!("{live:?}");
    assert!(words.iter().all(|word| kept.contains(word)), "the test would show nothing");
    let mut gone: Vec<String> = live
        .apply(now, &[Change::Erase { key: key() }])
        .expect("erased")
        .iter()
        .map(|t| t.segment.to_string())
        .collect();
    gone.sort();
    assert_eq!(gone, ["buyers", "card", "loyal"]);
    let kept = format!("{live:?}");
    assert!(!words.iter().any(|word| kept.contains(word)), "{kept}");
    assert!(live.is_empty() && live.is_member("buyers", &key()) == Some(false));
    // Nothing is due any more, and an event is one of nobody.
    assert!(live.advance(at("2025-01-01T00:00:00Z")).expect("time").is_empty());
    assert!(live.apply(live.now(), &[buy("2024-12-31T12:00:00Z")]).expect("left out").is_empty());
    assert_eq!(live.left_out(), 1);
    // Who comes with the same key is somebody else, and takes the number that is free.
    let again = [Change::Profile { key: key(), fields: Vec::new() }];
    let came = live.apply(live.now(), &again).expect("applied");
    assert_eq!(came.iter().map(|t| &*t.segment).collect::<Vec<_>>(), ["others"]);
}

#[test]
fn a_wrong_change_changes_nothing() {
    let catalog = Arc::new(cvm_core::Catalog::from_json(SHOP).expect("a catalog"));
    let now = at("2024-05-01T00:00:00Z");
    let mut live = Live::empty(catalog, now);
    live.register("named", &"name is set".parse().expect("a filter")).expect("registered");
    let good = Change::Profile { key: text("a"), fields: vec![("name".to_owned(), text("A"))] };
    let event = |event: &str, time: Value, properties: Properties| Change::Event {
        key: text("a"),
        event: event.into(),
        time,
        properties,
    };
    let time = || Value::Timestamp(now);
    let none = || Properties::Ordered(Vec::new());
    let named = |name: &str, value: Value| Properties::Named(vec![(name.to_owned(), value)]);
    let wide = Value::Decimal("123456789.00".parse().expect("a decimal"));
    let fine = Value::Decimal("0.001".parse().expect("a decimal"));
    let wrong = [
        (event("bought", time(), none()), Code::UnknownEvent, "/1/event"),
        (event("buy", Value::Int(3), none()), Code::TypeMismatch, "/1/time"),
        (event("buy", Value::Missing, none()), Code::MissingKey, "/1/time"),
        (event("buy", time(), named("amount", Value::Bool(true))), Code::TypeMismatch, "/1/properties/amount"),
        (event("buy", time(), named("amount", wide)), Code::TypeMismatch, "/1/properties/amount"),
        (event("buy", time(), named("amount", fine)), Code::TypeMismatch, "/1/properties/amount"),
        (event("buy", time(), named("amounts", Value::Missing)), Code::UnknownField, "/1/properties/amounts"),
        (event("buy", time(), Properties::Ordered(vec![Value::Missing; 3])), Code::ValueCount, "/1/properties"),
        (Change::Erase { key: Value::Int(1) }, Code::TypeMismatch, "/1/key"),
        (
            Change::Profile { key: text("a"), fields: vec![("id".to_owned(), text("b"))] },
            Code::InvalidValue,
            "/1/fields/id",
        ),
        (
            Change::Profile { key: text("b"), fields: vec![("nam".to_owned(), text("b"))] },
            Code::UnknownField,
            "/1/fields/nam",
        ),
        (
            Change::Related { key: text("a"), table: "card".to_owned(), rows: Vec::new() },
            Code::UnknownTable,
            "/1/table",
        ),
        (
            Change::Related { key: text("a"), table: "cards".to_owned(), rows: vec![vec![Value::Int(1)]] },
            Code::TypeMismatch,
            "/1/rows/0/number",
        ),
    ];
    for (change, code, path) in wrong {
        let later = at("2024-05-02T00:00:00Z");
        let refused = live.apply(later, &[good.clone(), change.clone()]).expect_err("wrong");
        assert_eq!((refused.0[0].code, refused.0[0].path.as_str()), (code, path), "{change:?}: {refused}");
        assert!(live.is_empty() && live.count("named") == Some(0) && live.now() == now);
    }
    assert_eq!(live.apply(now, &[good]).expect("applied").len(), 1);
    let back = live.advance(at("2024-04-30T00:00:00Z")).expect_err("time goes on");
    assert_eq!(back.0[0].code, Code::InvalidValue);
    let ranked = live.register("top", &"top 3 by name".parse().expect("a filter")).expect_err("a ranking");
    assert_eq!(ranked.0[0].code, Code::NotSupported);
    assert_eq!(
        live.register("named", &"name = 'A'".parse().expect("a filter")).expect_err("taken").0[0].code,
        Code::CatalogName
    );
}

#[test]
fn an_index_with_two_customers_of_one_key_is_refused() {
    let catalog = random::catalog();
    let mut random = Random::new(1);
    let mut everybody = customers(3, at(STARTS[0]), &mut random);
    everybody[2].0[0] = Value::Int(0);
    let index = Arc::new(index(&catalog, &everybody));
    assert_eq!(Live::new(index, at(STARTS[0])).expect_err("twice").0[0].code, Code::KeyNotUnique);
}
