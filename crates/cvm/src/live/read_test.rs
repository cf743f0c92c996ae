use cvm_core::{Catalog, Code, Value};
use cvm_index::live::{Change, Properties};
use serde_json::{Value as Json, json};

use super::changes;

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "c", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "plan", "type": "string"},
            {"name": "age", "type": "int"}]},
        "events": [{"name": "buy", "table": "b", "customer": "id", "time": "at",
            "fields": [{"name": "amount", "type": "decimal(10,2)"}, {"name": "shop", "type": "string"}]}],
        "related": [{"name": "pets", "table": "p", "customer": "id", "fields": [{"name": "kind", "type": "string"}]}]}"#,
    )
    .expect("a catalog")
}

#[test]
fn each_kind_of_change() {
    let json = json!([
        {"key": 7, "event": "buy", "time": "2024-05-01T10:00:00Z", "properties": {"shop": "north"}},
        {"key": "x", "fields": {"age": 40, "plan": null}},
        {"key": 7, "table": "pets", "rows": [{"kind": "cat"}, {}]},
        {"key": 7, "erase": true},
    ]);
    let found = changes(&catalog(), &json).expect("changes");
    let Change::Event { key, properties, .. } = &found[0] else { panic!("{found:?}") };
    let shop = Value::Str("north".to_owned());
    assert_eq!((key, properties), (&Value::Int(7), &Properties::Ordered(vec![Value::Missing, shop])));
    let fields = vec![("plan".to_owned(), Value::Missing), ("age".to_owned(), Value::Int(40))];
    assert_eq!(found[1], Change::Profile { key: Value::Str("x".to_owned()), fields });
    let rows = vec![vec![Value::Str("cat".to_owned())], vec![Value::Missing]];
    assert_eq!(found[2], Change::Related { key: Value::Int(7), table: "pets".to_owned(), rows });
    assert_eq!(found[3], Change::Erase { key: Value::Int(7) });
}

#[test]
fn every_finding_says_where() {
    let wrong = |json: Json| -> Vec<(Code, String)> {
        let findings = changes(&catalog(), &json).expect_err("wrong");
        findings.0.into_iter().map(|finding| (finding.code, finding.path)).collect()
    };
    let one = |json: Json| wrong(json!([{"key": 1, "erase": true}, json]));
    let is = |code, path: &str| vec![(code, path.to_owned())];
    assert_eq!(wrong(json!({})), is(Code::WrongKind, ""));
    assert_eq!(one(json!(3)), is(Code::WrongKind, "/1"));
    assert_eq!(one(json!({"key": 7})), is(Code::MissingKey, "/1"));
    assert_eq!(one(json!({"key": 7, "erase": true, "fields": {}})), is(Code::MissingKey, "/1"));
    assert_eq!(one(json!({"key": 7.5, "erase": true})), is(Code::TypeMismatch, "/1/key"));
    assert_eq!(one(json!({"erase": true})), is(Code::MissingKey, "/1"));
    assert_eq!(one(json!({"key": 7, "erase": false})), is(Code::WrongKind, "/1/erase"));
    assert_eq!(one(json!({"key": 7, "erase": true, "rows": []})), is(Code::UnknownKey, "/1/rows"));
    assert_eq!(one(json!({"key": 7, "fields": {"plam": "x"}})), is(Code::UnknownField, "/1/fields/plam"));
    assert_eq!(one(json!({"key": 7, "fields": {"age": "x"}})), is(Code::TypeMismatch, "/1/fields/age"));
    assert_eq!(one(json!({"key": 7, "table": "pet", "rows": []})), is(Code::UnknownTable, "/1/table"));
    assert_eq!(one(json!({"key": 7, "table": "pets"})), is(Code::MissingKey, "/1"));
    assert_eq!(
        one(json!({"key": 7, "table": "pets", "rows": [{"kind": 1}]})),
        is(Code::TypeMismatch, "/1/rows/0/kind")
    );
    assert_eq!(one(json!({"key": 7, "event": "bye", "time": "2024-05-01"})), is(Code::UnknownEvent, "/1/event"));
    assert_eq!(one(json!({"key": 7, "event": "buy"})), is(Code::MissingKey, "/1"));
    assert_eq!(
        one(json!({"key": 7, "event": "buy", "time": "2024-05-01T00:00:00Z", "amount": 3})),
        is(Code::UnknownKey, "/1/amount")
    );
    assert_eq!(one(json!({"key": 7, "erase": true, "a/b": 3})), is(Code::UnknownKey, "/1/a~1b"));
    // All of them at once, also those of one change.
    let several = wrong(json!([{"fields": {"age": "x", "plan": 3}}, {"key": 7, "event": "buy", "time": "now"}]));
    assert_eq!(several.len(), 4, "{several:?}");
}
