//! One journey for every code that is wrong in just that way, and one in which nothing is.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests may")]

#[path = "common/graphs.rs"]
mod graphs;
#[path = "common/meanings.rs"]
mod meanings;
#[path = "common/rules.rs"]
mod rules;
#[path = "common/welcome.rs"]
mod welcome;

use std::collections::BTreeSet;

use cvm_journey::model::Journey;
use cvm_journey::{Code, Findings, Known, Severity, check, check_with};
use graphs::graphs;
use meanings::meanings;
use rules::rules;
use serde_json::{Value, json};
use welcome::{good, world};

fn read(value: Value) -> Result<Journey, Findings> {
    Journey::from_json(&value.to_string())
}

fn changed(change: fn(&mut Value)) -> Journey {
    let mut value = good();
    change(&mut value);
    read(value).unwrap_or_else(|findings| panic!("{findings}"))
}

#[test]
fn nothing_is_wrong_with_a_good_journey() {
    let journey = read(good()).expect("a journey");
    for findings in [check(&journey), check_with(&journey, &world().known())] {
        assert!(findings.0.is_empty(), "{findings}");
    }
    let again: Journey = serde_json::from_str(&serde_json::to_string(&journey).expect("a text")).expect("a journey");
    assert_eq!(again, journey);
    assert_eq!(read(json!(journey)).expect("a journey"), journey);
}

#[test]
fn every_code_has_a_journey_that_is_wrong_in_that_way() {
    let mut told = BTreeSet::from([Code::Json, Code::UnknownType]);
    let world = world();
    let mut tell = |name: &str, findings: Findings, codes: Vec<Code>| {
        let own: BTreeSet<Code> = findings.0.iter().map(|finding| finding.code).collect();
        assert_eq!(own, codes.iter().copied().collect(), "{name}:\n{findings}");
        assert!(findings.0.is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity)), "{name}");
        assert_eq!(findings.has_errors(), codes.iter().any(|code| code.severity() == Severity::Error), "{name}");
        told.extend(own);
    };
    for (name, change, codes) in graphs() {
        tell(name, check(&changed(change)), codes);
    }
    let empty = Known { audience: Some(0), ..world.known() };
    tell("nobody", check_with(&read(good()).expect("a journey"), &empty), vec![Code::EntryEmpty]);
    for (name, change, codes) in meanings().into_iter().chain(rules()) {
        tell(name, check_with(&changed(change), &world.known()), codes);
    }
    let untold: Vec<&Code> = Code::ALL.iter().filter(|code| !told.contains(code)).collect();
    assert!(untold.is_empty(), "{untold:?}");
}

#[test]
fn fixes_put_right_what_they_are_for() {
    let (mut fixed, world) = (0, world());
    let check = |journey: &Journey| check_with(journey, &world.known());
    for (name, change, _) in graphs().into_iter().chain(meanings()).chain(rules()) {
        let journey = changed(change);
        for finding in check(&journey).0 {
            let mut own = journey.clone();
            for command in finding.fix.clone() {
                command.apply(&mut own).unwrap_or_else(|refused| panic!("{name}: {finding}: {refused}"));
                fixed += 1;
            }
            let left = check(&own).0.into_iter().filter(|other| other.code == finding.code);
            assert!(
                finding.fix.is_empty() || left.count() == 0,
                "{name}: `{finding}` is there after {:?}",
                finding.fix
            );
        }
    }
    assert!(fixed > 10, "{fixed}");
}

#[test]
fn places_are_in_the_text() {
    let world = world();
    for (name, change, _) in graphs().into_iter().chain(meanings()).chain(rules()) {
        let journey = changed(change);
        let value = json!(journey);
        for finding in check_with(&journey, &world.known()).0 {
            assert!(value.pointer(&finding.path).is_some(), "{name}: {finding}");
            assert!(finding.message.chars().next().is_some_and(|first| !first.is_uppercase()), "{finding}");
            assert!(!finding.message.ends_with('.'), "{finding}");
        }
    }
}

#[test]
fn addresses_of_private_networks_in_every_disguise() {
    let world = world();
    for (url, code) in [
        ("https://example.com/hook", None),
        ("https://93.184.215.14/", None),
        ("https://localhost/", Some(Code::PrivateAddress)),
        ("https://shop/", Some(Code::PrivateAddress)),
        ("https://printer.local./", Some(Code::PrivateAddress)),
        ("https://127.1/", Some(Code::PrivateAddress)),
        ("https://0x7f000001/", Some(Code::PrivateAddress)),
        ("https://2130706433/", Some(Code::PrivateAddress)),
        ("https://169.254.169.254/latest/meta-data", Some(Code::PrivateAddress)),
        ("https://100.64.0.1/", Some(Code::PrivateAddress)),
        ("https://[::1]/", Some(Code::PrivateAddress)),
        ("https://[::ffff:10.0.0.1]/", Some(Code::PrivateAddress)),
        ("https://[64:ff9b::a00:1]/", Some(Code::PrivateAddress)),
        ("https://[2002:7f00:1::]/", Some(Code::PrivateAddress)),
        ("https://[fd12::1]/", Some(Code::PrivateAddress)),
        ("https://[2606:2800:21f::1]/", None),
        ("ftp://example.com/", Some(Code::WebAddress)),
        ("example.com", Some(Code::WebAddress)),
    ] {
        let mut journey = read(good()).expect("a journey");
        let webhook = json!({"url": url});
        let kind = cvm_journey::model::NodeKind::Webhook(serde_json::from_value(webhook).expect("a webhook"));
        journey.nodes.push(cvm_journey::model::Node { id: "call".into(), kind });
        let findings = check_with(&journey, &world.known());
        let own = findings.0.iter().map(|finding| finding.code);
        let own = own.filter(|code| matches!(code, Code::PrivateAddress | Code::WebAddress)).collect::<Vec<_>>();
        assert_eq!(own, code.into_iter().collect::<Vec<_>>(), "{url}");
    }
}
