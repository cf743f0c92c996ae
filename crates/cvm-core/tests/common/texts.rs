//! Texts of filters: `#[path = "common/texts.rs"] mod texts;`

#![allow(dead_code, clippy::expect_used, clippy::panic, reason = "each test has its own part")]

use cvm_core::Filter;
use expect_test::Expect;

#[track_caller]
pub fn read(text: &str) -> Filter {
    Filter::from_text(text).unwrap_or_else(|findings| panic!("{text}\n{findings}"))
}

#[track_caller]
pub fn refuses(text: &str, findings: Expect) {
    let found = Filter::from_text(text).expect_err(text);
    findings.assert_eq(&found.to_string());
}
