//! Branches on two numbers, beside every customer with such numbers.

use cvm_core::{Catalog, Filter, Timestamp, Value, bind, evaluate};
use cvm_journey::Code;
use cvm_journey::model::{Branch, Case, Duration, Edge, End, EventBranch, EventCase, Journey, Node, NodeKind};
use proptest::prelude::*;
use serde_json::json;

use crate::found;

pub fn catalog() -> Catalog {
    let catalog = Catalog::from_json(
        r#"{"customers": {"table": "customers", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}, {"name": "orders", "type": "int"}]},
        "events": [
            {"name": "order", "table": "orders", "customer": "id", "time": "at", "fields": [
                {"name": "order_id", "type": "string"}, {"name": "amount", "type": "int"}]},
            {"name": "visit", "table": "visits", "customer": "id", "time": "at"}]}"#,
    );
    catalog.expect("a catalog")
}

fn one(field: &'static str) -> impl Strategy<Value = String> {
    let op = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("="), Just("!=")];
    prop_oneof![
        4 => (op, 0..20_i32).prop_map(move |(op, n)| format!("{field} {op} {n}")),
        1 => (0..20_i32, 0..6_i32).prop_map(move |(n, m)| format!("{field} between {n} and {}", n + m)),
        1 => Just(format!("{field} is not set")),
    ]
}

fn two(field: &'static str, other: &'static str) -> impl Strategy<Value = String> {
    let join = prop_oneof![Just("and"), Just("or")];
    prop_oneof![
        3 => one(field),
        1 => (one(field), join, one(other)).prop_map(|(a, join, b)| format!("({a} {join} {b})")),
        1 => one(field).prop_map(|a| format!("not ({a})")),
    ]
}

fn branch(filters: &[String]) -> Journey {
    let mut nodes = vec![json!({"id": "in", "type": "entry"}), json!({"id": "out", "type": "end"})];
    nodes.push(json!({"id": "b", "type": "goal", "data": {"name": "g"}}));
    let journey = json!({"id": "b", "name": "B", "entry": {"trigger": {"type": "api"}}, "nodes": nodes, "edges": [
        {"id": "1", "source": "in", "sourceHandle": "next", "target": "b"},
        {"id": "2", "source": "b", "sourceHandle": "default", "target": "out"}]});
    let mut journey = Journey::from_value(journey).expect("a journey");
    let cases = filters
        .iter()
        .enumerate()
        .map(|(i, filter)| Case { name: i.to_string(), filter: filter.parse().expect("a filter") });
    journey.nodes[2].kind = NodeKind::Branch(Branch { cases: cases.collect() });
    for i in 0..filters.len() {
        let target = "out".to_owned();
        journey.edges.push(Edge { id: format!("e{i}"), source: "b".into(), source_handle: i.to_string(), target });
    }
    journey
}

/// Whether each filter takes each customer: first of age, then of orders; the first of both is missing.
fn taken(filter: &Filter) -> Vec<bool> {
    let catalog = catalog();
    let predicate = bind(filter, &catalog, Timestamp::from_micros(0).expect("an instant")).expect("a predicate");
    let numbers = || std::iter::once(Value::Missing).chain((-3..30).map(Value::Int));
    let rows = numbers().flat_map(|age| numbers().map(move |orders| [Value::Int(1), age.clone(), orders]));
    rows.map(|row| evaluate(&predicate, &row)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn overlaps_are_those_of_customers(filters in proptest::collection::vec(two("age", "orders"), 2..4)) {
        let cases: Vec<Vec<bool>> = filters.iter().map(|filter| taken(&filter.parse().expect("a filter"))).collect();
        let told = found(&branch(&filters), Code::Overlap);
        let within = |a: &[bool], b: &[bool]| a.iter().zip(b).all(|(a, b)| !a || *b);
        for second in 0..cases.len() {
            let overlaps = (0..second).any(|first| {
                let before = &cases[..first];
                let both = (0..cases[0].len()).any(|at| cases[first][at] && cases[second][at] && !before.iter().any(|case| case[at]));
                both && !within(&cases[first], &cases[second]) && !within(&cases[second], &cases[first])
            });
            let path = format!("/nodes/2/data/cases/{second}/filter");
            prop_assert_eq!(told.iter().any(|found| found.path == path), overlaps, "{:?} {:?}", filters, told);
        }
    }

    #[test]
    fn gaps_are_those_of_customers(filters in proptest::collection::vec(prop_oneof![3 => one("age"), 1 => two("age", "age")], 1..5)) {
        let all = filters.iter().map(|filter| taken(&filter.parse().expect("a filter")));
        let all: Vec<Vec<bool>> = all.collect();
        // By age, from −3 on: the first of its orders stands for all.
        let rows = all[0].len().isqrt();
        let by_age: Vec<bool> = (1..rows).map(|age| all.iter().any(|case| case[age * rows])).collect();
        let first = by_age.iter().position(|taken| *taken).unwrap_or(0);
        let last = by_age.iter().rposition(|taken| *taken).unwrap_or(0);
        let gaps: Vec<i64> = (first..last).filter(|at| !by_age[*at]).map(|at| i64::try_from(at).expect("few") - 3).collect();
        let told = found(&branch(&filters), Code::Gap);
        let mut said = Vec::new();
        for found in &told {
            let text = found.message.split_once("with `").and_then(|(_, rest)| rest.split_once('`')).expect("a filter").0;
            let own = taken(&text.parse().expect("a filter"));
            said.extend((1..rows).filter(|age| own[age * rows]).map(|at| i64::try_from(at).expect("few") - 4));
        }
        said.sort_unstable();
        prop_assert_eq!(gaps, said, "{:?} {:?}", filters, told);
    }

    #[test]
    fn events_behind_others_are_never_had(filters in proptest::collection::vec(proptest::option::of(one("amount")), 1..5)) {
        let cases = filters.iter().enumerate().map(|(i, filter)| EventCase {
            name: i.to_string(),
            event: "order".into(),
            filter: filter.as_ref().map(|filter| filter.parse().expect("a filter")),
        });
        let branch = EventBranch { cases: cases.collect(), timeout: Duration::days(1) };
        let node = |id: &str, kind| Node { id: id.into(), kind };
        let mut journey = self::branch(&[]);
        journey.nodes = vec![
            node("in", NodeKind::Entry(cvm_journey::model::Empty {})),
            node("b", NodeKind::EventBranch(branch)),
            node("out", NodeKind::End(End::default())),
        ];
        // As if it were the customer's, for the reference.
        let of = |filter: &Option<String>| filter.as_ref().map_or(Filter::Everyone, |filter| {
            filter.replace("amount", "age").parse().expect("a filter")
        });
        let all: Vec<Vec<bool>> = filters.iter().map(|filter| taken(&of(filter))).collect();
        let told = found(&journey, Code::Never);
        for (i, case) in all.iter().enumerate() {
            let left = (0..case.len()).any(|at| case[at] && !all[..i].iter().any(|before| before[at]));
            let path = format!("/nodes/1/data/cases/{i}");
            prop_assert_eq!(told.iter().any(|found| found.path == path), !left, "{:?} {:?}", filters, told);
        }
    }
}
