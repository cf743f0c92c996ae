//! Operators and their opposites.

use crate::filter::Operator;

/// The operator without its negation.
pub(super) fn plain_operator(op: Operator) -> Operator {
    match op {
        Operator::Ne => Operator::Eq,
        Operator::NotIn => Operator::In,
        Operator::NotBetween => Operator::Between,
        Operator::NotContains => Operator::Contains,
        Operator::NotStartsWith => Operator::StartsWith,
        Operator::NotEndsWith => Operator::EndsWith,
        Operator::NotMatches => Operator::Matches,
        Operator::HasNone => Operator::HasAny,
        other => other,
    }
}

/// The operator that says exactly the opposite of a plain one, on values that are there.
pub(super) fn negated_operator(op: Operator) -> Option<Operator> {
    Some(match op {
        Operator::Eq => Operator::Ne,
        Operator::In => Operator::NotIn,
        Operator::Between => Operator::NotBetween,
        Operator::Contains => Operator::NotContains,
        Operator::StartsWith => Operator::NotStartsWith,
        Operator::EndsWith => Operator::NotEndsWith,
        Operator::Matches => Operator::NotMatches,
        Operator::HasAny => Operator::HasNone,
        _ => return None,
    })
}

/// The operator that is the complement, on missing values too, when the condition sets no rule of its own.
pub(super) fn opposite(op: Operator) -> Option<Operator> {
    match op {
        Operator::IsSet => Some(Operator::IsNotSet),
        Operator::IsNotSet => Some(Operator::IsSet),
        op if plain_operator(op) != op => Some(plain_operator(op)),
        op => negated_operator(op),
    }
}
