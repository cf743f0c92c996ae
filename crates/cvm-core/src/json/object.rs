//! Reading an object key by key; what is left over at the end is unknown.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Json;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};

/// An object that is being read. Each `take_…` removes a key; [`Object::finish`] reports the rest.
pub(crate) struct Object<'a, 'p> {
    entries: Vec<(Cow<'a, str>, Json<'a>)>,
    known: Vec<&'static str>,
    pub(crate) path: &'p Path<'p>,
}

impl<'a, 'p> Object<'a, 'p> {
    /// The object, or a finding.
    pub(crate) fn new(json: Json<'a>, path: &'p Path<'p>, out: &mut Diagnostics) -> Option<Self> {
        match json {
            Json::Object(entries) => Some(Self { entries: distinct(entries, path, out), known: Vec::new(), path }),
            other => {
                wrong_kind(&other, "an object", path, out);
                None
            }
        }
    }

    /// The object, or a finding that shows an example.
    pub(crate) fn such_as(example: &str, json: Json<'a>, path: &'p Path<'p>, out: &mut Diagnostics) -> Option<Self> {
        let object = Self::new(json, path, out);
        if object.is_none()
            && let Some(finding) = out.0.last_mut()
        {
            finding.help = Some(format!("write it like `{example}`"));
        }
        object
    }

    /// The value of a key that may be absent. Null counts as a value: it is never taken for absence.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Json<'a>> {
        self.known.push(key);
        let at = self.entries.iter().position(|(k, _)| k == key)?;
        Some(self.entries.swap_remove(at).1)
    }

    /// The value of a key that must be there.
    pub(crate) fn require(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Json<'a>> {
        let value = self.take(key);
        if value.is_none() {
            out.push(Diagnostic::error(Code::MissingKey, self.path.pointer(), format!("the key `{key}` is missing")));
        }
        value
    }

    /// A string that must be there.
    pub(crate) fn require_str(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<String> {
        let value = self.require(key, out)?;
        string(value, &self.path.key(key), out)
    }

    /// A string that may be absent; the outer `None` is a finding.
    pub(crate) fn take_str(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Option<String>> {
        match self.take(key) {
            None => Some(None),
            Some(value) => string(value, &self.path.key(key), out).map(Some),
        }
    }

    /// A number from 0 to 2³²−1 that must be there.
    pub(crate) fn require_u32(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<u32> {
        let value = self.require(key, out)?;
        u32_from(&value, &self.path.key(key), out)
    }

    /// A finite number that must be there.
    pub(crate) fn require_f64(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<f64> {
        let value = self.require(key, out)?;
        f64_from(&value, &self.path.key(key), out)
    }

    /// An array that must be there.
    pub(crate) fn require_array(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Vec<Json<'a>>> {
        let value = self.require(key, out)?;
        array(value, &self.path.key(key), out)
    }

    /// The one key that is left, for objects that are tagged by their only key.
    pub(crate) fn only_key(&self) -> Option<&str> {
        match self.entries.as_slice() {
            [(key, _)] => Some(key),
            _ => None,
        }
    }

    /// How many keys are left.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Reports what nobody took.
    pub(crate) fn finish(self, out: &mut Diagnostics) {
        for (key, _) in self.entries.iter().take(NAMED) {
            let finding = Diagnostic::error(
                Code::UnknownKey,
                self.path.key(key).pointer(),
                format!("the key `{key}` is not known here"),
            );
            out.push(match self.known.is_empty() {
                true => finding.help("it takes no keys: `{}`"),
                false => finding.suggest_from(key, self.known.iter().copied()),
            });
        }
        let more = self.entries.len().saturating_sub(NAMED);
        if more > 0 {
            let message = format!("{more} more keys are not known here");
            out.push(Diagnostic::error(Code::UnknownKey, self.path.pointer(), message));
        }
    }
}

/// How many unknown keys of one object are named.
const NAMED: usize = 20;

/// Objects up to this size are searched key by key.
const SMALL: usize = 16;

type Entries<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

/// The first entry of each key, and a finding for each further one.
fn distinct<'a>(entries: Entries<'a>, path: &Path<'_>, out: &mut Diagnostics) -> Entries<'a> {
    let twice: Vec<usize> = if entries.len() <= SMALL {
        let earlier = |i: usize, key: &str| entries.iter().take(i).any(|(other, _)| other == key);
        entries.iter().enumerate().filter(|(i, (key, _))| earlier(*i, key)).map(|(i, _)| i).collect()
    } else {
        let mut seen = HashSet::with_capacity(entries.len());
        entries.iter().enumerate().filter(|(_, (key, _))| !seen.insert(key.as_ref())).map(|(i, _)| i).collect()
    };
    if twice.is_empty() {
        return entries;
    }
    let mut twice = twice.into_iter().peekable();
    let mut kept = Vec::with_capacity(entries.len());
    for (i, (key, value)) in entries.into_iter().enumerate() {
        if twice.next_if_eq(&i).is_some() {
            out.push(Diagnostic::error(
                Code::DuplicateKey,
                path.key(&key).pointer(),
                format!("the key `{key}` stands twice"),
            ));
        } else {
            kept.push((key, value));
        }
    }
    kept
}

pub(crate) fn wrong_kind(found: &Json<'_>, expected: &str, path: &Path<'_>, out: &mut Diagnostics) {
    out.push(Diagnostic::error(
        Code::WrongKind,
        path.pointer(),
        format!("expected {expected}, found {}", found.kind()),
    ));
}

pub(crate) fn string(value: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<String> {
    match value {
        Json::Str(text) => Some(text.into_owned()),
        other => {
            wrong_kind(&other, "a string", path, out);
            None
        }
    }
}

pub(crate) fn array<'a>(value: Json<'a>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Vec<Json<'a>>> {
    match value {
        Json::Array(items) => Some(items),
        other => {
            wrong_kind(&other, "an array", path, out);
            None
        }
    }
}

pub(crate) fn u32_from(value: &Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<u32> {
    match value {
        Json::Int(n) => {
            let number = u32::try_from(*n).ok();
            if number.is_none() {
                out.push(Diagnostic::error(
                    Code::InvalidValue,
                    path.pointer(),
                    format!("`{n}` is not a whole number from 0 to {}", u32::MAX),
                ));
            }
            number
        }
        Json::Float(x) => {
            out.push(Diagnostic::error(
                Code::InvalidValue,
                path.pointer(),
                format!("`{x}` is not a whole number from 0 to {}", u32::MAX),
            ));
            None
        }
        other => {
            wrong_kind(other, "a whole number", path, out);
            None
        }
    }
}

pub(crate) fn f64_from(value: &Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "degrees, metres and per cents are small")]
        Json::Int(n) => Some(*n as f64),
        Json::Float(x) => Some(*x),
        other => {
            wrong_kind(other, "a number", path, out);
            None
        }
    }
}

/// A word from a fixed list.
pub(crate) fn word<T: Copy>(
    value: &Json<'_>,
    what: &str,
    words: &[(&'static str, T)],
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<T> {
    let Json::Str(text) = value else {
        wrong_kind(value, "a string", path, out);
        return None;
    };
    let found = words.iter().find(|(name, _)| name == text).map(|(_, value)| *value);
    if found.is_none() {
        let code = if what == "operator" { Code::UnknownOperator } else { Code::UnknownWord };
        let names = words.iter().map(|(name, _)| *name);
        let mut finding =
            Diagnostic::error(code, path.pointer(), format!("no {what} `{text}`")).suggest_from(text, names.clone());
        if finding.suggestion.is_none() {
            finding.help = Some(format!("known: {}", names.collect::<Vec<_>>().join(", ")));
        }
        out.push(finding);
    }
    found
}
