//! Changes take place.

use std::sync::Arc;

use cvm_core::{Catalog, Diagnostics, History, Timestamp};

use super::change::{Change, Transition};
use super::check::{Given, Step, fitting};
use super::order::Item;
use super::state::Live;
use super::tell::{Listener, Told};

/// What changed of whom.
#[derive(Debug)]
struct Touched {
    /// Conditions that must be asked again.
    asked: Vec<(u32, u32)>,
    new: Vec<u32>,
    /// Events that running numbers count, by stream, and their values that are summed.
    came: Vec<Vec<Came>>,
    values: Vec<i64>,
    erased: bool,
    /// Whether keys mean others than before.
    keys: bool,
    catalog: Arc<Catalog>,
    nothing: History,
    own: Vec<i64>,
}

impl Touched {
    fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            asked: Vec::new(),
            new: Vec::new(),
            came: catalog.events.iter().map(|_| Vec::new()).collect(),
            values: Vec::new(),
            erased: false,
            keys: false,
            catalog,
            nothing: History::default(),
            own: Vec::new(),
        }
    }
}

/// An event that running numbers count.
#[derive(Debug, Clone, Copy)]
struct Came {
    item: Item,
    /// Where its values begin.
    values: u32,
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
        let mut out = Vec::new();
        self.apply_with(now, changes, |told| out.push(told.to_transition()))?;
        Ok(out)
    }

    /// As [`Live::apply`]; each is told to a listener instead of being kept, which takes less time.
    ///
    /// # Errors
    /// As [`Live::apply`].
    pub fn apply_with(
        &mut self,
        now: Timestamp,
        changes: &[Change],
        mut listener: impl FnMut(Told<'_>),
    ) -> Result<(), Diagnostics> {
        self.can_advance(now)?;
        let steps = self.checked(changes)?;
        self.move_to(now, &mut listener);
        self.change(steps, &mut listener);
        Ok(())
    }

    fn change(&mut self, steps: Vec<Step<'_>>, listener: Listener<'_>) {
        // All keys first: looking up one doesn't wait for the other.
        let keys: Vec<Option<u32>> = self.people.find_all(steps.iter().map(Step::key));
        let events = steps.iter().zip(&keys).map(|(step, known)| match step {
            Step::Event { stream, .. } => known.map(|known| (known, *stream)),
            _ => None,
        });
        let events: Vec<Option<(u32, usize)>> = events.collect();
        let mut touched = Touched::new(Arc::clone(&self.people.catalog));
        for (place, (step, known)) in steps.into_iter().zip(&keys).enumerate() {
            if place % FETCHED == 0 {
                self.people.fetch(events.iter().skip(place).take(FETCHED).flatten().copied());
            }
            let known = *known;
            let known = if touched.keys { self.people.find(step.key()) } else { known };
            self.take(step, known, &mut touched, listener);
        }
        self.make_room();
        let there = |customer: &u32| self.people.is_there(*customer);
        touched.new = std::mem::take(&mut touched.new).into_iter().filter(there).collect();
        touched.new.iter().for_each(|customer| self.name(*customer));
        self.count_in(&mut touched);
        touched.asked.sort_unstable();
        touched.asked.dedup();
        for asked in touched.asked.chunk_by(|a, b| a.0 == b.0) {
            let leaves: Vec<usize> = asked.iter().map(|(_, leaf)| *leaf as usize).collect();
            if let Some((customer, _)) = asked.first().filter(|(customer, _)| self.people.is_there(*customer)) {
                self.judge(*customer, &leaves);
            }
        }
        for customer in touched.new {
            for flow in self.flows.iter().flatten() {
                flow.all_bits(customer, &mut self.rows, &mut self.flips);
            }
            self.settle_whole(customer);
        }
        self.settle();
        if touched.erased {
            self.people.release();
        }
        self.tell(listener);
    }

    fn take(&mut self, step: Step<'_>, known: Option<u32>, touched: &mut Touched, listener: Listener<'_>) {
        match step {
            Step::Event { stream, time, properties, .. } => match known {
                Some(customer) => self.event(customer, stream, time, properties, touched),
                None => self.left_out += 1,
            },
            Step::Profile { key, fields } => {
                let Some(customer) = known.or_else(|| self.people.add(key)) else { return };
                if known.is_none() {
                    touched.keys = true;
                    touched.new.push(customer);
                    touched.asked.extend(self.asks.all.iter().map(|leaf| (customer, *leaf)));
                }
                for (field, value) in fields {
                    let asked = self.asks.fields.get(field).into_iter().flatten();
                    touched.asked.extend(asked.map(|leaf| (customer, *leaf)));
                    self.people.set(customer, field, value);
                }
            }
            Step::Related { table, rows, .. } => match known {
                Some(customer) => {
                    self.people.replace(customer, table, rows);
                    let asked = self.asks.tables.get(table).into_iter().flatten();
                    touched.asked.extend(asked.map(|leaf| (customer, *leaf)));
                }
                None => self.left_out += rows.len() as u64,
            },
            Step::Erase { .. } => {
                if let Some(customer) = known {
                    (touched.erased, touched.keys) = (true, true);
                    self.erase(customer, listener);
                }
            }
        }
    }

    fn event(&mut self, customer: u32, stream: usize, time: i64, properties: Given<'_>, touched: &mut Touched) {
        match properties {
            Given::Ordered(values) => {
                let fields = touched.catalog.events.get(stream).map(|of| of.fields.as_slice()).unwrap_or_default();
                // They were looked at before.
                let values = values.iter().zip(fields).filter_map(|(value, field)| fitting(value, &field.ty));
                self.people.add_event(customer, stream, time, values);
            }
            Given::Named(values) => self.people.add_event(customer, stream, time, values.into_iter()),
        }
        self.people.see_ahead(customer, stream, time, self.now.micros());
        if let Some(Some(flow)) = self.flows.get_mut(stream) {
            let properties = self.people.last_event(stream);
            let class = flow.class(properties, self.now, &touched.nothing);
            // What fits the field has a place.
            let _fits = flow.values(properties, &mut touched.own);
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let item = Item { time, customer, class };
            if let Some(came) = touched.came.get_mut(stream) {
                came.push(Came { item, values: number(touched.values.len()) });
            }
            touched.values.extend_from_slice(&touched.own);
        }
        let asked = self.asks.streams.get(stream).into_iter().flatten();
        touched.asked.extend(asked.map(|leaf| (customer, *leaf)));
    }

    /// Running numbers take in what came, and let go of those who are gone.
    fn count_in(&mut self, touched: &mut Touched) {
        let people = &self.people;
        if touched.erased {
            touched.came.iter_mut().for_each(|came| came.retain(|came| people.is_there(came.item.customer)));
            self.flows.iter_mut().flatten().for_each(|flow| flow.keep_those_there(|of| people.is_there(of)));
        }
        for (came, flow) in touched.came.iter_mut().zip(&mut self.flows) {
            let Some(flow) = flow else { continue };
            came.sort_by_key(|came| came.item.time);
            for part in came.chunks(FETCHED) {
                self.rows.fetch(part.iter().map(|came| came.item.customer));
                for Came { item, values } in part {
                    let from = *values as usize;
                    let values = touched.values.get(from..from + flow.order.width).unwrap_or_default();
                    if item.time > self.now.micros() {
                        flow.early.add(*item, values);
                    } else {
                        flow.come(*item, values, &mut self.rows, &mut self.flips);
                    }
                }
            }
        }
    }

    fn erase(&mut self, customer: u32, listener: Listener<'_>) {
        self.turns.open(self.now, customer, self.rows.key(self.rows.row(customer)));
        for segment in 0..self.segments.len() {
            if self.rows.is_inside(customer, segment) {
                self.turns.add(segment, false);
            }
        }
        // While the key is known.
        self.tell(listener);
        self.rows.wipe(customer);
        for leaf in (0..).take(self.leaves.len()) {
            self.queue.set(customer, leaf, None);
        }
        self.people.erase(customer);
    }
}

/// Rows that are fetched from memory together.
const FETCHED: usize = 32;
