//! Statements by the database's own clock.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Filter, Timestamp};
use cvm_sql::{Clock, Dialect, SqlOptions, Statement, to_sql};

fn catalog(zone: &str) -> Catalog {
    Catalog::from_json(&format!(
        r#"{{"customers": {{"table": "c", "key": "id", "fields": [
            {{"name": "id", "type": "int", "nullable": false}},
            {{"name": "born", "type": "date"}},
            {{"name": "seen", "type": "timestamp"}}]}},
            "events": [{{"name": "buy", "table": "e", "customer": "id", "time": "at"}}],
            "week_start": "sunday", "fiscal_year_start": 4, "zone": "{zone}"}}"#
    ))
    .expect("a valid catalog")
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_utc(text).expect("an instant")
}

fn condition(text: &str, zone: &str, dialect: Dialect, as_of: Timestamp, clock: Clock) -> String {
    let filter: Filter = text.parse().expect("a filter");
    let options = SqlOptions { parameters: false, clock, ..SqlOptions::new(dialect, Statement::Members) };
    match to_sql(&filter, &catalog(zone), as_of, &options) {
        Ok(query) => query.sql.split_once(" WHERE ").map_or("no condition".to_owned(), |(_, c)| c.to_owned()),
        Err(findings) => findings.to_string(),
    }
}

const FILTERS: &[&str] = &[
    "seen within last 90 days",
    "not (seen within last 90 days)",
    "seen within coming 2 hours",
    "seen within this week",
    "seen within previous 2 quarters",
    "seen within last 3 months",
    "seen >= now",
    "seen >= start of month",
    "born within last 1 month",
    "born within this year",
    "born = now",
    "born != now",
    "born <= 1 quarter ago",
    "count(buy) >= 1",
    "count(buy within previous 1 month) = 0",
    "count(buy within ('2024-01-01' to '2030-01-01')) > 2",
];

/// What moves is said by the database's clock alone: nothing of the caller's instant is left in the text.
#[test]
fn the_callers_instant_plays_no_part() {
    for dialect in Dialect::ALL {
        for text in FILTERS {
            let said = |as_of, clock| condition(text, "UTC", *dialect, at(as_of), clock);
            let (one, other) = ("2024-02-29T12:00:00Z", "2025-12-31T23:59:59Z");
            assert_eq!(said(one, Clock::Database), said(other, Clock::Database), "{dialect}: {text}");
            assert!(!said(one, Clock::Database).contains("frozen clock"), "{dialect}: {text}");
            assert_ne!(said(one, Clock::Frozen), said(other, Clock::Frozen), "{dialect}: {text}");
        }
    }
}

#[test]
fn what_has_no_moving_form_is_refused() {
    for dialect in [Dialect::Sqlite, Dialect::SqlServer, Dialect::DataFusion] {
        let said = condition("seen >= now", "Europe/Paris", dialect, at("2024-03-31T12:00:00Z"), Clock::Database);
        assert!(said.contains("use the frozen clock"), "{said}");
    }
    for dialect in Dialect::ALL {
        let text = "born anniversary within coming 7 days";
        let said = condition(text, "UTC", *dialect, at("2024-03-31T12:00:00Z"), Clock::Database);
        assert!(said.contains("use the frozen clock"), "{said}");
    }
}
