//! Opening an index.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cvm_core::{Code, Diagnostic, Diagnostics, Field, FieldType};

use super::files::Files;
use super::manifest::{Manifest, NAME};
use crate::build::ANSWERS;
use crate::cache::Cache;
use crate::index::Index;
use crate::stream::Stream;
use crate::table::Table;

impl Index {
    /// Opens an index that was saved ([`Index::save`]), as [`IndexReader`] does where nothing else is said.
    ///
    /// # Errors
    /// As [`IndexReader::open`].
    pub fn open(folder: &Path) -> Result<Self, Diagnostics> {
        IndexReader::new(folder).open()
    }
}

/// Opens an [`Index`] that was saved. Its files are mapped into memory, which takes no time for what is not asked for,
/// and processes that open the same folder share them.
///
/// ```
/// # use std::sync::Arc;
/// # use arrow::array::{Int64Array, RecordBatch};
/// # use cvm_core::Catalog;
/// # use cvm_index::{IndexBuilder, IndexReader};
/// # let temporary = tempfile::tempdir()?;
/// # let folder = temporary.path().join("index");
/// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
/// #     {"name": "id", "type": "int", "nullable": false}]}}"#)?;
/// # let customers = RecordBatch::try_from_iter([("id", Arc::new(Int64Array::from(vec![7, 8, 9])) as _)])?;
/// # IndexBuilder::new(Arc::new(catalog)).table("c", vec![customers]).build()?.save(&folder)?;
/// let index = IndexReader::new(&folder).answer_budget(1 << 26).threads(2).open()?;
/// assert_eq!(index.len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct IndexReader {
    folder: PathBuf,
    answers: usize,
    threads: usize,
    copied: bool,
}

/// So often a folder is looked at where others save in it.
const TRIES: usize = 5;

impl IndexReader {
    /// A reader of a folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { folder: folder.to_owned(), answers: ANSWERS, threads, copied: false }
    }

    /// How many bytes kept answers may take: a billion if not said otherwise.
    #[must_use]
    pub fn answer_budget(mut self, bytes: usize) -> Self {
        self.answers = bytes;
        self
    }

    /// How many threads open the files and work on a question: one for each processor if not said otherwise.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Reads the files into memory of the process instead of mapping them: for folders to which others may write, or
    /// which may go away, as those on a network.
    #[must_use]
    pub fn copied(mut self) -> Self {
        self.copied = true;
        self
    }

    /// The index. It answers exactly as the one that was saved.
    ///
    /// # Errors
    /// A folder without an index, or with a file missing ([`Code::SourceNotFound`]); another version of the format, or a
    /// file that is not what was saved ([`Code::SourceKind`]).
    pub fn open(&self) -> Result<Index, Diagnostics> {
        let mut manifest = self.manifest()?;
        for _ in 1..TRIES {
            let failed = match self.index(&manifest) {
                Ok(index) => return Ok(index),
                Err(failed) => failed,
            };
            // Meanwhile another one may have been saved, and this one removed.
            let now = self.manifest()?;
            if now.generation == manifest.generation {
                return Err(failed);
            }
            manifest = now;
        }
        self.index(&manifest)
    }

    fn manifest(&self) -> Result<Manifest, Diagnostics> {
        Manifest::read(&self.folder)?.ok_or_else(|| {
            let message = format!("no index was saved in the folder `{}`: it has no `{NAME}`", self.folder.display());
            let help = "build the index from its tables and save it there";
            Diagnostic::error(Code::SourceNotFound, "", message).help(help).into()
        })
    }

    fn index(&self, manifest: &Manifest) -> Result<Index, Diagnostics> {
        let folder = self.folder.join(Manifest::folder(manifest.generation));
        let files = Files::open(folder, manifest, self.threads, self.copied)?;
        let catalog = files.catalog()?;
        let customers = &catalog.customers;
        let Some(customers) = files.table("customers", &customers.table, &types(&customers.fields))? else {
            return Err(files.damaged("customers.arrow", &"it is not in the manifest"));
        };
        let mut events = Vec::new();
        for (at, kind) in catalog.events.iter().enumerate() {
            let types: Vec<_> =
                std::iter::once((kind.time.as_str(), &kind.time_type)).chain(types(&kind.fields)).collect();
            let name = format!("events-{at}");
            let stream = match files.table(&name, &kind.name, &types)? {
                Some(table) => {
                    let starts = files.starts(&name, customers.len, table.len)?;
                    let mut columns = table.columns.into_iter();
                    let times = columns.next();
                    Some(Stream {
                        table: Table { columns: columns.collect(), len: table.len },
                        times,
                        starts,
                        recent: Arc::default(),
                    })
                }
                None => None,
            };
            events.push(stream);
        }
        let mut related = Vec::new();
        for (at, rows) in catalog.related.iter().enumerate() {
            let name = format!("related-{at}");
            let stream = match files.table(&name, &rows.name, &types(&rows.fields))? {
                Some(table) => {
                    let starts = files.starts(&name, customers.len, table.len)?;
                    Some(Stream { table, times: None, starts, recent: Arc::default() })
                }
                None => None,
            };
            related.push(stream);
        }
        let (keys, cache) = (Arc::default(), Arc::new(Cache::new(self.answers)));
        Ok(Index { catalog: Arc::new(catalog), customers, keys, events, related, cache, threads: self.threads })
    }
}

fn types(fields: &[Field]) -> Vec<(&str, &FieldType)> {
    fields.iter().map(|field| (field.name.as_str(), &field.ty)).collect()
}
