//! Groups without idle nodes: constants decided, groups inside groups of the same kind dissolved.

use crate::filter::{Filter, Operator};

/// Customers whom all select.
pub(super) fn all(children: Vec<Filter>) -> Filter {
    join(children, true)
}

/// Customers whom any selects.
pub(super) fn any(children: Vec<Filter>) -> Filter {
    join(children, false)
}

/// Everybody else.
pub(super) fn not(child: Filter) -> Filter {
    match child {
        Filter::Not { child } => *child,
        Filter::Everyone | Filter::Nobody => constant(child == Filter::Nobody),
        Filter::Condition(mut condition) if matches!(condition.op, Operator::IsSet | Operator::IsNotSet) => {
            condition.op = if condition.op == Operator::IsSet { Operator::IsNotSet } else { Operator::IsSet };
            Filter::Condition(condition)
        }
        child => Filter::Not { child: Box::new(child) },
    }
}

/// Everyone or nobody.
pub(super) fn constant(everyone: bool) -> Filter {
    if everyone { Filter::Everyone } else { Filter::Nobody }
}

fn join(children: Vec<Filter>, all: bool) -> Filter {
    let mut kept = Vec::with_capacity(children.len());
    for child in children {
        match child {
            Filter::Everyone | Filter::Nobody => {
                if (child == Filter::Everyone) != all {
                    return child;
                }
            }
            Filter::And { children } if all => kept.extend(children),
            Filter::Or { children } if !all => kept.extend(children),
            other => kept.push(other),
        }
    }
    match (kept.pop(), kept.is_empty()) {
        (None, _) => constant(all),
        (Some(only), true) => only,
        (Some(last), false) => {
            kept.push(last);
            if all { Filter::And { children: kept } } else { Filter::Or { children: kept } }
        }
    }
}
