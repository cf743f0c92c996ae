//! Predicates become sets of rows: each leaf once, groups by bit operations.

use std::sync::Arc;

use cvm_core::predicate::{Fact, FactTest, RowSource};
use cvm_core::{Diagnostics, Predicate, Value};
use rustc_hash::FxHashMap;

use crate::bitmap::Bitmap;
use crate::index::Index;
use crate::program::{Part, Program, Step};
use crate::question::Question;
use crate::stream::Stream;
use crate::table::Table;
use crate::{behaviour, leaf, measured, rank};

/// Which rows are asked: the customers, or those of a stream.
pub(crate) struct Scope<'i> {
    pub(crate) index: &'i Index,
    pub(crate) table: &'i Table,
    /// The stream whose rows are asked; `None` for the customers.
    source: Option<RowSource>,
}

/// Filters on their way to a program: what was asked already, by its question.
pub(crate) struct Compiler<'s, 'i> {
    scope: &'s Scope<'i>,
    pub(crate) program: Program,
    asked: FxHashMap<Question, usize>,
}

impl<'i> Scope<'i> {
    pub(crate) fn customers(index: &'i Index) -> Self {
        Self { index, table: &index.customers, source: None }
    }

    pub(crate) fn stream(index: &'i Index, source: RowSource, stream: &'i Stream) -> Self {
        Self { index, table: &stream.table, source: Some(source) }
    }

    /// A compiler of filters on these rows.
    pub(crate) fn compiler(&self) -> Compiler<'_, 'i> {
        Compiler { scope: self, program: Program::new(self.table.len), asked: FxHashMap::default() }
    }

    /// The program of one predicate.
    pub(crate) fn program(&self, predicate: &Predicate) -> Result<Program, Diagnostics> {
        let mut compiler = self.compiler();
        compiler.add(predicate)?;
        Ok(compiler.program)
    }

    /// The rows that a predicate takes.
    pub(crate) fn rows(&self, predicate: &Predicate) -> Result<Arc<Bitmap>, Diagnostics> {
        Ok(self.program(predicate)?.rows(self.index.threads))
    }
}

impl Compiler<'_, '_> {
    /// One more filter.
    pub(crate) fn add(&mut self, predicate: &Predicate) -> Result<(), Diagnostics> {
        let step = self.step(predicate)?;
        self.program.root(step);
        Ok(())
    }

    fn step(&mut self, predicate: &Predicate) -> Result<usize, Diagnostics> {
        let (table, index) = (self.scope.table, self.scope.index);
        match predicate {
            Predicate::Constant(value) => Ok(self.program.step(Step::Constant(*value))),
            Predicate::All(children) => self.parts(children, Step::All),
            Predicate::Any(children) => self.parts(children, Step::Any),
            Predicate::AtLeast(n, children) => self.group(children, |steps| Step::AtLeast(*n, steps)),
            Predicate::Not(child) => {
                let child = self.step(child)?;
                Ok(self.program.step(Step::Not(child)))
            }
            Predicate::Segment(segment) => self.step(&segment.filter),
            Predicate::Leaf(leaf) => {
                self.leaf(Question::leaf(self.scope.source, leaf), || Ok(leaf::rows(leaf, table, index.threads)))
            }
            Predicate::Measured(test) => self.leaf(Question::measured(test), || measured::rows(test, index)),
            Predicate::Fact(fact) => self.leaf(Question::fact(fact), || fact_rows(fact, index)),
        }
    }

    fn parts(&mut self, children: &[Predicate], step: impl Fn(Vec<Part>) -> Step) -> Result<usize, Diagnostics> {
        let children: Vec<usize> = children.iter().map(|child| self.step(child)).collect::<Result<_, _>>()?;
        let parts = children.into_iter().map(|child| self.program.part(child)).collect();
        Ok(self.program.step(step(parts)))
    }

    fn group(&mut self, children: &[Predicate], step: impl Fn(Vec<usize>) -> Step) -> Result<usize, Diagnostics> {
        let children = children.iter().map(|child| self.step(child)).collect::<Result<_, _>>()?;
        Ok(self.program.step(step(children)))
    }

    fn leaf(
        &mut self,
        question: Question,
        make: impl FnOnce() -> Result<Bitmap, Diagnostics>,
    ) -> Result<usize, Diagnostics> {
        if let Some(known) = self.asked.get(&question) {
            return Ok(*known);
        }
        let rows = self.scope.index.cache.get(&question, make)?;
        let step = self.program.leaf(rows);
        self.asked.insert(question, step);
        Ok(step)
    }
}

fn fact_rows(fact: &Fact, index: &Index) -> Result<Bitmap, Diagnostics> {
    let (table, threads) = (&index.customers, index.threads);
    let alone = Predicate::Fact(Box::new(fact.clone()));
    match &fact.test {
        FactTest::Bucket(bucket) => {
            let Some(key) = table.columns.get(bucket.key) else { return Ok(Bitmap::constant(table.len, fact.negated)) };
            Ok(leaf::by_row(table.len, threads, |row| bucket.holds(&key.value(row)) != fact.negated))
        }
        FactTest::Geo(geo) => {
            let nobody = vec![Value::Missing; table.columns.len()];
            Ok(leaf::by_row(table.len, threads, |customer| {
                let mut row = nobody.clone();
                for field in [geo.latitude, geo.longitude] {
                    if let (Some(value), Some(column)) = (row.get_mut(field), table.columns.get(field)) {
                        *value = column.value(customer);
                    }
                }
                cvm_core::evaluate(&alone, &row)
            }))
        }
        FactTest::Sequence(_) | FactTest::Restarted(_) => behaviour::rows(&alone, index),
        FactTest::Rank(rank) => {
            let mut rows = rank::rows(rank, index)?;
            if fact.negated {
                rows.not();
            }
            Ok(rows)
        }
    }
}
