//! The index in a folder: saved once, opened in no time.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use cvm_core::{Code, Diagnostic};
use cvm_index::{Index, IndexReader};

use super::{Engine, EngineOptions};
use crate::Error;

/// The most bytes of answers that an opened engine keeps.
const ANSWERS: u64 = 1 << 30;

impl Engine {
    /// Saves the index of the rows that are loaded, with the catalog, in a folder of its own: [`Engine::open`] has it back
    /// in no time. Waits for the index. What was saved there before is kept until the new one is whole.
    ///
    /// # Errors
    /// As [`Engine::prepare`]; [`Code::NotSupported`] for an engine without an index (`index_memory` is 0); a folder that
    /// holds something else, or that can't be written.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        let index = self.index_when_made()?;
        let folder = folder.to_owned();
        self.block_on(async move { index.save(&folder) })
    }

    /// An engine for what was saved in a folder. Its files are mapped into memory: an engine of ten million customers is
    /// there in less than a second, and processes that open the same folder share what they read. All questions are
    /// answered from it; it has no tables, so that nothing can be loaded in addition (`load_customers` begins anew).
    ///
    /// Of the options, `index_memory` says how much memory answers to earlier questions may take, and the zone is the one
    /// that was saved.
    ///
    /// ```
    /// # use cvm::{Engine, EngineOptions, LoadCustomers, Source};
    /// # let dir = std::env::temp_dir().join(format!("cvm-saved-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir)?;
    /// # std::fs::write(dir.join("customers.csv"), "id,age\n1,34\n2,\n")?;
    /// let engine = Engine::new(EngineOptions::default())?;
    /// engine.load_customers(Source::File(dir.join("customers.csv")), &LoadCustomers::default(), &mut |_, _| {})?;
    /// engine.save(&dir.join("index"))?;
    ///
    /// let opened = Engine::open(&dir.join("index"), EngineOptions::default())?;
    /// assert_eq!(opened.count(&"age > 30".parse()?)?, 1);
    /// # std::fs::remove_dir_all(dir)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A folder in which none was saved, or whose files are not what was saved.
    pub fn open(folder: &Path, options: EngineOptions) -> Result<Self, Error> {
        let answers = usize::try_from(options.index_memory.min(ANSWERS)).unwrap_or(usize::MAX);
        let index = Arc::new(IndexReader::new(folder).answer_budget(answers).open()?);
        let catalog = Arc::clone(index.catalog());
        let engine = Self::new(EngineOptions { zone: catalog.zone.clone(), ..options })?;
        *engine.catalog.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&catalog));
        engine.resident.hold(catalog, index);
        Ok(engine)
    }

    /// The index, made if there is none yet.
    pub(crate) fn index_when_made(&self) -> Result<Arc<Index>, Error> {
        let (session, catalog, runtime) = (self.session.clone(), self.catalog()?, self.runtime.handle()?);
        let resident = Arc::clone(&self.resident);
        let made = self.block_on(async move { resident.wait(&session, &catalog, &runtime).await })?;
        made.ok_or_else(|| {
            let message = "there is no index: this engine was made without memory for one";
            Diagnostic::error(Code::NotSupported, "", message)
                .help("make the engine with `index_memory` above 0, and load nothing meanwhile")
                .into()
        })
    }
}
