//! Making an index.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, Scalar, StringArray};
use arrow::compute::kernels::cmp::eq;
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field, FieldType};
use rustc_hash::FxHashMap;

use crate::cache::Cache;
use crate::index::Index;
use crate::keys::Keys;
use crate::read;
use crate::stream::{Stream, Unsorted};
use crate::table::Table;

/// Takes tables as Arrow batches and makes an [`Index`] of them.
#[derive(Debug)]
pub struct IndexBuilder {
    catalog: Arc<Catalog>,
    tables: FxHashMap<String, Vec<RecordBatch>>,
    answers: usize,
    memory: usize,
    threads: usize,
}

/// The bytes for kept answers where nothing else is said.
pub(crate) const ANSWERS: usize = 1 << 30;

impl IndexBuilder {
    /// A builder for the tables of a catalog.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { catalog, tables: FxHashMap::default(), answers: ANSWERS, memory: usize::MAX, threads }
    }

    /// The rows of a table, by its name in the catalog: the customers', that of events, a related one. Columns are found
    /// by name; more than are asked for do no harm.
    #[must_use]
    pub fn table(mut self, name: &str, batches: Vec<RecordBatch>) -> Self {
        self.tables.insert(name.to_owned(), batches);
        self
    }

    /// How many bytes kept answers may take: a billion if not said otherwise.
    #[must_use]
    pub fn answer_budget(mut self, bytes: usize) -> Self {
        self.answers = bytes;
        self
    }

    /// How many bytes the index may take, kept answers included: without end if not said otherwise. More is refused.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{Int64Array, RecordBatch};
    /// # use cvm_core::{Catalog, Code};
    /// # use cvm_index::IndexBuilder;
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}]}}"#)?;
    /// # let ids = Arc::new(Int64Array::from_iter_values(0..1_000)) as _;
    /// let customers = RecordBatch::try_from_iter([("id", ids)])?;
    /// let builder = IndexBuilder::new(Arc::new(catalog)).table("c", vec![customers]);
    /// let refused = builder.memory_budget(1_000).build().expect_err("ids alone take more");
    /// assert_eq!(refused.0[0].code, Code::MemoryBudget);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn memory_budget(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// How many threads work on a question: one for each processor if not said otherwise.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// The index. Events of nobody who is among the customers are left out, as are those without a time.
    ///
    /// # Errors
    /// A catalog with findings; a table of customers that was not given; columns that are not there or of another type.
    pub fn build(self) -> Result<Index, Diagnostics> {
        let catalog = Arc::clone(&self.catalog);
        let Some(batches) = self.tables.get(&catalog.customers.table) else {
            let message = format!("the table `{}` of the customers was not given", catalog.customers.table);
            return Err(Diagnostic::error(Code::NothingLoaded, "", message).into());
        };
        let customers = table(batches, &catalog.customers.fields)?;
        let mut left = Left { budget: self.memory, taken: 0 };
        left.take(customers.bytes())?;
        let fields = &catalog.customers.fields;
        let key = fields.iter().position(|field| field.name == catalog.customers.key);
        let Some((key_field, key_column)) = key.and_then(|key| Some((fields.get(key)?, customers.columns.get(key)?)))
        else {
            let message = format!("the key `{}` is no field", catalog.customers.key);
            return Err(Diagnostic::error(Code::CatalogKey, "/customers/key", message).into());
        };
        let keys = Keys::new(key_column);
        left.take(keys.bytes())?;
        let mut events = Vec::new();
        for stream in &catalog.events {
            let Some(batches) = self.tables.get(&stream.table) else {
                events.push(None);
                continue;
            };
            let of_kind: Vec<RecordBatch>;
            let batches = match &stream.name_column {
                Some(column) => {
                    of_kind = chosen(batches, column, &stream.name)?;
                    &of_kind
                }
                None => batches,
            };
            let rows = Unsorted {
                keys: keys_of(batches, &stream.customer, key_field)?,
                times: Some((named(batches, &stream.time)?, &stream.time_type)),
                columns: columns(batches, &stream.fields)?,
            };
            let rows = Stream::new(rows, &keys, customers.len)?;
            left.take(rows.bytes())?;
            events.push(Some(rows));
        }
        let mut related = Vec::new();
        for table in &catalog.related {
            let Some(batches) = self.tables.get(&table.table) else {
                related.push(None);
                continue;
            };
            let rows = Unsorted {
                keys: keys_of(batches, &table.customer, key_field)?,
                times: None,
                columns: columns(batches, &table.fields)?,
            };
            let rows = Stream::new(rows, &keys, customers.len)?;
            left.take(rows.bytes())?;
            related.push(Some(rows));
        }
        let cache = Arc::new(Cache::new(self.answers.min(left.budget - left.taken)));
        Ok(Index { catalog, customers, keys: Arc::new(keys.into()), events, related, cache, threads: self.threads })
    }
}

/// What is left of the memory that an index may take.
struct Left {
    budget: usize,
    taken: usize,
}

impl Left {
    fn take(&mut self, bytes: usize) -> Result<(), Diagnostics> {
        self.taken += bytes;
        if self.taken <= self.budget {
            return Ok(());
        }
        let message = format!("the index needs more than the {} bytes of memory that it may take", self.budget);
        Err(Diagnostic::error(Code::MemoryBudget, "", message)
            .help("allow more, leave out fields that no filter asks, or answer from the tables without an index")
            .into())
    }
}

fn table(batches: &[RecordBatch], fields: &[Field]) -> Result<Table, Diagnostics> {
    let columns = columns(batches, fields)?;
    let columns = columns.iter().map(|(name, arrays, ty)| read::column(name, arrays, ty)).collect::<Result<_, _>>()?;
    Ok(Table { columns, len: batches.iter().map(RecordBatch::num_rows).sum() })
}

type Named<'f> = (&'f str, Vec<ArrayRef>, &'f FieldType);

fn columns<'f>(batches: &[RecordBatch], fields: &'f [Field]) -> Result<Vec<Named<'f>>, Diagnostics> {
    fields.iter().map(|field| Ok((field.name.as_str(), named(batches, &field.name)?, &field.ty))).collect()
}

/// A column of all batches.
fn named(batches: &[RecordBatch], name: &str) -> Result<Vec<ArrayRef>, Diagnostics> {
    let found = batches.iter().map(|batch| {
        batch.column_by_name(name).cloned().ok_or_else(|| {
            let message = format!("there is no column `{name}` in the batches of this table");
            let schema = batch.schema();
            let names = schema.fields().iter().map(|field| field.name().as_str());
            Diagnostics::from(Diagnostic::error(Code::SourceNotFound, "", message).suggest_from(name, names))
        })
    });
    found.collect()
}

/// The customers' keys in rows, of the key's type.
fn keys_of(batches: &[RecordBatch], name: &str, key: &Field) -> Result<Vec<ArrayRef>, Diagnostics> {
    let wanted = if key.ty == FieldType::Int { DataType::Int64 } else { DataType::Utf8 };
    let arrays = named(batches, name)?;
    let cast_key = |array: &ArrayRef| {
        cast(array, &wanted).map_err(|error| {
            let message = format!("the column `{name}` does not hold keys of customers: {error}");
            Diagnostics::from(Diagnostic::error(Code::TypeMismatch, "", message))
        })
    };
    arrays.iter().map(cast_key).collect()
}

/// The rows of a kind of event.
fn chosen(batches: &[RecordBatch], column: &str, kind: &str) -> Result<Vec<RecordBatch>, Diagnostics> {
    let failed = |error: ArrowError| {
        let message = format!("the column `{column}` does not hold kinds of events: {error}");
        Diagnostics::from(Diagnostic::error(Code::TypeMismatch, "", message))
    };
    let rows = batches.iter().zip(named(batches, column)?).map(|(batch, kinds)| {
        let value_type = match kinds.data_type() {
            DataType::Dictionary(_, value) => value.as_ref(),
            other => other,
        };
        let wanted = Scalar::new(cast(&StringArray::from(vec![kind]), value_type).map_err(failed)?);
        // A kind that is missing is none.
        filter_record_batch(batch, &eq(&kinds, &wanted).map_err(failed)?).map_err(failed)
    });
    rows.collect()
}
