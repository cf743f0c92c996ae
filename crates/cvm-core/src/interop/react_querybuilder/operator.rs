//! The operators that the library comes with.

use super::like::Place;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Operator;

/// What a rule asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Asked {
    /// One value.
    Compare(Operator),
    /// `LIKE`, or `NOT LIKE`.
    Like { place: Place, negated: bool },
    /// `IS NULL`, or `IS NOT NULL`.
    Null { negated: bool },
    /// `IN`, or `NOT IN`.
    In { negated: bool },
    /// `BETWEEN`, or `NOT BETWEEN`.
    Between { negated: bool },
}

#[rustfmt::skip]
const OPERATORS: &[(&str, Asked)] = &[
    ("=", Asked::Compare(Operator::Eq)),
    ("!=", Asked::Compare(Operator::Ne)),
    ("<", Asked::Compare(Operator::Lt)),
    (">", Asked::Compare(Operator::Gt)),
    ("<=", Asked::Compare(Operator::Lte)),
    (">=", Asked::Compare(Operator::Gte)),
    ("contains", Asked::Like { place: Place::Inside, negated: false }),
    ("beginsWith", Asked::Like { place: Place::Start, negated: false }),
    ("endsWith", Asked::Like { place: Place::End, negated: false }),
    ("doesNotContain", Asked::Like { place: Place::Inside, negated: true }),
    ("doesNotBeginWith", Asked::Like { place: Place::Start, negated: true }),
    ("doesNotEndWith", Asked::Like { place: Place::End, negated: true }),
    ("null", Asked::Null { negated: false }),
    ("notNull", Asked::Null { negated: true }),
    ("in", Asked::In { negated: false }),
    ("notIn", Asked::In { negated: true }),
    ("between", Asked::Between { negated: false }),
    ("notBetween", Asked::Between { negated: true }),
];

/// The operator of this name; letters compare without case, as the library does it.
pub(super) fn operator(name: &str, path: &Path<'_>, out: &mut Diagnostics) -> Option<Asked> {
    let found = OPERATORS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    if found.is_none() {
        let finding = match name {
            "" | "~" => Diagnostic::error(Code::MissingKey, path.pointer(), "the rule has no operator yet")
                .help("react-querybuilder would drop the rule; delete it or choose an operator"),
            _ => Diagnostic::error(Code::UnknownOperator, path.pointer(), format!("no operator `{name}`")),
        };
        let names: Vec<&str> = OPERATORS.iter().map(|(known, _)| *known).collect();
        out.push(match name {
            "" | "~" => finding,
            "<>" => finding.suggest("!="),
            "==" => finding.suggest("="),
            _ => match finding.suggest_from(name, names.iter().copied()) {
                near if near.suggestion.is_some() => near,
                far => far.help(format!("known: {}", names.join(", "))),
            },
        });
    }
    found.map(|(_, asked)| *asked)
}

/// The operator that is true of a value where `op` is false of it.
pub(super) fn opposite(op: Operator) -> Operator {
    use Operator as O;
    match op {
        O::Eq => O::Ne,
        O::Ne => O::Eq,
        O::Lt => O::Gte,
        O::Gte => O::Lt,
        O::Lte => O::Gt,
        O::Gt => O::Lte,
        O::In => O::NotIn,
        O::NotIn => O::In,
        O::Between => O::NotBetween,
        O::NotBetween => O::Between,
        O::Contains => O::NotContains,
        O::NotContains => O::Contains,
        O::StartsWith => O::NotStartsWith,
        O::NotStartsWith => O::StartsWith,
        O::EndsWith => O::NotEndsWith,
        O::NotEndsWith => O::EndsWith,
        O::Matches => O::NotMatches,
        O::NotMatches => O::Matches,
        O::IsSet => O::IsNotSet,
        O::IsNotSet => O::IsSet,
        other => other,
    }
}
