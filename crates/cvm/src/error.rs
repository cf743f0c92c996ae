//! The one error of the facade.

use cvm_core::{Code, Diagnostic, Diagnostics, Severity};

/// What went wrong: one finding or several, each with code, place, message and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Error(Diagnostics);

impl Error {
    /// The code of the first finding that stops.
    #[must_use]
    pub fn code(&self) -> Code {
        self.first().map_or(Code::Execution, |finding| finding.code)
    }

    /// The JSON pointer of the first finding that stops.
    #[must_use]
    pub fn path(&self) -> &str {
        self.first().map_or("", |finding| &finding.path)
    }

    /// All findings.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.0
    }

    fn first(&self) -> Option<&Diagnostic> {
        self.0.iter().find(|finding| finding.severity == Severity::Error)
    }
}

impl From<Diagnostics> for Error {
    fn from(findings: Diagnostics) -> Self {
        Self(findings)
    }
}

impl From<Diagnostic> for Error {
    fn from(finding: Diagnostic) -> Self {
        Self(finding.into())
    }
}
