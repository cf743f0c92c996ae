//! Regular expressions.

use cvm_core::Diagnostics;
use cvm_core::predicate::{Leaf, Pattern};
use sqlparser::ast::{BinaryOperator as Op, Expr};

use super::{Builder, Mode, expr};
use crate::dialect::Regex;

impl Builder<'_> {
    pub(super) fn matches(
        &mut self,
        column: &Expr,
        pattern: &Pattern,
        fold: bool,
        leaf: &Leaf,
    ) -> Result<Expr, Diagnostics> {
        let Some(regex) = self.traits.regex else {
            return Err(self.unsupported(leaf, "the database has no regular expressions of its own"));
        };
        if fold && self.mode != Mode::Tree {
            self.note("case is ignored by the database's own rule for regular expressions".to_owned());
        }
        let source = pattern.portable(regex.end());
        let flagged = |flags: &str| format!("{}{source}", if fold { flags } else { "" });
        Ok(match regex {
            Regex::Tilde => expr::binary(column.clone(), Op::PGRegexMatch, self.string(&flagged("(?i)"))),
            Regex::Operator => {
                let source = self.string(&format!("{}{source}", if fold { "(?i)" } else { "(?-i)" }));
                let (expr, pattern) = (Box::new(expr::utf8mb4(column.clone())), Box::new(source));
                Expr::RLike { negated: false, expr, pattern, regexp: true }
            }
            Regex::Call(name, flags) => expr::call(name, vec![column.clone(), self.string(&flagged(flags))]),
            Regex::DataFusion => {
                let source = flagged("(?i)");
                // Its own executor here gets our function.
                let name = if self.mode == Mode::Tree { "cvm_matches" } else { "regexp_like" };
                // It turns patterns without operators into `LIKE`, and there takes a backslash for an escape.
                if self.mode != Mode::Tree && source.contains(r"\\") {
                    let reason = "it looks for patterns with a backslash as if they were LIKE patterns";
                    return Err(self.unsupported(leaf, reason));
                }
                expr::call(name, vec![column.clone(), self.string(&source)])
            }
            Regex::Whole => {
                // With `s` the points before and after stand for line ends too.
                let source = self.string(&format!(".*({}).*", pattern.with_plain_groups(regex.end())));
                let flags = self.quoted(if fold { "is" } else { "s" }.to_owned());
                expr::call("REGEXP_LIKE", vec![column.clone(), source, flags])
            }
            Regex::Instr => {
                // Among ASCII characters that are named it makes no difference.
                if !source.is_ascii() || source.contains("[^") {
                    let reason = "its documentation doesn't say whether a pattern counts bytes or characters, so only \
                                  patterns of ASCII characters without `.` and negated classes are safe";
                    return Err(self.unsupported(leaf, reason));
                }
                let source = self.string(&source);
                let [one, zero] = ["1", "0"].map(|digit| expr::number(digit.to_owned()));
                let flags = self.quoted(if fold { "ip" } else { "p" }.to_owned());
                let args = vec![column.clone(), source, one.clone(), one, zero.clone(), flags];
                expr::binary(expr::call("REGEXP_INSTR", args), Op::Gt, zero)
            }
        })
    }
}
