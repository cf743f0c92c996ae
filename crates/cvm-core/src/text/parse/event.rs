//! Measures over events.

use super::cursor::shown;
use super::{Error, Kind, Parsed, Parser};
use crate::diagnostic::Code;
use crate::filter::{Filter, Measure, Window};
use crate::text::words::unquote;

/// Which events are measured.
pub(super) struct Events {
    pub(super) event: String,
    pub(super) filter: Option<Box<Filter>>,
    pub(super) window: Option<Window>,
}

/// The words before a parenthesis, beside the measures.
const FUNCTIONS: &[&str] = &["sequence", "regularly", "stopped", "restarted", "bucket", "distance", "size"];

/// Words that are known, but not before a parenthesis in this place.
const MISPLACED: &[(&str, &str)] = &[
    ("segment", "write `segment vip`"),
    ("list", "write `list blocked`"),
    ("field", "a field that is compared is written as its name alone"),
    ("size", "`size(…)` is taken of a field or a measure, and starts a condition"),
];

/// What people write for a measure, and its name here.
#[rustfmt::skip]
const SYNONYMS: &[(&str, &str)] = &[
    ("average", "avg"), ("mean", "avg"), ("total", "sum"), ("minimum", "min"), ("maximum", "max"),
    ("unique", "distinct"), ("geo", "distance"), ("sample", "bucket"), ("length", "size"),
];

impl Parser<'_> {
    /// A measure and its events, if one starts here: its name, in one word or two, and a parenthesis.
    pub(super) fn optional_measure(&mut self) -> Parsed<Option<(Measure, Events)>> {
        let words = if self.peek_at(1).is("(") { 1 } else { 2 };
        let (first, second) = (self.peek(), self.peek_at(1));
        if first.kind != Kind::Word || !self.peek_at(words).is("(") {
            return Ok(None);
        }
        let written = if words == 1 { first.text.to_owned() } else { format!("{}_{}", first.text, second.text) };
        let Some(name) = Measure::NAMES.iter().find(|name| name.eq_ignore_ascii_case(&written)) else {
            return Ok(None);
        };
        self.at += words + 1;
        let (event, measure) = match Measure::from_parts(name, None) {
            Some(measure) => (self.part("the name of an event")?, Some(measure)),
            None => {
                let (event, property) = self.property_of("event", &name.replace('_', " "))?;
                (event, Measure::from_parts(name, Some(property)))
            }
        };
        // Every measure takes a property or none, so there is one.
        let Some(measure) = measure else { return Ok(None) };
        let events = self.events(event)?;
        let goes_on: &[&str] = match (&events.filter, &events.window) {
            (None, None) => &["where", "within"],
            (Some(_), None) => &["and", "or", "within"],
            (None, Some(_)) => &["where"],
            (Some(_), Some(_)) => &["and", "or"],
        };
        self.close(goes_on, ")")?;
        Ok(Some((measure, events)))
    }

    /// The filter and the window of events, in either order.
    fn events(&mut self, event: String) -> Parsed<Events> {
        let mut window = self.optional_when()?;
        let filter = self.optional_where()?;
        if window.is_none() {
            window = self.optional_when()?;
        }
        Ok(Events { event, filter, window })
    }

    /// Which rows of a related table, after its name.
    pub(super) fn rows(&mut self) -> Parsed<Option<Box<Filter>>> {
        let filter = self.optional_where()?;
        self.close(if filter.is_some() { &["and", "or"] } else { &["where"] }, ")")?;
        Ok(filter)
    }

    /// The name of an event or table (`what`), and of the property or column that `measure` is taken of.
    pub(super) fn property_of(&mut self, what: &str, measure: &str) -> Parsed<(String, String)> {
        let token = self.peek();
        if token.kind == Kind::Word
            && let Some((source, property)) = token.text.split_once('.')
        {
            self.bump();
            return Ok((source.to_owned(), property.to_owned()));
        }
        let source = self.name(&format!("the name of {} {what}", if what == "event" { "an" } else { "a" }))?;
        if !self.eat(&["."]) {
            let error = self.expected(&format!("`.` and what `{measure}` is taken of"));
            return Err(self.hint(error, format!("as in `{measure}({}.amount)`", token.text)));
        }
        let property = self.peek();
        match property.kind {
            Kind::Name => {
                self.bump();
                Ok((source, unquote(property.text)))
            }
            // After a dot no word is reserved.
            Kind::Word => {
                self.bump();
                Ok((source, property.text.to_owned()))
            }
            _ => Err(self.expected("a name after the `.`")),
        }
    }

    /// The word before the parenthesis here is no keyword.
    pub(super) fn unknown_function(&self) -> Error {
        let token = self.peek();
        if let Some((word, help)) = MISPLACED.iter().find(|(word, _)| token.is(word)) {
            let error = self.error(token, Code::TextSyntax, format!("`{word}(…)` can't stand here"));
            return error.help(*help).into();
        }
        let error = self.error(token, Code::UnknownWord, format!("no measure {}", shown(token)));
        if let Some((_, instead)) = SYNONYMS.iter().find(|(word, _)| token.is(word)) {
            return error.suggest(*instead).into();
        }
        let known: Vec<String> = Measure::NAMES.iter().map(|name| name.replace('_', " ")).collect();
        error.suggest_from(token.text, known.iter().map(String::as_str).chain(FUNCTIONS.iter().copied())).into()
    }
}
