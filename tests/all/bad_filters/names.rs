//! Names that the catalog does not have.

use expect_test::expect;

use super::{Case, case, on};

pub fn cases() -> Vec<Case> {
    vec![
        case(on("agee", "gt", "1"), expect!["CVM_UNKNOWN_FIELD at /field: no field `agee` (did you mean `age`?)"]),
        case(on("Age", "gt", "1"), expect!["CVM_UNKNOWN_FIELD at /field: no field `Age` (did you mean `age`?)"]),
        case(
            on("revenue", "gt", "1"),
            expect!["CVM_UNKNOWN_FIELD at /field: no field `revenue` (did you mean `total_spent`?)"],
        ),
        case(
            on("Age in years", "gt", "1"),
            expect!["CVM_UNKNOWN_FIELD at /field: no field `Age in years` (did you mean `age`?)"],
        ),
        case(
            on("favourite_colour", "eq", "\"red\""),
            expect![
                "CVM_UNKNOWN_FIELD at /field: no field `favourite_colour`; known: id, name, age, total_spent, score, city, vip, birthday, signed_up, tags, attributes, lat, …"
            ],
        ),
        case(
            on("", "eq", "1"),
            expect![
                "CVM_UNKNOWN_FIELD at /field: no field ``; known: id, name, age, total_spent, score, city, vip, birthday, signed_up, tags, attributes, lat, …"
            ],
        ),
        case(
            on("age.years", "eq", "1"),
            expect!["CVM_UNKNOWN_FIELD at /field: `age` is of type int; only json fields have parts"],
        ),
        case(
            on("attributes..tier", "eq", "1"),
            expect!["CVM_UNKNOWN_FIELD at /field: `attributes..tier` has an empty part"],
        ),
        case(
            on("atributes.tier", "eq", "1"),
            expect!["CVM_UNKNOWN_FIELD at /field: no field `atributes.tier` (did you mean `attributes.tier`?)"],
        ),
        case(
            on("age", "gt", r#"{"field": "agee"}"#),
            expect!["CVM_UNKNOWN_FIELD at /value/field: no field `agee` (did you mean `age`?)"],
        ),
        case(
            r#"{"type": "event", "event": "purchse", "measure": {"count": {}}, "op": "gte", "value": 1}"#,
            expect!["CVM_UNKNOWN_EVENT at /event: no event `purchse` (did you mean `purchase`?)"],
        ),
        case(
            r#"{"type": "event", "event": "refund", "measure": {"count": {}}, "op": "gte", "value": 1}"#,
            expect!["CVM_UNKNOWN_EVENT at /event: no event `refund`; known: purchase, visit"],
        ),
        case(
            r#"{"type": "related", "table": "order", "quantifier": "any"}"#,
            expect!["CVM_UNKNOWN_TABLE at /table: no related table `order` (did you mean `orders`?)"],
        ),
        case(
            r#"{"type": "segment", "segment": "vip customers"}"#,
            expect!["CVM_UNKNOWN_SEGMENT at /segment: no segment `vip customers`; known: loyal"],
        ),
        case(
            r#"{"type": "list", "list": "blockd"}"#,
            expect!["CVM_UNKNOWN_LIST at /list: no list `blockd` (did you mean `blocked`?)"],
        ),
        case(
            r#"{"type": "rank", "by": {"field": "totl_spent"}, "order": "top", "take": {"n": 10}}"#,
            expect!["CVM_UNKNOWN_FIELD at /by/field: no field `totl_spent` (did you mean `total_spent`?)"],
        ),
    ]
}
