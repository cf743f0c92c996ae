//! The shape of the JSON: keys, kinds, nodes.

use expect_test::expect;

use super::{Case, case, on};

pub fn cases() -> Vec<Case> {
    vec![
        // Not JSON at all.
        case(
            "{",
            expect!["CVM_JSON_SYNTAX at line 1, column 1: not valid JSON: an object does not end; close it with `}`"],
        ),
        case(
            "{\"type\": \"everyone\",}",
            expect![
                "CVM_JSON_SYNTAX at line 1, column 21: not valid JSON: nothing follows the comma; delete the comma"
            ],
        ),
        case(
            "{'type': 'everyone'}",
            expect![[
                r#"CVM_JSON_SYNTAX at line 1, column 2: not valid JSON: a key does not stand in double quotes; write it like `"type"`"#
            ]],
        ),
        case(
            "{\"type\": \"condition\", \"field\": \"age\", \"op\": \"eq\", \"value\": NaN}",
            expect![
                "CVM_JSON_SYNTAX at line 1, column 60: not valid JSON: there is no value here; texts stand in double quotes, and `true`, `false` and `null` are the only words without"
            ],
        ),
        case(
            "{\"type\": \"condition\", \"field\": \"vip\", \"op\": \"eq\", \"value\": True}",
            expect![
                "CVM_JSON_SYNTAX at line 1, column 60: not valid JSON: there is no value here; texts stand in double quotes, and `true`, `false` and `null` are the only words without"
            ],
        ),
        case(
            "{\"type\": \"everyone\"} {\"type\": \"everyone\"}",
            expect![
                "CVM_JSON_SYNTAX at line 1, column 22: not valid JSON: something follows after its end; put several filters into an `and` or `or`"
            ],
        ),
        case(
            "{\"type\": \"list\", \"list\": \"blocked}",
            expect![[r#"CVM_JSON_SYNTAX at line 1, column 34: not valid JSON: a text has no closing `"`"#]],
        ),
        // No filter.
        case("{}", expect!["CVM_MISSING_KEY: the key `type` is missing"]),
        case(r#"{"type": null}"#, expect!["CVM_WRONG_KIND at /type: expected a string, found null"]),
        case(
            r#"{"type": "conditon", "field": "age", "op": "eq", "value": 1}"#,
            expect!["CVM_UNKNOWN_NODE at /type: no filter node `conditon` (did you mean `condition`?)"],
        ),
        case(
            r#"{"type": "all", "children": []}"#,
            expect!["CVM_UNKNOWN_NODE at /type: no filter node `all` (did you mean `and`?)"],
        ),
        case(
            r#"{"type": "And", "children": [{"type": "everyone"}]}"#,
            expect!["CVM_UNKNOWN_NODE at /type: no filter node `And` (did you mean `and`?)"],
        ),
        case(r#"{"filter": {"type": "everyone"}}"#, expect!["CVM_MISSING_KEY: the key `type` is missing"]),
        // Unknown and missing keys, at several depths.
        case(
            r#"{"type": "condition", "feild": "age", "op": "gte", "value": 25}"#,
            expect![[r#"
            CVM_MISSING_KEY: the key `field` is missing
            CVM_UNKNOWN_KEY at /feild: the key `feild` is not known here (did you mean `field`?)"#]],
        ),
        case(
            r#"{"type": "everyone", "children": []}"#,
            expect!["CVM_UNKNOWN_KEY at /children: the key `children` is not known here; known: type"],
        ),
        case(
            r#"{"type": "and", "child": {"type": "everyone"}}"#,
            expect![[r#"
            CVM_MISSING_KEY: the key `children` is missing
            CVM_UNKNOWN_KEY at /child: the key `child` is not known here; known: type, children"#]],
        ),
        case(
            r#"{"type": "not", "children": [{"type": "everyone"}]}"#,
            expect![[r#"
            CVM_MISSING_KEY: the key `child` is missing
            CVM_UNKNOWN_KEY at /children: the key `children` is not known here; known: type, child"#]],
        ),
        case(
            r#"{"type": "and", "children": [{"type": "not", "child":
                {"type": "condition", "field": "age", "op": "gt", "value": 1, "negate": true}}]}"#,
            expect![
                "CVM_UNKNOWN_KEY at /children/0/child/negate: the key `negate` is not known here; known: type, field, op, value, case, missing"
            ],
        ),
        case(
            r#"{"type": "event", "event": "purchase", "measure": {"count": {}}, "op": "gte", "value": 1,
                "where": {"type": "condition", "field": "amount", "op": "gt", "value": 1, "filed/~x": 1}}"#,
            expect![
                "CVM_UNKNOWN_KEY at /where/filed~1~0x: the key `filed/~x` is not known here; known: type, field, op, value, case, missing"
            ],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": 90, "unit": "day", "units": 1}}"#),
            expect!["CVM_UNKNOWN_KEY at /value/last/units: the key `units` is not known here (did you mean `unit`?)"],
        ),
        // The same key twice.
        case(
            r#"{"type": "condition", "field": "age", "op": "gt", "value": 18, "value": 1}"#,
            expect!["CVM_DUPLICATE_KEY at /value: the key `value` stands twice"],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": 90, "unit": "day"}, "last": {"n": 9, "unit": "day"}}"#),
            expect!["CVM_DUPLICATE_KEY at /value/last: the key `last` stands twice"],
        ),
        // Null is no absence.
        case(
            on("age", "eq", "null"),
            expect![
                "CVM_WRONG_KIND at /value: null is no value to compare with; to ask for missing values use `is_not_set`"
            ],
        ),
        case(
            on("city", "in", r#"["Paris", null]"#),
            expect![
                "CVM_WRONG_KIND at /value/1: null is no value to compare with; to ask for missing values use `is_not_set`, for a range with one end `gte` or `lte`"
            ],
        ),
        case(
            on("age", "between", "[18, null]"),
            expect![
                "CVM_WRONG_KIND at /value/1: null is no value to compare with; to ask for missing values use `is_not_set`, for a range with one end `gte` or `lte`"
            ],
        ),
        case(
            r#"{"type": "condition", "field": "age", "op": "is_set", "missing": null}"#,
            expect!["CVM_WRONG_KIND at /missing: expected a string, found null"],
        ),
        case(
            r#"{"type": "condition", "field": null, "op": "is_set"}"#,
            expect!["CVM_WRONG_KIND at /field: expected a string, found null"],
        ),
        case(
            r#"{"type": "not", "child": null}"#,
            expect![[
                r#"CVM_WRONG_KIND at /child: expected an object, found null; write it like `{"type": "condition", "field": "age", "op": "gte", "value": 25}`"#
            ]],
        ),
        case(
            r#"{"type": "and", "children": null}"#,
            expect!["CVM_WRONG_KIND at /children: expected an array, found null"],
        ),
        case(
            r#"{"type": "event", "event": "visit", "where": null, "measure": {"count": {}}, "op": "gt", "value": 1}"#,
            expect![[
                r#"CVM_WRONG_KIND at /where: expected an object, found null; write it like `{"type": "condition", "field": "age", "op": "gte", "value": 25}`"#
            ]],
        ),
        // Other kinds than wanted.
        case(
            r#"{"type": "and", "children": {"type": "everyone"}}"#,
            expect!["CVM_WRONG_KIND at /children: expected an array, found an object"],
        ),
        case(
            r#"{"type": "or", "children": ["age > 25"]}"#,
            expect![[
                r#"CVM_WRONG_KIND at /children/0: expected an object, found a string; write it like `{"type": "condition", "field": "age", "op": "gte", "value": 25}`"#
            ]],
        ),
        case(r#"{"type": 7}"#, expect!["CVM_WRONG_KIND at /type: expected a string, found a number"]),
        case(
            r#"{"type": "at_least", "n": 1.5, "children": [{"type": "everyone"}]}"#,
            expect!["CVM_INVALID_VALUE at /n: `1.5` is not a whole number from 0 to 4294967295"],
        ),
        case(
            r#"{"type": "at_least", "n": -1, "children": [{"type": "everyone"}]}"#,
            expect!["CVM_INVALID_VALUE at /n: `-1` is not a whole number from 0 to 4294967295"],
        ),
        case(
            r#"{"type": "at_least", "n": "2", "children": [{"type": "everyone"}, {"type": "nobody"}]}"#,
            expect!["CVM_WRONG_KIND at /n: expected a whole number, found a string"],
        ),
        case(
            r#"{"type": "at_least", "n": 3, "children": [{"type": "everyone"}, {"type": "nobody"}]}"#,
            expect!["CVM_INVALID_VALUE at /n: at least 3 of 2 filters can't be asked: give a number from 1 to 2"],
        ),
        // Empty groups.
        case(
            r#"{"type": "and", "children": []}"#,
            expect![[
                r#"CVM_EMPTY_GROUP at /children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant"#
            ]],
        ),
        case(
            r#"{"type": "not", "child": {"type": "or", "children": []}}"#,
            expect![[
                r#"CVM_EMPTY_GROUP at /child/children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant"#
            ]],
        ),
        case(
            r#"{"type": "at_least", "n": 0, "children": []}"#,
            expect![[
                r#"CVM_EMPTY_GROUP at /children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant"#
            ]],
        ),
        // Several findings at once.
        case(
            r#"{"type": "and", "children": [
                {"type": "condition", "field": "agee", "op": "gte", "value": "x"},
                {"type": "or", "children": []},
                {"type": "condition", "field": "vip", "op": "eq", "value": 1},
                {"type": "segment", "segment": "loyl"}]}"#,
            expect![[r#"
                CVM_UNKNOWN_FIELD at /children/0/field: no field `agee` (did you mean `age`?)
                CVM_EMPTY_GROUP at /children/1/children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant
                CVM_TYPE_MISMATCH at /children/2/value: the number `1` is not true or false, which a field of type bool needs (did you mean `true`?)
                CVM_UNKNOWN_SEGMENT at /children/3/segment: no segment `loyl` (did you mean `loyal`?)"#]],
        ),
        case(
            r#"{"type": "and", "children": [
                {"type": "condition", "field": "age", "op": "=>", "value": null, "Case": "no"},
                {"type": "event", "event": 3, "op": "gte"}]}"#,
            expect![[r#"
                CVM_UNKNOWN_OPERATOR at /children/0/op: no operator `=>` (did you mean `gte`?)
                CVM_WRONG_KIND at /children/0/value: null is no value to compare with; to ask for missing values use `is_not_set`
                CVM_UNKNOWN_KEY at /children/0/Case: the key `Case` is not known here (did you mean `case`?)
                CVM_WRONG_KIND at /children/1/event: expected a string, found a number
                CVM_MISSING_KEY at /children/1: the key `measure` is missing"#]],
        ),
    ]
}
