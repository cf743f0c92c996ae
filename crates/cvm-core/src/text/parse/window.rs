//! Lengths and windows of time.

use super::cursor::shown;
use super::{Error, Kind, Parsed, Parser, Token};
use crate::diagnostic::{Code, nearest};
use crate::filter::{Duration, Nothing, Unit, Window};
use crate::text::words::is_reserved;

/// The words that start a window.
const STARTS: &[&str] = &["last", "coming", "this", "previous", "next", "since", "all"];

const PLURALS: &[&str] = &["minutes", "hours", "days", "weeks", "months", "quarters", "years"];

impl Parser<'_> {
    /// `90 days`.
    pub(super) fn length(&mut self) -> Parsed<Duration> {
        if self.peek().kind != Kind::Number {
            return Err(self.expected("a length of time, such as `90 days`"));
        }
        let n = self.whole("how long")?;
        Ok(Duration { n, unit: self.unit()? })
    }

    /// A unit of time, singular or plural.
    pub(super) fn unit(&mut self) -> Parsed<Unit> {
        let token = self.peek();
        if let Some(unit) = unit(token) {
            self.bump();
            return Ok(unit);
        }
        if token.kind != Kind::Word || is_reserved(token.text) {
            return Err(self.expected("a unit of time, such as `days`"));
        }
        let error = self.error(token, Code::UnknownWord, format!("no unit of time {}", shown(token)));
        Err(match nearest_unit(token) {
            Some(unit) => error.suggest(unit),
            None => error.suggest_from("", PLURALS.iter().copied()),
        }
        .into())
    }

    /// Whether a unit stands here, or what is probably meant for one.
    pub(super) fn starts_unit(&self) -> bool {
        let token = self.peek();
        unit(token).is_some() || token.kind == Kind::Word && !is_reserved(token.text) && nearest_unit(token).is_some()
    }

    /// `within` and a window, or `since` and a time, if one stands here.
    pub(super) fn optional_when(&mut self) -> Parsed<Option<Window>> {
        if self.eat(&["within"]) {
            return self.window("within").map(Some);
        }
        if self.ahead(&["since"]) { self.optional_window() } else { Ok(None) }
    }

    /// A window after the word `before`.
    pub(super) fn window(&mut self, before: &str) -> Parsed<Window> {
        if let Some(window) = self.optional_window()? {
            return Ok(window);
        }
        if self.eat(&["("]) {
            let from = self.literal("the start of the window")?;
            self.expect("to")?;
            let to = self.literal("the end of the window")?;
            self.expect(")")?;
            return Ok(Window::Between { from, to });
        }
        Err(self.no_window(before))
    }

    /// Why there is no window here.
    pub(super) fn no_window(&self, before: &str) -> Error {
        let error =
            self.expected(&format!("a window of time after `{before}`, such as `last 90 days` or `this month`"));
        let token = self.peek();
        match token.kind {
            Kind::Number => Box::new(error.help("`last` counts back from now, `coming` counts on from now")),
            Kind::Word if token.is("between") => {
                Box::new(error.help("from one time to another is written `('2024-01-01' to '2024-02-01')`"))
            }
            _ => self.suggest_word(error, STARTS),
        }
    }

    /// A window that starts with a word, if one stands here.
    pub(super) fn optional_window(&mut self) -> Parsed<Option<Window>> {
        Ok(Some(if self.eat(&["last"]) {
            Window::Last(self.rolling("last", "previous")?)
        } else if self.eat(&["coming"]) {
            Window::Coming(self.rolling("coming", "next")?)
        } else if self.eat(&["this"]) {
            Window::This { unit: self.unit()? }
        } else if self.eat(&["previous"]) {
            Window::Previous(self.calendar()?)
        } else if self.eat(&["next"]) {
            Window::Next(self.calendar()?)
        } else if self.eat(&["since"]) {
            Window::Since { from: self.literal("a date after `since`")? }
        } else if self.eat(&["all", "time"]) {
            Window::All(Nothing {})
        } else {
            return Ok(None);
        }))
    }

    /// The length of a rolling window. `last month` could mean two things, and so is refused.
    fn rolling(&mut self, word: &str, calendar: &str) -> Parsed<Duration> {
        if self.peek().kind == Kind::Word {
            let error = self.expected(&format!("a number after `{word}`"));
            let help =
                format!("`{word} 1 month` is counted from now, `{calendar} 1 month` is a whole month of the calendar");
            return Err(Box::new(error.help(help)));
        }
        self.length()
    }

    /// The length of a calendar window; `previous month` is the previous one.
    fn calendar(&mut self) -> Parsed<Duration> {
        if self.peek().kind == Kind::Word { Ok(Duration { n: 1, unit: self.unit()? }) } else { self.length() }
    }
}

/// The unit that this word is, singular or plural.
fn unit(token: Token<'_>) -> Option<Unit> {
    let word = if token.kind == Kind::Word { token.text.to_ascii_lowercase() } else { String::new() };
    let singular = word.strip_suffix('s').unwrap_or(&word);
    Unit::WORDS.iter().find(|(name, _)| *name == singular).map(|(_, unit)| *unit)
}

/// The unit that was probably meant.
fn nearest_unit(token: Token<'_>) -> Option<&'static str> {
    nearest(token.text, PLURALS.iter().copied().chain(Unit::WORDS.iter().map(|(name, _)| *name)))
}
