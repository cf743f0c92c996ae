//! Conditions inside JSON documents, and items of lists whatever their case, in each dialect.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Code, Filter, Timestamp};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};
use expect_test::{Expect, expect};

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "customers", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false},
            {"name": "tags", "type": "list<string>"},
            {"name": "extra", "type": "json"}]},
            "events": [{"name": "visit", "table": "visits", "customer": "who", "time": "at",
                "fields": [{"name": "page", "type": "json"}]}]}"#,
    )
    .expect("a valid catalog")
}

/// The dialects that read documents.
const READERS: [Dialect; 6] =
    [Dialect::PostgreSql, Dialect::MySql, Dialect::Sqlite, Dialect::DuckDb, Dialect::ClickHouse, Dialect::Spark];

fn sql(filter: &str, dialect: Dialect) -> Result<cvm_sql::Query, cvm_core::Diagnostics> {
    let filter: Filter = filter.parse().expect("a filter");
    let as_of = Timestamp::parse_utc("2024-03-31T12:00:00Z").expect("an instant");
    let options = SqlOptions { parameters: false, ..SqlOptions::new(dialect, Statement::Members) };
    to_sql(&filter, &catalog(), as_of, &options)
}

fn check(filter: &str, expected: Expect) {
    let mut shown = String::new();
    for dialect in READERS {
        let query = sql(filter, dialect).expect("a query");
        let condition = query.sql.split_once(" WHERE ").expect("a condition").1.to_owned();
        shown.push_str(&format!("{dialect}: {condition}\n"));
    }
    expected.assert_eq(&shown);
}

#[test]
fn equality_by_kind() {
    check("extra.plan.tier in ('gold', 1, true)", expect![[""]]);
}

#[test]
fn what_is_of_another_kind_fails_and_is_there() {
    check("extra.plan.seats not between 1 and 2.5 without missing", expect![[""]]);
}

#[test]
fn whole_numbers_that_floats_can_not_tell_apart() {
    check("extra.n > 9007199254740993", expect![[""]]);
}

#[test]
fn null_is_missing() {
    check("extra is set and extra.plan is not set", expect![[""]]);
}

#[test]
fn a_number_in_a_path_is_a_key_or_an_index() {
    check("extra.seats.0 = 'a'", expect![[""]]);
}

#[test]
fn arrays() {
    check("extra.flags has all ('a', 1) or extra.flags is empty", expect![[""]]);
}

#[test]
fn items_whatever_their_case() {
    check("tags has none ('VIP') without missing", expect![[""]]);
}

#[test]
fn in_events_too() {
    check("visit where page.url starts with '/shop'", expect![[""]]);
}

/// What a dialect can't say exactly is refused at its node.
#[test]
fn refused() {
    let refused = |filter: &str, dialect: Dialect| {
        let findings = sql(filter, dialect).expect_err("a refusal");
        let [finding] = findings.0.as_slice() else { panic!("one finding: {findings}") };
        assert_eq!(finding.code, Code::NotSupported);
        finding.message.clone()
    };
    for dialect in Dialect::ALL.iter().filter(|dialect| !READERS.contains(dialect)) {
        refused("extra.plan.tier = 'gold'", *dialect);
        refused("extra is set", *dialect);
    }
    for dialect in READERS {
        refused("extra.seats.01 = 1", dialect);
    }
    for dialect in [Dialect::MySql, Dialect::Sqlite, Dialect::ClickHouse, Dialect::Spark] {
        refused("extra.0.1.2 = 1", dialect);
    }
    for dialect in [Dialect::DataFusion, Dialect::Snowflake, Dialect::Redshift, Dialect::SqlServer] {
        refused("tags has any ('VIP') ignoring case", dialect);
    }
}

/// Keys are names: they are never parameters, and can't leave their quotes.
#[test]
fn keys_stay_in_their_quotes() {
    let filter =
        Filter::from_json(r#"{"type": "condition", "field": "extra.it's \\", "op": "is_set"}"#).expect("a filter");
    let as_of = Timestamp::parse_utc("2024-03-31T12:00:00Z").expect("an instant");
    for (dialect, key) in [
        (Dialect::PostgreSql, r"'it''s \'"),
        (Dialect::MySql, r#"'$."it''s \\\\"'"#),
        (Dialect::DuckDb, r"'/it''s \'"),
        (Dialect::ClickHouse, r"'it''s \\'"),
        (Dialect::Spark, r#"'$["it\'s \\"]'"#),
    ] {
        let query = to_sql(&filter, &catalog(), as_of, &SqlOptions::new(dialect, Statement::Members)).expect("a query");
        assert!(query.sql.contains(key), "{dialect}: {}", query.sql);
        assert!(query.params.is_empty());
    }
}
