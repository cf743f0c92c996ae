//! Values within JSON: outside quotes they are JSON values, within quotes parts of a text.
//!
//! Whether a value stands within quotes is known only once the template's own text around it is written. So values are
//! written as JSON between two marks, and [`settle`] reads the whole: what stands between marks is never taken for the
//! template's own quotes, whatever it contains.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

/// Control characters, which JSON texts can't have as they are: values in JSON don't contain them.
const BEGIN: char = '\u{1}';
const END: char = '\u{2}';

/// A value between marks.
pub(super) fn marked(value: &Value) -> Result<String, Error> {
    let json = match value.kind() {
        ValueKind::String | ValueKind::Bool | ValueKind::Number => serde_json::to_string(value),
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Result<Vec<String>, Error> = value.try_iter()?.map(|item| item_json(&item)).collect();
            Ok(format!("[{}]", items?.join(",")))
        }
        ValueKind::Undefined | ValueKind::None => return Err(ErrorKind::UndefinedError.into()),
        _ => return Err(ErrorKind::NonPrimitive.into()),
    };
    let json = json.map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
    Ok(format!("{BEGIN}{json}{END}"))
}

fn item_json(item: &Value) -> Result<String, Error> {
    marked(item).map(|json| json.trim_matches([BEGIN, END]).to_owned())
}

/// The text without marks, and JSON for sure.
pub(super) fn settle(text: &str) -> Result<String, String> {
    let (mut settled, mut quotes) = (String::with_capacity(text.len()), Quotes::Outside);
    for (i, piece) in text.split(BEGIN).enumerate() {
        let own = match piece.split_once(END) {
            Some((value, own)) if i > 0 => {
                settled.push_str(quotes.value(value)?);
                own
            }
            _ if i == 0 => piece,
            _ => return Err("a mark stands alone".to_owned()),
        };
        own.chars().for_each(|sign| quotes.after(sign));
        settled.push_str(own);
    }
    match serde_json::from_str::<serde::de::IgnoredAny>(&settled) {
        Ok(_) => Ok(settled),
        Err(error) => Err(error.to_string()),
    }
}

/// Where the template's own text stands.
#[derive(Clone, Copy, PartialEq)]
enum Quotes {
    Outside,
    Within,
    AfterBackslash,
}

impl Quotes {
    fn after(&mut self, sign: char) {
        *self = match (*self, sign) {
            (Self::Outside, '"') | (Self::AfterBackslash, _) => Self::Within,
            (Self::Within, '"') => Self::Outside,
            (Self::Within, '\\') => Self::AfterBackslash,
            (same, _) => same,
        };
    }

    /// A value's JSON as it is written here.
    fn value(self, json: &str) -> Result<&str, String> {
        let text = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
        match (self, text) {
            (Self::Outside, _) => Ok(json),
            (Self::Within, Some(text)) => Ok(text),
            (Self::Within, None) if !json.starts_with('[') => Ok(json),
            (Self::Within, None) => Err("a list stands in quotes: leave them out".to_owned()),
            (Self::AfterBackslash, _) => Err("a token stands after a backslash: put something between".to_owned()),
        }
    }
}
