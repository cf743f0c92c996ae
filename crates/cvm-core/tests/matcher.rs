//! The matcher gives the reference's answers: on random filters and customers, at instants far apart.

#![expect(clippy::expect_used, clippy::indexing_slicing, dead_code, reason = "tests may")]

#[path = "common/random.rs"]
mod random;

#[path = "common/population.rs"]
mod population;

use cvm_core::{Catalog, Code, Date, Filter, History, Matcher, Occurrence, Timestamp, Value, bind, evaluate_with};
use proptest::prelude::*;
use random::Random;

/// Instants that calendars make something of: clocks put forward and back, ends of months, leap days, nights in Paris.
const INSTANTS: &[&str] = &[
    "2024-02-29T21:30:00Z",
    "2024-03-31T00:30:00Z",
    "2024-03-31T01:00:00Z",
    "2024-03-31T01:30:00.000001Z",
    "2024-10-27T00:30:00Z",
    "2024-10-27T01:30:00Z",
    "2024-10-26T22:00:00Z",
    "2024-02-28T22:59:59.999999Z",
    "2024-02-28T23:00:00Z",
    "2023-12-31T23:00:00Z",
    "2024-01-31T12:00:00Z",
    "2024-05-31T01:30:00Z",
    "2024-04-30T01:30:00Z",
    "2023-02-28T12:00:00Z",
    "1899-12-31T23:59:00Z",
    "2200-01-01T00:00:00Z",
];

fn instant(seed: u64) -> Timestamp {
    let micros = Timestamp::parse_utc(INSTANTS[(seed % INSTANTS.len() as u64) as usize]).expect("an instant").micros();
    let seed = seed / INSTANTS.len() as u64;
    let more = match seed % 4 {
        0 => 0,
        1 => (seed % 200_000) as i64 * 1_000_000,
        2 => -((seed % 900) as i64) * 3_600_000_000,
        _ => (seed % 6) as i64 - 3,
    };
    Timestamp::from_micros(micros + more).expect("in range")
}

/// Asks both at each instant, the matcher in both ways.
fn compare(filter: &Filter, catalog: &Catalog, customers: &[(Vec<Value>, History)], instants: &[Timestamp]) -> usize {
    let Ok(matcher) = Matcher::new(filter, catalog) else { return 0 };
    let mut members = 0;
    for as_of in instants {
        let Ok(predicate) = bind(filter, catalog, *as_of) else {
            assert!(matcher.at(*as_of).is_err(), "{filter} at {as_of} is no question");
            continue;
        };
        let at = matcher.at(*as_of).expect("settled");
        for (row, history) in customers {
            let expected = evaluate_with(&predicate, row, history);
            assert_eq!(at.matches(row, history), expected, "{filter} at {as_of} of {row:?} {history:?}");
            assert_eq!(matcher.matches(row, history, *as_of), Ok(expected), "{filter} at {as_of}, in one call");
            members += usize::from(expected);
        }
    }
    members
}

#[test]
fn random_filters_of_fields_and_events() {
    let catalog = random::catalog();
    let mut random = Random::new(20_240_229);
    let (mut members, mut asked) = (0, 0);
    for _ in 0..2_000 {
        let filter = random.filter();
        let customers: Vec<_> = (0..6).map(|_| random.customer()).collect();
        let instants: Vec<_> = (0..5).map(|_| instant(random.next())).collect();
        members += compare(&filter, &catalog, &customers, &instants);
        asked += customers.len() * instants.len();
    }
    // Neither nobody nor everybody: the comparison says something.
    assert!(members > asked / 8 && members < asked * 7 / 8, "{members} of {asked}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn random_filters_of_every_type(
        filter in population::any_filter(),
        rows in proptest::collection::vec(population::row(), 1..6),
        seeds in proptest::collection::vec(any::<u64>(), 1..6),
    ) {
        let customers: Vec<_> = rows.into_iter().map(|row| (row, History::default())).collect();
        let instants: Vec<_> = seeds.into_iter().map(instant).collect();
        compare(&filter, &population::catalog(), &customers, &instants);
    }
}

const SHOP: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "day", "type": "date"},
        {"name": "at", "type": "timestamp"}, {"name": "lat", "type": "float"}, {"name": "lon", "type": "float"},
        {"name": "doc", "type": "json"}]},
    "events": [
        {"name": "buy", "table": "buys", "customer": "id", "time": "at", "fields": [
            {"name": "amount", "type": "decimal(10,2)"}, {"name": "qty", "type": "int"},
            {"name": "price", "type": "float"}, {"name": "item", "type": "string"}, {"name": "due", "type": "date"}]},
        {"name": "see", "table": "sees", "customer": "id", "time": "at"},
        {"name": "bill", "table": "bills", "customer": "id", "time": "day", "time_type": "date",
            "fields": [{"name": "sum", "type": "int"}]}],
    "related": [{"name": "cards", "table": "cards", "customer": "id", "fields": [
        {"name": "limit", "type": "int"}, {"name": "until", "type": "date"}]}],
    "segments": [{"name": "active", "filter": {"type": "event", "event": "see", "measure": {"count": {}},
        "window": {"last": {"n": 1, "unit": "month"}}, "op": "gte", "value": 1}}],
    "lists": [{"name": "long", "members": [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]}],
    "zone": "Europe/Paris", "week_start": "sunday", "fiscal_year_start": 4}"#;

/// One of each kind of node and measure, with numbers in place of `#`.
const SHAPES: &[&str] = &[
    "count(buy within last # days) >= #",
    "count(buy within last # months where qty > #) = #",
    "count(buy within this month) <= #",
    "count(buy within previous # weeks) in (0, #, 9)",
    "count(buy within ('2024-01-15' to '2024-03-31T01:30:00Z')) != #",
    "count(buy within since '2024-02-29') between # and 6",
    "count(buy where due within last # months) >= 1",
    "count(buy where due < # days ahead and item != 'b') < #",
    "sum(buy.amount within last # days) > #",
    "sum(buy.qty) <= # and sum(buy.price within last # weeks) > #",
    "avg(buy.qty within last # months) > # or avg(buy.price) is not set",
    "min(buy.amount) < # and max(buy.item within last # days) > 'a'",
    "distinct(buy.item within last # months) = # or distinct(buy.qty) > #",
    "first time(buy) before # months ago",
    "last time(buy where qty >= #) within last # days",
    "last time(buy) on '2024-03-30' or first time(bill) = # days ago",
    "first value(buy.qty) = # or last value(buy.item) = 'b'",
    "last value(buy.qty within last # months) < #",
    "days since(buy) <= # or days since(bill) in (#, 30)",
    "days since(buy) > 99999999 or days since(see) >= -9",
    "days since(bill) < 3000000 and not (days since(bill) = #)",
    "sequence(see, buy within # days)",
    "sequence(see, buy without see, buy within # weeks without see, all within last # months)",
    "sequence(buy where qty > #, buy within # hours)",
    "sequence(bill, bill within # days without bill)",
    "regularly(buy, # of last 9 months)",
    "regularly(bill, 1 of last # weeks) or regularly(see, 2 of last 9 days)",
    "stopped(buy, active # months, inactive # weeks)",
    "stopped(bill, active 90 days, inactive # months)",
    "restarted(buy, pause # days, within # months)",
    "restarted(see, pause # hours, within # months)",
    "restarted(bill, pause # weeks, within # weeks)",
    "any related(cards where until > # months ago)",
    "all related(cards where limit > #)",
    "count related(cards where until within coming # weeks) >= 1",
    "sum related(cards.limit) > #",
    "segment active and at < # months ago",
    "at within last # months or at within this quarter",
    "at > # months ahead or at = start of month - #",
    "day within next # months or day < # quarters ago",
    "day anniversary within coming # weeks",
    "not (day anniversary within this month without missing)",
    "day anniversary within ('2024-02-20' to '2024-03-0#')",
    "doc.tier = 'gold' or doc.seats in (#, 2)",
    "doc is not set or doc.tier is set",
    "list long or bucket('spring', 0, 4#00)",
    "distance(lat, lon) to (48.8566, 2.3522) <= #00000 m",
    "at least 2 of (count(see) > #, day within last # months, at is set, list long)",
];

fn customer(random: &mut Random) -> (Vec<Value>, History) {
    let base = Timestamp::parse_utc("2024-03-30T22:30:00Z").expect("an instant").micros();
    let time = |random: &mut Random| match random.below(9) {
        0 => Value::Missing,
        1 => Value::Timestamp(instant(random.next())),
        _ => {
            let hours = random.below(24 * 150) as i64 - 24 * 120;
            Value::Timestamp(Timestamp::from_micros(base + hours * 1_800_000_000).expect("in range"))
        }
    };
    let day = |random: &mut Random| match random.below(6) {
        0 => Value::Missing,
        1 => Value::Date(Date::parse("2024-02-29").expect("a day")),
        _ => Value::Date(Date::from_days(19_812 + random.below(200) as i32 - 150).expect("in range")),
    };
    let text = |random: &mut Random| match random.below(4) {
        0 => Value::Missing,
        n => Value::Str(["a", "b", "c"][n - 1].to_owned()),
    };
    let int =
        |random: &mut Random| if random.below(4) == 0 { Value::Missing } else { Value::Int(random.below(6) as i64) };
    let float = |random: &mut Random| Value::Float([0.5, -0.0, 0.0, 2.25, f64::NAN, 4.0][random.below(6)]);
    let decimal = |random: &mut Random| match random.below(5) {
        0 => Value::Missing,
        n => Value::Decimal(["0.10", "2", "3.00", "-1.5"][n - 1].parse().expect("a decimal")),
    };
    let doc = match random.below(4) {
        0 => Value::Missing,
        1 => Value::Json(serde_json::json!({"tier": "gold", "seats": 2})),
        2 => Value::Json(serde_json::json!({"tier": null, "seats": [1]})),
        _ => Value::Json(serde_json::json!({"tier": 3, "seats": 1.0})),
    };
    let place = |random: &mut Random| Value::Float([48.8, 2.3, 51.5, f64::NAN][random.below(4)]);
    let row = vec![Value::Int(random.below(30) as i64), day(random), time(random), place(random), place(random), doc];
    let many = if random.below(8) == 0 { 60 } else { 8 };
    let n = random.below(many);
    let buys = (0..n).map(|_| Occurrence {
        time: time(random),
        properties: vec![decimal(random), int(random), float(random), text(random), day(random)],
    });
    let buys = buys.collect();
    let n = random.below(5);
    let sees = (0..n).map(|_| Occurrence { time: time(random), properties: Vec::new() }).collect();
    let n = random.below(5);
    let bills = (0..n).map(|_| Occurrence { time: day(random), properties: vec![int(random)] }).collect();
    let n = random.below(4);
    let cards = (0..n).map(|_| vec![int(random), day(random)]).collect();
    (row, History { events: vec![buys, sees, bills], related: vec![cards] })
}

fn shape(random: &mut Random, text: &str) -> String {
    text.chars().map(|c| if c == '#' { (1 + random.below(4)).to_string() } else { c.to_string() }).collect()
}

#[test]
fn every_kind_of_node() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let mut random = Random::new(7);
    let mut idle = Vec::new();
    for text in SHAPES {
        let (mut members, mut asked) = (0, 0);
        for _ in 0..60 {
            let filter = shape(&mut random, text);
            let filter: Filter = match filter.parse() {
                Ok(filter) => filter,
                Err(findings) => {
                    idle.push(format!("{filter}: {findings}"));
                    break;
                }
            };
            if let Err(findings) = Matcher::new(&filter, &catalog) {
                idle.push(format!("{filter}: {findings}"));
                break;
            }
            let customers: Vec<_> = (0..12).map(|_| customer(&mut random)).collect();
            let instants: Vec<_> = (0..6).map(|_| instant(random.next())).collect();
            members += compare(&filter, &catalog, &customers, &instants);
            asked += customers.len() * instants.len();
        }
        if members == 0 || members == asked {
            idle.push(format!("{text}: {members} of {asked}"));
        }
    }
    assert!(idle.is_empty(), "these tell nobody apart: {idle:#?}");
}

#[test]
fn the_ends_of_time() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let mut random = Random::new(9_999);
    let ends = [
        "-009999-01-02T01:59:59Z",
        "-009999-01-03T00:00:00Z",
        "-009999-02-01T12:00:00Z",
        "-009998-06-01T00:00:00Z",
        "9999-12-30T22:00:00Z",
        "9999-12-25T22:00:00Z",
        "9999-11-30T22:30:00Z",
        "9999-06-30T22:30:00Z",
        "9998-12-31T22:30:00Z",
    ];
    let jiff = |text: &&str| Timestamp::from_jiff(text.parse().expect("an instant"));
    let mut instants: Vec<Timestamp> = ends.iter().map(jiff).collect();
    instants.extend([Timestamp::MIN, Timestamp::MAX]);
    let (mut refused, mut asked) = (0, 0);
    for text in SHAPES {
        for _ in 0..3 {
            let filter: Filter = shape(&mut random, text).parse().expect("a filter");
            let customers = [customer(&mut random)];
            compare(&filter, &catalog, &customers, &instants);
            let matcher = Matcher::new(&filter, &catalog).expect("valid");
            refused += instants.iter().filter(|as_of| matcher.at(**as_of).is_err()).count();
            asked += instants.len();
        }
    }
    assert!(refused > 50 && refused < asked / 2, "{refused} of {asked}");
    // The finding says which node asks for such a time.
    let filter = "everyone and at within next 3 months".parse().expect("a filter");
    let findings = Matcher::new(&filter, &catalog).expect("valid").at(Timestamp::MAX).expect_err("beyond 9999");
    assert_eq!((findings.0[0].code, findings.0[0].path.as_str()), (Code::InvalidValue, "/children/1"));
}

#[test]
fn rankings_are_refused_where_they_stand() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let filter = "at is set and not (top 10 by lat)".parse().expect("a filter");
    let findings = Matcher::new(&filter, &catalog).expect_err("a ranking");
    assert_eq!((findings.0[0].code, findings.0[0].path.as_str()), (Code::NotSupported, "/children/1/child"));
    assert!(findings.0[0].help.as_deref().is_some_and(|help| help.contains("list")));
    // What `check` finds is found here too.
    let findings = Matcher::new(&"lat > 'a' and lot > 3".parse().expect("a filter"), &catalog).expect_err("wrong");
    assert_eq!(findings.0.len(), 2);
}

#[test]
fn one_matcher_serves_several_threads_on_several_days() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let filter: Filter = "count(buy within last 2 months) >= 1 and (day within this month or at > 1 month ago \
        or day anniversary within coming 3 weeks)"
        .parse()
        .expect("a filter");
    let matcher = Matcher::new(&filter, &catalog).expect("valid");
    std::thread::scope(|scope| {
        for seed in 0..3 {
            let (matcher, catalog, filter) = (&matcher, &catalog, &filter);
            scope.spawn(move || {
                let mut random = Random::new(seed);
                for _ in 0..300 {
                    let (as_of, (row, history)) = (instant(random.next()), customer(&mut random));
                    let expected = bind(filter, catalog, as_of).expect("valid");
                    let expected = evaluate_with(&expected, &row, &history);
                    assert_eq!(matcher.matches(&row, &history, as_of), Ok(expected), "{as_of}");
                }
            });
        }
    });
}

#[test]
fn time_alone_changes_a_verdict_then_and_not_before() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let mut random = Random::new(31);
    let (mut changes, mut asked) = (0, 0);
    for text in SHAPES {
        for _ in 0..12 {
            let filter: Filter = shape(&mut random, text).parse().expect("a filter");
            let matcher = Matcher::new(&filter, &catalog).expect("valid");
            let (row, history) = customer(&mut random);
            let as_of = loop {
                let as_of = instant(random.next());
                if as_of > Timestamp::parse_utc("2023-01-01T00:00:00Z").expect("an instant") {
                    break as_of;
                }
            };
            let until = Timestamp::from_micros(as_of.micros() + 500 * 86_400_000_000).expect("in range");
            let verdict = |at: i64| {
                let at = Timestamp::from_micros(at).expect("in range");
                matcher.matches(&row, &history, at).expect("in range")
            };
            let now = verdict(as_of.micros());
            let change = matcher.next_change(&row, &history, as_of, until).expect("in range");
            let end = change.map_or(until.micros(), |change| change.micros() - 1);
            asked += 1;
            if let Some(change) = change {
                changes += 1;
                assert_ne!(verdict(change.micros()), now, "{filter} from {as_of} at {change}");
            }
            let length = (end - as_of.micros()).max(1) as u64;
            for step in 0..160_u64 {
                // Every so often, at random, and close to the end.
                let at = match step % 4 {
                    0 | 1 => as_of.micros() + (length / 80 * (step / 2)) as i64,
                    2 => as_of.micros() + (random.next() % length) as i64,
                    _ => end - (random.next() % length.min(10_800_000_000)) as i64,
                };
                assert_eq!(verdict(at), now, "{filter} from {as_of} to {change:?}, before it, of {row:?} {history:?}");
            }
        }
    }
    assert!(changes > asked / 4, "{changes} of {asked}");
}
