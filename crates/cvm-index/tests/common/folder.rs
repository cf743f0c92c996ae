//! What a folder holds: `#[path = "common/folder.rs"] mod folder;`

#![allow(clippy::expect_used, reason = "tests may")]

use std::path::Path;

/// Every file of a folder, by its name from there.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            out.extend(files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            out.push((name, std::fs::read(&path).expect("bytes")));
        }
    }
    out.sort();
    out
}
