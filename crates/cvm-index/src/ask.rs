//! One filter: how many, who.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use cvm_core::predicate::RowSource;
use cvm_core::{Code, Diagnostic, Diagnostics, Filter, Predicate, Timestamp, Value, bind};
use roaring::RoaringBitmap;

use crate::bitmap::Bitmap;
use crate::column::{Column, Values};
use crate::evaluate::Scope;
use crate::index::Index;

impl Index {
    /// How many customers the filter selects at an instant.
    ///
    /// # Errors
    /// Findings of the filter; rows that were not given ([`Code::NothingLoaded`]).
    pub fn count(&self, filter: &Filter, as_of: Timestamp) -> Result<u64, Diagnostics> {
        let program = Scope::customers(self).program(&bind(filter, &self.catalog, as_of)?)?;
        Ok(program.counts(self.threads, || false).into_iter().sum())
    }

    /// The rows of the customers whom the filter selects: numbers from 0 in the order in which customers were given.
    ///
    /// # Errors
    /// As [`Index::count`]; more than 2^32 customers.
    pub fn rows(&self, filter: &Filter, as_of: Timestamp) -> Result<RoaringBitmap, Diagnostics> {
        let rows = self.bits(filter, as_of)?;
        roaring(&rows)
    }

    /// The same as bits: those of 64 customers in a word, that of the first one lowest.
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn words(&self, filter: &Filter, as_of: Timestamp) -> Result<Vec<u64>, Diagnostics> {
        Ok(self.bits(filter, as_of)?.words().to_vec())
    }

    /// The keys of the customers whom the filter selects, in the order in which customers were given.
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn members(&self, filter: &Filter, as_of: Timestamp) -> Result<Vec<Value>, Diagnostics> {
        let rows = self.bits(filter, as_of)?;
        Ok(self.key().map(|column| rows.rows().map(|row| column.value(row)).collect()).unwrap_or_default())
    }

    /// As [`Index::members`], as an Arrow array: `Int64` or `Utf8`, as the key is.
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn keys(&self, filter: &Filter, as_of: Timestamp) -> Result<ArrayRef, Diagnostics> {
        let rows = self.bits(filter, as_of)?;
        Ok(self.keys_at(rows.rows()))
    }

    /// The keys of customers, by their rows.
    pub(crate) fn keys_at(&self, rows: impl Iterator<Item = usize>) -> ArrayRef {
        match self.key() {
            Some(Column { values: Values::Ints(ints), .. }) => {
                Arc::new(Int64Array::from_iter_values(rows.filter_map(|row| i64::try_from(ints.get(row)).ok())))
            }
            Some(Column { values: Values::Texts(texts), .. }) => {
                Arc::new(StringArray::from_iter_values(rows.map(|row| texts.get(row))))
            }
            Some(column) => Arc::new(StringArray::from_iter_values(rows.map(|row| column.value(row).to_string()))),
            None => Arc::new(Int64Array::from_iter_values([])),
        }
    }

    /// How many customers each condition of an outermost `and` takes, alone and together with all before it; any other
    /// filter is one condition.
    ///
    /// # Errors
    /// As [`Index::count`].
    pub fn funnel(&self, filter: &Filter, as_of: Timestamp) -> Result<Vec<(u64, u64)>, Diagnostics> {
        let conditions = match (filter, bind(filter, &self.catalog, as_of)?) {
            (Filter::And { children }, Predicate::All(conditions)) if children.len() == conditions.len() => conditions,
            (_, whole) => vec![whole],
        };
        let scope = Scope::customers(self);
        let mut compiler = scope.compiler();
        for (i, condition) in conditions.iter().enumerate() {
            compiler.add(condition)?;
            compiler.add(&Predicate::All(conditions.iter().take(i + 1).cloned().collect()))?;
        }
        let counts = compiler.program.counts(self.threads, || false);
        let (pairs, _) = counts.as_chunks::<2>();
        Ok(pairs.iter().map(|[alone, so_far]| (*alone, *so_far)).collect())
    }

    pub(crate) fn bits(&self, filter: &Filter, as_of: Timestamp) -> Result<Arc<Bitmap>, Diagnostics> {
        Scope::customers(self).rows(&bind(filter, &self.catalog, as_of)?)
    }

    /// The column of the customers' key.
    pub(crate) fn key(&self) -> Option<&Column> {
        let fields = &self.catalog.customers.fields;
        let key = fields.iter().position(|field| field.name == self.catalog.customers.key)?;
        self.customers.columns.get(key)
    }

    /// Whether the rows of a stream or related table are here.
    #[must_use]
    pub fn has(&self, source: RowSource) -> bool {
        self.stream(source).is_ok()
    }
}

/// A set as a compressed bitmap.
fn roaring(rows: &Bitmap) -> Result<RoaringBitmap, Diagnostics> {
    numbered(rows.len())?;
    let bytes: Vec<u8> = rows.words().iter().flat_map(|word| word.to_le_bytes()).collect();
    Ok(RoaringBitmap::from_lsb0_bytes(0, &bytes))
}

/// Whether each of so many customers has a number of 32 bits.
pub(crate) fn numbered(customers: usize) -> Result<(), Diagnostics> {
    if u32::try_from(customers).is_ok() {
        return Ok(());
    }
    let message = format!("{customers} customers are more than rows have numbers for (2^32)");
    Err(Diagnostic::error(Code::NotSupported, "", message).into())
}
