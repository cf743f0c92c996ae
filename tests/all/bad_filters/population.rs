//! Nodes about related rows, rankings, samples and places.

use expect_test::expect;

use super::{Case, case};

pub fn cases() -> Vec<Case> {
    vec![
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "some"}"#,
            expect!["CVM_UNKNOWN_WORD at /quantifier: no quantifier `some`; known: any, all, none, count"],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "sum"}"#,
            expect![[
                r#"CVM_MISSING_KEY at /quantifier: `sum` does not say of which field; write it like `{"sum": {"field": "total"}}`"#
            ]],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": {"avg": {"field": "total"}}}"#,
            expect![[r#"
            CVM_MISSING_KEY at /quantifier: the key `sum` is missing
            CVM_UNKNOWN_KEY at /quantifier/avg: the key `avg` is not known here; known: sum"#]],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": {"sum": {"field": "status"}}, "op": "gt", "value": 1}"#,
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /quantifier/sum/field: `sum` can't be taken of `status`, which is of type string; numbers there: total"
            ],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "all"}"#,
            expect!["CVM_MISSING_KEY: `all` needs a `where` that every row must satisfy"],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "any", "op": "gt", "value": 1}"#,
            expect![[r#"
            CVM_NOT_MEANINGFUL at /op: `any` compares nothing, so it takes no `op`
            CVM_NOT_MEANINGFUL at /value: `any` compares nothing, so it takes no `value`"#]],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "count"}"#,
            expect!["CVM_MISSING_KEY: a count or sum is compared: the key `op` is missing"],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "count", "op": "gt"}"#,
            expect!["CVM_VALUE_COUNT: `gt` needs a value"],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "any", "where": {"type": "list", "list": "blocked"}}"#,
            expect![
                "CVM_NOT_MEANINGFUL at /where/type: a `where` looks at one row of the related table `orders` and can't hold this node; use conditions, `and`, `or`, `not`, `at_least`, `everyone`, `nobody`"
            ],
        ),
        case(
            r#"{"type": "related", "table": "orders", "quantifier": "any",
                "where": {"type": "condition", "field": "sttus", "op": "eq", "value": "paid"}}"#,
            expect![
                "CVM_UNKNOWN_FIELD at /where/field: no field `sttus` of the related table `orders` (did you mean `status`?)"
            ],
        ),
        // Rankings.
        case(
            r#"{"type": "rank", "by": {"field": "city"}, "order": "highest", "take": {"n": 0}}"#,
            expect!["CVM_UNKNOWN_WORD at /order: no order `highest`; known: top, bottom"],
        ),
        case(
            r#"{"type": "rank", "by": {"field": "vip"}, "order": "top", "take": {"n": 0}}"#,
            expect![[r#"
            CVM_TYPE_MISMATCH at /by/field: `vip` is of type bool, which has no order
            CVM_INVALID_VALUE at /take/n: the top 0 is nobody: give a number from 1"#]],
        ),
        case(
            r#"{"type": "rank", "by": {"field": "score"}, "order": "top", "take": {"percent": 120}}"#,
            expect!["CVM_INVALID_VALUE at /take/percent: `120` is no percentage above 0 and up to 100"],
        ),
        case(
            r#"{"type": "rank", "by": {"field": "score"}, "order": "top", "take": {"tile": {"part": 5, "of": 4}}}"#,
            expect!["CVM_INVALID_VALUE at /take/tile: there is no part 5 of 4"],
        ),
        case(
            r#"{"type": "rank", "by": {"field": "score"}, "order": "top", "take": 10}"#,
            expect![[
                r#"CVM_WRONG_KIND at /take: expected an object, found a number; write it like `{"n": 100}` or `{"percent": 10}`"#
            ]],
        ),
        case(
            r#"{"type": "rank", "by": {"field": "score"}, "order": "top", "take": {"percnt": 10}}"#,
            expect![
                "CVM_UNKNOWN_WORD at /take/percnt: the key `percnt` does not say how much to take (did you mean `percent`?)"
            ],
        ),
        case(
            r#"{"type": "rank", "by": "score", "order": "top", "take": {"n": 10}}"#,
            expect![[
                r#"CVM_WRONG_KIND at /by: expected an object, found a string; write it like `{"field": "total_spent"}`"#
            ]],
        ),
        case(
            r#"{"type": "rank", "by": {"event": "purchase", "measure": {"last_value": {"field": "amont"}}},
                "order": "top", "take": {"n": 10}, "per": "cty", "among": {"type": "or", "children": []}}"#,
            expect![[r#"
                CVM_UNKNOWN_FIELD at /by/measure/last_value/field: no field `amont` of the event `purchase` (did you mean `amount`?)
                CVM_UNKNOWN_FIELD at /per: no field `cty` (did you mean `city`?)
                CVM_EMPTY_GROUP at /among/children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant"#]],
        ),
        case(
            r#"{"type": "rank", "by": {"field": "age"}, "order": "top", "take": {"percent": 0.00001}, "per": "score"}"#,
            expect![[r#"
                CVM_INVALID_VALUE at /take/percent: `0.00001` per cent has more than four digits after the point
                CVM_TYPE_MISMATCH at /per: `score` is of type float; groups are made by other fields; use a field of type bool, int, decimal, string, date or timestamp"#]],
        ),
        case(
            r#"{"type": "rank", "by": {"event": "visit", "measure": {"days_since": {}}}, "order": "top", "take": {"n": 10}}"#,
            expect![
                "CVM_NOT_MEANINGFUL at /by/measure: a ranking by days since the last event would not tell customers of one day apart; rank by `last_time`: its top has the fewest days, its bottom the most"
            ],
        ),
        // Samples.
        case(
            r#"{"type": "bucket", "salt": "a", "from": 0, "to": 10001}"#,
            expect!["CVM_INVALID_VALUE at /to: buckets end at 10000"],
        ),
        case(
            r#"{"type": "bucket", "salt": "a", "from": 500, "to": 500}"#,
            expect!["CVM_REVERSED_RANGE at /to: there are no buckets from 500 to 500"],
        ),
        case(
            r#"{"type": "bucket", "from": "0", "to": 0.5}"#,
            expect![[r#"
            CVM_MISSING_KEY: the key `salt` is missing
            CVM_WRONG_KIND at /from: expected a whole number, found a string
            CVM_INVALID_VALUE at /to: `0.5` is not a whole number from 0 to 4294967295"#]],
        ),
        // Places.
        case(
            r#"{"type": "geo", "latitude": "name", "longitude": "lng", "center": {"lat": 91, "lon": -181}, "radius_m": 0}"#,
            expect![[r#"
                CVM_TYPE_MISMATCH at /latitude: `name` is of type string; degrees are numbers
                CVM_UNKNOWN_FIELD at /longitude: no field `lng`; known: id, name, age, total_spent, score, city, vip, birthday, signed_up, tags, attributes, lat, …
                CVM_INVALID_VALUE at /center/lat: `91` is not from -90 to 90 degrees
                CVM_INVALID_VALUE at /center/lon: `-181` is not from -180 to 180 degrees
                CVM_INVALID_VALUE at /radius_m: the radius is a number of metres above 0"#]],
        ),
        case(
            r#"{"type": "geo", "latitude": "lat", "longitude": "lon", "center": [48.8, 2.3], "radius_m": "5 km"}"#,
            expect![[r#"
                CVM_WRONG_KIND at /center: expected an object, found an array; write it like `{"lat": 48.85, "lon": 2.35}`
                CVM_WRONG_KIND at /radius_m: expected a number, found a string"#]],
        ),
    ]
}
