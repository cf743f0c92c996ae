//! The compiled filter: a tree of few kinds of nodes, without `not` and without constants inside groups.

use std::borrow::Cow;

use super::check::Check;
use super::fact::FactNode;
use super::rows::RowsNode;
use crate::eval::{History, from_json};
use crate::predicate::{Comparison, FieldRef};
use crate::value::{Value, json_at};

/// Something that holds of a customer or not.
#[derive(Debug)]
pub(super) enum Node {
    Constant(bool),
    /// Every one holds; the cheapest stands first.
    All(Box<[Node]>),
    /// Any one holds; the cheapest stands first.
    Any(Box<[Node]>),
    AtLeast(usize, Box<[Node]>),
    /// A test of one field.
    Field(Box<FieldNode>),
    /// A test of a place in a document, or of two fields.
    Odd(Box<OddNode>),
    /// A test of a value made of rows.
    Rows(Box<RowsNode>),
    /// A fact, or its opposite.
    Fact(Box<FactNode>, bool),
}

/// `missing ? on_missing : check(value) != negated`, of a field.
#[derive(Debug)]
pub(super) struct FieldNode {
    pub(super) index: usize,
    pub(super) check: Check,
    pub(super) negated: bool,
    pub(super) on_missing: bool,
}

/// The same line where the value must be looked for.
#[derive(Debug)]
pub(super) struct OddNode {
    pub(super) field: FieldRef,
    pub(super) test: OddTest,
    pub(super) negated: bool,
    pub(super) on_missing: bool,
}

#[derive(Debug)]
pub(super) enum OddTest {
    /// A place in a document.
    Place(Check),
    /// Compared with another field.
    Beside(Comparison, FieldRef),
}

impl Node {
    pub(super) fn holds(&self, row: &[Value], history: &History, settled: &[i64]) -> bool {
        match self {
            Self::Field(node) => node.holds(row, settled),
            Self::All(children) => children.iter().all(|child| child.holds(row, history, settled)),
            Self::Any(children) => children.iter().any(|child| child.holds(row, history, settled)),
            Self::Rows(node) => node.holds(history, settled),
            Self::Constant(value) => *value,
            Self::AtLeast(n, children) => {
                let (mut wanted, mut left) = (*n, children.len());
                for child in children {
                    if wanted == 0 || wanted > left {
                        break;
                    }
                    wanted -= usize::from(child.holds(row, history, settled));
                    left -= 1;
                }
                wanted == 0
            }
            Self::Odd(node) => node.holds(row, settled),
            Self::Fact(node, negated) => node.holds(row, history, settled) != *negated,
        }
    }
}

impl FieldNode {
    #[inline]
    fn holds(&self, row: &[Value], settled: &[i64]) -> bool {
        match row.get(self.index) {
            None | Some(Value::Missing) => self.on_missing,
            Some(Value::Json(_)) => self.document(row, settled),
            Some(Value::Float(x)) if x.is_nan() => self.on_missing,
            Some(value) => self.check.passes(value, settled) != self.negated,
        }
    }

    /// A document where none was expected is looked into as everywhere.
    #[cold]
    fn document(&self, row: &[Value], settled: &[i64]) -> bool {
        let value = value_at(&FieldRef { index: self.index, path: Vec::new() }, row);
        if value.is_missing() { self.on_missing } else { self.check.passes(&value, settled) != self.negated }
    }
}

impl OddNode {
    fn holds(&self, row: &[Value], settled: &[i64]) -> bool {
        let passed = match &self.test {
            OddTest::Place(check) => match row.get(self.field.index) {
                Some(Value::Json(json)) => match json_at(json, self.field.path.iter().map(String::as_str)) {
                    None => return self.on_missing,
                    // The most frequent kind needs no value made of it.
                    Some(serde_json::Value::String(text)) => check.passes_text(text),
                    Some(other) => {
                        let value = from_json(other);
                        if value.is_missing() {
                            return self.on_missing;
                        }
                        check.passes(&value, settled)
                    }
                },
                Some(value) if !value.is_missing() => check.passes(value, settled),
                _ => return self.on_missing,
            },
            OddTest::Beside(comparison, other) => {
                let (value, other) = (value_at(&self.field, row), value_at(other, row));
                if value.is_missing() || other.is_missing() {
                    return self.on_missing;
                }
                value.compare(&other).is_some_and(|order| comparison.accepts(order))
            }
        };
        passed != self.negated
    }
}

/// The value of a field, or of a place in a document: borrowed where it is there as it is.
pub(super) fn value_at<'r>(field: &FieldRef, row: &'r [Value]) -> Cow<'r, Value> {
    match row.get(field.index) {
        None => Cow::Owned(Value::Missing),
        Some(Value::Json(json)) => {
            let found = json_at(json, field.path.iter().map(String::as_str));
            Cow::Owned(found.map_or(Value::Missing, from_json))
        }
        Some(value) => Cow::Borrowed(value),
    }
}
