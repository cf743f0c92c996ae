//! What customers did: each rule of the reference evaluator with the smallest history that shows it.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Date, History, Matcher, Occurrence, Timestamp, Value, bind, evaluate_with, settle};

const CATALOG: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "city", "type": "string"},
        {"name": "lat", "type": "float"}, {"name": "lon", "type": "float"}]},
    "events": [
        {"name": "buy", "table": "buys", "customer": "id", "time": "at", "fields": [
            {"name": "amount", "type": "decimal(10,2)"}, {"name": "qty", "type": "int"},
            {"name": "price", "type": "float"}, {"name": "item", "type": "string"}, {"name": "ok", "type": "bool"}]},
        {"name": "see", "table": "sees", "customer": "id", "time": "at"},
        {"name": "bill", "table": "bills", "customer": "id", "time": "day", "time_type": "date"}],
    "related": [{"name": "cards", "table": "cards", "customer": "id", "fields": [{"name": "limit", "type": "int"}]}],
    "zone": "Europe/Paris"}"#;

const AS_OF: &str = "2024-03-31T12:00:00Z";

fn time(text: &str) -> Value {
    Timestamp::parse_utc(text).map_or(Value::Missing, Value::Timestamp)
}

fn buy(at: &str, amount: Option<&str>, qty: Option<i64>, item: Option<&str>) -> Occurrence {
    let amount = amount.map_or(Value::Missing, |text| Value::Decimal(text.parse().expect("a decimal")));
    let qty = qty.map_or(Value::Missing, Value::Int);
    let item = item.map_or(Value::Missing, |text| Value::Str(text.to_owned()));
    Occurrence { time: time(at), properties: vec![amount, qty, Value::Float(f64::NAN), item, Value::Missing] }
}

fn see(at: &str) -> Occurrence {
    Occurrence { time: time(at), properties: Vec::new() }
}

fn bill(day: &str) -> Occurrence {
    Occurrence { time: Value::Date(Date::parse(day).expect("a date")), properties: Vec::new() }
}

/// Whether the filter selects the customer with these buys, looks and bills; and that its opposite does not.
fn holds(filter: &str, buys: &[Occurrence], sees: &[Occurrence], bills: &[Occurrence]) -> bool {
    let catalog = Catalog::from_json(CATALOG).expect("a catalog");
    let as_of = Timestamp::parse_utc(AS_OF).expect("an instant");
    let row = [Value::Int(1), Value::Missing, Value::Missing, Value::Missing];
    let history = History { events: vec![buys.to_vec(), sees.to_vec(), bills.to_vec()], related: Vec::new() };
    let verdict = |filter: &str| {
        let predicate = bind(&filter.parse().expect(filter), &catalog, as_of).expect(filter);
        let verdict = evaluate_with(&predicate, &row, &history);
        assert_eq!(evaluate_with(&predicate.normalized(), &row, &history), verdict, "normal form of {filter}");
        let matcher = Matcher::new(&filter.parse().expect(filter), &catalog).expect(filter);
        assert_eq!(matcher.matches(&row, &history, as_of), Ok(verdict), "matcher of {filter}");
        verdict
    };
    let inside = verdict(filter);
    assert_ne!(inside, verdict(&format!("not ({filter})")), "{filter} and its opposite");
    inside
}

fn bought(filter: &str, buys: &[Occurrence]) -> bool {
    holds(filter, buys, &[], &[])
}

#[test]
fn over_nothing_counts_are_zero_and_the_rest_is_missing() {
    for filter in ["count(buy) = 0", "sum(buy.amount) = 0", "distinct(buy.item) < 1", "sum(buy.price) >= 0"] {
        assert!(bought(filter, &[]), "{filter}");
    }
    for filter in ["avg(buy.qty) >= 0", "min(buy.qty) < 5", "last time(buy) > '1900-01-01'", "days since(buy) >= 0"] {
        assert!(!bought(filter, &[]), "{filter}");
    }
    // The negative ones take what is missing, unless told otherwise.
    assert!(bought("avg(buy.qty) != 3", &[]) && !bought("avg(buy.qty) != 3 without missing", &[]));
    // There are events, and no value in any of them.
    let empty = [buy("2024-03-01T00:00:00Z", None, None, None)];
    assert!(bought("sum(buy.amount) = 0", &empty) && bought("avg(buy.amount) is not set", &empty));
    // NaN is missing.
    assert!(bought("max(buy.price) is not set", &empty) && bought("distinct(buy.price) = 0", &empty));
}

#[test]
fn windows_are_half_open_and_end_now() {
    let at = |text| [buy(text, None, None, None)];
    let last = "count(buy within last 2 days) = 1";
    assert!(bought(last, &at("2024-03-29T12:00:00Z")) && !bought(last, &at("2024-03-29T11:59:59.999999Z")));
    assert!(bought(last, &at(AS_OF)) && !bought(last, &at("2024-03-31T12:00:00.000001Z")));
    // Calendar months begin in the zone: Paris is an hour ahead until this very day.
    let month = "count(buy within this month) = 1";
    assert!(bought(month, &at("2024-02-29T23:00:00Z")) && !bought(month, &at("2024-02-29T22:59:59Z")));
    // Nothing is seen before it happens, whatever the window says.
    assert!(!bought("count(buy within ('2024-03-01' to '2025-01-01')) = 1", &at("2024-04-02T00:00:00Z")));
    // What has no time never counts.
    assert!(bought("count(buy) = 0", &[Occurrence { time: Value::Missing, ..buy(AS_OF, None, None, None) }]));
}

#[test]
fn whole_days_since_the_last_one() {
    let at = |text| [buy("2020-01-01T00:00:00Z", None, None, None), buy(text, None, None, None)];
    assert!(bought("days since(buy) = 0", &at("2024-03-30T12:00:00.000001Z")));
    assert!(bought("days since(buy) = 1", &at("2024-03-30T12:00:00Z")));
    assert!(bought("days since(buy) in (1, 7)", &at("2024-03-24T12:00:00Z")));
    assert!(!bought("days since(buy) not in (1, 7)", &at("2024-03-24T12:00:00Z")));
    assert!(bought("days since(buy) >= 7 and days since(buy) < 8", &at("2024-03-24T00:00:00Z")));
    assert!(bought("days since(buy) != 7", &[]) && bought("days since(buy) is not set", &[]));
    assert!(!bought("days since(buy) > 999999999", &at(AS_OF)) && bought("days since(buy) > -9", &at(AS_OF)));
    let bills = |day| holds("days since(bill) = 30", &[], &[], &[bill(day)]);
    assert!(bills("2024-03-01") && !bills("2024-03-02"));
}

#[test]
fn values_of_the_first_and_the_last() {
    let buys = [
        buy("2024-01-01T00:00:00Z", None, Some(5), Some("b")),
        buy("2024-01-01T00:00:00Z", None, Some(3), Some("a")),
        buy("2024-02-01T00:00:00Z", Some("9.50"), None, Some("z")),
        buy("2024-03-01T00:00:00Z", None, None, Some("x")),
        buy("2024-03-01T00:00:00Z", Some("1.00"), None, None),
    ];
    // Of several at that time the least, or the greatest, that is there.
    assert!(bought("first value(buy.item) = 'a' and first value(buy.qty) = 3", &buys));
    assert!(bought(
        "last value(buy.item) = 'x' and last value(buy.amount) = 1 and last value(buy.qty) is not set",
        &buys
    ));
    assert!(bought("min(buy.item) = 'a' and max(buy.item) = 'z' and distinct(buy.item) = 4", &buys));
    assert!(bought("sum(buy.amount) = '10.50' and avg(buy.qty) = 4 and sum(buy.qty) = 8", &buys));
    assert!(bought("first time(buy) on '2024-01-01' and last time(buy) before '2024-03-02'", &buys));
}

#[test]
fn sums_of_integers_do_not_overflow() {
    let large = [buy(AS_OF, None, Some(i64::MAX), None), buy(AS_OF, None, Some(i64::MAX), None)];
    assert!(bought("sum(buy.qty) > 9223372036854775807", &large));
    assert!(bought("sum(buy.qty) = '18446744073709551614'", &large));
}

#[test]
fn a_step_is_strictly_later() {
    let order = |see_at: &str, buy_at: &str, rule: &str| {
        holds(&format!("sequence(see, buy{rule})"), &[buy(buy_at, None, None, None)], &[see(see_at)], &[])
    };
    assert!(order("2024-03-01T10:00:00Z", "2024-03-01T10:00:00.000001Z", ""));
    assert!(!order("2024-03-01T10:00:00Z", "2024-03-01T10:00:00Z", ""));
    assert!(order("2024-03-01T10:00:00Z", "2024-03-01T11:00:00Z", " within 1 hour"));
    assert!(!order("2024-03-01T10:00:00Z", "2024-03-01T11:00:00.000001Z", " within 1 hour"));
    // 24 hours, also on the night that has an hour less.
    assert!(order("2024-03-30T10:00:00Z", "2024-03-31T10:00:00Z", " within 1 day"));
    // Another look between the two is forbidden, but the later look itself is followed at once.
    let looks = [see("2024-03-01T10:00:00Z"), see("2024-03-02T10:00:00Z")];
    let later = [buy("2024-03-03T10:00:00Z", None, None, None)];
    assert!(holds("sequence(see, buy without see)", &later, &looks, &[]));
    assert!(!holds("sequence(see, see, buy within 1 hour without see)", &later, &looks, &[]));
    assert!(holds("sequence(see, see, buy without see)", &later, &looks, &[]));
    assert!(holds("sequence(bill, bill within 1 day)", &[], &[], &[bill("2024-03-01"), bill("2024-03-02")]));
    assert!(!holds("sequence(bill, bill within 1 day)", &[], &[], &[bill("2024-03-01"), bill("2024-03-03")]));
    assert!(!holds("sequence(bill, bill)", &[], &[], &[bill("2024-03-01"), bill("2024-03-01")]));
}

#[test]
fn habits() {
    let at = |times: &[&str]| times.iter().map(|text| buy(text, None, None, None)).collect::<Vec<_>>();
    // The three whole months before this one: December, January, February.
    let regular = "regularly(buy, 2 of last 3 months)";
    assert!(bought(regular, &at(&["2023-12-05T00:00:00Z", "2024-02-05T00:00:00Z"])));
    assert!(!bought(regular, &at(&["2024-02-05T00:00:00Z", "2024-02-06T00:00:00Z", "2024-03-05T00:00:00Z"])));
    let stopped = "stopped(buy, active 10 days, inactive 20 days)";
    assert!(bought(stopped, &at(&["2024-03-05T00:00:00Z"])));
    assert!(!bought(stopped, &at(&["2024-03-05T00:00:00Z", "2024-03-30T00:00:00Z"])));
    assert!(!bought(stopped, &at(&["2024-02-05T00:00:00Z"])) && !bought(stopped, &[]));
    let back = "restarted(buy, pause 30 days, within 7 days)";
    assert!(bought(back, &at(&["2024-02-25T00:00:00Z", "2024-03-26T00:00:00Z"])));
    assert!(!bought(back, &at(&["2024-02-25T00:00:00.000001Z", "2024-03-26T00:00:00Z"])));
    // The first one ever comes back from nowhere; two at once have the same predecessor.
    assert!(!bought(back, &at(&["2024-03-26T00:00:00Z"])));
    assert!(bought(back, &at(&["2024-01-01T00:00:00Z", "2024-03-26T00:00:00Z", "2024-03-26T00:00:00Z"])));
}

#[test]
fn related_rows_and_their_quantifiers() {
    let catalog = Catalog::from_json(CATALOG).expect("a catalog");
    let as_of = Timestamp::parse_utc(AS_OF).expect("an instant");
    let row = [Value::Int(1), Value::Missing, Value::Missing, Value::Missing];
    let with = |filter: &str, limits: &[Value]| {
        let related = vec![limits.iter().map(|limit| vec![limit.clone()]).collect()];
        let predicate = bind(&filter.parse().expect(filter), &catalog, as_of).expect(filter);
        let history = History { events: Vec::new(), related };
        let verdict = evaluate_with(&predicate, &row, &history);
        let matcher = Matcher::new(&filter.parse().expect(filter), &catalog).expect(filter);
        assert_eq!(matcher.matches(&row, &history, as_of), Ok(verdict), "matcher of {filter}");
        verdict
    };
    let (low, high, none) = (Value::Int(1), Value::Int(9), Value::Missing);
    assert!(with("all related(cards where limit > 5)", std::slice::from_ref(&high)));
    // Nobody satisfies `all` with nothing; a missing value fails it.
    assert!(!with("all related(cards where limit > 5)", &[]));
    assert!(!with("all related(cards where limit > 5)", &[high.clone(), none.clone()]));
    assert!(with("no related(cards where limit > 5)", &[low.clone(), none.clone()]));
    assert!(with("no related(cards)", &[]) && !with("any related(cards)", &[]));
    assert!(with("count related(cards where limit > 0) = 2", &[low.clone(), high.clone(), none.clone()]));
    assert!(with("sum related(cards.limit) = 10", &[low, high, none]));
}

#[test]
fn rankings_break_ties_by_key_and_leave_out_the_missing() {
    let catalog = Catalog::from_json(CATALOG).expect("a catalog");
    let as_of = Timestamp::parse_utc(AS_OF).expect("an instant");
    let person = |id: i64, city: Option<&str>, lat: Option<f64>, buys: usize| {
        let city = city.map_or(Value::Missing, |city| Value::Str(city.to_owned()));
        let row = vec![Value::Int(id), city, lat.map_or(Value::Missing, Value::Float), Value::Missing];
        (row, History { events: vec![vec![buy(AS_OF, None, None, None); buys]], related: Vec::new() })
    };
    let everybody = [
        person(1, Some("a"), Some(5.0), 0),
        person(2, Some("a"), Some(7.0), 3),
        person(3, None, Some(7.0), 1),
        person(4, None, None, 0),
        person(5, Some("b"), Some(f64::NAN), 2),
        person(6, Some("b"), Some(-0.0), 1),
        person(7, Some("b"), Some(0.0), 0),
    ];
    let members = |filter: &str| -> Vec<i64> {
        let predicate = bind(&filter.parse().expect(filter), &catalog, as_of).expect(filter);
        let settled = settle(&predicate, &everybody);
        let inside = everybody.iter().filter(|(row, history)| evaluate_with(&settled, row, history));
        inside
            .filter_map(|(row, _)| match row.first() {
                Some(Value::Int(id)) => Some(*id),
                _ => None,
            })
            .collect()
    };
    assert_eq!(members("top 1 by lat"), [2]);
    assert_eq!(members("top 2 by lat"), [2, 3]);
    assert_eq!(members("not top 2 by lat"), [1, 4, 5, 6, 7]);
    // The zeros are equal, so the key decides.
    assert_eq!(members("bottom 1 by lat"), [6]);
    // Five are ranked: a fifth is one, a little more is two.
    assert_eq!(members("top 20% by lat"), [2]);
    assert_eq!(members("top 20.0001% by lat"), [2, 3]);
    assert_eq!(members("top 1 by lat per city"), [2, 3, 6]);
    assert_eq!(members("top 2 by count(buy)"), [2, 5]);
    // Nothing is a number too.
    assert_eq!(members("bottom 2 by count(buy)"), [1, 4]);
    assert_eq!(members("top 1 by lat among (city = 'b')"), [6]);
    assert_eq!(members("top 1 by lat among (not top 2 by lat)"), [1]);
}

#[test]
fn places_and_samples() {
    let catalog = Catalog::from_json(CATALOG).expect("a catalog");
    let as_of = Timestamp::parse_utc(AS_OF).expect("an instant");
    let at = |filter: &str, id: i64, lat: Value, lon: Value| {
        let predicate = bind(&filter.parse().expect(filter), &catalog, as_of).expect(filter);
        let (row, history) = ([Value::Int(id), Value::Missing, lat, lon], History::default());
        let verdict = evaluate_with(&predicate, &row, &history);
        let matcher = Matcher::new(&filter.parse().expect(filter), &catalog).expect(filter);
        assert_eq!(matcher.matches(&row, &history, as_of), Ok(verdict), "matcher of {filter}");
        verdict
    };
    // Paris to London: 343.6 km by the haversine formula with the mean radius.
    let london = || (Value::Float(51.5074), Value::Float(-0.1278));
    let (lat, lon) = london();
    assert!(at("distance(lat, lon) to (48.8566, 2.3522) <= 344000 m", 1, lat, lon));
    let (lat, lon) = london();
    assert!(!at("distance(lat, lon) to (48.8566, 2.3522) <= 343000 m", 1, lat, lon));
    assert!(at("not (distance(lat, lon) to (0, 0) <= 1 m)", 1, Value::Missing, Value::Float(0.0)));
    // MD5 of `spring:42` begins with 32 bits that leave 2402 by 10 000.
    assert!(at("bucket('spring', 2402, 2403)", 42, Value::Missing, Value::Missing));
    assert!(!at("bucket('spring', 0, 2402)", 42, Value::Missing, Value::Missing));
}
