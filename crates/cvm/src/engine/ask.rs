//! One question: to the index where there is one that can answer, else to the tables.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema};
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Timestamp, Value};
use cvm_index::{Index, Page};
use cvm_sql::exec::Session;
use cvm_sql::{Direction, Preview, Statement};

use super::Engine;
use super::gather::Sample;
use super::resident::is_for_tables;
use crate::{Error, Rows, Step};

/// What questions need, owned, so that they can move to another thread.
pub(super) struct Questions {
    pub(super) session: Session,
    pub(super) catalog: Arc<Catalog>,
    pub(super) as_of: Timestamp,
    pub(super) index: Option<Arc<Index>>,
    /// Some customers, where not all fit the memory for the index.
    pub(super) sample: Option<Arc<Sample>>,
    runtime: tokio::runtime::Handle,
}

impl Engine {
    /// What is needed to ask about the customers who are loaded now, at this instant.
    pub(super) fn questions(&self) -> Result<Questions, Error> {
        let (catalog, runtime) = (self.catalog()?, self.runtime.handle()?);
        let index = self.resident.get(&self.session, &catalog, &runtime);
        let sample = self.resident.sample(&catalog);
        Ok(Questions { session: self.session.clone(), catalog, as_of: self.as_of(), index, sample, runtime })
    }
}

impl Questions {
    /// What the index says; `None` where there is none, or the question is one for the tables.
    pub(super) async fn by_index<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Index, Timestamp) -> Result<T, Diagnostics> + Send + 'static,
    ) -> Result<Option<T>, Diagnostics> {
        let Some(index) = &self.index else { return Ok(None) };
        let (index, as_of) = (Arc::clone(index), self.as_of);
        let answer = self.runtime.spawn_blocking(move || ask(&index, as_of)).await;
        match answer.map_err(|error| Diagnostic::error(Code::Execution, "", format!("the index: {error}")))? {
            Ok(answer) => Ok(Some(answer)),
            Err(findings) if is_for_tables(&findings) => Ok(None),
            Err(findings) => Err(findings),
        }
    }

    pub(super) async fn count(&self, filter: &Filter) -> Result<u64, Diagnostics> {
        let asked = filter.clone();
        if let Some(count) = self.by_index(move |index, as_of| index.count(&asked, as_of)).await? {
            return Ok(count);
        }
        self.session.count(filter, &self.catalog, self.as_of).await
    }

    pub(super) async fn members(&self, filter: &Filter) -> Result<Rows, Diagnostics> {
        let asked = filter.clone();
        let Some(keys) = self.by_index(move |index, as_of| index.keys(&asked, as_of)).await? else {
            return self.rows(filter, &Statement::Members).await;
        };
        self.key_rows(keys)
    }

    /// Keys as a table of one column.
    pub(super) fn key_rows(&self, keys: ArrayRef) -> Result<Rows, Diagnostics> {
        let field = Field::new(self.catalog.customers.key.clone(), keys.data_type().clone(), false);
        let schema = Arc::new(Schema::new(vec![field]));
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![keys])
            .map_err(|error| Diagnostic::error(Code::Execution, "", error.to_string()))?;
        Ok(Rows::new(schema, vec![batch]))
    }

    pub(super) async fn preview(&self, filter: &Filter, preview: Preview) -> Result<Rows, Diagnostics> {
        if let Some(page) = page(&self.catalog, &preview) {
            let asked = filter.clone();
            if let Some(batch) = self.by_index(move |index, as_of| index.preview(&asked, as_of, &page)).await? {
                return Ok(Rows::new(batch.schema(), vec![batch]));
            }
        }
        self.rows(filter, &Statement::Preview(preview)).await
    }

    pub(super) async fn rows(&self, filter: &Filter, statement: &Statement) -> Result<Rows, Diagnostics> {
        let (schema, batches) = self.session.run(filter, &self.catalog, self.as_of, statement).await?;
        Ok(Rows::new(schema, batches))
    }

    pub(super) async fn funnel(&self, filter: &Filter) -> Result<Vec<Step>, Diagnostics> {
        let asked = filter.clone();
        let nodes = filter.nodes();
        let step = |path: String, alone: u64, together: u64| {
            let text = nodes.iter().find(|(at, _)| *at == path).map(|(_, node)| node.to_string()).unwrap_or_default();
            Step { path, text, alone, together }
        };
        if let Some(counts) = self.by_index(move |index, as_of| index.funnel(&asked, as_of)).await? {
            // One step is the filter itself where it is no `and`; an `and` of one child has that child as its step.
            let whole = !matches!(filter, Filter::And { children } if children.len() == counts.len());
            let path = |i: usize| if whole { String::new() } else { format!("/children/{i}") };
            let steps = counts.into_iter().enumerate();
            return Ok(steps.map(|(i, (alone, together))| step(path(i), alone, together)).collect());
        }
        let number = |value: Option<&Value>| match value {
            Some(Value::Int(n)) => u64::try_from(*n).unwrap_or(0),
            _ => 0,
        };
        let rows = self.rows(filter, &Statement::Funnel).await?;
        let mut steps: Vec<(u64, Step)> = rows
            .values()
            .map(|row| {
                let path = row.get(1).map(ToString::to_string).unwrap_or_default();
                (number(row.first()), step(path, number(row.get(2)), number(row.get(3))))
            })
            .collect();
        // A union keeps no order.
        steps.sort_by_key(|(order, _)| *order);
        Ok(steps.into_iter().map(|(_, step)| step).collect())
    }
}

/// A preview by the places of fields; `None` where it names one that is not there, which the tables' way says.
fn page(catalog: &Catalog, preview: &Preview) -> Option<Page> {
    let fields = &catalog.customers.fields;
    let place = |name: &str| fields.iter().position(|field| field.name == name);
    let shown = preview.columns.iter().map(|name| place(name)).collect::<Option<Vec<usize>>>()?;
    let order = preview.order.iter().map(|(name, direction)| Some((place(name)?, *direction == Direction::Descending)));
    Some(Page {
        fields: if preview.columns.is_empty() { (0..fields.len()).collect() } else { shown },
        order: order.collect::<Option<_>>()?,
        limit: usize::try_from(preview.limit).ok()?,
        offset: usize::try_from(preview.offset).ok()?,
    })
}
