//! The ways between boxes.

use std::fmt::Write;

use super::direction::Direction;
use super::node::words;
use super::place::Place;
use super::route::{Ends, HOOK, Obstacles, Route};
use super::text::{coordinate as c, escaped, fitted, length, number};
use crate::model::{Edge, Journey};

/// A way, with how many went it.
#[derive(Debug)]
pub(super) struct Way<'p> {
    edge: &'p Edge,
    direction: Direction,
    ends: Ends,
    route: Route,
    many: Option<u64>,
    /// Whether the label stands lower than those beside it.
    lower: bool,
}

/// The least and the greatest width of a line.
const THIN: f64 = 1.5;
const THICK: f64 = 9.0;
/// The height of labels.
const PILL: f64 = 18.0;

/// The edges whose ends are there.
pub(super) fn ways<'p>(journey: &'p Journey, direction: Direction, places: &'p [Place<'p>]) -> Vec<Way<'p>> {
    let find = |id: &str| places.iter().find(|place| place.node.id == id);
    let ends: Vec<(&Edge, &Place<'_>, &Place<'_>)> =
        journey.edges.iter().filter_map(|edge| Some((edge, find(&edge.source)?, find(&edge.target)?))).collect();
    // Ways into one box come in beside one another: first those from the near side, the nearest one first, then those from the
    // far side, and those that lead back.
    let rank = |edge: &Edge, from: &Place<'_>, to: &Place<'_>| {
        let (number, _) = from.outcome(&edge.source_handle);
        let (from, to) = (direction.extent(from), direction.extent(to));
        if to.from < from.to {
            (2, -from.from, number)
        } else if from.middle() <= to.middle() {
            (0, -from.from, number)
        } else {
            (1, from.from, number)
        }
    };
    let mut obstacles = Obstacles::new(direction, places);
    let way = |&(edge, from, to): &(&'p Edge, &Place<'_>, &Place<'_>)| {
        let own = rank(edge, from, to);
        let into = ends.iter().filter(|(_, _, other)| std::ptr::eq(*other, to));
        let (before, all) = into
            .fold((0, 0), |(before, all), (edge, from, to)| (before + u32::from(rank(edge, from, to) < own), all + 1));
        let (number, ports) = from.outcome(&edge.source_handle);
        let ends = Ends {
            along: direction.extent(from).to,
            aside: direction.port(from, number, ports),
            to_along: direction.extent(to).from,
            to_aside: direction.port(to, f64::from(before), f64::from(all)),
        };
        let many = from.flow.map(|flow| flow.left.get(&edge.source_handle).copied().unwrap_or(0));
        // Narrow labels have room beside one another; of three and more every other one stands lower.
        let lower = direction == Direction::Down && ports > 2.0 && number % 2.0 > 0.5;
        Way { edge, direction, ends, route: obstacles.route(ends), many, lower }
    };
    ends.iter().map(way).collect()
}

impl Way<'_> {
    /// How far to the right, and how far down it is drawn.
    pub(super) fn extent(&self) -> (f64, f64) {
        let (x, y, width) = self.said().map_or((0.0, 0.0, 0.0), |said| self.pill(&said));
        let aside = if let Route::Beside(lane) = self.route { lane + THICK } else { 0.0 };
        let along = if aside > 0.0 { self.ends.along + HOOK } else { 0.0 };
        let (right, low) = self.direction.point(along, aside);
        (right.max(x + width), low.max(y + PILL))
    }

    /// Draws the line, as wide as the share of `all` that went it.
    pub(super) fn line(&self, all: u64, out: &mut String) {
        #[expect(clippy::cast_precision_loss, reason = "a width on a screen")]
        let share = self.many.map_or(0.0, |many| (many as f64 / all.max(1) as f64).min(1.0));
        let width = THIN + (THICK - THIN) * share;
        let class = if self.many == Some(0) { "way idle" } else { "way" };
        let many = self.many.map_or_else(String::new, |many| format!(": {}", number(many)));
        let [from, outcome, to] =
            [&self.edge.source, &self.edge.source_handle, &self.edge.target].map(|name| escaped(name));
        let _ = write!(out, r#"<g class="{class}"><title>{from} – {outcome} → {to}{many}</title>"#);
        let (half, long) = (4.5 + width / 3.0, 9.0 + width / 3.0);
        // The line ends where the arrow begins.
        let path = self.route.path(Ends { to_along: self.ends.to_along - long + 2.0, ..self.ends }, self.direction);
        let _ = write!(out, r#"<path d="{path}" stroke-width="{}"/>"#, c(width));
        let corner =
            |back: f64, aside: f64| self.direction.written(self.ends.to_along - back, self.ends.to_aside + aside);
        let tip = format!("M{}L{}L{}z", corner(0.0, 0.0), corner(long, -half), corner(long, half));
        let _ = writeln!(out, r#"<path class="tip" d="{tip}"/></g>"#);
    }

    /// Writes what is said of it beside where it leaves.
    pub(super) fn label(&self, out: &mut String) {
        let Some(said) = self.said() else { return };
        let (x, y, width) = self.pill(&said);
        let _ = write!(
            out,
            r#"<rect class="pill" x="{}" y="{}" width="{}" height="{PILL}" rx="9"/>"#,
            c(x),
            c(y),
            c(width)
        );
        words(out, "outcome", x + 7.0, y + 13.0, &said);
        out.push('\n');
    }

    /// Where the label stands, and how wide it is.
    fn pill(&self, said: &str) -> (f64, f64, f64) {
        let width = length(said, 11.0) + 14.0;
        let (x, y) = self.direction.point(self.ends.along, self.ends.aside);
        match self.direction {
            Direction::Right => (x + 10.0, y - PILL / 2.0, width),
            Direction::Down => (x - width / 2.0, y + if self.lower { 30.0 } else { 8.0 }, width),
        }
    }

    /// The outcome and how many took it. `next` goes without saying.
    fn said(&self) -> Option<String> {
        let outcome = if self.edge.source_handle == "next" { "" } else { self.edge.source_handle.as_str() };
        let outcome = fitted(outcome, 64.0, 11.0);
        let many = self.many.map(number).unwrap_or_default();
        let said = [outcome, many].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
        (!said.is_empty()).then_some(said)
    }
}
