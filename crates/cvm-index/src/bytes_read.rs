//! How much memory a first answer has to look at.

use std::collections::BTreeSet;

use cvm_core::predicate::{Bound, FactTest, FieldRef, Leaf, RankValue, RowMeasure, RowSource, Rows, Test};
use cvm_core::{Diagnostics, Filter, Predicate, Timestamp, bind};

use crate::column::Column;
use crate::index::Index;
use crate::last_values;
use crate::recent::{Asked, Span};

/// What is looked at, each once.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A column of the customers.
    Field(usize),
    /// A column of a stream or related table.
    Row(Source, usize),
    /// When the events of a stream were.
    Times(Source),
    /// Where each customer's rows begin.
    Starts(Source),
    /// The `n`th event of each customer from the last, apart from the others.
    Recent(Source, usize),
    /// The values of each customer's last three events.
    Last(Source, usize),
}

/// A stream or related table, in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Events(usize),
    Related(usize),
}

impl Index {
    /// The bytes of the columns that a filter looks at, each once. A first answer can't take less time than reading so much
    /// memory does; a kept one takes a bit for each customer and condition.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{Int64Array, RecordBatch};
    /// # use cvm_core::{Catalog, Timestamp};
    /// # use cvm_index::IndexBuilder;
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// # let numbers = |numbers: Vec<i64>| Arc::new(Int64Array::from(numbers)) as _;
    /// # let rows = [("id", numbers(vec![1, 2, 3])), ("age", numbers(vec![17, 40, 64]))];
    /// # let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![RecordBatch::try_from_iter(rows)?]).build()?;
    /// # let as_of = Timestamp::from_micros(0).expect("1970");
    /// // Ages take a byte for each customer.
    /// assert_eq!(index.bytes_read(&"age >= 18 or age < 3".parse()?, as_of)?, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn bytes_read(&self, filter: &Filter, as_of: Timestamp) -> Result<usize, Diagnostics> {
        let mut parts = BTreeSet::new();
        self.predicate(&bind(filter, &self.catalog, as_of)?, None, &mut parts);
        let mut bytes = 0;
        for part in parts {
            bytes += match part {
                Part::Field(at) => self.customers.columns.get(at).map_or(0, Column::bytes),
                Part::Row(source, at) => self.stream(source.into())?.table.columns.get(at).map_or(0, Column::bytes),
                Part::Times(source) => self.stream(source.into())?.times.as_ref().map_or(0, Column::bytes),
                Part::Starts(source) => self.stream(source.into())?.starts.len() * 4,
                Part::Recent(..) => self.len() * size_of::<Span>(),
                Part::Last(source, at) => {
                    let stream = self.stream(source.into())?;
                    let column = stream.table.columns.get(at).map_or(0, Column::bytes);
                    3 * column * self.len() / stream.table.len.max(1)
                }
            };
        }
        Ok(bytes)
    }

    /// `of` is whose fields a leaf names: the customers', or those of a stream.
    fn predicate(&self, asked: &Predicate, of: Option<Source>, parts: &mut BTreeSet<Part>) {
        match asked {
            Predicate::Constant(_) => {}
            Predicate::All(children) | Predicate::Any(children) | Predicate::AtLeast(_, children) => {
                children.iter().for_each(|child| self.predicate(child, of, parts));
            }
            Predicate::Not(child) => self.predicate(child, of, parts),
            Predicate::Segment(segment) => self.predicate(&segment.filter, of, parts),
            Predicate::Leaf(Leaf { field: asked, test, .. }) => {
                field(asked, of, parts);
                if let Test::Field(_, other) = test {
                    field(other, of, parts);
                }
            }
            Predicate::Measured(measured) => {
                let source = measured.rows.source;
                let stream = self.stream(source).ok();
                if let Some((at, ..)) = stream.and_then(|stream| last_values::summed(measured, stream)) {
                    parts.extend([1, 2, 3, 4].map(|nth| Part::Recent(source.into(), nth)));
                    parts.insert(Part::Last(source.into(), at));
                } else if let Some(asked) = stream.and_then(|stream| Asked::by(measured, stream)) {
                    parts.extend(asked.nths().map(|nth| Part::Recent(source.into(), nth)));
                } else {
                    self.rows_read(&measured.rows, parts);
                    measure(&measured.measure, source, parts);
                }
            }
            Predicate::Fact(fact) => match &fact.test {
                FactTest::Bucket(bucket) => drop(parts.insert(Part::Field(bucket.key))),
                FactTest::Geo(geo) => parts.extend([geo.latitude, geo.longitude].map(Part::Field)),
                FactTest::Sequence(steps) => {
                    for step in steps {
                        self.rows_read(&step.rows, parts);
                        parts.insert(Part::Times(step.rows.source.into()));
                        step.without.iter().for_each(|absent| self.rows_read(absent, parts));
                    }
                }
                FactTest::Restarted(test) => {
                    self.rows_read(&test.rows, parts);
                    parts.insert(Part::Times(test.rows.source.into()));
                }
                FactTest::Rank(rank) => {
                    match &rank.by {
                        RankValue::Field(by) => field(by, None, parts),
                        RankValue::Measure(of, by, _) => {
                            self.rows_read(of, parts);
                            measure(by, of.source, parts);
                        }
                    }
                    rank.per.iter().for_each(|per| field(per, None, parts));
                    rank.among.iter().for_each(|among| self.predicate(among, None, parts));
                }
            },
        }
    }

    fn rows_read(&self, rows: &Rows, parts: &mut BTreeSet<Part>) {
        let source = rows.source.into();
        parts.insert(Part::Starts(source));
        if (&rows.time.low, &rows.time.high) != (&Bound::Open, &Bound::Open) {
            parts.insert(Part::Times(source));
        }
        rows.filter.iter().for_each(|filter| self.predicate(filter, Some(source), parts));
    }
}

fn field(asked: &FieldRef, of: Option<Source>, parts: &mut BTreeSet<Part>) {
    parts.insert(of.map_or(Part::Field(asked.index), |source| Part::Row(source, asked.index)));
}

fn measure(asked: &RowMeasure, source: RowSource, parts: &mut BTreeSet<Part>) {
    let source = source.into();
    match asked {
        RowMeasure::Count => {}
        RowMeasure::Distinct(value)
        | RowMeasure::Sum(value)
        | RowMeasure::Avg(value)
        | RowMeasure::Min(value)
        | RowMeasure::Max(value) => field(value, Some(source), parts),
        RowMeasure::FirstTime | RowMeasure::LastTime | RowMeasure::Periods { .. } => {
            parts.insert(Part::Times(source));
        }
        RowMeasure::FirstValue(value) | RowMeasure::LastValue(value) => {
            parts.insert(Part::Times(source));
            field(value, Some(source), parts);
        }
    }
}

impl From<RowSource> for Source {
    fn from(source: RowSource) -> Self {
        match source {
            RowSource::Events(at) => Self::Events(at),
            RowSource::Related(at) => Self::Related(at),
        }
    }
}

impl From<Source> for RowSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Events(at) => Self::Events(at),
            Source::Related(at) => Self::Related(at),
        }
    }
}
