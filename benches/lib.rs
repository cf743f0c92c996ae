//! What the benches measure: one filter of fifty leaves over a catalog of thirty fields, and one customer.
//!
//! The filter is written out in `data/filter.json`, so that everyone can see what is measured: groups in groups, `not`,
//! "at least 3 of 5"; whole numbers, decimals, texts, lists, dates, instants, relative times.

mod customer;
mod predicates;

pub use customer::customer;
pub use predicates::{Predicates, SETS};

use cvm_core::{Catalog, Diagnostics, Filter, Timestamp};
use cvm_sql::{Dialect, Query, SqlOptions, Statement, to_sql};

/// How many conditions the filter has.
pub const LEAVES: usize = 50;

/// The instant of evaluation, fixed so that each run makes the same SQL: 2024-06-15T10:30:00Z.
const AS_OF: i64 = 1_718_447_400_000_000;

/// Everything that is made before the clock starts.
pub struct Input {
    /// The audience.
    pub catalog: Catalog,
    /// The filter.
    pub filter: Filter,
    /// The filter's JSON on one line, as a browser sends it.
    pub json: String,
    /// The filter in text form.
    pub text: String,
    /// The instant of evaluation.
    pub as_of: Timestamp,
}

impl Input {
    /// Reads the catalog and the filter.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub fn read() -> Result<Self, Diagnostics> {
        let filter = Filter::from_json(include_str!("data/filter.json"))?;
        Ok(Self {
            catalog: Catalog::from_json(include_str!("data/catalog.json"))?,
            json: filter.to_json(),
            text: filter.to_text(),
            filter,
            as_of: Timestamp::from_micros(AS_OF).unwrap_or_else(|| Timestamp::from_jiff(Default::default())),
        })
    }

    /// The statement that selects the members.
    ///
    /// # Errors
    /// What the dialect can't say.
    pub fn sql(&self, dialect: Dialect, parameters: bool) -> Result<Query, Diagnostics> {
        self.sql_of(&self.filter, dialect, parameters)
    }

    /// The statement that selects the members of another filter over the same catalog.
    ///
    /// # Errors
    /// What the dialect can't say.
    pub fn sql_of(&self, filter: &Filter, dialect: Dialect, parameters: bool) -> Result<Query, Diagnostics> {
        let options = SqlOptions { parameters, ..SqlOptions::new(dialect, Statement::Members) };
        to_sql(filter, &self.catalog, self.as_of, &options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cvm_core::{bind, check, evaluate};

    /// A bench of an error path would be fast and mean nothing.
    #[test]
    fn the_filter_has_fifty_leaves_and_dialects_can_say_it() -> Result<(), Diagnostics> {
        let input = Input::read()?;
        let leaves = input.filter.nodes().into_iter().filter(|(_, node)| node.is_leaf()).count();
        assert_eq!(leaves, LEAVES);
        assert_eq!(Filter::from_text(&input.text)?, input.filter);
        check(&input.filter, &input.catalog)?;
        // Redshift refuses to look at the items of lists, and the filter does.
        for dialect in Dialect::ALL.iter().filter(|dialect| **dialect != Dialect::Redshift) {
            for parameters in [true, false] {
                assert!(!input.sql(*dialect, parameters)?.sql.is_empty());
            }
        }
        Ok(())
    }

    /// A customer whom the first condition rules out would cost one comparison.
    #[test]
    fn the_customer_is_a_member() -> Result<(), Diagnostics> {
        let input = Input::read()?;
        let predicate = bind(&input.filter, &input.catalog, input.as_of)?;
        let row = customer(&input.catalog);
        assert_eq!(row.len(), input.catalog.customers.fields.len());
        assert!(evaluate(&predicate, &row));
        Ok(())
    }
}
