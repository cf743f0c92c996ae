//! Pictures that anybody can open, whatever things are called.

#![expect(clippy::expect_used, reason = "tests may")]

use std::collections::BTreeMap;

use cvm_journey::model::{Journey, Point};
use cvm_journey::picture::{Flow, svg};
use proptest::prelude::*;
use serde_json::json;

#[path = "common/welcome.rs"]
#[expect(dead_code, reason = "the catalog is for other tests")]
mod welcome;

fn flows(journey: &Journey) -> BTreeMap<String, Flow> {
    let left = |entered: u64, waiting: u64, left: &[(&str, u64)]| Flow {
        entered,
        waiting,
        left: left.iter().map(|(name, many)| ((*name).to_owned(), *many)).collect(),
    };
    let flow = |id: &str| match id {
        "in" => left(12_480, 0, &[("next", 12_480)]),
        "adults" => left(12_480, 0, &[("yes", 10_930), ("no", 1_550)]),
        "pause" => left(15_112, 640, &[("next", 14_472)]),
        "arms" => left(14_472, 0, &[("a", 7_251), ("b", 7_221)]),
        "mail" => left(7_251, 38, &[("next", 7_213)]),
        "bought" => left(7_213, 0, &[("yes", 1_804), ("default", 5_409)]),
        "again" => left(5_409, 0, &[("again", 4_182), ("done", 1_227)]),
        _ => left(11_802, 0, &[]),
    };
    journey.nodes.iter().map(|node| (node.id.clone(), flow(&node.id))).collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests look at files")]
fn a_picture_is_as_it_was() {
    let mut journey = Journey::from_value(welcome::good()).expect("a journey");
    journey.name = "Welcome & thanks".to_owned();
    let right = [(0, 80), (320, 80), (640, 0), (960, 0), (1280, 0), (1600, 0), (1920, 0), (2240, 240)];
    let down = [(0, 0), (0, 150), (0, 300), (0, 450), (-160, 600), (-160, 750), (-160, 900), (300, 1050)];
    for (name, places) in [("welcome", right.as_slice()), ("down", down.as_slice()), ("arranged", &[])] {
        let places = journey.nodes.iter().zip(places);
        journey.layout =
            places.map(|(node, (x, y))| (node.id.clone(), Point { x: (*x).into(), y: (*y).into() })).collect();
        let drawn = !journey.layout.is_empty();
        let made = svg(&journey, &if drawn { flows(&journey) } else { BTreeMap::new() });
        let path = format!("{}/tests/pictures/{name}.svg", env!("CARGO_MANIFEST_DIR"));
        // UPDATE=1 writes it anew: look at it before committing it.
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &made).expect("a file");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("a picture"), made, "{path}");
    }
}

/// Everything that is called something gets this name.
fn named(name: &str, at: (f64, f64)) -> Journey {
    let (kind, other) = (json!({"reason": name}), format!("{name}2"));
    let value = json!({"id": name, "name": name, "entry": {"trigger": {"type": "api"}},
        "nodes": [
            {"id": "in", "type": "entry", "data": {}},
            {"id": name, "type": "send", "data": {"channel": name, "template": name, "offer": name}},
            {"id": other, "type": "split", "data": {"arms": [{"name": name, "percent": 100}]}},
            {"id": "out", "type": "end", "data": kind}],
        "edges": [
            {"id": "1", "source": "in", "sourceHandle": "next", "target": name},
            {"id": "2", "source": name, "sourceHandle": "next", "target": other},
            {"id": "3", "source": other, "sourceHandle": name, "target": "out"},
            {"id": "4", "source": other, "sourceHandle": other, "target": name},
            {"id": "5", "source": "out", "sourceHandle": name, "target": "out"},
            {"id": "6", "source": "out", "sourceHandle": name, "target": "nowhere"}]});
    let mut journey = Journey::from_value(value).expect("a journey");
    journey.layout =
        [(name.to_owned(), Point { x: at.0, y: at.1 }), ("out".to_owned(), Point { x: at.1, y: at.0 })].into();
    journey
}

proptest! {
    #[test]
    fn names_are_words_and_nothing_else(
        name in prop_oneof!["[<>&\"'\u{0}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}\\]]{1,6}", any::<String>(), Just("]]><script>".to_owned())],
        at in (any::<f64>(), any::<f64>()),
        entered: u64, left: u64,
    ) {
        let journey = named(&name, at);
        let flow = Flow { entered, waiting: left, left: BTreeMap::from([(name.clone(), left), ("next".to_owned(), 1)]) };
        let flows = BTreeMap::from([(name.clone(), flow), ("out".to_owned(), Flow::default())]);
        let picture = svg(&journey, &flows);
        let document = roxmltree::Document::parse(&picture).expect("XML");
        let elements = ["svg", "title", "desc", "style", "rect", "g", "path", "text"];
        let mut boxes = 0;
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            prop_assert!(elements.contains(&node.tag_name().name()), "{}", node.tag_name().name());
            boxes += usize::from(node.attribute("class") == Some("box"));
            for attribute in node.attributes() {
                let known = ["viewBox", "width", "height", "role", "aria-label", "class", "x", "y", "rx", "d", "transform", "stroke-width"];
                prop_assert!(known.contains(&attribute.name()), "{}", attribute.name());
                // No number became `NaN` or `inf`.
                let numbers = ["viewBox", "width", "height", "x", "y", "d", "stroke-width"].contains(&attribute.name());
                prop_assert!(!numbers || !attribute.value().contains(['N', 'n']), "{}", attribute.value());
            }
        }
        prop_assert_eq!(boxes, 4);
        let shown: String = name.chars().map(|sign| match sign {
            '\t' | '\n' | '\r' => ' ',
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
            sign => sign,
        }).collect();
        let title = document.descendants().find(|node| node.has_tag_name("title")).and_then(|node| node.text());
        prop_assert_eq!(title.unwrap_or_default(), shown);
    }
}

#[test]
fn an_empty_journey_has_a_picture_too() {
    let journey = json!({"id": "a", "name": "A", "entry": {"trigger": {"type": "api"}}, "nodes": [], "edges": []});
    let picture = svg(&Journey::from_value(journey).expect("a journey"), &BTreeMap::new());
    let document = roxmltree::Document::parse(&picture).expect("XML");
    assert_eq!(document.root_element().attribute("width"), Some("384"));
}
