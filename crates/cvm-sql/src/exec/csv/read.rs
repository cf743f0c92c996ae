//! The second pass: the values, typed.

use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use cvm_core::catalog::infer::{Cell, Column, Misfit, TextReader};
use cvm_core::{Code, Diagnostic, Diagnostics};

use super::builder::ColumnBuilder;
use super::options::{CsvProgress, OnBadRows, Pass};
use super::profile::REPORT_EVERY;
use super::rows::Rows;
use super::source::Source;

/// Rows of a batch.
const BATCH_ROWS: usize = 1 << 16;

/// A batch ends early when one of its columns has so much text.
const BATCH_TEXT: usize = 1 << 28;

/// Reads all rows again, into batches.
///
/// # Errors
/// When the file is no longer what the first pass saw.
pub(super) fn read(
    source: &Source,
    columns: &[Column],
    schema: &SchemaRef,
    on_bad_rows: OnBadRows,
    progress: &mut dyn FnMut(CsvProgress),
) -> Result<Vec<RecordBatch>, Diagnostics> {
    let mut rows = Rows::new(source)?;
    if source.format.header {
        rows.advance()?;
    }
    let mut batch = Batch::new(columns, schema);
    let bad: Vec<(usize, &TextReader)> = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.bad_rows.is_some())
        .map(|(at, column)| (at, &column.reader))
        .collect();
    let mut count = 0;
    while rows.advance()? {
        count += 1;
        if count % REPORT_EVERY == 0 {
            progress(CsvProgress { bytes_done: rows.bytes(), bytes_total: source.size, pass: Pass::Read });
            batch.flush_long_texts().map_err(arrow_failed)?;
        }
        if rows.len() != columns.len() {
            return Err(changed(rows.at(0).line).into());
        }
        if on_bad_rows == OnBadRows::Skip && bad.iter().any(|(at, reader)| reader.cell(rows.text(*at)).is_err()) {
            continue;
        }
        for ((column, builder), text) in columns.iter().zip(&mut batch.builders).zip(rows.texts()) {
            match column.reader.cell(text) {
                Ok(Cell::Missing) if !column.field.nullable => return Err(changed(rows.at(0).line).into()),
                Ok(cell) => builder.push(cell),
                Err(Misfit) if on_bad_rows == OnBadRows::Missing && column.bad_rows.is_some() => builder.push_missing(),
                Err(Misfit) => return Err(changed(rows.at(0).line).into()),
            }
        }
        batch.row().map_err(arrow_failed)?;
    }
    progress(CsvProgress { bytes_done: source.size, bytes_total: source.size, pass: Pass::Read });
    batch.finish().map_err(|error| arrow_failed(error).into())
}

/// The batch in the making, and those that are done.
struct Batch<'a> {
    schema: &'a SchemaRef,
    builders: Vec<ColumnBuilder>,
    rows: usize,
    done: Vec<RecordBatch>,
}

impl<'a> Batch<'a> {
    fn new(columns: &[Column], schema: &'a SchemaRef) -> Self {
        let builders = columns.iter().map(|column| ColumnBuilder::new(&column.field.ty, BATCH_ROWS)).collect();
        Self { schema, builders, rows: 0, done: Vec::new() }
    }

    #[inline]
    fn row(&mut self) -> Result<(), ArrowError> {
        self.rows += 1;
        if self.rows == BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush_long_texts(&mut self) -> Result<(), ArrowError> {
        let long = self.builders.iter().any(|builder| builder.text_bytes() > BATCH_TEXT);
        if long { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ArrowError> {
        if self.rows > 0 {
            let arrays = self.builders.iter_mut().map(ColumnBuilder::finish).collect::<Result<_, _>>()?;
            self.done.push(RecordBatch::try_new(self.schema.clone(), arrays)?);
            self.rows = 0;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<RecordBatch>, ArrowError> {
        self.flush()?;
        Ok(self.done)
    }
}

fn changed(line: u64) -> Diagnostic {
    Diagnostic::error(
        Code::Execution,
        "",
        format!("the file changed while it was read: line {line} is not what it was"),
    )
    .help("load it again when nothing writes to it")
}

fn arrow_failed(error: ArrowError) -> Diagnostic {
    Diagnostic::error(Code::Execution, "", error.to_string())
}
