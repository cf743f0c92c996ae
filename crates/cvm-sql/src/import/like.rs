//! `LIKE` patterns.

use cvm_core::filter::{Case, Literal, Operand, Operator};
use cvm_core::predicate::Pattern;

use super::dialect::LowerCase;
use super::eval::Importer;
use super::lower::{Place, either_case};
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, always, never};
use super::{Found, ImportDialect};

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Char(char),
    One,
    Any,
}

/// Whose letters count in which case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// As they are.
    Exact,
    /// `ILIKE`: column and pattern in lower case.
    Ignored,
    /// `lower(column) LIKE …`: the column in lower case, the pattern as it is.
    Lower,
    /// The same in upper case.
    Upper,
}

/// A character that stands for itself in a pattern.
pub(super) fn escaped(c: char, out: &mut String) {
    if r"\.+*?()|[]{}^$".contains(c) {
        out.push('\\');
    }
    out.push(c);
}

/// Any one character; a dot leaves out line feeds.
pub(super) const ANY_CHARACTER: &str = r"(.|\n)";

fn pieces(pattern: &str, escape: Option<char>, dialect: ImportDialect) -> Found<Vec<Piece>> {
    let mut out = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if Some(c) == escape {
            match chars.next() {
                Some(next) if next == '%' || next == '_' || next == c || dialect == ImportDialect::PostgreSql => {
                    out.push(Piece::Char(next));
                }
                _ => {
                    return refused(
                        format!("databases differ in what `{c}` escapes in this pattern"),
                        "escape only `%`, `_` and the escape itself",
                    );
                }
            }
            continue;
        }
        match c {
            '%' if out.last() == Some(&Piece::Any) => {}
            '%' => out.push(Piece::Any),
            '_' => out.push(Piece::One),
            '[' if dialect == ImportDialect::SqlServer => {
                return refused("`[…]` in LIKE patterns", "say what may stand there with OR");
            }
            other => out.push(Piece::Char(other)),
        }
    }
    Ok(out)
}

impl Importer<'_> {
    /// `column LIKE pattern`.
    pub(super) fn like(&self, column: &Column, pattern: &str, escape: Option<char>, letters: Letters) -> Found<Truth> {
        if !column.is_text() {
            return refused(format!("`{}` is no text, and LIKE looks at texts", column.name), "");
        }
        let pieces = pieces(pattern, escape, self.dialect)?;
        let inner = pieces.strip_prefix(&[Piece::Any]).unwrap_or(&pieces);
        let inner = inner.strip_suffix(&[Piece::Any]).unwrap_or(inner);
        let open_start = pieces.first() == Some(&Piece::Any);
        let open_end = pieces.last() == Some(&Piece::Any) && pieces.len() > usize::from(open_start);
        let place = match (open_start, open_end || (open_start && pieces.len() == 1)) {
            (false, false) => Place::Whole,
            (false, true) => Place::Start,
            (true, false) => Place::End,
            (true, true) => Place::Inside,
        };
        if inner.is_empty() && place != Place::Whole {
            return Ok(always(&column.name));
        }
        let text: Option<String> =
            inner.iter().map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None }).collect();
        let letters = match letters {
            Letters::Exact if self.dialect.like_ignores_case() => Letters::Ignored,
            other => other,
        };
        if let Some(text) = text {
            return match letters {
                Letters::Exact => Ok(self.text_at(column, place, &text)),
                Letters::Ignored if self.dialect.lower() == LowerCase::Ascii => self.ascii_at(column, place, &text),
                Letters::Ignored => self.cased_at(column, false, place, &text.to_ascii_lowercase()),
                Letters::Lower | Letters::Upper => self.cased_at(column, letters == Letters::Upper, place, &text),
            };
        }
        let fold = match letters {
            Letters::Exact => false,
            _ if self.dialect.lower() == LowerCase::Ascii => true,
            _ => {
                return refused(
                    "databases differ in how they ignore case in such a pattern",
                    "use `%` only at its ends",
                );
            }
        };
        let capitals = |upper: bool| {
            inner.iter().any(|piece| {
                matches!(piece, Piece::Char(c) if if upper { c.is_ascii_lowercase() } else { c.is_ascii_uppercase() })
            })
        };
        if (letters == Letters::Lower && capitals(false)) || (letters == Letters::Upper && capitals(true)) {
            return Ok(never(&column.name));
        }
        let mut regex = String::new();
        if matches!(place, Place::Whole | Place::Start) {
            regex.push('^');
        }
        for piece in inner {
            match piece {
                Piece::Char(c) if fold => either_case(*c, &mut regex),
                Piece::Char(c) => escaped(*c, &mut regex),
                Piece::One => regex.push_str(ANY_CHARACTER),
                Piece::Any => {
                    regex.push_str(ANY_CHARACTER);
                    regex.push('*');
                }
            }
        }
        if matches!(place, Place::Whole | Place::End) {
            regex.push('$');
        }
        self.matches(column, regex)
    }

    /// Whether a text stands at a place of the column.
    pub(super) fn text_at(&self, column: &Column, place: Place, text: &str) -> Truth {
        let op = match place {
            Place::Whole => Operator::Eq,
            _ if text.is_empty() => return always(&column.name),
            Place::Start => Operator::StartsWith,
            Place::End => Operator::EndsWith,
            Place::Inside => Operator::Contains,
        };
        self.leaf(&column.name, op, Operand::One(Literal::Str(text.to_owned())))
    }

    /// A pattern of the filter's own kind.
    pub(super) fn matches(&self, column: &Column, pattern: String) -> Found<Truth> {
        self.matches_with(column, pattern, Case::Sensitive)
    }

    pub(super) fn matches_with(&self, column: &Column, pattern: String, case: Case) -> Found<Truth> {
        if let Err(reason) = Pattern::new(&pattern, case == Case::Insensitive) {
            return refused(format!("the pattern can't be kept exactly: {reason}"), "");
        }
        Ok(self.leaf_with(&column.name, Operator::Matches, Some(Operand::One(Literal::Str(pattern))), case))
    }
}
