//! Bytes from anywhere: reading never panics, hangs or overflows the stack, and whatever is read can be checked,
//! optimised, evaluated and said in every dialect.
//!
//! Each target is tried with bytes, and with words of its language in any order, which get further. Under `cargo test` it
//! is a short random run; `BOLERO_RANDOM_ITERATIONS` makes it longer, `cargo bolero test` lets a fuzzer steer it.

#![expect(clippy::expect_used, reason = "tests may")]

mod used;
mod words;

use bolero::check;
use cvm_core::{Catalog, Filter};
use cvm_sql::{ImportDialect, from_sql};
use used::{catalog, used};

/// The text that bytes spell.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The words that bytes choose.
fn soup(bytes: &[u8], words: &[&str]) -> String {
    let chosen = bytes.iter().filter_map(|byte| words.get(usize::from(*byte) % words.len().max(1)));
    chosen.copied().collect::<Vec<_>>().join(" ")
}

#[test]
fn filters_in_json() {
    check!().for_each(|bytes: &[u8]| {
        for text in [text(bytes), soup(bytes, words::JSON)] {
            if let Ok(filter) = Filter::from_json(&text) {
                assert_eq!(Filter::from_json(&filter.to_json()).expect("own JSON"), filter);
                used(&filter);
            }
        }
    });
}

#[test]
fn filters_in_text_form() {
    check!().for_each(|bytes: &[u8]| {
        for text in [text(bytes), soup(bytes, words::TEXT)] {
            if let Ok(filter) = text.parse::<Filter>() {
                assert_eq!(filter.to_string().parse::<Filter>().expect("own text"), filter);
                used(&filter);
            }
        }
    });
}

#[test]
fn sql_conditions() {
    check!().for_each(|bytes: &[u8]| {
        let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
        let all = ImportDialect::ALL;
        let dialect = all.get(usize::from(*first) % all.len()).copied();
        for text in [text(rest), soup(rest, words::SQL)] {
            if let Ok(filter) = from_sql(&text, dialect, Some(catalog())) {
                assert!(cvm_core::check(&filter, catalog()).is_ok(), "imported, and refused: {text}");
                used(&filter);
            }
            let _ = from_sql(&text, dialect, None);
        }
    });
}

#[test]
fn queries_of_react_querybuilder() {
    check!().for_each(|bytes: &[u8]| {
        for text in [text(bytes), soup(bytes, words::QUERY)] {
            if let Ok(filter) = Filter::from_react_querybuilder(&text, Some(catalog())) {
                used(&filter);
            }
            let _ = Filter::from_react_querybuilder(&text, None);
        }
    });
}

#[test]
fn rules_of_json_logic() {
    check!().for_each(|bytes: &[u8]| {
        for text in [text(bytes), soup(bytes, words::RULE)] {
            if let Ok(filter) = Filter::from_json_logic(&text, Some(catalog())) {
                used(&filter);
            }
            let _ = Filter::from_json_logic(&text, None);
        }
    });
}

#[test]
fn catalogs() {
    check!().for_each(|bytes: &[u8]| {
        for text in [text(bytes), soup(bytes, words::JSON)] {
            if let Ok(catalog) = Catalog::from_json(&text) {
                assert_eq!(Catalog::from_json(&catalog.to_json()).expect("own JSON"), catalog);
            }
        }
    });
}
