//! Results as Arrow.

use std::fmt;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::ipc::writer::StreamWriter;
use arrow::util::pretty::pretty_format_batches_with_schema;
use cvm_core::{Code, Diagnostic, FieldType, Value};
use cvm_sql::exec::{row_of, value_at};

use crate::Error;

/// A table of results: Arrow batches of one schema.
#[derive(Debug, Clone)]
pub struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Rows {
    /// The table of these batches.
    #[must_use]
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// Names and types of the columns.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The batches.
    #[must_use]
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a row and column, both from 0; `None` beyond the last.
    #[must_use]
    pub fn value(&self, row: usize, column: usize) -> Option<Value> {
        let mut row = row;
        for batch in &self.batches {
            if row < batch.num_rows() {
                return batch.columns().get(column).map(|array| value_at(array, row, &FieldType::String));
            }
            row -= batch.num_rows();
        }
        None
    }

    /// The first rows, as many as there are up to `most`; nothing is copied.
    #[must_use]
    pub fn head(&self, most: usize) -> Self {
        let mut left = most;
        let mut batches = Vec::new();
        for batch in &self.batches {
            let taken = batch.num_rows().min(left);
            if taken > 0 {
                batches.push(batch.slice(0, taken));
            }
            left -= taken;
        }
        Self { schema: self.schema.clone(), batches }
    }

    /// The values of each row, in the order of the columns; JSON documents are their text.
    pub fn values(&self) -> impl Iterator<Item = Vec<Value>> + '_ {
        let types = vec![FieldType::String; self.schema.fields().len()];
        self.batches
            .iter()
            .flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)))
            .map(move |(batch, row)| row_of(batch, row, &types))
    }

    /// The bytes of an Arrow IPC stream.
    ///
    /// # Errors
    /// What Arrow says.
    pub fn to_ipc(&self) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        let mut write = || -> Result<(), arrow::error::ArrowError> {
            let mut writer = StreamWriter::try_new(&mut out, &self.schema)?;
            for batch in &self.batches {
                writer.write(batch)?;
            }
            writer.finish()
        };
        write().map_err(|error| Diagnostic::error(Code::Execution, "", error.to_string()))?;
        Ok(out)
    }
}

impl fmt::Display for Rows {
    /// A table for terminals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = pretty_format_batches_with_schema(self.schema.clone(), &self.batches).map_err(|_| fmt::Error)?;
        write!(f, "{table}")
    }
}
