//! `… OR x IS NULL` is written where it says something, and nowhere else.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Filter, Timestamp};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};

fn condition(text: &str) -> String {
    let catalog = Catalog::from_json(
        r#"{"customers": {"table": "c", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "x", "type": "int"},
            {"name": "y", "type": "int"}, {"name": "f", "type": "float"}]}}"#,
    )
    .expect("a valid catalog");
    let filter: Filter = text.parse().expect("a filter");
    let options = SqlOptions { parameters: false, ..SqlOptions::new(Dialect::PostgreSql, Statement::Members) };
    let at = Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant");
    let sql = to_sql(&filter, &catalog, at, &options).expect("a statement").sql;
    sql.split_once(" WHERE ").expect("a condition").1.replace("c.", "").replace('"', "")
}

#[test]
fn beside_a_condition_that_needs_the_field() {
    for (filter, sql) in [
        ("x <= 5 and x != 1", "x <= 5 AND x <> 1"),
        ("x is set and not (x between 2 and 3)", "x IS NOT NULL AND x NOT BETWEEN 2 AND 3"),
        // Further in too: whatever the inner group says of a missing x, the outer one fails.
        ("x <= 5 and (y > 1 or x not in (1, 2))", "x <= 5 AND (y > 1 OR x NOT IN (1, 2))"),
        ("x = field(y) and y != 3", "x = y AND y <> 3"),
        // The need is nobody else's: not of an `or`, not of another field, not of a condition that lets missing pass.
        ("x <= 5 or x != 1", "x <= 5 OR x <> 1 OR x IS NULL"),
        ("(x <= 5 or y = 2) and x != 1", "(x <= 5 OR y = 2) AND (x <> 1 OR x IS NULL)"),
        ("y <= 5 and x != 1", "y <= 5 AND (x <> 1 OR x IS NULL)"),
        ("x <= 5 with missing and x != 1", "(x <= 5 OR x IS NULL) AND (x <> 1 OR x IS NULL)"),
        // NaN is missing and no NULL: floats say all of it.
        ("f <= 5 and f != 1", "f <= 5.0 AND (f <> 1.0 OR f IS NULL OR f = CAST('NaN' AS DOUBLE PRECISION))"),
    ] {
        assert_eq!(condition(filter), sql, "{filter}");
    }
}
