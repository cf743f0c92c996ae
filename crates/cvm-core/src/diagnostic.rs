//! Findings: what is wrong, where, and what to do. Data first, prose second.

mod code;
mod path;

pub use code::Code;
pub(crate) use path::Path;

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// How much a finding matters. Errors stop; warnings do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look; the filter means what it says.
    Warning,
    /// The input can't be used as it is.
    Error,
}

/// A place in a text: bytes `start..end`, and the line and column (both from 1, columns in characters) of `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in characters, from 1.
    pub column: usize,
}

impl Span {
    /// The span of bytes `start..end` of `text`.
    #[must_use]
    pub fn of(text: &str, start: usize, end: usize) -> Self {
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            start,
            end,
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        }
    }
}

/// One finding.
///
/// ```
/// use cvm_core::{Code, Diagnostic};
/// let finding = Diagnostic::error(Code::UnknownField, "/children/0/field", "no field `agee`")
///     .suggest("age");
/// assert_eq!(finding.to_string(), "CVM_UNKNOWN_FIELD at /children/0/field: no field `agee` (did you mean `age`?)");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Diagnostic {
    /// Whether this stops.
    pub severity: Severity,
    /// Stable identifier, `CVM_…`.
    pub code: Code,
    /// JSON pointer (RFC 6901) to the offending node; empty for the whole document.
    pub path: String,
    /// What is wrong: lower case, no full stop, input in backticks.
    pub message: String,
    /// What to write instead, verbatim, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where in the text, for input in text form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl Diagnostic {
    /// A finding that stops.
    pub fn error(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            path: path.into(),
            message: message.into(),
            suggestion: None,
            help: None,
            span: None,
        }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// Adds the nearest of `candidates` as the suggestion, or else lists them as help.
    #[must_use]
    pub fn suggest_from<'a>(self, wrong: &str, candidates: impl Iterator<Item = &'a str> + Clone) -> Self {
        match nearest(wrong, candidates.clone()) {
            Some(name) => self.suggest(name),
            None => {
                let mut names: Vec<&str> = candidates.take(13).collect();
                if names.is_empty() {
                    return self;
                }
                let more = if names.len() > 12 { ", …" } else { "" };
                names.truncate(12);
                self.help(format!("known: {}{more}", names.join(", ")))
            }
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the place in a text.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        match (&self.span, self.path.is_empty()) {
            (Some(span), _) => write!(f, " at line {}, column {}", span.line, span.column)?,
            (None, false) => write!(f, " at {}", self.path)?,
            (None, true) => {}
        }
        write!(f, ": {}", self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " (did you mean `{suggestion}`?)")?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

/// All findings of one operation; as an error, at least one of them stops.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Whether any finding stops.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.0.push(finding);
    }

    /// The findings in the order they were made.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// The same findings, whose places lie below another one: that of a filter among many, of a part of a document.
    ///
    /// ```
    /// use cvm_core::Filter;
    /// let findings = Filter::from_json("{}").expect_err("nothing is asked");
    /// let path = findings.0[0].path.clone();
    /// assert_eq!(findings.below("/3").0[0].path, format!("/3{path}"));
    /// ```
    #[must_use]
    pub fn below(mut self, place: &str) -> Self {
        self.0.iter_mut().for_each(|finding| finding.path.insert_str(0, place));
        self
    }

    /// `value`, unless a finding stops.
    ///
    /// # Errors
    /// The findings, when one of them is an error.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.has_errors() { Err(self) } else { Ok(value) }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(finding: Diagnostic) -> Self {
        Self(vec![finding])
    }
}

impl fmt::Display for Diagnostics {
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

impl std::error::Error for Diagnostics {}

/// The candidate closest to `wrong`: equal but for case, or within a third of its length in edits.
///
/// ```
/// assert_eq!(cvm_core::nearest("contry", ["city", "country"].into_iter()), Some("country"));
/// ```
pub fn nearest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    let length = wrong.chars().count();
    let allowed = (length / 3).clamp(1, 4);
    candidates
        .take(10_000)
        // Lengths alone tell most of them apart; a distance takes time and space for each pair of characters.
        .filter(|name| name.chars().count().abs_diff(length) <= allowed)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
