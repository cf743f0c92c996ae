//! Finding rankings in a predicate, and putting something else in their place.

use super::{Fact, FactTest, Predicate, RankTest, SegmentTest};

impl Predicate {
    /// The rankings, each with the fact that asks for it, in the order in which [`Predicate::replace_rankings`] meets
    /// them; not those inside other rankings.
    #[must_use]
    pub fn rankings(&self) -> Vec<(&Fact, &RankTest)> {
        match self {
            Self::All(children) | Self::Any(children) | Self::AtLeast(_, children) => {
                children.iter().flat_map(Self::rankings).collect()
            }
            Self::Not(child) => child.rankings(),
            Self::Segment(segment) => segment.filter.rankings(),
            Self::Fact(fact) => match &fact.test {
                FactTest::Rank(rank) => vec![(fact, rank)],
                _ => Vec::new(),
            },
            Self::Constant(_) | Self::Leaf(_) | Self::Measured(_) => Vec::new(),
        }
    }

    /// The same predicate with other ones in place of its rankings.
    #[must_use]
    pub fn replace_rankings(&self, other: &mut impl FnMut(&Fact, &RankTest) -> Self) -> Self {
        match self {
            Self::All(children) => Self::All(children.iter().map(|child| child.replace_rankings(other)).collect()),
            Self::Any(children) => Self::Any(children.iter().map(|child| child.replace_rankings(other)).collect()),
            Self::AtLeast(n, children) => {
                Self::AtLeast(*n, children.iter().map(|child| child.replace_rankings(other)).collect())
            }
            Self::Not(child) => Self::Not(Box::new(child.replace_rankings(other))),
            Self::Segment(segment) => {
                let filter = segment.filter.replace_rankings(other);
                Self::Segment(Box::new(SegmentTest { filter, ..*segment.clone() }))
            }
            Self::Fact(fact) => match &fact.test {
                FactTest::Rank(rank) => other(fact, rank),
                _ => self.clone(),
            },
            Self::Constant(_) | Self::Leaf(_) | Self::Measured(_) => self.clone(),
        }
    }
}
