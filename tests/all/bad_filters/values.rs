//! Values: of another type, not in the enum, too long, not exact, not portable.

use expect_test::expect;

use super::{Case, case, on};

pub fn cases() -> Vec<Case> {
    vec![
        // Of another type.
        case(
            on("age", "gte", "\"25\""),
            expect![
                "CVM_TYPE_MISMATCH at /value: the text `25` is not a number, which a field of type int needs (did you mean `25`?); write it without quotes"
            ],
        ),
        case(
            on("age", "gte", "\"abc\""),
            expect![
                "CVM_TYPE_MISMATCH at /value: the text `abc` is not a number, which a field of type int needs; write numbers like `1234.5`"
            ],
        ),
        case(
            on("age", "gte", "true"),
            expect!["CVM_TYPE_MISMATCH at /value: `true` is not a number, which a field of type int needs"],
        ),
        case(
            on("score", "gte", "\"1,5\""),
            expect![
                "CVM_TYPE_MISMATCH at /value: the text `1,5` is not a number, which a field of type float needs; write numbers like `1234.5`"
            ],
        ),
        case(
            on("vip", "eq", "1"),
            expect![
                "CVM_TYPE_MISMATCH at /value: the number `1` is not true or false, which a field of type bool needs (did you mean `true`?)"
            ],
        ),
        case(
            on("vip", "eq", "\"yes\""),
            expect![
                "CVM_TYPE_MISMATCH at /value: the text `yes` is not true or false, which a field of type bool needs (did you mean `true`?)"
            ],
        ),
        case(
            on("vip", "eq", "2"),
            expect![
                "CVM_TYPE_MISMATCH at /value: the number `2` is not true or false, which a field of type bool needs"
            ],
        ),
        case(
            on("name", "eq", "12"),
            expect![[
                r#"CVM_TYPE_MISMATCH at /value: the number `12` is not a text, which a field of type string needs; write it in quotes: `"12"` in JSON, `'12'` in text form"#
            ]],
        ),
        case(
            on("name", "eq", "false"),
            expect![[
                r#"CVM_TYPE_MISMATCH at /value: `false` is not a text, which a field of type string needs; write it in quotes: `"false"` in JSON, `'false'` in text form"#
            ]],
        ),
        case(
            on("name", "contains", "12"),
            expect![[
                r#"CVM_TYPE_MISMATCH at /value: the number `12` is not a text, which a field of type string needs; write it in quotes: `"12"` in JSON, `'12'` in text form"#
            ]],
        ),
        case(
            on("name", "starts_with", r#"{"now": {}}"#),
            expect!["CVM_TYPE_MISMATCH at /value: `starts_with` needs a text to look for"],
        ),
        case(
            on("city", "in", "[\"Paris\", 7, true]"),
            expect![[r#"
            CVM_TYPE_MISMATCH at /value/1: the number `7` is not a text, which a field of type string needs; write it in quotes: `"7"` in JSON, `'7'` in text form
            CVM_TYPE_MISMATCH at /value/2: `true` is not a text, which a field of type string needs; write it in quotes: `"true"` in JSON, `'true'` in text form"#]],
        ),
        case(
            on("tags", "has_any", "[1]"),
            expect![[
                r#"CVM_TYPE_MISMATCH at /value/0: the number `1` is not a text, which a field of type string needs; write it in quotes: `"1"` in JSON, `'1'` in text form"#
            ]],
        ),
        case(
            on("birthday", "eq", "20240131"),
            expect![
                "CVM_TYPE_MISMATCH at /value: the number `20240131` is not a date, which a field of type date needs; write dates like `2024-01-31`"
            ],
        ),
        case(
            on("age", "eq", "{}"),
            expect![[
                r#"CVM_WRONG_KIND at /value: a value that is an object has exactly one key, this one has 0; write it like `{"field": "age"}`, `{"ago": {"n": 7, "unit": "day"}}` or `{"last": {"n": 90, "unit": "day"}}`; a range of values is `between` with a list of two"#
            ]],
        ),
        case(
            on("age", "eq", "[[1]]"),
            expect!["CVM_WRONG_KIND at /value/0: expected a string, a number or a boolean, found an array"],
        ),
        case(
            on("age", "eq", r#"{"value": 25}"#),
            expect![
                "CVM_UNKNOWN_KEY at /value/value: the key `value` is not known here; known: field, param, now, ago, ahead, start_of, last, coming, this, previous, next, between, …"
            ],
        ),
        case(
            on("age", "eq", r#"{"gte": 18, "lt": 30}"#),
            expect![[
                r#"CVM_WRONG_KIND at /value: a value that is an object has exactly one key, this one has 2; write it like `{"field": "age"}`, `{"ago": {"n": 7, "unit": "day"}}` or `{"last": {"n": 90, "unit": "day"}}`; a range of values is `between` with a list of two"#
            ]],
        ),
        // Numbers that can't be kept.
        case(
            on("total_spent", "gt", "1234567890123456.78"),
            expect![[
                r#"CVM_INVALID_VALUE at /value: `1234567890123456.8` has more than 15 digits, so its last ones may be lost; write the number in quotes to keep it exact, as in `"12345678901234567.89"`"#
            ]],
        ),
        case(
            on("age", "gt", "12345678901234567890"),
            expect![
                "CVM_INVALID_VALUE at /value: `12345678901234567000` has more than 15 digits, so its last ones may be lost; write a whole number from -9223372036854775808 to 9223372036854775807"
            ],
        ),
        case(
            on("age", "gt", "0.12345678901234567"),
            expect![
                "CVM_INVALID_VALUE at /value: `0.12345678901234566` has more than 15 digits, so its last ones may be lost; write a whole number from -9223372036854775808 to 9223372036854775807"
            ],
        ),
        case(
            on("total_spent", "gt", "1e300"),
            expect!["CVM_INVALID_VALUE at /value: `1e300` has more digits than a decimal can hold"],
        ),
        case(
            on("age", "gt", "1e999"),
            expect!["CVM_JSON_SYNTAX at line 1, column 64: not valid JSON: the number is too large"],
        ),
        case(
            on("total_spent", "gt", "\"1.234,50\""),
            expect!["CVM_INVALID_VALUE at /value: `1.234,50` is not a decimal number; write it like `1234.50`"],
        ),
        case(
            on("total_spent", "gt", "\"12 €\""),
            expect!["CVM_INVALID_VALUE at /value: `12 €` is not a decimal number; write it like `1234.50`"],
        ),
        case(
            on("total_spent", "gt", &format!("\"{}\"", "9".repeat(60))),
            expect![
                "CVM_INVALID_VALUE at /value: `999999999999999999999999999999999999999999999999999999999999` is more than 38 digits; write it like `1234.50`"
            ],
        ),
        // Not in the enum.
        case(
            on("city", "eq", "\"paris\""),
            expect!["CVM_NOT_IN_ENUM at /value: `paris` is not a value of `city` (did you mean `Paris`?)"],
        ),
        case(
            on("city", "in", "[\"Paris\", \"Lion\", \"Berlin\"]"),
            expect![[r#"
            CVM_NOT_IN_ENUM at /value/1: `Lion` is not a value of `city` (did you mean `Lyon`?)
            CVM_NOT_IN_ENUM at /value/2: `Berlin` is not a value of `city`; known: Paris, Lyon, Nice"#]],
        ),
        case(
            on("city", "ne", "\"Pariss\""),
            expect!["CVM_NOT_IN_ENUM at /value: `Pariss` is not a value of `city` (did you mean `Paris`?)"],
        ),
        // Texts.
        case(
            on("name", "eq", "\"a\\u0000b\""),
            expect!["CVM_INVALID_VALUE at /value: the text holds a NUL character, which databases can't store"],
        ),
        case(
            on("name", "contains", "\"a\\u0000b\""),
            expect!["CVM_INVALID_VALUE at /value: the text holds a NUL character, which databases can't store"],
        ),
        case(
            on("name", "contains", "\"\""),
            expect![
                "CVM_INVALID_VALUE at /value: the empty text is part of every text; to ask for any value use `is_set`"
            ],
        ),
        case(
            on("name", "not_ends_with", "\"\""),
            expect![
                "CVM_INVALID_VALUE at /value: the empty text is part of every text; to ask for any value use `is_set`"
            ],
        ),
        // Regular expressions.
        case(on("name", "matches", "\"(\""), expect!["CVM_INVALID_PATTERN at /value: `(`: unclosed group"]),
        case(
            on("name", "matches", "\"a{2,1}\""),
            expect![
                "CVM_INVALID_PATTERN at /value: `a{2,1}`: invalid repetition count range, the start must be <= the end"
            ],
        ),
        case(
            on("name", "matches", r#""\\bAnn\\b""#),
            expect![[
                r#"CVM_INVALID_PATTERN at /value: `\bAnn\b`: word boundaries differ between databases; spell out what may stand there"#
            ]],
        ),
        case(
            on("name", "matches", r#""(?i)ann""#),
            expect![
                "CVM_INVALID_PATTERN at /value: `(?i)ann`: flags are not portable; use the condition's `case` to ignore case"
            ],
        ),
        case(
            on("name", "matches", r#""^(?=a)""#),
            expect![
                "CVM_INVALID_PATTERN at /value: `^(?=a)`: look-around, including look-ahead and look-behind, is not supported"
            ],
        ),
        case(
            on("name", "matches", r#""(a)\\1""#),
            expect![[r#"CVM_INVALID_PATTERN at /value: `(a)\1`: backreferences are not supported"#]],
        ),
        case(
            on("name", "matches", r#""\\p{Greek}""#),
            expect![[
                r#"CVM_INVALID_PATTERN at /value: `\p{Greek}`: Unicode classes (`\p{…}`) are not portable; spell out the characters"#
            ]],
        ),
        case(
            on("name", "not_matches", r#""a{1000}""#),
            expect!["CVM_INVALID_PATTERN at /value: `a{1000}`: more than 255 repetitions are not portable"],
        ),
        // Ranges.
        case(
            on("age", "between", "[30, 18]"),
            expect!["CVM_REVERSED_RANGE at /value: the range from `30` to `18` is empty; put the smaller value first"],
        ),
        case(
            on("name", "between", "[\"m\", \"a\"]"),
            expect!["CVM_REVERSED_RANGE at /value: the range from `m` to `a` is empty; put the smaller value first"],
        ),
        case(
            on("tags", "size", r#"{"gte": -1}"#),
            expect!["CVM_INVALID_VALUE at /value/gte: `-1` is not a whole number from 0 to 4294967295"],
        ),
        case(
            on("tags", "size", r#"{"gte": "2"}"#),
            expect!["CVM_WRONG_KIND at /value/gte: expected a whole number, found a string"],
        ),
        case(
            "attributes.seats = 1 ignoring case",
            expect![
                "CVM_NOT_MEANINGFUL at /value: `1` is no text, so its case can't be ignored; ask for it in a condition of its own"
            ],
        ),
    ]
}
