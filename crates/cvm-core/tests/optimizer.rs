//! Single rules of the optimiser, and a short soak over few fields and values (the example `optimizer_soak` runs long).

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/random.rs"]
mod random;

use cvm_core::{Filter, Timestamp, bind, evaluate_with, optimize};
use random::{Random, catalog};

fn smaller(text: &str) -> String {
    optimize(&text.parse().expect(text), &catalog()).filter.to_string()
}

#[test]
fn rules() {
    for (before, after) in [
        (
            "count(buy within last 30 days) >= 1 or count(buy within last 90 days) >= 1",
            "count(buy within last 90 days) >= 1",
        ),
        ("count(buy) >= 3 and count(buy) >= 1", "count(buy) >= 3"),
        ("count(buy) >= 0", "everyone"),
        ("count(buy where amount > 1 and amount > 2) >= 1", "count(buy where amount > 2) >= 1"),
        ("day within last 2 days or day within last 2 weeks", "day within last 2 weeks"),
        ("x > 1 and y > field(x) and y > 1", "x > 1 and y > field(x)"),
        ("x < field(y) or x = field(y)", "x <= field(y)"),
        ("e in ('pa', 'qa') or e = 'rb'", "e is set"),
        ("e contains 'a' and e starts with 'q'", "e starts with 'q'"),
        ("(x = 1 or y = 1) and (x = 1 or y = 2)", "x = 1"),
        ("not (segment young and segment old)", "not (segment young and segment old)"),
        ("s in ('a', 'b') and s contains 'a'", "s = 'a'"),
        ("at least 1 of (x = 1, x = 2)", "x in (1, 2)"),
        // What no single rule finds, and trying all formulas of fewer conditions does.
        ("(n <= 2 and n != 1) or n = 0", "n <= 0 or n = 2"),
        ("(x <= 2 or x = 4) and x not in (1, 2) without missing", "x <= 0 or x = 4"),
        ("(y >= 3 or (x = 0 and y = 0)) and y != 1", "y >= 3 or (y = 0 and x = 0)"),
        ("at least 2 of (b = true, b = true, segment young) or b = false", "b is set"),
        ("at least 2 of (x = 1, x = 1, y = 2)", "at least 2 of (x = 1, x = 1, y = 2)"),
    ] {
        assert_eq!(smaller(before), after, "{before}");
    }
}

/// However alike two tests are, of two fields the one says nothing of the other.
#[test]
fn tests_of_different_fields_are_kept() {
    for text in [
        "(s contains 'ab' and x > 1) or (t contains 'a' and x > 1)",
        "(s starts with 'ab' and t contains 'a') or (t starts with 'a' and t contains 'a')",
        "(s contains 'ab' or x > 1) and (t contains 'a' or x > 1)",
    ] {
        let (filter, catalog): (Filter, _) = (text.parse().expect(text), catalog());
        let at = Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant");
        let after = bind(&optimize(&filter, &catalog).filter, &catalog, at).expect("valid");
        let before = bind(&filter, &catalog, at).expect("valid");
        let mut random = Random::new(11);
        for _ in 0..2_000 {
            let (row, history) = random.customer();
            let (was, is) = (evaluate_with(&before, &row, &history), evaluate_with(&after, &row, &history));
            assert_eq!(was, is, "{text} became {}", optimize(&filter, &catalog).filter);
        }
    }
}

/// What a round leaves is settled, also where a time before now is written in another unit than it was read in.
#[test]
fn one_round_is_enough() {
    for text in [
        "(day before 2 months ago or day within next 1 day with missing or day > now or day within last 2 months with missing)
         and day not in ('2024-01-31', '2023-12-31')",
        "day within last 2 months without missing and day <= now and day within coming 2 months
         and day <= 3 days ago without missing",
        "(s ends with 'a' ignoring case and list chosen and tags is not set)
         or (not (size(tags) >= 0) and list chosen and s >= '')",
        // A field that is never missing: what is left of a merge is the same condition as one that was written.
        "(id not in (4, 2, 1) and id >= 2 and f <= 2.0 with missing) or (f = 2.0 and id != 4) or s != ''
         or (f is set and list chosen) or s ends with 'ab' without missing",
    ] {
        let once = optimize(&text.parse().expect(text), &catalog()).filter;
        let again = optimize(&once, &catalog());
        assert_eq!((again.filter, again.trace), (once, Vec::new()), "{text}");
    }
}

#[test]
fn a_filter_with_findings_comes_back_as_it_is() {
    for text in ["x > 1 and x > 2 and nothing = 1", "x = 'one' or everyone", "e = 'no such value' and x > 1 and x > 2"]
    {
        assert_eq!(smaller(text), text.parse::<Filter>().expect(text).to_string());
    }
}

#[test]
fn nothing_but_the_size_changes() {
    let (catalog, mut random) = (catalog(), Random::new(3));
    let at = Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant");
    let mut changed = 0;
    for _ in 0..1_500 {
        let filter = random.filter();
        let Ok(before) = bind(&filter, &catalog, at) else { continue };
        let result = optimize(&filter, &catalog);
        let after = bind(&result.filter, &catalog, at).expect("an optimised filter is valid");
        for _ in 0..20 {
            let (row, history) = random.customer();
            let (was, is) = (evaluate_with(&before, &row, &history), evaluate_with(&after, &row, &history));
            assert_eq!(was, is, "{filter} became {}: {row:?}", result.filter);
        }
        assert!(result.filter.leaf_count() <= filter.leaf_count() && result.filter.node_count() <= filter.node_count());
        let again = optimize(&result.filter, &catalog);
        assert_eq!((again.filter, again.trace), (result.filter.clone(), Vec::new()));
        changed += u32::from(result.filter != filter);
    }
    assert!(changed > 700, "{changed}");
}

/// A document of a column that is never missing may still be `null`, and then it is.
#[test]
fn a_document_that_is_always_there_may_be_null() {
    let catalog = cvm_core::Catalog::from_json(
        r#"{"customers": {"table": "customers", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "facts", "type": "json", "nullable": false}]}}"#,
    )
    .expect("a catalog");
    let at = Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant");
    let row = [cvm_core::Value::Int(1), cvm_core::Value::Json(serde_json::Value::Null)];
    for text in
        ["not (facts not in (1, 2) without missing)", "facts is set", "facts is not set", "facts != 1 without missing"]
    {
        let filter: Filter = text.parse().expect(text);
        let after = optimize(&filter, &catalog).filter;
        let [was, is] = [&filter, &after].map(|filter| {
            evaluate_with(&bind(filter, &catalog, at).expect("valid"), &row, &cvm_core::History::default())
        });
        assert_eq!(was, is, "{text} became {after}");
    }
}
