//! Words and names: what is a keyword, and which names need quotes.

use std::borrow::Cow;

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
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner_dot = c == '.' && chars.peek().is_some_and(|(_, next)| continues_word(*next));
        if !continues_word(c) && !inner_dot {
            return at;
        }
    }
    text.len()
}

/// The name as it is written: in quotes where it needs them.
pub(super) fn written(name: &str) -> Cow<'_, str> {
    if is_word(name) && !is_reserved(name) { Cow::Borrowed(name) } else { Cow::Owned(quote(name, '"')) }
}

/// Whether the whole text is one word, dots included.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(starts_word) && word_length(text) == text.len()
}

/// `text` between quotes, with the quotes inside it doubled.
pub(super) fn quote(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        if c == quote {
            out.push(quote);
        }
        out.push(c);
    }
    out.push(quote);
    out
}

/// The reverse of [`quote`], for a text that is known to be quoted.
pub(super) fn unquote(quoted: &str) -> String {
    let mut chars = quoted.chars();
    let Some(quote) = chars.next() else { return String::new() };
    chars.next_back();
    let doubled = String::from_iter([quote, quote]);
    chars.as_str().replace(&doubled, quote.encode_utf8(&mut [0; 4]))
}
