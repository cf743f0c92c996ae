//! The pages that are written from code are current: `UPDATE=1 cargo test -p cvm-core --test docs` writes them anew.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "tests may")]

use std::fmt::Write;
use std::path::PathBuf;

use cvm_core::Code;
use cvm_core::filter::Operator;

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
         | JSON | text | meaning | missing values are |\n|---|---|---|---|\n",
    );
    for op in Operator::ALL {
        let missing = if op.on_missing() { "in" } else { "out" };
        let _ = writeln!(page, "| `{op}` | `{}` | {} | {missing} |", op.text(), op.meaning());
    }
    same_as_file("operators.md", &page);
}
