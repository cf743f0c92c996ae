//! What the checks say of ways, beside all ways walked one by one; what they say of filters, beside all customers asked.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

mod branches;
mod graphs;

use cvm_journey::model::{Cap, Duration, Journey, NodeKind, Scope, Trigger, Wait};
use cvm_journey::{Code, Finding, Known, check_with};
use graphs::{Way, journey, ways};
use proptest::prelude::*;

/// The catalog of the graphs, and a template that speaks of an order.
fn found(journey: &Journey, code: Code) -> Vec<Finding> {
    let catalog = branches::catalog();
    let templates = serde_json::json!([
        {"id": "order", "content": {"email": {"body": "{{ event.order_id }}"}}}]);
    let templates: Vec<cvm_journey::model::Template> = serde_json::from_value(templates).expect("templates");
    let known = Known { templates: &templates, ..Known::catalog(&catalog) };
    let findings = check_with(journey, &known);
    findings.0.into_iter().filter(|found| found.code == code).collect()
}

fn seconds(node: &NodeKind) -> u64 {
    match node {
        NodeKind::Wait(Wait::Duration { duration }) => u64::from(duration.amount) * 3_600,
        _ => 0,
    }
}

/// The most messages on one way within a time.
fn most(journey: &Journey, way: &Way, within: u64) -> usize {
    let (mut now, mut sent) = (0, Vec::new());
    for (id, _) in way {
        let kind = &journey.node(id).expect("a node").kind;
        if matches!(kind, NodeKind::Send(_)) {
            sent.push(now);
        }
        now += seconds(kind);
    }
    let after = |first: &u64| sent.iter().filter(|at| *at >= first && **at < first + within).count();
    // Messages at the same time before this one are in the time as well.
    sent.iter().map(after).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_many_messages_as_on_the_worst_way(mut journey in journey(), hours in 1..9_u32, limit in 1..4_u32) {
        journey.settings.caps =
            vec![Cap { channel: None, limit, within: Duration::hours(hours), scope: Scope::AllJourneys }];
        let Some(ways) = ways(&journey) else { return Ok(()) };
        let within = u64::from(hours) * 3_600;
        let worst = ways.iter().map(|way| most(&journey, way, within)).max().unwrap_or(0);
        let found = found(&journey, Code::AboveCap);
        if worst > limit as usize {
            prop_assert!(found[0].message.starts_with(&format!("a customer can get {worst} messages")), "{worst}: {}", found[0]);
        } else {
            prop_assert!(found.is_empty(), "{worst}: {}", found[0]);
        }
    }

    #[test]
    fn a_token_is_there_on_every_way(mut journey in journey(), entered in any::<bool>()) {
        if entered {
            journey.entry.trigger = Trigger::Event { event: "visit".into(), filter: None };
        }
        let Some(ways) = ways(&journey) else { return Ok(()) };
        let mut missing = std::collections::BTreeSet::new();
        for way in &ways {
            let mut known = false;
            for (id, outcome) in way {
                let kind = &journey.node(id).expect("a node").kind;
                if matches!(kind, NodeKind::Send(_)) && !known {
                    missing.insert(id.clone());
                }
                known |= match kind {
                    NodeKind::Wait(Wait::Event { event, .. }) => event == "order" && outcome == "happened",
                    NodeKind::EventBranch(branch) => {
                        branch.cases.iter().any(|case| case.name == *outcome && case.event == "order")
                    }
                    _ => false,
                };
            }
        }
        let told = found(&journey, Code::TokenMissing).into_iter().flat_map(|found| found.nodes).collect();
        prop_assert_eq!(missing, told);
    }
}
