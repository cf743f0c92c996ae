//! Saving an index.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow::datatypes::{Field as ArrowField, FieldRef, Schema};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field};

use super::encode;
use super::file::{settled, unwritten, written};
use super::files::CATALOG;
use super::manifest::{Entry, Manifest, NAME};
use crate::column::Column;
use crate::index::Index;
use crate::stream::Stream;

/// The manifest before it is in its place.
const NEXT: &str = "manifest.json.new";

impl Index {
    /// Saves the index in a folder of its own, which is made where there is none. An index that was saved there is kept
    /// until the new one is whole, and then removed; who has it open goes on with it. Equal data make equal files. One
    /// process at a time may save in a folder.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use arrow::array::{Int64Array, RecordBatch};
    /// use cvm_core::{Catalog, Timestamp};
    /// use cvm_index::{Index, IndexBuilder};
    /// # let temporary = tempfile::tempdir()?;
    /// # let folder = temporary.path().join("index");
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///     {"name": "id", "type": "int", "nullable": false}]}}"#)?;
    /// let customers = RecordBatch::try_from_iter([("id", Arc::new(Int64Array::from(vec![7, 8, 9])) as _)])?;
    /// let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![customers]).build()?;
    /// index.save(&folder)?;
    ///
    /// let opened = Index::open(&folder)?;
    /// let as_of = Timestamp::from_micros(0).expect("1970");
    /// assert_eq!(opened.count(&"id > 7".parse()?, as_of)?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A folder that holds something else ([`Code::SourceKind`]); what can't be written ([`Code::Execution`]).
    pub fn save(&self, folder: &Path) -> Result<(), Diagnostics> {
        std::fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
        let before = Manifest::read(folder)?;
        let there = generations(folder, before.is_some())?;
        let last = there.iter().copied().chain(before.map(|before| before.generation)).max().unwrap_or(0);
        let generation = last.saturating_add(1);
        let own = folder.join(Manifest::folder(generation));
        std::fs::create_dir(&own).map_err(|error| unwritten(&own, &error))?;
        let saved = self.write(&own).and_then(|files| replace(folder, &Manifest::new(generation, files)));
        // What could not be made goes, unless the manifest speaks of it already; else what was there before goes. Anything
        // left over does no harm, and goes the next time.
        let in_place = Manifest::read(folder).ok().flatten().is_some_and(|now| now.generation == generation);
        for old in if in_place { there } else { vec![generation] } {
            let _ = std::fs::remove_dir_all(folder.join(Manifest::folder(old)));
        }
        saved
    }

    /// All files but the manifest.
    fn write(&self, folder: &Path) -> Result<BTreeMap<String, Entry>, Diagnostics> {
        let catalog = self.catalog.to_json();
        if !Catalog::from_json(&catalog).is_ok_and(|read| read == *self.catalog) {
            let message = "the catalog of the index has findings, so that it could not be read again";
            let help = "build the index with a catalog that was checked (`Catalog::validated`)";
            return Err(Diagnostic::error(Code::CatalogSetting, "", message).help(help).into());
        }
        let mut files = BTreeMap::new();
        let path = folder.join(CATALOG);
        files.insert(CATALOG.to_owned(), written(&path, None, |file| file.write_all(catalog.as_bytes()))?);
        let mut save = |name: String, table: &str, columns: Vec<(&str, &Column)>, rows: usize| {
            let path = folder.join(&name);
            let arrays = columns.iter().map(|(name, column)| encode::array(name, column)).collect::<Result<_, _>>();
            let entry =
                arrays.map_err(|error| unwritten(&path, &error)).and_then(|arrays| save(&path, table, arrays, rows))?;
            files.insert(name, entry);
            Ok::<(), Diagnostics>(())
        };
        let customers = &self.catalog.customers;
        let columns = named(&customers.fields, &self.customers.columns).collect();
        save("customers.arrow".to_owned(), &customers.table, columns, self.customers.len)?;
        for (at, (kind, stream)) in self.catalog.events.iter().zip(&self.events).enumerate() {
            let Some(stream) = stream else { continue };
            let times = stream.times.iter().map(|times| (kind.time.as_str(), times));
            let columns = times.chain(named(&kind.fields, &stream.table.columns)).collect();
            save(format!("events-{at}.arrow"), &kind.name, columns, stream.table.len)?;
        }
        for (at, (table, stream)) in self.catalog.related.iter().zip(&self.related).enumerate() {
            let Some(stream) = stream else { continue };
            let columns = named(&table.fields, &stream.table.columns).collect();
            save(format!("related-{at}.arrow"), &table.name, columns, stream.table.len)?;
        }
        let events = self.catalog.events.iter().map(|kind| &kind.name).zip(&self.events).enumerate();
        let related = self.catalog.related.iter().map(|table| &table.name).zip(&self.related).enumerate();
        for (what, (at, (name, stream))) in events.map(|one| ("events", one)).chain(related.map(|one| ("related", one)))
        {
            let Some(stream) = stream else { continue };
            let file = format!("{what}-{at}-starts.arrow");
            let entry = starts(&folder.join(&file), name, stream)?;
            files.insert(file, entry);
        }
        settled(folder)?;
        Ok(files)
    }
}

fn named<'a>(fields: &'a [Field], columns: &'a [Column]) -> impl Iterator<Item = (&'a str, &'a Column)> {
    fields.iter().map(|field| field.name.as_str()).zip(columns)
}

fn starts(path: &Path, name: &str, stream: &Stream) -> Result<Entry, Diagnostics> {
    let array = UInt32Array::new(stream.starts.clone(), None);
    let field = ArrowField::new("start", arrow::datatypes::DataType::UInt32, false);
    save(path, name, vec![(Arc::new(field), Arc::new(array))], stream.starts.len())
}

/// A file with one batch.
fn save(path: &Path, table: &str, columns: Vec<(FieldRef, ArrayRef)>, rows: usize) -> Result<Entry, Diagnostics> {
    let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = columns.into_iter().unzip();
    let schema = Schema::new_with_metadata(fields, [("cvm.table".to_owned(), table.to_owned())].into());
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    written(path, Some(rows), |file| {
        let batch = RecordBatch::try_new_with_options(Arc::new(schema), arrays, &options)?;
        let mut writer = FileWriter::try_new(file, &batch.schema())?;
        writer.write(&batch)?;
        writer.finish()?;
        Ok::<(), ArrowError>(())
    })
}

/// Puts a manifest in the place of the one that is there.
fn replace(folder: &Path, manifest: &Manifest) -> Result<(), Diagnostics> {
    let next = folder.join(NEXT);
    // One that was left over is nobody's.
    let _ = std::fs::remove_file(&next);
    written(&next, None, |file| file.write_all(manifest.to_json().as_bytes()))?;
    settled(folder)?;
    let place = folder.join(NAME);
    std::fs::rename(&next, &place).map_err(|error| unwritten(&place, &error))?;
    settled(folder)?;
    // The folder may be new itself. Not everybody may open the one above.
    let _ = folder.parent().map(settled);
    Ok(())
}

/// The numbers of what was saved in a folder, whole or not. Where nothing was, anything else in it means that it is not
/// for an index.
fn generations(folder: &Path, saved: bool) -> Result<Vec<u64>, Diagnostics> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unwritten(folder, &error))? {
        let name = entry.map_err(|error| unwritten(folder, &error))?.file_name();
        match name.to_str().map(|name| (name, Manifest::generation_of(name))) {
            Some((_, Some(generation))) => found.push(generation),
            Some((NAME | NEXT, _)) => {}
            _ if saved => {}
            _ => {
                let (folder, name) = (folder.display(), name.display());
                let message = format!("the folder `{folder}` holds something else than an index: `{name}`");
                let help = "name an empty folder, one that is not there yet, or one in which an index was saved";
                return Err(Diagnostic::error(Code::SourceKind, "", message).help(help).into());
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}
