//! What marketers ask: a pool of conditions, as text for the index and as SQL over one wide table for its peers.
//!
//! The wide table has a row for each customer: the fields, and a column for every count, sum and last time that some
//! condition asks for (`purchase_count_90`, `purchase_sum_30`, `visit_last`).

use serde_json::{Value, json};

/// One condition in every form that is needed.
pub struct Condition {
    /// For the index.
    pub text: String,
    /// For DuckDB and ClickHouse, over the wide table; customers without a value come out as NULL.
    pub sql: String,
    /// For Polars: the column, what it is compared by, and with what.
    pub parts: Value,
    /// Whether the SQL may be NULL, which matters below a NOT.
    pub nullable: bool,
    /// What it is about: a segment takes at most one of each.
    pub about: &'static str,
}

impl Condition {
    pub fn json(&self) -> Value {
        json!({"text": self.text, "sql": self.sql, "parts": self.parts, "nullable": self.nullable})
    }
}

fn condition(about: &'static str, text: String, sql: String, op: &str, values: Value, nullable: bool) -> Condition {
    let parts = json!({"column": about, "op": op, "values": values});
    Condition { text, sql, parts, nullable, about }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}

/// `country in (…)`.
fn one_of(field: &'static str, words: &[&str], nullable: bool) -> Condition {
    let list = quoted(words);
    condition(field, format!("{field} in ({list})"), format!("{field} IN ({list})"), "in", json!(words), nullable)
}

/// A field beside a number.
fn number(field: &'static str, op: &str, n: i64, nullable: bool) -> Condition {
    condition(field, format!("{field} {op} {n}"), format!("{field} {op} {n}"), op, json!([n]), nullable)
}

fn between(field: &'static str, low: i64, high: i64, nullable: bool) -> Condition {
    let text = format!("{field} between {low} and {high}");
    let sql = format!("{field} BETWEEN {low} AND {high}");
    condition(field, text, sql, "between", json!([low, high]), nullable)
}

/// What a field says of a customer: the conditions on the fields of the customers.
pub fn fields() -> Vec<Condition> {
    let mut pool = Vec::new();
    for group in [
        &["FR"][..],
        &["DE"],
        &["ES"],
        &["IT"],
        &["PL"],
        &["FR", "BE", "LU"],
        &["DE", "AT", "CH"],
        &["ES", "PT"],
        &["BE", "NL", "LU"],
        &["DK", "PL"],
        &["AT", "BE", "DE", "ES", "FR", "IT", "LU", "NL", "PT"],
    ] {
        pool.push(one_of("country", group, false));
    }
    for group in [
        &["City 0001"][..],
        &["City 0007"],
        &["City 0040"],
        &["City 0002", "City 0003", "City 0005"],
        &["City 0010", "City 0011", "City 0012", "City 0013", "City 0014", "City 0015"],
    ] {
        pool.push(one_of("city", group, true));
    }
    let prefix = |start: &str| {
        let (text, sql) = (format!("city starts with '{start}'"), format!("city LIKE '{start}%'"));
        condition("city", text, sql, "prefix", json!([start]), true)
    };
    pool.extend([prefix("City 00"), prefix("City 1")]);
    pool.push(condition("city", "city is set".into(), "city IS NOT NULL".into(), "set", json!([]), false));
    for group in [&["gold"][..], &["silver"], &["silver", "gold"], &["basic"]] {
        pool.push(one_of("tier", group, false));
    }
    for (low, high) in [(18, 25), (26, 35), (36, 45), (46, 55), (56, 65), (25, 45), (30, 60), (40, 49)] {
        pool.push(between("age", low, high, true));
    }
    pool.extend([("<", 30), (">=", 60), (">=", 21), (">=", 50)].map(|(op, n)| number("age", op, n, true)));
    pool.push(condition("age", "age is not set".into(), "age IS NULL".into(), "unset", json!([]), false));
    for (text, sql, wanted) in [("consent = true", "consent", true), ("consent = false", "NOT consent", false)] {
        pool.push(condition("consent", text.into(), sql.into(), "is", json!([wanted]), false));
    }
    for (op, day) in [
        (">=", "2024-01-01"),
        (">=", "2023-01-01"),
        (">=", "2021-06-01"),
        (">=", "2018-01-01"),
        ("<", "2017-01-01"),
        ("<", "2020-01-01"),
        ("<", "2022-03-15"),
    ] {
        let (text, sql) = (format!("signed_up {op} '{day}'"), format!("signed_up {op} DATE '{day}'"));
        pool.push(condition("signed_up", text, sql, op, json!([day]), false));
    }
    for (op, amount) in [(">", 100), (">", 500), (">", 1000), (">", 2500), ("<", 50), ("<", 250), (">=", 4000)] {
        let (text, sql) = (format!("spent {op} '{amount}.00'"), format!("spent {op} {amount}.00"));
        pool.push(condition("spent", text, sql, op, json!([amount]), false));
    }
    for (op, n) in [(">=", 1), (">=", 2), (">=", 3), (">=", 5), (">=", 10), (">=", 25), ("=", 0), ("<", 4)] {
        pool.push(number("orders", op, n, false));
    }
    pool.push(between("orders", 2, 9, false));
    pool
}

/// What customers did: counts, sums and last times of events.
pub fn behaviour() -> Vec<Condition> {
    let mut pool = Vec::new();
    for (kind, days, op, n) in [
        ("purchase", 7, ">=", 1),
        ("purchase", 30, ">=", 1),
        ("purchase", 30, "=", 0),
        ("purchase", 90, "=", 0),
        ("purchase", 90, ">=", 2),
        ("purchase", 365, "=", 0),
        ("purchase", 365, ">=", 1),
        ("purchase", 365, ">=", 3),
        ("visit", 7, ">=", 1),
        ("visit", 30, ">=", 2),
        ("visit", 30, "=", 0),
        ("visit", 90, ">=", 3),
        ("visit", 90, "=", 0),
        ("visit", 365, ">=", 10),
        ("open", 7, ">=", 1),
        ("open", 30, "=", 0),
        ("open", 90, "=", 0),
        ("open", 90, ">=", 2),
        ("open", 365, "=", 0),
        ("open", 365, ">=", 5),
    ] {
        let column = format!("{kind}_count_{days}");
        let text = format!("count({kind} within last {days} days) {op} {n}");
        pool.push(measured(kind, text, format!("{column} {op} {n}"), &column, op, json!([n]), false));
    }
    for (days, op, amount) in [
        (7, ">", 50),
        (30, ">=", 100),
        (90, ">", 300),
        (90, ">=", 150),
        (365, ">", 500),
        (365, "<", 20),
        (365, ">=", 250),
    ] {
        let column = format!("purchase_sum_{days}");
        let text = format!("sum(purchase.amount within last {days} days) {op} '{amount}.00'");
        pool.push(measured(
            "purchase",
            text,
            format!("{column} {op} {amount}.00"),
            &column,
            op,
            json!([amount]),
            false,
        ));
    }
    let large = "count(purchase within last 365 days where amount > '150.00')";
    for n in [1, 2] {
        let sql = format!("purchase_large_365 >= {n}");
        pool.push(measured("purchase", format!("{large} >= {n}"), sql, "purchase_large_365", ">=", json!([n]), false));
    }
    for (kind, op, days, ago) in [
        ("visit", ">", 7, "2024-06-23 12:00:00"),
        ("visit", ">", 30, "2024-05-31 12:00:00"),
        ("visit", "<", 90, "2024-04-01 12:00:00"),
        ("purchase", ">", 30, "2024-05-31 12:00:00"),
        ("purchase", "<", 90, "2024-04-01 12:00:00"),
        ("open", ">", 7, "2024-06-23 12:00:00"),
        ("open", "<", 90, "2024-04-01 12:00:00"),
    ] {
        let column = format!("{kind}_last");
        let sql = format!("{column} {op} TIMESTAMP '{ago}'");
        let text = format!("last time({kind}) {op} {days} days ago");
        pool.push(measured(kind, text, sql, &column, &format!("time {op}"), json!([ago]), true));
    }
    pool
}

fn measured(
    kind: &'static str,
    text: String,
    sql: String,
    column: &str,
    op: &str,
    values: Value,
    nullable: bool,
) -> Condition {
    let parts = json!({"column": column, "op": op, "values": values});
    Condition { text, sql, parts, nullable, about: kind }
}
