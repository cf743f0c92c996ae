//! Negation normal form: every `Not` pushed into the leaves.

use super::{Leaf, Predicate, SegmentTest};

impl Predicate {
    /// The same predicate without [`Predicate::Not`], and with constants folded away from groups.
    ///
    /// Turning a leaf round turns both its verdicts round, on values that are there and on missing ones: the
    /// complement loses nobody.
    #[must_use]
    pub fn normalized(self) -> Self {
        self.push(false)
    }

    fn push(self, negate: bool) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(value != negate),
            Self::Not(child) => child.push(!negate),
            Self::All(children) => group(children, negate, !negate),
            Self::Any(children) => group(children, negate, negate),
            Self::AtLeast(n, children) => {
                let size = children.len();
                let n = if negate { (size + 1).saturating_sub(n) } else { n };
                let children: Vec<Self> = children.into_iter().map(|child| child.push(negate)).collect();
                match n {
                    0 => Self::Constant(true),
                    _ if n > size => Self::Constant(false),
                    _ => Self::AtLeast(n, children),
                }
            }
            Self::Leaf(leaf) if negate => {
                Self::Leaf(Leaf { negated: !leaf.negated, on_missing: !leaf.on_missing, ..leaf })
            }
            Self::Measured(mut measured) if negate => {
                measured.negated = !measured.negated;
                measured.on_missing = !measured.on_missing;
                Self::Measured(measured)
            }
            Self::Segment(segment) => {
                let filter = segment.filter.push(negate);
                Self::Segment(Box::new(SegmentTest { negated: segment.negated != negate, filter, ..*segment }))
            }
            Self::Fact(mut fact) => {
                fact.negated ^= negate;
                Self::Fact(fact)
            }
            leaf @ (Self::Leaf(_) | Self::Measured(_)) => leaf,
        }
    }
}

/// A group whose children are pushed; `all` says which kind comes out.
fn group(children: Vec<Predicate>, negate: bool, all: bool) -> Predicate {
    let mut kept = Vec::with_capacity(children.len());
    for child in children {
        match child.push(negate) {
            // The neutral constant goes; the other one decides.
            Predicate::Constant(value) if value == all => {}
            Predicate::Constant(value) => return Predicate::Constant(value),
            other => kept.push(other),
        }
    }
    match (kept.pop(), kept.is_empty()) {
        (None, _) => Predicate::Constant(all),
        (Some(only), true) => only,
        (Some(last), false) => {
            kept.push(last);
            if all { Predicate::All(kept) } else { Predicate::Any(kept) }
        }
    }
}
