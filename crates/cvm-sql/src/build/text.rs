//! Tests of texts. `LIKE` is avoided: its case rules and escapes differ everywhere.

use cvm_core::Diagnostics;
use cvm_core::predicate::{Leaf, Needle, Pattern, TextTest};
use sqlparser::ast::{BinaryOperator as Op, Expr, Ident, ObjectName};

use super::{Builder, Mode, expr};
use crate::dialect::Dialect;

impl Builder<'_> {
    pub(super) fn text_test(&mut self, column: &Expr, test: &TextTest, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let negate = |test: Expr| if leaf.negated { expr::not(test) } else { test };
        if let Needle::Matches(pattern) = &test.needle {
            return Ok(negate(self.matches(column, pattern, test.fold, leaf)?));
        }
        let text = if test.fold { self.folded(column) } else { column.clone() };
        // MySQL finds and cuts in bytes, free of collations; UTF-8 never matches in the middle of a character.
        let text = if self.dialect == Dialect::MySql { self.bytes(text) } else { text };
        Ok(match &test.needle {
            Needle::Equals(wanted) => match wanted.as_slice() {
                [only] => {
                    let op = if leaf.negated { Op::NotEq } else { Op::Eq };
                    expr::binary(text, op, self.string(only))
                }
                many => {
                    let list = many.iter().map(|wanted| self.string(wanted)).collect();
                    Expr::InList { expr: Box::new(text), list, negated: leaf.negated }
                }
            },
            Needle::Contains(wanted) => negate(self.contains(text, wanted)),
            Needle::Starts(wanted) => negate(self.starts(text, wanted)),
            Needle::Ends(wanted) => negate(self.ends(text, wanted)),
            Needle::Matches(_) => expr::boolean(false),
        })
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
        expr::call("lower", vec![column.clone()])
    }

    fn contains(&mut self, text: Expr, wanted: &str) -> Expr {
        let needle = self.string(wanted);
        let found =
            |name: &str, args: Vec<Expr>| expr::binary(expr::call(name, args), Op::Gt, expr::number("0".to_owned()));
        match self.dialect {
            Dialect::PostgreSql => found("strpos", vec![text, needle]),
            Dialect::Sqlite => found("instr", vec![text, needle]),
            Dialect::MySql => found("LOCATE", vec![needle, text]),
            Dialect::DuckDb | Dialect::DataFusion => expr::call("contains", vec![text, needle]),
        }
    }

    fn starts(&mut self, text: Expr, wanted: &str) -> Expr {
        let needle = self.string(wanted);
        match self.dialect {
            Dialect::Sqlite => {
                let args = vec![text, expr::number("1".to_owned()), characters(wanted)];
                expr::binary(expr::call("substr", args), Op::Eq, needle)
            }
            Dialect::MySql => {
                let bytes = expr::number(wanted.len().to_string());
                expr::binary(expr::call("LEFT", vec![text, bytes]), Op::Eq, needle)
            }
            Dialect::PostgreSql | Dialect::DuckDb | Dialect::DataFusion => {
                expr::call("starts_with", vec![text, needle])
            }
        }
    }

    fn ends(&mut self, text: Expr, wanted: &str) -> Expr {
        let needle = self.string(wanted);
        match self.dialect {
            Dialect::Sqlite => {
                let start = expr::number(format!("-{}", wanted.chars().count()));
                expr::binary(expr::call("substr", vec![text, start]), Op::Eq, needle)
            }
            Dialect::MySql => {
                let bytes = expr::number(wanted.len().to_string());
                expr::binary(expr::call("RIGHT", vec![text, bytes]), Op::Eq, needle)
            }
            Dialect::PostgreSql => expr::binary(expr::call("right", vec![text, characters(wanted)]), Op::Eq, needle),
            Dialect::DuckDb | Dialect::DataFusion => expr::call("ends_with", vec![text, needle]),
        }
    }

    fn matches(&mut self, column: &Expr, pattern: &Pattern, fold: bool, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let Some(end) = self.dialect.traits().regex_end else {
            return Err(self.unsupported(leaf, "the database has no regular expressions of its own"));
        };
        if self.dialect == Dialect::DataFusion {
            return self.matches_in_datafusion(column, pattern, fold, leaf);
        }
        let mut source = pattern.portable(end);
        if fold {
            source.insert_str(0, "(?i)");
            if self.mode != Mode::Tree {
                self.note("case is ignored by the database's own rule for regular expressions".to_owned());
            }
        } else if self.dialect == Dialect::MySql {
            source.insert_str(0, "(?-i)");
        }
        let source = self.string(&source);
        Ok(match self.dialect {
            Dialect::PostgreSql => expr::binary(column.clone(), Op::PGRegexMatch, source),
            Dialect::MySql => {
                let text = Expr::Convert {
                    is_try: false,
                    expr: Box::new(column.clone()),
                    data_type: None,
                    charset: Some(ObjectName::from(vec![Ident::new("utf8mb4")])),
                    target_before_value: false,
                    styles: Vec::new(),
                };
                Expr::RLike { negated: false, expr: Box::new(text), pattern: Box::new(source), regexp: true }
            }
            Dialect::DuckDb => expr::call("regexp_matches", vec![column.clone(), source]),
            Dialect::DataFusion | Dialect::Sqlite => expr::call("regexp_like", vec![column.clone(), source]),
        })
    }

    /// DataFusion turns patterns without operators into `LIKE`, and there takes a backslash for an escape. Its own
    /// executor here gets our function; a text for others refuses such patterns.
    fn matches_in_datafusion(
        &mut self,
        column: &Expr,
        pattern: &Pattern,
        fold: bool,
        leaf: &Leaf,
    ) -> Result<Expr, Diagnostics> {
        let mut source = pattern.portable(r"\z");
        if fold {
            source.insert_str(0, "(?i)");
        }
        if self.mode == Mode::Tree {
            let source = self.string(&source);
            return Ok(expr::call("cvm_matches", vec![column.clone(), source]));
        }
        if source.contains(r"\\") {
            return Err(self.unsupported(leaf, "it looks for patterns with a backslash as if they were LIKE patterns"));
        }
        let source = self.string(&source);
        Ok(expr::call("regexp_like", vec![column.clone(), source]))
    }
}

/// How many characters a text has.
fn characters(text: &str) -> Expr {
    expr::number(text.chars().count().to_string())
}
