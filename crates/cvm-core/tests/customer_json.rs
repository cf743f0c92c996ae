//! Customers as a request carries them: read into rows and histories, or refused with the place.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

use cvm_core::{Catalog, Code, Date, Diagnostics, History, Value};

const SHOP: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "day", "type": "date"},
        {"name": "at", "type": "timestamp"}, {"name": "lat", "type": "float"}, {"name": "tags", "type": "list<string>"},
        {"name": "doc", "type": "json"}]},
    "events": [
        {"name": "buy", "table": "buys", "customer": "id", "time": "at", "fields": [
            {"name": "amount", "type": "decimal(10,2)"}, {"name": "qty", "type": "int"},
            {"name": "price", "type": "float"}]},
        {"name": "see", "table": "sees", "customer": "id", "time": "at"},
        {"name": "bill", "table": "bills", "customer": "id", "time": "day", "time_type": "date",
            "fields": [{"name": "sum", "type": "int"}]}],
    "related": [{"name": "cards", "table": "cards", "customer": "id", "fields": [
        {"name": "limit", "type": "int"}, {"name": "until", "type": "date"}]}],
    "zone": "Europe/Paris"}"#;

#[test]
fn customers_come_as_json() {
    let catalog = Catalog::from_json(SHOP).expect("a catalog");
    let row = catalog
        .profile_from_json(&serde_json::json!({"id": 3, "day": "2024-02-29", "at": "2024-03-31T03:30:00", "doc": [1]}))
        .expect("valid");
    assert_eq!(row[1], Value::Date(Date::parse("2024-02-29").expect("a day")));
    // Paris has summer time from 02:00 on.
    assert_eq!(row[2].to_string(), "2024-03-31T01:30:00Z");
    assert_eq!((&row[3], &row[5]), (&Value::Missing, &Value::Json(serde_json::json!([1]))));
    let history = catalog
        .history_from_json(&serde_json::json!({
            "events": [{"event": "bill", "time": "2024-03-01", "properties": {"sum": 5}},
                {"event": "buy", "time": "2024-03-01T10:00:00Z", "properties": {"amount": "19.90", "price": 2}}],
            "related": {"cards": [{"limit": null}]}}))
        .expect("valid");
    assert_eq!(history.events.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 1]);
    assert_eq!(history.events[0][0].properties[2], Value::Float(2.0));
    assert_eq!(history.related, [vec![vec![Value::Missing, Value::Missing]]]);

    let findings = |result: Result<History, Diagnostics>| {
        let findings = result.expect_err("findings");
        findings.0.iter().map(|finding| (finding.code, finding.path.clone())).collect::<Vec<_>>()
    };
    let wrong = serde_json::json!([
        {"event": "bye", "time": "2024-03-01T10:00:00Z"},
        {"event": "buy"},
        {"event": "buy", "time": "2024-03-01", "colour": 1},
        {"event": "buy", "time": "2024-03-01T10:00:00Z", "properties": {"qty": 2.5, "amount": 1.234, "items": 1}},
        {"time": "2024-03-01T10:00:00Z"}]);
    let expected = [
        (Code::UnknownEvent, "/0/event"),
        (Code::MissingKey, "/1"),
        (Code::UnknownKey, "/2/colour"),
        (Code::InvalidValue, "/2/time"),
        (Code::InvalidValue, "/3/properties/amount"),
        (Code::UnknownField, "/3/properties/items"),
        (Code::InvalidValue, "/3/properties/qty"),
        (Code::MissingKey, "/4"),
    ];
    let expected: Vec<_> = expected.iter().map(|(code, path)| (*code, (*path).to_owned())).collect();
    let mut found = findings(catalog.history_from_json(&wrong));
    found.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(found, expected);
    for (json, code) in [
        (serde_json::json!({"idd": 1}), Code::UnknownField),
        (serde_json::json!({"id": "1"}), Code::TypeMismatch),
        (serde_json::json!([]), Code::WrongKind),
        (serde_json::json!({"tags": ["a", 1]}), Code::TypeMismatch),
        (serde_json::json!({"day": "29.02.2024"}), Code::InvalidValue),
    ] {
        assert_eq!(catalog.profile_from_json(&json).expect_err("wrong").0[0].code, code, "{json}");
    }
}
