//! Dates, times and windows.

use expect_test::expect;

use super::{Case, case, on};

pub fn cases() -> Vec<Case> {
    vec![
        case(
            on("birthday", "before", "\"31/01/2024\""),
            expect!["CVM_INVALID_VALUE at /value: `31/01/2024` is not a date (did you mean `2024-01-31`?)"],
        ),
        case(
            on("birthday", "before", "\"01/02/2024\""),
            expect!["CVM_INVALID_VALUE at /value: `01/02/2024` is not a date; write dates like `2024-01-31`"],
        ),
        case(
            on("birthday", "before", "\"2024-1-5\""),
            expect!["CVM_INVALID_VALUE at /value: `2024-1-5` is not a date (did you mean `2024-01-05`?)"],
        ),
        case(
            on("birthday", "before", "\"2023-02-29\""),
            expect!["CVM_INVALID_VALUE at /value: `2023-02-29` is not a date; no calendar has that day"],
        ),
        case(
            on("birthday", "before", "\"2024-01-31T10:00:00\""),
            expect!["CVM_INVALID_VALUE at /value: `2024-01-31T10:00:00` is not a date (did you mean `2024-01-31`?)"],
        ),
        case(
            on("birthday", "on", "\"yesterday\""),
            expect![[
                r#"CVM_INVALID_VALUE at /value: `yesterday` is not a date; times that move are written `{"now": {}}` or `{"ago": {"n": 1, "unit": "day"}}` in JSON, `now` or `1 day ago` in text form"#
            ]],
        ),
        case(
            on("birthday", "before", "\"Jan 31, 2024\""),
            expect!["CVM_INVALID_VALUE at /value: `Jan 31, 2024` is not a date; write dates like `2024-01-31`"],
        ),
        case(
            on("signed_up", "after", "\"31.01.2024\""),
            expect![
                "CVM_INVALID_VALUE at /value: `31.01.2024` is not a date or timestamp (did you mean `2024-01-31`?)"
            ],
        ),
        case(
            on("signed_up", "after", "\"2024-01-31 25:00\""),
            expect![
                "CVM_INVALID_VALUE at /value: `2024-01-31 25:00` is not a date or timestamp; write `2024-01-31`, `2024-01-31T09:30:00` or `2024-01-31T09:30:00+01:00`"
            ],
        ),
        case(
            on("signed_up", "after", "1706659200"),
            expect![
                "CVM_TYPE_MISMATCH at /value: the number `1706659200` is not a date or timestamp, which a field of type timestamp needs; write `2024-01-31`, `2024-01-31T09:30:00` or `2024-01-31T09:30:00+01:00`"
            ],
        ),
        case(
            on("signed_up", "in", "[\"2024-01-31\"]"),
            expect![
                "CVM_INVALID_VALUE at /value: `2024-01-31` is a day, and a list of times needs instants; use `on` for a day, or `within` for a range of days"
            ],
        ),
        case(
            on("age", "gt", r#"{"ago": {"n": 30, "unit": "day"}}"#),
            expect!["CVM_TYPE_MISMATCH at /value: a time can't be compared with a field of type int"],
        ),
        case(
            on("birthday", "between", "[\"2024-02-01\", \"2024-01-01\"]"),
            expect![
                "CVM_REVERSED_RANGE at /value: the range from `2024-02-01` to `2024-01-01` is empty; put the smaller value first"
            ],
        ),
        // Lengths of time.
        case(
            on("signed_up", "within", r#"{"last": {"n": 0, "unit": "day"}}"#),
            expect!["CVM_INVALID_VALUE at /value/last/n: 0 days is no length of time; give a number from 1"],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": -7, "unit": "day"}}"#),
            expect!["CVM_INVALID_VALUE at /value/last/n: `-7` is not a whole number from 0 to 4294967295"],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": 1.5, "unit": "day"}}"#),
            expect!["CVM_INVALID_VALUE at /value/last/n: `1.5` is not a whole number from 0 to 4294967295"],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": 90, "unit": "days"}}"#),
            expect!["CVM_UNKNOWN_WORD at /value/last/unit: no unit `days` (did you mean `day`?)"],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": 2, "unit": "fortnight"}}"#),
            expect![
                "CVM_UNKNOWN_WORD at /value/last/unit: no unit `fortnight`; known: minute, hour, day, week, month, quarter, year"
            ],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": 90}}"#),
            expect!["CVM_MISSING_KEY at /value/last: the key `unit` is missing"],
        ),
        case(
            on("signed_up", "within", r#"{"last": 90}"#),
            expect![[
                r#"CVM_WRONG_KIND at /value/last: expected an object, found a number; write it like `{"n": 90, "unit": "day"}`"#
            ]],
        ),
        case(
            on("signed_up", "within", r#"{"last": "90 days"}"#),
            expect![[
                r#"CVM_WRONG_KIND at /value/last: expected an object, found a string; write it like `{"n": 90, "unit": "day"}`"#
            ]],
        ),
        case(
            on("signed_up", "within", r#"{"last": {"n": 4000000000, "unit": "year"}}"#),
            expect!["CVM_INVALID_VALUE at /value: the time lies outside the years -9999 to 9999"],
        ),
        case(
            on("signed_up", "before", r#"{"ago": {"n": 0, "unit": "week"}}"#),
            expect!["CVM_INVALID_VALUE at /value/ago/n: 0 weeks is no length of time; give a number from 1"],
        ),
        case(
            on("birthday", "within", r#"{"last": {"n": 3, "unit": "hour"}}"#),
            expect![
                "CVM_INVALID_VALUE at /value/last/unit: dates have no hours; use day, week, month, quarter or year"
            ],
        ),
        // Windows.
        case(
            on("signed_up", "within", r#"{"lst": {"n": 90, "unit": "day"}}"#),
            expect!["CVM_UNKNOWN_KEY at /value/lst: the key `lst` is not known here (did you mean `last`?)"],
        ),
        case(
            on("signed_up", "within", r#"{"n": 90, "unit": "day"}"#),
            expect![[
                r#"CVM_WRONG_KIND at /value: a value that is an object has exactly one key, this one has 2; write it like `{"field": "age"}`, `{"ago": {"n": 7, "unit": "day"}}` or `{"last": {"n": 90, "unit": "day"}}`; a range of values is `between` with a list of two"#
            ]],
        ),
        case(
            on("signed_up", "within", r#"{"this": {"unit": "hour"}}"#),
            expect![
                "CVM_INVALID_VALUE at /value/this/unit: `hour` is no calendar unit; use day, week, month, quarter or year"
            ],
        ),
        case(
            on("signed_up", "within", r#"{"between": {"from": "2024-01-01"}}"#),
            expect!["CVM_MISSING_KEY at /value/between: the key `to` is missing"],
        ),
        case(
            on("signed_up", "within", r#"{"between": {"from": "2024-01-01", "to": null}}"#),
            expect!["CVM_WRONG_KIND at /value/between/to: expected a string, a number or a boolean, found null"],
        ),
        case(
            on("signed_up", "within", r#"{"between": {"from": "2024-02-01", "to": "2024-01-01"}}"#),
            expect![
                "CVM_REVERSED_RANGE at /value/between: the window ends before it begins; put the earlier time first"
            ],
        ),
        case(
            on("signed_up", "within", r#"{"between": {"from": "2024-01-01T10:00:00Z", "to": "2024-01-01T10:00:00Z"}}"#),
            expect![
                "CVM_REVERSED_RANGE at /value/between: the window ends before it begins; put the earlier time first"
            ],
        ),
        case(
            on("signed_up", "within", r#"{"since": {"from": "last year"}}"#),
            expect![
                "CVM_INVALID_VALUE at /value/since/from: `last year` is not a date or timestamp; write `2024-01-31`, `2024-01-31T09:30:00` or `2024-01-31T09:30:00+01:00`"
            ],
        ),
        case(
            on("signed_up", "before", r#"{"start_of": {"unit": "minute"}}"#),
            expect![
                "CVM_INVALID_VALUE at /value/start_of/unit: `minute` is no calendar unit; use day, week, month, quarter or year"
            ],
        ),
        case(
            on("signed_up", "before", r#"{"start_of": {"unit": "month", "offset": 3000000000}}"#),
            expect![
                "CVM_INVALID_VALUE at /value/start_of/offset: `3000000000` is not a whole number from -2147483648 to 2147483647"
            ],
        ),
        case(
            on("signed_up", "before", r#"{"start_of": {"unit": "year", "offset": 20000}}"#),
            expect!["CVM_INVALID_VALUE at /value: the time lies outside the years -9999 to 9999"],
        ),
        case(
            on("signed_up", "before", r#"{"now": true}"#),
            expect!["CVM_WRONG_KIND at /value/now: expected an object, found a boolean"],
        ),
        case(
            on("birthday", "anniversary_within", r#"{"since": {"from": "2024-01-01"}}"#),
            expect![
                "CVM_INVALID_VALUE at /value: an anniversary needs a window with two ends; use last, coming, this, previous, next or between"
            ],
        ),
        case(
            on("birthday", "anniversary_within", r#"{"all": {}}"#),
            expect![
                "CVM_INVALID_VALUE at /value: an anniversary needs a window with two ends; use last, coming, this, previous, next or between"
            ],
        ),
    ]
}
