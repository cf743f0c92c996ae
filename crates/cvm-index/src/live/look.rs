//! A customer's data as the matcher takes it.

use cvm_core::predicate::RowSource;
use cvm_core::{Date, FieldType, History, Occurrence, Timestamp, Value};

use super::leaf::Needs;
use super::people::People;

impl People {
    /// What is needed of a customer; the rest is left empty. Events stand in the order of time, those of the same time
    /// as they came.
    pub(super) fn look(&self, customer: u32, needs: &Needs) -> (Vec<Value>, History) {
        let mut history = History {
            events: vec![Vec::new(); self.catalog.events.len()],
            related: vec![Vec::new(); self.catalog.related.len()],
        };
        for source in &needs.sources {
            match source {
                RowSource::Events(stream) => {
                    if let Some(events) = history.events.get_mut(*stream) {
                        self.events(customer, *stream, needs.whole.contains(source), events);
                    }
                }
                RowSource::Related(table) => {
                    if let Some(rows) = history.related.get_mut(*table) {
                        self.related_rows(customer, *table, rows);
                    }
                }
            }
        }
        (self.row(customer, &needs.fields), history)
    }

    /// The customer's row of the index, where the customer has one.
    fn known(&self, customer: u32) -> Option<(&crate::index::Index, usize)> {
        let index = self.index.as_deref()?;
        ((customer as usize) < index.len()).then_some((index, customer as usize))
    }

    /// Each event of a stream of instants: when, and, if they are asked for, its properties.
    pub(super) fn each_event(&self, customer: u32, stream: usize, asks: bool, mut see: impl FnMut(i64, &[Value])) {
        let known = self.known(customer).and_then(|(index, at)| Some((index.events.get(stream)?.as_ref()?, at)));
        if let Some((rows, at)) = known {
            let (from, to) = rows.of(at);
            for row in from..to {
                let time = rows.times.as_ref().map_or(Value::Missing, |times| times.value(row));
                if let Value::Timestamp(time) = time {
                    let properties = if asks { rows.table.row(row) } else { Vec::new() };
                    see(time.micros(), &properties);
                }
            }
        }
        for (time, properties) in self.logs.get(stream).into_iter().flat_map(|log| log.of(customer)) {
            see(time, properties);
        }
    }

    /// Some fields of a customer, at their places.
    fn row(&self, customer: u32, fields: &[usize]) -> Vec<Value> {
        let Some(len) = fields.iter().max().map(|last| last + 1) else { return Vec::new() };
        let mut row = vec![Value::Missing; len];
        let (own, known) = (self.own_row(customer), self.known(customer));
        for field in fields {
            let value = match (own, known) {
                (Some(own), _) => own.get(*field).cloned(),
                (None, Some((index, at))) => index.customers.columns.get(*field).map(|column| column.value(at)),
                (None, None) => None,
            };
            if let (Some(cell), Some(value)) = (row.get_mut(*field), value) {
                *cell = value;
            }
        }
        row
    }

    fn events(&self, customer: u32, stream: usize, whole: bool, out: &mut Vec<Occurrence>) {
        let known = self.known(customer).and_then(|(index, at)| Some((index.events.get(stream)?.as_ref()?, at)));
        if let Some((rows, at)) = known {
            let (from, to) = rows.of(at);
            out.extend((from..to).map(|row| Occurrence {
                time: rows.times.as_ref().map_or(Value::Missing, |times| times.value(row)),
                properties: if whole { rows.table.row(row) } else { Vec::new() },
            }));
        }
        let first = out.len();
        let dates = self.catalog.events.get(stream).is_some_and(|stream| stream.time_type == FieldType::Date);
        out.extend(self.logs.get(stream).into_iter().flat_map(|log| log.of(customer)).map(|(time, properties)| {
            Occurrence { time: if dates { day(time) } else { instant(time) }, properties: properties.to_vec() }
        }));
        let own = out.get_mut(first..).unwrap_or_default();
        own.reverse();
        if !own.is_empty() {
            out.sort_by_key(|event| match event.time {
                Value::Date(day) => i64::from(day.days()),
                Value::Timestamp(at) => at.micros(),
                _ => i64::MIN,
            });
        }
    }

    fn related_rows(&self, customer: u32, table: usize, out: &mut Vec<Vec<Value>>) {
        if let Some(rows) = self.own_related(customer, table) {
            out.extend(rows.iter().cloned());
            return;
        }
        let known = self.known(customer).and_then(|(index, at)| Some((index.related.get(table)?.as_ref()?, at)));
        if let Some((rows, at)) = known {
            let (from, to) = rows.of(at);
            out.extend((from..to).map(|row| rows.table.row(row)));
        }
    }
}

fn day(days: i64) -> Value {
    i32::try_from(days).ok().and_then(Date::from_days).map_or(Value::Missing, Value::Date)
}

fn instant(micros: i64) -> Value {
    Timestamp::from_micros(micros).map_or(Value::Missing, Value::Timestamp)
}
