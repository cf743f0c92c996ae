//! Which streams and tables a predicate asks.

use super::{FactTest, Predicate, RankValue, RowSource};

impl Predicate {
    /// The streams of events and related tables that are asked, each once, in no particular order.
    ///
    /// ```
    /// use cvm_core::{Catalog, Timestamp, bind, predicate::RowSource};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///     {"name": "id", "type": "int", "nullable": false}]},
    ///     "events": [{"name": "visit", "table": "visits", "customer": "id", "time": "at"}]}"#)?;
    /// let as_of = Timestamp::from_micros(0).expect("1970");
    /// let predicate = bind(&"count(visit) >= 1 and not (count(visit) >= 3)".parse()?, &catalog, as_of)?;
    /// assert_eq!(predicate.sources(), [RowSource::Events(0)]);
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn sources(&self) -> Vec<RowSource> {
        let mut found = Vec::new();
        self.collect_sources(&mut found);
        found
    }

    fn collect_sources(&self, found: &mut Vec<RowSource>) {
        match self {
            Self::Constant(_) | Self::Leaf(_) => {}
            Self::All(children) | Self::Any(children) | Self::AtLeast(_, children) => {
                children.iter().for_each(|child| child.collect_sources(found));
            }
            Self::Not(child) => child.collect_sources(found),
            Self::Segment(segment) => segment.filter.collect_sources(found),
            Self::Measured(measured) => add(measured.rows.source, found),
            Self::Fact(fact) => match &fact.test {
                FactTest::Sequence(steps) => {
                    for step in steps {
                        add(step.rows.source, found);
                        step.without.iter().for_each(|absent| add(absent.source, found));
                    }
                }
                FactTest::Restarted(test) => add(test.rows.source, found),
                FactTest::Rank(rank) => {
                    if let RankValue::Measure(rows, ..) = &rank.by {
                        add(rows.source, found);
                    }
                    rank.among.iter().for_each(|among| among.collect_sources(found));
                }
                FactTest::Bucket(_) | FactTest::Geo(_) => {}
            },
        }
    }
}

fn add(source: RowSource, found: &mut Vec<RowSource>) {
    if !found.contains(&source) {
        found.push(source);
    }
}
