//! Tests of texts. `LIKE` is avoided: its case rules and escapes differ everywhere.

use cvm_core::predicate::{Leaf, Needle, TextTest};
use cvm_core::{Diagnostics, FieldType, Value};
use sqlparser::ast::{BinaryOperator as Op, Expr};

use super::{Builder, Mode, expr};
use crate::dialect::{Dialect, Search};

impl Builder<'_> {
    pub(super) fn text_test(&mut self, column: &Expr, test: &TextTest, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let negate = |test: Expr| if leaf.negated { expr::not(test) } else { test };
        if let Needle::Matches(pattern) = &test.needle {
            return Ok(negate(self.matches(column, pattern, test.fold, leaf)?));
        }
        let text = if test.fold { self.folded(column) } else { column.clone() };
        Ok(match &test.needle {
            Needle::Equals(wanted) => {
                let text = if self.traits.as_bytes { self.bytes(text) } else { text };
                let mut list: Vec<Expr> = wanted.iter().map(|wanted| self.compared_text(wanted)).collect();
                match (list.pop(), list.is_empty()) {
                    (Some(only), true) => expr::binary(text, if leaf.negated { Op::NotEq } else { Op::Eq }, only),
                    (last, _) => {
                        list.extend(last);
                        Expr::InList { expr: Box::new(text), list, negated: leaf.negated }
                    }
                }
            }
            Needle::Contains(wanted) => negate(self.contains(text, wanted)),
            Needle::Starts(wanted) => negate(self.starts(text, wanted)),
            Needle::Ends(wanted) => negate(self.ends(text, wanted)),
            Needle::Matches(_) => self.constant(false),
        })
    }

    fn compared_text(&mut self, text: &str) -> Expr {
        self.compared(&Value::Str(text.to_owned()), &FieldType::String)
    }

    /// The text with its case folded. Only our own executor has Unicode's folding; databases have `lower`.
    fn folded(&mut self, column: &Expr) -> Expr {
        if self.mode == Mode::Tree {
            return expr::call("cvm_fold", vec![column.clone()]);
        }
        self.note(match self.dialect {
            Dialect::Sqlite => "case is ignored by lower(), which in SQLite knows ASCII letters only".to_owned(),
            _ => "case is ignored by lower(), which treats a few letters (İ, ſ) unlike Unicode case folding".to_owned(),
        });
        expr::call(self.traits.lower, vec![column.clone()])
    }

    /// A text as it is searched: where collations take part in that, without them.
    fn searched(&self, text: Expr) -> Expr {
        match self.dialect {
            // MySQL finds and cuts in bytes; UTF-8 never matches in the middle of a character.
            Dialect::MySql => self.bytes(text),
            Dialect::SqlServer => expr::collate(text, super::compare::BINARY_UTF8),
            _ => text,
        }
    }

    fn contains(&mut self, text: Expr, wanted: &str) -> Expr {
        let text = self.searched(text);
        let needle = self.string(wanted);
        match self.traits.contains {
            Search::Position(name) => place(expr::call(name, vec![text, needle]), Op::Gt, 0),
            Search::Locate(name) => place(expr::call(name, vec![needle, text]), Op::Gt, 0),
            Search::Call(name) | Search::Cut(name) | Search::Reversed(name) => expr::call(name, vec![text, needle]),
            Search::Substr => expr::call("contains", vec![text, needle]),
        }
    }

    fn starts(&mut self, text: Expr, wanted: &str) -> Expr {
        let text = self.searched(text);
        let needle = self.string(wanted);
        match self.traits.starts {
            Search::Position(name) => place(expr::call(name, vec![text, needle]), Op::Eq, 1),
            Search::Locate(name) => place(expr::call(name, vec![needle, text]), Op::Eq, 1),
            Search::Call(name) | Search::Reversed(name) => expr::call(name, vec![text, needle]),
            Search::Cut(name) => expr::binary(expr::call(name, vec![text, self.length(wanted)]), Op::Eq, needle),
            Search::Substr => {
                let args = vec![text, expr::number("1".to_owned()), self.length(wanted)];
                expr::binary(expr::call("substr", args), Op::Eq, needle)
            }
        }
    }

    fn ends(&mut self, text: Expr, wanted: &str) -> Expr {
        let text = self.searched(text);
        match self.traits.ends {
            Search::Call(name) | Search::Position(name) | Search::Locate(name) => {
                let needle = self.string(wanted);
                expr::call(name, vec![text, needle])
            }
            Search::Cut(name) => {
                let cut = expr::call(name, vec![text, self.length(wanted)]);
                // What is cut off may end in blanks, which must count.
                let cut = if self.traits.values_as_bytes { self.bytes(cut) } else { cut };
                expr::binary(cut, Op::Eq, self.compared_text(wanted))
            }
            Search::Substr => {
                let start = expr::number(format!("-{}", wanted.chars().count()));
                let needle = self.string(wanted);
                expr::binary(expr::call("substr", vec![text, start]), Op::Eq, needle)
            }
            Search::Reversed(name) => {
                let needle = self.string(wanted);
                let needle = self.searched(needle);
                let reversed = |text| expr::call("REVERSE", vec![text]);
                place(expr::call(name, vec![reversed(needle), reversed(text)]), Op::Eq, 1)
            }
        }
    }

    /// How many characters a text has, or bytes where texts are searched in bytes.
    fn length(&self, text: &str) -> Expr {
        let length = if self.dialect == Dialect::MySql { text.len() } else { text.chars().count() };
        expr::number(length.to_string())
    }
}

/// `position > 0`.
fn place(position: Expr, op: Op, n: u8) -> Expr {
    expr::binary(position, op, expr::number(n.to_string()))
}
