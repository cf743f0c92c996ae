//! What is wrong with a text, where, and what to do.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "common/texts.rs"]
mod texts;

use expect_test::expect;
use texts::refuses;

#[test]
fn groups_and_names_that_are_wrong() {
    refuses("", expect!["CVM_TEXT_SYNTAX at line 1, column 1: expected a condition, found the end of the text"]);
    refuses(
        "-- nothing",
        expect!["CVM_TEXT_SYNTAX at line 1, column 11: expected a condition, found the end of the text"],
    );
    refuses(
        "(age > 5",
        expect!["CVM_TEXT_SYNTAX at line 1, column 9: expected `and`, `or` or `)`, found the end of the text"],
    );
    refuses("age > 5)", expect!["CVM_TEXT_SYNTAX at line 1, column 8: expected `and`, `or` or the end, found `)`"]);
    refuses("and age > 5", expect!["CVM_TEXT_SYNTAX at line 1, column 1: expected a condition, found `and`"]);
    refuses(
        "age > 5 and",
        expect!["CVM_TEXT_SYNTAX at line 1, column 12: expected a condition, found the end of the text"],
    );
    refuses(
        "age > 5 adn b = 2",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 9: expected `and`, `or` or the end, found `adn` (did you mean `and`?)"
        ],
    );
    refuses(
        "name = 'x' nad b = 2",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 12: expected `and`, `or` or the end, found `nad` (did you mean `and`?)"
        ],
    );
    refuses(
        "name = 'x' && b = 2",
        expect!["CVM_TEXT_SYNTAX at line 1, column 12: `&&` has no meaning here (did you mean `and`?)"],
    );
    refuses(
        "age > 5 b = 2",
        expect!["CVM_TEXT_SYNTAX at line 1, column 9: expected `and`, `or` or the end, found `b`"],
    );
    refuses(
        "age > 5, b = 2",
        expect!["CVM_TEXT_SYNTAX at line 1, column 8: expected `and`, `or` or the end, found `,`"],
    );
    refuses(
        "at least 2 off (a = 1)",
        expect!["CVM_TEXT_SYNTAX at line 1, column 12: expected `of`, found `off` (did you mean `of`?)"],
    );
    refuses(
        "at least 9999999999 of (a = 1)",
        expect![
            "CVM_INVALID_VALUE at line 1, column 10: expected a whole number up to 4294967295 (how many must hold), found `9999999999`"
        ],
    );
    refuses("all of a = 1", expect!["CVM_TEXT_SYNTAX at line 1, column 8: expected `(`, found `a`"]);
    refuses(
        "where = 5",
        expect![[
            r#"CVM_TEXT_SYNTAX at line 1, column 1: expected a condition, found `where`; as a name, a reserved word stands in double quotes: `"where"`"#
        ]],
    );
    refuses(
        "attributes.\"a b\" = 5",
        expect![[
            r#"CVM_TEXT_SYNTAX at line 1, column 11: expected a comparison after `attributes`, such as `=`, `in` or `is set`, found `.`; a name that needs quotes stands in them as a whole: `"a.b c"`"#
        ]],
    );
    refuses(
        "'age' = 5",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 1: expected a condition, found `'age'`; conditions start with a field: `age >= 25`"
        ],
    );
    refuses(
        "25 < age",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 1: expected a condition, found `25`; conditions start with a field: `age >= 25`"
        ],
    );
    refuses(
        "{\"type\": \"everyone\"}",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 1: `{` has no meaning here; a filter in JSON is read by `from_json`"
        ],
    );
    refuses("age > 5; drop table x", expect!["CVM_TEXT_SYNTAX at line 1, column 8: `;` has no meaning here"]);
}

#[test]
fn operators_that_are_wrong() {
    refuses(
        "age",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 4: expected a comparison after `age`, such as `=`, `in` or `is set`, found the end of the text; to find customers for whom it is true write `= true`"
        ],
    );
    refuses(
        "is_vip and age > 3",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 8: expected a comparison after `is_vip`, such as `=`, `in` or `is set`, found `and`; to find customers for whom it is true write `= true`"
        ],
    );
    refuses("age => 25", expect!["CVM_TEXT_SYNTAX at line 1, column 5: `=>` has no meaning here (did you mean `>=`?)"]);
    refuses("age ≥ 25", expect!["CVM_TEXT_SYNTAX at line 1, column 5: `≥` has no meaning here (did you mean `>=`?)"]);
    refuses(
        "age betwen 18 and 30",
        expect!["CVM_UNKNOWN_OPERATOR at line 1, column 5: no operator `betwen` (did you mean `between`?)"],
    );
    refuses(
        "city is 'Paris'",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 9: expected `set` or `not` or `empty` after `is`, found `'Paris'`; to compare with a value write `=` in place of `is`"
        ],
    );
    refuses(
        "city is not null",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 13: expected `set` after `is not`, found `null` (did you mean `set`?)"
        ],
    );
    refuses(
        "city is nto set",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 9: expected `set` or `not` or `empty` after `is`, found `nto` (did you mean `not`?)"
        ],
    );
    refuses(
        "name like 'x'",
        expect!["CVM_UNKNOWN_OPERATOR at line 1, column 6: no operator `like` (did you mean `contains`?)"],
    );
    refuses(
        "name starts 'x'",
        expect!["CVM_TEXT_SYNTAX at line 1, column 13: expected `with` after `starts`, found `'x'`"],
    );
    refuses(
        "name not like 'x'",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 10: expected `between` or `in` or `contains` or `starts` or `ends` or `matches` after `not`, found `like` (did you mean `contains`?)"
        ],
    );
    refuses("a = 1\n  and b ~ 2", expect!["CVM_TEXT_SYNTAX at line 2, column 9: `~` has no meaning here"]);
    refuses(
        "size(tags) in (2)",
        expect![
            "CVM_OPERATOR_NOT_APPLICABLE at line 1, column 12: a size is compared by `=` or `>=` and their kin, not by `in`"
        ],
    );
    refuses(
        "name = 'x' with missing ignoring case",
        expect![
            "CVM_NOT_MEANINGFUL at line 1, column 25: `ignoring case` stands once, after a condition on a field and before `with missing`"
        ],
    );
    refuses(
        "name = 'x' ignoring cases",
        expect!["CVM_TEXT_SYNTAX at line 1, column 21: expected `case`, found `cases` (did you mean `case`?)"],
    );
    refuses(
        "count(purchase) > 5 ignoring case",
        expect![
            "CVM_NOT_MEANINGFUL at line 1, column 21: `ignoring case` stands once, after a condition on a field and before `with missing`"
        ],
    );
    refuses(
        "any related(orders) > 5",
        expect!["CVM_TEXT_SYNTAX at line 1, column 21: expected `and`, `or` or the end, found `>`"],
    );
    refuses(
        "count related(orders)",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 22: expected a comparison after `count related(…)`, such as `=`, `in` or `is set`, found the end of the text"
        ],
    );
    refuses(
        "sum related(orders.total) > 5 with missing",
        expect![
            "CVM_NOT_MEANINGFUL at line 1, column 31: `with missing` and `without missing` stand once, after a condition on a field or on events"
        ],
    );
}

#[test]
fn values_that_are_wrong() {
    refuses(
        "age >=",
        expect!["CVM_VALUE_COUNT at line 1, column 7: `>=` needs a value after it, found the end of the text"],
    );
    refuses(
        "age >= and b = 2",
        expect!["CVM_VALUE_COUNT at line 1, column 8: `>=` needs a value after it, found `and`"],
    );
    refuses(
        "age between 18",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 15: expected `and` with the upper end of `between`, found the end of the text"
        ],
    );
    refuses(
        "age between 18 or 30",
        expect!["CVM_TEXT_SYNTAX at line 1, column 16: expected `and` with the upper end of `between`, found `or`"],
    );
    refuses(
        "age between :low and :high",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 18: the ends of `between` must be numbers or texts; write two comparisons with `>=` and `<=`"
        ],
    );
    refuses(
        "age between 18 and :high",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 25: the ends of `between` must be numbers or texts; write two comparisons with `>=` and `<=`"
        ],
    );
    refuses(
        "signup between 90 days ago and now",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 28: the ends of `between` must be numbers or texts; write two comparisons with `>=` and `<=`"
        ],
    );
    refuses(
        "city = Paris",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 8: expected a value after `=`, found `Paris` (did you mean `'Paris'`?); text stands in single quotes, and another field in `field(…)`"
        ],
    );
    refuses(
        "city = \"Paris\"",
        expect![[
            r#"CVM_TEXT_SYNTAX at line 1, column 8: expected a value after `=`, found `"Paris"` (did you mean `'Paris'`?); text stands in single quotes, and another field in `field(…)`"#
        ]],
    );
    refuses(
        "city = ‘Paris’",
        expect!["CVM_TEXT_SYNTAX at line 1, column 8: `‘` has no meaning here (did you mean `'`?)"],
    );
    refuses(
        "city in (Paris, Lyon)",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 10: expected a value of the list, found `Paris` (did you mean `'Paris'`?); text stands in single quotes, and another field in `field(…)`"
        ],
    );
    refuses(
        "city in ['Paris']",
        expect!["CVM_TEXT_SYNTAX at line 1, column 9: `[` has no meaning here (did you mean `(`?)"],
    );
    refuses(
        "city in ('Paris' 'Lyon')",
        expect!["CVM_TEXT_SYNTAX at line 1, column 18: expected `,` or `)` in the list, found `'Lyon'`"],
    );
    refuses(
        "city in ('Paris',)",
        expect!["CVM_TEXT_SYNTAX at line 1, column 18: expected a value of the list, found `)`"],
    );
    refuses(
        "city = null",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 8: expected a value after `=`, found `null`; to find missing values write `is not set`"
        ],
    );
    refuses(
        "name = 'O'Brien'",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 11: expected `and`, `or` or the end, found `Brien`; a `'` inside a text is written twice: `'O''Brien'`"
        ],
    );
    refuses(
        "name = 'Brien",
        expect!["CVM_TEXT_SYNTAX at line 1, column 8: the text that starts here has no closing `'`"],
    );
    refuses(
        "age > 007",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 7: the number `007` starts with a zero; a code of digits is text and stands in single quotes: '007'"
        ],
    );
    refuses("age > 1e999", expect!["CVM_INVALID_VALUE at line 1, column 7: the number `1e999` is too large"]);
    refuses("age > 5.", expect!["CVM_TEXT_SYNTAX at line 1, column 7: expected digits after `5.`"]);
    refuses("age > +5", expect!["CVM_TEXT_SYNTAX at line 1, column 7: expected a value after `>`, found `+`"]);
    refuses(
        "size(tags) >= -2",
        expect!["CVM_TEXT_SYNTAX at line 1, column 15: expected a whole number (how many items), found `-`"],
    );
}

#[test]
fn times_that_are_wrong() {
    refuses(
        "signup before 90days ago",
        expect!["CVM_TEXT_SYNTAX at line 1, column 15: the number `90` runs into `days` (did you mean `90 days`?)"],
    );
    refuses(
        "signup before 90 dyas ago",
        expect!["CVM_UNKNOWN_WORD at line 1, column 18: no unit of time `dyas` (did you mean `days`?)"],
    );
    refuses(
        "signup before 90 days",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 22: expected `ago` or `ahead` after `90 days`, found the end of the text; a window of time is written `last 90 days` or `coming 90 days`"
        ],
    );
    refuses(
        "signup before -3 days ago",
        expect![
            "CVM_INVALID_VALUE at line 1, column 15: `-3 days` is no length of time; `ago` counts back, `ahead` counts on"
        ],
    );
    refuses(
        "signup before 2.5 days ago",
        expect!["CVM_INVALID_VALUE at line 1, column 15: a length of time is a whole number of units, not `2.5`"],
    );
    refuses(
        "signup within 90 days",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 22: expected `ago` or `ahead` after `90 days`, found the end of the text; a window of time is written `last 90 days` or `coming 90 days`"
        ],
    );
    refuses(
        "signup within",
        expect!["CVM_VALUE_COUNT at line 1, column 14: `within` needs a value after it, found the end of the text"],
    );
    refuses(
        "signup within lsat 90 days",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 15: expected a window of time after `within`, such as `last 90 days` or `this month`, found `lsat` (did you mean `last`?)"
        ],
    );
    refuses(
        "signup within last month",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 20: expected a number after `last`, found `month`; `last 1 month` is counted from now, `previous 1 month` is a whole month of the calendar"
        ],
    );
    refuses(
        "signup within between '2024-01-01' and '2024-02-01'",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 15: expected a window of time after `within`, such as `last 90 days` or `this month`, found `between`; from one time to another is written `('2024-01-01' to '2024-02-01')`"
        ],
    );
    refuses(
        "signup since last 90 days",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 14: expected a date after `since`, found `last` (did you mean `'last'`?); text stands in single quotes, and another field in `field(…)`"
        ],
    );
    refuses(
        "signup after start of moth",
        expect!["CVM_UNKNOWN_WORD at line 1, column 23: no unit of time `moth` (did you mean `month`?)"],
    );
}

#[test]
fn measures_and_behaviour_that_are_wrong() {
    refuses(
        "coutn(purchase) > 5",
        expect!["CVM_UNKNOWN_WORD at line 1, column 1: no measure `coutn` (did you mean `count`?)"],
    );
    refuses(
        "average(purchase.amount) > 5",
        expect!["CVM_UNKNOWN_WORD at line 1, column 1: no measure `average` (did you mean `avg`?)"],
    );
    refuses(
        "frequency(purchase) > 5",
        expect!["CVM_UNKNOWN_WORD at line 1, column 1: no measure `frequency` (did you mean `sequence`?)"],
    );
    refuses(
        "total(purchase.amount) > 5",
        expect!["CVM_UNKNOWN_WORD at line 1, column 1: no measure `total` (did you mean `sum`?)"],
    );
    refuses(
        "size(size(tags)) > 5",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 6: `size(…)` can't stand here; `size(…)` is taken of a field or a measure, and starts a condition"
        ],
    );
    refuses(
        "sum(purchase) > 5",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 13: expected `.` and what `sum` is taken of, found `)`; as in `sum(purchase.amount)`"
        ],
    );
    refuses(
        "count(purchase.amount) > 5",
        expect![[
            r#"CVM_TEXT_SYNTAX at line 1, column 7: expected the name of an event alone, found `purchase.amount` (did you mean `"purchase.amount"`?); a name that holds a dot stands in double quotes"#
        ]],
    );
    refuses(
        "count('purchase') > 5",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 7: expected the name of an event, found `'purchase'` (did you mean `purchase`?)"
        ],
    );
    refuses("count() > 5", expect!["CVM_TEXT_SYNTAX at line 1, column 7: expected the name of an event, found `)`"]);
    refuses(
        "count(purchase wher a = 1) > 5",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 16: expected `where`, `within` or `)`, found `wher` (did you mean `where`?)"
        ],
    );
    refuses(
        "count(purchase in last 90 days) > 5",
        expect!["CVM_TEXT_SYNTAX at line 1, column 16: expected `where`, `within` or `)`, found `in`"],
    );
    refuses(
        "count(purchase within 90 days) > 5",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 23: expected a window of time after `within`, such as `last 90 days` or `this month`, found `90`; `last` counts back from now, `coming` counts on from now"
        ],
    );
    refuses(
        "count(purchase where a = 1 withn last 9 days) > 5",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 28: expected `and`, `or`, `within` or `)`, found `withn` (did you mean `within`?)"
        ],
    );
    refuses(
        "sequence(a, b) within last 9 days",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 16: expected `and`, `or` or the end, found `within`; the time of events stands in the parentheses: `count(purchase within last 90 days)`"
        ],
    );
    refuses(
        "sequence(a, b within last 9 days)",
        expect!["CVM_TEXT_SYNTAX at line 1, column 22: expected a length of time, such as `90 days`, found `last`"],
    );
    refuses("regularly(p, 4 of 6 months)", expect!["CVM_TEXT_SYNTAX at line 1, column 19: expected `last`, found `6`"]);
    refuses(
        "stopped(p, inactive 90 days)",
        expect!["CVM_TEXT_SYNTAX at line 1, column 12: expected `active`, found `inactive` (did you mean `active`?)"],
    );
}

#[test]
fn populations_that_are_wrong() {
    refuses(
        "top ten by x",
        expect!["CVM_TEXT_SYNTAX at line 1, column 5: expected a whole number (how many customers), found `ten`"],
    );
    refuses("top 10 x", expect!["CVM_TEXT_SYNTAX at line 1, column 8: expected `by`, found `x`"]);
    refuses(
        "top 2.5 by x",
        expect![
            "CVM_INVALID_VALUE at line 1, column 5: expected a whole number up to 4294967295 (how many customers), found `2.5`"
        ],
    );
    refuses("top 10 by x among a = 1", expect!["CVM_TEXT_SYNTAX at line 1, column 19: expected `(`, found `a`"]);
    refuses(
        "segment 'vip'",
        expect![
            "CVM_TEXT_SYNTAX at line 1, column 9: expected the name of a segment, found `'vip'` (did you mean `vip`?)"
        ],
    );
    refuses(
        "segment in",
        expect!["CVM_VALUE_COUNT at line 1, column 11: `in` needs a value after it, found the end of the text"],
    );
    refuses(
        "bucket(\"a\", 0, 5)",
        expect![[
            r#"CVM_TEXT_SYNTAX at line 1, column 8: expected the salt, a text in single quotes, found `"a"` (did you mean `'a'`?)"#
        ]],
    );
    refuses(
        "distance(lat, lon) to (1, 2) <= 5 km",
        expect!["CVM_UNKNOWN_WORD at line 1, column 35: expected `m`, found `km`; distances are in metres"],
    );
}
