//! What is noted day by day, and told at the end.

use std::collections::BTreeMap;

use cvm_core::{Decimal, Timestamp};
use cvm_journey::machine::{Counts, Effects, Happened, Machine, NodeCounts};
use cvm_journey::model::Journey;

use super::options::SimulateOptions;
use super::simulate::counts;
use super::simulation::{Most, NodeFlow, Simulation};

const DAY: i64 = 86_400_000_000;

/// What is noted while a simulation runs.
#[derive(Debug)]
pub(super) struct Days {
    from: i64,
    /// At the end of each day: what was counted, by the journey.
    counted: Vec<BTreeMap<String, Counts>>,
    messages: Vec<BTreeMap<String, u64>>,
    /// How many messages each customer got: in all, on the day that is noted, and that day.
    by_customer: BTreeMap<u32, (u64, u64, usize)>,
    in_a_day: u64,
    cost: Decimal,
    arms: BTreeMap<(String, String), BTreeMap<String, u64>>,
    steps: u64,
}

impl Days {
    pub(super) fn new(from: i64) -> Self {
        Self {
            from,
            counted: Vec::new(),
            messages: Vec::new(),
            by_customer: BTreeMap::new(),
            in_a_day: 0,
            cost: 0_i64.into(),
            arms: BTreeMap::new(),
            steps: 0,
        }
    }

    fn day(&self, at: i64) -> usize {
        usize::try_from((at - self.from).div_euclid(DAY)).unwrap_or(0)
    }

    /// Notes the days that are over before an instant.
    pub(super) fn until(&mut self, machine: &Machine, at: i64) {
        while self.counted.len() < self.day(at) {
            let all = machine.journeys().map(|journey| (journey.to_owned(), counts(machine, journey)));
            self.counted.push(all.collect());
        }
    }

    pub(super) fn note(&mut self, machine: &Machine, effects: &Effects) {
        self.steps += effects.steps;
        for exposed in &effects.exposed {
            let journey = machine.journey_name(exposed.journey).to_owned();
            let node = machine.node_name(&journey, exposed.node).unwrap_or_default().to_owned();
            let drawn = machine.drawn(&journey, exposed.version, exposed.node);
            let arm = drawn.and_then(|drawn| drawn.outcomes.get(usize::from(exposed.arm))).cloned();
            let arms = self.arms.entry((journey, node)).or_default();
            *arms.entry(arm.unwrap_or_default()).or_default() += exposed.customers.len() as u64;
        }
    }

    pub(super) fn message(&mut self, at: i64, customer: u32, channel: &str) {
        let day = self.day(at);
        if self.messages.len() <= day {
            self.messages.resize_with(day + 1, BTreeMap::new);
        }
        if let Some(messages) = self.messages.get_mut(day) {
            match messages.get_mut(channel) {
                Some(many) => *many += 1,
                None => {
                    messages.insert(channel.to_owned(), 1);
                }
            }
        }
        let (all, today, noted) = self.by_customer.entry(customer).or_default();
        *all += 1;
        *today = if *noted == day { *today + 1 } else { 1 };
        *noted = day;
        self.in_a_day = self.in_a_day.max(*today);
    }

    pub(super) fn spend(&mut self, cost: Option<Decimal>) {
        if let Some(sum) = cost.and_then(|cost| self.cost.checked_add(cost)) {
            self.cost = sum;
        }
    }
}

/// What was counted at a node: a simulation has one version.
fn node(counts: &Counts, machine: &Machine, journey: &str, node: &str) -> NodeCounts {
    let own = counts.nodes.iter().find(|((_, number), _)| machine.node_name(journey, *number) == Some(node));
    own.map(|(_, counts)| counts.clone()).unwrap_or_default()
}

/// What came of a simulation.
pub(super) fn told(
    journey: &Journey,
    options: &SimulateOptions,
    machine: &Machine,
    days: Days,
    path: Vec<Happened>,
    from: i64,
    until: i64,
) -> Simulation {
    let all = counts(machine, &journey.id);
    let daily: Vec<&Counts> = days.counted.iter().filter_map(|counted| counted.get(&journey.id)).collect();
    let nodes = journey.nodes.iter().map(|each| {
        let own = node(&all, machine, &journey.id, &each.id);
        let daily: Vec<NodeCounts> = daily.iter().map(|counts| node(counts, machine, &journey.id, &each.id)).collect();
        let before = std::iter::once(0).chain(daily.iter().map(|counts| counts.entered));
        let outcomes = each.kind.outcomes();
        let left = outcomes
            .iter()
            .enumerate()
            .map(|(place, outcome)| (outcome.name.clone().into_owned(), own.left.get(place).copied().unwrap_or(0)));
        NodeFlow {
            node: each.id.clone(),
            kind: each.kind.name().to_owned(),
            entered: own.entered,
            waiting: own.waiting(),
            left: left.collect(),
            out: own.out,
            done: own.done,
            failed: own.failed,
            held: own.held.clone(),
            by_day: daily.iter().zip(before).map(|(counts, before)| counts.entered - before).collect(),
            waiting_by_day: daily.iter().map(NodeCounts::waiting).collect(),
        }
    });
    let mut messages = days.messages;
    messages.resize_with(options.days as usize, BTreeMap::new);
    let messages_at_most = days.by_customer.values().map(|(all, ..)| *all).max();
    // Of several the one with the least key: rows may come in any order.
    let keys = days.by_customer.iter().filter(|(_, (all, ..))| Some(*all) == messages_at_most);
    let key = keys.map(|(customer, _)| machine.key(*customer)).min_by_key(|key| (key.len(), key.clone()));
    let most = messages_at_most.zip(key);
    let most = most.map(|(messages, customer)| Most { customer, messages, in_a_day: days.in_a_day });
    let instant = |at| Timestamp::from_micros(at).map(|at| at.to_string()).unwrap_or_default();
    let arms = days.arms.into_iter().filter(|((id, _), _)| *id == journey.id);
    Simulation {
        journey: journey.clone(),
        from: instant(from),
        until: instant(until),
        customers: machine.customers() as u64,
        entered: all.entered,
        refused: all.refused.clone(),
        left: all.left.clone(),
        reached: all.reached.clone(),
        nodes: nodes.collect(),
        messages,
        most,
        cost: days.cost.to_string(),
        arms: arms.map(|((_, node), arms)| (node, arms)).collect(),
        path,
        steps: days.steps,
    }
}
