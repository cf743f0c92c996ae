//! A column whose type was declared: only its notation is open.

use super::day::DateForm;
use super::guess::Guess;
use super::number::Notation;
use super::range::Range;
use super::reader::{Cell, Form};
use super::rules::Rules;
use super::tally::{BadRows, RowAt, Tally};
use crate::catalog::FieldType;

#[derive(Debug)]
pub(super) struct Expected {
    ty: FieldType,
    candidates: Vec<Candidate>,
}

#[derive(Debug)]
struct Candidate {
    form: Form,
    tally: Tally,
    range: Range,
}

impl Expected {
    pub(super) fn new(ty: FieldType) -> Self {
        let candidate = |form| Candidate { form, tally: Tally::default(), range: Range::Empty };
        Self { candidates: forms(&ty).into_iter().map(candidate).collect(), ty }
    }

    #[inline]
    pub(super) fn observe(&mut self, text: &str, at: RowAt, rules: &Rules) {
        let mut died = false;
        for candidate in self.candidates.iter_mut().filter(|candidate| !candidate.tally.dead) {
            match candidate.form.present(text, rules) {
                Some(cell) => {
                    candidate.range.cell(&cell);
                    candidate.tally.fit();
                }
                None => {
                    candidate.tally.miss(text, at);
                    died |= candidate.tally.dead;
                }
            }
        }
        if died {
            self.spare_the_best();
        }
    }

    /// However bad the best reading is, its misfits are counted to the end.
    #[cold]
    fn spare_the_best(&mut self) {
        let most = self.candidates.iter().map(|candidate| candidate.tally.fits).max();
        let best = self.candidates.iter_mut().find(|candidate| Some(candidate.tally.fits) == most);
        if let Some(best) = best {
            best.tally.dead = false;
        }
    }

    pub(super) fn guesses(self) -> Vec<Guess> {
        let alive = self.candidates.into_iter().filter(|candidate| !candidate.tally.dead);
        alive
            .map(|Candidate { form, tally, range }| Guess {
                ty: self.ty.clone(),
                form,
                fits: tally.fits,
                misfits: tally.misfits,
                range,
                exponents: BadRows::default(),
            })
            .collect()
    }
}

/// The notations of a type, in the order of preference.
fn forms(ty: &FieldType) -> Vec<Form> {
    let dates = || DateForm::ALL.into_iter().chain([DateForm::COMPACT]);
    match ty {
        FieldType::Bool => vec![Form::Bool { words: true }],
        FieldType::String => vec![Form::Text],
        FieldType::Json => vec![Form::Json],
        FieldType::Int => Notation::ALL.map(Form::Int).to_vec(),
        FieldType::Float => Notation::ALL.map(Form::Float).to_vec(),
        FieldType::Decimal { precision, scale } => {
            Notation::ALL.map(|notation| Form::Decimal { notation, precision: *precision, scale: *scale }).to_vec()
        }
        FieldType::Date => dates().map(Form::Date).collect(),
        FieldType::Timestamp => dates().map(|date| Form::Timestamp { date, dates: true }).collect(),
        FieldType::List(item) => {
            // Inside a list, values are written plainly.
            let Some(form) = forms(item).into_iter().next() else { return Vec::new() };
            let scale = if let FieldType::Decimal { scale, .. } = **item { scale } else { 0 };
            let item = Box::new(form);
            vec![Form::JsonList { item: item.clone(), scale }, Form::BarList { item, scale }]
        }
    }
}

impl Range {
    #[inline]
    fn cell(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Int(value) => self.int(*value),
            Cell::Float(value) => self.float(*value),
            Cell::Decimal(digits) => self.decimal(*digits),
            Cell::Day(days) => self.day(*days),
            _ => {}
        }
    }
}
