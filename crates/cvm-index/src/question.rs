//! What is asked, as bytes: two questions that are written alike have the same answer.
//!
//! Everything that an answer depends on is written, each thing with its kind or length in front, so that no two things
//! are written alike. How a time moves is left out: its settled ends alone tell who passes.

use cvm_core::predicate::{Bound, Fact, Leaf, Measured, Needle, Range, RowMeasure, RowSource, Rows, Test};
use cvm_core::{Predicate, Value};

use crate::range::RawTest;

/// A question about the rows of an index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Question(Vec<u8>);

impl Question {
    /// The rows of the customers, or of a stream, that a leaf takes.
    pub(crate) fn leaf(source: Option<RowSource>, leaf: &Leaf) -> Self {
        let mut pen = Pen(Vec::with_capacity(64));
        match source {
            None => pen.tag(0),
            Some(source) => {
                pen.tag(1);
                pen.source(source);
            }
        }
        pen.leaf(leaf);
        Self(pen.0)
    }

    /// The customers of whom a measure passes.
    pub(crate) fn measured(measured: &Measured) -> Self {
        let mut pen = Pen(Vec::with_capacity(128));
        pen.tag(2);
        pen.rows(&measured.rows);
        match &measured.measure {
            RowMeasure::Count => pen.tag(0),
            RowMeasure::Sum(field) if field.path.is_empty() => {
                pen.tag(1);
                pen.number(field.index);
            }
            RowMeasure::FirstTime => pen.tag(2),
            RowMeasure::LastTime => pen.tag(3),
            other => pen.shown(other),
        }
        // The type follows from the measure.
        pen.test(&measured.test);
        pen.flags(measured.negated, measured.on_missing);
        Self(pen.0)
    }

    /// The customers of whom a fact holds.
    pub(crate) fn fact(fact: &Fact) -> Self {
        let mut pen = Pen(Vec::with_capacity(128));
        pen.tag(3);
        pen.shown(&fact.test);
        pen.flags(fact.negated, false);
        Self(pen.0)
    }

    /// The rows of a stream whose times pass.
    pub(crate) fn window(source: RowSource, test: &RawTest) -> Self {
        let mut pen = Pen(Vec::with_capacity(48));
        pen.tag(4);
        pen.source(source);
        match test {
            RawTest::Between(low, high) => {
                pen.tag(0);
                pen.0.extend(low.to_le_bytes());
                pen.0.extend(high.to_le_bytes());
            }
            other => pen.shown(other),
        }
        Self(pen.0)
    }

    #[cfg(test)]
    pub(crate) fn text(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }

    /// The bytes that it takes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Stands in front of what is written as people see it.
const SHOWN: u8 = 255;

struct Pen(Vec<u8>);

impl Pen {
    fn tag(&mut self, tag: u8) {
        self.0.push(tag);
    }

    fn number(&mut self, number: usize) {
        self.0.extend((number as u64).to_le_bytes());
    }

    fn flags(&mut self, negated: bool, on_missing: bool) {
        self.tag(u8::from(negated) << 1 | u8::from(on_missing));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend(text.as_bytes());
    }

    /// What is asked seldom: everything that is in it, which is slow to write.
    fn shown(&mut self, what: &dyn std::fmt::Debug) {
        self.tag(SHOWN);
        self.text(&format!("{what:?}"));
    }

    fn source(&mut self, source: RowSource) {
        let (kind, at) = match source {
            RowSource::Events(at) => (0, at),
            RowSource::Related(at) => (1, at),
        };
        self.tag(kind);
        self.number(at);
    }

    fn rows(&mut self, rows: &Rows) {
        self.source(rows.source);
        self.range(&rows.time);
        match &rows.filter {
            None => self.tag(0),
            Some(filter) => {
                self.tag(1);
                self.predicate(filter);
            }
        }
    }

    fn predicate(&mut self, predicate: &Predicate) {
        match predicate {
            Predicate::Leaf(leaf) => {
                self.tag(0);
                self.leaf(leaf);
            }
            Predicate::All(children) => self.group(1, children),
            Predicate::Any(children) => self.group(2, children),
            Predicate::Not(child) => {
                self.tag(3);
                self.predicate(child);
            }
            other => self.shown(other),
        }
    }

    fn group(&mut self, tag: u8, children: &[Predicate]) {
        self.tag(tag);
        self.number(children.len());
        children.iter().for_each(|child| self.predicate(child));
    }

    fn leaf(&mut self, leaf: &Leaf) {
        self.number(leaf.field.index);
        self.number(leaf.field.path.len());
        leaf.field.path.iter().for_each(|key| self.text(key));
        self.test(&leaf.test);
        self.flags(leaf.negated, leaf.on_missing);
    }

    fn test(&mut self, test: &Test) {
        match test {
            Test::Present => self.tag(0),
            Test::In(values) => {
                self.tag(1);
                self.number(values.len());
                values.iter().for_each(|value| self.value(value));
            }
            Test::Range(range) => {
                self.tag(2);
                self.range(range);
            }
            Test::Text(text) => match &text.needle {
                Needle::Starts(needle) => {
                    self.tag(3);
                    self.flags(text.fold, false);
                    self.text(needle);
                }
                Needle::Contains(needle) => {
                    self.tag(4);
                    self.flags(text.fold, false);
                    self.text(needle);
                }
                _ => self.shown(text),
            },
            other => self.shown(other),
        }
    }

    fn range(&mut self, range: &Range) {
        for bound in [&range.low, &range.high] {
            match bound {
                Bound::Open => self.tag(0),
                Bound::Included(value) => {
                    self.tag(1);
                    self.value(value);
                }
                Bound::Excluded(value) => {
                    self.tag(2);
                    self.value(value);
                }
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Missing => self.tag(0),
            Value::Bool(value) => {
                self.tag(1);
                self.tag(u8::from(*value));
            }
            Value::Int(number) => {
                self.tag(2);
                self.0.extend(number.to_le_bytes());
            }
            Value::Float(number) => {
                self.tag(3);
                self.0.extend(number.to_bits().to_le_bytes());
            }
            Value::Decimal(number) => {
                self.tag(4);
                self.tag(number.scale());
                self.0.extend(number.digits().to_le_bytes());
            }
            Value::Str(text) => {
                self.tag(5);
                self.text(text);
            }
            Value::Date(date) => {
                self.tag(6);
                self.0.extend(date.days().to_le_bytes());
            }
            Value::Timestamp(time) => {
                self.tag(7);
                self.0.extend(time.micros().to_le_bytes());
            }
            Value::List(_) | Value::Json(_) => self.shown(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use cvm_core::{Catalog, Timestamp, bind};

    use super::*;

    fn asked(text: &str, as_of: i64) -> Question {
        let catalog = r#"{"customers": {"table": "c", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false}, {"name": "a", "type": "string"},
            {"name": "b", "type": "string"}, {"name": "n", "type": "float"}, {"name": "d", "type": "decimal(9,2)"},
            {"name": "day", "type": "date"}, {"name": "tags", "type": "list<string>"}, {"name": "j", "type": "json"}]},
            "events": [{"name": "buy", "table": "e", "customer": "c", "time": "t", "fields": [
                {"name": "x", "type": "int"}, {"name": "y", "type": "int"}]},
                {"name": "see", "table": "s", "customer": "c", "time": "t"}]}"#;
        let catalog = Catalog::from_json(catalog).expect("a catalog");
        let as_of = Timestamp::from_micros(as_of).expect("an instant");
        let filter = text.parse().unwrap_or_else(|error| panic!("{text}: {error:?}"));
        match bind(&filter, &catalog, as_of).unwrap_or_else(|error| panic!("{text}: {error:?}")) {
            Predicate::Leaf(leaf) => Question::leaf(None, &leaf),
            Predicate::Measured(measured) => Question::measured(&measured),
            Predicate::Fact(fact) => Question::fact(&fact),
            other => panic!("{text} is {other:?}"),
        }
    }

    #[test]
    fn what_differs_is_written_differently() {
        let all = [
            "a = 'x'",
            "b = 'x'",
            "a != 'x'",
            "a in ('x', 'y')",
            "a in ('x, y')",
            "a in ('xy')",
            "a in ('x', 'y', '')",
            "a starts with 'x'",
            "a contains 'x'",
            "a ends with 'x'",
            "a starts with 'xy'",
            "a is set",
            "a is not set",
            "a matches 'x'",
            "a matches 'y'",
            "a is empty",
            "n > 1",
            "n >= 1",
            "n < 1",
            "n between 1 and 2",
            "n > 1.5",
            "n = 1",
            "d = '1.50'",
            "d > '1.50'",
            "d < '1.50'",
            "id > 1",
            "id in (1, 2)",
            "id in (1, 3)",
            "id in (258)",
            "day > '2024-01-01'",
            "day < '2024-01-02'",
            "tags has any ('x')",
            "tags has all ('x')",
            "j.k = 'x'",
            "j.l = 'x'",
            "j.k.l = 'x'",
            "a = field(b)",
            "a < field(b)",
            "count(buy) >= 1",
            "count(see) >= 1",
            "count(buy) >= 2",
            "count(buy) = 1",
            "count(buy within last 1 day) >= 1",
            "count(buy within last 2 days) >= 1",
            "count(buy where x > 1) >= 1",
            "count(buy where y > 1) >= 1",
            "count(buy where x > 1 and y > 1) >= 1",
            "count(buy where x > 1 or y > 1) >= 1",
            "sum(buy.x) >= 1",
            "sum(buy.y) >= 1",
            "min(buy.x) >= 1",
            "max(buy.x) >= 1",
            "avg(buy.x) >= 1",
            "first time(buy) > 1 day ago",
            "last time(buy) > 1 day ago",
            "last time(buy) > 2 days ago",
            "sequence(buy, see)",
            "sequence(see, buy)",
        ];
        let written: HashSet<Question> = all.iter().map(|text| asked(text, 0)).collect();
        assert_eq!(written.len(), all.len());
    }

    #[test]
    fn what_is_the_same_is_written_alike_at_the_same_time() {
        for text in ["a = 'x'", "count(buy within last 1 day) >= 1", "sum(buy.x where y = 1) > 3", "sequence(buy, see)"]
        {
            assert_eq!(asked(text, 7), asked(text, 7));
        }
        assert_ne!(asked("count(buy within last 1 day) >= 1", 0), asked("count(buy within last 1 day) >= 1", 1));
        // A date stays where it was within its day, whatever the instant.
        assert_eq!(asked("day > 1 day ago", 0), asked("day > 1 day ago", 1));
        let (a, b) = (RawTest::Between(1, 2), RawTest::In(vec![1, 2]));
        assert_ne!(Question::window(RowSource::Events(0), &a), Question::window(RowSource::Events(1), &a));
        assert_ne!(Question::window(RowSource::Events(0), &a), Question::window(RowSource::Events(0), &b));
    }
}
