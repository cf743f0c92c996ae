//! Operators: the words of [`Operator::text`], read as a trie.

use super::cursor::{listed, shown};
use super::{Error, Kind, Parsed, Parser, Token};
use crate::diagnostic::Code;
use crate::filter::Operator;

/// What people write for an operator, and its first word here.
#[rustfmt::skip]
const SYNONYMS: &[(&str, &str)] = &[
    ("equals", "="), ("equal", "="), ("eq", "="), ("ne", "!="), ("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<="),
    ("greater", ">"), ("more", ">"), ("over", ">"), ("above", ">"), ("less", "<"), ("under", "<"), ("below", "<"),
    ("like", "contains"), ("ilike", "contains"), ("includes", "contains"), ("containing", "contains"),
    ("regex", "matches"), ("until", "before"), ("exists", "is set"), ("isnull", "is not set"),
];

impl Parser<'_> {
    /// The operator after `subject`, a text for messages. Of `since …` only the window is written: it stands for
    /// `within since …`, and is left for the operand.
    pub(super) fn operator(&mut self, subject: &str) -> Parsed<Operator> {
        if self.ahead(&["since"]) {
            return Ok(Operator::Within);
        }
        // No operator is the beginning of another one, so the first that is complete is the one.
        let mut possible: Vec<(Operator, Words)> = Operator::ALL
            .iter()
            .filter(|operator| **operator != Operator::Size)
            .map(|operator| (*operator, operator.text().split(' ')))
            .collect();
        let mut read = Vec::new();
        loop {
            let token = self.peek();
            let next: Vec<(Operator, Words)> = possible
                .iter()
                .cloned()
                .filter_map(|(operator, mut words)| {
                    words.next().is_some_and(|word| is(token, word)).then_some((operator, words))
                })
                .collect();
            if next.is_empty() {
                let words = possible.into_iter().filter_map(|(_, mut words)| words.next()).collect();
                return Err(self.no_operator(subject, &read, words));
            }
            self.bump();
            read.push(token.text.to_ascii_lowercase());
            if let Some((operator, _)) = next.iter().find(|(_, words)| words.clone().next().is_none()) {
                return Ok(*operator);
            }
            possible = next;
        }
    }

    /// Why none of `words` stands here, after the words of the operator that were `read`.
    fn no_operator(&self, subject: &str, read: &[String], mut words: Vec<&'static str>) -> Error {
        let token = self.peek();
        words.dedup();
        if read.is_empty() {
            return self.no_first_word(subject, &words);
        }
        let read = read.join(" ");
        let error = self.expected(&format!("{} after `{read}`", listed(&words, " or ")));
        let is_value = matches!(token.kind, Kind::Text | Kind::Number) || token.is("true") || token.is("false");
        match read.as_str() {
            "is" if token.is("null") => Box::new(error.suggest("not set")),
            "is not" if token.is("null") => Box::new(error.suggest("set")),
            "is" if is_value => Box::new(error.help("to compare with a value write `=` in place of `is`")),
            "is not" if is_value => Box::new(error.help("to compare with a value write `!=` in place of `is not`")),
            _ => self.suggest_operator(error, &words),
        }
    }

    /// Why no operator starts here.
    fn no_first_word(&self, subject: &str, words: &[&'static str]) -> Error {
        let token = self.peek();
        if token.kind == Kind::Word && !is_connective(token) {
            let error = self.error(token, Code::UnknownOperator, format!("no operator {}", shown(token)));
            return self.suggest_operator(error.into(), words);
        }
        let error = self.expected(&format!("a comparison after {subject}, such as `=`, `in` or `is set`"));
        let is_field = !subject.ends_with("(…)`");
        Box::new(match token.kind {
            Kind::Symbol if token.is(".") => {
                error.help("a name that needs quotes stands in them as a whole: `\"a.b c\"`")
            }
            Kind::End | Kind::Word if is_field => error.help("to find customers for whom it is true write `= true`"),
            _ => *error,
        })
    }

    /// Adds the word of `words` that was probably meant here.
    fn suggest_operator(&self, error: Error, words: &[&'static str]) -> Error {
        let token = self.peek();
        let first = |instead: &str| instead.split(' ').next().is_some_and(|first| words.contains(&first));
        match SYNONYMS.iter().find(|(word, instead)| token.is(word) && first(instead)) {
            Some((_, instead)) => Box::new(error.suggest(*instead)),
            None => self.suggest_word(error, words),
        }
    }
}

/// The words of an operator that are still to come.
type Words = std::str::Split<'static, char>;

/// Whether the token is this word of an operator, or the sign that SQL or programmers write for it.
fn is(token: Token<'_>, word: &str) -> bool {
    token.is(word)
        || match word {
            "=" => token.is("=="),
            "!=" => token.is("<>"),
            _ => false,
        }
}

/// Whether the filter before the word is meant to be over.
fn is_connective(token: Token<'_>) -> bool {
    ["and", "or", "ignoring", "with", "without"].iter().any(|word| token.is(word))
}
