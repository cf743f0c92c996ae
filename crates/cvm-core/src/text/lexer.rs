//! The text as tokens. Nothing is decided here but where each one ends.

use super::Error;
use super::words::{continues_word, starts_word, word_length};
use crate::diagnostic::{Code, Diagnostic, Span};

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name without quotes, dots included.
    Word,
    /// A name in double quotes.
    Name,
    /// A text in single quotes.
    Text,
    /// A number without its sign.
    Number,
    /// One of [`SYMBOLS`].
    Symbol,
    /// The end of the text.
    End,
    /// The place from which no token can be read.
    Broken,
}

/// A piece of the text, as it was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl Token<'_> {
    /// One past its last byte.
    pub(super) fn end(self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this symbol, or this keyword in any case.
    pub(super) fn is(self, symbol_or_keyword: &str) -> bool {
        match self.kind {
            Kind::Symbol => self.text == symbol_or_keyword,
            Kind::Word => self.text.eq_ignore_ascii_case(symbol_or_keyword),
            _ => false,
        }
    }
}

const SYMBOLS: &[&str] = &["=", "==", "!=", "<>", "<", "<=", ">", ">=", "(", ")", ",", ".", ":", "+", "-", "%"];

/// What people write, and what they should write instead.
#[rustfmt::skip]
const MISTAKES: &[(&str, &str)] = &[
    ("=>", ">="), ("=<", "<="), ("≥", ">="), ("≤", "<="), ("≠", "!="), ("&", "and"), ("&&", "and"), ("|", "or"),
    ("||", "or"), ("!", "not"), ("‘", "'"), ("’", "'"), ("‚", "'"), ("“", "'"), ("”", "'"), ("„", "'"), ("«", "'"),
    ("»", "'"), ("`", "\""), ("[", "("), ("]", ")"), ("–", "-"), ("−", "-"),
];

/// All tokens up to the end, or up to the place that is broken; the last one is [`Kind::End`] or [`Kind::Broken`].
pub(super) fn lex(text: &str) -> (Vec<Token<'_>>, Option<Error>) {
    let mut lexer = Lexer { text, rest: text };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        match lexer.token() {
            Ok(token) => {
                tokens.push(token);
                if token.kind == Kind::End {
                    return (tokens, None);
                }
            }
            Err(error) => {
                tokens.push(lexer.take(Kind::Broken, 0));
                return (tokens, Some(error));
            }
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    /// Skips white space, byte order marks and comments.
    fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if !self.rest.starts_with("--") {
                return;
            }
            self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
    }

    fn take(&mut self, kind: Kind, length: usize) -> Token<'t> {
        let start = self.at();
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        Token { kind, text, start }
    }

    fn token(&mut self) -> Result<Token<'t>, Error> {
        let (kind, length) = match self.rest.chars().next() {
            None => (Kind::End, 0),
            Some('\'') => (Kind::Text, self.quoted('\'', "text")?),
            Some('"') => (Kind::Name, self.quoted('"', "name")?),
            Some(c) if c.is_ascii_digit() => (Kind::Number, self.number()?),
            Some(c) if starts_word(c) => (Kind::Word, word_length(self.rest)),
            Some(c) => (Kind::Symbol, self.symbol(c)?),
        };
        Ok(self.take(kind, length))
    }

    /// The length of the quoted text that starts here; a doubled quote is part of it.
    fn quoted(&self, quote: char, what: &str) -> Result<usize, Error> {
        let mut chars = self.rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
                return Ok(at + 1);
            }
        }
        Err(self.error(1, format!("the {what} that starts here has no closing `{quote}`")).into())
    }

    /// The length of the number that starts here, without a sign, as in JSON.
    fn number(&self) -> Result<usize, Error> {
        let digits = |from: usize| {
            let rest = self.rest.get(from..).unwrap_or("");
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        };
        let at = |i: usize| self.rest.as_bytes().get(i).copied();
        let whole = digits(0);
        let mut length = whole;
        if at(length) == Some(b'.') && digits(length + 1) > 0 {
            length += 1 + digits(length + 1);
        }
        if matches!(at(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(at(length + 1), Some(b'+' | b'-')));
            let exponent = digits(length + 1 + sign);
            if exponent > 0 {
                length += 1 + sign + exponent;
            }
        }
        let number = self.rest.get(..length).unwrap_or("");
        if whole > 1 && number.starts_with('0') {
            let error = self.error(length, format!("the number `{number}` starts with a zero"));
            return Err(Box::new(
                error.help(format!("a code of digits is text and stands in single quotes: '{number}'")),
            ));
        }
        let rest = self.rest.get(length..).unwrap_or("");
        if rest.starts_with('.') {
            return Err(self.error(length + 1, format!("expected digits after `{number}.`")).into());
        }
        let letters = rest.find(|c: char| !continues_word(c)).unwrap_or(rest.len());
        if letters > 0 {
            let tail = rest.get(..letters).unwrap_or("");
            let error = self.error(length + letters, format!("the number `{number}` runs into `{tail}`"));
            return Err(Box::new(error.suggest(format!("{number} {tail}"))));
        }
        Ok(length)
    }

    /// The length of the longest symbol that starts here.
    fn symbol(&self, first: char) -> Result<usize, Error> {
        let longest =
            |found: Option<usize>, symbol: &str| found.max(self.rest.starts_with(symbol).then_some(symbol.len()));
        let right = SYMBOLS.iter().fold(None, |found, symbol| longest(found, symbol));
        let wrong = MISTAKES.iter().fold(None, |found, (symbol, _)| longest(found, symbol));
        match right {
            Some(length) if right >= wrong => Ok(length),
            _ => {
                let length = wrong.unwrap_or(first.len_utf8());
                let text = self.rest.get(..length).unwrap_or("");
                let error = self.error(length, format!("`{}` has no meaning here", text.escape_debug()));
                Err(Box::new(match MISTAKES.iter().find(|(mistake, _)| *mistake == text) {
                    Some((_, instead)) => error.suggest(*instead),
                    None if first == '{' => error.help("a filter in JSON is read by `from_json`"),
                    None => error,
                }))
            }
        }
    }

    fn error(&self, length: usize, message: String) -> Diagnostic {
        let start = self.at();
        Diagnostic::error(Code::TextSyntax, "", message).at(Span::of(self.text, start, start + length))
    }
}
