//! `schema/journey.schema.json` is generated from the types. `UPDATE=1 cargo test -p cvm-journey --test schema` writes it.

#![expect(clippy::expect_used, reason = "tests may")]

use std::path::PathBuf;

use cvm_journey::edit::Command;
use cvm_journey::model::Journey;
use schemars::{JsonSchema, schema_for};

#[expect(clippy::disallowed_methods, reason = "the test keeps files; the crate itself touches none")]
fn same_as_file<T: JsonSchema>(name: &str) {
    let text = serde_json::to_string_pretty(&schema_for!(T)).expect("a schema") + "\n";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schema").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect("the schema folder");
        return;
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(held == text, "{name} is not what the types say: run `UPDATE=1 cargo test -p cvm-journey --test schema`");
}

#[test]
fn the_schemas_are_current() {
    same_as_file::<Journey>("journey.schema.json");
    same_as_file::<Command>("journey-command.schema.json");
}
