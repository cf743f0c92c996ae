//! The names of the columns.

use cvm_core::{Code, Diagnostic, Diagnostics};

use super::rows::Rows;

/// Reads the first row as names.
///
/// # Errors
/// When a name is empty or stands twice.
pub(super) fn names(rows: &mut Rows) -> Result<Vec<String>, Diagnostics> {
    rows.advance()?;
    let names: Vec<String> = rows.texts().map(|text| text.trim().to_owned()).collect();
    let mut findings = Diagnostics::default();
    for (at, name) in names.iter().enumerate() {
        let number = at + 1;
        if name.is_empty() {
            findings.push(
                Diagnostic::error(Code::TableShape, "", format!("column {number} of {} has no name", names.len()))
                    .help("name it in the first row, or delete the column; pandas writes such a column unless `index=False`"),
            );
        } else if let Some(first) = names.iter().take(at).position(|other| other == name) {
            findings.push(
                Diagnostic::error(
                    Code::TableShape,
                    "",
                    format!("columns {} and {number} have the same name `{name}`", first + 1),
                )
                .help("rename one of them in the first row"),
            );
        }
    }
    findings.or(names)
}

/// The names of a file without names.
pub(super) fn generated(columns: usize) -> Vec<String> {
    (1..=columns).map(|n| format!("column_{n}")).collect()
}
