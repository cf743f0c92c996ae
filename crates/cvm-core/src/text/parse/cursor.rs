//! Moving over the tokens, and saying what is wrong with them.

use super::{Error, Kind, Parsed, Parser, Token};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::text::print::Name;
use crate::text::words::{Quoted, is_reserved, is_word, unquote};

/// Longer input is cut short in messages.
const SHOWN: usize = 40;

impl<'t> Parser<'t> {
    /// The next token.
    pub(super) fn peek(&self) -> Token<'t> {
        self.peek_at(0)
    }

    /// The token `ahead` places on; the last one stands for all after it.
    pub(super) fn peek_at(&self, ahead: usize) -> Token<'t> {
        let end = Token { kind: Kind::End, text: "", start: self.text.len() };
        self.tokens.get(self.at + ahead).or(self.tokens.last()).copied().unwrap_or(end)
    }

    /// Takes the next token.
    pub(super) fn bump(&mut self) -> Token<'t> {
        let token = self.peek();
        self.at += 1;
        token
    }

    /// Whether the next tokens are these symbols and keywords.
    pub(super) fn ahead(&self, expected: &[&str]) -> bool {
        expected.iter().enumerate().all(|(i, expected)| self.peek_at(i).is(expected))
    }

    /// Takes the next tokens if they are these.
    pub(super) fn eat(&mut self, expected: &[&str]) -> bool {
        let found = self.ahead(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Takes this symbol or keyword.
    pub(super) fn expect(&mut self, expected: &str) -> Parsed<()> {
        if self.eat(&[expected]) {
            return Ok(());
        }
        let error = self.expected(&format!("`{expected}`"));
        Err(if is_word(expected) { self.suggest_word(error, &[expected]) } else { error })
    }

    /// Takes the symbol after a filter or its like; `otherwise` are the words that could have stood there.
    pub(super) fn close(&mut self, otherwise: &[&str], symbol: &str) -> Parsed<()> {
        if self.eat(&[symbol]) { Ok(()) } else { Err(self.not_the_end(otherwise, &format!("`{symbol}`"))) }
    }

    /// A name that stands alone; `what` says whose.
    pub(super) fn name(&mut self, what: &str) -> Parsed<String> {
        let token = self.peek();
        match token.kind {
            Kind::Name => {
                self.bump();
                Ok(unquote(token.text))
            }
            Kind::Word if !is_reserved(token.text) => {
                self.bump();
                Ok(token.text.to_owned())
            }
            Kind::Word if token.is("and") || token.is("or") => Err(self.expected(what)),
            Kind::Word => {
                let error = self.expected(what);
                Err(Box::new(
                    error.help(format!("as a name, a reserved word stands in double quotes: `\"{}\"`", token.text)),
                ))
            }
            Kind::Text => Err(Box::new(self.expected(what).suggest(Name(&unquote(token.text)).to_string()))),
            _ => Err(self.expected(what)),
        }
    }

    /// A name without dots, because a dot starts something else after it.
    pub(super) fn part(&mut self, what: &str) -> Parsed<String> {
        let token = self.peek();
        if token.kind == Kind::Word && token.text.contains('.') {
            let error = self.error(token, Code::TextSyntax, format!("expected {what} alone, found {}", shown(token)));
            let help = "a name that holds a dot stands in double quotes";
            return Err(Box::new(error.suggest(Quoted(token.text, '"').to_string()).help(help)));
        }
        self.name(what)
    }

    /// Text in single quotes.
    pub(super) fn string(&mut self, what: &str) -> Parsed<String> {
        let token = self.peek();
        match token.kind {
            Kind::Text => {
                self.bump();
                Ok(unquote(token.text))
            }
            Kind::Name => Err(Box::new(self.expected(what).suggest(Quoted(&unquote(token.text), '\'').to_string()))),
            Kind::Word => Err(Box::new(self.expected(what).suggest(Quoted(token.text, '\'').to_string()))),
            _ => Err(self.expected(what)),
        }
    }

    /// What was expected here, and what was found.
    pub(super) fn expected(&self, what: &str) -> Error {
        let token = self.peek();
        match (&self.broken, token.kind) {
            (Some(error), Kind::Broken) => error.clone(),
            _ => Box::new(self.error(token, Code::TextSyntax, format!("expected {what}, found {}", shown(token)))),
        }
    }

    /// Adds help, unless the finding is about what can't be read as tokens at all.
    pub(super) fn hint(&self, error: Error, help: String) -> Error {
        if self.peek().kind == Kind::Broken { error } else { Box::new(error.help(help)) }
    }

    /// A finding about a token.
    pub(super) fn error(&self, token: Token<'_>, code: Code, message: String) -> Diagnostic {
        Diagnostic::error(code, "", message).at(self.span(token.start, token.end()))
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::of(self.text, start, end)
    }

    /// Adds the word that was probably meant here.
    pub(super) fn suggest_word(&self, error: Error, words: &[&str]) -> Error {
        let token = self.peek();
        match (token.kind, nearest(token.text, words.iter().copied())) {
            (Kind::Word, Some(word)) => Box::new(error.suggest(word)),
            _ => error,
        }
    }
}

/// Words as messages list them.
pub(super) fn listed(words: &[&str], separator: &str) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(separator)
}

/// A token as messages show it.
pub(super) fn shown(token: Token<'_>) -> String {
    if token.kind == Kind::End {
        return "the end of the text".to_owned();
    }
    let mut text: String = token.text.chars().take(SHOWN).collect();
    if text.len() < token.text.len() {
        text.push('…');
    }
    format!("`{text}`")
}
