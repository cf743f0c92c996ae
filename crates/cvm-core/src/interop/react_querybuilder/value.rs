//! Values of rules, as the SQL has them: beside a number field a text of digits is a number, beside a timestamp field a
//! date is its first instant.

use jiff::tz::TimeZone;

use super::super::fields::{Fields, looks_like_date, unsettled_date};
use super::super::number;
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Literal;
use crate::json::{Json, wrong_kind};
use crate::value::Date;

/// What a value is compared with.
pub(super) struct Against<'a> {
    /// The type of the field, or of a list's items; none without a catalog.
    pub(super) ty: Option<&'a FieldType>,
    pub(super) fields: &'a Fields<'a>,
}

/// One value of a rule.
pub(super) fn literal(
    json: &Json<'_>,
    against: &Against<'_>,
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<Literal> {
    let finding = match (against.ty, json) {
        (_, Json::Null) => {
            let finding = Diagnostic::error(Code::WrongKind, path.pointer(), "null is no value to compare with");
            finding.help("to ask for missing values use `null` or `notNull`")
        }
        (_, Json::Array(_) | Json::Object(_)) => {
            wrong_kind(json, "a string, a number or a boolean", path, out);
            return None;
        }
        (_, Json::Str(text)) if text == "~" => unchosen(path),
        (None, Json::Str(text)) if looks_like_date(text) => unsettled_date(text, path.pointer()),
        (None, Json::Bool(value)) => return Some(Literal::Bool(*value)),
        (None, Json::Str(text)) => return Some(Literal::Str(text.clone().into_owned())),
        (Some(ty), json) => match typed(ty, json, against, path, out)? {
            Some(literal) => return Some(literal),
            None => Diagnostic::error(Code::TypeMismatch, path.pointer(), mismatch(ty, json)),
        },
        (None, json) => return number::literal(json, path, out),
    };
    out.push(finding);
    None
}

/// The finding for the value that an editor shows before one is chosen.
pub(super) fn unchosen(path: &Path<'_>) -> Diagnostic {
    Diagnostic::error(Code::MissingKey, path.pointer(), "the rule has no value yet")
        .help("react-querybuilder could drop the rule; give it a value")
}

/// The value at a type; the inner `None` is a value that the type does not know.
#[expect(clippy::option_option, reason = "no value because of a finding already made, or for the caller to report")]
fn typed(
    ty: &FieldType,
    json: &Json<'_>,
    against: &Against<'_>,
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<Option<Literal>> {
    Some(match (ty, json) {
        (FieldType::Bool, Json::Bool(value)) => Some(Literal::Bool(*value)),
        (FieldType::Bool, Json::Int(n @ (0 | 1))) => Some(Literal::Bool(*n == 1)),
        (FieldType::Bool, Json::Str(text)) if matches!(text.as_ref(), "0" | "1") => Some(Literal::Bool(text == "1")),
        (ty, Json::Int(_) | Json::Float(_)) if ty.is_number() => Some(number::literal(json, path, out)?),
        (ty, Json::Str(text)) if ty.is_number() => numeric(ty, text),
        (FieldType::String, Json::Int(_)) => match number::literal(json, path, out)? {
            Literal::Int(n) => Some(Literal::Str(n.to_string())),
            _ => None,
        },
        (FieldType::String, Json::Str(text)) => Some(Literal::Str(text.clone().into_owned())),
        (FieldType::Date, Json::Str(text)) => Some(Literal::Str(text.clone().into_owned())),
        (FieldType::Timestamp, Json::Str(text)) => {
            let zone = against.fields.catalog.map_or(TimeZone::UTC, crate::Catalog::time_zone);
            let first = Date::parse(text).and_then(|day| day.start(&zone));
            Some(Literal::Str(first.map_or_else(|| text.clone().into_owned(), |instant| instant.to_string())))
        }
        _ => None,
    })
}

/// A number written as text.
fn numeric(ty: &FieldType, text: &str) -> Option<Literal> {
    if *ty == FieldType::Float && !text.starts_with('+') {
        let shape = text.bytes().all(|b| b.is_ascii_digit() || b".-+eE".contains(&b));
        return text.parse::<f64>().ok().filter(|x| shape && x.is_finite()).map(number::from_f64);
    }
    if !number::is_plain(text) {
        return None;
    }
    match ty {
        FieldType::Decimal { .. } => Some(Literal::Str(text.to_owned())),
        _ => text.parse().map(Literal::Int).or_else(|_| text.parse().map(Literal::Float)).ok(),
    }
}

fn mismatch(ty: &FieldType, json: &Json<'_>) -> String {
    match json {
        Json::Str(text) => format!("the text `{text}` is not {}, which a field of type {ty} needs", ty.noun()),
        Json::Bool(value) => format!("`{value}` is not {}, which a field of type {ty} needs", ty.noun()),
        other => format!("{} can't be compared with a field of type {ty}", other.kind()),
    }
}

/// The values of `in` and `between`: an array, or a text with commas between them, a backslash before a comma that
/// belongs to a value. Texts lose the space around them, as in the library.
pub(super) fn list<'a>(
    json: &Json<'a>,
    against: &Against<'_>,
    keep_blank: bool,
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<Vec<Literal>> {
    let items: Vec<Json<'a>> = match json {
        Json::Array(items) => items.iter().map(trimmed).collect(),
        Json::Str(text) => (split(text).into_iter())
            .filter(|part| keep_blank || !trim(part).is_empty())
            .map(|part| Json::Str(trim(&part).to_owned().into()))
            .collect(),
        Json::Int(_) | Json::Float(_) => vec![json.clone()],
        other => {
            wrong_kind(other, "an array, or a text with commas", path, out);
            return None;
        }
    };
    let place = |i: usize| if matches!(json, Json::Array(_)) { path.index(i) } else { *path };
    let expected = items.len();
    let mut values = Vec::with_capacity(expected);
    for (i, item) in items.iter().enumerate() {
        if let Json::Bool(value) = item {
            let message = format!("in a list react-querybuilder writes `{value}` as a text");
            let finding = Diagnostic::error(Code::WrongKind, place(i).pointer(), message);
            out.push(finding.help("ask for one value with `=`"));
            continue;
        }
        values.extend(literal(item, against, &place(i), out));
    }
    (values.len() == expected).then_some(values)
}

/// The parts between commas; a comma after a backslash is part of a value.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, parts.last_mut()) {
            ('\\', Some(part)) if rest.next_if_eq(&',').is_some() => part.push(','),
            (',', _) => parts.push(String::new()),
            (c, Some(part)) => part.push(c),
            (_, None) => {}
        }
    }
    parts
}

fn trimmed<'a>(json: &Json<'a>) -> Json<'a> {
    match json {
        Json::Str(text) => Json::Str(trim(text).to_owned().into()),
        other => other.clone(),
    }
}

/// Without the space around it, as JavaScript's `trim` has it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'))
}
