//! The index answers as the reference evaluator does: random filters over customers with every nasty value.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;
#[path = "../../cvm-core/tests/common/population.rs"]
mod population;
#[path = "../../cvm-core/tests/common/random.rs"]
mod random;

use std::sync::Arc;

use cvm_core::{Catalog, Filter, History, Predicate, Timestamp, Value, bind, evaluate_with, settle};
use cvm_index::{Index, IndexBuilder};
use proptest::prelude::*;
use random::Random;

fn index(catalog: &Catalog, everybody: &[(Vec<Value>, History)]) -> Index {
    let builder = IndexBuilder::new(Arc::new(catalog.clone())).threads(2);
    let tables = arrow_of::tables(catalog, everybody);
    tables
        .into_iter()
        .fold(builder, |builder, (name, batches)| builder.table(&name, batches))
        .build()
        .expect("an index")
}

/// The rows that the reference evaluator takes and those that the index takes.
fn compare(
    index: &Index,
    filter: &Filter,
    predicate: &Predicate,
    as_of: Timestamp,
    everybody: &[(Vec<Value>, History)],
) {
    let settled = settle(predicate, everybody);
    let expected: Vec<u32> = (0..)
        .zip(everybody)
        .filter(|(_, (row, history))| evaluate_with(&settled, row, history))
        .map(|(at, _)| at)
        .collect();
    let found: Vec<u32> = index.rows(filter, as_of).unwrap_or_else(|e| panic!("{filter}: {e}")).iter().collect();
    if found != expected {
        let at = (0..).find(|at| found.contains(at) != expected.contains(at)).expect("a difference");
        let one = everybody.get(at as usize);
        panic!("{filter}\nfor {one:?}: the index says {}", found.contains(&at));
    }
    assert_eq!(index.count(filter, as_of).expect("a count"), expected.len() as u64, "{filter}");
}

#[test]
fn random_filters_over_random_histories() {
    let catalog = random::catalog();
    let mut random = Random::new(20_261_124);
    let instants = ["2024-02-29T21:30:00Z", "2024-03-31T00:15:00Z"];
    let instants = instants.map(|text| Timestamp::parse_utc(text).expect("an instant"));
    let mut asked = 0;
    for size in [0, 1, 64, 65, 300] {
        let mut everybody: Vec<(Vec<Value>, History)> = (0..size).map(|_| random.customer()).collect();
        for (id, (row, _)) in (0..).zip(&mut everybody) {
            if let Some(key) = row.first_mut() {
                *key = Value::Int(id);
            }
        }
        let index = index(&catalog, &everybody);
        for _ in 0..600 {
            let filter = random.filter();
            for as_of in instants {
                let Ok(predicate) = bind(&filter, &catalog, as_of) else { continue };
                compare(&index, &filter, &predicate, as_of, &everybody);
                asked += 1;
            }
        }
    }
    assert!(asked > 3_000, "only {asked} valid filters");
}

const SHOP: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "string", "nullable": false}, {"name": "lat", "type": "float"},
        {"name": "lon", "type": "float"}, {"name": "tier", "type": "string"}]},
    "events": [
        {"name": "buy", "table": "buys", "customer": "id", "time": "at", "fields": [
            {"name": "amount", "type": "decimal(10,2)"}, {"name": "qty", "type": "int"},
            {"name": "price", "type": "float"}, {"name": "item", "type": "string"}, {"name": "ok", "type": "bool"},
            {"name": "fee", "type": "decimal(6,2)"}, {"name": "points", "type": "int"}]},
        {"name": "see", "table": "sees", "customer": "id", "time": "at"},
        {"name": "bill", "table": "bills", "customer": "id", "time": "day", "time_type": "date"}],
    "related": [{"name": "cards", "table": "cards", "customer": "id", "fields": [{"name": "limit", "type": "int"}]}],
    "zone": "Europe/Paris"}"#;

/// Every measure in every kind of window, with and without `where`.
#[test]
fn every_measure_in_every_window() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    // Once there are events after the instant, once there are none: windows then end where the events do.
    let instants = ["2024-03-31T12:00:00Z", "2024-03-31T12:00:00.000002Z"];
    let instants = instants.map(|text| Timestamp::parse_utc(text).expect("an instant"));
    let mut random = Random::new(7);
    let everybody: Vec<(Vec<Value>, History)> = (0..200).map(|id| shopper(id, &mut random)).collect();
    let index = index(&catalog, &everybody);
    let texts = measures();
    let mut taken = 0;
    for (text, as_of) in texts.iter().flat_map(|text| instants.map(|as_of| (text, as_of))) {
        let Ok(filter) = text.parse::<Filter>() else {
            panic!("{text}: {}", text.parse::<Filter>().expect_err("none"))
        };
        let predicate = match bind(&filter, &catalog, as_of) {
            Ok(predicate) => predicate,
            Err(findings) => panic!("{text}: {findings}"),
        };
        compare(&index, &filter, &predicate, as_of, &everybody);
        let members = index.count(&filter, as_of).expect("a count");
        taken += u64::from(members > 0 && members < 200);
    }
    // Tests that nobody or everybody passes would show little.
    assert!(taken > texts.len() as u64, "{taken} of {}", 2 * texts.len());
}

/// Last times that are kept, and that there is no memory for: the same answers.
#[test]
fn last_times_without_memory_for_them() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let as_of = Timestamp::parse_utc("2024-04-01T00:00:00Z").expect("an instant");
    let mut random = Random::new(8);
    let everybody: Vec<(Vec<Value>, History)> = (0..200).map(|id| shopper(id, &mut random)).collect();
    let tables = || arrow_of::tables(&catalog, &everybody);
    let with = |answers: usize| {
        let builder = IndexBuilder::new(Arc::new(catalog.clone())).threads(2).answer_budget(answers);
        let tables = tables().into_iter();
        tables.fold(builder, |builder, (name, batches)| builder.table(&name, batches)).build().expect("an index")
    };
    let (rich, poor) = (with(1 << 20), with(0));
    let before = rich.data_bytes();
    for text in [
        "count(buy since '2024-03-30T12:00:00.000001Z') >= 2",
        "not (count(buy since '2024-03-30T12:00:00.000002Z') <= 1)",
        "last time(see) >= '2024-03-29T12:00:00Z' with missing",
        "sum(buy.points since '2024-03-24T12:00:00Z') > 1",
        "not (sum(buy.points since '2024-03-30T12:00:00.000001Z') = 0)",
    ] {
        let filter: Filter = text.parse().expect("a filter");
        let predicate = bind(&filter, &catalog, as_of).expect("a predicate");
        compare(&rich, &filter, &predicate, as_of, &everybody);
        compare(&poor, &filter, &predicate, as_of, &everybody);
    }
    // Two bytes for each customer: the last `see`, the last four `buy`, and the points of three of them.
    assert_eq!(rich.data_bytes() - before, 8 * 2 * 200);
    let bytes = |text: &str| rich.bytes_read(&text.parse().expect("a filter"), as_of).expect("bytes");
    assert_eq!((bytes("count(buy) >= 2 and last time(see) is set"), bytes("sum(buy.points) > 1")), (800, 7 * 400));
}

/// The last event is in the last span of time that two bytes can name, and the window begins after it.
#[test]
fn windows_after_the_last_event() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let as_of = Timestamp::parse_utc("2024-01-03T00:00:00Z").expect("an instant");
    let mut random = Random::new(9);
    let buy = |text: &str| {
        let time = Value::Timestamp(Timestamp::parse_utc(text).expect("an instant"));
        let mut properties = vec![Value::Missing; 5];
        properties.extend([Value::Decimal("1.25".parse().expect("a decimal")), Value::Int(3)]);
        cvm_core::Occurrence { time, properties }
    };
    let everybody: Vec<(Vec<Value>, History)> = (0..200)
        .map(|id| {
            let (row, mut history) = shopper(id, &mut random);
            let times = ["2024-01-01T00:00:00Z", "2024-01-01T18:12:14Z"];
            history.events[0] = times.iter().take(1 + id % 2).map(|time| buy(time)).collect();
            (row, history)
        })
        .collect();
    let index = index(&catalog, &everybody);
    for time in ["2024-01-01T18:12:14Z", "2024-01-01T18:12:15Z", "2024-01-01T19:00:00Z", "2024-01-02T00:00:00Z"] {
        for measure in ["sum(buy.points", "sum(buy.fee", "count(buy"] {
            for test in ["> 0", "= 0", "between -1 and 2"] {
                let filter: Filter = format!("{measure} since '{time}') {test}").parse().expect("a filter");
                let predicate = bind(&filter, &catalog, as_of).expect("a predicate");
                compare(&index, &filter, &predicate, as_of, &everybody);
            }
        }
    }
}

/// Measures, tests and windows put together.
fn measures() -> Vec<String> {
    let windows = [
        "",
        " within last 2 days",
        " within last 1 month",
        " within this month",
        " within previous 2 weeks",
        " within ('2024-03-01' to '2025-01-01')",
        " since '2024-03-30T12:00:00Z'",
        " since '2024-03-30T12:00:00.000001Z'",
        " since '2024-03-30T12:00:00.000002Z'",
    ];
    let wheres = ["", " where qty > 1", " where item = 'a' or ok = true", " where amount is not set"];
    let mut texts = Vec::new();
    for window in windows {
        for filter in wheres {
            let rows = format!("{window}{filter}");
            for test in ["= 0", ">= 2", "< 2", "!= 1", "in (1, 3)", "between 1 and 2", "between 3 and 4", "> 300"] {
                texts.push(format!("count(buy{rows}) {test}"));
                for measure in [
                    "sum(buy.points",
                    "sum(buy.qty",
                    "sum(buy.amount",
                    "sum(buy.price",
                    "distinct(buy.item",
                    "min(buy.qty",
                ] {
                    texts.push(format!("{measure}{rows}) {test}"));
                }
                for measure in
                    ["avg(buy.qty", "avg(buy.amount", "max(buy.amount", "max(buy.price", "first value(buy.qty"]
                {
                    texts.push(format!("{measure}{rows}) {test} with missing"));
                }
            }
            texts.push(format!("sum(buy.amount{rows}) <= '10.505'"));
            texts.push(format!("sum(buy.amount{rows}) between '-1.25' and '0.00'"));
            for test in ["> '9.98'", "<= 0", "between '-0.75' and '1.25'", "= '0.50'", "!= 0"] {
                texts.push(format!("sum(buy.fee{rows}) {test}"));
            }
            texts.push(format!("max(buy.item{rows}) = 'b'"));
            texts.push(format!("last value(buy.item{rows}) != 'b'"));
            texts.push(format!("last value(buy.amount{rows}) is not set"));
            texts.push(format!("first time(buy{rows}) < '2024-03-15'"));
            texts.push(format!("last time(buy{rows}) on '2024-03-30'"));
            texts.push(format!("last time(buy{rows}) is not set"));
            texts.push(format!("days since(buy{rows}) >= 3"));
            texts.push(format!("not (days since(buy{rows}) in (0, 7))"));
        }
        if !window.starts_with(" since") {
            texts.push(format!("count(bill{window}) >= 1"));
            texts.push(format!("days since(bill{window}) = 30"));
        }
    }
    texts.extend(
        [
            "sequence(see, buy within 3 days without see)",
            "sequence(buy where qty > 1, buy)",
            "sequence(bill, bill within 1 day)",
            "not sequence(see, buy)",
            "regularly(buy, 2 of last 3 months)",
            "stopped(buy, active 10 days, inactive 20 days)",
            "restarted(buy, pause 5 days, within 30 days)",
            "all related(cards where limit > 5)",
            "no related(cards)",
            "any related(cards where limit > 2)",
            "count related(cards where limit > 0) = 2",
            "sum related(cards.limit) >= 3",
            "bucket('spring', 0, 5000)",
            "distance(lat, lon) to (48.9, 2.3) <= 300000 m",
            "top 20 by id",
            "bottom 10% by lat",
            "top 3 by lat per tier",
            "not top 30 by count(buy within last 1 month where qty > 1)",
            "bottom 5 by sum(buy.amount) per tier among (lat > 3)",
            "top 30% by last time(see)",
        ]
        .map(str::to_owned),
    );
    texts
}

fn shopper(id: usize, random: &mut Random) -> (Vec<Value>, History) {
    let times: Vec<Timestamp> = [
        "2020-01-01T00:00:00Z",
        "2024-02-29T22:59:59Z",
        "2024-02-29T23:00:00Z",
        "2024-03-24T12:00:00Z",
        "2024-03-29T11:59:59.999999Z",
        "2024-03-29T12:00:00Z",
        "2024-03-30T12:00:00.000001Z",
        "2024-03-31T12:00:00Z",
        "2024-03-31T12:00:00.000001Z",
    ]
    .map(|text| Timestamp::parse_utc(text).expect("an instant"))
    .to_vec();
    let instant = |r: &mut Random| match r.below(12) {
        0 => Value::Missing,
        n => times.get(n % times.len()).copied().map_or(Value::Missing, Value::Timestamp),
    };
    let pick = |r: &mut Random, of: &[Value]| of.get(r.below(of.len())).cloned().unwrap_or_default();
    let decimal = |text: &str| Value::Decimal(text.parse().expect("a decimal"));
    let amounts = [Value::Missing, decimal("0.10"), decimal("-1.25"), decimal("250.00"), decimal("9.50")];
    let numbers = [Value::Missing, Value::Int(0), Value::Int(1), Value::Int(2), Value::Int(i64::MAX), Value::Int(-3)];
    let prices = [Value::Missing, Value::Float(f64::NAN), Value::Float(0.5), Value::Float(-2.0)];
    let items = [Value::Missing, Value::Str("a".into()), Value::Str("b".into()), Value::Str(String::new())];
    let bools = [Value::Missing, Value::Bool(true), Value::Bool(false)];
    let number = random.below(6);
    let buys = (0..number).map(|_| {
        let properties = vec![
            pick(random, &amounts),
            pick(random, &numbers),
            pick(random, &prices),
            pick(random, &items),
            pick(random, &bools),
            decimal(["0.00", "1.25", "-0.75", "9.99"][random.below(4)]),
            Value::Int([0, 1, 2, 300][random.below(4)]),
        ];
        cvm_core::Occurrence { time: instant(random), properties }
    });
    let buys = buys.collect();
    let number = random.below(4);
    let sees = (0..number).map(|_| cvm_core::Occurrence { time: instant(random), properties: Vec::new() }).collect();
    let days = ["2024-03-01", "2024-03-02", "2024-03-31", "2024-02-29"];
    let days = days.map(|day| Value::Date(cvm_core::Date::parse(day).expect("a day")));
    let number = random.below(3);
    let bills =
        (0..number).map(|_| cvm_core::Occurrence { time: pick(random, &days), properties: Vec::new() }).collect();
    let number = random.below(4);
    let cards = (0..number).map(|_| vec![pick(random, &numbers)]).collect();
    let degrees = [Value::Missing, Value::Float(48.8), Value::Float(2.3), Value::Float(50.0)];
    let row = vec![
        Value::Str(format!("customer {id}")),
        pick(random, &degrees),
        pick(random, &degrees),
        pick(random, &items),
    ];
    (row, History { events: vec![buys, sees, bills], related: vec![cards] })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nasty_values(
        rows in proptest::collection::vec(population::row(), 1..40),
        filters in proptest::collection::vec(population::any_filter(), 20),
    ) {
        let catalog = population::catalog();
        let everybody: Vec<(Vec<Value>, History)> = rows.into_iter().map(|row| (row, History::default())).collect();
        let index = index(&catalog, &everybody);
        for filter in &filters {
            if let Ok(predicate) = bind(filter, &catalog, population::as_of()) {
                compare(&index, filter, &predicate, population::as_of(), &everybody);
            }
        }
    }
}
