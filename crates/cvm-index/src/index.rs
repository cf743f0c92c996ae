//! The index: who is in, from memory.

use std::sync::{Arc, OnceLock};

use cvm_core::predicate::RowSource;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Timestamp, Value, bind};
use roaring::RoaringBitmap;

use crate::cache::Cache;
use crate::evaluate::Scope;
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
    pub(crate) keys: OnceLock<Keys>,
    /// One for each stream and related table of the catalog; `None` where its rows were not given.
    pub(crate) events: Vec<Option<Stream>>,
    pub(crate) related: Vec<Option<Stream>>,
    pub(crate) cache: Cache,
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

    /// The bytes that the data take, without kept answers.
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

    /// Drops all kept answers: the next questions are answered as the first ones were.
    pub fn forget(&self) {
        self.cache.clear();
    }

    /// How many customers the filter selects at an instant.
    ///
    /// # Errors
    /// Findings of the filter; rows that were not given ([`Code::NothingLoaded`]); rankings ([`Code::NotSupported`]).
    pub fn count(&self, filter: &Filter, as_of: Timestamp) -> Result<u64, Diagnostics> {
        let predicate = bind(filter, &self.catalog, as_of)?;
        Ok(Scope::customers(self).rows(&predicate)?.count())
    }

    /// The rows of the customers whom the filter selects: numbers from 0 in the order in which customers were given.
    ///
    /// # Errors
    /// As [`Index::count`]; more than 2^32 customers.
    pub fn rows(&self, filter: &Filter, as_of: Timestamp) -> Result<RoaringBitmap, Diagnostics> {
        let predicate = bind(filter, &self.catalog, as_of)?;
        let rows = Scope::customers(self).rows(&predicate)?;
        let numbers = rows.rows().map_while(|row| u32::try_from(row).ok());
        RoaringBitmap::from_sorted_iter(numbers)
            .map_err(|error| Diagnostic::error(Code::Execution, "", error.to_string()).into())
    }

    /// The keys of the customers whom the filter selects, in the order in which customers were given.
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn members(&self, filter: &Filter, as_of: Timestamp) -> Result<Vec<Value>, Diagnostics> {
        let predicate = bind(filter, &self.catalog, as_of)?;
        let rows = Scope::customers(self).rows(&predicate)?;
        let fields = &self.catalog.customers.fields;
        let key = fields.iter().position(|field| field.name == self.catalog.customers.key);
        let column = key.and_then(|key| self.customers.columns.get(key));
        Ok(column.map(|column| rows.rows().map(|row| column.value(row)).collect()).unwrap_or_default())
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
