//! Where `… OR x IS NULL` says nothing: beside a condition that the field is there for.
//!
//! In `x <= 5 AND (x <> 1 OR x IS NULL)` a missing `x` fails the first condition, so the second need not let it pass.
//! Without it the statement is shorter, and the database can use an index on both.

use cvm_core::predicate::{Leaf, Test};
use cvm_core::{Field, FieldType, Predicate};

/// The predicate (in negation normal form, over rows with these fields) where conditions let missing values pass only
/// if that makes a difference.
pub(super) fn without_idle_missing(mut predicate: Predicate, fields: &[Field]) -> Predicate {
    visit(&mut predicate, fields, &mut Vec::new());
    predicate
}

/// `there` are the fields that are not missing wherever the verdict on this part matters.
fn visit(predicate: &mut Predicate, fields: &[Field], there: &mut Vec<usize>) {
    match predicate {
        Predicate::All(children) => {
            let before = there.len();
            for child in &*children {
                if let Predicate::Leaf(leaf) = child {
                    requires(leaf, there);
                }
            }
            children.iter_mut().for_each(|child| visit(child, fields, there));
            there.truncate(before);
        }
        Predicate::Any(children) | Predicate::AtLeast(_, children) => {
            children.iter_mut().for_each(|child| visit(child, fields, there));
        }
        Predicate::Leaf(leaf) if leaf.on_missing && is_plain(leaf, fields) && there.contains(&leaf.field.index) => {
            leaf.on_missing = false;
        }
        _ => {}
    }
}

/// The fields that must be there for a condition to hold.
fn requires(leaf: &Leaf, there: &mut Vec<usize>) {
    if leaf.on_missing || !leaf.field.path.is_empty() {
        return;
    }
    there.push(leaf.field.index);
    if let Test::Field(_, other) = &leaf.test
        && other.path.is_empty()
    {
        there.push(other.index);
    }
}

/// Whether leaving missing values out is what SQL does by itself. A float may be NaN, which is missing and no NULL;
/// lists and documents have rules of their own.
fn is_plain(leaf: &Leaf, fields: &[Field]) -> bool {
    let ty = fields.get(leaf.field.index).map(|field| &field.ty);
    leaf.field.path.is_empty()
        && (matches!(leaf.test, Test::Range(_)) || matches!(&leaf.test, Test::In(values) if !values.is_empty()))
        && !matches!(ty, None | Some(FieldType::Float | FieldType::List(_) | FieldType::Json))
}
