//! What goes wrong with journeys.

use cvm_journey::Findings;
use cvm_journey::machine::{ApplyError, Refusal};
use thiserror::Error;

/// What went wrong with a journey.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum JourneyError {
    /// The journey is not right: each finding says where and what to do.
    #[error("{0}")]
    Findings(Findings),
    /// What was asked of the engine is not.
    #[error("{0}")]
    Engine(#[from] crate::Error),
    /// What it was told is refused; nothing has changed.
    #[error("CVM_JOURNEY_REFUSED: {0}")]
    Refused(#[from] Refusal),
    /// The machine could not go on.
    #[error("CVM_JOURNEY_BROKEN: {0}")]
    Apply(ApplyError),
    /// The folder in which the state is kept can't be used, or has stopped.
    #[error("CVM_JOURNEY_STORE: {0}")]
    Store(String),
    /// Something that was given can't be used.
    #[error("CVM_JOURNEY_GIVEN{}: {message}", at(path))]
    Given {
        /// Where: a JSON pointer into what was given.
        path: String,
        /// What is wrong, and what to do.
        message: String,
    },
}

impl JourneyError {
    /// A stable identifier: that of the first finding that stops, or of what was refused.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Findings(findings) | Self::Refused(Refusal::Findings(findings)) => {
                findings.0.first().map_or("CVM_JOURNEY", |finding| finding.code.as_str())
            }
            Self::Engine(error) => error.code().as_str(),
            Self::Refused(_) => "CVM_JOURNEY_REFUSED",
            Self::Apply(_) => "CVM_JOURNEY_BROKEN",
            Self::Store(_) => "CVM_JOURNEY_STORE",
            Self::Given { .. } => "CVM_JOURNEY_GIVEN",
        }
    }

    /// Where: a JSON pointer; empty for all of it.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Findings(findings) | Self::Refused(Refusal::Findings(findings)) => {
                findings.0.first().map_or("", |finding| &finding.path)
            }
            Self::Engine(error) => error.path(),
            Self::Refused(_) | Self::Apply(_) | Self::Store(_) => "",
            Self::Given { path, .. } => path,
        }
    }

    /// What is wrong as findings: JSON objects with `severity`, `code`, `path`, `message`, and what else is known (`help`,
    /// `nodes`, `edges`, `fix`). There is one at least.
    #[must_use]
    pub fn findings(&self) -> Vec<serde_json::Value> {
        let found = match self {
            Self::Findings(findings) | Self::Refused(Refusal::Findings(findings)) => serde_json::to_value(findings),
            Self::Engine(error) => serde_json::to_value(error.diagnostics()),
            _ => Ok(serde_json::Value::Null),
        };
        match found {
            Ok(serde_json::Value::Array(found)) if !found.is_empty() => found,
            _ => vec![serde_json::json!({
                "severity": "error", "code": self.code(), "path": self.path(), "message": self.message(),
            })],
        }
    }

    /// What is wrong, without the code and the place.
    fn message(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.to_string(),
            Self::Apply(error) => error.to_string(),
            Self::Store(message) | Self::Given { message, .. } => message.clone(),
            Self::Findings(_) | Self::Engine(_) => self.to_string(),
        }
    }

    /// The same, where what was given is a part of something greater: its name stands at the front of the place.
    #[must_use]
    pub fn below(self, name: &str) -> Self {
        match self {
            Self::Given { path, message } => Self::Given { path: format!("/{name}{path}"), message },
            other => other,
        }
    }

    pub(super) fn given(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Given { path: path.into(), message: message.into() }
    }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at {path}") }
}

impl From<Findings> for JourneyError {
    fn from(findings: Findings) -> Self {
        Self::Findings(findings)
    }
}

impl From<ApplyError> for JourneyError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Refused(refusal) => Self::Refused(refusal),
            other => Self::Apply(other),
        }
    }
}
