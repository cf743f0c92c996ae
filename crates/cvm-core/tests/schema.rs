//! The JSON Schemas in `schema/` are generated from the types, and say what the readers accept.
//!
//! `UPDATE=1 cargo test -p cvm-core --test schema` writes them anew.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "tests may")]

#[path = "common/strategies.rs"]
mod strategies;

use std::path::PathBuf;

use cvm_core::{Catalog, Diagnostics, Filter};
use proptest::prelude::*;
use schemars::{JsonSchema, schema_for};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schema")
}

#[expect(clippy::disallowed_methods, reason = "the test keeps files; the crate itself touches none")]
fn same_as_file<T: JsonSchema>(name: &str) {
    let text = serde_json::to_string_pretty(&schema_for!(T)).expect("a schema") + "\n";
    let path = folder().join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect("the schema folder");
        println!("wrote {}", path.display());
        return;
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(held == text, "{name} is not what the types say: run `UPDATE=1 cargo test -p cvm-core --test schema`");
}

#[test]
fn the_schemas_are_current() {
    same_as_file::<Filter>("filter.schema.json");
    same_as_file::<Catalog>("catalog.schema.json");
    same_as_file::<Diagnostics>("diagnostics.schema.json");
}

fn validator() -> jsonschema::Validator {
    let schema = serde_json::to_value(schema_for!(Filter)).expect("a schema");
    jsonschema::validator_for(&schema).expect("a valid schema")
}

/// The keys of every object in a document, by JSON pointer.
fn objects(json: &serde_json::Value, pointer: String, out: &mut Vec<String>) {
    match json {
        serde_json::Value::Object(map) => {
            out.push(pointer.clone());
            for (key, value) in map {
                objects(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        serde_json::Value::Array(items) => {
            for (i, value) in items.iter().enumerate() {
                objects(value, format!("{pointer}/{i}"), out);
            }
        }
        _ => {}
    }
}

/// Whether numbers and lengths keep to the limits that the schema states; readers leave these to `check`.
fn within_limits(json: &serde_json::Value) -> bool {
    let number_from = |key: &str, low: f64, high: f64| {
        json.get(key).and_then(serde_json::Value::as_f64).is_none_or(|n| (low..=high).contains(&n))
    };
    let length_from = |key: &str, low: usize| json.get(key).and_then(|v| v.as_array()).is_none_or(|v| v.len() >= low);
    let here = match json {
        serde_json::Value::Object(map) => {
            (!map.contains_key("unit") || number_from("n", 1.0, f64::MAX))
                && (!map.contains_key("salt") || number_from("to", 0.0, 10_000.0))
                && number_from("lat", -90.0, 90.0)
                && number_from("lon", -180.0, 180.0)
                && length_from("children", 1)
                && length_from("steps", 2)
        }
        _ => true,
    };
    here && match json {
        serde_json::Value::Object(map) => map.values().all(within_limits),
        serde_json::Value::Array(items) => items.iter().all(within_limits),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, max_global_rejects: 50_000, ..ProptestConfig::default() })]

    #[test]
    fn the_schema_takes_every_filter_and_no_unknown_key(filter in strategies::filter(), which in any::<prop::sample::Index>()) {
        let validator = validator();
        let mut json: serde_json::Value = serde_json::from_str(&filter.to_json()).expect("own JSON");
        prop_assume!(within_limits(&json));
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{} in {}", errors.join("; "), json);
        let mut pointers = Vec::new();
        objects(&json, String::new(), &mut pointers);
        let place = which.get(&pointers);
        let object = json.pointer_mut(place).and_then(serde_json::Value::as_object_mut).expect("an object");
        object.insert("surprise".into(), true.into());
        prop_assert!(!validator.is_valid(&json), "an unknown key passed the schema: {}", json);
        prop_assert!(Filter::from_json(&json.to_string()).is_err(), "an unknown key passed the reader: {}", json);
    }
}
