//! A JSON tree that borrows its text and keeps the order of keys, and double keys, so that both can be reported.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};

/// A JSON value.
#[derive(Debug, Clone)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Str(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Parses a text. serde_json refuses more than 128 levels, so the tree and what is made of it stay shallow.
pub(crate) fn parse(text: &str) -> Result<Json<'_>, Diagnostics> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let start = offset(text, error.line(), error.column());
        if message.starts_with("recursion limit") {
            return Diagnostic::error(Code::DepthLimit, "", "nested deeper than 128 levels of JSON")
                .help("put groups of the same kind into one")
                .at(Span::of(text, start, start))
                .into();
        }
        let (message, help) = said(message.split(" at line ").next().unwrap_or("it can't be read"));
        let finding = Diagnostic::error(Code::JsonSyntax, "", format!("not valid JSON: {message}"))
            .at(Span::of(text, start, start));
        Diagnostics::from(match help {
            Some(help) => finding.help(help),
            None => finding,
        })
    })
}

/// serde_json's message in words for people, and what to do.
fn said(message: &str) -> (&str, Option<&'static str>) {
    match message {
        "EOF while parsing a string" => ("a text has no closing `\"`", None),
        "EOF while parsing a value" => ("a value is missing at the end", None),
        "EOF while parsing a list" => ("an array does not end", Some("close it with `]`")),
        "EOF while parsing an object" => ("an object does not end", Some("close it with `}`")),
        "trailing comma" => ("nothing follows the comma", Some("delete the comma")),
        "trailing characters" => ("something follows after its end", Some("put several filters into an `and` or `or`")),
        "key must be a string" => ("a key does not stand in double quotes", Some("write it like `\"type\"`")),
        "expected value" | "expected ident" => (
            "there is no value here",
            Some("texts stand in double quotes, and `true`, `false` and `null` are the only words without"),
        ),
        "number out of range" => ("the number is too large", None),
        other => (other, None),
    }
}

/// The byte at a line and column (both from 1) as serde_json counts them.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let line_start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2).map_or(0, |(at, _)| at + 1),
    };
    let mut at = (line_start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Int(value))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond i64 only the nearest float is left; checks refuse it where it matters"
    )]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(i64::try_from(value).map_or(Json::Float(value as f64), Json::Int))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Str(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json<'de>, E> {
        Ok(Json::Str(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut entries = Vec::with_capacity(4);
        while let Some(Key(key)) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Json::Object(entries))
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Str(key) => Ok(Self(key)),
            other => Err(D::Error::custom(format!("a key must be a string, not {}", other.kind()))),
        }
    }
}
