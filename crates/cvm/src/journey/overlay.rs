//! What changed of customers since they were loaded: by journeys, and by what was told.

use std::collections::{BTreeMap, BTreeSet};

use cvm_core::{Catalog, Filter, History, Occurrence, Value};

/// What changed of one customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Changes {
    fields: BTreeMap<usize, Value>,
    lists: BTreeMap<String, bool>,
    /// By the place of the stream: what the customer did since.
    events: BTreeMap<usize, Vec<Occurrence>>,
    /// By the place of the related table: the rows, in place of all that were there.
    related: BTreeMap<usize, Vec<Vec<Value>>>,
}

impl Changes {
    /// The lists that the customer came on or off, and which of it.
    pub(super) fn lists(&self) -> BTreeMap<String, bool> {
        self.lists.clone()
    }

    /// The customer's fields as they are now.
    pub(super) fn put_into(&self, fields: &mut Vec<Value>, many: usize) {
        fields.resize(many, Value::Missing);
        for (field, value) in &self.fields {
            if let Some(place) = fields.get_mut(*field) {
                *place = value.clone();
            }
        }
    }
}

impl Changes {
    /// What the customer did, with what came since.
    pub(super) fn join(&self, mut history: History) -> History {
        for (event, since) in &self.events {
            if history.events.len() <= *event {
                history.events.resize_with(event + 1, Vec::new);
            }
            if let Some(events) = history.events.get_mut(*event) {
                events.extend(since.iter().cloned());
                events.sort_by(|a, b| a.time.compare(&b.time).unwrap_or(std::cmp::Ordering::Equal));
            }
        }
        for (table, rows) in &self.related {
            if history.related.len() <= *table {
                history.related.resize_with(table + 1, Vec::new);
            }
            if let Some(related) = history.related.get_mut(*table) {
                related.clone_from(rows);
            }
        }
        history
    }
}

/// What changed, by the customer's number.
#[derive(Debug, Clone, Default)]
pub(super) struct Overlay {
    changes: BTreeMap<u32, Changes>,
}

impl Overlay {
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(super) fn of(&self, row: u32) -> Option<&Changes> {
        self.changes.get(&row)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = u32> {
        self.changes.keys().copied()
    }

    pub(super) fn value(&self, field: usize, row: u32) -> Option<Value> {
        self.changes.get(&row)?.fields.get(&field).cloned()
    }

    pub(super) fn set(&mut self, row: u32, field: usize, value: Value) {
        self.changes.entry(row).or_default().fields.insert(field, value);
    }

    pub(super) fn event(&mut self, row: u32, event: usize, occurrence: Occurrence) {
        self.changes.entry(row).or_default().events.entry(event).or_default().push(occurrence);
    }

    /// The last event of a customer did not happen.
    pub(super) fn take_back(&mut self, row: u32, event: usize) {
        if let Some(events) = self.changes.get_mut(&row).and_then(|changes| changes.events.get_mut(&event)) {
            events.pop();
        }
    }

    pub(super) fn related(&mut self, row: u32, table: usize, rows: Vec<Vec<Value>>) {
        self.changes.entry(row).or_default().related.insert(table, rows);
    }

    /// A customer who was not there.
    pub(super) fn begin(&mut self, row: u32) {
        self.changes.entry(row).or_default();
    }

    pub(super) fn list(&mut self, row: u32, list: &str, on: bool) {
        self.changes.entry(row).or_default().lists.insert(list.to_owned(), on);
    }

    /// A filter as it stands for a customer who came on and off lists. Named segments are put in place where they are about
    /// such lists.
    pub(super) fn settle(filter: &Filter, lists: &BTreeMap<String, bool>, catalog: &Catalog) -> Filter {
        let mut open = BTreeSet::new();
        settle(filter, lists, catalog, &mut open)
    }
}

fn settle(filter: &Filter, lists: &BTreeMap<String, bool>, catalog: &Catalog, open: &mut BTreeSet<String>) -> Filter {
    if lists.is_empty() {
        return filter.clone();
    }
    let mut each = |children: &[Filter]| children.iter().map(|child| settle(child, lists, catalog, open)).collect();
    match filter {
        Filter::List(list) => match lists.get(&list.list) {
            Some(true) => Filter::Everyone,
            Some(false) => Filter::Nobody,
            None => filter.clone(),
        },
        Filter::And { children } => Filter::And { children: each(children) },
        Filter::Or { children } => Filter::Or { children: each(children) },
        Filter::AtLeast { n, children } => Filter::AtLeast { n: *n, children: each(children) },
        Filter::Not { child } => Filter::Not { child: Box::new(settle(child, lists, catalog, open)) },
        Filter::Segment(segment) => {
            let known = catalog.segments.iter().find(|known| known.name == segment.segment);
            match known.filter(|_| open.insert(segment.segment.clone())) {
                Some(known) => {
                    let settled = settle(&known.filter, lists, catalog, open);
                    open.remove(&segment.segment);
                    settled
                }
                None => filter.clone(),
            }
        }
        _ => filter.clone(),
    }
}
