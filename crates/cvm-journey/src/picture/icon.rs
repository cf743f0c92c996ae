//! Signs that show what kind a node is, drawn by lines in a square of 16.

use crate::model::NodeKind;

/// The class, which the style sheet colours, and the lines.
pub(super) const fn icon(kind: &NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Entry(_) => {
            ("enter", "M2 8h8M7 4.5 10.5 8 7 11.5M10 2h2.5a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H10")
        }
        NodeKind::Wait(_) => ("wait", "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM8 4.5V8l2.5 1.5"),
        NodeKind::Throttle(_) => ("wait", "M2 3h12L9.5 8.5v5l-3-1.5V8.5Z"),
        NodeKind::Send(_) => ("send", "M2 4h12v8.5H2ZM2 4.5l6 4.5 6-4.5"),
        NodeKind::Webhook(_) => ("send", "M5 4 1.5 8 5 12M11 4l3.5 4L11 12M9.5 3l-3 10"),
        NodeKind::Segment(_) => ("choice", "M8 1.5 14.5 8 8 14.5 1.5 8Z"),
        NodeKind::Branch(_) | NodeKind::EventBranch(_) => {
            ("choice", "M2 8h4M6 8c3 0 2.5-4.5 5-4.5h3M6 8c3 0 2.5 4.5 5 4.5h3M6 8h8")
        }
        NodeKind::Split(_) | NodeKind::Holdout(_) => {
            ("choice", "M2 13.5 14 2.5M4.5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM11.5 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z")
        }
        NodeKind::Jump(_) => ("choice", "M4 6.5h6.5a3 3 0 0 1 0 6H6M6.5 3.5l-3 3 3 3"),
        NodeKind::Update(_) => ("data", "M2.5 13.5l.7-3L10.5 3l2.5 2.5-7.5 7.4ZM9 4.7l2.4 2.4"),
        NodeKind::List(_) => ("data", "M2 4h.5M5.5 4H14M2 8h.5M5.5 8H14M2 12h.5M5.5 12H14"),
        NodeKind::SubJourney(_) => ("data", "M2 2.5h5v4H2ZM9 9.5h5v4H9ZM4.5 6.5v5H9"),
        NodeKind::Goal(_) => ("goal", "M3.5 14.5v-13M3.5 2.5h9l-2.5 3 2.5 3h-9"),
        NodeKind::End(_) => ("end", "M3 3h10v10H3Z"),
    }
}
