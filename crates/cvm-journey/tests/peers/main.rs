//! Journeys as other tools draw them, written in ours: good ones check well, bad ones are refused for the right reason.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

mod machines;
#[path = "../common/welcome.rs"]
#[expect(dead_code, reason = "the good journey is for other tests")]
mod welcome;
mod workflows;

use std::collections::BTreeSet;

use cvm_journey::model::{Entry, Journey, Reentry, Trigger};
use cvm_journey::{Code, Findings, Severity, check_with, react_flow};
use machines::machines;
use welcome::world;
use workflows::{pictures, workflows};

fn errors(findings: &Findings) -> BTreeSet<Code> {
    findings.0.iter().filter(|found| found.severity == Severity::Error).map(|found| found.code).collect()
}

#[test]
fn workflows_check_well() {
    let world = world();
    for (name, value) in workflows() {
        let journey = Journey::from_value(value).unwrap_or_else(|findings| panic!("{name}: {findings}"));
        let findings = check_with(&journey, &world.known());
        assert!(!findings.has_errors(), "{name}:\n{findings}");
        // What is told beside errors is what the workflow leaves out, and nothing about its graph.
        let beside = findings.0.iter().filter(|found| !matches!(found.code, Code::NoGoal | Code::NoHoldout));
        assert_eq!(beside.count(), 0, "{name}:\n{findings}");
    }
}

#[test]
fn pictures_check_well() {
    let world = world();
    for (name, picture) in pictures() {
        let entry = Entry { trigger: Trigger::Event { event: "signup".into(), filter: None }, reentry: Reentry::Never };
        let mut journey =
            react_flow::import(&picture, name, name, entry).unwrap_or_else(|findings| panic!("{name}: {findings}"));
        let consent = "consent = true".parse().expect("a filter");
        journey.settings.consent = [("email".to_owned(), consent)].into();
        let findings = check_with(&journey, &world.known());
        assert!(!findings.has_errors(), "{name}:\n{findings}");
        assert_eq!(journey.layout.len(), journey.nodes.len(), "{name}");
        let again = react_flow::import(&react_flow::export(&journey), name, name, journey.entry.clone());
        assert_eq!(again.expect("a journey").edges, journey.edges, "{name}");
    }
}

#[test]
fn machines_that_are_none_are_refused() {
    let world = world();
    let mut seen = BTreeSet::new();
    for (name, value, wanted) in machines() {
        assert!(seen.insert(name), "{name} stands twice");
        let found = match Journey::from_value(value) {
            Ok(journey) => errors(&check_with(&journey, &world.known())),
            Err(findings) => errors(&findings),
        };
        assert_eq!(found, wanted.iter().copied().collect(), "{name}");
    }
}
