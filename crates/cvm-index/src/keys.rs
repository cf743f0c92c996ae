//! From the customer's key to the customer's row.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int64Type;
use cvm_core::Value;
use rustc_hash::FxHashMap;

use crate::column::{Column, Values};
use crate::index::Index;

/// The row of each key.
#[derive(Debug)]
pub(crate) enum Keys {
    /// Whole numbers that lie close together: by distance from the least.
    Near { least: i64, rows: Vec<u32> },
    /// Whole numbers.
    Whole(FxHashMap<i64, u32>),
    /// Texts.
    Texts(FxHashMap<Box<str>, u32>),
}

/// No row.
const NONE: u32 = u32::MAX;

impl Keys {
    /// The keys of a column; of two rows with the same key the later one counts.
    pub(crate) fn new(column: &Column) -> Self {
        let there = |at: usize| column.present.as_ref().is_none_or(|present| present.holds(at));
        let rows = (0..).zip(0..column.len).filter(|(_, at)| there(*at));
        if let Values::Ints(ints) = &column.values {
            let numbers = || rows.clone().filter_map(|(row, at)| Some((row, i64::try_from(ints.get(at)).ok()?)));
            let least = numbers().map(|(_, key)| key).min().unwrap_or(0);
            let most = numbers().map(|(_, key)| key).max().unwrap_or(0);
            let span = usize::try_from(most.abs_diff(least)).unwrap_or(usize::MAX);
            if span / 4 <= column.len {
                let mut places = vec![NONE; span + 1];
                for (row, key) in numbers() {
                    if let Some(place) = usize::try_from(key.abs_diff(least)).ok().and_then(|at| places.get_mut(at)) {
                        *place = row;
                    }
                }
                return Self::Near { least, rows: places };
            }
            return Self::Whole(numbers().map(|(row, key)| (key, row)).collect());
        }
        let texts = rows.filter_map(|(row, at)| match column.value(at) {
            Value::Str(text) => Some((text.into_boxed_str(), row)),
            _ => None,
        });
        Self::Texts(texts.collect())
    }

    pub(crate) fn whole(&self, key: i64) -> Option<u32> {
        match self {
            Self::Near { least, rows } => {
                let at = key.checked_sub(*least).and_then(|at| usize::try_from(at).ok())?;
                rows.get(at).copied().filter(|row| *row != NONE)
            }
            Self::Whole(rows) => rows.get(&key).copied(),
            Self::Texts(_) => None,
        }
    }

    pub(crate) fn text(&self, key: &str) -> Option<u32> {
        match self {
            Self::Texts(rows) => rows.get(key).copied(),
            _ => None,
        }
    }

    /// The row of each key of an array of a key's type.
    pub(crate) fn rows_of(&self, array: &ArrayRef) -> Vec<Option<u32>> {
        match array.as_primitive_opt::<Int64Type>() {
            Some(numbers) => numbers.iter().map(|key| self.whole(key?)).collect(),
            None => match array.as_string_opt::<i32>() {
                Some(texts) => texts.iter().map(|key| self.text(key?)).collect(),
                None => vec![None; array.len()],
            },
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Near { rows, .. } => rows.len() * 4,
            // A slot of a hash table and its share of empty ones.
            Self::Whole(rows) => rows.capacity() * 17,
            Self::Texts(rows) => rows.capacity() * 25 + rows.keys().map(|key| key.len()).sum::<usize>(),
        }
    }
}

impl Index {
    /// The row of the customer with this key, as [`Index::rows`] numbers them; `None` where there is none. The first
    /// time that an opened index is asked, it looks at all keys.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{Int64Array, RecordBatch};
    /// # use cvm_core::{Catalog, Value};
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}]}}"#)?;
    /// # let rows = RecordBatch::try_from_iter([("id", Arc::new(Int64Array::from(vec![7, 8, 9])) as _)])?;
    /// # let index = cvm_index::IndexBuilder::new(Arc::new(catalog)).table("c", vec![rows]).build()?;
    /// assert_eq!(index.row_of(&Value::Int(9)), Some(2));
    /// assert_eq!(index.row_of(&Value::Int(10)), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn row_of(&self, key: &Value) -> Option<u32> {
        match key {
            Value::Int(key) => self.by_key()?.whole(*key),
            Value::Str(key) => self.by_key()?.text(key),
            _ => None,
        }
    }

    /// The table of keys.
    pub(crate) fn by_key(&self) -> Option<&Keys> {
        let customers = &self.catalog.customers;
        let at = customers.fields.iter().position(|field| field.name == customers.key)?;
        let column = self.customers.columns.get(at)?;
        Some(self.keys.get_or_init(|| Keys::new(column)))
    }
}
