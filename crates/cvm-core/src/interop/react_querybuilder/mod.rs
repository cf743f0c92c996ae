//! Queries of react-querybuilder.
//!
//! The library gives a query no meaning of its own; what it has is `formatQuery`, and its SQL is what people run. A
//! query therefore selects the customers for whom that SQL, by its default settings, is *true*, in SQL's three-valued
//! logic: a comparison with a missing value is neither true nor false, and stays so under `not`.

mod group;
mod like;
mod list;
mod operator;
mod rule;
mod value;
mod write;

use super::fields::{Fields, within_limits};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostics, Path};
use crate::filter::Filter;
use crate::interop::export;

impl Filter {
    /// Reads a query of react-querybuilder, with combinators on groups or between rules.
    ///
    /// The filter selects the customers for whom the SQL of `formatQuery` is true: `!=` and the other negative
    /// operators leave out customers without a value. Muted rules and groups are left out as the library does it;
    /// `id`, `path`, `disabled`, `meta` and their like are the state of an editor and are not read.
    ///
    /// # Errors
    /// What has no certain meaning there or none here, each with its JSON pointer: empty groups (which the library
    /// makes `1 = 1`), rules that it would drop, unknown keys, operators of your own, `xor`, parameters, expressions,
    /// `%` and `_` beside a backslash, ranges the wrong way round, counts of list items; with a catalog all that
    /// [`check`](fn@crate::check) finds.
    ///
    /// ```
    /// use cvm_core::Filter;
    /// let query = r#"{"combinator": "and", "not": true, "rules": [
    ///     {"id": "r1", "field": "age", "operator": ">=", "value": 25},
    ///     {"field": "city", "operator": "in", "value": ["Paris", "Lyon"]}]}"#;
    /// let filter = Filter::from_react_querybuilder(query, None)?;
    /// assert_eq!(filter.to_string(), "age < 25 or city not in ('Paris', 'Lyon') without missing");
    ///
    /// let findings = Filter::from_react_querybuilder(r#"{"combinator": "and", "rules": []}"#, None)
    ///     .expect_err("1 = 1");
    /// assert_eq!(findings.0[0].path, "/rules");
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn from_react_querybuilder(text: &str, catalog: Option<&Catalog>) -> Result<Self, Diagnostics> {
        let json = crate::json::parse(text)?;
        let mut out = Diagnostics::default();
        let fields = Fields { catalog };
        match group::query(json, &fields, &Path::ROOT, &mut out) {
            Some(filter) if !out.has_errors() => within_limits(filter),
            _ => Err(out),
        }
    }
    /// The filter as a query of react-querybuilder that selects the same customers: where customers without a value
    /// are in, the query says so with `null`. Segments and lists are written out.
    ///
    /// Rules about items of lists use `match`, which `formatQuery` turns into SQL for PostgreSQL only.
    ///
    /// # Errors
    /// All that [`bind`](fn@crate::bind) finds, and each node that a query can't hold, with its JSON pointer: events
    /// and other tables, times that move, regular expressions, letters without case, sizes of lists, places inside
    /// JSON documents, texts with `%`, `_` or a backslash to look for.
    ///
    /// ```
    /// use cvm_core::{Catalog, Filter};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "customers", "key": "id", "fields": [
    ///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// let filter: Filter = "not (age > 30)".parse()?;
    /// assert_eq!(
    ///     filter.to_react_querybuilder(&catalog)?,
    ///     serde_json::json!({"combinator": "or", "rules": [
    ///         {"field": "age", "operator": "<=", "value": 30},
    ///         {"field": "age", "operator": "null", "value": null}]}));
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn to_react_querybuilder(&self, catalog: &Catalog) -> Result<serde_json::Value, Diagnostics> {
        let query = export::write(self, catalog, &write::Query { catalog })?;
        // A query is a group.
        match query.get("rules") {
            Some(_) => Ok(query),
            None => Ok(serde_json::json!({"combinator": "and", "rules": [query]})),
        }
    }
}
