//! The text form means what it says and prints as it is read.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "common/texts.rs"]
mod texts;

use cvm_core::Filter;
use expect_test::{Expect, expect};
use texts::read;

#[track_caller]
fn means(text: &str, json: Expect) {
    json.assert_eq(&serde_json::to_string(&read(text)).expect("JSON"));
}

#[track_caller]
fn prints(text: &str, canonical: &str) {
    assert_eq!(read(text).to_text(), canonical);
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
