//! How two filters stand to each other, for every customer that a catalog allows.

use cvm_core::optimize::{Answer, disjoint as is_disjoint, equivalent as is_equivalent, implies as does_imply};
use cvm_core::{Catalog, Filter, Timestamp, check};
use serde::Serialize;

use crate::Error;

/// Whether something holds of two filters; where it does not, a customer who shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Relation {
    /// It holds for every customer, at any time.
    Yes,
    /// It does not: here is a customer.
    No {
        /// A value for each field, by name; missing is null.
        customer: serde_json::Map<String, serde_json::Value>,
        /// The instant at which the filters are evaluated.
        as_of: String,
    },
    /// Neither could be shown.
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Relation {
    fn of(answer: Answer, catalog: &Catalog) -> Self {
        match answer {
            Answer::Yes => Self::Yes,
            Answer::Unknown(reason) => Self::Unknown { reason },
            Answer::No(found) => {
                let names = catalog.customers.fields.iter().map(|field| field.name.clone());
                let customer = names.zip(found.row.iter().map(cvm_core::Value::to_json)).collect();
                Self::No { customer, as_of: said(found.as_of) }
            }
        }
    }
}

fn said(as_of: Timestamp) -> String {
    as_of.to_string()
}

/// Whether `b` selects every customer that `a` selects.
///
/// # Errors
/// Findings of the filters.
///
/// ```
/// use cvm::{Catalog, Relation, implies};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
/// assert_eq!(implies(&"age > 30".parse()?, &"age > 20".parse()?, &catalog)?, Relation::Yes);
/// let Relation::No { customer, .. } = implies(&"not (age > 30)".parse()?, &"age is set".parse()?, &catalog)? else {
///     panic!("an unknown age is not over 30");
/// };
/// assert!(customer["age"].is_null());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn implies(a: &Filter, b: &Filter, catalog: &Catalog) -> Result<Relation, Error> {
    asked(a, b, catalog, does_imply)
}

/// Whether no customer is selected by both filters.
///
/// # Errors
/// Findings of the filters.
pub fn disjoint(a: &Filter, b: &Filter, catalog: &Catalog) -> Result<Relation, Error> {
    asked(a, b, catalog, is_disjoint)
}

/// Whether the filters select the same customers.
///
/// # Errors
/// Findings of the filters.
pub fn equivalent(a: &Filter, b: &Filter, catalog: &Catalog) -> Result<Relation, Error> {
    asked(a, b, catalog, is_equivalent)
}

fn asked(
    a: &Filter,
    b: &Filter,
    catalog: &Catalog,
    question: fn(&Filter, &Filter, &Catalog) -> Answer,
) -> Result<Relation, Error> {
    check(a, catalog)?;
    check(b, catalog)?;
    Ok(Relation::of(question(a, b, catalog), catalog))
}
