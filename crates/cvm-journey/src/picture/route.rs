//! How a way goes around the boxes between its ends.

use super::place::{Place, WIDTH};
use super::text::coordinate as c;

/// From the right side of a box to the left side of another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) to_x: f64,
    pub(super) to_y: f64,
}

/// How it goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Route {
    /// In one curve.
    Curve,
    /// At the beginning to the height of its end, then level.
    Early,
    /// Level, then to the height of its end.
    Late,
    /// Level at this height, below the boxes.
    Under(f64),
}

/// The room that a way needs to change its height.
const TURN: f64 = 110.0;
/// How far ways that lead back stand out beside the boxes.
pub(super) const HOOK: f64 = 48.0;

/// What is in the way.
#[derive(Debug)]
pub(super) struct Obstacles<'p, 'j> {
    places: &'p [Place<'j>],
    /// Ways below boxes that were drawn: from, to, height.
    lanes: Vec<(f64, f64, f64)>,
}

impl<'p, 'j> Obstacles<'p, 'j> {
    pub(super) const fn new(places: &'p [Place<'j>]) -> Self {
        Self { places, lanes: Vec::new() }
    }

    pub(super) fn route(&mut self, ends: Ends) -> Route {
        let Ends { x, y, to_x, to_y } = ends;
        if to_x < x + 24.0 {
            return self.under(ends);
        }
        if to_x - x < 1.25 * WIDTH {
            return Route::Curve;
        }
        if self.clear(x + TURN, to_x - 1.0, to_y) {
            Route::Early
        } else if self.clear(x + 1.0, to_x - TURN, y) {
            Route::Late
        } else {
            self.under(ends)
        }
    }

    /// Whether no box stands on a level line.
    fn clear(&self, from: f64, to: f64, height: f64) -> bool {
        self.box_at(from, to, height).is_none()
    }

    fn box_at(&self, from: f64, to: f64, height: f64) -> Option<&Place<'j>> {
        self.places.iter().find(|place| {
            let beside = place.right() < from || place.x > to;
            !beside && place.y - 10.0 < height && height < place.bottom() + 13.5
        })
    }

    /// The nearest free height below both ends.
    fn under(&mut self, ends: Ends) -> Route {
        let (left, right) = (ends.x.min(ends.to_x) - HOOK, ends.x.max(ends.to_x) + HOOK);
        let mut height = ends.y.max(ends.to_y) + 14.0;
        // Each turn leaves one box or way behind for good.
        loop {
            let lane =
                |(from, to, other): &&(f64, f64, f64)| *to >= left && *from <= right && (*other - height).abs() < 13.5;
            if let Some(place) = self.box_at(left, right, height) {
                height = place.bottom() + 14.0;
            } else if let Some((_, _, other)) = self.lanes.iter().find(lane) {
                height = other + 14.0;
            } else {
                break;
            }
        }
        self.lanes.push((left, right, height));
        Route::Under(height)
    }
}

impl Route {
    /// The line as SVG has it.
    pub(super) fn path(self, ends: Ends) -> String {
        let Ends { x, y, to_x, to_y } = ends;
        let curve = |x: f64, y: f64, to_x: f64, to_y: f64| {
            let bend = (to_x - x) / 2.0;
            format!("C{} {} {} {} {} {}", c(x + bend), c(y), c(to_x - bend), c(to_y), c(to_x), c(to_y))
        };
        let start = format!("M{} {}", c(x), c(y));
        match self {
            Self::Curve => start + &curve(x, y, to_x, to_y),
            Self::Early => format!("{start}{}H{}", curve(x, y, x + TURN, to_y), c(to_x)),
            Self::Late => format!("{start}H{}{}", c(to_x - TURN), curve(to_x - TURN, y, to_x, to_y)),
            Self::Under(height) if to_x > x + 2.0 * TURN => {
                let level = format!("H{}", c(to_x - TURN));
                start + &curve(x, y, x + TURN, height) + &level + &curve(to_x - TURN, height, to_x, to_y)
            }
            // Back: out to the right, down, level to the left, up, in from the left.
            Self::Under(height) => {
                let (out, into) = (x + HOOK, to_x - HOOK);
                format!(
                    "{start}C{out} {y} {out} {height} {} {height}H{}C{into} {height} {into} {to_y} {} {to_y}",
                    c(x + 12.0),
                    c(to_x - 12.0),
                    c(to_x),
                    out = c(out),
                    into = c(into),
                    y = c(y),
                    to_y = c(to_y),
                    height = c(height)
                )
            }
        }
    }
}
