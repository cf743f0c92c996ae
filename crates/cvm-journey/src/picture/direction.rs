//! Which way a picture is read: to the right or down. Ways are found along that direction and aside from it, whichever it is.

use super::place::{Place, WIDTH};
use super::text::coordinate;
use crate::model::Journey;

/// Where customers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Right,
    Down,
}

/// A box along the direction, and aside from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) near: f64,
    pub(super) far: f64,
}

impl Extent {
    /// The middle aside from the direction.
    pub(super) fn middle(self) -> f64 {
        f64::midpoint(self.near, self.far)
    }
}

impl Direction {
    /// The direction in which most of the edges lead.
    pub(super) fn of(journey: &Journey, places: &[Place<'_>]) -> Self {
        let find = |id: &str| places.iter().find(|place| place.node.id == id);
        let ends = journey.edges.iter().filter_map(|edge| Some((find(&edge.source)?, find(&edge.target)?)));
        let (right, down) = ends.fold((0, 0), |(right, down), (from, to)| {
            let steeper = (to.y - from.y).abs() > (to.x - from.x).abs();
            if steeper { (right, down + 1) } else { (right + 1, down) }
        });
        if down > right { Self::Down } else { Self::Right }
    }

    /// Least room between boxes: to the right and down. Labels need some where ways leave.
    pub(super) const fn gaps(self) -> (f64, f64) {
        match self {
            Self::Right => (124.0, 36.0),
            Self::Down => (48.0, 92.0),
        }
    }

    /// The room that a way needs to come to another place aside.
    pub(super) const fn turn(self) -> f64 {
        match self {
            Self::Right => 110.0,
            Self::Down => 84.0,
        }
    }

    pub(super) fn extent(self, place: &Place<'_>) -> Extent {
        match self {
            Self::Right => Extent { from: place.x, to: place.right(), near: place.y, far: place.bottom() },
            Self::Down => Extent { from: place.y, to: place.bottom(), near: place.x, far: place.right() },
        }
    }

    /// Where, between the sides of a box, the way of this number of so many is.
    pub(super) fn port(self, place: &Place<'_>, number: f64, all: f64) -> f64 {
        match self {
            Self::Right => place.y + place.height * (number + 1.0) / (all + 1.0),
            // Labels stand beside one another.
            Self::Down => place.x + WIDTH * (number + 0.5) / all,
        }
    }

    /// A point to the right and down.
    pub(super) const fn point(self, along: f64, aside: f64) -> (f64, f64) {
        match self {
            Self::Right => (along, aside),
            Self::Down => (aside, along),
        }
    }

    /// The same as SVG has it.
    pub(super) fn written(self, along: f64, aside: f64) -> String {
        let (x, y) = self.point(along, aside);
        format!("{} {}", coordinate(x), coordinate(y))
    }
}
