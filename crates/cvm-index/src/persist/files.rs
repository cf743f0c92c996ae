//! The files of a generation, opened and checked.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::buffer::{Buffer, ScalarBuffer};
use arrow::datatypes::UInt32Type;
use cvm_core::{Catalog, Diagnostics, FieldType};

use super::file::{bytes, damaged};
use super::manifest::{Entry, Manifest};
use super::{decode, load};
use crate::table::Table;

/// What the files hold.
pub(super) struct Files {
    folder: PathBuf,
    catalog: Option<Buffer>,
    batches: BTreeMap<String, RecordBatch>,
}

/// The content of one file.
enum Content {
    Catalog(Buffer),
    Rows(RecordBatch),
}

impl Files {
    /// Opens all files; several threads take one after another.
    pub(super) fn open(
        folder: PathBuf,
        manifest: &Manifest,
        threads: usize,
        copied: bool,
    ) -> Result<Self, Diagnostics> {
        let mut entries: Vec<(&String, &Entry)> = manifest.files.iter().collect();
        // The largest first, so that nobody waits long for the last one.
        entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.bytes));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            while let Some((name, entry)) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                done.push(((*name).clone(), content(&folder, name, entry, copied)?));
            }
            Ok(done)
        };
        let found: Vec<Result<Vec<(String, Content)>, Diagnostics>> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads.min(entries.len())).map(|_| scope.spawn(work)).collect();
            let own = work();
            let others =
                others.into_iter().map(|thread| thread.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
            others.chain([own]).collect()
        });
        let mut out = Self { folder: folder.clone(), catalog: None, batches: BTreeMap::new() };
        for (name, content) in found.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
            match content {
                Content::Catalog(text) => out.catalog = Some(text),
                Content::Rows(batch) => drop(out.batches.insert(name, batch)),
            }
        }
        Ok(out)
    }

    /// What is said of a file that is there and is not what it should be.
    pub(super) fn damaged(&self, name: &str, why: &dyn std::fmt::Display) -> Diagnostics {
        damaged(&self.folder.join(name), why)
    }

    pub(super) fn catalog(&self) -> Result<Catalog, Diagnostics> {
        let text = self.catalog.as_ref().ok_or_else(|| self.damaged(CATALOG, &"it is not in the manifest"))?;
        let text = std::str::from_utf8(text).map_err(|error| self.damaged(CATALOG, &error))?;
        Catalog::from_json(text).map_err(|error| self.damaged(CATALOG, &error))
    }

    /// A table with columns of these names and types; `None` where it was not saved.
    pub(super) fn table(
        &self,
        name: &str,
        table: &str,
        types: &[(&str, &FieldType)],
    ) -> Result<Option<Table>, Diagnostics> {
        let name = format!("{name}.arrow");
        let Some(batch) = self.batches.get(&name) else { return Ok(None) };
        let schema = batch.schema();
        let kept = schema.metadata().get("cvm.table").map(String::as_str).unwrap_or_default();
        if kept != table {
            return Err(self.damaged(&name, &format!("it holds `{kept}` where the catalog has `{table}`")));
        }
        let names = schema.fields().iter().map(|field| field.name().as_str());
        if !names.eq(types.iter().map(|(name, _)| *name)) {
            return Err(self.damaged(&name, &"its columns are not the fields of the catalog"));
        }
        let columns = schema.fields().iter().zip(batch.columns()).zip(types);
        let columns = columns.map(|((field, array), (_, ty))| decode::column(field, array, ty));
        let columns = columns.collect::<Result<_, _>>().map_err(|why| self.damaged(&name, &why))?;
        Ok(Some(Table { columns, len: batch.num_rows() }))
    }

    /// Where the rows of each customer begin.
    pub(super) fn starts(&self, name: &str, customers: usize, rows: usize) -> Result<ScalarBuffer<u32>, Diagnostics> {
        let name = format!("{name}-starts.arrow");
        let batch = self.batches.get(&name).ok_or_else(|| self.damaged(&name, &"it is not in the manifest"))?;
        let starts = match batch.columns() {
            [column] => column.as_primitive_opt::<UInt32Type>().filter(|column| column.null_count() == 0),
            _ => None,
        };
        let starts = starts.ok_or_else(|| self.damaged(&name, &"it is not one column of UInt32"))?.values();
        let ends = (starts.first().copied(), starts.last().and_then(|end| usize::try_from(*end).ok()));
        if starts.len() != customers + 1 || ends != (Some(0), Some(rows)) || !starts.is_sorted() {
            return Err(self.damaged(&name, &format!("it does not divide {rows} rows among {customers} customers")));
        }
        Ok(starts.clone())
    }
}

/// The name of the one file that is no table.
pub(super) const CATALOG: &str = "catalog.json";

fn content(folder: &Path, name: &str, entry: &Entry, copied: bool) -> Result<Content, Diagnostics> {
    let path = folder.join(name);
    let bytes = bytes(&path, entry, copied)?;
    if name == CATALOG {
        return Ok(Content::Catalog(bytes));
    }
    // Arrow's decoder trusts some lengths of a file, and panics where they were forged together with the checksum.
    let batch = std::panic::catch_unwind(AssertUnwindSafe(|| load::batch(&bytes)))
        .map_err(|_| damaged(&path, &"its parts do not fit together"))?
        .map_err(|error| damaged(&path, &error))?;
    match entry.rows {
        Some(rows) if rows == batch.num_rows() as u64 => Ok(Content::Rows(batch)),
        rows => {
            let rows = rows.unwrap_or_default();
            Err(damaged(&path, &format!("it has {} rows where the manifest says {rows}", batch.num_rows())))
        }
    }
}
