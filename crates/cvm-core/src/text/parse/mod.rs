//! From text to filter: recursive descent over tokens, one function for each rule of the grammar.

mod behaviour;
mod comparison;
mod cursor;
mod depth;
mod event;
mod filter;
mod number;
mod operand;
mod operator;
mod population;
mod window;

use super::Error;
use super::lexer::{Kind, Token, lex};
use crate::diagnostic::Span;
use crate::filter::{Filter, MAX_DEPTH};

/// What a rule of the grammar gives.
type Parsed<T> = Result<T, Error>;

/// Where the parser stands.
struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    /// Why there are no more tokens, when the last one is [`Kind::Broken`].
    broken: Option<Error>,
    at: usize,
    /// How many constructs that hold a filter are open: bounds the recursion.
    open: usize,
}

/// The filter that is the whole text.
pub(super) fn parse(text: &str) -> Parsed<Filter> {
    let (tokens, broken) = lex(text);
    let mut parser = Parser { text, tokens, broken, at: 0, open: 0 };
    let filter = parser.filter()?;
    if parser.peek().kind != Kind::End {
        return Err(parser.not_the_end(&["and", "or"], "the end"));
    }
    // Groups without parentheses nest the tree deeper than the text: `a and b or c`.
    if depth::exceeds(&filter, MAX_DEPTH) {
        return Err(Box::new(depth::too_deep().at(Span::of(text, 0, text.len()))));
    }
    Ok(filter)
}

impl<'t> Parser<'t> {
    /// Runs a rule one level further down.
    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.open >= MAX_DEPTH {
            let token = self.peek();
            return Err(Box::new(depth::too_deep().at(self.span(token.start, token.end()))));
        }
        self.open += 1;
        let result = rule(self);
        self.open -= 1;
        result
    }

    /// Why what stands here goes on no filter: it is none of `words`, nor the `end` that was expected.
    fn not_the_end(&self, words: &[&str], end: &str) -> Error {
        let token = self.peek();
        let error = self.expected(&format!("{} or {end}", cursor::listed(words, ", ")));
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        match before {
            // 'O'Brien'
            Some(text) if text.kind == Kind::Text && text.end() == token.start && token.kind == Kind::Word => {
                Box::new(error.help("a `'` inside a text is written twice: `'O''Brien'`"))
            }
            _ if token.is("within") || token.is("since") => {
                let help = "the time of events stands in the parentheses: `count(purchase within last 90 days)`";
                Box::new(error.help(help))
            }
            _ => self.suggest_word(error, words),
        }
    }
}
