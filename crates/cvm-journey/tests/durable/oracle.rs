//! What must never be, found out from the log alone: messages after the exit, in quiet hours, over a cap, without consent.

use std::collections::{BTreeMap, BTreeSet};

use cvm_journey::durable::Options;
use cvm_journey::machine::*;
use cvm_journey::model::{Journey, NodeKind, Scope, Send, Unit};

use crate::draw;
use crate::replay::{failing, live, records};
use crate::script::{CUSTOMERS, number, options};
use crate::world::{holds, instant};

/// A message that was sent for sure.
struct Sent {
    customer: u32,
    journey: String,
    channel: String,
    at: i64,
}

fn micros(duration: cvm_journey::model::Duration) -> i64 {
    let seconds = match duration.unit {
        Unit::Minute => 60,
        Unit::Hour => 3_600,
        Unit::Day => 86_400,
        Unit::Week => 7 * 86_400,
        Unit::Month => 31 * 86_400,
    };
    i64::from(duration.amount) * seconds * 1_000_000
}

fn allowed(journey: &Journey, send: &Send, customer: u32, now: i64, place: &str) {
    let settings = &journey.settings;
    if let Some(consent) = settings.consent.get(&send.channel) {
        assert!(holds(consent, now, customer), "{place}: without consent");
    }
    for list in &settings.suppression {
        assert!(!holds(&draw::list(list), now, customer), "{place}: on the list `{list}`");
    }
    let windows = settings.send_windows.get(&send.channel).map_or(&[][..], Vec::as_slice);
    let sendable = When::Sendable { windows, quiet: &settings.quiet_hours };
    assert!(instant(sendable, now, customer) <= now, "{place}: in quiet hours");
    assert!(settings.end.is_none_or(|end| now < end.micros()), "{place}: after the end");
}

fn capped(journey: &Journey, send: &Send, customer: u32, now: i64, sent: &[Sent], place: &str) {
    for cap in &journey.settings.caps {
        if cap.channel.as_ref().is_some_and(|channel| *channel != send.channel) {
            continue;
        }
        let counts = |one: &&Sent| {
            one.customer == customer
                && one.at > now - micros(cap.within)
                && (cap.scope == Scope::AllJourneys || one.journey == journey.id)
                && cap.channel.as_ref().is_none_or(|channel| *channel == one.channel)
        };
        assert!(sent.iter().filter(counts).count() < cap.limit as usize, "{place}: over a cap");
    }
}

#[test]
fn the_log_has_nothing_that_must_not_be() {
    let (seeds, first) = (number("DURABLE_SEEDS", 10), number("DURABLE_SEED", 1));
    let mut messages = 0;
    for seed in first..first + seeds {
        let (disk, _) = live(&failing(seed, 100), Options { keep_log: true, ..options() });
        let mut machine = Machine::new();
        let mut sent: Vec<Sent> = Vec::new();
        let mut tried: BTreeMap<Handle, i64> = BTreeMap::new();
        let records = records(&disk);
        for (step, record) in records.iter().enumerate() {
            let place = format!("seed {seed}, record {step}");
            if let Command::Answers(answers) = &*record.command {
                let waiting: BTreeSet<Handle> = machine.leased().iter().map(|leased| leased.handle).collect();
                let done = answers.iter().filter(|one| one.outcome == Outcome::Done && waiting.contains(&one.handle));
                for handle in done.map(|one| one.handle).collect::<BTreeSet<_>>() {
                    let (journey, node) = machine.about(handle).expect("a node");
                    let customer = machine.leased().iter().find(|one| one.handle == handle).expect("it").customer;
                    if let Some(NodeKind::Send(send)) = journey.node(node).map(|node| &node.kind) {
                        let channel = send.channel.clone();
                        sent.push(Sent { customer, journey: journey.id.clone(), channel, at: tried[&handle] });
                    }
                }
            }
            let answers = record.answers.to_vec();
            let effects = machine.replay(record.at, &record.command, answers).expect("the same again");
            let now = machine.now();
            for leased in &effects.leased {
                let (journey, node) = machine.about(leased.handle).expect("a node");
                if let Some(NodeKind::Send(send)) = journey.node(node).map(|node| &node.kind) {
                    messages += 1;
                    allowed(journey, send, leased.customer, now, &place);
                    if leased.attempt == 1 {
                        capped(journey, send, leased.customer, now, &sent, &place);
                    }
                    tried.entry(leased.handle).or_insert(now);
                }
            }
        }
        for customer in 0..CUSTOMERS {
            let mut machine = Machine::new();
            let mut trace = Trace::of(customer);
            for record in &records {
                let answers = record.answers.to_vec();
                machine.replay_traced(record.at, &record.command, answers, Some(&mut trace)).expect("the same again");
            }
            let mut inside: BTreeMap<&str, i32> = BTreeMap::new();
            for step in &trace.steps {
                let inside = inside.entry(&step.journey).or_default();
                match step.step {
                    Step::Entered { .. } => *inside += 1,
                    Step::Left { .. } => *inside -= 1,
                    Step::HandedOut { .. } => assert!(*inside > 0, "seed {seed}, customer {customer}: after the exit"),
                    _ => {}
                }
            }
        }
    }
    eprintln!("{seeds} logs from seed {first}: {messages} messages, nothing that must not be");
    assert!(messages > 5 * seeds, "too little happens");
}
