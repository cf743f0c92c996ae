//! Wrong filters in text form: the place is a line and column, until names are looked up.

use expect_test::expect;

use super::{Case, case};

pub fn cases() -> Vec<Case> {
    vec![
        case("", expect!["CVM_TEXT_SYNTAX at line 1, column 1: expected a condition, found the end of the text"]),
        case(
            "age",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 4: expected a comparison after `age`, such as `=`, `in` or `is set`, found the end of the text; to find customers for whom it is true write `= true`"
            ],
        ),
        case(
            "age >",
            expect!["CVM_VALUE_COUNT at line 1, column 6: `>` needs a value after it, found the end of the text"],
        ),
        case(
            "age => 25",
            expect!["CVM_TEXT_SYNTAX at line 1, column 5: `=>` has no meaning here (did you mean `>=`?)"],
        ),
        case(
            "age > 25 and",
            expect!["CVM_TEXT_SYNTAX at line 1, column 13: expected a condition, found the end of the text"],
        ),
        case(
            "age > 25 && vip = true",
            expect!["CVM_TEXT_SYNTAX at line 1, column 10: `&&` has no meaning here (did you mean `and`?)"],
        ),
        case(
            "age > 25 vip = true",
            expect!["CVM_TEXT_SYNTAX at line 1, column 10: expected `and`, `or` or the end, found `vip`"],
        ),
        case(
            "(age > 25",
            expect!["CVM_TEXT_SYNTAX at line 1, column 10: expected `and`, `or` or `)`, found the end of the text"],
        ),
        case("age > 25)", expect!["CVM_TEXT_SYNTAX at line 1, column 9: expected `and`, `or` or the end, found `)`"]),
        case(
            "age betwen 18 and 30",
            expect!["CVM_UNKNOWN_OPERATOR at line 1, column 5: no operator `betwen` (did you mean `between`?)"],
        ),
        case(
            "age between 18",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 15: expected `and` with the upper end of `between`, found the end of the text"
            ],
        ),
        case(
            "age between 30 and 18",
            expect!["CVM_REVERSED_RANGE at /value: the range from `30` to `18` is empty; put the smaller value first"],
        ),
        case(
            "city = Paris",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 8: expected a value after `=`, found `Paris` (did you mean `'Paris'`?); text stands in single quotes, and another field in `field(…)`"
            ],
        ),
        case(
            "city = \"Paris\"",
            expect![[
                r#"CVM_TEXT_SYNTAX at line 1, column 8: expected a value after `=`, found `"Paris"` (did you mean `'Paris'`?); text stands in single quotes, and another field in `field(…)`"#
            ]],
        ),
        case(
            "city = 'Pariss'",
            expect!["CVM_NOT_IN_ENUM at /value: `Pariss` is not a value of `city` (did you mean `Paris`?)"],
        ),
        case(
            "city = 'Paris",
            expect!["CVM_TEXT_SYNTAX at line 1, column 8: the text that starts here has no closing `'`"],
        ),
        case(
            "name = 'O'Brien'",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 11: expected `and`, `or` or the end, found `Brien`; a `'` inside a text is written twice: `'O''Brien'`"
            ],
        ),
        case(
            "city in 'Paris'",
            expect!["CVM_VALUE_COUNT at /value: `in` takes a list of values; put the value into a list of one"],
        ),
        case(
            "city in ()",
            expect![
                "CVM_EMPTY_LIST at /value: `in` has no values to compare with; give at least one value, or say `everyone` or `nobody`"
            ],
        ),
        case(
            "city not in ()",
            expect![
                "CVM_EMPTY_LIST at /value: `not_in` has no values to compare with; give at least one value, or say `everyone` or `nobody`"
            ],
        ),
        case(
            "name is null",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 9: expected `set` or `not` or `empty` after `is`, found `null` (did you mean `not set`?)"
            ],
        ),
        case(
            "name = null",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 8: expected a value after `=`, found `null`; to find missing values write `is not set`"
            ],
        ),
        case(
            "name like 'x%'",
            expect!["CVM_UNKNOWN_OPERATOR at line 1, column 6: no operator `like` (did you mean `contains`?)"],
        ),
        case(
            "age = '25'",
            expect![
                "CVM_TYPE_MISMATCH at /value: the text `25` is not a number, which a field of type int needs (did you mean `25`?); write it without quotes"
            ],
        ),
        case(
            "name = 12",
            expect![[
                r#"CVM_TYPE_MISMATCH at /value: the number `12` is not a text, which a field of type string needs; write it in quotes: `"12"` in JSON, `'12'` in text form"#
            ]],
        ),
        case(
            "vip = 1",
            expect![
                "CVM_TYPE_MISMATCH at /value: the number `1` is not true or false, which a field of type bool needs (did you mean `true`?)"
            ],
        ),
        case(
            "agee > 25\n  and nam = 'x'",
            expect![[r#"
            CVM_UNKNOWN_FIELD at /children/0/field: no field `agee` (did you mean `age`?)
            CVM_UNKNOWN_FIELD at /children/1/field: no field `nam` (did you mean `name`?)"#]],
        ),
        case("age > 1\nand city ~ 'x'", expect!["CVM_TEXT_SYNTAX at line 2, column 10: `~` has no meaning here"]),
        case(
            "signed_up within 90 days",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 25: expected `ago` or `ahead` after `90 days`, found the end of the text; a window of time is written `last 90 days` or `coming 90 days`"
            ],
        ),
        case(
            "signed_up within last 0 days",
            expect!["CVM_INVALID_VALUE at /value/last/n: 0 days is no length of time; give a number from 1"],
        ),
        case(
            "signed_up within last month",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 23: expected a number after `last`, found `month`; `last 1 month` is counted from now, `previous 1 month` is a whole month of the calendar"
            ],
        ),
        case(
            "signed_up > '31/01/2024'",
            expect![
                "CVM_INVALID_VALUE at /value: `31/01/2024` is not a date or timestamp (did you mean `2024-01-31`?)"
            ],
        ),
        case(
            "count(purchse) > 1",
            expect!["CVM_UNKNOWN_EVENT at /event: no event `purchse` (did you mean `purchase`?)"],
        ),
        case(
            "count(purchase where amont > 1) > 1",
            expect![
                "CVM_UNKNOWN_FIELD at /where/field: no field `amont` of the event `purchase` (did you mean `amount`?)"
            ],
        ),
        case(
            "average(purchase.amount) > 1",
            expect!["CVM_UNKNOWN_WORD at line 1, column 1: no measure `average` (did you mean `avg`?)"],
        ),
        case(
            "sum(purchase) > 1",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 13: expected `.` and what `sum` is taken of, found `)`; as in `sum(purchase.amount)`"
            ],
        ),
        case(
            "count(purchase) > 1 within last 9 days",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 21: expected `and`, `or` or the end, found `within`; the time of events stands in the parentheses: `count(purchase within last 90 days)`"
            ],
        ),
        case("segment loyl", expect!["CVM_UNKNOWN_SEGMENT at /segment: no segment `loyl` (did you mean `loyal`?)"]),
        case(
            "all of ()",
            expect![[
                r#"CVM_EMPTY_GROUP at /children: the group has no filters; say `{"type": "everyone"}` or `{"type": "nobody"}` if that is meant"#
            ]],
        ),
        case(
            "at least 3 of (age > 1, vip = true)",
            expect!["CVM_INVALID_VALUE at /n: at least 3 of 2 filters can't be asked: give a number from 1 to 2"],
        ),
        case(
            "everyone but list blocked",
            expect!["CVM_TEXT_SYNTAX at line 1, column 10: expected `and`, `or` or the end, found `but`"],
        ),
        case(
            "[{\"type\": \"everyone\"}]",
            expect![[
                r#"CVM_WRONG_KIND: expected an object, found an array; write it like `{"type": "condition", "field": "age", "op": "gte", "value": 25}`"#
            ]],
        ),
        case(
            "select * from customers where age > 1",
            expect!["CVM_TEXT_SYNTAX at line 1, column 8: `*` has no meaning here"],
        ),
        case("age > 1e999", expect!["CVM_INVALID_VALUE at line 1, column 7: the number `1e999` is too large"]),
        case(
            "age > 007",
            expect![
                "CVM_TEXT_SYNTAX at line 1, column 7: the number `007` starts with a zero; a code of digits is text and stands in single quotes: '007'"
            ],
        ),
        case(
            "total_spent > 1234567890123456.78",
            expect![[
                r#"CVM_INVALID_VALUE at /value: `1234567890123456.8` has more than 15 digits, so its last ones may be lost; write the number in quotes to keep it exact, as in `"12345678901234567.89"`"#
            ]],
        ),
        case(
            "name = 'a\0b'",
            expect!["CVM_INVALID_VALUE at /value: the text holds a NUL character, which databases can't store"],
        ),
        case(
            "age > :least",
            expect![
                "CVM_MISSING_PARAMETER at /value: the parameter `least` has no value; give it one with `with_parameters`, or write the value itself"
            ],
        ),
        case(
            "\u{feff}{\"type\": \"everybody\"}",
            expect!["CVM_UNKNOWN_NODE at /type: no filter node `everybody` (did you mean `everyone`?)"],
        ),
    ]
}
