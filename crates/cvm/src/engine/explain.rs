//! Why one customer is in or out.

use cvm_core::filter::Literal;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Timestamp, bind, trace};
use cvm_sql::exec::Session;

use crate::Explanation;

pub(super) async fn explain(
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
