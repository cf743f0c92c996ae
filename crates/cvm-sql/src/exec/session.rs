//! A DataFusion session that runs filters.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, SchemaRef};
use cvm_core::filter::{Literal, field};
use cvm_core::predicate::{FieldRef, Leaf, RowSource, Test};
use cvm_core::{
    Catalog, Code, Diagnostic, Diagnostics, FieldType, Filter, Predicate, Timestamp, Value, bind, evaluate_with, settle,
};
use datafusion::catalog::TableProvider;
use datafusion::common::TableReference;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use datafusion::sql::parser::Statement as DfStatement;
use sqlparser::ast;

use super::{failed, row_of};
use crate::build::Builder;
use crate::query::tree;
use crate::statement::{Preview, Statement, statement};

/// Tables, and filters run on them.
#[derive(Clone)]
pub struct Session {
    context: SessionContext,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session without tables.
    #[must_use]
    pub fn new() -> Self {
        let config = SessionConfig::new().with_information_schema(false);
        Self::on(SessionContext::new_with_config(config))
    }

    /// A session on a context of your own: one with tables, limits on memory, or a planner that sends plans to other
    /// machines. The context is shared, not copied, and gets the functions that plans of filters name.
    ///
    /// Columns must be of the types that loading gives them: integers `Int64`, texts `Utf8`, instants
    /// `Timestamp(Microsecond, "UTC")`, dates `Date32`.
    ///
    /// ```
    /// use cvm_sql::exec::Session;
    /// use datafusion::execution::FunctionRegistry;
    /// use datafusion::prelude::{SessionConfig, SessionContext};
    ///
    /// let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(16));
    /// let session = Session::on(context.clone());
    /// for function in Session::functions() {
    ///     assert!(context.udf(function.name()).is_ok());
    /// }
    /// ```
    #[must_use]
    pub fn on(context: SessionContext) -> Self {
        for function in Self::functions() {
            context.register_udf(function);
        }
        Self { context }
    }

    /// The functions that plans of filters name beside DataFusion's own. Other processes that read or run such plans must
    /// know them.
    #[must_use]
    pub fn functions() -> Vec<ScalarUDF> {
        super::functions::functions().into()
    }

    /// Puts a table under a name, in place of any other of that name.
    ///
    /// # Errors
    /// What DataFusion says.
    pub fn register(&self, table: &str, provider: Arc<dyn TableProvider>) -> Result<(), Diagnostics> {
        let reference = TableReference::bare(table.to_owned());
        self.context.deregister_table(reference.clone()).map_err(|e| failed(&e))?;
        self.context.register_table(reference, provider).map(|_| ()).map_err(|e| failed(&e))
    }

    pub(crate) fn context(&self) -> &SessionContext {
        &self.context
    }

    /// How many customers the filter selects.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub async fn count(&self, filter: &Filter, catalog: &Catalog, as_of: Timestamp) -> Result<u64, Diagnostics> {
        let (_, batches) = self.run(filter, catalog, as_of, &Statement::Count).await?;
        let count = batches.first().and_then(|batch| {
            let column = batch.columns().first()?.as_primitive_opt::<Int64Type>()?;
            column.iter().next().flatten()
        });
        count
            .and_then(|n| u64::try_from(n).ok())
            .ok_or_else(|| Diagnostic::error(Code::Execution, "", "the count came back without a number").into())
    }

    /// Runs a statement for a filter.
    ///
    /// # Errors
    /// Findings of the filter; what can't be run.
    pub async fn run(
        &self,
        filter: &Filter,
        catalog: &Catalog,
        as_of: Timestamp,
        wanted: &Statement,
    ) -> Result<(SchemaRef, Vec<RecordBatch>), Diagnostics> {
        if matches!(wanted, Statement::Insert(_) | Statement::View(_) | Statement::DbtModel) {
            let message = "this statement is for a database, and can't be run here";
            return Err(Diagnostic::error(Code::NotSupported, "", message).help("ask for its text with `sql`").into());
        }
        let predicate = bind(filter, catalog, as_of)?;
        self.loaded(&predicate, catalog)?;
        let query = tree(&mut Builder::tree(catalog), filter, predicate, wanted)?;
        self.run_tree(query).await
    }

    /// Whether the customers, and the rows of all events and related tables that are asked, were loaded.
    ///
    /// # Errors
    /// [`Code::NothingLoaded`] for each that was not.
    pub fn loaded(&self, predicate: &Predicate, catalog: &Catalog) -> Result<(), Diagnostics> {
        self.has_customers(catalog)?;
        let mut out = Diagnostics::default();
        for source in predicate.sources() {
            let (what, name, table) = match source {
                RowSource::Events(i) => match catalog.events.get(i) {
                    Some(stream) => ("event", &stream.name, &stream.table),
                    None => continue,
                },
                RowSource::Related(i) => match catalog.related.get(i) {
                    Some(related) => ("related table", &related.name, &related.table),
                    None => continue,
                },
            };
            let there = self.context.table_exist(TableReference::bare(table.clone())).map_err(|e| failed(&e))?;
            if !there {
                let message = format!("the rows of the {what} `{name}`, the table `{table}`, are not loaded");
                let help = if what == "event" { "load them with load_events" } else { "load them with load_related" };
                out.push(Diagnostic::error(Code::NothingLoaded, "", message).help(help));
            }
        }
        out.or(())
    }

    /// Whether the table of the customers is there.
    ///
    /// # Errors
    /// [`Code::NothingLoaded`] where it is not.
    pub fn has_customers(&self, catalog: &Catalog) -> Result<(), Diagnostics> {
        let table = &catalog.customers.table;
        if self.context.table_exist(TableReference::bare(table.clone())).map_err(|e| failed(&e))? {
            return Ok(());
        }
        let message = format!("the table `{table}` of the customers is not loaded");
        let help = "load it with load_customers; an engine that was opened from a saved index has no tables";
        Err(Diagnostic::error(Code::NothingLoaded, "", message).help(help).into())
    }

    async fn run_predicate(
        &self,
        predicate: Predicate,
        catalog: &Catalog,
        wanted: &Statement,
    ) -> Result<(SchemaRef, Vec<RecordBatch>), Diagnostics> {
        self.run_tree(statement(&mut Builder::tree(catalog), predicate, wanted)?).await
    }

    async fn run_tree(&self, query: ast::Query) -> Result<(SchemaRef, Vec<RecordBatch>), Diagnostics> {
        let tree = DfStatement::Statement(Box::new(ast::Statement::Query(Box::new(query))));
        let plan = self.context.state().statement_to_plan(tree).await.map_err(|e| failed(&e))?;
        let frame: DataFrame = self.context.execute_logical_plan(plan).await.map_err(|e| failed(&e))?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await.map_err(|e| failed(&e))?;
        Ok((schema, batches))
    }

    /// The predicate with the verdict on one customer in place of each ranking, which looks at all of them.
    ///
    /// # Errors
    /// What can't be run.
    pub async fn settled_for(
        &self,
        predicate: Predicate,
        key: &Value,
        catalog: &Catalog,
    ) -> Result<Predicate, Diagnostics> {
        let Some(index) = catalog.customers.fields.iter().position(|field| field.name == catalog.customers.key) else {
            return Ok(predicate);
        };
        let mut verdicts = Vec::new();
        for (fact, _) in predicate.rankings() {
            let is_key = Leaf {
                node: fact.node,
                field: FieldRef { index, path: Vec::new() },
                test: Test::In(vec![key.clone()]),
                negated: false,
                on_missing: false,
            };
            let one = Predicate::All(vec![Predicate::Leaf(is_key), Predicate::Fact(Box::new(fact.clone()))]);
            let (_, batches) = self.run_predicate(one, catalog, &Statement::Members).await?;
            verdicts.push(batches.iter().any(|batch| batch.num_rows() > 0));
        }
        let mut verdicts = verdicts.into_iter();
        Ok(predicate.replace_rankings(&mut |_, _| Predicate::Constant(verdicts.next().unwrap_or(false))))
    }

    /// The keys of the customers whom the reference evaluator selects, for each filter, reading all rows one by one.
    /// Slow: for checks.
    ///
    /// # Errors
    /// Findings of the filters; what can't be read.
    pub async fn reference_members(
        &self,
        filters: &[Filter],
        catalog: &Catalog,
        as_of: Timestamp,
    ) -> Result<Vec<Vec<Value>>, Diagnostics> {
        let predicates: Vec<Predicate> =
            filters.iter().map(|filter| bind(filter, catalog, as_of)).collect::<Result<_, _>>()?;
        let table = &catalog.customers;
        let all = Statement::Preview(Preview::first(u64::try_from(i64::MAX).unwrap_or(0)));
        let (_, batches) = self.run(&Filter::Everyone, catalog, as_of, &all).await?;
        let types: Vec<FieldType> = table.fields.iter().map(|field| field.ty.clone()).collect();
        let key = table.fields.iter().position(|field| field.name == table.key).unwrap_or(0);
        let mut asked = Vec::new();
        for predicate in &predicates {
            self.loaded(predicate, catalog)?;
            asked.extend(predicate.sources());
        }
        let histories = self.histories(catalog, &asked, None).await?;
        let mut everybody = Vec::new();
        for batch in &batches {
            for row in 0..batch.num_rows() {
                let values = row_of(batch, row, &types);
                let history = values.get(key).map(|key| histories.of(key)).unwrap_or_default();
                everybody.push((values, history));
            }
        }
        let members = |predicate: &Predicate| {
            let predicate = settle(predicate, &everybody);
            let inside = everybody.iter().filter(|(row, history)| evaluate_with(&predicate, row, history));
            inside.filter_map(|(row, _)| row.get(key).cloned()).collect()
        };
        Ok(predicates.iter().map(members).collect())
    }

    /// The values of one customer in the order of the catalog's fields; `None` when there is no such key.
    ///
    /// # Errors
    /// A key of the wrong type; what can't be read.
    pub async fn customer(
        &self,
        key: &Literal,
        catalog: &Catalog,
        as_of: Timestamp,
    ) -> Result<Option<Vec<Value>>, Diagnostics> {
        let table = &catalog.customers;
        let filter = field(table.key.clone()).eq(key.clone());
        let (_, batches) = self.run(&filter, catalog, as_of, &Statement::Preview(Preview::first(1))).await?;
        let types: Vec<FieldType> = table.fields.iter().map(|field| field.ty.clone()).collect();
        Ok(batches.iter().find(|batch| batch.num_rows() > 0).map(|batch| row_of(batch, 0, &types)))
    }
}
