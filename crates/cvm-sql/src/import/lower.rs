//! Texts compared without regard to the case of letters: by `lower`, `upper`, `ILIKE`, and SQLite's `LIKE`.
//!
//! Databases agree about ASCII letters, and differ about the few others that become ASCII letters: `İ` and `K` (the
//! kelvin sign) in lower case, `ı` and `ſ` in upper case. What asks for a letter that one of them may become is refused
//! where the database is not known to leave it alone.

use cvm_core::filter::{Case, Literal, Operand, Operator};

use super::Found;
use super::compare::Cmp;
use super::dialect::LowerCase;
use super::eval::Importer;
use super::like::escaped;
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, never};

/// Where a text is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Whole,
    Start,
    End,
    Inside,
}

/// A pattern that takes each ASCII letter in both cases.
pub(super) fn either_case(c: char, out: &mut String) {
    if c.is_ascii_alphabetic() {
        out.extend(['[', c.to_ascii_lowercase(), c.to_ascii_uppercase(), ']']);
    } else {
        escaped(c, out);
    }
}

const HELP: &str = "compare with each spelling, with `IN`, or use `\"case\": \"insensitive\"` in the filter";

impl Importer<'_> {
    /// `lower(column) = text`.
    pub(super) fn cased(&self, column: &Column, upper: bool, cmp: Cmp, text: &str) -> Found<Truth> {
        if cmp.is_order() {
            return refused("texts in another case have no order that a filter can keep", "");
        }
        let truth = self.cased_at(column, upper, Place::Whole, text)?;
        Ok(truth.swapped_if(cmp == Cmp::Ne))
    }

    /// Whether the text stands at a place of the column once that is in lower (or upper) case.
    pub(super) fn cased_at(&self, column: &Column, upper: bool, place: Place, text: &str) -> Found<Truth> {
        if !column.is_text() {
            return refused(format!("`{}` is no text", column.name), "");
        }
        if !text.is_ascii() {
            return refused("databases differ in the case of letters that are not ASCII", HELP);
        }
        // Nothing in lower case holds a capital letter.
        if text.bytes().any(|b| if upper { b.is_ascii_lowercase() } else { b.is_ascii_uppercase() }) {
            return Ok(never(&column.name));
        }
        let lower = text.to_ascii_lowercase();
        let asks = |letter: char| lower.contains(letter);
        match (self.dialect.lower(), upper) {
            (LowerCase::Ascii, _) => {}
            (LowerCase::Full, false) if place == Place::Whole && asks('k') => {
                let mut pattern = String::from("^");
                for c in text.chars() {
                    if c == 'k' { pattern.push_str("[kK\u{212a}]") } else { either_case(c, &mut pattern) }
                }
                pattern.push('$');
                return Ok(self.leaf(&column.name, Operator::Matches, Operand::One(Literal::Str(pattern))));
            }
            (LowerCase::Full, false) if place == Place::Whole => {}
            (_, false) if asks('i') || asks('k') => {
                return refused("databases differ in whether `İ` and `K` become `i` and `k` in lower case", HELP);
            }
            (_, true) if asks('i') || asks('s') => {
                return refused("databases differ in whether `ı` and `ſ` become `I` and `S` in upper case", HELP);
            }
            _ => {}
        }
        self.ascii_at(column, place, text)
    }

    /// Whether the text stands at a place of the column, taking ASCII letters (and no others) in both cases.
    pub(super) fn ascii_at(&self, column: &Column, place: Place, text: &str) -> Found<Truth> {
        let lower = text.to_ascii_lowercase();
        let letters = lower.bytes().any(|b| b.is_ascii_lowercase());
        let case = if letters { Case::Insensitive } else { Case::Sensitive };
        // Folding takes `ſ` for `s` and the kelvin sign for `k`: they need a pattern that names the letters.
        let op = match place {
            _ if !text.is_ascii() || lower.contains(['k', 's']) => None,
            Place::Whole => Some(Operator::Eq),
            Place::Start => Some(Operator::StartsWith),
            Place::End => Some(Operator::EndsWith),
            Place::Inside => Some(Operator::Contains),
        };
        if let Some(op) = op {
            return Ok(self.leaf_with(&column.name, op, Some(Operand::One(Literal::Str(text.to_owned()))), case));
        }
        let mut pattern = String::new();
        if matches!(place, Place::Whole | Place::Start) {
            pattern.push('^');
        }
        text.chars().for_each(|c| either_case(c, &mut pattern));
        if matches!(place, Place::Whole | Place::End) {
            pattern.push('$');
        }
        self.matches(column, pattern)
    }
}
