//! Predicates become sets of rows: each leaf once, groups by bit operations.

use std::sync::Arc;

use cvm_core::predicate::{Fact, FactTest, Leaf, RowSource};
use cvm_core::{Code, Diagnostic, Diagnostics, Predicate, Value};

use crate::bitmap::Bitmap;
use crate::index::Index;
use crate::stream::Stream;
use crate::table::Table;
use crate::{behaviour, leaf, measured};

/// Which rows are asked: the customers, or those of a stream.
pub(crate) struct Scope<'i> {
    pub(crate) index: &'i Index,
    pub(crate) table: &'i Table,
    /// What tells the answers of this table from those of others.
    pub(crate) name: String,
}

impl<'i> Scope<'i> {
    pub(crate) fn customers(index: &'i Index) -> Self {
        Self { index, table: &index.customers, name: String::new() }
    }

    pub(crate) fn stream(index: &'i Index, source: RowSource, stream: &'i Stream) -> Self {
        Self { index, table: &stream.table, name: format!("{source:?} ") }
    }

    /// The rows that a predicate takes.
    pub(crate) fn rows(&self, predicate: &Predicate) -> Result<Arc<Bitmap>, Diagnostics> {
        let (len, threads) = (self.table.len, self.index.threads);
        match predicate {
            Predicate::Constant(value) => Ok(Arc::new(Bitmap::constant(len, *value))),
            Predicate::All(children) => self.group(children, true),
            Predicate::Any(children) => self.group(children, false),
            Predicate::Not(child) => {
                let mut rows = Arc::unwrap_or_clone(self.rows(child)?);
                rows.not();
                Ok(Arc::new(rows))
            }
            Predicate::AtLeast(n, children) => {
                let rows: Vec<Arc<Bitmap>> = children.iter().map(|child| self.rows(child)).collect::<Result<_, _>>()?;
                Ok(Arc::new(at_least(*n, &rows, len)))
            }
            Predicate::Leaf(leaf) => {
                let question = format!("{}{:?}", self.name, Leaf { node: 0, ..leaf.clone() });
                self.index.cache.get(question, || Ok(leaf::rows(leaf, self.table, threads)))
            }
            Predicate::Measured(test) => {
                let mut asked = test.clone();
                asked.node = 0;
                self.index.cache.get(format!("{asked:?}"), || measured::rows(test, self.index))
            }
            Predicate::Segment(segment) => self.rows(&segment.filter),
            Predicate::Fact(fact) => {
                let asked = Fact { node: 0, ..Fact::clone(fact) };
                self.index.cache.get(format!("{asked:?}"), || fact_rows(fact, self.index))
            }
        }
    }

    fn group(&self, children: &[Predicate], all: bool) -> Result<Arc<Bitmap>, Diagnostics> {
        let mut rows: Option<Arc<Bitmap>> = None;
        for child in children {
            let next = self.rows(child)?;
            rows = Some(match rows {
                None => next,
                Some(before) => {
                    let mut both = Arc::unwrap_or_clone(before);
                    if all {
                        both.and(&next)
                    } else {
                        both.or(&next)
                    }
                    Arc::new(both)
                }
            });
        }
        Ok(rows.unwrap_or_else(|| Arc::new(Bitmap::constant(self.table.len, all))))
    }
}

/// The rows that are in at least `n` of the sets: added up bit by bit, 64 rows at once.
fn at_least(n: usize, sets: &[Arc<Bitmap>], len: usize) -> Bitmap {
    let digits = usize::BITS - sets.len().leading_zeros();
    Bitmap::filled(len, 1, |_, words| {
        let mut counter = vec![0_u64; digits as usize];
        for (at, word) in words.iter_mut().enumerate() {
            counter.fill(0);
            for set in sets {
                let mut carry = set.words().get(at).copied().unwrap_or(0);
                for digit in &mut counter {
                    (*digit, carry) = (*digit ^ carry, *digit & carry);
                }
            }
            // From the highest digit down: more, or still equal.
            let (mut more, mut equal) = (0, u64::MAX);
            for (place, digit) in counter.iter().enumerate().rev() {
                if n >> place & 1 == 1 {
                    equal &= digit;
                } else {
                    more |= equal & digit;
                    equal &= !digit;
                }
            }
            *word = if n >> digits > 0 { 0 } else { more | equal };
        }
    })
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
        FactTest::Rank(_) => {
            let message = "rankings are not answered from memory yet";
            Err(Diagnostic::error(Code::NotSupported, "", message).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_64_rows_at_once() {
        let len = 130;
        for sets in 0..9_usize {
            let held = |set: usize, row: usize| (row * 7 + set * 13) % (set + 2) < 2;
            let bitmaps: Vec<Arc<Bitmap>> =
                (0..sets).map(|set| Arc::new(Bitmap::from_bools((0..len).map(|row| held(set, row))))).collect();
            for n in 0..12 {
                let expected =
                    Bitmap::from_bools((0..len).map(|row| (0..sets).filter(|set| held(*set, row)).count() >= n));
                assert_eq!(at_least(n, &bitmaps, len), expected, "{n} of {sets}");
            }
        }
    }
}
