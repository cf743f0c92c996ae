//! A filter as a formula over the bits of its conditions.

use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter};

use super::rows::holds;

/// What is made of conditions, which are named by their numbers.
#[derive(Debug, Clone)]
pub(super) enum Formula {
    Constant(bool),
    Leaf(usize),
    Not(Box<Formula>),
    All(Box<[Formula]>),
    Any(Box<[Formula]>),
    AtLeast(usize, Box<[Formula]>),
}

impl Formula {
    /// Cuts a filter that was checked; segments of the catalog are put in place. `leaf` gives a condition its number.
    pub(super) fn of(
        filter: &Filter,
        catalog: &Catalog,
        leaf: &mut impl FnMut(&Filter) -> Result<usize, Diagnostics>,
    ) -> Result<Self, Diagnostics> {
        let mut all = |children: &[Filter]| -> Result<Box<[Self]>, Diagnostics> {
            children.iter().map(|child| Self::of(child, catalog, leaf)).collect()
        };
        Ok(match filter {
            Filter::Everyone => Self::Constant(true),
            Filter::Nobody => Self::Constant(false),
            Filter::And { children } => Self::All(all(children)?),
            Filter::Or { children } => Self::Any(all(children)?),
            Filter::AtLeast { n, children } => Self::AtLeast(*n as usize, all(children)?),
            Filter::Not { child } => Self::Not(Box::new(Self::of(child, catalog, leaf)?)),
            Filter::Segment(named) => {
                let Some(segment) = catalog.segment(&named.segment) else {
                    let message = format!("no segment `{}`", named.segment);
                    return Err(Diagnostic::error(Code::UnknownSegment, "", message).into());
                };
                Self::of(&segment.filter, catalog, leaf)?
            }
            other => Self::Leaf(leaf(other)?),
        })
    }

    /// The verdict on a customer with these bits.
    pub(super) fn holds(&self, row: &[u64]) -> bool {
        match self {
            Self::Leaf(leaf) => holds(row, *leaf),
            Self::All(children) => children.iter().all(|child| child.holds(row)),
            Self::Any(children) => children.iter().any(|child| child.holds(row)),
            Self::Not(child) => !child.holds(row),
            Self::AtLeast(n, children) => children.iter().filter(|child| child.holds(row)).take(*n).count() == *n,
            Self::Constant(value) => *value,
        }
    }

    /// Adds the numbers of its conditions to `found`, each once.
    pub(super) fn leaves(&self, found: &mut Vec<usize>) {
        match self {
            Self::Constant(_) => {}
            Self::Leaf(leaf) if found.contains(leaf) => {}
            Self::Leaf(leaf) => found.push(*leaf),
            Self::Not(child) => child.leaves(found),
            Self::All(children) | Self::Any(children) | Self::AtLeast(_, children) => {
                children.iter().for_each(|child| child.leaves(found));
            }
        }
    }
}
