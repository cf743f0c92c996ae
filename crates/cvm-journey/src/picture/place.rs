//! Where the boxes stand.

use std::collections::BTreeMap;

use super::Flow;
use super::direction::Direction;
use crate::model::{Journey, Node, Point};
use crate::react_flow;

/// A box of a node.
#[derive(Debug, Clone)]
pub(super) struct Place<'j> {
    pub(super) node: &'j Node,
    pub(super) flow: Option<&'j Flow>,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) height: f64,
    /// The outcomes that edges leave by, from top to bottom.
    pub(super) ports: Vec<&'j str>,
}

/// How wide boxes are.
pub(super) const WIDTH: f64 = 220.0;

impl Place<'_> {
    pub(super) fn right(&self) -> f64 {
        self.x + WIDTH
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Which of the outcomes this is, from 0, and of how many.
    pub(super) fn outcome(&self, outcome: &str) -> (f64, f64) {
        let at = self.ports.iter().position(|port| *port == outcome).unwrap_or(0);
        (part(at), part(self.ports.len().max(1)))
    }
}

fn part(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// The boxes of a journey, moved so that the first ones stand at 0.
pub(super) fn places<'j>(journey: &'j Journey, flows: &'j BTreeMap<String, Flow>) -> (Direction, Vec<Place<'j>>) {
    let mut arranged = journey.clone();
    let (across, down) = Direction::Right.gaps();
    react_flow::arrange(&mut arranged, WIDTH + across, 96.0 + down);
    let mut places: Vec<Place<'j>> = journey
        .nodes
        .iter()
        .map(|node| {
            let at = arranged.layout.get(&node.id).copied().unwrap_or(Point { x: 0.0, y: 0.0 });
            let ports = ports(journey, node);
            let flow = flows.get(&node.id);
            let height = if flow.is_some() { 100.0 } else { 60.0 };
            Place { node, flow, x: finite(at.x), y: finite(at.y), height, ports }
        })
        .collect();
    let direction = Direction::of(journey, &places);
    if direction == Direction::Right {
        // Labels stand below one another.
        for place in &mut places {
            place.height = place.height.max(part(place.ports.len()) * 26.0 + 12.0);
        }
    }
    let scale = scale(&places, direction.gaps());
    for place in &mut places {
        place.x *= scale;
        place.y *= scale;
    }
    let (left, top) = (least(places.iter().map(|place| place.x)), least(places.iter().map(|place| place.y)));
    for place in &mut places {
        place.x -= left;
        place.y -= top;
    }
    (direction, places)
}

/// The outcomes that edges leave by: those of the node in their order, then those that it hasn't.
fn ports<'j>(journey: &'j Journey, node: &'j Node) -> Vec<&'j str> {
    let outcomes = node.kind.outcomes();
    let mut ports: Vec<&str> = Vec::new();
    for edge in journey.edges.iter().filter(|edge| edge.source == node.id) {
        if !ports.contains(&edge.source_handle.as_str()) {
            ports.push(&edge.source_handle);
        }
    }
    ports.sort_by_key(|port| outcomes.iter().position(|outcome| outcome.name == *port).unwrap_or(usize::MAX));
    ports
}

/// A coordinate that a picture can have.
fn finite(number: f64) -> f64 {
    if number.is_finite() { number.clamp(-100_000.0, 100_000.0) } else { 0.0 }
}

fn least(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(f64::INFINITY, f64::min)
}

/// Who drew the layout had other boxes: it is stretched, up to four times, until these don't touch.
fn scale(places: &[Place<'_>], gaps: (f64, f64)) -> f64 {
    let mut scale = 1.0_f64;
    for (i, one) in places.iter().enumerate() {
        for other in places.iter().skip(i + 1) {
            let (upper, across, down) =
                (if one.y < other.y { one } else { other }, (one.x - other.x).abs(), (one.y - other.y).abs());
            let needed = f64::min((WIDTH + gaps.0) / across, (upper.height + gaps.1) / down);
            if needed.is_finite() {
                scale = scale.max(needed);
            }
        }
    }
    scale.min(4.0)
}
