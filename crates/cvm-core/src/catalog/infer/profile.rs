//! One column of text, observed value by value.

use super::bars::Bars;
use super::column::Column;
use super::decide::{Basis, decide};
use super::documents::Documents;
use super::expected::Expected;
use super::facts::FieldFacts;
use super::guess::Guess;
use super::missing::{Missing, missing, trim};
use super::numbers::Numbers;
use super::range::Range;
use super::reader::Form;
use super::rules::Rules;
use super::tally::{BadRows, RowAt, Tally};
use super::times::Times;
use crate::catalog::FieldType;

/// Observes the texts of one column and finds its type.
///
/// A column takes the most specific type that all its values fit. It also takes a type that all but one value in a
/// thousand fit, when there are at least a thousand: the others are bad rows, which are reported and never hidden.
/// Everything else is text.
///
/// - bool: `true` and `false`; int: digits without leading zeros or plus; decimal: up to 6 digits after the point and
///   38 in all; float: longer fractions, exponents, `inf`. Numbers may have grouped thousands or a decimal comma.
/// - date: `2024-01-31`, `2024/01/31`, `31.01.2024`, `31/01/2024`, `01/31/2024`; where day and month could be either,
///   the whole column decides. timestamp: the same, then `T` or a space and a time, perhaps with an offset.
/// - list: JSON arrays of simple values, or `a|b|c` where items recur; json: other JSON objects and arrays.
///
/// Missing are, in every column: nothing, white space alone, `NULL`, `null`, `\N`. In columns that are not text also
/// `NA`, `N/A`, `n/a`, `#N/A`, `NaN`, `nan`, `None`, `none`, `nil`, `-`, `--`, `?`.
///
/// ```
/// use cvm_core::catalog::infer::{ColumnProfile, RowAt, Rules};
/// let mut profile = ColumnProfile::new("age", &Rules::default());
/// for (i, text) in ["31", "NA", "47"].into_iter().enumerate() {
///     profile.observe(text, RowAt { line: i as u64 + 2, row: i as u64 + 1 });
/// }
/// let field = profile.finish().field;
/// assert_eq!((field.ty.to_string().as_str(), field.nullable), ("int", true));
/// ```
#[derive(Debug)]
pub struct ColumnProfile {
    name: String,
    rules: Rules,
    facts: FieldFacts,
    rows: u64,
    /// Values that are missing unless the column is text.
    perhaps_missing: u64,
    /// Values that are not missing in any case.
    values: u64,
    candidates: Candidates,
}

#[derive(Debug)]
enum Candidates {
    Declared(Expected),
    Any(Box<Any>),
}

#[derive(Debug)]
struct Any {
    bools: Tally,
    numbers: Numbers,
    times: Times,
    documents: Documents,
    bars: Bars,
}

impl ColumnProfile {
    /// A column of unknown type.
    #[must_use]
    pub fn new(name: &str, rules: &Rules) -> Self {
        let any = Any {
            bools: Tally::default(),
            numbers: Numbers::new(),
            times: Times::new(),
            documents: Documents::default(),
            bars: Bars::new(),
        };
        Self::with(name, rules, Candidates::Any(Box::new(any)))
    }

    /// A column of declared type: whatever does not fit it is a bad row.
    ///
    /// More is accepted than would be inferred: `yes`, `no`, `1`, `0` as bool, `00123` and `5.0` as int, `20240131` as
    /// date, a date as timestamp.
    #[must_use]
    pub fn declared(name: &str, ty: FieldType, rules: &Rules) -> Self {
        Self::with(name, rules, Candidates::Declared(Expected::new(ty)))
    }

    fn with(name: &str, rules: &Rules, candidates: Candidates) -> Self {
        Self {
            name: name.to_owned(),
            rules: rules.clone(),
            facts: FieldFacts::new(),
            rows: 0,
            perhaps_missing: 0,
            values: 0,
            candidates,
        }
    }

    /// The next value, and where it stands.
    #[inline]
    pub fn observe(&mut self, text: &str, at: RowAt) {
        self.rows += 1;
        let trimmed = trim(text);
        match missing(trimmed, self.rules.null_spellings()) {
            Some(Missing::Always) => return self.facts.missing(1),
            Some(Missing::Typed) => {
                self.perhaps_missing += 1;
                self.facts.text(text);
                return;
            }
            None => {}
        }
        self.values += 1;
        self.facts.text(text);
        match &mut self.candidates {
            Candidates::Declared(expected) => expected.observe(trimmed, at, &self.rules),
            Candidates::Any(any) => any.observe(trimmed, at),
        }
    }

    /// The column as it turned out.
    #[must_use]
    pub fn finish(self) -> Column {
        let (guesses, codes, lists, basis) = match self.candidates {
            Candidates::Declared(expected) => (expected.guesses(), false, false, Basis::Declared),
            Candidates::Any(any) => {
                let (codes, lists) = (any.numbers.codes.misfits.count > 0, any.bars.are_lists());
                (any.guesses(), codes, lists, Basis::Inferred)
            }
        };
        let verdict = decide(guesses, self.values, codes, basis, &self.rules);
        let seen = super::column::Seen {
            rows: self.rows,
            values: self.values,
            perhaps_missing: self.perhaps_missing,
            bar_lists: lists,
            basis,
        };
        Column::of(&self.name, verdict, self.facts, seen, self.rules)
    }
}

impl Any {
    #[inline]
    fn observe(&mut self, text: &str, at: RowAt) {
        if self.numbers.live {
            self.numbers.observe(text, at);
        }
        if self.times.live {
            self.times.observe(text, at);
        }
        if !self.bools.dead {
            let fits = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
            self.bools.add(fits, text, at);
        }
        if self.documents.live() {
            self.documents.observe(text, at);
        }
        if self.bars.live {
            self.bars.observe(text);
        }
    }

    /// All guesses, the most specific type first.
    fn guesses(self) -> Vec<Guess> {
        let mut guesses = Vec::new();
        if self.bools.fits > 0 && !self.bools.dead {
            guesses.push(Guess {
                ty: FieldType::Bool,
                form: Form::Bool { words: false },
                fits: self.bools.fits,
                misfits: self.bools.misfits,
                range: Range::Empty,
                exponents: BadRows::default(),
            });
        }
        guesses.extend(self.numbers.guesses());
        guesses.extend(self.times.guesses());
        guesses.extend(self.documents.guesses());
        guesses
    }
}
