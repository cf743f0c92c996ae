//! The first pass: what the columns hold.

use cvm_core::catalog::infer::{Column, ColumnProfile};
use cvm_core::{Code, Diagnostic, Diagnostics, Severity};

use super::header;
use super::options::{CsvOptions, CsvProgress, OnBadRows, Pass};
use super::rows::Rows;
use super::shape::Misshapen;
use super::source::Source;

/// Rows between two reports of progress.
pub(super) const REPORT_EVERY: u64 = 8192;

/// What the first pass found.
pub(super) struct Profiled {
    pub(super) columns: Vec<Column>,
    /// Warnings.
    pub(super) findings: Diagnostics,
}

/// Reads all rows once.
///
/// # Errors
/// Everything that keeps the file from being loaded.
pub(super) fn profile(
    source: &Source,
    options: &CsvOptions,
    progress: &mut dyn FnMut(CsvProgress),
) -> Result<Profiled, Diagnostics> {
    let mut rows = Rows::new(source)?;
    let mut more = true;
    let (names, before) = if source.format.header {
        (header::names(&mut rows)?, 1)
    } else {
        more = rows.advance()?;
        (header::generated(rows.len()), 0)
    };
    let mut profiles = profiles(&names, options)?;
    let mut misshapen = Misshapen::new(names.len());
    if source.format.header {
        more = rows.advance()?;
    }
    let mut count = 0;
    while more {
        let at = rows.at(before);
        if rows.len() == profiles.len() {
            for (profile, text) in profiles.iter_mut().zip(rows.texts()) {
                profile.observe(text, at);
            }
        } else {
            misshapen.add(at.line, rows.len(), rows.has_line_break());
        }
        count += 1;
        if count % REPORT_EVERY == 0 {
            progress(CsvProgress { bytes_done: rows.bytes(), bytes_total: source.size, pass: Pass::Profile });
        }
        more = rows.advance()?;
    }
    progress(CsvProgress { bytes_done: source.size, bytes_total: source.size, pass: Pass::Profile });
    // Values of a row that is cut wrongly stand in wrong columns: nothing else is worth saying then.
    if let Some(error) = misshapen.error(source.format.delimiter) {
        return Err(error.into());
    }
    settle(profiles.into_iter().map(ColumnProfile::finish).collect(), options.on_bad_rows)
}

fn profiles(names: &[String], options: &CsvOptions) -> Result<Vec<ColumnProfile>, Diagnostics> {
    let mut findings = Diagnostics::default();
    for (name, _) in options.types.iter().filter(|(name, _)| !names.contains(name)) {
        let finding =
            Diagnostic::error(Code::UnknownField, "", format!("a type is declared for `{name}`, which is no column"));
        findings.push(finding.suggest_from(name, names.iter().map(String::as_str)));
    }
    let rules = options.rules();
    let declared =
        |name: &String| options.types.iter().find(|(declared, _)| declared == name).map(|(_, ty)| ty.clone());
    let profile = |name: &String| match declared(name) {
        Some(ty) => ColumnProfile::declared(name, ty, &rules),
        None => ColumnProfile::new(name, &rules),
    };
    findings.or(names.iter().map(profile).collect())
}

/// Bad rows stop, or are told as what becomes of them.
fn settle(mut columns: Vec<Column>, on_bad_rows: OnBadRows) -> Result<Profiled, Diagnostics> {
    let mut findings = Diagnostics::default();
    for column in &mut columns {
        findings.0.append(&mut column.findings.0);
        let Some(mut finding) = column.bad_rows_error() else { continue };
        if on_bad_rows != OnBadRows::Error {
            finding.severity = Severity::Warning;
            finding.help = Some(match on_bad_rows {
                OnBadRows::Skip => "these rows were dropped".to_owned(),
                _ => "these values are missing now".to_owned(),
            });
        }
        findings.push(finding);
        if on_bad_rows == OnBadRows::Missing {
            column.field.nullable = true;
        }
    }
    if findings.has_errors() { Err(findings) } else { Ok(Profiled { columns, findings }) }
}
