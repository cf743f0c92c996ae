//! What a folder holds, in a small file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use cvm_core::{Code, Diagnostic, Diagnostics};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::file::damaged;

/// The name of the file.
pub(super) const NAME: &str = "manifest.json";
const FORMAT: &str = "cvm-index";
const GENERATION: &str = "index-";
/// Changes when what was written before can't be read any more.
const VERSION: u64 = 1;

/// The files of a generation.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: String,
    version: u64,
    /// The folder with the files: counts what was saved here.
    pub(super) generation: u64,
    pub(super) files: BTreeMap<String, Entry>,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) bytes: u64,
    pub(super) crc32: u32,
    /// The rows of a table; none in files that are no tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<u64>,
}

impl Manifest {
    pub(super) fn new(generation: u64, files: BTreeMap<String, Entry>) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, generation, files }
    }

    /// The folder of the files of a generation: a name that nobody else gives to theirs.
    pub(super) fn folder(generation: u64) -> String {
        format!("{GENERATION}{generation}")
    }

    /// The generation whose folder has this name.
    pub(super) fn generation_of(folder: &str) -> Option<u64> {
        let number = folder.strip_prefix(GENERATION)?.parse().ok()?;
        (Self::folder(number) == folder).then_some(number)
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The manifest of a folder; `None` where it has none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, Diagnostics> {
        let path = folder.join(NAME);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let message = format!("the file `{}` can't be read: {error}", path.display());
                return Err(Diagnostic::error(Code::SourceNotFound, "", message).into());
            }
        };
        let json: Value = serde_json::from_slice(&text).map_err(|error| damaged(&path, &error))?;
        let refused = |message: String, help: &str| {
            Err(Diagnostics::from(Diagnostic::error(Code::SourceKind, "", message).help(help)))
        };
        if json.get("format").and_then(Value::as_str) != Some(FORMAT) {
            let message = format!("the file `{}` is not that of a saved index", path.display());
            return refused(message, "name a folder in which an index was saved, or an empty one to save in");
        }
        let version = json.get("version").and_then(Value::as_u64);
        if version != Some(VERSION) {
            let found = version.map_or_else(|| "none".to_owned(), |version| version.to_string());
            let path = path.display();
            let message = format!("the file `{path}` has format version {found}, and only {VERSION} can be read");
            return refused(message, "build the index from its tables and save it in another folder");
        }
        serde_json::from_value(json).map(Some).map_err(|error| damaged(&path, &error))
    }
}
