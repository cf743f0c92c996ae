//! A CSV file, loaded.

use std::path::Path;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use cvm_core::catalog::infer::CsvFormat;
use cvm_core::{Diagnostics, Field};

use super::options::{CsvOptions, CsvProgress};
use super::source::Source;
use super::{profile, read, schema};

/// A CSV file as typed Arrow batches.
#[derive(Debug, Clone)]
pub struct CsvTable {
    /// The columns as fields of a catalog.
    pub fields: Vec<Field>,
    /// The rows, in batches of 65,536 at most.
    pub batches: Vec<RecordBatch>,
    /// The schema of the batches.
    pub schema: SchemaRef,
    /// How many rows there are in the batches.
    pub rows: u64,
    /// How the file is written.
    pub format: CsvFormat,
    /// Warnings: columns that stayed text, bad rows that were dropped.
    pub findings: Diagnostics,
}

/// Loads a CSV file.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("customers.csv");
/// std::fs::write(&path, "id;spent\n1;2,50\n2;\n")?;
/// let table = cvm_sql::exec::csv::read_csv(&path, &Default::default(), &mut |_| {})?;
/// assert_eq!(table.rows, 2);
/// assert_eq!(table.fields[1].ty.to_string(), "decimal(18,2)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file is not there, is no CSV, has rows of different length or broken characters, or has bad rows and the
/// options don't say what becomes of them. Each finding names the lines.
pub fn read_csv(
    path: &Path,
    options: &CsvOptions,
    progress: &mut dyn FnMut(CsvProgress),
) -> Result<CsvTable, Diagnostics> {
    let source = Source::open(path, &options.hints())?;
    let profiled = profile::profile(&source, options, progress).map_err(|findings| source.named(findings))?;
    let fields: Vec<Field> = profiled.columns.iter().map(|column| column.field.clone()).collect();
    let schema = schema::schema(&fields);
    let batches = read::read(&source, &profiled.columns, &schema, options.on_bad_rows, progress)
        .map_err(|findings| source.named(findings))?;
    let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
    Ok(CsvTable { fields, batches, schema, rows, format: source.format, findings: source.named(profiled.findings) })
}
