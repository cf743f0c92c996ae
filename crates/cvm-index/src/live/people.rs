//! Who there is: the customers of the index, those that came since, and what is known of them.

use std::sync::Arc;

use cvm_core::predicate::RowSource;
use cvm_core::{Catalog, FieldType, Value};
use rustc_hash::FxHashMap;

use super::log::Log;
use crate::index::Index;

/// Microseconds.
const DAY: i64 = 86_400_000_000;

/// The customers by number: first those of the index, by their rows, then those that came since.
#[derive(Debug)]
pub(super) struct People {
    pub(super) catalog: Arc<Catalog>,
    pub(super) index: Option<Arc<Index>>,
    /// Where the key stands among the fields.
    key: usize,
    /// Rows that differ from the index's, and those of customers that it doesn't know.
    rows: FxHashMap<u32, Box<[Value]>>,
    /// Related rows that were replaced, by customer and table.
    related: FxHashMap<(u32, usize), Vec<Vec<Value>>>,
    /// The events that came, by stream.
    pub(super) logs: Vec<Log>,
    /// The numbers of those that came.
    whole: FxHashMap<i64, u32>,
    texts: FxHashMap<Box<str>, u32>,
    there: Vec<bool>,
    /// Whether anything differs from the index.
    touched: Vec<bool>,
    /// Until when there are events of a customer that are still to come; those of nobody else are.
    ahead: FxHashMap<u32, i64>,
    /// Numbers of customers that came and are gone.
    free: Vec<u32>,
    /// The same, while something may still speak of them.
    leaving: Vec<u32>,
}

impl People {
    pub(super) fn new(catalog: Arc<Catalog>, index: Option<Arc<Index>>) -> Self {
        let customers = index.as_ref().map_or(0, |index| index.len());
        let key = catalog.customers.fields.iter().position(|field| field.name == catalog.customers.key);
        Self {
            key: key.unwrap_or(0),
            rows: FxHashMap::default(),
            related: FxHashMap::default(),
            logs: catalog.events.iter().map(|stream| Log::new(stream.fields.len())).collect(),
            whole: FxHashMap::default(),
            texts: FxHashMap::default(),
            there: vec![true; customers],
            touched: vec![false; customers],
            ahead: FxHashMap::default(),
            free: Vec::new(),
            leaving: Vec::new(),
            catalog,
            index,
        }
    }

    /// How many numbers were given.
    pub(super) fn len(&self) -> usize {
        self.there.len()
    }

    /// The numbers of the customers who are there.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.there).filter(|(_, there)| **there).map(|(number, _)| number)
    }

    pub(super) fn is_there(&self, customer: u32) -> bool {
        self.there.get(customer as usize).is_some_and(|there| *there)
    }

    pub(super) fn is_touched(&self, customer: u32) -> bool {
        self.touched.get(customer as usize).is_none_or(|touched| *touched)
    }

    #[inline]
    pub(super) fn find(&self, key: &Value) -> Option<u32> {
        let known = self.index.as_ref().and_then(|index| index.row_of(key));
        known.filter(|customer| self.is_there(*customer)).or_else(|| self.came(key))
    }

    /// Each of many keys.
    pub(super) fn find_all<'k>(&self, keys: impl Iterator<Item = &'k Value>) -> Vec<Option<u32>> {
        let known = self.index.as_ref().and_then(|index| index.by_key());
        let row_of = |key: &Value| match key {
            Value::Int(key) => known?.whole(*key),
            Value::Str(key) => known?.text(key),
            _ => None,
        };
        keys.map(|key| row_of(key).filter(|row| self.is_there(*row)).or_else(|| self.came(key))).collect()
    }

    /// A customer who came since.
    fn came(&self, key: &Value) -> Option<u32> {
        match key {
            Value::Int(key) => self.whole.get(key).copied(),
            Value::Str(key) => self.texts.get(key.as_str()).copied(),
            _ => None,
        }
    }

    /// The key of a customer who is there: one of the index has the key that stands there.
    pub(super) fn key(&self, customer: u32) -> Value {
        let known = self.index.as_ref().filter(|index| (customer as usize) < index.len());
        match known {
            Some(index) => index.key().map_or(Value::Missing, |column| column.value(customer as usize)),
            None => self.rows.get(&customer).and_then(|row| row.get(self.key)).cloned().unwrap_or_default(),
        }
    }

    /// A customer with a key that nobody has; `None` where all numbers are taken.
    pub(super) fn add(&mut self, key: &Value) -> Option<u32> {
        let customer = match self.free.pop() {
            Some(free) => free,
            None => {
                let number = u32::try_from(self.there.len()).ok().filter(|number| *number < u32::MAX)?;
                self.there.push(false);
                self.touched.push(false);
                number
            }
        };
        let mut row = vec![Value::Missing; self.catalog.customers.fields.len()];
        if let Some(cell) = row.get_mut(self.key) {
            *cell = key.clone();
        }
        match key {
            Value::Int(key) => drop(self.whole.insert(*key, customer)),
            Value::Str(key) => drop(self.texts.insert(key.as_str().into(), customer)),
            _ => {}
        }
        self.rows.insert(customer, row.into());
        self.mark(customer, true);
        Some(customer)
    }

    /// Fetches what taking in events will look at, all at once: one after the other each would be waited for.
    pub(super) fn fetch(&self, events: impl Iterator<Item = (u32, usize)>) {
        let seen = events.map(|(customer, stream)| {
            let touched = self.touched.get(customer as usize).is_some_and(|touched| *touched);
            self.logs.get(stream).map_or(0, |log| log.head(customer)) ^ u32::from(touched)
        });
        std::hint::black_box(seen.fold(0, |all, one| all ^ one));
    }

    fn mark(&mut self, customer: u32, there: bool) {
        for (list, value) in [(&mut self.there, there), (&mut self.touched, true)] {
            if let Some(place) = list.get_mut(customer as usize) {
                *place = value;
            }
        }
    }

    /// Sets a field.
    pub(super) fn set(&mut self, customer: u32, field: usize, value: Value) {
        self.mark(customer, true);
        let index = self.index.as_ref();
        let row = self.rows.entry(customer).or_insert_with(|| {
            index.map(|index| index.customers.row(customer as usize)).unwrap_or_default().into_boxed_slice()
        });
        if let Some(cell) = row.get_mut(field) {
            *cell = value;
        }
    }

    pub(super) fn add_event(&mut self, customer: u32, stream: usize, time: i64, values: impl Iterator<Item = Value>) {
        self.mark(customer, true);
        if let Some(log) = self.logs.get_mut(stream) {
            log.push(customer, time, values);
        }
    }

    /// Remembers that an event is still to come.
    pub(super) fn see_ahead(&mut self, customer: u32, stream: usize, time: i64, now: i64) {
        let days = self.catalog.events.get(stream).is_some_and(|stream| stream.time_type == FieldType::Date);
        // A day is over everywhere two days after its beginning in UTC.
        let until = if days { time.saturating_add(2).saturating_mul(DAY) } else { time };
        if until > now {
            let known = self.ahead.entry(customer).or_insert(until);
            *known = until.max(*known);
        }
    }

    /// Those of whom events are still to come, and maybe others.
    pub(super) fn ahead(&self) -> impl Iterator<Item = u32> {
        self.ahead.keys().copied()
    }

    pub(super) fn is_ahead(&self, customer: u32) -> bool {
        !self.ahead.is_empty() && self.ahead.contains_key(&customer)
    }

    /// Forgets those of whom no event is still to come.
    pub(super) fn forget_ahead(&mut self, now: i64) {
        self.ahead.retain(|_, until| *until > now);
    }

    /// Looks for events of the index that are still to come.
    pub(super) fn find_ahead(&mut self, now: i64) {
        let Some(index) = self.index.clone() else { return };
        for (stream, rows) in index.events.iter().enumerate() {
            let Some((rows, times)) = rows.as_ref().and_then(|rows| Some((rows, rows.times.as_ref()?))) else {
                continue;
            };
            for (customer, at) in (0..).zip(0..index.len()) {
                let (from, to) = rows.of(at);
                for time in (from..to).map(|row| times.value(row)) {
                    match time {
                        Value::Date(day) => self.see_ahead(customer, stream, day.days().into(), now),
                        Value::Timestamp(at) => self.see_ahead(customer, stream, at.micros(), now),
                        _ => {}
                    }
                }
            }
        }
    }

    /// The properties of the event that came last.
    pub(super) fn last_event(&self, stream: usize) -> &[Value] {
        self.logs.get(stream).map(Log::last).unwrap_or_default()
    }

    pub(super) fn replace(&mut self, customer: u32, table: usize, rows: Vec<Vec<Value>>) {
        self.mark(customer, true);
        self.related.insert((customer, table), rows);
    }

    /// Takes a customer and everything of the customer out.
    pub(super) fn erase(&mut self, customer: u32) {
        match self.key(customer) {
            Value::Int(key) => drop(self.whole.remove(&key)),
            Value::Str(key) => drop(self.texts.remove(key.as_str())),
            _ => {}
        }
        self.rows.remove(&customer);
        self.ahead.remove(&customer);
        for table in 0..self.catalog.related.len() {
            self.related.remove(&(customer, table));
        }
        self.logs.iter_mut().for_each(|log| log.erase(customer));
        self.mark(customer, false);
        // A row of the index stays there, so that its number is never given to somebody else.
        if self.index.as_ref().is_none_or(|index| customer as usize >= index.len()) {
            self.leaving.push(customer);
        }
    }

    /// Nothing speaks of those who are gone any more: their numbers are free.
    pub(super) fn release(&mut self) {
        self.free.append(&mut self.leaving);
    }

    /// The row as it is now, where it differs from the index's.
    pub(super) fn own_row(&self, customer: u32) -> Option<&[Value]> {
        self.rows.get(&customer).map(|row| &**row)
    }

    pub(super) fn own_related(&self, customer: u32, table: usize) -> Option<&Vec<Vec<Value>>> {
        self.related.get(&(customer, table))
    }

    /// Whether the rows of a source can be asked for.
    pub(super) fn has(&self, source: RowSource) -> bool {
        self.index.as_ref().is_none_or(|index| index.has(source))
    }

    pub(super) fn bytes(&self) -> usize {
        let cells = self.catalog.customers.fields.len() * size_of::<Value>();
        let related: usize = self.related.values().flatten().map(|row| row.len() * size_of::<Value>() + 24).sum();
        self.rows.len() * (cells + 24)
            + related
            + self.logs.iter().map(Log::bytes).sum::<usize>()
            + self.whole.capacity() * 17
            + self.texts.capacity() * 25
            + self.texts.keys().map(|key| key.len()).sum::<usize>()
            + self.there.capacity() * 2
    }
}
