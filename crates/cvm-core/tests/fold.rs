//! 54 predicates as people and programs write them in SQL, each with the fewest conditions that say it.
//!
//! The filters are written as the SQL stands, with SQL's meaning: a comparison with NULL selects nobody, also under
//! `NOT` and for the negative operators (`without missing`).

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::{Catalog, Filter, Timestamp, Value, bind, evaluate, optimize};

/// The predicate in SQL, the same as a filter, and the fewest leaves known (0: nobody or everyone).
#[rustfmt::skip]
const CASES: &[(&str, &str, usize)] = &[
    ("x < 1 AND x > 5", "x < 1 and x > 5", 0),
    ("x = 1 AND x = 2", "x = 1 and x = 2", 0),
    ("x = 3 AND x IN (1,2)", "x = 3 and x in (1, 2)", 0),
    ("x IN (1,2) OR x = 3", "x in (1, 2) or x = 3", 1),
    ("x IN (1,2,3) AND x IN (2,3,4)", "x in (1, 2, 3) and x in (2, 3, 4)", 1),
    ("x IN (1,2) AND x NOT IN (2)", "x in (1, 2) and x not in (2) without missing", 1),
    ("x BETWEEN 1 AND 5 OR x BETWEEN 4 AND 9", "x between 1 and 5 or x between 4 and 9", 1),
    ("x >= 1 OR x < 1", "x >= 1 or x < 1", 1),
    ("x = 3 OR x <> 3", "x = 3 or x != 3 without missing", 1),
    ("n >= 1 OR n < 1", "n >= 1 or n < 1", 0),
    ("x IS NULL OR x IS NOT NULL", "x is not set or x is set", 0),
    ("x > 1 AND x IS NOT NULL", "x > 1 and x is set", 1),
    ("x IS NULL AND x = 1", "x is not set and x = 1", 0),
    ("x > 1 AND x IS NULL", "x > 1 and x is not set", 0),
    ("n IS NULL", "n is not set", 0),
    ("n IS NOT NULL AND x = 1", "n is set and x = 1", 1),
    // Over whole numbers one fewer than the corpus knows of: y > 1 or y < 0 is y not in (0, 1).
    ("(x > 1 AND y > 1) OR (x > 1 AND y < 0)", "(x > 1 and y > 1) or (x > 1 and y < 0)", 2),
    ("x > 1 AND (x > 1 OR y = 2)", "x > 1 and (x > 1 or y = 2)", 1),
    ("x > 5 AND (x > 3 OR y = 2)", "x > 5 and (x > 3 or y = 2)", 1),
    ("x = 1 AND (x = 2 OR y = 2)", "x = 1 and (x = 2 or y = 2)", 2),
    ("(x = 1 AND y = 2) OR (x = 1 AND y <> 2 AND y IS NOT NULL)",
     "(x = 1 and y = 2) or (x = 1 and y != 2 without missing and y is set)", 2),
    // A range that ends before it begins is an error in a filter, so its two ends are said one by one.
    ("x BETWEEN 5 AND 1", "x >= 5 and x <= 1", 0),
    ("NOT (x BETWEEN 5 AND 1)", "x < 5 or x > 1", 1),
    ("NOT (x < 1 AND x > 5)", "x >= 1 or x <= 5", 1),
    ("x > 5 AND x < 7", "x > 5 and x < 7", 1),
    ("x > 5 AND x < 7 AND x <> 6", "x > 5 and x < 7 and x != 6 without missing", 0),
    ("x >= 3 AND x <= 3", "x >= 3 and x <= 3", 1),
    ("s LIKE '%'", "s is set", 1),
    ("s LIKE 'a'", "s = 'a'", 1),
    ("s LIKE 'ab%' AND s LIKE 'a%'", "s starts with 'ab' and s starts with 'a'", 1),
    ("s = 'abc' AND s LIKE 'a%'", "s = 'abc' and s starts with 'a'", 1),
    ("s = 'xbc' AND s LIKE 'a%'", "s = 'xbc' and s starts with 'a'", 0),
    ("x <> 3 AND x <> 3 AND x <> 5",
     "x != 3 without missing and x != 3 without missing and x != 5 without missing", 1),
    ("x = 1 OR x = 2 OR x = 3 OR x = 2", "x = 1 or x = 2 or x = 3 or x = 2", 1),
    // NULL in a list: no comparison with it is true, so nothing is "not in" the list.
    ("x NOT IN (1, NULL)", "x != 1 without missing and nobody", 0),
    ("x IN (1, NULL)", "x = 1 or nobody", 1),
    ("x = NULL", "nobody", 0),
    ("NOT (x = NULL)", "nobody", 0),
    ("b AND NOT b", "b = true and b = false", 0),
    ("b OR NOT b", "b = true or b = false", 1),
    ("x > 1 AND y > x AND y > 1", "x > 1 and y > field(x) and y > 1", 2),
    // The importer solves for the column; nothing overflows below 2^63.
    ("x + 1 > 5", "x > 4", 1),
    ("x > 1 OR x > 3", "x > 1 or x > 3", 1),
    ("x > 1 AND x > 3", "x > 1 and x > 3", 1),
    ("x IN (1)", "x in (1)", 1),
    ("(x = 1 OR x = 2) AND (x = 2 OR x = 3)", "(x = 1 or x = 2) and (x = 2 or x = 3)", 1),
    ("x <= 5 AND x IN (1,3,7,9)", "x <= 5 and x in (1, 3, 7, 9)", 1),
    ("x <= 5 AND x NOT IN (1,7)", "x <= 5 and x not in (1, 7) without missing", 2),
    ("(x > 1 AND y = 1) OR x > 1", "(x > 1 and y = 1) or x > 1", 1),
    ("b = TRUE", "b = true", 1),
    ("(b = TRUE) = FALSE", "b = false", 1),
    ("NOT (NOT (x > 1))", "not (x <= 1 with missing)", 1),
    ("x > 1 AND y = 2 AND x > 1", "x > 1 and y = 2 and x > 1", 2),
    ("(x = 1 AND y = 1) OR (x = 1 AND y = 2) OR (x = 1 AND y = 3)",
     "(x = 1 and y = 1) or (x = 1 and y = 2) or (x = 1 and y = 3)", 2),
];

fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "t", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "x", "type": "int"},
            {"name": "y", "type": "int"}, {"name": "s", "type": "string"}, {"name": "b", "type": "bool"},
            {"name": "n", "type": "int", "nullable": false}]}}"#,
    )
    .expect("a catalog")
}

/// Every combination of values at and around those of the cases.
fn rows() -> Vec<Vec<Value>> {
    let numbers: Vec<Value> = std::iter::once(Value::Missing).chain((-1..=10).map(Value::Int)).collect();
    let texts = ["", "a", "ab", "abc", "b", "xbc"].map(|text| Value::Str(text.into()));
    let texts: Vec<Value> = std::iter::once(Value::Missing).chain(texts).collect();
    let mut rows = Vec::new();
    for x in &numbers {
        for y in &numbers {
            for (s, b) in texts.iter().zip([None, Some(true), Some(false)].iter().cycle()) {
                let b = b.map_or(Value::Missing, Value::Bool);
                rows.push(vec![Value::Int(1), x.clone(), y.clone(), s.clone(), b, Value::Int(rows.len() as i64 % 4)]);
            }
        }
    }
    rows
}

#[test]
fn every_case_reaches_its_ideal() {
    let (catalog, rows) = (catalog(), rows());
    let as_of = Timestamp::from_micros(0).expect("1970");
    assert_eq!(CASES.len(), 54);
    let mut missed = Vec::new();
    let mut leaves = 0;
    for (sql, text, ideal) in CASES {
        let filter: Filter = text.parse().expect(text);
        let result = optimize(&filter, &catalog);
        let (before, after) = (
            bind(&filter, &catalog, as_of).expect(text),
            bind(&result.filter, &catalog, as_of).expect("an optimised filter is valid"),
        );
        for row in &rows {
            assert_eq!(evaluate(&before, row), evaluate(&after, row), "{sql}: {text} became {}", result.filter);
        }
        let again = optimize(&result.filter, &catalog);
        assert_eq!((&again.filter, again.trace.len()), (&result.filter, 0), "{sql}");
        leaves += result.filter.leaf_count();
        if result.filter.leaf_count() != *ideal {
            missed.push(format!("{sql}: {} instead of {ideal}: {}", result.filter.leaf_count(), result.filter));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    // The corpus knows of 47.
    assert_eq!(leaves, 46);
}
