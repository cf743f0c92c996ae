//! A filter as text for a database.

use std::fmt::Write;

use cvm_core::{Catalog, Diagnostics, Filter, Predicate, Timestamp, Value, bind};
use serde::Serialize;
use sqlparser::ast;

use crate::build::{Builder, Clock};
use crate::dialect::{Dialect, Placeholders};
use crate::export;
use crate::funnel::funnel;
use crate::statement::{Statement, statement};

/// A statement and what is bound to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The text.
    pub sql: String,
    /// The values of its placeholders, in order.
    pub params: Vec<Value>,
    /// Where the database may differ from the filter's meaning, in words; empty when it can't.
    pub notes: Vec<String>,
}

impl Serialize for Query {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let params: Vec<serde_json::Value> = self.params.iter().map(Value::to_json).collect();
        let mut out = serializer.serialize_struct("Query", 3)?;
        out.serialize_field("sql", &self.sql)?;
        out.serialize_field("params", &params)?;
        out.serialize_field("notes", &self.notes)?;
        out.end()
    }
}

/// How a statement is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlOptions {
    /// For which database.
    pub dialect: Dialect,
    /// What is asked for.
    pub statement: Statement,
    /// Whether values are bound parameters, or literals in the text.
    pub parameters: bool,
    /// How placeholders are written; as the usual drivers of the database want them if not said.
    pub placeholders: Option<Placeholders>,
    /// Whether members of segments are looked up where the catalog says that they are kept, or the segments' filters put
    /// in place, which is always up to date.
    pub materialized: bool,
    /// Whose clock relative times go by.
    pub clock: Clock,
}

impl SqlOptions {
    /// A statement with bound parameters.
    #[must_use]
    pub fn new(dialect: Dialect, statement: Statement) -> Self {
        Self { dialect, statement, parameters: true, placeholders: None, materialized: false, clock: Clock::Frozen }
    }
}

/// The statement for a filter.
///
/// # Errors
/// Every finding of [`check`](fn@cvm_core::check); [`Code::NotSupported`](cvm_core::Code::NotSupported) at the node that the dialect can't say
/// exactly: nothing is ever approximated; [`Code::UnknownField`](cvm_core::Code::UnknownField) for a preview of fields that are not there.
pub fn to_sql(
    filter: &Filter,
    catalog: &Catalog,
    as_of: Timestamp,
    options: &SqlOptions,
) -> Result<Query, Diagnostics> {
    let predicate = bind(filter, catalog, as_of)?;
    // Views and models are kept: there is nobody who binds values.
    let kept = matches!(options.statement, Statement::View(_) | Statement::DbtModel);
    let mut builder = Builder::text(catalog, options.dialect, options.parameters && !kept);
    builder.placeholders = options.placeholders.unwrap_or(builder.placeholders);
    builder.materialized = options.materialized;
    builder.clock = options.clock;
    builder.marks_tables = options.statement == Statement::DbtModel;
    let query = tree(&mut builder, filter, predicate, &options.statement)?;
    let sql = match &options.statement {
        Statement::Insert(target) => export::insert(target, &query, catalog, options.dialect)?,
        Statement::View(name) => export::view(name, &query, options.dialect)?,
        Statement::DbtModel => export::dbt_model(&query, filter, &builder.marked_tables),
        _ => {
            // The text is some kilobytes for most filters: room from the start saves growing it step by step.
            let mut sql = String::with_capacity(4096);
            let _ = write!(sql, "{query}");
            sql
        }
    };
    Ok(builder.finish(sql))
}

/// The statement for a filter as a tree.
pub(crate) fn tree(
    builder: &mut Builder<'_>,
    filter: &Filter,
    predicate: Predicate,
    wanted: &Statement,
) -> Result<ast::Query, Diagnostics> {
    match wanted {
        Statement::Funnel => funnel(builder, filter, predicate),
        other => statement(builder, predicate, other),
    }
    .map_err(|found| located(found, filter))
}

/// The marker that stands for a node's pointer until the filter is at hand: a predicate knows only node numbers.
pub(crate) fn node_marker(node: usize) -> String {
    format!("#{node}")
}

/// Findings with the pointers of their nodes.
pub(crate) fn located(mut found: Diagnostics, filter: &Filter) -> Diagnostics {
    for finding in &mut found.0 {
        if let Some(node) = finding.path.strip_prefix('#').and_then(|n| n.parse::<usize>().ok()) {
            finding.path = filter.nodes().into_iter().nth(node).map(|(pointer, _)| pointer).unwrap_or_default();
        }
    }
    found
}
