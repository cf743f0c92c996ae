//! A condition that is kept for every customer.

use cvm_core::predicate::{FactTest, RowMeasure, RowSource, Rows, Test};
use cvm_core::{Catalog, Diagnostics, Filter, Matcher, Predicate, Timestamp, bind};

use super::fast::Fast;

/// A condition, and what it looks at.
#[derive(Debug)]
pub(super) struct Leaf {
    /// The condition as JSON: what makes it the same one in several segments.
    pub(super) json: String,
    pub(super) filter: Filter,
    pub(super) matcher: Matcher,
    pub(super) needs: Needs,
    /// Whether time alone can turn it.
    pub(super) moves: bool,
    /// Whether time turns it only where an event is still to come.
    pub(super) only_ahead: bool,
    /// The running number that answers it, where one does.
    pub(super) fast: Option<Fast>,
    /// The segments that hold it.
    pub(super) segments: Vec<usize>,
    /// Those of them that are left to their formulas.
    pub(super) odd: Vec<usize>,
}

/// What of a customer is looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    /// Fields by number.
    pub(super) fields: Vec<usize>,
    pub(super) sources: Vec<RowSource>,
    /// Those of which more than the times is looked at.
    pub(super) whole: Vec<RowSource>,
}

impl Leaf {
    pub(super) fn new(filter: &Filter, catalog: &Catalog, now: Timestamp) -> Result<Self, Diagnostics> {
        let matcher = Matcher::new(filter, catalog)?;
        let predicate = bind(filter, catalog, now)?;
        let mut needs = Needs { fields: Vec::new(), sources: predicate.sources(), whole: Vec::new() };
        needs.read(&predicate, catalog.customers.fields.len());
        let moves = matcher.moves();
        let only_ahead = needs.fields.is_empty() && needs.whole.is_empty() && matcher.only_up_to_now();
        Ok(Self {
            json: json_of(filter),
            filter: filter.clone(),
            matcher,
            needs,
            moves,
            only_ahead,
            fast: Fast::of(&predicate, catalog),
            segments: Vec::new(),
            odd: Vec::new(),
        })
    }

    /// The stream whose running numbers answer it.
    pub(super) fn stream(&self) -> Option<usize> {
        self.fast.as_ref().map(|fast| fast.stream)
    }

    /// Whether time alone can turn it, other than by a running number.
    pub(super) fn is_due(&self) -> bool {
        self.moves && self.fast.is_none()
    }
}

/// A filter as JSON.
pub(super) fn json_of(filter: &Filter) -> String {
    serde_json::to_string(filter).unwrap_or_else(|_| filter.to_string())
}

impl Needs {
    /// Adds what another one needs.
    pub(super) fn add(&mut self, other: &Self) {
        other.fields.iter().for_each(|field| self.field(*field));
        for (own, others) in [(&mut self.sources, &other.sources), (&mut self.whole, &other.whole)] {
            for source in others {
                if !own.contains(source) {
                    own.push(*source);
                }
            }
        }
    }

    fn rows(&mut self, rows: &Rows, values: bool) {
        if (values || rows.filter.is_some() || matches!(rows.source, RowSource::Related(_)))
            && !self.whole.contains(&rows.source)
        {
            self.whole.push(rows.source);
        }
    }

    fn field(&mut self, field: usize) {
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
    }

    fn read(&mut self, predicate: &Predicate, fields: usize) {
        match predicate {
            Predicate::Constant(_) => {}
            Predicate::Measured(measured) => {
                let times = matches!(
                    measured.measure,
                    RowMeasure::Count | RowMeasure::FirstTime | RowMeasure::LastTime | RowMeasure::Periods { .. }
                );
                self.rows(&measured.rows, !times);
            }
            Predicate::All(children) | Predicate::Any(children) | Predicate::AtLeast(_, children) => {
                children.iter().for_each(|child| self.read(child, fields));
            }
            Predicate::Not(child) => self.read(child, fields),
            Predicate::Segment(segment) => self.read(&segment.filter, fields),
            Predicate::Leaf(leaf) => {
                self.field(leaf.field.index);
                if let Test::Field(_, other) = &leaf.test {
                    self.field(other.index);
                }
            }
            Predicate::Fact(fact) => match &fact.test {
                FactTest::Sequence(steps) => {
                    for step in steps {
                        self.rows(&step.rows, false);
                        step.without.iter().for_each(|without| self.rows(without, false));
                    }
                }
                FactTest::Restarted(test) => self.rows(&test.rows, false),
                FactTest::Bucket(_) | FactTest::Geo(_) | FactTest::Rank(_) => {
                    (0..fields).for_each(|field| self.field(field));
                }
            },
        }
    }
}
