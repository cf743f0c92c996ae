//! The engine: one audience, loaded, and every question about it.

mod events;
mod load;
mod related;
mod runtime;

pub use events::{EventName, LoadEvents};
pub use load::{LoadCustomers, LoadReport};
pub use related::LoadRelated;

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use cvm_core::filter::Literal;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Optimized, Timestamp, Value, bind, trace};
use cvm_sql::exec::Session;
use cvm_sql::{Preview, Query, SqlOptions, Statement, to_sql};

use crate::{Error, Explanation, Rows, Step};
use runtime::Runtime;

/// How an engine is set up.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The instant at which filters are evaluated; at each call the present one if absent.
    pub as_of: Option<Timestamp>,
    /// The zone, an IANA name, in which days begin and in which times without an offset are read.
    pub zone: String,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { as_of: None, zone: "UTC".to_owned() }
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
        Ok(Self { options, session: Session::new(), catalog: RwLock::new(None), runtime: Runtime::default() })
    }

    /// The instant at which filters are evaluated now.
    #[must_use]
    pub fn as_of(&self) -> Timestamp {
        self.options.as_of.unwrap_or_else(|| Timestamp::from_jiff(jiff::Timestamp::now()))
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
        self.replace_catalog(out.or(catalog)?);
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

    /// How many customers the filter selects.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub fn count(&self, filter: &Filter) -> Result<u64, Error> {
        self.block_on({
            let (session, catalog, as_of, filter) = self.question(filter)?;
            async move { session.count(&filter, &catalog, as_of).await }
        })
    }

    /// As [`Engine::count`].
    ///
    /// # Errors
    /// As [`Engine::count`].
    pub async fn count_async(&self, filter: &Filter) -> Result<u64, Error> {
        let (session, catalog, as_of, filter) = self.question(filter)?;
        Ok(session.count(&filter, &catalog, as_of).await?)
    }

    /// The keys of the customers that the filter selects: one column, in no order.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub fn members(&self, filter: &Filter) -> Result<Rows, Error> {
        self.rows(filter, Statement::Members)
    }

    /// As [`Engine::members`].
    ///
    /// # Errors
    /// As [`Engine::members`].
    pub async fn members_async(&self, filter: &Filter) -> Result<Rows, Error> {
        self.rows_async(filter, Statement::Members).await
    }

    /// Some of the customers that the filter selects, with their fields, by key unless another order is asked for.
    ///
    /// # Errors
    /// Findings of the filter; fields that are not there; what can't be run.
    pub fn preview(&self, filter: &Filter, preview: Preview) -> Result<Rows, Error> {
        self.rows(filter, Statement::Preview(preview))
    }

    /// As [`Engine::preview`].
    ///
    /// # Errors
    /// As [`Engine::preview`].
    pub async fn preview_async(&self, filter: &Filter, preview: Preview) -> Result<Rows, Error> {
        self.rows_async(filter, Statement::Preview(preview)).await
    }

    fn rows(&self, filter: &Filter, statement: Statement) -> Result<Rows, Error> {
        let (session, catalog, as_of, filter) = self.question(filter)?;
        let run = async move { session.run(&filter, &catalog, as_of, &statement).await };
        self.block_on(run).map(|(schema, batches)| Rows::new(schema, batches))
    }

    async fn rows_async(&self, filter: &Filter, statement: Statement) -> Result<Rows, Error> {
        let (session, catalog, as_of, filter) = self.question(filter)?;
        let (schema, batches) = session.run(&filter, &catalog, as_of, &statement).await?;
        Ok(Rows::new(schema, batches))
    }

    /// How many customers each condition of an outermost `and` takes, alone and after those before it.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub fn funnel(&self, filter: &Filter) -> Result<Vec<Step>, Error> {
        let (session, catalog, as_of, filter) = self.question(filter)?;
        self.block_on(async move { funnel(&session, &catalog, as_of, &filter).await })
    }

    /// As [`Engine::funnel`].
    ///
    /// # Errors
    /// As [`Engine::funnel`].
    pub async fn funnel_async(&self, filter: &Filter) -> Result<Vec<Step>, Error> {
        let (session, catalog, as_of, filter) = self.question(filter)?;
        Ok(funnel(&session, &catalog, as_of, &filter).await?)
    }

    /// Why one customer is in or out.
    ///
    /// # Errors
    /// Findings of the filter; [`Code::UnknownCustomer`].
    pub fn explain(&self, filter: &Filter, key: &Literal) -> Result<Explanation, Error> {
        let (session, catalog, as_of, filter) = self.question(filter)?;
        let key = key.clone();
        self.block_on(async move { explain(&session, &catalog, as_of, &filter, &key).await })
    }

    /// As [`Engine::explain`].
    ///
    /// # Errors
    /// As [`Engine::explain`].
    pub async fn explain_async(&self, filter: &Filter, key: &Literal) -> Result<Explanation, Error> {
        let (session, catalog, as_of, filter) = self.question(filter)?;
        Ok(explain(&session, &catalog, as_of, &filter, key).await?)
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

    /// What a question needs, owned, so that it can move to another thread.
    fn question(&self, filter: &Filter) -> Result<(Session, Arc<Catalog>, Timestamp, Filter), Error> {
        Ok((self.session.clone(), self.catalog()?, self.as_of(), filter.clone()))
    }

    fn block_on<T: Send + 'static>(
        &self,
        future: impl Future<Output = Result<T, Diagnostics>> + Send + 'static,
    ) -> Result<T, Error> {
        Ok(self.runtime.block_on(future)??)
    }
}

async fn funnel(
    session: &Session,
    catalog: &Catalog,
    as_of: Timestamp,
    filter: &Filter,
) -> Result<Vec<Step>, Diagnostics> {
    let (schema, batches) = session.run(filter, catalog, as_of, &Statement::Funnel).await?;
    let nodes = filter.nodes();
    let number = |value: Option<&Value>| match value {
        Some(Value::Int(n)) => u64::try_from(*n).unwrap_or(0),
        _ => 0,
    };
    let mut steps: Vec<(i64, Step)> = Rows::new(schema, batches)
        .values()
        .map(|row| {
            let path = row.get(1).map(ToString::to_string).unwrap_or_default();
            let text = nodes.iter().find(|(at, _)| *at == path).map(|(_, node)| node.to_string()).unwrap_or_default();
            let order = match row.first() {
                Some(Value::Int(n)) => *n,
                _ => 0,
            };
            (order, Step { path, text, alone: number(row.get(2)), together: number(row.get(3)) })
        })
        .collect();
    // A union keeps no order.
    steps.sort_by_key(|(order, _)| *order);
    Ok(steps.into_iter().map(|(_, step)| step).collect())
}

async fn explain(
    session: &Session,
    catalog: &Catalog,
    as_of: Timestamp,
    filter: &Filter,
    key: &Literal,
) -> Result<Explanation, Diagnostics> {
    let predicate = bind(filter, catalog, as_of)?;
    session.loaded(&predicate, catalog)?;
    let Some(row) = session.customer(key, catalog, as_of).await? else {
        let shown = serde_json::to_string(key).unwrap_or_default();
        return Err(Diagnostic::error(Code::UnknownCustomer, "", format!("no customer has the key `{shown}`")).into());
    };
    let customer = row.get(key_index(catalog)).cloned().unwrap_or_default();
    let histories = session.histories(catalog, &predicate.sources(), Some(&customer)).await?;
    let history = histories.of(&customer);
    // Rankings are settled one after the other, and the walk over the nodes is no future: their verdicts come first.
    let mut settled = Vec::new();
    for (_, node) in filter.nodes() {
        settled.push(session.settled_for(bind(node, catalog, as_of)?, &customer, catalog).await?);
    }
    let mut settled = settled.into_iter();
    let nodes = trace(filter, catalog, as_of, &row, &history, |predicate| Ok(settled.next().unwrap_or(predicate)))?;
    let member = nodes.first().is_some_and(|node| node.passed);
    Ok(Explanation { key: serde_json::to_value(key).unwrap_or_default(), member, nodes })
}

fn key_index(catalog: &Catalog) -> usize {
    catalog.customers.fields.iter().position(|field| field.name == catalog.customers.key).unwrap_or(0)
}
