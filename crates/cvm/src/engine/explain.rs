//! Why one customer is in or out.

use cvm_core::filter::{Literal, field};
use cvm_core::predicate::{Leaf, Test};
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Predicate, Timestamp, Value, Verdict, bind, trace};

use super::ask::Questions;
use crate::Explanation;

impl Questions {
    pub(super) async fn explain(&self, filter: &Filter, key: &Literal) -> Result<Explanation, Diagnostics> {
        let (catalog, as_of) = (&*self.catalog, self.as_of);
        bind(filter, catalog, as_of)?;
        let found = match key_of(key, catalog, as_of)? {
            Some(value) => {
                let asked = filter.clone();
                self.by_index(move |index, as_of| index.explain(&asked, &value, as_of)).await?
            }
            None => None,
        };
        let nodes = match found {
            Some(nodes) => nodes,
            None => self.explain_from_tables(filter, key).await?,
        };
        let Some(nodes) = nodes else {
            let shown = serde_json::to_string(key).unwrap_or_default();
            return Err(
                Diagnostic::error(Code::UnknownCustomer, "", format!("no customer has the key `{shown}`")).into()
            );
        };
        let member = nodes.first().is_some_and(|node| node.passed);
        Ok(Explanation { key: serde_json::to_value(key).unwrap_or_default(), member, nodes })
    }

    async fn explain_from_tables(&self, filter: &Filter, key: &Literal) -> Result<Option<Vec<Verdict>>, Diagnostics> {
        let (session, catalog, as_of) = (&self.session, &*self.catalog, self.as_of);
        let predicate = bind(filter, catalog, as_of)?;
        session.loaded(&predicate, catalog)?;
        let Some(row) = session.customer(key, catalog, as_of).await? else { return Ok(None) };
        let customer = row.get(key_index(catalog)).cloned().unwrap_or_default();
        let histories = session.histories(catalog, &predicate.sources(), Some(&customer)).await?;
        let history = histories.of(&customer);
        // Rankings are settled one after the other, and the walk over the nodes is no future: their verdicts come first.
        let mut settled = Vec::new();
        for (_, node) in filter.nodes() {
            settled.push(session.settled_for(bind(node, catalog, as_of)?, &customer, catalog).await?);
        }
        let mut settled = settled.into_iter();
        trace(filter, catalog, as_of, &row, &history, |predicate| Ok(settled.next().unwrap_or(predicate))).map(Some)
    }
}

/// The key as customers have it. `None` where the check makes something else of it than one value.
fn key_of(key: &Literal, catalog: &Catalog, as_of: Timestamp) -> Result<Option<Value>, Diagnostics> {
    let is_key = field(catalog.customers.key.clone()).eq(key.clone());
    Ok(match bind(&is_key, catalog, as_of)? {
        Predicate::Leaf(Leaf { test: Test::In(mut values), negated: false, .. }) if values.len() == 1 => values.pop(),
        _ => None,
    })
}

fn key_index(catalog: &Catalog) -> usize {
    catalog.customers.fields.iter().position(|field| field.name == catalog.customers.key).unwrap_or(0)
}
