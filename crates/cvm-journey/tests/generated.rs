//! Schemas and the page of codes are generated from the types: `UPDATE=1 cargo test -p cvm-journey --test generated`.

#![expect(clippy::expect_used, reason = "tests may")]

use std::path::PathBuf;

use cvm_journey::Code;
use cvm_journey::edit::Command;
use cvm_journey::model::Journey;
use schemars::{JsonSchema, schema_for};

fn same_as_schema<T: JsonSchema>(name: &str) {
    same_as_file(name, &(serde_json::to_string_pretty(&schema_for!(T)).expect("a schema") + "\n"));
}

#[expect(clippy::disallowed_methods, reason = "the test keeps files; the crate itself touches none")]
fn same_as_file(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect("a folder");
        return;
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        held == text,
        "{name} is not what the types say: run `UPDATE=1 cargo test -p cvm-journey --test generated`"
    );
}

#[test]
fn the_schemas_are_current() {
    same_as_schema::<Journey>("schema/journey.schema.json");
    same_as_schema::<Command>("schema/journey-command.schema.json");
}

#[test]
fn the_page_of_codes_is_current() {
    let mut page = String::from(
        "# What can be wrong with a journey\n\nErrors stop a journey from starting; warnings and infos do not. Each finding has the \
         code, the nodes and\nedges that it is about, a JSON pointer into the journey, a sentence, what to do, and where that is \
         known,\nthe edits that put it right.\n\n| code | | meaning |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let severity = serde_json::to_value(code.severity()).expect("a name");
        let line = format!("| `{code}` | {} | {} |\n", severity.as_str().expect("a name"), code.meaning().trim());
        page.push_str(&line);
    }
    same_as_file("docs/journey-errors.md", &page);
}
