//! Fingerprints are equal for what is equal, different for what is not, and the same tomorrow.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_core::Filter;

fn print(text: &str) -> String {
    text.parse::<Filter>().expect(text).fingerprint().to_string()
}

/// Worked out by hand from the description of the canonical form: a change of it would lose every cache.
#[test]
fn the_hash_is_pinned() {
    assert_eq!(print("age > 30"), "6712c60bd7e9b96084cccff7e6555229");
}

#[test]
fn spellings_of_one_segment_share_a_fingerprint() {
    for (a, b) in [
        ("a = 1 and b = 2", "b = 2 and a = 1"),
        ("a = 1 or a = 1 or nobody", "a = 1"),
        ("a in (3, 1, 2, 1)", "a in (1, 2, 3)"),
        ("a in (1)", "a = 1"),
        ("a = 1.0", "a = 1"),
        ("not (a = 1)", "a != 1"),
        ("not (a is set)", "a is not set"),
        ("not (a = 1 and b = 2)", "b != 2 or a != 1"),
        ("a > 1 without missing", "a > 1"),
        ("day before '2024-01-01'", "day < '2024-01-01'"),
        ("a = 1 and not (a = 1)", "nobody"),
        ("at least 1 of (a = 1, b = 2)", "b = 2 or a = 1"),
        ("not (at least 2 of (a = 1, b = 2, c = 3))", "at least 2 of (c != 3, a != 1, b != 2)"),
        ("count(buy where a = 1 and b = 2) >= 1", "count(buy where b = 2 and a = 1) >= 1"),
    ] {
        assert_eq!(print(a), print(b), "{a} / {b}");
    }
}

#[test]
fn different_segments_differ() {
    let texts = [
        "a = 1",
        "a = '1'",
        "a != 1",
        "a != 1 without missing",
        "a = 1 with missing",
        "a = 2",
        "b = 1",
        "a > 1",
        "a >= 1",
        "a < 1",
        "a <= 1 with missing",
        "a between 1 and 2",
        "a between 2 and 1",
        "a in (1, 2)",
        "a = 'x' ignoring case",
        "a = 'x'",
        "a = 1 and b = 1",
        "a = 1 or b = 1",
        "at least 2 of (a = 1, b = 1, c = 1)",
        "everyone",
        "nobody",
        "segment a",
        "list a",
        "not segment a",
        "count(a) = 1",
        "count(a where b = 1) = 1",
        "a is set",
        "a is not set",
        "a within last 1 day",
        "a within last 2 days",
    ];
    let mut prints: Vec<String> = texts.iter().map(|text| print(text)).collect();
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), texts.len());
}
