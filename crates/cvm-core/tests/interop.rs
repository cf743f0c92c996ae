//! Filters of other tools: what is kept, what is refused and where, and that no input can break the reading.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/population.rs"]
mod population;

use cvm_core::{Catalog, Code, Diagnostics, Filter, bind, check, evaluate};
use population::{any_filter, as_of, catalog, row};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

fn query(query: Json) -> Result<Filter, Diagnostics> {
    Filter::from_react_querybuilder(&query.to_string(), Some(&catalog()))
}

fn rule(rule: Json) -> Result<Filter, Diagnostics> {
    Filter::from_json_logic(&rule.to_string(), Some(&catalog()))
}

fn one(rule: Json) -> Json {
    json!({"combinator": "and", "rules": [rule]})
}

fn refused(found: Result<Filter, Diagnostics>, code: Code, path: &str) {
    let findings = found.expect_err("a refusal");
    assert_eq!((findings.0[0].code, findings.0[0].path.as_str()), (code, path), "{findings}");
}

#[test]
fn negative_rules_leave_out_missing_values_and_not_keeps_three_values() {
    let ne = json!({"field": "i", "operator": "!=", "value": "3"});
    assert_eq!(query(one(ne.clone())).expect("kept").to_string(), "i != 3 without missing");
    let not = json!({"combinator": "or", "not": true, "rules": [ne, {"field": "s", "operator": "notNull"}]});
    assert_eq!(query(not).expect("kept").to_string(), "i = 3 and s is not set");
}

#[test]
fn and_binds_tighter_between_rules_and_muted_rules_go_with_their_combinator() {
    let i = |n: i64| json!({"field": "i", "operator": "=", "value": n});
    let mut muted = i(3);
    muted["muted"] = json!(true);
    let found = query(json!({"rules": [i(1), "or", i(2), "and", muted, "and", i(4)]})).expect("kept");
    assert_eq!(found.to_string(), "i = 1 or (i = 2 and i = 4)");
}

#[test]
fn wildcards_in_values_stay_wildcards() {
    let like = |value: &str| query(one(json!({"field": "s", "operator": "contains", "value": value})));
    assert_eq!(like("50%").expect("kept").to_string(), "s contains '50'");
    assert_eq!(like("").expect("kept").to_string(), "s is set");
    let pattern = like("a_b").expect("kept");
    let bound = bind(&pattern, &catalog(), as_of()).expect("valid");
    let with = |text: &str| {
        let mut row = vec![cvm_core::Value::Missing; 17];
        row[7] = cvm_core::Value::Str(text.to_owned());
        evaluate(&bound, &row)
    };
    assert!(with("xa\nbx") && !with("ab"));
    refused(like("a\\b"), Code::NotSupported, "/rules/0/value");
}

#[test]
fn a_day_beside_an_instant_is_its_first_moment() {
    let found = query(one(json!({"field": "at", "operator": "<=", "value": "2024-01-31"}))).expect("kept");
    assert_eq!(found.to_string(), "at <= '2024-01-30T23:00:00Z'");
}

#[test]
fn lists_are_matched_by_some_or_none_of_their_items() {
    let tags = |mode: Json, operator: &str| {
        let inner = one(json!({"field": "", "operator": operator, "value": "vip"}));
        query(one(json!({"field": "tags", "operator": "=", "match": mode, "value": inner})))
    };
    assert_eq!(tags(json!({"mode": "some"}), "=").expect("kept").to_string(), "tags has any ('vip')");
    assert_eq!(
        tags(json!({"mode": "atMost", "threshold": 0}), "in").expect("kept").to_string(),
        "tags has none ('vip')"
    );
    refused(tags(json!({"mode": "all"}), "="), Code::NotSupported, "/rules/0/match");
    refused(tags(json!({"mode": "some"}), "!="), Code::NotSupported, "/rules/0/value/rules/0/operator");
}

#[test]
fn what_react_querybuilder_would_drop_or_widen_is_refused() {
    let empty = json!({"combinator": "and", "rules": []});
    refused(query(empty.clone()), Code::EmptyGroup, "/rules");
    refused(query(one(empty)), Code::EmptyGroup, "/rules/0/rules");
    let cases = [
        (json!({"field": "i", "operator": "=", "value": 1, "muted": true}), Code::EmptyGroup, "/rules"),
        (json!({"field": "~", "operator": "=", "value": 1}), Code::MissingKey, "/rules/0/field"),
        (json!({"field": "i", "operator": "~", "value": 1}), Code::MissingKey, "/rules/0/operator"),
        (json!({"field": "i", "operator": "in", "value": " , "}), Code::EmptyList, "/rules/0/value"),
        (json!({"field": "i", "operator": "between", "value": "1,"}), Code::TypeMismatch, "/rules/0/value"),
        (json!({"field": "i", "operator": "between", "value": [9, 1]}), Code::ReversedRange, "/rules/0/value"),
        (json!({"field": "i", "operator": "="}), Code::MissingKey, "/rules/0"),
        (json!({"field": "i", "operator": "=", "value": null}), Code::WrongKind, "/rules/0/value"),
        (json!({"field": "i", "operator": "like", "value": "1"}), Code::UnknownOperator, "/rules/0/operator"),
        (json!({"field": "i", "operator": "=", "value": "x"}), Code::TypeMismatch, "/rules/0/value"),
        (json!({"field": "ii", "operator": "=", "value": 1}), Code::UnknownField, "/rules/0/field"),
        (json!({"field": "i", "operator": "=", "value": 1, "extra": 1}), Code::UnknownKey, "/rules/0/extra"),
        (json!({"field": "i", "operator": "=", "value": 1, "lhs": {}}), Code::NotSupported, "/rules/0/lhs"),
        (
            json!({"field": "i", "operator": "=", "value": "p", "valueSource": "parameter"}),
            Code::MissingParameter,
            "/rules/0/valueSource",
        ),
    ];
    for (rule, code, path) in cases {
        refused(query(one(rule)), code, path);
    }
    let xor = json!({"combinator": "xor", "rules": [{"field": "i", "operator": "=", "value": 1}]});
    refused(query(xor), Code::UnknownWord, "/combinator");
}

#[test]
fn null_counts_as_zero_where_javascript_says_so() {
    let kept = |json: Json| rule(json).expect("kept").to_string();
    let i = json!({"var": "i"});
    assert_eq!(kept(json!({"<": [i, 5]})), "i < 5 with missing");
    assert_eq!(kept(json!({">=": [i, 5]})), "i >= 5");
    assert_eq!(kept(json!({"==": [i, null]})), "i is not set");
    assert_eq!(kept(json!({"==": [i, 0]})), "i = 0");
    assert_eq!(kept(json!({"<": [1, i, 5]})), "i > 1 and i < 5 with missing");
    assert_eq!(kept(json!({"!": {"var": "s"}})), "not (s != '' without missing)");
    assert_eq!(kept(json!({"!!": [{"var": "tags"}]})), "size(tags) > 0");
    assert_eq!(kept(json!({"==": [{"var": "b"}, 1]})), "b = true");
    assert_eq!(kept(json!({"===": [i, "1"]})), "nobody");
    assert_eq!(kept(json!({"missing": ["i", "s"]})), "i is not set or s = '' with missing");
    assert_eq!(kept(json!({"in": [{"var": "i"}, [1, "1", null]]})), "i = 1 with missing");
    assert_eq!(
        kept(json!({"all": [{"var": "tags"}, {"!=": [{"var": ""}, "vip"]}]})),
        "size(tags) > 0 and tags has none ('vip')"
    );
}

#[test]
fn rules_without_a_certain_meaning_are_refused_with_their_place() {
    let i = json!({"var": "i"});
    let cases = [
        (json!({"and": [true, {"<": [{"var": "s"}, 5]}]}), Code::TypeMismatch, "/and/1/<"),
        (json!({"==": [null, 0]}), Code::TypeMismatch, "/=="),
        (json!({"==": [{"var": ["i", 3]}, 3]}), Code::NotSupported, "/=="),
        (json!({">": [i, 1, 2]}), Code::ValueCount, "/>"),
        (json!({"<": [{"var": "ii"}, 1]}), Code::UnknownField, "/</0/var"),
        (json!({"map": [{"var": "tags"}, 1]}), Code::NotSupported, "/map"),
        (json!({"some": [{"var": "numbers"}, {">": [{"var": ""}, 1]}]}), Code::NotSupported, "/some/1"),
        (json!({"==": [{"var": "at"}, "2024-01-31"]}), Code::TypeMismatch, "/=="),
        (json!({"==": [i, 1], "!=": [i, 2]}), Code::UnknownKey, "/=="),
        (json!({"nope": 1}), Code::UnknownOperator, "/nope"),
    ];
    for (json, code, path) in cases {
        refused(rule(json), code, path);
    }
    let unsettled = Filter::from_json_logic(r#"{"<": [{"var": "at"}, "2024-01-31"]}"#, None);
    refused(unsettled, Code::InvalidValue, "/<");
}

#[test]
fn rules_that_would_grow_without_end_are_refused() {
    let mut json = json!({"==": [{"var": "i"}, 1]});
    for _ in 0..60 {
        json = json!({"if": [json, {"var": "i"}, {"var": "j"}]});
        if json.to_string().len() > 100_000 {
            break;
        }
    }
    let findings = rule(json).expect_err("too large");
    assert!(matches!(findings.0[0].code, Code::SizeLimit | Code::DepthLimit), "{findings}");
    let thousand = vec![json!(1); 1_000];
    let product = json!({"some": [thousand, {"some": [thousand, {"some": [thousand, {"==": [{"var": ""}, 2]}]}]}]});
    refused_somewhere(rule(product), Code::SizeLimit);
}

fn refused_somewhere(found: Result<Filter, Diagnostics>, code: Code) {
    assert_eq!(found.expect_err("a refusal").0[0].code, code);
}

#[test]
fn deep_and_broken_input_is_refused() {
    for depth in [100, 129, 10_000, 100_000] {
        let group = r#"{"combinator":"and","rules":["#.repeat(depth) + &"]}".repeat(depth);
        assert!(Filter::from_react_querybuilder(&group, None).is_err());
        let rule = format!("{}true{}", r#"{"!":"#.repeat(depth), "}".repeat(depth));
        assert!(Filter::from_json_logic(&rule, None).is_ok() == (depth < 128));
    }
    let wide = json!({"combinator": "or", "rules": vec![json!({"field": "i", "operator": "=", "value": 1}); 20_000]});
    refused_somewhere(query(wide), Code::SizeLimit);
}

#[test]
fn what_can_not_be_written_is_refused_with_its_place() {
    let catalog = catalog();
    for (text, path) in [
        ("i = 1 and s matches 'a'", "/children/1"),
        ("i = 1 or at within last 3 days", "/children/1"),
        ("not (s = 'a' ignoring case)", "/child"),
        ("json.tier = 'gold'", ""),
    ] {
        let filter: Filter = text.parse().expect("a filter");
        let query = filter.to_react_querybuilder(&catalog).expect_err("a refusal");
        assert_eq!(query.0[0].path, path, "{text}");
        let rule = filter.to_json_logic(&catalog).expect_err("a refusal");
        assert_eq!(rule.0[0].path, path, "{text}");
    }
}

/// JSON of any shape, made of the words of both languages.
fn any_json() -> BoxedStrategy<Json> {
    let words = select(
        &[
            "and",
            "or",
            "if",
            "!",
            "!!",
            "==",
            "===",
            "!=",
            "<",
            "<=",
            ">",
            "in",
            "some",
            "all",
            "none",
            "var",
            "missing",
            "missing_some",
            "min",
            "substr",
            "merge",
            "cat",
            "+",
            "rules",
            "combinator",
            "field",
            "operator",
            "value",
            "not",
            "muted",
            "match",
            "mode",
            "valueSource",
            "i",
            "s",
            "tags",
            "b",
            "day",
            "at",
            "json.tier",
            "d",
            "x",
            "=",
            "contains",
            "between",
            "notIn",
            "null",
            "xor",
            "",
            "~",
            "2024-01-31",
            "1,2",
            "%",
            "a_",
        ][..],
    );
    let leaf = prop_oneof![
        words.clone().prop_map(Json::from),
        select(vec![json!(null), json!(true), json!(0), json!(1.5), json!(-1), json!(1e300), json!(u64::MAX)]),
    ];
    leaf.prop_recursive(6, 40, 4, move |inner| {
        let entries = proptest::collection::vec((words.clone(), inner.clone()), 1..4);
        prop_oneof![
            1 => proptest::collection::vec(inner, 0..4).prop_map(Json::Array),
            3 => entries.prop_map(|entries| entries.into_iter().collect::<Json>()),
        ]
    })
    .boxed()
}

/// What was read is a filter like any other.
fn sound(found: Result<Filter, Diagnostics>, catalog: Option<&Catalog>) -> Result<(), TestCaseError> {
    match found {
        Err(findings) => prop_assert!(findings.has_errors()),
        Ok(filter) => {
            prop_assert_eq!(&Filter::from_json(&filter.to_json()).expect("own JSON"), &filter);
            prop_assert_eq!(&filter.to_string().parse::<Filter>().expect("own text"), &filter);
            if let Some(catalog) = catalog {
                prop_assert!(check(&filter, catalog).is_ok(), "{}", filter);
                prop_assert!(bind(&filter, catalog, as_of()).is_ok(), "{}", filter);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_read_or_refused(json in any_json()) {
        let catalog = catalog();
        for known in [None, Some(&catalog)] {
            sound(Filter::from_json_logic(&json.to_string(), known), known)?;
            sound(Filter::from_react_querybuilder(&json.to_string(), known), known)?;
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        sound(Filter::from_json_logic(&text, None), None)?;
        sound(Filter::from_react_querybuilder(&text, None), None)?;
    }

    #[test]
    fn what_is_written_is_read_back_with_the_same_members(
        filter in any_filter(),
        rows in proptest::collection::vec(row(), 1..6),
    ) {
        let catalog = catalog();
        let Ok(before) = bind(&filter, &catalog, as_of()) else { return Ok(()) };
        let mut read = Vec::new();
        if let Ok(query) = filter.to_react_querybuilder(&catalog) {
            read.push(Filter::from_react_querybuilder(&query.to_string(), Some(&catalog)).expect("own query"));
        }
        if let Ok(rule) = filter.to_json_logic(&catalog) {
            // Sizes of filters are limited, and guards make them larger.
            read.extend(Filter::from_json_logic(&rule.to_string(), Some(&catalog)));
        }
        for again in read {
            let after = bind(&again, &catalog, as_of()).expect("valid");
            for row in &rows {
                prop_assert_eq!(evaluate(&before, row), evaluate(&after, row), "{} became {}", filter, again);
            }
        }
    }

    #[test]
    fn broken_queries_and_rules_are_read_or_refused(filter in any_filter(), at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let catalog = catalog();
        for written in [filter.to_react_querybuilder(&catalog), filter.to_json_logic(&catalog)].into_iter().flatten() {
            let mut bytes = written.to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = with;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            sound(Filter::from_react_querybuilder(&text, Some(&catalog)), Some(&catalog))?;
            sound(Filter::from_json_logic(&text, Some(&catalog)), Some(&catalog))?;
        }
    }
}
