//! Operators: unknown ones, ones that do not fit the field, ones without their value.

use expect_test::expect;

use super::{Case, case, on};

fn without_value(field: &str, op: &str) -> String {
    format!(r#"{{"type": "condition", "field": "{field}", "op": "{op}"}}"#)
}

fn with(field: &str, op: &str, rest: &str) -> String {
    format!(r#"{{"type": "condition", "field": "{field}", "op": "{op}", {rest}}}"#)
}

pub fn cases() -> Vec<Case> {
    vec![
        // What other tools call them.
        case(on("age", ">=", "1"), expect!["CVM_UNKNOWN_OPERATOR at /op: no operator `>=` (did you mean `gte`?)"]),
        case(
            on("age", "greater_than", "1"),
            expect!["CVM_UNKNOWN_OPERATOR at /op: no operator `greater_than` (did you mean `gt`?)"],
        ),
        case(
            on("city", "equals", "\"Paris\""),
            expect!["CVM_UNKNOWN_OPERATOR at /op: no operator `equals` (did you mean `eq`?)"],
        ),
        case(
            on("name", "like", "\"%x%\""),
            expect!["CVM_UNKNOWN_OPERATOR at /op: no operator `like` (did you mean `contains`?)"],
        ),
        case(
            without_value("name", "is_null"),
            expect!["CVM_UNKNOWN_OPERATOR at /op: no operator `is_null` (did you mean `is_not_set`?)"],
        ),
        case(
            on("age", "betwen", "[1, 2]"),
            expect!["CVM_UNKNOWN_OPERATOR at /op: no operator `betwen` (did you mean `between`?)"],
        ),
        case(
            on("age", "roughly", "1"),
            expect![
                "CVM_UNKNOWN_OPERATOR at /op: no operator `roughly`; known: eq, ne, lt, lte, gt, gte, between, not_between, in, not_in, contains, not_contains, starts_with, not_starts_with, ends_with, not_ends_with, matches, not_matches, is_set, is_not_set, is_empty, has_any, has_all, has_none, size, before, after, on, within, anniversary_within"
            ],
        ),
        // On other types.
        case(
            on("age", "contains", "\"2\""),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `contains` can't be used on `age`, which is of type int; operators for int: eq, ne, lt, lte, gt, gte, between, not_between, in, not_in, is_set, is_not_set"
            ],
        ),
        case(
            on("tags", "eq", "\"new\""),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `eq` can't be used on `tags`, which is of type list<string> (did you mean `has_any`?)"
            ],
        ),
        case(
            on("tags", "contains", "\"new\""),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `contains` can't be used on `tags`, which is of type list<string> (did you mean `has_any`?)"
            ],
        ),
        case(
            on("city", "has_any", "[\"Paris\"]"),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `has_any` can't be used on `city`, which is of type string (did you mean `in`?)"
            ],
        ),
        case(
            on("vip", "gt", "true"),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `gt` can't be used on `vip`, which is of type bool; operators for bool: eq, ne, in, not_in, is_set, is_not_set"
            ],
        ),
        case(
            without_value("age", "is_empty"),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `is_empty` can't be used on `age`, which is of type int (did you mean `is_not_set`?)"
            ],
        ),
        case(
            on("age", "before", "30"),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `before` can't be used on `age`, which is of type int (did you mean `lt`?)"
            ],
        ),
        case(
            on("name", "within", r#"{"last": {"n": 1, "unit": "day"}}"#),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `within` can't be used on `name`, which is of type string; operators for string: eq, ne, lt, lte, gt, gte, between, not_between, in, not_in, contains, not_contains, starts_with, not_starts_with, ends_with, not_ends_with, matches, not_matches, is_set, is_not_set, is_empty"
            ],
        ),
        case(
            on("signed_up", "anniversary_within", r#"{"last": {"n": 1, "unit": "day"}}"#),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `anniversary_within` can't be used on `signed_up`, which is of type timestamp; operators for timestamp: eq, ne, lt, lte, gt, gte, between, not_between, in, not_in, is_set, is_not_set, before, after, on, within"
            ],
        ),
        case(
            on("name", "size", r#"{"gt": 3}"#),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `size` can't be used on `name`, which is of type string; operators for string: eq, ne, lt, lte, gt, gte, between, not_between, in, not_in, contains, not_contains, starts_with, not_starts_with, ends_with, not_ends_with, matches, not_matches, is_set, is_not_set, is_empty"
            ],
        ),
        // Values that are not there, or too many.
        case(without_value("age", "gt"), expect!["CVM_VALUE_COUNT: `gt` needs a value"]),
        case(on("age", "is_set", "true"), expect!["CVM_VALUE_COUNT at /value: `is_set` takes no value"]),
        case(
            on("age", "eq", "[1, 2]"),
            expect!["CVM_VALUE_COUNT at /value: `eq` takes one value, not a list; use `in` for several values"],
        ),
        case(
            on("age", "ne", "[1, 2]"),
            expect!["CVM_VALUE_COUNT at /value: `ne` takes one value, not a list; use `not_in` for several values"],
        ),
        case(
            on("name", "contains", "[\"a\", \"b\"]"),
            expect![
                "CVM_VALUE_COUNT at /value: `contains` takes one value, not a list; say the condition once for each value, inside `or`"
            ],
        ),
        case(
            on("age", "in", "1"),
            expect!["CVM_VALUE_COUNT at /value: `in` takes a list of values; put the value into a list of one"],
        ),
        case(
            on("age", "in", "[]"),
            expect![
                "CVM_EMPTY_LIST at /value: `in` has no values to compare with; give at least one value, or say `everyone` or `nobody`"
            ],
        ),
        case(
            on("age", "not_in", "[]"),
            expect![
                "CVM_EMPTY_LIST at /value: `not_in` has no values to compare with; give at least one value, or say `everyone` or `nobody`"
            ],
        ),
        case(
            on("tags", "has_none", "[]"),
            expect![
                "CVM_EMPTY_LIST at /value: `has_none` has no values to compare with; give at least one value, or say `everyone` or `nobody`"
            ],
        ),
        case(
            on("age", "between", "[18]"),
            expect![
                "CVM_VALUE_COUNT at /value: `between` takes a list of exactly two values, from and to; for a range with one end use `gte` or `lte`"
            ],
        ),
        case(
            on("age", "between", "18"),
            expect![
                "CVM_VALUE_COUNT at /value: `between` takes a list of exactly two values, from and to; for a range with one end use `gte` or `lte`"
            ],
        ),
        case(
            on("age", "between", "[]"),
            expect![
                "CVM_VALUE_COUNT at /value: `between` takes a list of exactly two values, from and to; for a range with one end use `gte` or `lte`"
            ],
        ),
        case(
            on("age", "not_between", "[1, 2, 3]"),
            expect![
                "CVM_VALUE_COUNT at /value: `not_between` takes a list of exactly two values, from and to; for a range with one end use `lt` or `gt`"
            ],
        ),
        case(
            on("age", "between", r#"{"from": 18, "to": 30}"#),
            expect![[
                r#"CVM_WRONG_KIND at /value: a value that is an object has exactly one key, this one has 2; write it like `{"field": "age"}`, `{"ago": {"n": 7, "unit": "day"}}` or `{"last": {"n": 90, "unit": "day"}}`; a range of values is `between` with a list of two"#
            ]],
        ),
        case(
            on("age", "gt", r#"{"gte": 2}"#),
            expect!["CVM_VALUE_COUNT at /value: `gt` takes one value, not a window or size test"],
        ),
        case(
            on("tags", "size", "2"),
            expect![[r#"CVM_VALUE_COUNT at /value: `size` takes a size test, such as `{"gte": 2}`"#]],
        ),
        case(
            on("signed_up", "within", "90"),
            expect![[
                r#"CVM_VALUE_COUNT at /value: `within` takes a window, such as `{"last": {"n": 90, "unit": "day"}}`"#
            ]],
        ),
        case(
            on("age", "gt", r#"{"param": "least_age"}"#),
            expect![
                "CVM_MISSING_PARAMETER at /value: the parameter `least_age` has no value; give it one with `with_parameters`, or write the value itself"
            ],
        ),
        case(
            on("name", "contains", r#"{"field": "city"}"#),
            expect![
                "CVM_VALUE_COUNT at /value: `contains` can't take another field as its value; fields compare with eq, ne, lt, lte, gt, gte, before and after"
            ],
        ),
        case(
            on("age", "gt", r#"{"field": "name"}"#),
            expect!["CVM_TYPE_MISMATCH at /value: `age` is of type int and `name` of type string: they don't compare"],
        ),
        case(
            on("total_spent", "gt", r#"{"field": "score"}"#),
            expect![
                "CVM_TYPE_MISMATCH at /value: `total_spent` is of type decimal(12,2) and `score` of type float: they don't compare"
            ],
        ),
        // `case` and `missing` where they mean nothing, or something else.
        case(
            with("age", "eq", r#""value": 1, "case": "insensitive""#),
            expect!["CVM_NOT_MEANINGFUL at /case: `eq` on `age` compares no letters, so it can't ignore their case"],
        ),
        case(
            with("name", "is_set", r#""case": "insensitive""#),
            expect![
                "CVM_NOT_MEANINGFUL at /case: `is_set` on `name` compares no letters, so it can't ignore their case"
            ],
        ),
        case(
            with("name", "lt", r#""value": "m", "case": "insensitive""#),
            expect!["CVM_NOT_MEANINGFUL at /case: `lt` on `name` compares no letters, so it can't ignore their case"],
        ),
        case(
            with("name", "is_not_set", r#""missing": "exclude""#),
            expect![
                "CVM_NOT_MEANINGFUL at /missing: `is_not_set` asks about missing values itself, so `missing` can't be set"
            ],
        ),
        case(
            with("name", "eq", r#""value": "x", "case": "ignore""#),
            expect!["CVM_UNKNOWN_WORD at /case: no case rule `ignore`; known: sensitive, insensitive"],
        ),
        case(
            with("name", "eq", r#""value": "x", "missing": "included""#),
            expect!["CVM_UNKNOWN_WORD at /missing: no rule for missing values `included` (did you mean `include`?)"],
        ),
        case(
            with("name", "eq", r#""value": "x", "missing": true"#),
            expect!["CVM_WRONG_KIND at /missing: expected a string, found a boolean"],
        ),
    ]
}
