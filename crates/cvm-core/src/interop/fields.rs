//! What is known about the fields that an imported filter names, and the check of each condition as it is made.

use crate::catalog::{Catalog, FieldType};
use crate::check::{Limits, Scope, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Condition, Filter, Missing, Operand, Operator};

/// The fields of a catalog, or of nobody knows what.
#[derive(Clone, Copy)]
pub(super) struct Fields<'c> {
    pub(super) catalog: Option<&'c Catalog>,
}

/// What is known of one field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// Its type; none without a catalog. Places inside documents are of type json.
    pub(super) ty: Option<FieldType>,
    /// Whether its values may be missing.
    pub(super) nullable: bool,
}

impl Fields<'_> {
    /// The field of this name, or a finding.
    pub(super) fn find(&self, name: &str, path: &Path<'_>, out: &mut Diagnostics) -> Option<Known> {
        let Some(catalog) = self.catalog else { return Some(Known { ty: None, nullable: true }) };
        let (field, reference) = Scope::customers(catalog).find(name, path, out)?;
        Some(Known { ty: Some(field.ty.clone()), nullable: field.nullable || !reference.path.is_empty() })
    }

    /// A condition, checked against the catalog. `place` leads from a key of the condition (`field`, `op`, `value`, or
    /// nothing) to the JSON pointer of what it was made of.
    pub(super) fn condition(
        &self,
        condition: Condition,
        place: impl Fn(&str) -> String,
        out: &mut Diagnostics,
    ) -> Option<Filter> {
        let filter = Filter::Condition(condition);
        let Some(catalog) = self.catalog else { return Some(filter) };
        match check(&filter, catalog) {
            Ok(()) => Some(filter),
            Err(findings) => {
                for mut finding in findings.0 {
                    let key = finding.path.split('/').nth(1).unwrap_or_default();
                    if key == "op" {
                        // The names of our operators are not what is to be written there.
                        finding.suggestion = None;
                        finding.help = None;
                    }
                    finding.path = place(key);
                    out.push(finding);
                }
                None
            }
        }
    }
}

/// A condition that says `on_missing` of customers without a value.
pub(super) fn condition(field: &str, op: Operator, value: Option<Operand>, on_missing: bool) -> Condition {
    let missing = match on_missing {
        _ if on_missing == op.on_missing() => None,
        true => Some(Missing::Include),
        false => Some(Missing::Exclude),
    };
    Condition { field: field.to_owned(), op, value, case: crate::filter::Case::Sensitive, missing }
}

/// A finished import, unless it is larger than filters may be.
pub(super) fn within_limits(filter: Filter) -> Result<Filter, Diagnostics> {
    let limits = Limits::default();
    if depth(&filter) > limits.depth {
        let message = format!("the filter would be nested deeper than {} filters", limits.depth);
        return Err(Diagnostic::error(Code::DepthLimit, "", message)
            .help("put groups of the same kind into one")
            .into());
    }
    if filter.node_count() > limits.nodes {
        return Err(too_large("").into());
    }
    Ok(filter)
}

/// The finding for a filter with too many nodes.
pub(super) fn too_large(pointer: impl Into<String>) -> Diagnostic {
    let message = format!("the filter would have more than {} nodes", Limits::default().nodes);
    Diagnostic::error(Code::SizeLimit, pointer, message)
        .help("say conditions on many values as one, with a list of values")
}

fn depth(filter: &Filter) -> usize {
    filter.children().into_iter().map(|(_, child)| depth(child) + 1).max().unwrap_or(0)
}

/// Whether a text may be a date, which a text field, a date field and a timestamp field would take differently.
pub(super) fn looks_like_date(text: &str) -> bool {
    let shape = text.as_bytes().get(..10);
    shape.is_some_and(|shape| {
        shape.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() })
    })
}

/// The finding for a text that may be a date where no catalog says what it is.
pub(super) fn unsettled_date(text: &str, pointer: String) -> Diagnostic {
    Diagnostic::error(Code::InvalidValue, pointer, format!("`{text}` may be a text, a date or an instant"))
        .help("give the catalog, which knows the type of the field")
}
