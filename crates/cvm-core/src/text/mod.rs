//! The text form: filters that people can read and write.
//!
//! ```text
//! filter     = and-filter {"or" and-filter}
//! and-filter = negation {"and" negation}
//! negation   = "not" negation | primary
//! primary    = "(" filter ")" | "everyone" | "nobody" | group | comparison | behaviour | population
//! group      = ("all" | "any" | "at least" N) "of" "(" [filter {"," filter}] ")"
//!
//! comparison = subject operator [operand] ["ignoring case"] [("with" | "without") "missing"]
//!            | "size" "(" subject ")" symbol N …
//! subject    = NAME
//!            | measure "(" events ")"                        count(purchase), sum(purchase.amount)
//!            | ("count" | "sum") "related" "(" rows ")"
//! events     = NAME ["." NAME] ["where" filter] [when]
//! rows       = NAME ["." NAME] ["where" filter]
//! when       = "within" window | "since" literal
//!
//! operand    = literal | literal "and" literal              (this one after "between")
//!            | "(" [literal {"," literal}] ")" | "field" "(" NAME ")" | ":" NAME
//!            | "now" | length ("ago" | "ahead") | "start of" UNIT [("+" | "-") N] | window
//! window     = ("last" | "coming" | "previous" | "next") length | "this" UNIT | "since" literal
//!            | "(" literal "to" literal ")" | "all time"
//! length     = N UNIT
//!
//! behaviour  = "sequence" "(" step "," step {"," step} ["," "all" when] ")"
//!            | "regularly" "(" NAME ["where" filter] "," N "of last" length ")"
//!            | "stopped" "(" NAME ["where" filter] "," "active" length "," "inactive" length ")"
//!            | "restarted" "(" NAME ["where" filter] "," "pause" length "," "within" length ")"
//! step       = NAME ["where" filter] ["within" length] ["without" NAME ["where" filter]]
//!
//! population = ("any" | "all" | "no") "related" "(" rows ")" | "segment" NAME | "list" NAME
//!            | ("top" | "bottom") (N | X "%" | "part" N "of" N) "by" subject ["per" NAME] ["among" "(" filter ")"]
//!            | "bucket" "(" TEXT "," N "," N ")"
//!            | "distance" "(" NAME "," NAME ")" "to" "(" X "," X ")" "<=" X "m"
//! ```
//!
//! Keywords may be in any case and space is free; `--` starts a comment. A NAME is made of letters, digits, `_` and
//! inner dots, or stands in double quotes (`"` doubled) if it is anything else or a reserved word. Texts stand in
//! single quotes (`'` doubled). Names of events and tables are quoted when they hold a dot, because in
//! `sum(purchase.amount)` the property starts after the first dot: `sum("web.purchase".amount)`.
//!
//! # What round-trips
//! [`Filter::from_text`] of [`Filter::to_text`] is the same tree, group for group and number for number, for each
//! filter that JSON can hold, except those that have no text form because [`check`](fn@crate::check) refuses them
//! anyway:
//! - an operator without the value that it [takes](crate::filter::Operator::takes), or with one it doesn't take;
//! - `size` with anything but a size test, and a size test with any other operator;
//! - `between` and `not between` with a single literal (lists of any length are fine);
//! - `related` with a comparison where the quantifier is a word, or a count or sum without one;
//! - numbers that are not finite.
//!
//! These print with a `?` or another sign of what is wrong, and reading that is an error: nothing is ever read back as
//! another filter.

mod lexer;
mod parse;
mod print;
mod words;

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::filter::Filter;

/// Why a text can't be read. Boxed, because it travels up through many small results.
type Error = Box<Diagnostic>;

impl Filter {
    /// Reads a filter in text form. Names are not looked up here: that is [`check`](fn@crate::check)'s work.
    ///
    /// # Errors
    /// The first place from which the text can't be read on, with its [`span`](Diagnostic::span); and nesting beyond
    /// the limit.
    ///
    /// ```
    /// use cvm_core::{Code, Filter};
    ///
    /// let filter = Filter::from_text("age >= 25 AND (city IN ('Paris', 'Lyon') OR segment vip) -- a comment")?;
    /// assert_eq!(filter, Filter::from_text("all of (age >= 25, any of (city in ('Paris', 'Lyon'), segment vip))")?);
    ///
    /// let findings = Filter::from_text("age betwen 18 and 30").expect_err("a misspelt operator");
    /// assert_eq!(findings.0[0].code, Code::UnknownOperator);
    /// assert_eq!(findings.0[0].suggestion.as_deref(), Some("between"));
    /// assert_eq!(findings.0[0].span.map(|span| span.column), Some(5));
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn from_text(text: &str) -> Result<Self, Diagnostics> {
        parse::parse(text).map_err(|error| (*error).into())
    }

    /// The filter in text form, on one line. [`Filter::from_text`] reads it back as the same tree.
    ///
    /// ```
    /// use cvm_core::filter::{Unit, Window, count, field};
    ///
    /// let filter = field("name").ignoring_case().contains("o'brien")
    ///     & count("purchase").filter(field("amount").gte(20)).within(Window::last(90, Unit::Day)).gte(1);
    /// assert_eq!(
    ///     filter.to_text(),
    ///     "name contains 'o''brien' ignoring case and count(purchase where amount >= 20 within last 90 days) >= 1");
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        self.to_string()
    }
}

impl FromStr for Filter {
    type Err = Diagnostics;

    /// [`Filter::from_text`].
    fn from_str(text: &str) -> Result<Self, Diagnostics> {
        Self::from_text(text)
    }
}

impl fmt::Display for Filter {
    /// The text form; see [`Filter::to_text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::Text(self).fmt(f)
    }
}
