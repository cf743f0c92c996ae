//! A column whose type is settled.

use super::decide::{Basis, Verdict};
use super::facts::FieldFacts;
use super::finding;
use super::reader::{Form, TextReader};
use super::rules::Rules;
use super::tally::BadRows;
use crate::catalog::{Field, FieldType};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// What was found out about a column of text.
#[derive(Debug, Clone)]
pub struct Column {
    /// The field for the catalog.
    pub field: Field,
    /// Reads the column's texts.
    pub reader: TextReader,
    /// The values that don't fit the type, if there are any.
    pub bad_rows: Option<BadRows>,
    /// What is worth knowing; an error only where a declared type can't be read in one way. Bad rows are not among
    /// them, as the caller decides what becomes of them: see [`Column::bad_rows_error`].
    pub findings: Diagnostics,
}

/// The counts of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) rows: u64,
    pub(super) values: u64,
    pub(super) perhaps_missing: u64,
    pub(super) bar_lists: bool,
    pub(super) basis: Basis,
}

impl Column {
    /// The bad rows as an error that names the first of them and counts the rest.
    #[must_use]
    pub fn bad_rows_error(&self) -> Option<Diagnostic> {
        self.bad_rows.as_ref().map(|bad| finding::bad_rows(&self.field.name, &self.field.ty, bad))
    }

    pub(super) fn of(name: &str, verdict: Verdict, mut facts: FieldFacts, seen: Seen, rules: Rules) -> Self {
        let mut findings = Diagnostics::default();
        let declared = seen.basis == Basis::Declared;
        if seen.values == 0 && seen.rows > 0 && !declared {
            findings.push(finding::no_values(name));
        }
        let (guess, bad_rows) = match verdict {
            Verdict::Fits(guess) => (Some(guess), None),
            Verdict::BadRows(mut guess) => {
                let bad = std::mem::take(&mut guess.misfits);
                (Some(guess), Some(BadRows { of: seen.values, ..bad }))
            }
            Verdict::Ambiguous(guess) => {
                findings.push(finding::ambiguous(name, &guess, declared));
                (declared.then_some(guess), None)
            }
            Verdict::Nearly(guess) => {
                findings.push(finding::nearly(name, &guess, seen.values));
                (None, None)
            }
            Verdict::Text => (None, None),
        };
        let (ty, form) = match guess {
            Some(guess) => {
                if guess.exponents.count > 0 {
                    findings.push(finding::exponents(name, &guess.exponents));
                }
                facts.set_range(guess.range);
                (guess.ty, guess.form)
            }
            None if seen.bar_lists => {
                findings.0.clear();
                (FieldType::List(Box::new(FieldType::String)), Form::BarList { item: Box::new(Form::Text), scale: 0 })
            }
            None => (FieldType::String, Form::Text),
        };
        if ty != FieldType::String {
            facts.missing(seen.perhaps_missing);
        }
        let field = facts.field(name, ty.clone());
        Self { field, reader: TextReader::new(ty, form, rules), bad_rows, findings }
    }
}
