//! Changes take place.

use std::collections::BTreeMap;

use cvm_core::predicate::RowSource;
use cvm_core::{Diagnostics, Timestamp, Value};

use super::change::{Change, Transition};
use super::check::Step;
use super::leaf::Leaf;
use super::state::Live;

/// What changed of whom: fields and sources, or everything.
#[derive(Debug, Default)]
pub(super) struct Touched(BTreeMap<u32, Parts>);

#[derive(Debug, Default)]
struct Parts {
    new: bool,
    fields: Vec<usize>,
    sources: Vec<RowSource>,
}

impl Touched {
    fn source(&mut self, customer: u32, source: RowSource) {
        let parts = self.0.entry(customer).or_default();
        if !parts.sources.contains(&source) {
            parts.sources.push(source);
        }
    }
}

impl Parts {
    fn concern(&self, leaf: &Leaf) -> bool {
        self.new
            || leaf.needs.fields.iter().any(|field| self.fields.contains(field))
            || leaf.needs.sources.iter().any(|source| self.sources.contains(source))
    }
}

impl Live {
    /// Time goes on to `now`, and then all changes take place at that instant, in their order. What comes and goes is
    /// told in the order of time: first what time alone did, then, once, what the changes did together. An erased
    /// customer leaves every segment.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use cvm_core::{Catalog, Code, Timestamp, Value};
    /// # use cvm_index::live::{Change, Live};
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// # let now = Timestamp::from_micros(0).expect("1970");
    /// let mut live = Live::empty(Arc::new(catalog), now);
    /// live.register("adults", &"age >= 18".parse()?)?;
    /// let age = |key, age| Change::Profile { key: Value::Int(key), fields: vec![("age".to_owned(), age)] };
    /// assert_eq!(live.apply(now, &[age(1, Value::Int(17)), age(2, Value::Int(40))])?.len(), 1);
    /// // One wrong change, and nothing of all takes place.
    /// let wrong = live.apply(now, &[age(1, Value::Int(18)), age(2, Value::Bool(true))]).expect_err("no number");
    /// assert_eq!((wrong.0[0].code, wrong.0[0].path.as_str()), (Code::TypeMismatch, "/1/fields/age"));
    /// assert_eq!(live.count("adults"), Some(1));
    /// let gone = live.apply(now, &[Change::Erase { key: Value::Int(2) }])?;
    /// assert!(!gone[0].entered && live.len() == 1);
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// Whatever is wrong with a change, with its number at the front of the place; then nothing happened, and time did
    /// not go on. As [`Live::advance`].
    pub fn apply(&mut self, now: Timestamp, changes: &[Change]) -> Result<Vec<Transition>, Diagnostics> {
        self.can_advance(now)?;
        let steps = self.checked(changes)?;
        let mut out = Vec::new();
        self.move_to(now, &mut out);
        let mut touched = Touched::default();
        for step in steps {
            self.take(step, &mut touched, &mut out);
        }
        self.make_room();
        for (customer, parts) in touched.0 {
            let numbered = self.leaves.iter().enumerate();
            let concerned = numbered.filter(|(_, leaf)| leaf.as_ref().is_some_and(|leaf| parts.concern(leaf)));
            let concerned: Vec<usize> = concerned.map(|(number, _)| number).collect();
            if !concerned.is_empty() {
                self.judge(customer, &concerned);
            }
            if parts.new {
                self.settle_whole(customer, &mut out);
            }
        }
        self.settle(&mut out);
        Ok(out)
    }

    fn take(&mut self, step: Step<'_>, touched: &mut Touched, out: &mut Vec<Transition>) {
        match step {
            Step::Event { key, stream, time, properties } => match self.people.find(key) {
                Some(customer) => {
                    self.people.add_event(customer, stream, time, properties);
                    touched.source(customer, RowSource::Events(stream));
                }
                None => self.left_out += 1,
            },
            Step::Profile { key, fields } => {
                let known = self.people.find(key);
                let Some(customer) = known.or_else(|| self.people.add(key)) else { return };
                let parts = touched.0.entry(customer).or_default();
                parts.new |= known.is_none();
                for (field, value) in fields {
                    parts.fields.push(field);
                    self.people.set(customer, field, value);
                }
            }
            Step::Related { key, table, rows } => match self.people.find(key) {
                Some(customer) => {
                    self.people.replace(customer, table, rows);
                    touched.source(customer, RowSource::Related(table));
                }
                None => self.left_out += rows.len() as u64,
            },
            Step::Erase { key } => {
                if let Some(customer) = self.people.find(key) {
                    touched.0.remove(&customer);
                    self.erase(customer, key, out);
                }
            }
        }
    }

    fn erase(&mut self, customer: u32, key: &Value, out: &mut Vec<Transition>) {
        for (number, segment) in self.segments.iter_mut().enumerate() {
            if let Some(segment) = segment
                && self.inside.get(customer, number)
            {
                out.push(segment.changed(key.clone(), self.now, false));
            }
        }
        self.inside.wipe(customer);
        self.bits.wipe(customer);
        for leaf in (0..).take(self.leaves.len()) {
            self.queue.set(customer, leaf, None);
        }
        self.people.erase(customer);
    }
}
