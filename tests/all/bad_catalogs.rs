//! Wrong catalogs, and exactly what is said about each.

use cvm::Catalog;
use expect_test::{Expect, expect};

/// A catalog with this key, these fields and what `rest` adds.
fn with(key: &str, fields: &str, rest: &str) -> String {
    format!(r#"{{"customers": {{"table": "customers", "key": "{key}", "fields": [{fields}]}}{rest}}}"#)
}

const ID: &str = r#"{"name": "id", "type": "int", "nullable": false}"#;

/// A right customer table with one field, and what `rest` adds.
fn and(rest: &str) -> String {
    with("id", ID, &format!(", {rest}"))
}

fn field(rest: &str) -> String {
    with("id", &format!("{ID}, {rest}"), "")
}

fn cases() -> Vec<(String, Expect)> {
    vec![
        ("{}".to_owned(), expect!["CVM_MISSING_KEY: the key `customers` is missing"]),
        ("[]".to_owned(), expect!["CVM_WRONG_KIND: expected an object, found an array"]),
        (
            r#"{"customers": {"table": "customers", "key": "id"}}"#.to_owned(),
            expect!["CVM_MISSING_KEY at /customers: the key `fields` is missing"],
        ),
        (with("id", "", ""), expect!["CVM_CATALOG_KEY at /customers/key: the key `id` is not a field"]),
        // Keys.
        (
            with("idd", ID, ""),
            expect!["CVM_CATALOG_KEY at /customers/key: the key `idd` is not a field (did you mean `id`?)"],
        ),
        (
            with("id", r#"{"name": "id", "type": "int"}"#, ""),
            expect![[
                r#"CVM_CATALOG_KEY at /customers/key: the key `id` may be missing; a key is never missing: declare the field with `"nullable": false`"#
            ]],
        ),
        (
            with("id", r#"{"name": "id", "type": "float", "nullable": false}"#, ""),
            expect!["CVM_CATALOG_KEY at /customers/key: the key `id` is of type float; a key is an int or a string"],
        ),
        // Names.
        (
            field(r#"{"name": "id", "type": "string"}"#),
            expect!["CVM_CATALOG_NAME at /customers/fields/1/name: the field `id` stands twice"],
        ),
        (
            field(r#"{"name": "", "type": "string"}"#),
            expect!["CVM_CATALOG_NAME at /customers/fields/1/name: the field has no name"],
        ),
        (
            field(r#"{"name": "a\u0000b", "type": "string"}"#),
            expect!["CVM_CATALOG_NAME at /customers/fields/1/name: the name holds a NUL character"],
        ),
        (
            r#"{"customers": {"table": "crm..customers", "key": "id", "fields": []}}"#.to_owned(),
            expect![[r#"
            CVM_CATALOG_NAME at /customers/table: `crm..customers` is no table name; write `table` or `schema.table`
            CVM_CATALOG_KEY at /customers/key: the key `id` is not a field"#]],
        ),
        // Types.
        (
            field(r#"{"name": "age", "type": "integer"}"#),
            expect![
                "CVM_CATALOG_TYPE at /customers/fields/1/type: `integer` is no type; the types are bool, int, float, decimal(precision,scale), string, date, timestamp, list<type>, json (did you mean `int`?)"
            ],
        ),
        (
            field(r#"{"name": "age", "type": "varchar(20)"}"#),
            expect![
                "CVM_CATALOG_TYPE at /customers/fields/1/type: `varchar(20)` is no type; the types are bool, int, float, decimal(precision,scale), string, date, timestamp, list<type>, json (did you mean `string`?)"
            ],
        ),
        (
            field(r#"{"name": "spent", "type": "decimal(40,2)"}"#),
            expect![
                "CVM_CATALOG_TYPE at /customers/fields/1/type: `decimal(40,2)`: a decimal has 1 to 38 digits, and no more of them after the point"
            ],
        ),
        (
            field(r#"{"name": "spent", "type": "decimal"}"#),
            expect![
                "CVM_CATALOG_TYPE at /customers/fields/1/type: `decimal` is no type; the types are bool, int, float, decimal(precision,scale), string, date, timestamp, list<type>, json (did you mean `decimal(18,2)`?)"
            ],
        ),
        (
            field(r#"{"name": "tags", "type": "list<list<int>>"}"#),
            expect![
                "CVM_CATALOG_TYPE at /customers/fields/1/type: `list<list<int>>`: a list holds simple values, not lists or json"
            ],
        ),
        (
            field(r#"{"name": "age", "tpye": "int"}"#),
            expect![[r#"
            CVM_MISSING_KEY at /customers/fields/1: the key `type` is missing
            CVM_UNKNOWN_KEY at /customers/fields/1/tpye: the key `tpye` is not known here (did you mean `type`?)"#]],
        ),
        // Settings of fields.
        (
            field(r#"{"name": "age", "type": "int", "enum": ["1"]}"#),
            expect!["CVM_CATALOG_SETTING at /customers/fields/1/enum: only texts have an enum"],
        ),
        (
            field(r#"{"name": "city", "type": "string", "enum": []}"#),
            expect!["CVM_CATALOG_SETTING at /customers/fields/1/enum: the enum has no values"],
        ),
        (
            field(r#"{"name": "city", "type": "string", "enum": "Paris"}"#),
            expect!["CVM_WRONG_KIND at /customers/fields/1/enum: expected an array, found a string"],
        ),
        (
            field(r#"{"name": "age", "type": "int", "min": "0", "max": null}"#),
            expect!["CVM_WRONG_KIND at /customers/fields/1/max: expected a string, a number or a boolean, found null"],
        ),
        (
            field(r#"{"name": "age", "type": "int", "min": 90, "max": 18}"#),
            expect!["CVM_CATALOG_SETTING at /customers/fields/1/min: the least value is above the greatest"],
        ),
        (
            field(r#"{"name": "age", "type": "int", "nullable": "no", "pii": 1}"#),
            expect![[r#"
            CVM_WRONG_KIND at /customers/fields/1/nullable: expected true or false, found a string
            CVM_WRONG_KIND at /customers/fields/1/pii: expected true or false, found a number"#]],
        ),
        // Settings of all.
        (
            and(r#""zone": "Europe/Pariss", "currency": "euro", "fiscal_year_start": 13"#),
            expect![[r#"
            CVM_CATALOG_SETTING at /zone: no time zone `Europe/Pariss` (did you mean `Europe/Paris`?); use an IANA name such as `Europe/Paris` or `UTC`
            CVM_CATALOG_SETTING at /fiscal_year_start: a year starts in a month from 1 to 12
            CVM_CATALOG_SETTING at /currency: `euro` is no currency code; use an ISO 4217 code such as `EUR`"#]],
        ),
        (
            and(r#""week_start": "Mon""#),
            expect!["CVM_UNKNOWN_WORD at /week_start: no first day of the week `Mon`; known: monday, saturday, sunday"],
        ),
        (
            and(r#""timezone": "UTC""#),
            expect![
                "CVM_UNKNOWN_KEY at /timezone: the key `timezone` is not known here; known: customers, events, related, segments, lists, zone, week_start, fiscal_year_start, currency, conventions"
            ],
        ),
        (
            and(r#""zone": "UTC", "zone": "Europe/Paris""#),
            expect!["CVM_DUPLICATE_KEY at /zone: the key `zone` stands twice"],
        ),
        // Events, tables, lists.
        (
            and(r#""events": [{"name": "purchase", "table": "events", "customer": "", "time": "at"}]"#),
            expect!["CVM_CATALOG_NAME at /events/0/customer: the column has no name"],
        ),
        (
            and(r#""events": [{"name": "visit", "table": "e", "customer": "c", "time": "t"},
                           {"name": "visit", "table": "e", "customer": "c", "time": "t"}]"#),
            expect!["CVM_CATALOG_NAME at /events/1/name: the event `visit` stands twice"],
        ),
        (
            and(r#""events": {"purchase": {}}"#),
            expect!["CVM_WRONG_KIND at /events: expected an array, found an object"],
        ),
        (
            and(r#""related": [{"name": "orders", "table": "orders", "customer": "c"}]"#),
            expect!["CVM_MISSING_KEY at /related/0: the key `fields` is missing"],
        ),
        (
            and(r#""related": [{"name": "orders", "table": "orders", "customer": "", "fields": []}]"#),
            expect!["CVM_CATALOG_NAME at /related/0/customer: the column has no name"],
        ),
        (
            and(r#""lists": [{"name": "blocked", "members": [1, "2"], "remove": [2.5, null]}]"#),
            expect!["CVM_WRONG_KIND at /lists/0/remove/1: expected a string, a number or a boolean, found null"],
        ),
        (
            and(r#""lists": [{"name": "blocked", "members": [1, "2"]}]"#),
            expect![
                "CVM_TYPE_MISMATCH at /lists/0/members/1: the text `2` is not a number, which a field of type int needs (did you mean `2`?); write it without quotes"
            ],
        ),
        // Segments.
        (
            and(r#""segments": [{"name": "a", "filter": {"type": "segment", "segment": "b"}},
                             {"name": "b", "filter": {"type": "not", "child": {"type": "segment", "segment": "a"}}},
                             {"name": "c", "filter": {"type": "segment", "segment": "a"}}]"#),
            expect![[r#"
                                 CVM_SEGMENT_CYCLE at /segments/0/filter: the segment `a` refers to itself: a → b → a
                                 CVM_SEGMENT_CYCLE at /segments/1/filter: the segment `b` refers to itself: b → a → b"#]],
        ),
        (
            and(r#""segments": [{"name": "a", "filter": {"type": "segment", "segment": "a"}}]"#),
            expect!["CVM_SEGMENT_CYCLE at /segments/0/filter: the segment `a` refers to itself: a → a"],
        ),
        (
            and(r#""segments": [{"name": "a", "filter": {"type": "and", "children": []}},
                             {"name": "b", "filter": {"type": "condition", "field": "idd", "op": "eq", "value": 1}}]"#),
            expect![[r#"
                CVM_EMPTY_GROUP at /segments/0/filter/children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant
                CVM_UNKNOWN_FIELD at /segments/1/filter/field: no field `idd` (did you mean `id`?)"#]],
        ),
        (
            and(r#""segments": [{"name": "a", "filter": "id = 1"}]"#),
            expect![[
                r#"CVM_WRONG_KIND at /segments/0/filter: expected an object, found a string; write it like `{"type": "condition", "field": "age", "op": "gte", "value": 25}`"#
            ]],
        ),
        (and(r#""segments": [{"name": "a"}]"#), expect!["CVM_MISSING_KEY at /segments/0: the key `filter` is missing"]),
    ]
}

#[test]
fn each_says_what_is_wrong() {
    let cases = cases();
    assert!(cases.len() >= 15);
    for (input, expect) in cases {
        let findings = Catalog::from_json(&input).expect_err(&input);
        expect.assert_eq(&findings.to_string());
    }
}

#[test]
fn a_deep_catalog_is_an_error_and_no_crash() {
    let deep = format!("{}{}", r#"{"type": "not", "child": "#.repeat(100_000), "}".repeat(100_000));
    for input in ["[".repeat(100_000), and(&format!(r#""segments": [{{"name": "a", "filter": {deep}}}]"#))] {
        let findings = Catalog::from_json(&input).expect_err("too deep");
        assert_eq!(findings.0[0].code, cvm::Code::DepthLimit);
    }
}
