//! Findings: what is wrong with a journey, where, and what to do.

mod code;

pub use code::Code;

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::edit::Command;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth a look: the journey may start.
    Warning,
    /// The journey must not start.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Stable identifier, `CVM_JOURNEY_…`.
    pub code: Code,
    /// JSON pointer (RFC 6901) into the journey; empty for all of it.
    pub path: String,
    /// The nodes that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<String>,
    /// The edges that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edges: Vec<String>,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Edits that put it right, to be applied one after another; none where only a person knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fix: Vec<Command>,
}

impl Finding {
    /// A finding of its code's severity.
    #[must_use]
    pub fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: code.severity(),
            code,
            path: path.into(),
            nodes: Vec::new(),
            edges: Vec::new(),
            message: message.into(),
            help: None,
            fix: Vec::new(),
        }
    }

    /// The same about nodes.
    #[must_use]
    pub fn nodes<'n>(mut self, nodes: impl IntoIterator<Item = &'n str>) -> Self {
        self.nodes.extend(nodes.into_iter().map(str::to_owned));
        self
    }

    /// The same about edges.
    #[must_use]
    pub fn edges<'e>(mut self, edges: impl IntoIterator<Item = &'e str>) -> Self {
        self.edges.extend(edges.into_iter().map(str::to_owned));
        self
    }

    /// The same with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with edits that put it right.
    #[must_use]
    pub fn fix(mut self, commands: impl IntoIterator<Item = Command>) -> Self {
        self.fix.extend(commands);
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.path.is_empty() {
            write!(f, " at {}", self.path)?;
        }
        write!(f, ": {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// Findings in the order of what matters, and of their places.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Whether something must be put right before the start.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether there is a finding of this code.
    #[must_use]
    pub fn has(&self, code: Code) -> bool {
        self.0.iter().any(|finding| finding.code == code)
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        Self(vec![finding])
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, finding) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            finding.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}
