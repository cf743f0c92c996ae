//! Makes filters smaller without changing their members, and says what it did.
//!
//! The rules are set algebra: they hold because every leaf is two-valued and `not` is the complement. Conditions on one
//! field become sets of values (`domain`), so that ranges, lists, prefixes and what is said of missing values are
//! brought together in one pass. The result is never larger than the input, in leaves and in nodes, and optimising it
//! again changes nothing.
//!
//! What the catalog says is used where it is sound: types, fields that are never missing, and the values of an `enum`,
//! which filters are held to as well. `min` and `max` are facts about the data that was looked at, not promises, so
//! they are used only on request ([`OptimizeOptions::trust_ranges`]).

mod absorb;
mod condition;
mod context;
mod decide;
mod direct;
mod domain;
mod fingerprint;
mod inner;
mod merge;
mod minimize;
mod operator;
mod pass;
mod print;
mod read;
mod relate;
mod relative;
mod scale;
mod simplify;
mod spell;
mod subject;
mod table;
mod world;

pub use decide::{Answer, Counterexample, disjoint, equivalent, implies};
pub use fingerprint::Fingerprint;

use std::borrow::Cow;

use pass::Round;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::filter::Filter;
use crate::value::Timestamp;

/// A filter and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Optimized {
    /// The smaller filter: the same members.
    pub filter: Filter,
    /// What was done, in order, for people.
    pub trace: Vec<Rewrite>,
}

/// One rewrite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rewrite {
    /// The rule's name.
    pub rule: &'static str,
    /// What it did, in a sentence.
    pub message: String,
}

/// What an optimisation may go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptimizeOptions {
    /// Settles relative times at this instant, so that they can be compared with dates. The result then holds at that
    /// instant only. Without one, relative times stay relative.
    pub as_of: Option<Timestamp>,
    /// Puts the filters of segments in the place of references to them. They are references to whoever the segment
    /// selects later on too, so the default is to leave them.
    pub inline_segments: bool,
    /// Takes the `enum` of a field as the only values that it has.
    pub trust_enums: bool,
    /// Takes `min` and `max` of a field (a whole number, decimal or date) as promises.
    pub trust_ranges: bool,
}

impl Default for OptimizeOptions {
    fn default() -> Self {
        Self { as_of: None, inline_segments: false, trust_enums: true, trust_ranges: false }
    }
}

/// Optimises a filter.
///
/// A filter with findings is not made smaller: it comes back as it is. [`check`](fn@crate::check) it first.
///
/// ```
/// use cvm_core::{Catalog, optimize};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false},
///     {"name": "age", "type": "int"}, {"name": "city", "type": "string"}]}}"#)?;
///
/// let result = optimize(&"age > 30 and (age > 20 or city = 'Paris')".parse()?, &catalog);
/// assert_eq!(result.filter.to_string(), "age > 30");
/// assert_eq!(result.trace[0].message, "dropped age > 20: implied by age > 30");
///
/// let result = optimize(&"age in (30, 31) or age between 32 and 40".parse()?, &catalog);
/// assert_eq!(result.filter.to_string(), "age between 30 and 40");
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[must_use]
pub fn optimize(filter: &Filter, catalog: &Catalog) -> Optimized {
    optimize_with(filter, catalog, &OptimizeOptions::default())
}

/// Optimises a filter, with options.
///
/// ```
/// use cvm_core::optimize::{OptimizeOptions, optimize_with};
/// use cvm_core::{Catalog, Timestamp};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false}, {"name": "joined", "type": "date"}]}}"#)?;
/// let filter = "joined within last 30 days and joined >= '2024-01-01'".parse()?;
///
/// // Which of the two is stricter depends on the day, so nothing is dropped …
/// assert_eq!(optimize_with(&filter, &catalog, &OptimizeOptions::default()).filter, filter);
/// // … but for a given day.
/// let options = OptimizeOptions { as_of: Timestamp::parse_utc("2024-06-01T12:00:00Z"), ..Default::default() };
/// let result = optimize_with(&filter, &catalog, &options);
/// assert_eq!(result.filter.to_string(), "joined within last 30 days");
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[must_use]
pub fn optimize_with(filter: &Filter, catalog: &Catalog, options: &OptimizeOptions) -> Optimized {
    let mut trace = Vec::new();
    let mut current = Cow::Borrowed(filter);
    if options.inline_segments
        && let Some(inlined) = inner::inline(filter, catalog, &mut trace)
    {
        current = Cow::Owned(inlined);
    }
    for _ in 0..ROUNDS {
        let Some(Round { filter, settled }) = pass::round(&current, catalog, None, options, &mut trace) else { break };
        current = Cow::Owned(filter);
        if settled {
            break;
        }
    }
    Optimized { filter: current.into_owned(), trace }
}

const ROUNDS: usize = 12;
