//! The box of a node.

use std::fmt::Write;

use super::icon::icon;
use super::place::{Place, WIDTH};
use super::summary::summary;
use super::text::{coordinate as c, escaped, fitted, number};

/// Draws a box: sign, name, what it does, and its numbers.
pub(super) fn draw(place: &Place<'_>, out: &mut String) {
    let (class, lines) = icon(&place.node.kind);
    let (name, what) = (&place.node.id, summary(&place.node.kind));
    let (x, y) = (place.x, place.y);
    let numbers = place.flow.map(|flow| [("entered", flow.entered), ("waiting", flow.waiting), ("left", flow.out())]);
    let said = numbers.map_or_else(String::new, |numbers| {
        let said = numbers.map(|(what, many)| format!("{} {what}", number(many)));
        format!(": {}", said.join(", "))
    });
    // What is written is shorter than the title in many places, so the title has it all.
    let _ = write!(out, r#"<g class="node {class}"><title>{} – {}{said}</title>"#, escaped(name), escaped(&what));
    let _ = write!(
        out,
        r#"<rect class="box" x="{}" y="{}" width="{WIDTH}" height="{}" rx="12"/>"#,
        c(x),
        c(y),
        c(place.height)
    );
    let _ =
        write!(out, r#"<rect class="badge" x="{}" y="{}" width="32" height="32" rx="8"/>"#, c(x + 14.0), c(y + 14.0));
    let _ = write!(out, r#"<path class="icon" transform="translate({} {})" d="{lines}"/>"#, c(x + 22.0), c(y + 22.0));
    let room = WIDTH - 70.0;
    words(out, "name", x + 56.0, y + 28.0, &fitted(name, room, 14.0));
    words(out, "what", x + 56.0, y + 44.0, &fitted(&what, room, 12.0));
    if let Some(numbers) = numbers {
        let _ = write!(out, r#"<path class="rule" d="M{} {}h{WIDTH}"/>"#, c(x), c(y + 58.0));
        for ((what, many), left) in numbers.into_iter().zip([14.0, 84.0, 154.0]) {
            words(out, "label", x + left, y + 74.0, what);
            words(out, if many == 0 { "number none" } else { "number" }, x + left, y + 90.0, &number(many));
        }
    }
    out.push_str("</g>\n");
}

/// A line of text.
pub(super) fn words(out: &mut String, class: &str, x: f64, y: f64, words: &str) {
    let _ = write!(out, r#"<text class="{class}" x="{}" y="{}">{}</text>"#, c(x), c(y), escaped(words));
}
