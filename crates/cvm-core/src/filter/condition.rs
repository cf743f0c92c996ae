//! A field compared with a value.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Operand, Operator};

/// A field compared with a value: true or false for every customer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Name of a field; for JSON fields a dotted path, `attributes.plan.tier`.
    pub field: String,
    /// How to compare.
    pub op: Operator,
    /// What to compare with; absent for `is_set`, `is_not_set` and `is_empty`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Operand>,
    /// How letters compare.
    #[serde(default, skip_serializing_if = "Case::is_sensitive")]
    pub case: Case,
    /// What the condition says of customers whose value is missing, where that is not the operator's own rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
}

/// How letters compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// By code point.
    #[default]
    Sensitive,
    /// After Unicode simple case folding.
    Insensitive,
}

impl Case {
    /// The default, which JSON leaves out.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        *self == Self::Sensitive
    }

    pub(crate) const WORDS: &'static [(&'static str, Case)] =
        &[("sensitive", Case::Sensitive), ("insensitive", Case::Insensitive)];
}

/// What a leaf says of customers whose value is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// They are in.
    Include,
    /// They are out.
    Exclude,
}

impl Missing {
    pub(crate) const WORDS: &'static [(&'static str, Missing)] =
        &[("include", Missing::Include), ("exclude", Missing::Exclude)];
}
