//! The pages of the filter language say what the code says: `UPDATE=1 cargo test -p cvm-sql --test docs` writes the parts
//! of them that are made from code.
//!
//! In a page, a block "```text example=NAME sql=postgresql,bigquery" holds a filter in text form. What stands under it,
//! from `<!-- made from the text above -->` to `<!-- end -->`, is its JSON and its SQL.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, reason = "tests may")]

#[path = "docs/examples.rs"]
mod examples;
#[path = "docs/layout.rs"]
mod layout;
#[path = "docs/tables.rs"]
mod tables;

use std::path::PathBuf;

use cvm_core::{Catalog, Timestamp};

/// The shop that all examples are about.
fn catalog() -> Catalog {
    Catalog::from_json(include_str!("docs/catalog.json")).expect("a valid catalog")
}

/// When all examples are evaluated.
fn as_of() -> Timestamp {
    Timestamp::parse_utc("2024-06-30T12:00:00Z").expect("an instant")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The pages, by their names in the folder of documents.
fn pages() -> Vec<(String, String)> {
    let mut names: Vec<String> = ["missing.md", "parameters.md", "windows.md"].map(str::to_owned).into();
    for entry in std::fs::read_dir(folder().join("nodes")).expect("the folder of nodes") {
        names.push(format!("nodes/{}", entry.expect("an entry").file_name().to_string_lossy()));
    }
    names.sort();
    let read = |name: String| {
        let text = std::fs::read_to_string(folder().join(&name)).expect("a page");
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// Compares a page with what it has to be, or writes it.
fn same_as_page(name: &str, held: &str, wanted: &str) {
    if held == wanted {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(folder().join(name), wanted).expect("a page that can be written");
        println!("wrote docs/{name}");
        return;
    }
    let differs = held.lines().zip(wanted.lines()).find(|(held, wanted)| held != wanted);
    assert!(
        held == wanted,
        "docs/{name} is not what the code says, from {differs:?} on: run `UPDATE=1 cargo test -p cvm-sql --test docs`"
    );
}

#[test]
fn examples_have_their_json_and_sql() {
    let catalog = catalog();
    let mut examples = 0;
    for (name, held) in pages() {
        let (wanted, found) = examples::written(&name, &held, &catalog, as_of());
        same_as_page(&name, &held, &wanted);
        assert!(found > 1 || !name.starts_with("nodes/") || name.ends_with("README.md"), "{name} has {found} examples");
        examples += found;
    }
    assert!(examples > 50, "only {examples} examples were found");
}

#[test]
fn lines_are_short() {
    for (name, text) in pages() {
        for line in text.lines().filter(|line| !["|", "- Note", "Refused"].iter().any(|start| line.starts_with(start)))
        {
            assert!(line.chars().count() <= 120, "docs/{name}: {line}");
        }
    }
}
