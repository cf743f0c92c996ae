//! Rules of JsonLogic.
//!
//! A rule selects the customers for whom its result is truthy, as `json-logic-js` computes it: `0`, `""`, `[]`, `null`
//! and `false` are not. What JavaScript makes of a missing value is kept: `{"<": [{"var": "x"}, 5]}` is true without
//! `x`, because `null` counts as 0 there. Each field is followed through the rule with its type; where a value of that
//! type and a constant meet, the comparison becomes a condition, or is known to be always or never true.
//!
//! Where implementations of JsonLogic disagree about constants (`null == 0`, numbers beside texts that are none, too many
//! arguments), the rule is refused.

mod cases;
mod compare;
mod contain;
mod fold;
mod items;
mod js;
mod keys;
mod rule;
mod term;
mod truth;
mod write;

use super::export;
use super::fields::{Fields, within_limits};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostics, Path};
use crate::filter::Filter;

impl Filter {
    /// Reads a rule of JsonLogic.
    ///
    /// The filter selects the customers for whom the rule's result is truthy. In the data that the rule was written
    /// for, a customer without a value has null or no key; dates are texts (`2024-01-31`), decimals numbers, and a dot
    /// in a name leads into an object. Without a catalog a variable is taken to hold values of the type that it is
    /// compared with, or nothing.
    ///
    /// # Errors
    /// What has no certain meaning there or none here, each with its JSON pointer: unknown operators, `map`, `filter`
    /// and `reduce`, arithmetic on variables, texts beside numbers, instants, defaults that null and an absent key
    /// would treat differently; with a catalog all that [`check`](fn@crate::check) finds.
    ///
    /// ```
    /// use cvm_core::Filter;
    /// let filter = Filter::from_json_logic(
    ///     r#"{"and": [{"<": [{"var": "age"}, 30]}, {"!=": [{"var": "city"}, null]}]}"#, None)?;
    /// // Null counts as 0 in JavaScript.
    /// assert_eq!(filter.to_string(), "age < 30 with missing and city is set");
    ///
    /// let findings = Filter::from_json_logic(r#"{"and": [true, {"<": [{"+": [{"var": "age"}, 1]}, 30]}]}"#, None)
    ///     .expect_err("arithmetic");
    /// assert_eq!(findings.0[0].path, "/and/1/</0/+/0");
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn from_json_logic(text: &str, catalog: Option<&Catalog>) -> Result<Self, Diagnostics> {
        let json = crate::json::parse(text)?;
        let mut out = Diagnostics::default();
        let reader = rule::Reader::new(Fields { catalog });
        match reader.truth(&json, &rule::Scope::Customer, &Path::ROOT, &mut out) {
            Some(filter) if !out.has_errors() => within_limits(filter),
            _ => Err(out),
        }
    }

    /// The filter as a rule of JsonLogic that is true of the same customers and false of all others.
    ///
    /// Comparisons are guarded (`{"!=": [{"var": "age"}, null]}`), so that null is never taken for 0.
    ///
    /// # Errors
    /// All that [`bind`](fn@crate::bind) finds, and each node that a rule can't hold, with its JSON pointer: events and
    /// other tables, times that move, instants, regular expressions, letters without case, whole numbers beyond 2⁵³.
    ///
    /// ```
    /// use cvm_core::{Catalog, Filter};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "customers", "key": "id", "fields": [
    ///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// let filter: Filter = "age < 30".parse()?;
    /// assert_eq!(
    ///     filter.to_json_logic(&catalog)?,
    ///     serde_json::json!({"and": [{"!=": [{"var": "age"}, null]}, {"<": [{"var": "age"}, 30]}]}));
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn to_json_logic(&self, catalog: &Catalog) -> Result<serde_json::Value, Diagnostics> {
        export::write(self, catalog, &write::Rule { catalog })
    }
}
