//! Wrong filters, in JSON and in text form, and exactly what is said about each.
//!
//! `UPDATE_EXPECT=1 cargo test -p cvm-tests` writes the messages anew: read each one aloud before it is kept.

mod behaviour;
mod keys;
mod limits;
mod names;
mod operators;
mod population;
mod text;
mod times;
mod values;

use std::collections::BTreeSet;

use cvm::{Catalog, Code, Diagnostics, Timestamp};
use expect_test::Expect;

/// A wrong filter and what is said about it.
pub struct Case {
    pub input: String,
    pub expect: Expect,
}

fn case(input: impl Into<String>, expect: Expect) -> Case {
    Case { input: input.into(), expect }
}

/// A condition in JSON; the value is JSON, too.
fn on(field: &str, op: &str, value: &str) -> String {
    format!(r#"{{"type": "condition", "field": "{field}", "op": "{op}", "value": {value}}}"#)
}

/// Every wrong filter.
pub fn all() -> Vec<Case> {
    [
        keys::cases(),
        names::cases(),
        operators::cases(),
        values::cases(),
        times::cases(),
        behaviour::cases(),
        population::cases(),
        limits::cases(),
        text::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The customers that the filters are about, with an event and a table of each kind.
pub fn catalog() -> Catalog {
    Catalog::from_json(CATALOG).expect("a valid catalog")
}

pub const CATALOG: &str = r#"{
    "customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false},
        {"name": "name", "type": "string"},
        {"name": "age", "type": "int", "label": "Age in years"},
        {"name": "total_spent", "type": "decimal(12,2)", "aliases": ["revenue", "lifetime value"]},
        {"name": "score", "type": "float"},
        {"name": "city", "type": "string", "enum": ["Paris", "Lyon", "Nice"]},
        {"name": "vip", "type": "bool"},
        {"name": "birthday", "type": "date"},
        {"name": "signed_up", "type": "timestamp"},
        {"name": "tags", "type": "list<string>"},
        {"name": "attributes", "type": "json"},
        {"name": "lat", "type": "float"},
        {"name": "lon", "type": "float"}]},
    "events": [
        {"name": "purchase", "table": "events", "customer": "customer_id", "time": "at", "name_column": "kind",
         "fields": [{"name": "amount", "type": "decimal(10,2)"}, {"name": "item", "type": "string"}]},
        {"name": "visit", "table": "events", "customer": "customer_id", "time": "at", "name_column": "kind",
         "fields": [{"name": "page", "type": "string"}]}],
    "related": [
        {"name": "orders", "table": "orders", "customer": "customer_id",
         "fields": [{"name": "status", "type": "string"}, {"name": "total", "type": "decimal(10,2)"}]}],
    "segments": [{"name": "loyal", "filter": {"type": "condition", "field": "age", "op": "gte", "value": 30}}],
    "lists": [{"name": "blocked", "members": [1, 2]}],
    "zone": "Europe/Paris"}"#;

pub fn as_of() -> Timestamp {
    cvm::read_instant("2024-07-01T12:00:00Z", "UTC").expect("an instant")
}

/// What is said about a filter: when it is read, else when it is checked, else when it is run.
pub fn findings(input: &str, catalog: &Catalog) -> Result<(), Diagnostics> {
    let filter = cvm::read_filter(input)?;
    cvm_core::check(&filter, catalog)?;
    cvm_core::bind(&filter, catalog, as_of()).map(|_| ())
}

#[test]
fn each_says_what_is_wrong() {
    let catalog = catalog();
    let cases = all();
    assert!(cases.len() >= 45, "{} wrong filters", cases.len());
    for case in cases {
        let shown: String = case.input.chars().take(300).collect();
        let findings = findings(&case.input, &catalog).expect_err(&shown);
        case.expect.assert_eq(&findings.to_string());
    }
}

/// The parts of a message that a program uses are in the style of the others.
#[test]
fn messages_keep_the_style() {
    let catalog = catalog();
    for case in all() {
        for finding in findings(&case.input, &catalog).expect_err("a wrong filter").iter() {
            for text in [Some(&finding.message), finding.help.as_ref()].into_iter().flatten() {
                assert!(!text.ends_with('.') && !text.ends_with('\n'), "a full stop ends: {text}");
                assert!(!text.starts_with(char::is_uppercase), "a capital begins: {text}");
                assert!(!text.contains("::") && !text.contains("Some("), "a Rust name is in: {text}");
            }
            assert!(finding.path.is_empty() || finding.path.starts_with('/'), "no pointer: {}", finding.path);
        }
    }
}

/// Each code that a filter can get stands in the table.
#[test]
fn every_code_is_there() {
    use Code as C;
    let catalog = catalog();
    let seen: BTreeSet<Code> = all()
        .iter()
        .flat_map(|case| findings(&case.input, &catalog).expect_err("a wrong filter").0)
        .map(|finding| finding.code)
        .collect();
    let others = [
        C::SegmentCycle, // below: a catalog that was read has no cycles
        C::CatalogName,
        C::CatalogKey,
        C::CatalogType,
        C::CatalogSetting,
        C::TableShape,
        C::BadRows,
        C::KeyNotUnique,
        C::SourceNotFound,
        C::SourceKind,
        C::NothingLoaded,
        C::UnknownCustomer,
        C::UnknownOption,
        C::NotSupported, // by dialects: see the SQL tests
        C::MemoryBudget, // of indexes, not of filters
        C::Cancelled,
        C::Execution,
    ];
    let lacking: Vec<&Code> = Code::ALL.iter().filter(|code| !seen.contains(code) && !others.contains(code)).collect();
    assert!(lacking.is_empty(), "no wrong filter has {lacking:?}");
}

/// Catalogs can be made without being read, so the cycle is also found when a filter is run.
#[test]
fn a_segment_that_refers_to_itself() {
    let mut catalog = catalog();
    let mut first = catalog.segments[0].clone();
    first.name = "first".to_owned();
    first.filter = "segment second or age > 20".parse().expect("a filter");
    let mut second = first.clone();
    second.name = "second".to_owned();
    second.filter = "not segment first".parse().expect("a filter");
    catalog.segments.extend([first, second]);
    let findings = findings("age > 1 and segment first", &catalog).expect_err("a cycle");
    expect_test::expect![
        "CVM_SEGMENT_CYCLE at /children/1/segment: the segment `first` refers to itself: first → second → first"
    ]
    .assert_eq(&findings.to_string());
}
