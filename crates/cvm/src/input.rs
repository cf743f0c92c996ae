//! Filters and instants as people and programs hand them over.

use cvm_core::catalog::{no_zone, zone_by_name};
use cvm_core::{Code, Date, Diagnostic, Diagnostics, Filter, Timestamp};

use crate::Error;

/// Reads a filter in JSON (what starts with a brace or bracket) or in text form. A byte order mark is no part of it.
///
/// # Errors
/// Every finding.
///
/// ```
/// let json = cvm::read_filter(r#"{"type": "condition", "field": "age", "op": "gte", "value": 25}"#)?;
/// assert_eq!(json, cvm::read_filter("age >= 25")?);
/// # Ok::<(), cvm::Diagnostics>(())
/// ```
pub fn read_filter(text: &str) -> Result<Filter, Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) { Filter::from_json(text) } else { text.parse() }
}

/// Reads many filters.
///
/// # Errors
/// Every finding of all of them, each with the number of its filter at the front of its place.
///
/// ```
/// let findings = cvm::read_filters(&["age > 1", "age >", "age <"]).expect_err("two are broken off");
/// assert_eq!(findings.0.iter().map(|finding| finding.path.as_str()).collect::<Vec<_>>(), ["/1", "/2"]);
/// ```
pub fn read_filters(texts: &[impl AsRef<str>]) -> Result<Vec<Filter>, Diagnostics> {
    let mut out = Diagnostics::default();
    let mut filters = Vec::with_capacity(texts.len());
    for (number, text) in texts.iter().enumerate() {
        match read_filter(text.as_ref()) {
            Ok(filter) => filters.push(filter),
            Err(findings) => out.0.extend(findings.below(&format!("/{number}")).0),
        }
    }
    out.or(filters)
}

/// Reads a JSON document: a profile, a history.
///
/// # Errors
/// A text that is no JSON.
pub fn read_document(text: &str) -> Result<serde_json::Value, Error> {
    serde_json::from_str(text).map_err(|error| {
        let message = format!("not JSON: {error}");
        Diagnostic::error(Code::JsonSyntax, "", message).into()
    })
}

/// The present instant.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}

/// Reads an instant: a date and time, or a date, which is the start of that day. What has no offset is local to `zone`.
///
/// # Errors
/// A zone or an instant that is none.
///
/// ```
/// assert_eq!(cvm::read_instant("2024-07-01", "Europe/Paris")?.to_string(), "2024-06-30T22:00:00Z");
/// assert_eq!(cvm::read_instant("2024-07-01T09:30:00Z", "Europe/Paris")?.to_string(), "2024-07-01T09:30:00Z");
/// # Ok::<(), cvm::Error>(())
/// ```
pub fn read_instant(text: &str, zone: &str) -> Result<Timestamp, Error> {
    let tz = zone_by_name(zone).ok_or_else(|| no_zone(Code::UnknownOption, "", zone))?;
    Date::parse(text).map_or_else(|| Timestamp::parse(text, &tz), |date| date.start(&tz)).ok_or_else(|| {
        Diagnostic::error(Code::InvalidValue, "", format!("`{text}` is no instant"))
            .help("write `2024-01-31`, `2024-01-31T09:30:00Z` or `2024-01-31T09:30:00+01:00`")
            .into()
    })
}
