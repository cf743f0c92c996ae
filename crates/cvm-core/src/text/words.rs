//! Words and names: what is a keyword, and which names need quotes.

use std::fmt::{self, Display, Formatter, Write as _};

/// Words that can't be names unless they are quoted: those that could stand where a name or the end of a filter could.
/// All other keywords (`size`, `list`, `top`, `last`, …) are keywords only where no name can be.
const RESERVED: &[&str] = &[
    "after",
    "all",
    "and",
    "anniversary",
    "before",
    "between",
    "contains",
    "ends",
    "everyone",
    "false",
    "has",
    "ignoring",
    "in",
    "is",
    "matches",
    "missing",
    "nobody",
    "not",
    "now",
    "on",
    "or",
    "since",
    "starts",
    "true",
    "where",
    "with",
    "within",
    "without",
];

/// Whether a word, in any case, can't be a name without quotes.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// Whether a word can start with this character.
pub(super) fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Whether a word can go on with this character.
pub(super) fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length in bytes of the word at the start of `text`; a dot belongs to it if the word goes on behind the dot.
pub(super) fn word_length(text: &str) -> usize {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return text.len();
    }
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner_dot = c == '.' && chars.peek().is_some_and(|(_, next)| continues_word(*next));
        if !continues_word(c) && !inner_dot {
            return at;
        }
    }
    text.len()
}

/// Whether a name needs no quotes.
pub(super) fn is_plain(name: &str) -> bool {
    is_word(name) && !is_reserved(name)
}

/// Whether the whole text is one word, dots included.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(starts_word) && word_length(text) == text.len()
}

/// A text between quotes, with the quotes inside it doubled.
pub(super) struct Quoted<'a>(pub(super) &'a str, pub(super) char);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(text, quote) = self;
        f.write_char(*quote)?;
        // Each piece but the last ends in a quote, which stands twice.
        for piece in text.split_inclusive(*quote) {
            f.write_str(piece)?;
            if piece.ends_with(*quote) {
                f.write_char(*quote)?;
            }
        }
        f.write_char(*quote)
    }
}

/// The reverse of [`Quoted`], for a text that is known to be quoted.
pub(super) fn unquote(quoted: &str) -> String {
    let mut chars = quoted.chars();
    let Some(quote) = chars.next() else { return String::new() };
    chars.next_back();
    let doubled = String::from_iter([quote, quote]);
    chars.as_str().replace(&doubled, quote.encode_utf8(&mut [0; 4]))
}
