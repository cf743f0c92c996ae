//! The ways between boxes.

use std::fmt::Write;

use super::node::words;
use super::place::Place;
use super::route::{Ends, HOOK, Obstacles, Route};
use super::text::{coordinate as c, escaped, fitted, length, number};
use crate::model::{Edge, Journey};

/// A way, with how many went it.
#[derive(Debug)]
pub(super) struct Way<'p> {
    edge: &'p Edge,
    ends: Ends,
    route: Route,
    many: Option<u64>,
}

/// The least and the greatest width of a line.
const THIN: f64 = 1.5;
const THICK: f64 = 9.0;

/// The edges whose ends are there.
pub(super) fn ways<'p>(journey: &'p Journey, places: &'p [Place<'p>]) -> Vec<Way<'p>> {
    let find = |id: &str| places.iter().find(|place| place.node.id == id);
    let ends: Vec<(&Edge, &Place<'_>, &Place<'_>)> =
        journey.edges.iter().filter_map(|edge| Some((edge, find(&edge.source)?, find(&edge.target)?))).collect();
    // Ways into one box come in below one another: first those from above, the nearest one first, then those from below, and
    // those that lead back.
    let rank = |edge: &Edge, from: &Place<'_>, to: &Place<'_>| {
        let port = from.port(&edge.source_handle);
        if to.x < from.right() {
            (2, -from.x, port)
        } else if from.middle() <= to.middle() {
            (0, -from.x, port)
        } else {
            (1, from.x, port)
        }
    };
    let mut obstacles = Obstacles::new(places);
    let way = |&(edge, from, to): &(&'p Edge, &Place<'_>, &Place<'_>)| {
        let own = rank(edge, from, to);
        let into = ends.iter().filter(|(_, _, other)| std::ptr::eq(*other, to));
        let (before, all) = into
            .fold((0, 0), |(before, all), (edge, from, to)| (before + u32::from(rank(edge, from, to) < own), all + 1));
        let to_y = to.y + to.height * f64::from(before + 1) / f64::from(all + 1);
        let ends = Ends { x: from.right(), y: from.port(&edge.source_handle), to_x: to.x, to_y };
        let many = from.flow.map(|flow| flow.left.get(&edge.source_handle).copied().unwrap_or(0));
        Way { edge, ends, route: obstacles.route(ends), many }
    };
    ends.iter().map(way).collect()
}

impl Way<'_> {
    /// How far to the right, and how far down it is drawn.
    pub(super) fn extent(&self) -> (f64, f64) {
        let label = self.said().map_or(0.0, |said| 10.0 + pill(&said));
        match self.route {
            Route::Under(height) => (self.ends.x + label.max(HOOK), height + THICK),
            _ => (self.ends.x + label, self.ends.y),
        }
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
        let path = self.route.path(Ends { to_x: self.ends.to_x - long + 2.0, ..self.ends });
        let _ = write!(out, r#"<path d="{path}" stroke-width="{}"/>"#, c(width));
        let tip = format!("M{} {}l-{} -{}v{}z", c(self.ends.to_x), c(self.ends.to_y), c(long), c(half), c(half * 2.0));
        let _ = writeln!(out, r#"<path class="tip" d="{tip}"/></g>"#);
    }

    /// Writes what is said of it beside where it leaves.
    pub(super) fn label(&self, out: &mut String) {
        let Some(said) = self.said() else { return };
        let (x, y, width) = (self.ends.x + 10.0, self.ends.y, pill(&said));
        let _ = write!(
            out,
            r#"<rect class="pill" x="{}" y="{}" width="{}" height="18" rx="9"/>"#,
            c(x),
            c(y - 9.0),
            c(width)
        );
        words(out, "outcome", x + 7.0, y + 4.0, &said);
        out.push('\n');
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

/// How wide a label is.
fn pill(said: &str) -> f64 {
    length(said, 11.0) + 14.0
}
