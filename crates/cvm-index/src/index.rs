//! The index: who is in, from memory.

use std::sync::{Arc, OnceLock};

use cvm_core::predicate::RowSource;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics};

use crate::cache::Cache;
use crate::keys::Keys;
use crate::stream::Stream;
use crate::table::Table;

/// Customers and their events in memory. Made by an [`IndexBuilder`](crate::IndexBuilder), or opened where one was
/// saved ([`Index::open`]); shared freely between threads.
///
/// ```
/// use std::sync::Arc;
/// use arrow::array::{Int64Array, RecordBatch, StringArray};
/// use cvm_core::{Catalog, Timestamp};
/// use cvm_index::IndexBuilder;
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "city", "type": "string"}]}}"#)?;
/// let customers = RecordBatch::try_from_iter([
///     ("id", Arc::new(Int64Array::from(vec![7, 8, 9])) as _),
///     ("city", Arc::new(StringArray::from(vec![Some("Paris"), None, Some("Lyon")])) as _),
/// ])?;
/// let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![customers]).build()?;
/// let as_of = Timestamp::from_micros(0).expect("1970");
/// // Who has no city is not in Paris.
/// assert_eq!(index.count(&"city != 'Paris'".parse()?, as_of)?, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Index {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) customers: Table,
    /// Made when a key is looked up first.
    pub(crate) keys: Arc<OnceLock<Keys>>,
    /// One for each stream and related table of the catalog; `None` where its rows were not given.
    pub(crate) events: Vec<Option<Stream>>,
    pub(crate) related: Vec<Option<Stream>>,
    pub(crate) cache: Arc<Cache>,
    pub(crate) threads: usize,
}

impl Index {
    /// How many customers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.customers.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.customers.len == 0
    }

    /// What the index was made for.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The bytes that the data take, with the last times and values of events that questions made of them, without kept
    /// answers.
    #[must_use]
    pub fn data_bytes(&self) -> usize {
        let streams = self.events.iter().chain(&self.related).flatten();
        self.customers.bytes() + self.keys.get().map_or(0, Keys::bytes) + streams.map(Stream::bytes).sum::<usize>()
    }

    /// The bytes that kept answers take: never more than the budget for them.
    #[must_use]
    pub fn cache_bytes(&self) -> usize {
        self.cache.bytes()
    }

    /// Drops all kept answers: conditions are looked at anew. What was made of the data for them stays: the last times and
    /// values of events.
    pub fn forget(&self) {
        self.cache.clear();
    }

    /// The rows of a stream or related table.
    pub(crate) fn stream(&self, source: RowSource) -> Result<&Stream, Diagnostics> {
        let (found, what, name) = match source {
            RowSource::Events(at) => {
                (self.events.get(at), "event", self.catalog.events.get(at).map(|stream| &stream.name))
            }
            RowSource::Related(at) => {
                (self.related.get(at), "related table", self.catalog.related.get(at).map(|table| &table.name))
            }
        };
        found.and_then(Option::as_ref).ok_or_else(|| {
            let name = name.map(String::as_str).unwrap_or_default();
            let message = format!("the rows of the {what} `{name}` are not in the index");
            Diagnostic::error(Code::NothingLoaded, "", message).help("give its table to the builder").into()
        })
    }
}
