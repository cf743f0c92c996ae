//! The funnel of a filter: what each of its conditions takes, alone and after those before it.

use cvm_core::{Diagnostics, Filter, Predicate};
use sqlparser::ast::{Expr, Query, SelectItem, SetExpr, SetOperator, SetQuantifier};

use crate::build::{Builder, CUSTOMERS, expr};

/// One row a step: its number from 1, the JSON pointer of its node, how many customers pass it alone, and how many pass
/// it and all steps before it. The steps are the children of an outermost `and`; any other filter is one step.
pub(crate) fn funnel(builder: &mut Builder<'_>, filter: &Filter, predicate: Predicate) -> Result<Query, Diagnostics> {
    let steps: Vec<(String, Predicate)> = match (filter, predicate) {
        (Filter::And { children }, Predicate::All(steps)) if children.len() == steps.len() => {
            steps.into_iter().enumerate().map(|(i, step)| (format!("/children/{i}"), step)).collect()
        }
        (_, whole) => vec![(String::new(), whole)],
    };
    let mut rows: Option<Query> = None;
    for (i, (path, step)) in steps.iter().enumerate() {
        let so_far = steps.iter().take(i + 1).map(|(_, step)| step.clone()).collect();
        let number = expr::number((i + 1).to_string());
        let path = builder.string(path);
        let alone = count(builder, step.clone())?;
        let together = count(builder, Predicate::All(so_far))?;
        let item = |expr: Expr, name: &str| SelectItem::ExprWithAlias { expr, alias: builder.name(name) };
        let columns = vec![item(number, "step"), item(path, "path"), item(alone, "alone"), item(together, "together")];
        let row = expr::select_nothing_from(columns);
        rows = Some(match rows {
            None => row,
            Some(before) => Query {
                body: Box::new(SetExpr::SetOperation {
                    left: before.body,
                    op: SetOperator::Union,
                    set_quantifier: SetQuantifier::All,
                    right: row.body.clone(),
                }),
                ..row
            },
        });
    }
    Ok(rows.unwrap_or_else(|| expr::select_nothing_from(Vec::new())))
}

/// `(SELECT COUNT(*) FROM customers WHERE …)`.
fn count(builder: &mut Builder<'_>, predicate: Predicate) -> Result<Expr, Diagnostics> {
    let selection = builder.selection(predicate)?;
    let catalog = builder.catalog;
    let from = builder.table(&catalog.customers.table, CUSTOMERS);
    let query = expr::select(vec![SelectItem::UnnamedExpr(expr::count_star())], from, selection);
    Ok(Expr::Subquery(Box::new(query)))
}
