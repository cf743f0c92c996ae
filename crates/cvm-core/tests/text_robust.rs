//! The text form never panics, and takes its time by size: random texts, damage, depth, length.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "common/strategies.rs"]
mod strategies;
#[path = "common/texts.rs"]
mod texts;

use cvm_core::Filter;
use expect_test::expect;
use proptest::prelude::*;
use texts::{read, refuses};

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
    // Sixteen times the text takes about sixteen times as long; two hundred and fifty-six times would be a trap.
    const SMALL: usize = 1 << 14;
    const LARGE: usize = SMALL * 16;
    let least = |text: &str| {
        let once = || {
            let start = std::time::Instant::now();
            let read = Filter::from_text(text).is_ok();
            (start.elapsed().as_secs_f64(), read)
        };
        let (first, read) = once();
        // Others may have had the processor meanwhile: the quickest time is the text's own.
        ((0..2).fold(first, |least, _| least.min(once().0)), read)
    };
    let check = |name: &str, expected: bool, make: &dyn Fn(usize) -> String| {
        let (small, _) = least(&make(SMALL));
        let (large, read) = least(&make(LARGE));
        assert_eq!(read, expected, "{name}");
        assert!(large < 0.05 + small * 100.0, "{name}: {small} s became {large} s");
    };
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
        check(piece, false, &|size| piece.repeat(size / piece.len()));
    }
    // Width is no depth.
    check("a = 1 or …", true, &|size| vec!["a = 1"; size / 8].join(" or "));
}
