//! How values are written, by the part that they stand in.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, HtmlEscape, Output, State, Value};

use super::json;

/// How values are written into a part. The part's name alone says it, so that the text of a template can't change it.
///
/// ```
/// use cvm_journey::message::Escape;
/// assert_eq!(Escape::of("body_html"), Escape::Html);
/// assert_eq!(Escape::of("HTML"), Escape::Html);
/// assert_eq!(Escape::of("json"), Escape::Json);
/// assert_eq!(Escape::of("body"), Escape::Plain);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Parts whose name ends with `html`: `<`, `>`, `&`, quotes and slashes become entities. This makes values safe
    /// between tags and in attributes that are in quotes. It doesn't judge addresses: whether `href` may hold what a
    /// customer wrote is the author's question.
    Html,
    /// Parts whose name ends with `json`, and bodies of webhooks: values become JSON, or part of a JSON text where they
    /// stand within quotes.
    Json,
    /// All other parts: values stay as they are.
    Plain,
}

impl Escape {
    /// How values are written into a part of this name.
    #[must_use]
    pub fn of(part: &str) -> Self {
        let part = part.to_ascii_lowercase();
        if part.ends_with("html") {
            Self::Html
        } else if part.ends_with("json") {
            Self::Json
        } else {
            Self::Plain
        }
    }
}

/// Whether a part is one line, such as a subject or an address: all but those whose names end with `body`, `html`, `json`,
/// `markdown` or `text`.
pub(super) fn one_line(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    !["body", "html", "json", "markdown", "text"].iter().any(|end| part.ends_with(end))
}

/// Line breaks and other signs that print nothing become one space each run: a name with a line break in it must not begin
/// another header, and must not cost its owner the message either.
pub(super) fn single_line(text: &str) -> String {
    let breaks = |sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}');
    let mut line = String::with_capacity(text.len());
    for sign in text.trim_matches(breaks).chars() {
        if !breaks(sign) {
            line.push(sign);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}

/// Writes a value into the part that is being made; the template engine calls this for every `{{ … }}`.
pub(super) fn format(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    let written = match Escape::of(state.name()) {
        Escape::Plain => out.write_str(&plain(value)?),
        Escape::Html => write!(out, "{}", HtmlEscape(&plain(value)?)),
        Escape::Json => out.write_str(&json::marked(value)?),
    };
    written.map_err(Error::from)
}

/// A value as people write it: numbers without a point where they are whole, lists with commas.
pub(super) fn plain(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::String | ValueKind::Bool => Ok(value.to_string()),
        ValueKind::Number => Ok(number(value)),
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Result<Vec<String>, Error> = value.try_iter()?.map(|item| plain(&item)).collect();
            Ok(items?.join(", "))
        }
        // An `if` without `else` leaves this, and `none`.
        ValueKind::Undefined | ValueKind::None => Err(ErrorKind::UndefinedError.into()),
        _ => Err(ErrorKind::NonPrimitive.into()),
    }
}

fn number(value: &Value) -> String {
    match f64::try_from(value.clone()) {
        Ok(float) if !value.is_integer() => float.to_string(),
        _ => value.to_string(),
    }
}
