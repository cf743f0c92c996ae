//! `and` and `or`: flatten, fold constants, drop repeats, see contradictions.

use super::{Rewrite, negate, note, rewrite as rewrite_node};
use crate::filter::Filter;

/// The optimised group; `all` is `and`, else `or`.
pub(super) fn rewrite(children: Vec<Filter>, all: bool, trace: &mut Vec<Rewrite>) -> Filter {
    let word = if all { "and" } else { "or" };
    let mut kept: Vec<Filter> = Vec::with_capacity(children.len());
    for child in children {
        match (rewrite_node(child, trace), all) {
            (Filter::And { children: inner }, true) | (Filter::Or { children: inner }, false) => {
                note(trace, "flatten", format!("took {} filters out of an inner `{word}`", inner.len()));
                kept.extend(inner);
            }
            (Filter::Everyone, true) => note(trace, "constant", "dropped `everyone` from `and`".to_owned()),
            (Filter::Nobody, false) => note(trace, "constant", "dropped `nobody` from `or`".to_owned()),
            (Filter::Nobody, true) => {
                note(trace, "constant", "`nobody` inside `and`: nobody".to_owned());
                return Filter::Nobody;
            }
            (Filter::Everyone, false) => {
                note(trace, "constant", "`everyone` inside `or`: everyone".to_owned());
                return Filter::Everyone;
            }
            (other, _) => kept.push(other),
        }
    }
    let mut unique: Vec<Filter> = Vec::with_capacity(kept.len());
    for child in kept {
        if unique.contains(&child) {
            note(trace, "duplicate", format!("dropped a repeated {child}"));
        } else {
            unique.push(child);
        }
    }
    // A filter beside its own complement: together nobody, either of them everyone.
    for child in &unique {
        let complement = negate(child.clone(), &mut Vec::new());
        if unique.contains(&complement) {
            let (verb, result) = if all { ("contradict", Filter::Nobody) } else { ("cover", Filter::Everyone) };
            let what = if all { "each other: nobody" } else { "every case: everyone" };
            note(trace, "complement", format!("{child} and {complement} {verb} {what}"));
            return result;
        }
    }
    match (unique.pop(), unique.is_empty()) {
        (None, _) => {
            if all {
                Filter::Everyone
            } else {
                Filter::Nobody
            }
        }
        (Some(only), true) => only,
        (Some(last), false) => {
            unique.push(last);
            if all { Filter::And { children: unique } } else { Filter::Or { children: unique } }
        }
    }
}
