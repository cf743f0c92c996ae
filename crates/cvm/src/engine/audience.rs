//! The questions about the audience that is loaded.

use cvm_core::filter::Literal;
use cvm_core::{Code, Diagnostic, Filter};
use cvm_sql::Preview;

use super::{Engine, IndexState};
use crate::{Error, Explanation, Rows, Step};

impl Engine {
    /// How it stands with the index in memory that answers while one types. It is begun by the first question, which is
    /// answered from the tables meanwhile; [`Engine::prepare`] waits for it.
    #[must_use]
    pub fn index(&self) -> IndexState {
        self.resident.state(self.catalog().ok().as_ref())
    }

    /// Makes the index of the rows that are loaded, if there is none yet, and waits for it: questions after it are
    /// answered from memory.
    ///
    /// ```
    /// # use cvm::{Engine, EngineOptions, IndexState, LoadCustomers, Source};
    /// # let path = std::env::temp_dir().join(format!("cvm-prepare-{}.csv", std::process::id()));
    /// # std::fs::write(&path, "id,age\n1,34\n2,\n")?;
    /// # let engine = Engine::new(EngineOptions::default())?;
    /// # engine.load_customers(Source::File(path.clone()), &LoadCustomers::default(), &mut |_, _| {})?;
    /// assert!(matches!(engine.prepare()?, IndexState::Ready { customers: 2, .. }));
    /// # std::fs::remove_file(path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::MemoryBudget`](crate::Code::MemoryBudget) where the rows need more than
    /// [`EngineOptions::index_memory`](crate::EngineOptions): questions are still answered, from the tables.
    pub fn prepare(&self) -> Result<IndexState, Error> {
        let (session, catalog, runtime) = (self.session.clone(), self.catalog()?, self.runtime.handle()?);
        let resident = std::sync::Arc::clone(&self.resident);
        self.block_on(async move { resident.wait(&session, &catalog, &runtime).await.map(|_| ()) })?;
        Ok(self.index())
    }

    /// The index, made if it is not there.
    pub(crate) fn made_index(&self) -> Result<std::sync::Arc<cvm_index::Index>, Error> {
        let (session, catalog, runtime) = (self.session.clone(), self.catalog()?, self.runtime.handle()?);
        let resident = std::sync::Arc::clone(&self.resident);
        let made = self.block_on(async move { resident.wait(&session, &catalog, &runtime).await })?;
        made.ok_or_else(|| {
            Diagnostic::error(Code::NotSupported, "", "there is no index in memory, which this is done with")
                .help("give the engine `index_memory`")
                .into()
        })
    }

    /// As [`Engine::prepare`].
    ///
    /// # Errors
    /// As [`Engine::prepare`].
    pub async fn prepare_async(&self) -> Result<IndexState, Error> {
        self.resident.wait(&self.session, &self.catalog()?, &self.runtime.handle()?).await?;
        Ok(self.index())
    }

    /// How many customers the filter selects.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub fn count(&self, filter: &Filter) -> Result<u64, Error> {
        let (questions, filter) = (self.questions()?, filter.clone());
        self.block_on(async move { questions.count(&filter).await })
    }

    /// As [`Engine::count`].
    ///
    /// # Errors
    /// As [`Engine::count`].
    pub async fn count_async(&self, filter: &Filter) -> Result<u64, Error> {
        Ok(self.questions()?.count(filter).await?)
    }

    /// The keys of the customers that the filter selects: one column, in no order.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub fn members(&self, filter: &Filter) -> Result<Rows, Error> {
        let (questions, filter) = (self.questions()?, filter.clone());
        self.block_on(async move { questions.members(&filter).await })
    }

    /// As [`Engine::members`].
    ///
    /// # Errors
    /// As [`Engine::members`].
    pub async fn members_async(&self, filter: &Filter) -> Result<Rows, Error> {
        Ok(self.questions()?.members(filter).await?)
    }

    /// Some of the customers that the filter selects, with their fields, by key unless another order is asked for.
    ///
    /// # Errors
    /// Findings of the filter; fields that are not there; what can't be run.
    pub fn preview(&self, filter: &Filter, preview: Preview) -> Result<Rows, Error> {
        let (questions, filter) = (self.questions()?, filter.clone());
        self.block_on(async move { questions.preview(&filter, preview).await })
    }

    /// As [`Engine::preview`].
    ///
    /// # Errors
    /// As [`Engine::preview`].
    pub async fn preview_async(&self, filter: &Filter, preview: Preview) -> Result<Rows, Error> {
        Ok(self.questions()?.preview(filter, preview).await?)
    }

    /// How many customers each condition of an outermost `and` takes, alone and after those before it.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub fn funnel(&self, filter: &Filter) -> Result<Vec<Step>, Error> {
        let (questions, filter) = (self.questions()?, filter.clone());
        self.block_on(async move { questions.funnel(&filter).await })
    }

    /// As [`Engine::funnel`].
    ///
    /// # Errors
    /// As [`Engine::funnel`].
    pub async fn funnel_async(&self, filter: &Filter) -> Result<Vec<Step>, Error> {
        Ok(self.questions()?.funnel(filter).await?)
    }

    /// Why one customer is in or out.
    ///
    /// # Errors
    /// Findings of the filter; [`Code::UnknownCustomer`](crate::Code::UnknownCustomer).
    pub fn explain(&self, filter: &Filter, key: &Literal) -> Result<Explanation, Error> {
        let (questions, filter, key) = (self.questions()?, filter.clone(), key.clone());
        self.block_on(async move { questions.explain(&filter, &key).await })
    }

    /// As [`Engine::explain`].
    ///
    /// # Errors
    /// As [`Engine::explain`].
    pub async fn explain_async(&self, filter: &Filter, key: &Literal) -> Result<Explanation, Error> {
        Ok(self.questions()?.explain(filter, key).await?)
    }
}
