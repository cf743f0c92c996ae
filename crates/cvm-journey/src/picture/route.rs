//! How a way goes around the boxes between its ends.

use super::direction::Direction;
use super::place::Place;

/// From where a way leaves a box to where it comes into another, along the direction of the picture and aside from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) along: f64,
    pub(super) aside: f64,
    pub(super) to_along: f64,
    pub(super) to_aside: f64,
}

/// How it goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Route {
    /// In one curve.
    Curve,
    /// At the beginning aside to where its end is, then straight.
    Early,
    /// Straight, then aside.
    Late,
    /// Beside the boxes, at this place aside.
    Beside(f64),
}

/// How far ways that lead back stand out beyond the boxes.
pub(super) const HOOK: f64 = 48.0;
/// Between boxes and ways, and between two ways; tests are a little less strict, so that rounding can't upset them.
const ROOM: f64 = 14.0;
const TESTED: f64 = 13.5;

/// What is in the way.
#[derive(Debug)]
pub(super) struct Obstacles<'p, 'j> {
    direction: Direction,
    places: &'p [Place<'j>],
    /// Ways beside boxes: from, to, and where aside.
    lanes: Vec<(f64, f64, f64)>,
}

impl<'p, 'j> Obstacles<'p, 'j> {
    pub(super) const fn new(direction: Direction, places: &'p [Place<'j>]) -> Self {
        Self { direction, places, lanes: Vec::new() }
    }

    pub(super) fn route(&mut self, ends: Ends) -> Route {
        let Ends { along, aside, to_along, to_aside } = ends;
        let turn = self.direction.turn();
        if to_along < along + 24.0 {
            self.beside(ends)
        } else if to_along - along < 2.4 * turn {
            Route::Curve
        } else if self.clear(along + turn, to_along - 1.0, to_aside) {
            Route::Early
        } else if self.clear(along + 1.0, to_along - turn, aside) {
            Route::Late
        } else {
            self.beside(ends)
        }
    }

    /// Whether no box stands on a straight line.
    fn clear(&self, from: f64, to: f64, aside: f64) -> bool {
        self.far_side(from, to, aside).is_none()
    }

    /// The far side of a box that stands on a straight line.
    fn far_side(&self, from: f64, to: f64, aside: f64) -> Option<f64> {
        let boxes = self.places.iter().map(|place| self.direction.extent(place));
        let mut hit = boxes.filter(|extent| extent.to >= from && extent.from <= to);
        hit.find(|extent| extent.near - 10.0 < aside && aside < extent.far + TESTED).map(|extent| extent.far)
    }

    /// The nearest free place beyond both ends.
    fn beside(&mut self, ends: Ends) -> Route {
        let (from, to) = (ends.along.min(ends.to_along) - HOOK, ends.along.max(ends.to_along) + HOOK);
        let mut aside = ends.aside.max(ends.to_aside) + ROOM;
        // Each turn leaves one box or way behind for good.
        loop {
            let met = |(begin, end, other): &&(f64, f64, f64)| {
                *end >= from && *begin <= to && (*other - aside).abs() < TESTED
            };
            if let Some(far) = self.far_side(from, to, aside) {
                aside = far + ROOM;
            } else if let Some((_, _, other)) = self.lanes.iter().find(met) {
                aside = other + ROOM;
            } else {
                break;
            }
        }
        self.lanes.push((from, to, aside));
        Route::Beside(aside)
    }
}

impl Route {
    /// The line as SVG has it.
    pub(super) fn path(self, ends: Ends, direction: Direction) -> String {
        let Ends { along, aside, to_along, to_aside } = ends;
        let (turn, at) = (direction.turn(), |along: f64, aside: f64| direction.written(along, aside));
        let curve = |(along, aside): (f64, f64), (to_along, to_aside): (f64, f64)| {
            let half = f64::midpoint(along, to_along);
            format!("C{} {} {}", at(half, aside), at(half, to_aside), at(to_along, to_aside))
        };
        let (begin, end) = ((along, aside), (to_along, to_aside));
        let start = format!("M{}", at(along, aside));
        match self {
            Self::Curve => start + &curve(begin, end),
            Self::Early => format!("{start}{}L{}", curve(begin, (along + turn, to_aside)), at(to_along, to_aside)),
            Self::Late => format!("{start}L{}{}", at(to_along - turn, aside), curve((to_along - turn, aside), end)),
            Self::Beside(lane) if to_along > along + 2.0 * turn => {
                let (first, last) = ((along + turn, lane), (to_along - turn, lane));
                format!("{start}{}L{}{}", curve(begin, first), at(last.0, last.1), curve(last, end))
            }
            // Back: out, aside, back, aside, in.
            Self::Beside(lane) => {
                let (out, into) = (along + HOOK, to_along - HOOK);
                format!(
                    "{start}C{} {} {}L{}C{} {} {}",
                    at(out, aside),
                    at(out, lane),
                    at(along + 12.0, lane),
                    at(to_along - 12.0, lane),
                    at(into, lane),
                    at(into, to_aside),
                    at(to_along, to_aside)
                )
            }
        }
    }
}
