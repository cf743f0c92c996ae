//! Where rows come from: files and Arrow batches, loaded as a table with fields.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use cvm_core::{Code, Diagnostic, Diagnostics, Field, FieldType};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::{cast, col};
use datafusion::prelude::ParquetReadOptions;
use futures::StreamExt;

use super::csv::{CsvOptions, OnBadRows, Pass, not_found, read_csv};
use super::normalize::{normal_batch, normal_schema};
use super::profile::TableProfile;
use super::{Session, failed};

/// Where rows come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file: `.csv`, `.tsv`, `.txt` as text; `.parquet`; `.arrow`, `.feather`, `.ipc` as Arrow IPC.
    File(PathBuf),
    /// Arrow batches of one schema.
    Batches(SchemaRef, Vec<RecordBatch>),
}

/// How to read a source.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// Types that the caller declares; others are inferred.
    pub types: Vec<(String, FieldType)>,
    /// The zone of times without an offset; UTC if absent.
    pub zone: Option<jiff::tz::TimeZone>,
    /// What to do with rows of a text file that don't fit.
    pub on_bad_rows: OnBadRows,
    /// Numbers the rows from 1 in an extra first column of this name: a key for files that have none.
    pub row_number: Option<String>,
}

/// A source, loaded.
pub struct Loaded {
    /// What its columns are.
    pub fields: Vec<Field>,
    /// The table.
    pub provider: Arc<dyn TableProvider>,
    /// How many rows it has.
    pub rows: u64,
    /// What is worth a look.
    pub warnings: Diagnostics,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("fields", &self.fields).field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// How far a load is: done and total, in bytes for text files, in rows otherwise.
pub type Progress<'p> = &'p mut (dyn FnMut(u64, u64) + Send);

impl Session {
    /// Reads a source. Text files and Arrow go into memory; Parquet stays where it is and is read as needed.
    ///
    /// # Errors
    /// Files that are not there or can't be read, rows that don't fit.
    pub async fn load(
        &self,
        source: Source,
        options: &LoadOptions,
        progress: Progress<'_>,
    ) -> Result<Loaded, Diagnostics> {
        match source {
            Source::Batches(schema, batches) => from_batches(&schema, &batches, options),
            Source::File(path) => match kind_of(&path)? {
                Kind::Text => from_text(&path, options, progress),
                Kind::Ipc => {
                    let (schema, batches) = read_ipc(&path)?;
                    from_batches(&schema, &batches, options)
                }
                Kind::Parquet => self.parquet(&path, options, progress).await,
            },
        }
    }

    async fn parquet(&self, path: &Path, options: &LoadOptions, progress: Progress<'_>) -> Result<Loaded, Diagnostics> {
        let text = path.to_string_lossy();
        let read = ParquetReadOptions::default();
        let broken = |error: datafusion::error::DataFusionError| {
            let message = format!("`{}` is not a Parquet file: {}", path.display(), error.strip_backtrace());
            Diagnostic::error(Code::SourceKind, "", message).help("export it again, or name it after what it is")
        };
        let frame = self.context().read_parquet(text.as_ref(), read).await.map_err(broken)?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        if let Some(name) = &options.row_number {
            // A row number is a matter of reading in order, once.
            let batches = frame.collect().await.map_err(|e| failed(&e))?;
            let numbered = LoadOptions { row_number: Some(name.clone()), ..options.clone() };
            return from_batches(&schema, &batches, &numbered);
        }
        // Checked before anything is read: a column of a kind that filters can't name stops the load.
        let normal = normal_schema(&schema, &options.types);
        let mut profile = TableProfile::new(&normal)?;
        let total = frame.clone().count().await.map_err(|e| failed(&e))? as u64;
        let columns = schema.fields().iter().zip(normal.fields()).map(|(field, normal)| {
            let column = col(datafusion::common::Column::from_name(field.name()));
            if normal.data_type() == field.data_type() {
                column
            } else {
                cast(column, normal.data_type().clone()).alias(field.name())
            }
        });
        let view = frame.clone().select(columns.collect::<Vec<_>>()).map_err(|e| failed(&e))?;
        // What is looked at is the file itself: a cast in the view would hide what does not fit.
        let mut stream = frame.execute_stream().await.map_err(|e| failed(&e))?;
        let mut rows = 0;
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(|e| failed(&e))?;
            rows += batch.num_rows() as u64;
            profile.observe(&normal_batch(&batch, &normal)?);
            progress(rows, total);
        }
        let fields = declared(profile.finish(), &options.types)?;
        Ok(Loaded { fields, provider: view.into_view(), rows, warnings: Diagnostics::default() })
    }
}

enum Kind {
    Text,
    Parquet,
    Ipc,
}

fn kind_of(path: &Path) -> Result<Kind, Diagnostics> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "csv" | "tsv" | "txt" => return Ok(Kind::Text),
        _ if !path.exists() => return Err(not_found(path).into()),
        "parquet" | "pq" => return Ok(Kind::Parquet),
        "arrow" | "feather" | "ipc" => return Ok(Kind::Ipc),
        _ => {}
    }
    Err(Diagnostic::error(Code::SourceKind, "", format!("`{}` is of no kind that can be loaded", path.display()))
        .help("known endings: .csv, .tsv, .txt, .parquet, .arrow, .feather, .ipc")
        .into())
}

fn from_text(path: &Path, options: &LoadOptions, progress: Progress<'_>) -> Result<Loaded, Diagnostics> {
    let csv = CsvOptions {
        types: options.types.clone(),
        zone: options.zone.clone().unwrap_or(jiff::tz::TimeZone::UTC),
        on_bad_rows: options.on_bad_rows,
        ..CsvOptions::default()
    };
    // Two passes of the same length.
    let table = read_csv(path, &csv, &mut |at| {
        let before = if at.pass == Pass::Read { at.bytes_total } else { 0 };
        progress(before + at.bytes_done, at.bytes_total * 2);
    })?;
    let (mut fields, mut schema, mut batches) = (table.fields, table.schema, table.batches);
    if let Some(name) = &options.row_number {
        (schema, batches) = numbered(&schema, &batches, name)?;
        fields.insert(0, Field::new(name.clone(), FieldType::Int).required());
    }
    Ok(Loaded { provider: in_memory(schema, batches)?, fields, rows: table.rows, warnings: table.findings })
}

fn from_batches(schema: &SchemaRef, batches: &[RecordBatch], options: &LoadOptions) -> Result<Loaded, Diagnostics> {
    let normal = normal_schema(schema, &options.types);
    let mut profile = TableProfile::new(&normal)?;
    let mut converted = Vec::with_capacity(batches.len());
    let mut rows = 0;
    for batch in batches {
        let batch = normal_batch(batch, &normal)?;
        rows += batch.num_rows() as u64;
        profile.observe(&batch);
        converted.push(batch);
    }
    let mut fields = declared(profile.finish(), &options.types)?;
    let mut normal = normal;
    if let Some(name) = &options.row_number {
        (normal, converted) = numbered(&normal, &converted, name)?;
        fields.insert(0, Field::new(name.clone(), FieldType::Int).required());
    }
    Ok(Loaded { provider: in_memory(normal, converted)?, fields, rows, warnings: Diagnostics::default() })
}

/// Typed data have their types; a declaration can only tell JSON from text, and whole numbers from floats (which the
/// schema has settled by now).
fn declared(mut fields: Vec<Field>, types: &[(String, FieldType)]) -> Result<Vec<Field>, Diagnostics> {
    let mut out = Diagnostics::default();
    for (name, ty) in types {
        let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
        match fields.iter_mut().find(|field| field.name == *name) {
            None => out.push(
                Diagnostic::error(Code::SourceNotFound, "", format!("there is no column `{name}`"))
                    .suggest_from(name, names.iter().map(String::as_str)),
            ),
            Some(field) if field.ty == *ty => {}
            Some(field) if field.ty == FieldType::String && *ty == FieldType::Json => {
                field.ty = FieldType::Json;
                field.values = None;
            }
            Some(field) => out.push(Diagnostic::error(
                Code::TypeMismatch,
                "",
                format!("the column `{name}` is of type {}, and can't be declared {ty}", field.ty),
            )),
        }
    }
    out.or(fields)
}

fn in_memory(schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<Arc<dyn TableProvider>, Diagnostics> {
    // One partition a core lets DataFusion work in parallel.
    let parts = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut partitions: Vec<Vec<RecordBatch>> = vec![Vec::new(); parts];
    for (i, batch) in batches.into_iter().enumerate() {
        if let Some(partition) = partitions.get_mut(i % parts) {
            partition.push(batch);
        }
    }
    let table = MemTable::try_new(schema, partitions).map_err(|e| failed(&e))?;
    Ok(Arc::new(table))
}

/// The batches with the numbers of their rows in front.
fn numbered(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    name: &str,
) -> Result<(SchemaRef, Vec<RecordBatch>), Diagnostics> {
    use arrow::array::{ArrayRef, Int64Array};
    use arrow::datatypes::{DataType, Field as Column, Schema};
    if schema.column_with_name(name).is_some() {
        let message = format!("there is a column `{name}` already, so the numbers of rows can't have that name");
        return Err(Diagnostic::error(Code::CatalogName, "", message).help("give them another name").into());
    }
    let mut columns = vec![Arc::new(Column::new(name, DataType::Int64, false))];
    columns.extend(schema.fields().iter().cloned());
    let schema: SchemaRef = Arc::new(Schema::new(columns));
    let mut next = 1_i64;
    let mut out = Vec::with_capacity(batches.len());
    for batch in batches {
        let end = next + i64::try_from(batch.num_rows()).unwrap_or(0);
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(next..end));
        next = end;
        let mut arrays = vec![numbers];
        arrays.extend(batch.columns().iter().cloned());
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays);
        out.push(batch.map_err(|e| Diagnostic::error(Code::SourceKind, "", e.to_string()))?);
    }
    Ok((schema, out))
}

fn read_ipc(path: &Path) -> Result<(SchemaRef, Vec<RecordBatch>), Diagnostics> {
    let broken = |error: &dyn std::fmt::Display| -> Diagnostics {
        Diagnostic::error(Code::SourceKind, "", format!("`{}` is not an Arrow file: {error}", path.display())).into()
    };
    let open = || std::fs::File::open(path).map_err(|e| broken(&e));
    // The file format first; what has no footer is tried as a stream.
    let result = match arrow::ipc::reader::FileReader::try_new(open()?, None) {
        Ok(reader) => (reader.schema(), reader.collect::<Result<Vec<_>, _>>()),
        Err(_) => {
            let file = std::io::BufReader::new(open()?);
            let reader = arrow::ipc::reader::StreamReader::try_new(file, None).map_err(|e| broken(&e))?;
            (reader.schema(), reader.collect())
        }
    };
    Ok((result.0, result.1.map_err(|e| broken(&e))?))
}
