//! What can be asked for, as trees.

use cvm_core::{Code, Diagnostic, Diagnostics, Predicate};
use sqlparser::ast;

use crate::build::{Builder, CUSTOMERS, expr};
use crate::dialect::Page;
use crate::export::Target;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// The keys of the members, one column, in no order.
    Members,
    /// Their number, one column `count`.
    Count,
    /// Some of them with their fields.
    Preview(Preview),
    /// What each condition of the filter takes. A row for each child of an outermost `and`, or one for any other filter:
    /// `step` from 1, `path` of the node, customers who pass it `alone`, and `together` with all steps before it.
    Funnel,
    /// `INSERT INTO … SELECT` of their keys.
    Insert(Target),
    /// `CREATE VIEW … AS SELECT` of their keys, under this name. Views take no parameters: values are literals.
    View(String),
    /// A dbt model of their keys. Tables named `schema.table` are its sources, others are models; values are literals.
    DbtModel,
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

/// The statement as a tree.
pub(crate) fn statement(
    builder: &mut Builder<'_>,
    predicate: Predicate,
    statement: &Statement,
) -> Result<ast::Query, Diagnostics> {
    let catalog = builder.catalog;
    let table = &catalog.customers;
    let selection = builder.selection(predicate)?;
    let from = builder.table(&table.table, CUSTOMERS);
    let query = match statement {
        Statement::Members | Statement::Insert(_) | Statement::View(_) | Statement::DbtModel => {
            let key = builder.column(&table.key);
            expr::select(vec![ast::SelectItem::UnnamedExpr(key)], from, selection)
        }
        // The steps of a funnel are made of the filter itself; of the whole only the number is left.
        Statement::Count | Statement::Funnel => {
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
            page(builder, preview, &mut query);
            query
        }
    };
    Ok(query)
}

/// The rows that a preview shows.
fn page(builder: &Builder<'_>, preview: &Preview, query: &mut ast::Query) {
    // `FETCH FIRST 0 ROWS` is an error, and no rows are no rows after any number of others.
    let offset = if preview.limit == 0 { 0 } else { preview.offset };
    match builder.traits.page {
        Page::Top if offset == 0 => expr::top(query, preview.limit),
        Page::Top | Page::Fetch if offset > 0 => {
            query.limit_clause = Some(expr::offset(offset));
            query.fetch = Some(expr::fetch(preview.limit));
        }
        _ => query.limit_clause = Some(expr::limit(preview.limit, offset)),
    }
}

fn order_by(builder: &Builder<'_>, preview: &Preview) -> ast::OrderBy {
    let mut terms = Vec::new();
    for (name, direction) in &preview.order {
        let column = builder.column(name);
        // `x IS NULL` first: missing values last is not the default everywhere, and not every dialect has NULLS LAST.
        let missing = ast::Expr::IsNull(Box::new(column.clone()));
        terms.push(expr::order_term(if builder.traits.booleans { missing } else { expr::one_if(missing) }, true));
        terms.push(expr::order_term(column, *direction == Direction::Ascending));
    }
    terms.push(expr::order_term(builder.column(&builder.catalog.customers.key), true));
    expr::order_by(terms)
}
