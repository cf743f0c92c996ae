//! Conditions on one field: the rows that pass.

use cvm_core::predicate::{Comparison, FieldRef, Leaf, Test};
use cvm_core::{FieldType, Predicate, Value, evaluate};
use rustc_hash::FxHashSet;

use crate::bitmap::{Bitmap, test_into};
use crate::column::{Column, Values, text_value};
use crate::range::{RawTest, raw_test};
use crate::table::Table;
use crate::wide::wide;

/// Longer lists of texts are looked up by their hashes.
const MANY: usize = 8;

/// The rows of a table that a leaf takes.
pub(crate) fn rows(leaf: &Leaf, table: &Table, threads: usize) -> Bitmap {
    let Some(column) = table.columns.get(leaf.field.index) else {
        return Bitmap::constant(table.len, leaf.on_missing);
    };
    if let Test::Field(comparison, other) = &leaf.test {
        return match table.columns.get(other.index) {
            Some(other) => beside(leaf, column, other, *comparison, threads),
            None => Bitmap::constant(table.len, leaf.on_missing),
        };
    }
    match passing(leaf, column, threads) {
        Some(mut passing) => {
            if leaf.negated {
                passing.not();
            }
            with_missing(passing, column.present.as_ref(), leaf.on_missing)
        }
        None => judged(leaf, column, threads),
    }
}

/// The verdict on missing values put beside that on those which are there.
fn with_missing(mut passing: Bitmap, present: Option<&Bitmap>, on_missing: bool) -> Bitmap {
    let Some(present) = present else { return passing };
    if on_missing {
        let mut missing = present.clone();
        missing.not();
        passing.or(&missing);
    } else {
        passing.and(present);
    }
    passing
}

/// The rows whose value passes the test, as far as they have one; `None` where each value must be looked at as it is.
fn passing(leaf: &Leaf, column: &Column, threads: usize) -> Option<Bitmap> {
    if !leaf.field.path.is_empty() || column.ty == FieldType::Json {
        return None;
    }
    if matches!(leaf.test, Test::Present) {
        return Some(Bitmap::constant(column.len, true));
    }
    match &column.values {
        Values::Ints(ints) => raw_test(&leaf.test, &column.ty, ints).map(|test| ints.rows(column.len, threads, &test)),
        Values::Floats(floats) => float_rows(&leaf.test, floats, threads),
        Values::Coded { codes, texts } => {
            // Each different text is looked at once.
            let passes = text_test(&leaf.test);
            let passing = (0_i128..).zip(texts.iter()).filter(|(_, text)| passes(text));
            let raws = passing.filter_map(|(code, _)| codes.exactly(code)).collect();
            Some(codes.rows(column.len, threads, &RawTest::one_of(raws)))
        }
        Values::Texts(texts) => {
            let passes = text_test(&leaf.test);
            Some(by_row(column.len, threads, |row| passes(texts.get(row))))
        }
        Values::Lists { .. } => None,
    }
}

fn float_rows(test: &Test, floats: &[f64], threads: usize) -> Option<Bitmap> {
    use cvm_core::predicate::Bound;
    let float = |value: &Value| match value {
        Value::Float(x) => Some(*x),
        _ => None,
    };
    match test {
        Test::In(values) => {
            let wanted: Vec<f64> = values.iter().map(float).collect::<Option<_>>()?;
            Some(passing_floats(floats, threads, |x| wanted.contains(&x)))
        }
        Test::Range(range) => {
            let (low, above) = match &range.low {
                Bound::Open => (f64::NEG_INFINITY, false),
                Bound::Included(value) => (float(value)?, false),
                Bound::Excluded(value) => (float(value)?, true),
            };
            let (high, below) = match &range.high {
                Bound::Open => (f64::INFINITY, false),
                Bound::Included(value) => (float(value)?, false),
                Bound::Excluded(value) => (float(value)?, true),
            };
            Some(passing_floats(floats, threads, move |x| {
                (if above { x > low } else { x >= low }) && (if below { x < high } else { x <= high })
            }))
        }
        _ => None,
    }
}

fn passing_floats(floats: &[f64], threads: usize, test: impl Fn(f64) -> bool + Sync + Copy) -> Bitmap {
    Bitmap::filled(floats.len(), threads, move |first, words| {
        wide(
            #[inline(always)]
            || test_into(floats.get(first..).unwrap_or_default(), words, test),
        );
    })
}

/// A test of texts; long lists are looked up.
fn text_test(test: &Test) -> Box<dyn Fn(&str) -> bool + Sync + '_> {
    if let Test::In(values) = test
        && values.len() > MANY
    {
        let wanted: FxHashSet<&str> = values
            .iter()
            .filter_map(|value| match value {
                Value::Str(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        return Box::new(move |text| wanted.contains(text));
    }
    Box::new(|text| test.passes_text(text))
}

/// Row by row, by the reference evaluator: lists and documents.
fn judged(leaf: &Leaf, column: &Column, threads: usize) -> Bitmap {
    let alone = Predicate::Leaf(Leaf { field: FieldRef { index: 0, path: leaf.field.path.clone() }, ..leaf.clone() });
    if let Values::Coded { codes, texts } = &column.values {
        // Documents of which many are the same.
        let one = |text: &str| evaluate(&alone, &[text_value(text, &column.ty)]);
        let passing = (0_i128..).zip(texts.iter()).filter(|(_, text)| one(text));
        let raws = passing.filter_map(|(code, _)| codes.exactly(code)).collect();
        let rows = codes.rows(column.len, threads, &RawTest::one_of(raws));
        return with_missing(rows, column.present.as_ref(), leaf.on_missing);
    }
    by_row(column.len, threads, |row| evaluate(&alone, &[column.value(row)]))
}

/// The rows of which something holds, asked one by one.
pub(crate) fn by_row(len: usize, threads: usize, holds: impl Fn(usize) -> bool + Sync) -> Bitmap {
    Bitmap::filled(len, threads, |first, words| {
        for (i, word) in words.iter_mut().enumerate() {
            let from = first + i * crate::bitmap::WORD;
            let to = (from + crate::bitmap::WORD).min(len);
            *word = (from..to).fold(0, |bits, row| bits | u64::from(holds(row)) << (row - from));
        }
    })
}

/// Two fields of the same row.
fn beside(leaf: &Leaf, a: &Column, b: &Column, comparison: Comparison, threads: usize) -> Bitmap {
    let there = |column: &Column, row: usize| column.present.as_ref().is_none_or(|present| present.holds(row));
    if let (Values::Ints(x), Values::Ints(y)) = (&a.values, &b.values)
        && a.ty == b.ty
    {
        return by_row(a.len, threads, |row| {
            if !there(a, row) || !there(b, row) {
                return leaf.on_missing;
            }
            comparison.accepts(x.get(row).cmp(&y.get(row))) != leaf.negated
        });
    }
    by_row(a.len, threads, |row| {
        let (x, y) = (a.value(row), b.value(row));
        if x.is_missing() || y.is_missing() {
            return leaf.on_missing;
        }
        x.compare(&y).is_some_and(|order| comparison.accepts(order)) != leaf.negated
    })
}
