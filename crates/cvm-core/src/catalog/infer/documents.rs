//! Is a column one of JSON: lists of simple values, or documents?

use serde_json::Value as Json;

use super::guess::Guess;
use super::number::Notation;
use super::range::Range;
use super::reader::Form;
use super::tally::{BadRows, RowAt, Tally};
use crate::catalog::FieldType;

#[derive(Debug, Default)]
pub(super) struct Documents {
    lists: Tally,
    documents: Tally,
    /// The kinds of items seen in lists.
    items: Items,
}

#[derive(Debug, Default)]
struct Items {
    texts: bool,
    bools: bool,
    ints: bool,
    floats: bool,
}

impl Documents {
    pub(super) fn live(&self) -> bool {
        !self.documents.dead
    }

    #[inline]
    pub(super) fn observe(&mut self, text: &str, at: RowAt) {
        let parsed: Option<Json> = if text.starts_with(['[', '{']) { serde_json::from_str(text).ok() } else { None };
        self.documents.add(parsed.is_some(), text, at);
        if !self.lists.dead {
            let simple = matches!(&parsed, Some(Json::Array(items)) if items.iter().all(|item| self.items.see(item)));
            self.lists.add(simple, text, at);
        }
    }

    pub(super) fn guesses(self) -> Vec<Guess> {
        let mut guesses = Vec::new();
        if let Some((item, form)) = self.items.form().filter(|_| self.lists.fits > 0 && !self.lists.dead) {
            guesses.push(Guess {
                ty: FieldType::List(Box::new(item)),
                form: Form::JsonList { item: Box::new(form), scale: 0 },
                fits: self.lists.fits,
                misfits: self.lists.misfits,
                range: Range::Empty,
                exponents: BadRows::default(),
            });
        }
        if self.documents.fits > 0 && !self.documents.dead {
            guesses.push(Guess {
                ty: FieldType::Json,
                form: Form::Json,
                fits: self.documents.fits,
                misfits: self.documents.misfits,
                range: Range::Empty,
                exponents: BadRows::default(),
            });
        }
        guesses
    }
}

impl Items {
    /// Notes the kind of an item; false when it is not a simple value.
    fn see(&mut self, item: &Json) -> bool {
        match item {
            Json::Null => {}
            Json::Bool(_) => self.bools = true,
            Json::Number(n) if n.is_i64() => self.ints = true,
            Json::Number(_) => self.floats = true,
            Json::String(_) => self.texts = true,
            Json::Array(_) | Json::Object(_) => return false,
        }
        true
    }

    /// The one type of all items; text when there were none, `None` when they are mixed.
    fn form(&self) -> Option<(FieldType, Form)> {
        match (self.texts, self.bools, self.ints, self.floats) {
            (_, false, false, false) => Some((FieldType::String, Form::Text)),
            (false, true, false, false) => Some((FieldType::Bool, Form::Bool { words: false })),
            (false, false, true, false) => Some((FieldType::Int, Form::Int(Notation::Plain))),
            (false, false, _, true) => Some((FieldType::Float, Form::Float(Notation::Plain))),
            _ => None,
        }
    }
}
