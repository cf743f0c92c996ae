//! `and`, `or` and `if` as values: one of several results, each for some of the customers.

use super::js::Js;
use super::rule::{Arguments, Reader, Scope};
use super::term::{Case, Term};
use crate::diagnostic::{Diagnostics, Path};
use crate::filter::Filter;
use crate::interop::fields::too_large;
use crate::interop::group::{all, not};

/// How many results one part may have.
const MAX_CASES: usize = 64;

impl Reader<'_> {
    /// `and` and `or` as values: the first argument that decides, or the last.
    pub(super) fn first(
        &self,
        or: bool,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Vec<Case>> {
        let values = arguments.map(0, |json, path| self.value(json, scope, path, out))?;
        let last = values.len().saturating_sub(1);
        let mut cases = Vec::new();
        let mut undecided = Filter::Everyone;
        for (i, value) in values.into_iter().enumerate() {
            let truth = self.truth_of_cases(value.clone(), arguments.path(), out)?;
            let decided = if or { truth } else { not(truth) };
            let guard = if i == last { undecided.clone() } else { all(vec![undecided.clone(), decided.clone()]) };
            self.under(&guard, value, &mut cases, arguments.path(), out)?;
            undecided = all(vec![undecided, not(decided)]);
            self.spend(undecided.node_count(), arguments.path(), out)?;
        }
        Some(cases)
    }

    /// `if` as a value.
    pub(super) fn choice(
        &self,
        arguments: &Arguments<'_, '_, '_>,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Vec<Case>> {
        let values = arguments.map(0, |json, path| self.value(json, scope, path, out))?;
        let mut values = values.into_iter();
        let mut cases = Vec::new();
        let mut left = Filter::Everyone;
        loop {
            match (values.next(), values.next()) {
                (Some(condition), Some(then)) => {
                    let truth = self.truth_of_cases(condition, arguments.path(), out)?;
                    let guard = all(vec![left.clone(), truth.clone()]);
                    self.under(&guard, then, &mut cases, arguments.path(), out)?;
                    left = all(vec![left, not(truth)]);
                    self.spend(left.node_count(), arguments.path(), out)?;
                }
                (otherwise, _) => {
                    let otherwise = otherwise.unwrap_or_else(|| Case::only(Term::Known(Js::Null)));
                    self.under(&left, otherwise, &mut cases, arguments.path(), out)?;
                    return Some(cases);
                }
            }
        }
    }

    /// Adds cases that hold under a guard only.
    fn under(
        &self,
        guard: &Filter,
        value: Vec<Case>,
        cases: &mut Vec<Case>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<()> {
        for case in value {
            let guard = all(vec![guard.clone(), case.guard]);
            self.spend(guard.node_count(), path, out)?;
            if guard != Filter::Nobody {
                cases.push(Case { guard, term: case.term });
            }
        }
        if cases.len() > MAX_CASES {
            out.push(too_large(path.pointer()));
            return None;
        }
        Some(())
    }
}
