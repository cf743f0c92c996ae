//! One condition resolved alone, for the optimiser: no walk, no node numbers, no findings kept.

use super::scope::Scope;
use super::{Checker, Limits};
use crate::catalog::{Catalog, Field};
use crate::diagnostic::{Diagnostics, Path};
use crate::filter::Condition;
use crate::predicate::{FieldRef, Test};
use crate::value::Timestamp;

/// Resolves conditions on customers, or on the rows of an event or related table.
pub(crate) struct Lone<'c> {
    checker: Checker<'c>,
    scope: Scope<'c>,
}

impl<'c> Lone<'c> {
    /// Relative times are tried out at a fixed instant where `as_of` is absent: callers then look at whether they are
    /// valid only. `rows` are the fields of an event or related table; the customer's where absent.
    pub(crate) fn new(catalog: &'c Catalog, as_of: Option<Timestamp>, rows: Option<&'c [Field]>) -> Self {
        let instant = as_of.map_or(super::CHECK_INSTANT, Timestamp::micros);
        let scope = match rows {
            Some(fields) => Scope::inner(fields, "table", ""),
            None => Scope::customers(catalog),
        };
        Self { checker: Checker::new(catalog, instant, Limits::default(), true), scope }
    }

    /// The field that a name means, and the place in it.
    pub(crate) fn field(&self, name: &str) -> Option<(&'c Field, FieldRef)> {
        self.scope.find(name, &Path::ROOT, &mut Diagnostics::default())
    }

    /// The test of a condition on a field that was found, and whether it is turned round; `None` where there is a
    /// finding.
    pub(crate) fn test(&self, condition: &Condition, field: &Field) -> Option<(Test, bool)> {
        let mut out = Diagnostics::default();
        let verdict = self.checker.verdict(condition, field, &self.scope, &Path::ROOT, &mut out)?;
        (!out.has_errors()).then_some((verdict.test, verdict.negated))
    }
}
