//! The file: its first bytes, its size, and what is there instead when it is not.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use cvm_core::catalog::infer::{CsvFormat, CsvHints, SNIFF_BYTES, sniff_with};
use cvm_core::{Code, Diagnostic, Diagnostics};

use super::decode::Decoded;

/// A CSV file whose format is known.
pub(super) struct Source {
    path: PathBuf,
    pub(super) size: u64,
    pub(super) format: CsvFormat,
    /// `\n`; old Macs end lines with `\r` alone.
    pub(super) line_end: u8,
}

impl Source {
    /// # Errors
    /// When the file is not there, or not CSV.
    pub(super) fn open(path: &Path, hints: &CsvHints) -> Result<Self, Diagnostics> {
        if path.is_dir() {
            return Err(Diagnostic::error(
                Code::SourceKind,
                "",
                format!("`{}` is a folder, not a file", path.display()),
            )
            .into());
        }
        let file = File::open(path).map_err(|error| not_opened(path, &error))?;
        let failed = |error: io::Error| not_read(path, &error);
        let size = file.metadata().map_err(failed)?.len();
        let mut sample = Vec::new();
        file.take(SNIFF_BYTES as u64).read_to_end(&mut sample).map_err(failed)?;
        let format = sniff_with(&sample, hints).map_err(|findings| in_file(path, findings))?;
        let line_end = if sample.contains(&b'\r') && !sample.contains(&b'\n') { b'\r' } else { b'\n' };
        Ok(Self { path: path.to_owned(), size, format, line_end })
    }

    /// The text, from its first character.
    ///
    /// # Errors
    /// When the file went away.
    pub(super) fn text(&self) -> Result<Decoded, Diagnostics> {
        let mut file = File::open(&self.path).map_err(|error| not_opened(&self.path, &error))?;
        file.seek(SeekFrom::Start(self.format.bom_len as u64)).map_err(|error| not_read(&self.path, &error))?;
        Ok(Decoded::new(file, self.format.encoding, self.line_end))
    }

    /// The findings with the file's name.
    pub(super) fn named(&self, findings: Diagnostics) -> Diagnostics {
        in_file(&self.path, findings)
    }
}

/// Puts the file's name before each message: a caller may load several.
fn in_file(path: &Path, mut findings: Diagnostics) -> Diagnostics {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    for finding in &mut findings.0 {
        finding.message = format!("`{name}`: {}", finding.message);
    }
    findings
}

fn not_read(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(Code::SourceNotFound, "", format!("can't read `{}`: {}", path.display(), reason(error)))
}

fn not_opened(path: &Path, error: &io::Error) -> Diagnostic {
    if error.kind() != io::ErrorKind::NotFound {
        return not_read(path, error);
    }
    not_found(path)
}

/// There is no such file; one of the folder may be meant.
pub(in crate::exec) fn not_found(path: &Path) -> Diagnostic {
    let finding = Diagnostic::error(Code::SourceNotFound, "", format!("there is no file `{}`", path.display()));
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Ok(entries) = folder.read_dir() else {
        return finding.help(format!("the folder `{}` is not there, either", folder.display()));
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort_unstable();
    let wrong = path.file_name().unwrap_or_default().to_string_lossy();
    finding.suggest_from(&wrong, names.iter().map(String::as_str))
}

/// The operating system's words in the style of ours.
fn reason(error: &io::Error) -> String {
    error.to_string().trim_end_matches('.').to_lowercase()
}
