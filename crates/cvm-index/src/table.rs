//! Rows with columns: the customers, the events of a stream, the rows of a related table.

use cvm_core::Value;

use crate::column::Column;

/// A table in memory.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// One for each field of the catalog, in its order.
    pub(crate) columns: Vec<Column>,
    pub(crate) len: usize,
}

impl Table {
    /// The values of a row, in the order of the fields.
    pub(crate) fn row(&self, row: usize) -> Vec<Value> {
        self.columns.iter().map(|column| column.value(row)).collect()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.columns.iter().map(Column::bytes).sum()
    }
}
