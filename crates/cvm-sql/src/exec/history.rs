//! Events and related rows out of the tables, for the reference evaluator and for explanations.

use std::collections::HashMap;

use cvm_core::predicate::RowSource;
use cvm_core::{Catalog, Diagnostics, Field, FieldType, History, Occurrence, Value};
use datafusion::common::{Column, TableReference};
use datafusion::logical_expr::{Expr, col, lit};
use datafusion::prelude::DataFrame;

use super::{Session, failed, row_of};

/// A key as what tells customers apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Int(i64),
    Text(String),
}

impl Key {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(i) => Some(Self::Int(*i)),
            Value::Str(text) => Some(Self::Text(text.clone())),
            _ => None,
        }
    }

    fn literal(&self) -> Expr {
        match self {
            Self::Int(i) => lit(*i),
            Self::Text(text) => lit(text.clone()),
        }
    }
}

/// What all customers did and have.
#[derive(Debug, Clone, Default)]
pub struct Histories(HashMap<Key, History>);

impl Histories {
    /// What one customer did and has.
    #[must_use]
    pub fn of(&self, key: &Value) -> History {
        Key::of(key).and_then(|key| self.0.get(&key).cloned()).unwrap_or_default()
    }
}

impl Session {
    /// What customers did and have in these streams and tables: all customers, or the one with this key.
    ///
    /// # Errors
    /// What can't be read.
    pub async fn histories(
        &self,
        catalog: &Catalog,
        asked: &[RowSource],
        only: Option<&Value>,
    ) -> Result<Histories, Diagnostics> {
        let only = only.and_then(Key::of);
        let key_type = catalog.customers.key_field().map_or(FieldType::Int, |field| field.ty.clone());
        let mut found = Histories::default();
        for (index, stream) in catalog.events.iter().enumerate() {
            if !asked.contains(&RowSource::Events(index)) {
                continue;
            }
            let mut frame = self.rows_of(&stream.table, &stream.customer, only.as_ref()).await?;
            if let Some(kind) = &stream.name_column {
                frame = frame.filter(column(kind).eq(lit(stream.name.clone()))).map_err(|e| failed(&e))?;
            }
            let head = [(stream.customer.as_str(), &key_type), (stream.time.as_str(), &stream.time_type)];
            for mut values in read(frame, &head, &stream.fields).await? {
                let properties = values.split_off(2.min(values.len()));
                let (time, key) = (values.pop().unwrap_or_default(), values.pop().unwrap_or_default());
                let Some(key) = Key::of(&key) else { continue };
                let history = found.0.entry(key).or_default();
                history.events.resize(catalog.events.len(), Vec::new());
                if let Some(events) = history.events.get_mut(index) {
                    events.push(Occurrence { time, properties });
                }
            }
        }
        for (index, table) in catalog.related.iter().enumerate() {
            if !asked.contains(&RowSource::Related(index)) {
                continue;
            }
            let frame = self.rows_of(&table.table, &table.customer, only.as_ref()).await?;
            for mut values in read(frame, &[(table.customer.as_str(), &key_type)], &table.fields).await? {
                let fields = values.split_off(1.min(values.len()));
                let Some(key) = values.pop().as_ref().and_then(Key::of) else { continue };
                let history = found.0.entry(key).or_default();
                history.related.resize(catalog.related.len(), Vec::new());
                if let Some(rows) = history.related.get_mut(index) {
                    rows.push(fields);
                }
            }
        }
        Ok(found)
    }

    async fn rows_of(&self, table: &str, customer: &str, only: Option<&Key>) -> Result<DataFrame, Diagnostics> {
        let frame = self.context().table(TableReference::bare(table.to_owned())).await.map_err(|e| failed(&e))?;
        match only {
            None => Ok(frame),
            Some(key) => frame.filter(column(customer).eq(key.literal())).map_err(|e| failed(&e)),
        }
    }
}

fn column(name: &str) -> Expr {
    col(Column::from_name(name))
}

/// The values of some columns, and of the fields after them.
async fn read(frame: DataFrame, head: &[(&str, &FieldType)], fields: &[Field]) -> Result<Vec<Vec<Value>>, Diagnostics> {
    let fields = fields.iter().map(|field| (field.name.as_str(), &field.ty));
    let (columns, types): (Vec<Expr>, Vec<FieldType>) = head
        .iter()
        .copied()
        .chain(fields)
        .enumerate()
        // A column may stand twice: as the time and as a property.
        .map(|(i, (name, ty))| (column(name).alias(format!("c{i}")), ty.clone()))
        .unzip();
    let batches = frame.select(columns).map_err(|e| failed(&e))?.collect().await.map_err(|e| failed(&e))?;
    let mut out = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            out.push(row_of(batch, row, &types));
        }
    }
    Ok(out)
}
