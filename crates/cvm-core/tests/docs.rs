//! The pages that are written from code are current: `UPDATE=1 cargo test -p cvm-core --test docs` writes them anew.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "tests may")]

use std::fmt::Write;
use std::path::PathBuf;

use cvm_core::filter::{Case, Condition, Operator, Takes};
use cvm_core::{Catalog, Code, Filter, check};

#[expect(clippy::disallowed_methods, reason = "the test keeps files; the crate itself touches none")]
fn same_as_file(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect("the docs folder");
        println!("wrote {}", path.display());
        return;
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(held == text, "docs/{name} is not what the code says: run `UPDATE=1 cargo test -p cvm-core --test docs`");
}

#[test]
fn every_code_has_its_entry() {
    let mut page = String::from(
        "# Errors\n\nEvery finding has a code that never changes its meaning, a JSON pointer or a place in the text, and a \
         message. All findings of an input come at once.\n\n| code | meaning |\n|---|---|\n",
    );
    for code in Code::ALL {
        let _ = writeln!(page, "| `{code}` | {} |", code.meaning().replace('|', "\\|"));
    }
    same_as_file("errors.md", &page);
}

#[test]
fn every_operator_has_its_entry() {
    let mut page = String::from(
        "# Operators\n\nWhat each operator means, and what it says of customers whose value is missing, unless the \
         condition says otherwise with `missing` (`with missing`, `without missing` in text).\n\n\
         | JSON | text | takes | types | meaning | missing values are |\n|---|---|---|---|---|---|\n",
    );
    for op in Operator::ALL {
        let missing = if op.on_missing() { "in" } else { "out" };
        let (takes, types) = (takes(*op), types(*op));
        let _ = writeln!(page, "| `{op}` | `{}` | {takes} | {types} | {} | {missing} |", op.text(), op.meaning());
    }
    page.push_str(
        "\nNumbers are int, float and decimal. Lists have items of one type, which values are compared with. Inside a \
         json field any kind of value can be met, and one of another kind than the condition's is not equal to it. One \
         value may be a literal, another field (for `=`, `!=`, `<`, `<=`, `>`, `>=`, `before`, `after`), a \
         [parameter](parameters.md) or, beside times, a relative time such as `90 days ago` or `start of month`. Windows \
         are told in [Windows](windows.md).\n",
    );
    same_as_file("operators.md", &page);
}

fn takes(op: Operator) -> &'static str {
    match op.takes() {
        Takes::Nothing => "–",
        Takes::One => "one value",
        Takes::Two => "two values",
        Takes::Many => "a list",
        Takes::Size => "a size test",
        Takes::Window => "a window",
    }
}

/// The types that the operator can be used on: asked of the check itself.
fn types(op: Operator) -> String {
    const TYPES: &[(&str, &str)] = &[
        ("bool", "bool"),
        ("numbers", "int"),
        ("string", "string"),
        ("date", "date"),
        ("timestamp", "timestamp"),
        ("lists", "list<string>"),
        ("json", "json"),
    ];
    let usable: Vec<&str> = TYPES.iter().filter(|(_, ty)| applies(op, ty)).map(|(name, _)| *name).collect();
    if usable.len() == TYPES.len() { "all".to_owned() } else { usable.join(", ") }
}

fn applies(op: Operator, ty: &str) -> bool {
    let catalog = Catalog::from_json(&format!(
        r#"{{"customers": {{"table": "c", "key": "id", "fields": [
            {{"name": "id", "type": "int", "nullable": false}}, {{"name": "x", "type": "{ty}"}}]}}}}"#
    ))
    .expect("a valid catalog");
    // Without a value there is another finding, but the operator is looked at first.
    let condition = Condition { field: "x".into(), op, value: None, case: Case::default(), missing: None };
    let found = check(&Filter::Condition(condition), &catalog);
    found.is_ok() || found.is_err_and(|found| found.0.iter().all(|finding| finding.code != Code::OperatorNotApplicable))
}
