//! Nodes about events.

use expect_test::expect;

use super::{Case, case};

/// Purchases, measured and compared as `rest` says.
fn purchases(rest: &str) -> String {
    format!(r#"{{"type": "event", "event": "purchase", {rest}}}"#)
}

/// At least one purchase `of` a kind.
fn one(of: &str) -> String {
    purchases(&format!(r#""measure": {{"count": {{}}}}, "op": "gte", "value": 1, {of}"#))
}

pub fn cases() -> Vec<Case> {
    vec![
        // Measures.
        case(purchases(r#""op": "gte", "value": 1"#), expect!["CVM_MISSING_KEY: the key `measure` is missing"]),
        case(
            purchases(r#""measure": "count", "op": "gte", "value": 1"#),
            expect![[
                r#"CVM_WRONG_KIND at /measure: expected an object, found a string; write it like `{"count": {}}` or `{"sum": {"field": "amount"}}`"#
            ]],
        ),
        case(
            purchases(r#""measure": {"average": {"field": "amount"}}, "op": "gte", "value": 1"#),
            expect!["CVM_UNKNOWN_WORD at /measure/average: no measure `average` (did you mean `avg`?)"],
        ),
        case(
            purchases(r#""measure": {"cuont": {}}, "op": "gte", "value": 1"#),
            expect!["CVM_UNKNOWN_WORD at /measure/cuont: no measure `cuont` (did you mean `count`?)"],
        ),
        case(
            purchases(r#""measure": {}, "op": "gte", "value": 1"#),
            expect![[
                r#"CVM_UNKNOWN_WORD at /measure: a measure has exactly one key, its name, this one has 0; write it like `{"count": {}}` or `{"sum": {"field": "amount"}}`"#
            ]],
        ),
        case(
            purchases(r#""measure": {"count": {}, "sum": {"field": "amount"}}, "op": "gte", "value": 1"#),
            expect![[
                r#"CVM_UNKNOWN_WORD at /measure: a measure has exactly one key, its name, this one has 2; write it like `{"count": {}}` or `{"sum": {"field": "amount"}}`"#
            ]],
        ),
        case(
            purchases(r#""measure": {"count": {"field": "item"}}, "op": "gte", "value": 1"#),
            expect![
                "CVM_UNKNOWN_KEY at /measure/count/field: the key `field` is not known here; it takes no keys: `{}`"
            ],
        ),
        case(
            purchases(r#""measure": {"sum": {}}, "op": "gte", "value": 1"#),
            expect!["CVM_MISSING_KEY at /measure/sum: the key `field` is missing"],
        ),
        case(
            purchases(r#""measure": {"sum": {"field": "item"}}, "op": "gte", "value": 1"#),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /measure/sum/field: `sum` can't be taken of `item`, which is of type string; numbers there: amount"
            ],
        ),
        case(
            purchases(r#""measure": {"sum": {"field": "amuont"}}, "op": "gte", "value": 1"#),
            expect![
                "CVM_UNKNOWN_FIELD at /measure/sum/field: no field `amuont` of the event `purchase` (did you mean `amount`?)"
            ],
        ),
        case(
            purchases(r#""measure": {"count": {}}, "op": "gte", "value": "1""#),
            expect![
                "CVM_TYPE_MISMATCH at /value: the text `1` is not a number, which a field of type int needs (did you mean `1`?); write it without quotes"
            ],
        ),
        case(purchases(r#""measure": {"count": {}}, "op": "gte""#), expect!["CVM_VALUE_COUNT: `gte` needs a value"]),
        case(
            purchases(r#""measure": {"count": {}}, "op": "contains", "value": "1""#),
            expect![
                "CVM_OPERATOR_NOT_APPLICABLE at /op: `contains` can't be used on `count`, which is of type int; operators for int: eq, ne, lt, lte, gt, gte, between, not_between, in, not_in, is_set, is_not_set"
            ],
        ),
        case(
            purchases(r#""measure": {"last_time": {}}, "op": "gte", "value": 90"#),
            expect![
                "CVM_TYPE_MISMATCH at /value: the number `90` is not a date or timestamp, which a field of type timestamp needs; write `2024-01-31`, `2024-01-31T09:30:00` or `2024-01-31T09:30:00+01:00`"
            ],
        ),
        case(
            purchases(r#""measure": {"count": {}}, "op": "gte", "value": 1, "case": "insensitive""#),
            expect![
                "CVM_UNKNOWN_KEY at /case: the key `case` is not known here; known: type, event, window, where, measure, op, value, missing"
            ],
        ),
        // Windows.
        case(
            one(r#""window": {"coming": {"n": 7, "unit": "day"}}"#),
            expect![
                "CVM_INVALID_VALUE at /window: events are in the past, this window is in the future; use last, this, previous, between, since or all"
            ],
        ),
        case(
            one(r#""window": {"lats": {"n": 7, "unit": "day"}}"#),
            expect!["CVM_UNKNOWN_WORD at /window/lats: no window of time `lats` (did you mean `last`?)"],
        ),
        case(
            one(r#""window": {"last": {"n": 7, "unit": "day"}, "this": {"unit": "month"}}"#),
            expect![[
                r#"CVM_UNKNOWN_WORD at /window: a window of time has exactly one key, this one has 2; write it like `{"last": {"n": 90, "unit": "day"}}`"#
            ]],
        ),
        case(
            one(r#""window": {}"#),
            expect![[
                r#"CVM_UNKNOWN_WORD at /window: a window of time has exactly one key, this one has 0; write it like `{"last": {"n": 90, "unit": "day"}}`"#
            ]],
        ),
        case(
            one(r#""window": "last 90 days""#),
            expect![[
                r#"CVM_WRONG_KIND at /window: expected an object, found a string; write it like `{"last": {"n": 90, "unit": "day"}}`"#
            ]],
        ),
        case(
            one(r#""window": {"previous": {"n": 2, "unit": "hour"}}"#),
            expect![
                "CVM_INVALID_VALUE at /window/previous/unit: `hour` is no calendar unit; use day, week, month, quarter or year"
            ],
        ),
        case(
            one(r#""window": {"last": {"n": 0, "unit": "day"}}"#),
            expect!["CVM_INVALID_VALUE at /window/last/n: 0 days is no length of time; give a number from 1"],
        ),
        // `where` looks at one event.
        case(
            one(r#""where": {"type": "segment", "segment": "loyal"}"#),
            expect![
                "CVM_NOT_MEANINGFUL at /where/type: a `where` looks at one row of the event `purchase` and can't hold this node; use conditions, `and`, `or`, `not`, `at_least`, `everyone`, `nobody`"
            ],
        ),
        case(
            one(r#""where": {"type": "and", "children": [{"type": "everyone"},
                {"type": "event", "event": "visit", "measure": {"count": {}}, "op": "gt", "value": 1}]}"#),
            expect![
                "CVM_NOT_MEANINGFUL at /where/children/1/type: a `where` looks at one row of the event `purchase` and can't hold this node; use conditions, `and`, `or`, `not`, `at_least`, `everyone`, `nobody`"
            ],
        ),
        case(
            one(r#""where": {"type": "condition", "field": "age", "op": "gt", "value": 1}"#),
            expect!["CVM_UNKNOWN_FIELD at /where/field: no field `age` of the event `purchase`; known: amount, item"],
        ),
        case(
            one(r#""where": {"type": "and", "children": []}"#),
            expect![[
                r#"CVM_EMPTY_GROUP at /where/children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant"#
            ]],
        ),
        // Sequences and habits.
        case(
            r#"{"type": "sequence", "steps": []}"#,
            expect!["CVM_VALUE_COUNT at /steps: a sequence has at least two steps; for one event alone use `event`"],
        ),
        case(
            r#"{"type": "sequence", "steps": [{"event": "visit"}]}"#,
            expect!["CVM_VALUE_COUNT at /steps: a sequence has at least two steps; for one event alone use `event`"],
        ),
        case(
            r#"{"type": "sequence", "steps": [{"event": "visit", "within": {"n": 1, "unit": "day"}},
                {"event": "purchse", "within": {"n": 0, "unit": "day"}, "without": {"event": "vist"}}]}"#,
            expect![[r#"
                CVM_NOT_MEANINGFUL at /steps/0/within: the first step has no step before it, so `within` can't be asked
                CVM_UNKNOWN_EVENT at /steps/1/event: no event `purchse` (did you mean `purchase`?)
                CVM_INVALID_VALUE at /steps/1/within/n: 0 days is no length of time; give a number from 1
                CVM_UNKNOWN_EVENT at /steps/1/without/event: no event `vist` (did you mean `visit`?)"#]],
        ),
        case(
            r#"{"type": "regularly", "event": "visit", "at_least": 5, "periods": 4, "unit": "week"}"#,
            expect![
                "CVM_INVALID_VALUE at /at_least: at least 5 of 4 periods can't be asked; give a number from 1 to that of the periods"
            ],
        ),
        case(
            r#"{"type": "regularly", "event": "visit", "at_least": 0, "periods": 0, "unit": "hour"}"#,
            expect![[r#"
            CVM_INVALID_VALUE at /unit: `hour` is no calendar unit; use day, week, month, quarter or year
            CVM_INVALID_VALUE at /at_least: at least 0 of 0 periods can't be asked; give a number from 1 to that of the periods"#]],
        ),
        case(
            r#"{"type": "stopped", "event": "visit", "active": {"n": 0, "unit": "day"}, "inactive": {"unit": "day"}}"#,
            expect!["CVM_MISSING_KEY at /inactive: the key `n` is missing"],
        ),
        case(
            r#"{"type": "restarted", "event": "visit", "pause": {"n": 60, "unit": "day"}, "within": {"n": 0, "unit": "day"}}"#,
            expect!["CVM_INVALID_VALUE at /within/n: 0 days is no length of time; give a number from 1"],
        ),
        // Between two events only fixed lengths are the same everywhere.
        case(
            r#"{"type": "restarted", "event": "visit", "pause": {"n": 2, "unit": "month"}, "within": {"n": 1, "unit": "month"}}"#,
            expect![
                "CVM_INVALID_VALUE at /pause/unit: between two events a month has no fixed length; say it in weeks, days, hours or minutes"
            ],
        ),
        case(
            r#"{"type": "not", "child": {"type": "sequence", "steps": [{"event": "visit"}, {"event": "purchase", "within": {"n": 1, "unit": "year"}}]}}"#,
            expect![
                "CVM_INVALID_VALUE at /child/steps/1/within/unit: between two events a year has no fixed length; say it in weeks, days, hours or minutes"
            ],
        ),
        case(
            r#"{"type": "regularly", "event": "visit", "at_least": 2, "periods": 5000, "unit": "week"}"#,
            expect!["CVM_LIST_LIMIT at /periods: 5000 periods are more than the limit of 1040; ask for longer periods"],
        ),
        // A measure is made of many rows: which one's field?
        case(
            r#"{"type": "event", "event": "purchase", "measure": {"sum": {"field": "amount"}}, "op": "gt", "value": {"field": "amount"}}"#,
            expect![
                "CVM_NOT_MEANINGFUL at /value: `sum` is made of many rows and can't be compared with a field; compare it with a value"
            ],
        ),
    ]
}
