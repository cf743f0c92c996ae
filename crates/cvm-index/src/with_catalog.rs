//! The same rows under another catalog: saved segments, labels, fewer or other fields.

use std::sync::Arc;

use cvm_core::catalog::{EventStream, RelatedTable};
use cvm_core::{Catalog, Field};

use crate::cache::Cache;
use crate::column::Column;
use crate::index::Index;
use crate::recent::Recent;
use crate::stream::Stream;
use crate::table::Table;

impl Index {
    /// The index of the same rows for another catalog, in no time: columns are shared with this index, and kept answers
    /// too where both catalogs mean the same columns. `None` where the other one speaks of tables or columns that this
    /// index does not hold, or reads them as other types: the index must be made anew then.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{Int64Array, RecordBatch};
    /// # use cvm_core::{Catalog, Filter, Timestamp};
    /// # use cvm_index::IndexBuilder;
    /// # let json = r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]},
    /// #     "segments": [{"name": "adults", "filter":
    /// #         {"type": "condition", "field": "age", "op": "gte", "value": 18}}]}"#;
    /// # let named = Catalog::from_json(json)?;
    /// # let catalog = Catalog { segments: Vec::new(), ..named.clone() };
    /// # let numbers = |numbers: Vec<i64>| Arc::new(Int64Array::from(numbers)) as _;
    /// # let rows = RecordBatch::try_from_iter([("id", numbers(vec![1, 2])), ("age", numbers(vec![17, 40]))])?;
    /// let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![rows]).build()?;
    /// // A segment was named meanwhile.
    /// let index = index.with_catalog(Arc::new(named)).expect("the same columns");
    /// assert_eq!(index.count(&Filter::segment("adults"), Timestamp::from_micros(0).expect("1970"))?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_catalog(&self, catalog: Arc<Catalog>) -> Option<Self> {
        let known = &self.catalog;
        let (old, new) = (&known.customers, &catalog.customers);
        if old.table != new.table || old.key != new.key {
            return None;
        }
        let customers = table(&self.customers, &old.fields, &new.fields)?;
        let mut events = Vec::with_capacity(catalog.events.len());
        for new in &catalog.events {
            let mut held = known.events.iter().zip(&self.events);
            let (old, stream) = held.find_map(|(old, rows)| Some((old, rows.as_ref()?)).filter(|_| same(old, new)))?;
            events.push(Some(Stream {
                table: table(&stream.table, &old.fields, &new.fields)?,
                times: stream.times.clone(),
                starts: stream.starts.clone(),
                recent: recent(stream, &old.fields, &new.fields),
            }));
        }
        let mut related = Vec::with_capacity(catalog.related.len());
        for new in &catalog.related {
            let same = |old: &RelatedTable| old.table == new.table && old.customer == new.customer;
            let mut held = known.related.iter().zip(&self.related);
            let (old, stream) = held.find_map(|(old, rows)| Some((old, rows.as_ref()?)).filter(|_| same(old)))?;
            let table = table(&stream.table, &old.fields, &new.fields)?;
            let recent = recent(stream, &old.fields, &new.fields);
            related.push(Some(Stream { table, times: None, starts: stream.starts.clone(), recent }));
        }
        // Answers are kept by the places of columns.
        let cache = if alike(known, &catalog) {
            Arc::clone(&self.cache)
        } else {
            // What last events took is given back, but for those that go on.
            let taken = |streams: &[Option<Stream>]| {
                streams.iter().flatten().map(|stream| stream.recent.bytes()).sum::<usize>()
            };
            let (before, still) = (taken(&self.events) + taken(&self.related), taken(&events) + taken(&related));
            Arc::new(Cache::new(self.cache.budget() + before.saturating_sub(still)))
        };
        let keys = Arc::clone(&self.keys);
        Some(Self { catalog, customers, keys, events, related, cache, threads: self.threads })
    }
}

/// Whether two streams are the same rows.
fn same(old: &EventStream, new: &EventStream) -> bool {
    // Where a column names the event, the name chooses the rows.
    let named = old.name_column == new.name_column && (new.name_column.is_none() || old.name == new.name);
    named
        && old.table == new.table
        && old.customer == new.customer
        && old.time == new.time
        && old.time_type == new.time_type
}

/// The columns of these fields.
fn table(held: &Table, old: &[Field], new: &[Field]) -> Option<Table> {
    let column = |field: &Field| -> Option<Column> {
        let at = old.iter().position(|known| known.name == field.name && known.ty == field.ty)?;
        held.columns.get(at).cloned()
    };
    Some(Table { columns: new.iter().map(column).collect::<Option<_>>()?, len: held.len })
}

/// What is known of last events, which is kept by the places of columns.
fn recent(stream: &Stream, old: &[Field], new: &[Field]) -> Arc<Recent> {
    let names = |fields: &[Field]| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    if names(old) == names(new) { Arc::clone(&stream.recent) } else { Arc::default() }
}

/// Whether everything stands at the same place, and times mean the same.
fn alike(old: &Catalog, new: &Catalog) -> bool {
    let fields = |old: &[Field], new: &[Field]| {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.name == new.name && old.ty == new.ty)
    };
    old.zone == new.zone
        && fields(&old.customers.fields, &new.customers.fields)
        && old.events.len() == new.events.len()
        && old.events.iter().zip(&new.events).all(|(old, new)| same(old, new) && fields(&old.fields, &new.fields))
        && old.related.len() == new.related.len()
        && old.related.iter().zip(&new.related).all(|(old, new)| {
            old.table == new.table && old.customer == new.customer && fields(&old.fields, &new.fields)
        })
}
