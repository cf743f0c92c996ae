//! Checking: every finding at once, each with code, place and suggestion. The same walk resolves a filter into a
//! [`Predicate`], so that what is checked is what is run.

mod behaviour;
mod compare;
pub(crate) mod literal;
pub(crate) mod lone;
mod measure;
mod node;
mod number;
mod population;
mod scope;
mod segment;
mod temporal;
mod text;
pub(crate) mod time;

pub(crate) use segment::segments;

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostics, Path};
use crate::filter::{Filter, MAX_DEPTH};
use crate::predicate::Predicate;
use crate::value::Timestamp;
pub(crate) use scope::Scope;

/// How large a filter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Filters inside filters.
    pub depth: usize,
    /// Nodes in all, those of referenced segments included once they are put in place.
    pub nodes: usize,
    /// Values in one list.
    pub list: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: MAX_DEPTH, nodes: 10_000, list: 100_000 }
    }
}

/// Checks a filter against a catalog, with the default limits.
///
/// # Errors
/// Every finding: each has a stable code, the JSON pointer of the node, a message and, where there is one, a
/// suggestion.
///
/// ```
/// use cvm_core::{Catalog, Code, check};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "total_spent", "type": "decimal(10,2)"}]}}"#)?;
/// let findings = check(&"total_spend > 100 and id = 'x'".parse()?, &catalog).expect_err("two mistakes");
/// assert_eq!(findings.0[0].code, Code::UnknownField);
/// assert_eq!(findings.0[0].suggestion.as_deref(), Some("total_spent"));
/// assert_eq!(findings.0[1].path, "/children/1/value");
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
pub fn check(filter: &Filter, catalog: &Catalog) -> Result<(), Diagnostics> {
    check_with(filter, catalog, &Limits::default())
}

/// Checks a filter against a catalog, with limits of your own.
///
/// # Errors
/// As [`check`](fn@check).
pub fn check_with(filter: &Filter, catalog: &Catalog, limits: &Limits) -> Result<(), Diagnostics> {
    let mut out = Diagnostics::default();
    check_at(filter, catalog, limits, &Path::ROOT, &mut out);
    out.or(())
}

fn check_at(filter: &Filter, catalog: &Catalog, limits: &Limits, path: &Path<'_>, out: &mut Diagnostics) {
    let mut checker = Checker::new(catalog, CHECK_INSTANT, *limits, false);
    checker.node(filter, &Scope::customers(catalog), path, 0, out);
}

/// Checks and resolves; what can't be run yet is a finding too.
pub(crate) fn resolve(filter: &Filter, catalog: &Catalog, as_of: Timestamp) -> Result<Predicate, Diagnostics> {
    let mut out = Diagnostics::default();
    let mut checker = Checker::new(catalog, as_of.micros(), Limits::default(), true);
    let predicate = checker.node(filter, &Scope::customers(catalog), &Path::ROOT, 0, &mut out);
    match predicate {
        Some(predicate) if !out.has_errors() => Ok(predicate),
        _ => Err(out),
    }
}

/// Where relative times are tried out when a filter is only checked: 2024-01-01, with room on both sides.
pub(crate) const CHECK_INSTANT: i64 = 1_704_067_200_000_000;

/// One walk over a filter.
pub(crate) struct Checker<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) clock: time::Clock,
    limits: Limits,
    /// Whether a predicate is wanted, with segments put in place, or findings only.
    resolving: bool,
    /// Nodes seen, for the limit.
    nodes: usize,
    /// The number of the node that is being looked at, in [`Filter::nodes`]; fixed inside segments.
    at: usize,
    /// The segments that are being put in place.
    segments: Vec<&'c str>,
}

impl<'c> Checker<'c> {
    fn new(catalog: &'c Catalog, as_of: i64, limits: Limits, resolving: bool) -> Self {
        // An instant out of range can't be made: `Timestamp` guards it.
        let as_of = Timestamp::from_micros(as_of).unwrap_or_else(|| Timestamp::from_jiff(jiff::Timestamp::UNIX_EPOCH));
        Self {
            catalog,
            clock: time::Clock::new(as_of, catalog),
            limits,
            resolving,
            nodes: 0,
            at: 0,
            segments: Vec::new(),
        }
    }
}
