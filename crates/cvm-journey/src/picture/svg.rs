//! The whole picture.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Flow;
use super::edge::ways;
use super::node::{self, words};
use super::place::places;
use super::text::{coordinate as c, escaped, number};
use crate::model::Journey;

/// Room around the picture, and for its name.
const MARGIN: f64 = 32.0;
const HEADING: f64 = 48.0;
/// Pictures are at least so wide.
const LEAST: f64 = 320.0;

/// A picture of a journey as SVG, which browsers, documents and mails show: boxes where `layout` has them (stretched where
/// they would touch), the ways between them, and how many customers went where, if that is known. It is light or dark as
/// whoever looks at it likes.
///
/// ```
/// use std::collections::BTreeMap;
/// use cvm_journey::model::Journey;
/// use cvm_journey::picture::{Flow, svg};
/// let journey = Journey::from_json(r#"{"id": "a", "name": "A & B", "entry": {"trigger": {"type": "api"}},
///     "nodes": [{"id": "in", "type": "entry"}, {"id": "out", "type": "end"}],
///     "edges": [{"id": "1", "source": "in", "sourceHandle": "next", "target": "out"}]}"#)?;
/// let flow = Flow { entered: 1_500, waiting: 0, left: BTreeMap::from([("next".to_owned(), 1_500)]) };
/// let picture = svg(&journey, &BTreeMap::from([("in".to_owned(), flow)]));
/// assert!(picture.starts_with("<svg ") && picture.contains("A &amp; B") && picture.contains("1,500"));
/// # Ok::<(), cvm_journey::Findings>(())
/// ```
#[must_use]
pub fn svg(journey: &Journey, flows: &BTreeMap<String, Flow>) -> String {
    let (direction, places) = places(journey, flows);
    let ways = ways(journey, direction, &places);
    let corners = places.iter().map(|place| (place.right(), place.bottom()));
    let (right, low) = corners
        .chain(ways.iter().map(|way| way.extent()))
        .fold((LEAST, 0.0), |(right, low), (x, y)| (f64::max(right, x), f64::max(low, y)));
    let (width, height) = (right + 2.0 * MARGIN, low + 2.0 * MARGIN + HEADING);
    let entered = journey.entry_node().and_then(|node| flows.get(&node.id)).map(|flow| flow.entered);
    let about = match entered {
        Some(entered) => format!("Version {}, {} entered", journey.version, number(entered)),
        None => format!("Version {}", journey.version),
    };

    let mut out = String::new();
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{name}">
<title>{name}</title>
<desc>{about}. {nodes} nodes, {edges} ways between them.</desc>
<style>{style}</style>
<rect class="paper" width="100%" height="100%"/>"#,
        width = c(width),
        height = c(height),
        name = escaped(&journey.name),
        nodes = journey.nodes.len(),
        edges = journey.edges.len(),
        style = include_str!("style.css"),
    );
    words(&mut out, "heading", MARGIN, MARGIN + 6.0, &journey.name);
    words(&mut out, "what", MARGIN, MARGIN + 26.0, &about);
    let _ = writeln!(out, r#"<g transform="translate({} {})">"#, c(MARGIN), c(MARGIN + HEADING));
    // A way is as wide as its share of the most that was anywhere.
    let all = flows.values().map(|flow| flow.entered.max(flow.out())).max().unwrap_or(0);
    for way in &ways {
        way.line(all, &mut out);
    }
    for place in &places {
        node::draw(place, &mut out);
    }
    // Words last, so that no line crosses them.
    for way in &ways {
        way.label(&mut out);
    }
    out.push_str("</g>\n</svg>\n");
    out
}
