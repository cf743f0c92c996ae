//! Statements made of a predicate.

use std::fmt::Write;

use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Predicate, Timestamp, Value, bind};
use serde::Serialize;
use sqlparser::ast;

use crate::Dialect;
use crate::build::{Builder, CUSTOMERS, expr};

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

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// The keys of the members, one column, in no order.
    Members,
    /// Their number, one column `count`.
    Count,
    /// Some of them with their fields.
    Preview(Preview),
}

/// Which rows and columns a preview shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The fields; all if empty.
    pub columns: Vec<String>,
    /// The order; the key always comes last, so that it is total.
    pub order: Vec<(String, Direction)>,
    /// At most so many rows.
    pub limit: u64,
    /// After so many.
    pub offset: u64,
}

impl Preview {
    /// The first rows by key, with all fields.
    #[must_use]
    pub fn first(limit: u64) -> Self {
        Self { columns: Vec::new(), order: Vec::new(), limit, offset: 0 }
    }
}

/// A direction of order. Missing values come last in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
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
}

impl SqlOptions {
    /// A statement with bound parameters.
    #[must_use]
    pub fn new(dialect: Dialect, statement: Statement) -> Self {
        Self { dialect, statement, parameters: true }
    }
}

/// The statement for a filter.
///
/// # Errors
/// Every finding of [`check`](fn@cvm_core::check); [`Code::NotSupported`] at the node that the dialect can't say
/// exactly: nothing is ever approximated; [`Code::UnknownField`] for a preview of fields that are not there.
pub fn to_sql(
    filter: &Filter,
    catalog: &Catalog,
    as_of: Timestamp,
    options: &SqlOptions,
) -> Result<Query, Diagnostics> {
    let predicate = bind(filter, catalog, as_of)?;
    let mut builder = Builder::text(catalog, options.dialect, options.parameters);
    let query = statement(&mut builder, predicate, &options.statement).map_err(|found| located(found, filter))?;
    // The text is some kilobytes for most filters: room from the start saves growing it step by step.
    let mut sql = String::with_capacity(4096);
    let _ = write!(sql, "{query}");
    Ok(builder.finish(sql))
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

/// The statement as a tree.
pub(crate) fn statement(
    builder: &mut Builder<'_>,
    predicate: Predicate,
    statement: &Statement,
) -> Result<ast::Query, Diagnostics> {
    let catalog = builder.catalog;
    let table = &catalog.customers;
    let selection = match builder.predicate(&predicate.normalized())? {
        ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::Boolean(true), .. }) => None,
        other => Some(other),
    };
    let from = builder.table(&table.table, CUSTOMERS);
    let mut query = match statement {
        Statement::Members => {
            let key = builder.column(&table.key);
            expr::select(vec![ast::SelectItem::UnnamedExpr(key)], from, selection)
        }
        Statement::Count => {
            let count = expr::count_star();
            let item = ast::SelectItem::ExprWithAlias { expr: count, alias: builder.name("count") };
            expr::select(vec![item], from, selection)
        }
        Statement::Preview(preview) => {
            let fields: Vec<&str> = if preview.columns.is_empty() {
                table.fields.iter().map(|field| field.name.as_str()).collect()
            } else {
                preview.columns.iter().map(String::as_str).collect()
            };
            let mut out = Diagnostics::default();
            for name in fields.iter().copied().chain(preview.order.iter().map(|(name, _)| name.as_str())) {
                if table.field(name).is_none() {
                    out.push(
                        Diagnostic::error(Code::UnknownField, "", format!("no field `{name}`"))
                            .suggest_from(name, table.fields.iter().map(|field| field.name.as_str())),
                    );
                }
            }
            let items = fields.iter().map(|name| ast::SelectItem::UnnamedExpr(builder.column(name))).collect();
            let mut query = out.or(expr::select(items, from, selection))?;
            query.order_by = Some(order_by(builder, preview));
            query.limit_clause = Some(expr::limit(preview.limit, preview.offset));
            query
        }
    };
    query.locks.clear();
    Ok(query)
}

fn order_by(builder: &Builder<'_>, preview: &Preview) -> ast::OrderBy {
    let mut terms = Vec::new();
    for (name, direction) in &preview.order {
        let column = builder.column(name);
        // `x IS NULL` first: missing values last is not the default everywhere, and not every dialect has NULLS LAST.
        terms.push(expr::order_term(ast::Expr::IsNull(Box::new(column.clone())), true));
        terms.push(expr::order_term(column, *direction == Direction::Ascending));
    }
    terms.push(expr::order_term(builder.column(&builder.catalog.customers.key), true));
    expr::order_by(terms)
}
