//! What is done with a filter that was read.

use std::sync::OnceLock;

use cvm_core::{Catalog, Filter, Timestamp, Value, bind, check, evaluate, optimize};
use cvm_sql::{Dialect, SqlOptions, Statement, to_sql};

/// The catalog whose names the words use.
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        Catalog::from_json(
            r#"{"customers": {"table": "c", "key": "id", "fields": [
                {"name": "id", "type": "int", "nullable": false}, {"name": "a", "type": "int"},
                {"name": "s", "type": "string"}, {"name": "b", "type": "bool"}, {"name": "d", "type": "decimal(9,2)"},
                {"name": "x", "type": "float"}, {"name": "t", "type": "timestamp"}, {"name": "day", "type": "date"},
                {"name": "tags", "type": "list<string>"}, {"name": "j", "type": "json"}]},
            "events": [{"name": "buy", "table": "e", "customer": "id", "time": "at",
                "fields": [{"name": "amount", "type": "int"}]}],
            "related": [{"name": "cards", "table": "k", "customer": "id", "fields": [{"name": "n", "type": "int"}]}],
            "segments": [{"name": "vip", "filter": {"type": "everyone"}}]}"#,
        )
        .expect("a catalog")
    })
}

/// Everything that can be asked of a filter.
pub fn used(filter: &Filter) {
    let as_of = Timestamp::parse_utc("2024-02-29T12:00:00Z").expect("an instant");
    assert_eq!(filter.fingerprint(), filter.clone().fingerprint());
    if check(filter, catalog()).is_err() {
        return;
    }
    let Ok(predicate) = bind(filter, catalog(), as_of) else { return };
    let smaller = optimize(filter, catalog()).filter;
    assert!(smaller.leaf_count() <= filter.leaf_count(), "{filter} grew to {smaller}");
    let after = bind(&smaller, catalog(), as_of).expect("an optimised filter is valid");
    for row in rows() {
        assert_eq!(evaluate(&predicate, row), evaluate(&after, row), "{filter} became {smaller}");
    }
    for dialect in Dialect::ALL {
        for parameters in [true, false] {
            let options = SqlOptions { parameters, ..SqlOptions::new(*dialect, Statement::Members) };
            let _ = to_sql(filter, catalog(), as_of, &options);
        }
    }
}

/// A customer of whom nothing is known, and one of whom all is.
fn rows() -> &'static [Vec<Value>] {
    static ROWS: OnceLock<Vec<Vec<Value>>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let text = |text: &str| Value::Str(text.to_owned());
        let all = vec![
            Value::Int(1),
            Value::Int(3),
            text("a"),
            Value::Bool(true),
            Value::Decimal("1.50".parse().expect("a decimal")),
            Value::Float(-0.0),
            Timestamp::parse_utc("2024-01-01T00:00:00Z").map_or(Value::Missing, Value::Timestamp),
            Value::Missing,
            Value::List(vec![text("vip")]),
            Value::Missing,
        ];
        vec![vec![Value::Int(1)], all]
    })
}
