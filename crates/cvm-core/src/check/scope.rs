//! Which fields a filter can name here.

use crate::catalog::{Catalog, Field, FieldType};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path, nearest};
use crate::predicate::FieldRef;

/// The fields that a filter can name: the customer's, an event's, a related row's.
pub(crate) struct Scope<'c> {
    pub(crate) fields: &'c [Field],
    /// For messages: nothing for customers, ` of the event purchase` for others.
    pub(crate) of: String,
    pub(crate) is_customer: bool,
}

impl<'c> Scope<'c> {
    pub(crate) fn customers(catalog: &'c Catalog) -> Self {
        Self { fields: &catalog.customers.fields, of: String::new(), is_customer: true }
    }

    pub(crate) fn inner(fields: &'c [Field], what: &str, name: &str) -> Self {
        Self { fields, of: format!(" of the {what} `{name}`"), is_customer: false }
    }

    /// The field of this name, or the JSON field that a dotted path goes into; else a finding.
    pub(crate) fn find(&self, name: &str, path: &Path<'_>, out: &mut Diagnostics) -> Option<(&'c Field, FieldRef)> {
        let by_name = |wanted: &str| self.fields.iter().enumerate().find(|(_, field)| field.name == wanted);
        if let Some((index, field)) = by_name(name) {
            return Some((field, FieldRef { index, path: Vec::new() }));
        }
        // The longest field name that the path starts with wins: field names may hold dots themselves.
        for (dot, _) in name.rmatch_indices('.') {
            let Some((head, tail)) = name.split_at_checked(dot) else { continue };
            if let Some((index, field)) = by_name(head) {
                let keys: Vec<String> = tail.split('.').skip(1).map(str::to_owned).collect();
                if field.ty != FieldType::Json {
                    out.push(Diagnostic::error(
                        Code::UnknownField,
                        path.pointer(),
                        format!("`{head}`{} is of type {}; only json fields have parts", self.of, field.ty),
                    ));
                    return None;
                }
                if keys.iter().any(String::is_empty) {
                    out.push(Diagnostic::error(
                        Code::UnknownField,
                        path.pointer(),
                        format!("`{name}` has an empty part"),
                    ));
                    return None;
                }
                return Some((field, FieldRef { index, path: keys }));
            }
        }
        // An alias or a label is no name, but shows what was meant.
        let lower = name.to_lowercase();
        let finding = Diagnostic::error(Code::UnknownField, path.pointer(), format!("no field `{name}`{}", self.of));
        let other_word = self
            .fields
            .iter()
            .find(|field| field.label.iter().chain(&field.aliases).any(|word| word.to_lowercase() == lower));
        // A part of a JSON field whose own name is misspelt.
        let part = name.split_once('.').and_then(|(head, tail)| {
            let documents = self.fields.iter().filter(|field| field.ty == FieldType::Json);
            nearest(head, documents.map(|field| field.name.as_str())).map(|head| format!("{head}.{tail}"))
        });
        out.push(match (other_word, part) {
            (Some(field), _) => finding.suggest(&field.name),
            (None, Some(part)) => finding.suggest(part),
            (None, None) => finding.suggest_from(name, self.fields.iter().map(|field| field.name.as_str())),
        });
        None
    }
}
