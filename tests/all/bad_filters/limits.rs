//! Too deep, too many, too long: an error within a moment, never a crash.

use std::time::{Duration, Instant};

use expect_test::expect;

use super::{Case, case, catalog, findings, on};

/// `depth` filters inside each other.
fn nots(depth: usize) -> String {
    format!("{}{}{}", r#"{"type": "not", "child": "#.repeat(depth), r#"{"type": "everyone"}"#, "}".repeat(depth))
}

fn ands(depth: usize) -> String {
    format!("{}{}{}", r#"{"type": "and", "children": ["#.repeat(depth), r#"{"type": "everyone"}"#, "]}".repeat(depth))
}

/// As many conditions in one group.
fn group(conditions: usize) -> String {
    let children = vec![on("age", "gt", "1"); conditions].join(",");
    format!(r#"{{"type": "and", "children": [{children}]}}"#)
}

pub fn cases() -> Vec<Case> {
    vec![
        case(
            nots(51),
            expect![
                "CVM_DEPTH_LIMIT at /child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child/child: nested deeper than 50 filters"
            ],
        ),
        case(
            nots(100_000),
            expect![
                "CVM_DEPTH_LIMIT at line 1, column 3176: nested deeper than 128 levels of JSON; put groups of the same kind into one"
            ],
        ),
        case(
            ands(100_000),
            expect![
                "CVM_DEPTH_LIMIT at line 1, column 1856: nested deeper than 128 levels of JSON; put groups of the same kind into one"
            ],
        ),
        case(
            on("age", "in", &"[".repeat(100_000)),
            expect![
                "CVM_DEPTH_LIMIT at line 1, column 186: nested deeper than 128 levels of JSON; put groups of the same kind into one"
            ],
        ),
        case(
            on("age", "eq", &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
            expect![
                "CVM_DEPTH_LIMIT at line 1, column 186: nested deeper than 128 levels of JSON; put groups of the same kind into one"
            ],
        ),
        case(
            r#"{"a":"#.repeat(100_000),
            expect![
                "CVM_DEPTH_LIMIT at line 1, column 636: nested deeper than 128 levels of JSON; put groups of the same kind into one"
            ],
        ),
        case(
            group(20_000),
            expect![
                "CVM_SIZE_LIMIT at /children/9999: the filter has more than 10000 nodes; say conditions on many values as one, with `in`, or put the customers into a list"
            ],
        ),
        case(
            on("age", "in", &format!("[{}]", vec!["1"; 100_001].join(","))),
            expect![
                "CVM_LIST_LIMIT at /value: 100001 values are more than the limit of 100000; put them into a list of the catalog"
            ],
        ),
        // In text form.
        case(
            "not ".repeat(100_000) + "everyone",
            expect!["CVM_DEPTH_LIMIT at line 1, column 205: nested deeper than 50 filters"],
        ),
        case("(".repeat(100_000), expect!["CVM_DEPTH_LIMIT at line 1, column 52: nested deeper than 50 filters"]),
        case(
            vec!["age > 1"; 20_000].join(" and "),
            expect![
                "CVM_SIZE_LIMIT at /children/9999: the filter has more than 10000 nodes; say conditions on many values as one, with `in`, or put the customers into a list"
            ],
        ),
    ]
}

/// Input that is made to take long.
#[test]
fn large_input_takes_no_longer_than_it_must() {
    let keys: Vec<String> = (0..200_000).map(|i| format!("\"key_{i}\": 1")).collect();
    let long = "x".repeat(1_000_000);
    let inputs = [
        format!(r#"{{"type": "everyone", {}}}"#, keys.join(",")),
        on(&long, "eq", "1"),
        on("age", &long, "1"),
        on("city", "eq", &format!("\"{long}\"")),
        on("name", "matches", &format!("\"{}\"", "(".repeat(100_000))),
        on("name", "matches", &format!("\"{}a{}\"", "(".repeat(100_000), ")".repeat(100_000))),
        on("name", "matches", "\"((a{255}){255}){255}\""),
        format!("{long} = 1"),
        format!("name = '{}'", "''".repeat(500_000)),
    ];
    let catalog = catalog();
    for input in inputs {
        let start = Instant::now();
        let result = findings(&input, &catalog);
        let shown: String = input.chars().take(60).collect();
        assert!(start.elapsed() < Duration::from_secs(5), "{:?} for {shown}", start.elapsed());
        // A long text is a fine value; everything else is wrong.
        assert_eq!(result.is_err(), !shown.starts_with("name = "), "{shown}");
    }
}

#[test]
fn the_limits_themselves_are_fine() {
    let catalog = catalog();
    for input in [nots(50), ands(50), group(9_999), on("age", "in", &format!("[{}]", vec!["1"; 100_000].join(",")))] {
        let shown: String = input.chars().take(60).collect();
        assert_eq!(findings(&input, &catalog), Ok(()), "{shown}");
    }
}
