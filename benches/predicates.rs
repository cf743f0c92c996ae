//! Sets of SQL predicates that optimisers are compared on, one `WHERE` clause a line, over the table of
//! `data/predicates.json`. `run.sh` makes them.

use std::path::Path;

use cvm_core::{Catalog, Diagnostics, Filter, Timestamp, optimize};
use cvm_sql::{Dialect, SqlOptions, Statement, from_sql, to_sql};

/// The names of the sets.
pub const SETS: [&str; 2] = ["fold", "redundant"];

/// One set.
pub struct Predicates {
    /// The table's catalog.
    pub catalog: Catalog,
    /// The predicates as they were written.
    pub texts: Vec<String>,
    /// The same as filters.
    pub filters: Vec<Filter>,
}

impl Predicates {
    /// Reads a set from the folder that `run.sh` keeps it in; nothing if it is not there.
    ///
    /// # Errors
    /// What is wrong with a predicate, or what no filter says.
    pub fn read(set: &str) -> Result<Option<Self>, Diagnostics> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(".cache/inputs").join(format!("{set}.sql"));
        std::fs::read_to_string(file).ok().map(|lines| Self::of(&lines)).transpose()
    }

    /// The predicates of a text, one a line.
    ///
    /// # Errors
    /// What is wrong with a predicate, or what no filter says.
    pub fn of(lines: &str) -> Result<Self, Diagnostics> {
        let catalog = Catalog::from_json(include_str!("data/predicates.json"))?;
        let texts: Vec<String> = lines.lines().map(str::to_owned).collect();
        let filters = texts.iter().map(|text| from_sql(text, None, Some(&catalog))).collect::<Result<_, _>>()?;
        Ok(Self { catalog, texts, filters })
    }

    /// Makes every filter smaller; gives the number of conditions that are left.
    #[must_use]
    pub fn optimize(&self) -> usize {
        self.filters.iter().map(|filter| optimize(filter, &self.catalog).filter.leaf_count()).sum()
    }

    /// From text to text, as the peers go: read, made smaller, written for SQLite.
    ///
    /// # Errors
    /// What SQLite can't say.
    pub fn sql_to_sql(&self) -> Result<Vec<String>, Diagnostics> {
        let statement = |text: &String| {
            let smaller = optimize(&from_sql(text, None, Some(&self.catalog))?, &self.catalog).filter;
            sqlite(&smaller, &self.catalog)
        };
        self.texts.iter().map(statement).collect()
    }
}

fn sqlite(filter: &Filter, catalog: &Catalog) -> Result<String, Diagnostics> {
    let options = SqlOptions { parameters: false, ..SqlOptions::new(Dialect::Sqlite, Statement::Members) };
    // No predicate speaks of time.
    Ok(to_sql(filter, catalog, Timestamp::from_jiff(Default::default()), &options)?.sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_become_smaller_and_are_sql_again() -> Result<(), Diagnostics> {
        let predicates = Predicates::of("x > 1 AND x > 3\nNOT (b OR f = 0.5) AND s LIKE 'a%'\nn < 1 OR n >= 1")?;
        assert_eq!(predicates.optimize(), 1 + 3);
        let [first, _, last] = <[String; 3]>::try_from(predicates.sql_to_sql()?).unwrap_or_default();
        assert_eq!(first, r#"SELECT c."id" FROM "t" AS c WHERE c."x" > 3"#);
        assert_eq!(last, r#"SELECT c."id" FROM "t" AS c"#);
        Ok(())
    }

    /// A benchmark of a set that is half read would be fast and mean nothing.
    #[test]
    fn a_predicate_that_no_filter_says_is_an_error() {
        assert!(Predicates::of("x > 1\nx > random()").is_err());
    }
}
