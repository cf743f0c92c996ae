//! Changes take place.

use std::collections::BTreeMap;

use cvm_core::predicate::RowSource;
use cvm_core::{Diagnostics, History, Timestamp, Value};

use super::change::{Change, Transition};
use super::check::Step;
use super::flow::{Item, Turns};
use super::leaf::Leaf;
use super::state::Live;

/// What changed of whom: fields and sources, or everything.
#[derive(Debug, Default)]
pub(super) struct Touched {
    parts: BTreeMap<u32, Parts>,
    /// For each stream, whether a condition looks at it that no running number answers.
    asked: Vec<bool>,
    /// Events that running numbers count, with their streams.
    came: Vec<(usize, Item)>,
    erased: bool,
    nothing: History,
}

#[derive(Debug, Default)]
struct Parts {
    new: bool,
    fields: Vec<usize>,
    sources: Vec<RowSource>,
}

impl Touched {
    fn source(&mut self, customer: u32, source: RowSource) {
        let parts = self.parts.entry(customer).or_default();
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
        let asks = |stream| {
            let mut asking = self.leaves.iter().flatten().filter(|leaf| leaf.fast.is_none());
            asking.any(|leaf| leaf.needs.sources.contains(&RowSource::Events(stream)))
        };
        let asked = (0..self.flows.len()).map(asks).collect();
        let mut touched = Touched { asked, ..Touched::default() };
        for step in steps {
            self.take(step, &mut touched, &mut out);
        }
        self.make_room();
        self.count_in(&mut touched);
        for (customer, parts) in touched.parts {
            let numbered = self.leaves.iter().enumerate();
            let concerned = numbered.filter(|(_, leaf)| leaf.as_ref().is_some_and(|leaf| parts.concern(leaf)));
            let concerned: Vec<usize> = concerned.map(|(number, _)| number).collect();
            if !concerned.is_empty() {
                self.judge(customer, &concerned);
            }
            if parts.new {
                let mut turns = Turns { bits: &mut self.bits, flips: &mut self.flips };
                self.flows.iter().flatten().for_each(|flow| flow.all_bits(customer, &mut turns));
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
                    let at = self.people.add_event(customer, stream, time, properties);
                    if let Some(Some(flow)) = self.flows.get(stream) {
                        let mask = flow.mask(self.people.properties(stream, at), self.now, &touched.nothing);
                        touched.came.push((stream, Item { time, customer, mask, at }));
                    }
                    if touched.asked.get(stream).is_some_and(|asked| *asked) {
                        touched.source(customer, RowSource::Events(stream));
                    }
                }
                None => self.left_out += 1,
            },
            Step::Profile { key, fields } => {
                let known = self.people.find(key);
                let Some(customer) = known.or_else(|| self.people.add(key)) else { return };
                let parts = touched.parts.entry(customer).or_default();
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
                    touched.parts.remove(&customer);
                    touched.erased = true;
                    self.erase(customer, key, out);
                }
            }
        }
    }

    /// Running numbers take in what came, and let go of those who are gone.
    fn count_in(&mut self, touched: &mut Touched) {
        touched.came.retain(|(_, item)| self.people.is_there(item.customer));
        touched.came.sort_by_key(|(stream, item)| (*stream, item.time));
        let mut turns = Turns { bits: &mut self.bits, flips: &mut self.flips };
        for came in touched.came.chunk_by(|a, b| a.0 == b.0) {
            let stream = came.first().map(|(stream, _)| *stream);
            if let Some(Some(flow)) = stream.and_then(|stream| self.flows.get_mut(stream)) {
                let items: Vec<Item> = came.iter().map(|(_, item)| *item).collect();
                flow.take(&items, self.now.micros(), &self.people, &mut turns);
            }
        }
        if touched.erased {
            self.flows.iter_mut().flatten().for_each(|flow| flow.keep_those_there(&self.people));
            self.people.release();
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
        self.flows.iter_mut().flatten().for_each(|flow| flow.wipe(customer));
        for leaf in (0..).take(self.leaves.len()) {
            self.queue.set(customer, leaf, None);
        }
        self.people.erase(customer);
    }
}
