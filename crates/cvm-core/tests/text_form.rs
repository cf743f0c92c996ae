//! The text form: it round-trips, means what it says, says what is wrong, and never panics.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "common/strategies.rs"]
mod strategies;

use cvm_core::Filter;
use expect_test::{Expect, expect};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_filter_round_trips(filter in strategies::filter()) {
        let text = filter.to_text();
        let again = Filter::from_text(&text);
        prop_assert_eq!(again.as_ref(), Ok(&filter), "{}", text);
        // Equal as texts too, so that the sign of -0.0 stays.
        prop_assert_eq!(again.map(|filter| filter.to_string()), Ok(text));
    }

    #[test]
    fn nothing_reads_back_as_another_filter(
        filter in strategies::shapeless(),
        window in proptest::option::of(strategies::window()),
    ) {
        let within = |filter: Filter| match (Filter::from_text("count(p) > 1"), window.clone()) {
            (Ok(Filter::Event(event)), window) => {
                Filter::Event(cvm_core::filter::Event { filter: Some(Box::new(filter)), window, ..event })
            }
            _ => filter,
        };
        for filter in [filter.clone() & Filter::Everyone, Filter::Everyone & filter.clone(), within(filter.clone()), filter] {
            let text = filter.to_text();
            if let Ok(again) = Filter::from_text(&text) {
                prop_assert_eq!(again, filter, "{}", text);
            }
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = Filter::from_text(&text);
    }

    #[test]
    fn no_row_of_words_panics(words in prop::collection::vec(prop::sample::select(WORDS), 0..20)) {
        let _ = Filter::from_text(&words.join(" "));
    }

    #[test]
    fn damaged_texts_are_read_or_refused(
        filter in strategies::filter(),
        at in any::<prop::sample::Index>(),
        damage in 0..4,
        c in any::<char>(),
    ) {
        let mut chars: Vec<char> = filter.to_text().chars().collect();
        let at = at.index(chars.len());
        match damage {
            0 => drop(chars.remove(at)),
            1 => chars.insert(at, c),
            2 => chars.truncate(at),
            _ => chars[at] = '(',
        }
        let text: String = chars.into_iter().collect();
        match Filter::from_text(&text) {
            Ok(filter) => prop_assert_eq!(Filter::from_text(&filter.to_text()), Ok(filter)),
            Err(findings) => {
                prop_assert!(findings.has_errors());
                for finding in findings.iter() {
                    let span = finding.span.expect("a place");
                    prop_assert!(text.get(span.start..span.end).is_some(), "{:?} in {}", span, text);
                    prop_assert_eq!(&finding.path, "");
                }
            }
        }
    }
}

const WORDS: &[&str] = &[
    "(",
    ")",
    ",",
    ".",
    ":",
    "=",
    "!=",
    "<",
    "-",
    "+",
    "%",
    "1",
    "2.5",
    "'a'",
    "\"b\"",
    "x",
    "x.y",
    "and",
    "or",
    "not",
    "all",
    "any",
    "no",
    "of",
    "at",
    "least",
    "everyone",
    "is",
    "set",
    "in",
    "between",
    "has",
    "starts",
    "with",
    "missing",
    "without",
    "ignoring",
    "case",
    "where",
    "within",
    "since",
    "last",
    "this",
    "days",
    "month",
    "ago",
    "start",
    "now",
    "size",
    "count",
    "sum",
    "first",
    "time",
    "related",
    "sequence",
    "regularly",
    "stopped",
    "segment",
    "list",
    "top",
    "part",
    "by",
    "per",
    "among",
    "bucket",
    "distance",
    "to",
    "m",
    "field",
];

#[track_caller]
fn read(text: &str) -> Filter {
    Filter::from_text(text).unwrap_or_else(|findings| panic!("{text}\n{findings}"))
}

#[track_caller]
fn means(text: &str, json: Expect) {
    json.assert_eq(&serde_json::to_string(&read(text)).expect("JSON"));
}

#[track_caller]
fn prints(text: &str, canonical: &str) {
    assert_eq!(read(text).to_text(), canonical);
}

#[track_caller]
fn refuses(text: &str, findings: Expect) {
    let found = Filter::from_text(text).expect_err(text);
    findings.assert_eq(&found.to_string());
}

#[test]
fn canonical_texts_print_as_they_are() {
    for text in [
        "everyone",
        "nobody",
        "age >= 25",
        "age >= 25 and city in ('Paris', 'Lyon') and not segment vip",
        "(a = 1 and b = 2) or c = 3",
        "(a = 1 and b = 2) and c = 3",
        "not (a = 1 or b = 2)",
        "not not not (a = 1)",
        "all of ()",
        "all of (a = 1)",
        "any of (any of (a = 1))",
        "at least 2 of (a = 1, b = 2 or c = 3, everyone)",
        "age not between 18 and 30",
        "not (age between 18 and 30)",
        "age between 18 and 30 and city = 'Paris'",
        "age between (18, 30, 40)",
        "age between :range",
        "a = ('x', 'y')",
        "city in 'Paris'",
        "city in ()",
        "a = 2.0 or a = 1e300 or a = -0.0 or a = -5",
        "name contains 'o''brien' ignoring case",
        "name not starts with 'x' ignoring case with missing",
        "email not matches '^a' without missing",
        "x is set",
        "x is not set",
        "x is empty",
        "tags has none ('vip')",
        "size(tags) >= 2 with missing",
        "signup after now",
        "signup before 90 days ago",
        "signup before 1 day ahead",
        "signup after start of month",
        "signup after start of quarter - 1",
        "signup within last 90 days",
        "signup within ('2024-01-01' to '2024-02-01')",
        "signup since '2024-01-01'",
        "signup within all time",
        "birthday anniversary within coming 7 days",
        "a = field(b)",
        "a = :b or a = :\"b c\"",
        "\"a b\" = 1 or \"where\" = 1 or a.b.c = 1 or size = 1 or segment = 1 or top = 1 or count = 1",
        "count(purchase) = 0",
        "count(purchase where amount >= 20 within last 90 days) >= 1",
        "count(purchase where (amount >= 20 and sku = 'x') within last 90 days) >= 1 with missing",
        "count(purchase where amount >= 20 and sku = 'x') >= 1",
        "count(purchase where paid_at within last 1 day within last 90 days) >= 1",
        "count(purchase since '2024-01-01') >= 1",
        "count(\"web.purchase\") >= 1",
        "sum(purchase.amount within this month) > '300.00'",
        "sum(\"web.purchase\".amount.net) > 300",
        "sum(purchase.\"net amount\") is set",
        "first time(purchase) before '2024-01-01'",
        "last time(purchase) since '2024-01-01'",
        "last value(purchase.sku) = 'x'",
        "size(last value(purchase.tags)) > 1",
        "days since(purchase) > 30",
        "sequence(visit, purchase where (amount > 5 or gift = true) within 7 days without refund where full = true)",
        "sequence(visit where url = '/a' without missing without refund, purchase, all within last 90 days)",
        "sequence(visit, purchase, all since '2024-01-01')",
        "regularly(purchase where amount > 5, 4 of last 6 months)",
        "stopped(purchase, active 180 days, inactive 90 days)",
        "restarted(purchase, pause 90 days, within 30 days)",
        "any related(orders where total > 100)",
        "all related(orders where open = false)",
        "no related(orders)",
        "count related(orders where open = true and total > 5) >= 2",
        "sum related(orders.total) > 100",
        "segment vip",
        "segment \"VIP 2024\" or list blocked",
        "top 100 by total_spent",
        "bottom 2.5% by total_spent per country",
        "top part 1 of 4 by sum(purchase.amount where ok = true within last 90 days) per country among (a = 1 and b = 2)",
        "bucket('newsletter', 0, 5000)",
        "distance(lat, lon) to (48.85, -2.35) <= 5000 m",
    ] {
        prints(text, text);
    }
}

#[test]
fn other_ways_to_write_it() {
    prints("  AGE>=25 AND City<>'x' ", "AGE >= 25 and City != 'x'");
    prints("a == 1 -- one\n or b = 2 -- two", "a = 1 or b = 2");
    prints("((a = 1))", "a = 1");
    prints("a = 1 and b = 2 or c = 3", "(a = 1 and b = 2) or c = 3");
    prints("a = 1 or b = 2 and c = 3", "a = 1 or (b = 2 and c = 3)");
    prints("not a = 1 and b = 2", "not (a = 1) and b = 2");
    prints("all of (a = 1, b = 2)", "a = 1 and b = 2");
    prints("age BETWEEN (18, 30)", "age between 18 and 30");
    prints("\"age\" = 1", "age = 1");
    prints("a = 9223372036854775808", "a = 9.223372036854776e18");
    prints("a = - 9223372036854775808", "a = -9223372036854775808");
    prints("a = 1.50E+2", "a = 150.0");
    prints("signup within since '2024-01-01'", "signup since '2024-01-01'");
    prints("signup within last 1 days", "signup within last 1 day");
    prints("signup within previous month", "signup within previous 1 month");
    prints("signup after start of this month", "signup after start of month");
    prints("signup after start of previous month", "signup after start of month - 1");
    prints("signup after start of next week", "signup after start of week + 1");
    prints("FIRST_TIME(purchase) is set", "first time(purchase) is set");
    prints("count(p within last 9 days where a = 1) > 1", "count(p where a = 1 within last 9 days) > 1");
    prints("top 10.0% by x", "top 10% by x");
}

#[test]
fn texts_mean_what_they_say() {
    means("age >= 25", expect![[r#"{"type":"condition","field":"age","op":"gte","value":25}"#]]);
    means(
        "a = 1 or b = 2.0 and not c = '3'",
        expect![[
            r#"{"type":"or","children":[{"type":"condition","field":"a","op":"eq","value":1},{"type":"and","children":[{"type":"condition","field":"b","op":"eq","value":2.0},{"type":"not","child":{"type":"condition","field":"c","op":"eq","value":"3"}}]}]}"#
        ]],
    );
    means(
        "name not contains 'x' ignoring case with missing",
        expect![[
            r#"{"type":"condition","field":"name","op":"not_contains","value":"x","case":"insensitive","missing":"include"}"#
        ]],
    );
    means(
        "age not between 18 and 30 and not age between 1 and 2",
        expect![[
            r#"{"type":"and","children":[{"type":"condition","field":"age","op":"not_between","value":[18,30]},{"type":"not","child":{"type":"condition","field":"age","op":"between","value":[1,2]}}]}"#
        ]],
    );
    means("size(tags) >= 2", expect![[r#"{"type":"condition","field":"tags","op":"size","value":{"gte":2}}"#]]);
    means(
        "signup within last 90 days or birthday anniversary within coming 1 week",
        expect![[
            r#"{"type":"or","children":[{"type":"condition","field":"signup","op":"within","value":{"last":{"n":90,"unit":"day"}}},{"type":"condition","field":"birthday","op":"anniversary_within","value":{"coming":{"n":1,"unit":"week"}}}]}"#
        ]],
    );
    means(
        "signup before 90 days ago or signup > start of month - 1",
        expect![[
            r#"{"type":"or","children":[{"type":"condition","field":"signup","op":"before","value":{"ago":{"n":90,"unit":"day"}}},{"type":"condition","field":"signup","op":"gt","value":{"start_of":{"unit":"month","offset":-1}}}]}"#
        ]],
    );
    means(
        "signup within ('2024-01-01' to '2024-02-01') or signup since '2024-01-01'",
        expect![[
            r#"{"type":"or","children":[{"type":"condition","field":"signup","op":"within","value":{"between":{"from":"2024-01-01","to":"2024-02-01"}}},{"type":"condition","field":"signup","op":"within","value":{"since":{"from":"2024-01-01"}}}]}"#
        ]],
    );
    means(
        "count(purchase where amount >= 20 within last 90 days) >= 1",
        expect![[
            r#"{"type":"event","event":"purchase","window":{"last":{"n":90,"unit":"day"}},"where":{"type":"condition","field":"amount","op":"gte","value":20},"measure":{"count":{}},"op":"gte","value":1}"#
        ]],
    );
    means(
        "sum(purchase.amount.net) > :limit without missing",
        expect![[
            r#"{"type":"event","event":"purchase","measure":{"sum":{"field":"amount.net"}},"op":"gt","value":{"param":"limit"},"missing":"exclude"}"#
        ]],
    );
    means(
        "sequence(visit, purchase within 7 days without refund, all within this year)",
        expect![[
            r#"{"type":"sequence","steps":[{"event":"visit"},{"event":"purchase","within":{"n":7,"unit":"day"},"without":{"event":"refund"}}],"window":{"this":{"unit":"year"}}}"#
        ]],
    );
    means(
        "regularly(p, 4 of last 6 months) and stopped(p, active 9 days, inactive 3 days)",
        expect![[
            r#"{"type":"and","children":[{"type":"regularly","event":"p","at_least":4,"periods":6,"unit":"month"},{"type":"stopped","event":"p","active":{"n":9,"unit":"day"},"inactive":{"n":3,"unit":"day"}}]}"#
        ]],
    );
    means(
        "restarted(p, pause 90 days, within 30 days)",
        expect![[r#"{"type":"restarted","event":"p","pause":{"n":90,"unit":"day"},"within":{"n":30,"unit":"day"}}"#]],
    );
    means(
        "no related(orders where total > 100) and sum related(orders.total) > 5",
        expect![[
            r#"{"type":"and","children":[{"type":"related","table":"orders","quantifier":"none","where":{"type":"condition","field":"total","op":"gt","value":100}},{"type":"related","table":"orders","quantifier":{"sum":{"field":"total"}},"op":"gt","value":5}]}"#
        ]],
    );
    means(
        "segment vip and not list \"do not call\"",
        expect![[
            r#"{"type":"and","children":[{"type":"segment","segment":"vip"},{"type":"not","child":{"type":"list","list":"do not call"}}]}"#
        ]],
    );
    means(
        "top 10% by sum(purchase.amount since '2024-01-01') per country among (age > 18)",
        expect![[
            r#"{"type":"rank","by":{"event":"purchase","window":{"since":{"from":"2024-01-01"}},"measure":{"sum":{"field":"amount"}}},"order":"top","take":{"percent":10.0},"per":"country","among":{"type":"condition","field":"age","op":"gt","value":18}}"#
        ]],
    );
    means(
        "bucket('a', 0, 5000) and distance(lat, lon) to (48.85, 2.35) <= 5000 m",
        expect![[
            r#"{"type":"and","children":[{"type":"bucket","salt":"a","from":0,"to":5000},{"type":"geo","latitude":"lat","longitude":"lon","center":{"lat":48.85,"lon":2.35},"radius_m":5000.0}]}"#
        ]],
    );
}

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

#[test]
fn nesting_has_a_limit() {
    let parentheses = |n: usize| format!("{}a = 1{}", "(".repeat(n), ")".repeat(n));
    assert!(Filter::from_text(&parentheses(50)).is_ok());
    refuses(&parentheses(51), expect!["CVM_DEPTH_LIMIT at line 1, column 52: nested deeper than 50 filters"]);
    let nots = |n: usize| format!("{}a = 1", "not ".repeat(n));
    assert!(Filter::from_text(&nots(50)).is_ok());
    refuses(&nots(51), expect!["CVM_DEPTH_LIMIT at line 1, column 205: nested deeper than 50 filters"]);
    // A pair of parentheses may hold two levels of the tree; what counts is the tree.
    let mixed = |n: usize| format!("{}a = 1{}", "b = 1 or c = 2 and (".repeat(n), ")".repeat(n));
    assert!(Filter::from_text(&mixed(25)).is_ok());
    refuses(&mixed(26), expect!["CVM_DEPTH_LIMIT at line 1, column 1: nested deeper than 50 filters"]);
}

/// Filters as deep as the limit round-trip, and a thread with a small stack is enough for them.
#[test]
fn the_deepest_filters_fit_small_stacks() {
    type Wrap = fn(Filter) -> Filter;
    let wraps: [Wrap; 5] = [
        |child| Filter::Not { child: Box::new(child) },
        |child| Filter::And { children: vec![child, Filter::Everyone] },
        |child| Filter::And { children: vec![child] },
        |child| put(read("count(p where everyone within last 9 days) > 1"), child),
        |child| put(read("top 5 by x per y among (everyone)"), child),
    ];
    let run = move || {
        for wrap in wraps {
            let filter = (0..50).fold(Filter::Nobody, |filter, _| wrap(filter));
            assert_eq!(Filter::from_text(&filter.to_text()).as_ref(), Ok(&filter));
            assert!(Filter::from_text(&wrap(filter).to_text()).is_err());
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread").join().expect("no panic");
}

/// The filter with `child` in place of its inner filter.
fn put(filter: Filter, child: Filter) -> Filter {
    let child = Some(Box::new(child));
    match filter {
        Filter::Event(mut node) => {
            node.filter = child;
            Filter::Event(node)
        }
        Filter::Rank(mut node) => {
            node.among = child;
            Filter::Rank(node)
        }
        other => other,
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test measures time; the crate itself has no clock")]
fn large_texts_are_read_in_time() {
    const SIZE: usize = 1 << 20;
    let start = std::time::Instant::now();
    for piece in [
        "(",
        "not ",
        "(not ",
        "all of (",
        "count(p where ",
        "a = (",
        "'",
        "\"",
        "a",
        "1",
        "-",
        "a.",
        "--",
        "\n",
        "🙂",
        "a b ",
    ] {
        assert!(Filter::from_text(&piece.repeat(SIZE / piece.len())).is_err(), "{piece}");
    }
    // Width is no depth.
    let wide = vec!["a = 1"; SIZE / 8].join(" or ");
    assert!(Filter::from_text(&wide).is_ok());
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

/// What has no text form prints something nonetheless, and reading that is an error, not another filter.
#[test]
fn what_has_no_text_form_is_refused() {
    use cvm_core::filter::{Literal, Operand, Operator, SizeTest, field};
    let value = |op, value| field("a").op(op, value);
    for (filter, printed) in [
        (value(Operator::Gte, None), "a >= ?"),
        (value(Operator::Within, None), "a within ?"),
        (value(Operator::Between, None), "a between ?"),
        (value(Operator::IsSet, Some(1.into())), "a is set ? 1"),
        (value(Operator::Size, None), "a size ?"),
        (value(Operator::Size, Some(1.into())), "a size 1"),
        (value(Operator::Eq, Some(SizeTest::Eq(1).into())), "a = size = 1"),
        (value(Operator::Between, Some(1.into())), "a between 1 and ?"),
        (value(Operator::Eq, Some(f64::NAN.into())), "a = NaN"),
        (value(Operator::Eq, Some(f64::INFINITY.into())), "a = inf"),
        (value(Operator::In, Some(Operand::Many(vec![Literal::Float(f64::NEG_INFINITY)]))), "a in (-inf)"),
    ] {
        assert_eq!(filter.to_text(), printed);
        assert!(Filter::from_text(printed).is_err(), "{printed}");
    }
}
