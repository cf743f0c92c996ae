//! The engine: one audience, loaded, and every question about it.

mod ask;
mod audience;
mod estimate;
mod events;
mod explain;
mod gather;
mod load;
mod many;
mod related;
mod resident;
mod runtime;
mod saved;

pub use estimate::Estimate;
pub use events::{EventName, LoadEvents};
pub use load::{LoadCustomers, LoadReport};
pub use related::LoadRelated;
pub use resident::IndexState;

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Optimized, Timestamp, Value};
use cvm_sql::exec::Session;
use cvm_sql::{Query, SqlOptions, to_sql};

use crate::Error;
use resident::Resident;
use runtime::Runtime;

/// How an engine is set up.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The instant at which filters are evaluated; at each call the present one if absent.
    pub as_of: Option<Timestamp>,
    /// The zone, an IANA name, in which days begin and in which times without an offset are read.
    pub zone: String,
    /// The bytes of memory that the rows may take for answers while one types: read once, then kept in an index of
    /// usually a quarter of that, with the answers to earlier questions beside them. What needs more is answered from the
    /// tables, and [`Engine::index`] says so. 0 makes no index.
    pub index_memory: u64,
    /// Which customers estimates are made from where not all fit: another number, others.
    pub sample_seed: u64,
}

impl EngineOptions {
    /// The memory for the index where nothing else is said: four gibibytes.
    pub const INDEX_MEMORY: u64 = 4 << 30;
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { as_of: None, zone: "UTC".to_owned(), index_memory: Self::INDEX_MEMORY, sample_seed: 0 }
    }
}

/// One audience and every question about it. Shared freely between threads; each method blocks until it is done, each
/// `…_async` twin returns a future.
///
/// ```
/// # use cvm::{Engine, EngineOptions};
/// let engine = Engine::new(EngineOptions { zone: "Europe/Paris".into(), ..EngineOptions::default() })?;
/// let error = engine.count(&"age > 30".parse()?).expect_err("nothing was loaded");
/// assert_eq!(error.code(), cvm::Code::NothingLoaded);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Engine {
    options: EngineOptions,
    session: Session,
    catalog: RwLock<Option<Arc<Catalog>>>,
    resident: Arc<Resident>,
    runtime: Runtime,
}

impl Engine {
    /// An engine with nothing loaded.
    ///
    /// # Errors
    /// A zone that is none.
    pub fn new(options: EngineOptions) -> Result<Self, Error> {
        if cvm_core::catalog::zone_by_name(&options.zone).is_none() {
            return Err(cvm_core::catalog::no_zone(Code::UnknownOption, "", &options.zone).into());
        }
        let resident = Arc::new(Resident::new(options.index_memory, options.sample_seed));
        Ok(Self { options, session: Session::new(), catalog: RwLock::new(None), resident, runtime: Runtime::default() })
    }

    /// The instant at which filters are evaluated now.
    #[must_use]
    pub fn as_of(&self) -> Timestamp {
        self.options.as_of.unwrap_or_else(crate::now)
    }

    /// Sets the instant at which filters are evaluated from now on.
    pub fn set_as_of(&mut self, as_of: Timestamp) {
        self.options.as_of = Some(as_of);
    }

    /// The threads that the engine works on, for callers that wait in their own way: work spawned here can be given up.
    ///
    /// # Errors
    /// A system that gives no threads.
    pub fn handle(&self) -> Result<tokio::runtime::Handle, Error> {
        self.runtime.handle()
    }

    /// What is known about the customers.
    ///
    /// # Errors
    /// [`Code::NothingLoaded`].
    pub fn catalog(&self) -> Result<Arc<Catalog>, Error> {
        let held = self.catalog.read().unwrap_or_else(PoisonError::into_inner);
        held.clone().ok_or_else(|| {
            Diagnostic::error(Code::NothingLoaded, "", "no customers are loaded")
                .help("call load_customers first")
                .into()
        })
    }

    /// Puts another catalog in place of the inferred one: with labels, enums, segments, lists of your own. Table, key
    /// and fields must be those that are loaded; fields may be left out, and their types may not change.
    ///
    /// # Errors
    /// Findings of the catalog; fields that are not there.
    pub fn set_catalog(&self, catalog: Catalog) -> Result<(), Error> {
        let catalog = catalog.validated()?;
        let loaded = self.catalog()?;
        let mut out = Diagnostics::default();
        if catalog.customers.table != loaded.customers.table || catalog.customers.key != loaded.customers.key {
            let message =
                format!("the loaded table is `{}` with the key `{}`", loaded.customers.table, loaded.customers.key);
            out.push(Diagnostic::error(Code::CatalogKey, "/customers", message));
        }
        for (i, field) in catalog.customers.fields.iter().enumerate() {
            let path = format!("/customers/fields/{i}");
            match loaded.customers.field(&field.name) {
                None => out.push(
                    Diagnostic::error(Code::UnknownField, path, format!("no column `{}` is loaded", field.name))
                        .suggest_from(&field.name, loaded.customers.fields.iter().map(|f| f.name.as_str())),
                ),
                Some(known) if known.ty != field.ty => {
                    let message = format!("`{}` is loaded as {}, not {}", field.name, known.ty, field.ty);
                    out.push(Diagnostic::error(Code::CatalogType, path, message).help("declare types when loading"));
                }
                Some(_) => {}
            }
        }
        let catalog = Arc::new(out.or(catalog)?);
        *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&catalog));
        self.resident.go_on(&loaded, &catalog);
        Ok(())
    }

    fn replace_catalog(&self, catalog: Catalog) {
        *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(catalog));
    }

    /// All findings of a filter; none means that it can be used.
    ///
    /// # Errors
    /// [`Code::NothingLoaded`].
    pub fn validate(&self, filter: &Filter) -> Result<Diagnostics, Error> {
        let catalog = self.catalog()?;
        Ok(cvm_core::check(filter, &catalog).err().unwrap_or_default())
    }

    /// A smaller filter with the same members, and how it came about.
    ///
    /// # Errors
    /// Findings of the filter: what is wrong is not made smaller.
    pub fn optimize(&self, filter: &Filter) -> Result<Optimized, Error> {
        let catalog = self.catalog()?;
        cvm_core::check(filter, &catalog)?;
        Ok(cvm_core::optimize(filter, &catalog))
    }

    /// The filter as a statement for a database.
    ///
    /// # Errors
    /// Findings of the filter; what the dialect can't say exactly.
    pub fn sql(&self, filter: &Filter, options: &SqlOptions) -> Result<Query, Error> {
        Ok(to_sql(filter, &*self.catalog()?, self.as_of(), options)?)
    }

    /// The keys that the reference evaluator selects, one row at a time. Slow: it is there to check everything else.
    ///
    /// # Errors
    /// Findings of the filter; what can't be read.
    pub fn reference_members(&self, filter: &Filter) -> Result<Vec<Value>, Error> {
        Ok(self.reference_members_of(std::slice::from_ref(filter))?.pop().unwrap_or_default())
    }

    /// As [`Engine::reference_members`], for many filters: the rows are read once.
    ///
    /// # Errors
    /// As there.
    pub fn reference_members_of(&self, filters: &[Filter]) -> Result<Vec<Vec<Value>>, Error> {
        let (session, catalog, as_of) = (self.session.clone(), self.catalog()?, self.as_of());
        let filters = filters.to_vec();
        self.block_on(async move { session.reference_members(&filters, &catalog, as_of).await })
    }

    fn block_on<T: Send + 'static>(
        &self,
        future: impl Future<Output = Result<T, Diagnostics>> + Send + 'static,
    ) -> Result<T, Error> {
        Ok(self.runtime.block_on(future)??)
    }
}
