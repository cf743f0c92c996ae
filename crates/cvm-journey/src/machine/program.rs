//! A version of a journey, made ready to run: names are numbers, nodes stand in the order in which customers pass them.

use std::collections::BTreeMap;

use super::names::{Filters, Names};
use super::people::OUT;
use super::terms::{Terms, money};
use crate::chance::Chance;
use crate::model::{Cap, Duration, Journey, Node, NodeKind, Per, Settings, Trigger, Unknown, Wait};

/// What a node does.
#[derive(Debug, Clone)]
pub(super) enum Op {
    /// Lets everybody on.
    Pass,
    Gate(u32),
    Branch(Vec<u32>),
    /// Where each arm ends, in millionths.
    Split(Vec<u32>),
    Holdout(u32),
    /// So long.
    Pause(Duration),
    /// An instant of the customer's own.
    Moment(Moment),
    /// Events, each with a filter, and how long at most.
    Events {
        cases: Vec<(u16, Option<u32>)>,
        timeout: Option<Duration>,
    },
    /// A filter, and how long at most.
    Until {
        filter: u32,
        timeout: Option<Duration>,
    },
    Act(Act),
    Throttle {
        limit: u64,
        per: Per,
    },
    /// Another journey, by its number.
    Sub(u16),
    Jump(u32),
    /// Counts; the place of the name among the goals of the journey's nodes.
    Goal,
    End,
}

/// A day, or a window: what exactly stands in the journey's node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Day,
    Window,
}

/// Something that is handed out to be done.
#[derive(Debug, Clone)]
pub(super) struct Act {
    /// The number of the channel among the machine's.
    pub(super) channel: u16,
    pub(super) unknown: Unknown,
    /// For messages: what must hold when it is handed out.
    pub(super) message: Option<Message>,
}

/// What must hold when a message is handed out.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// Filters that must not take the customer, then one that must.
    pub(super) suppressed: Vec<u32>,
    pub(super) consent: Option<u32>,
    pub(super) skip_quiet: bool,
    pub(super) offer: Option<Terms>,
}

/// A node, ready to run.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) op: Op,
    /// For each outcome, the node that it leads to; none where customers leave.
    pub(super) next: Vec<Option<u16>>,
    /// The place of the node in the journey.
    pub(super) at: usize,
}

/// A version of a journey, ready to run.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) journey: Journey,
    pub(super) terms: Vec<Terms>,
    pub(super) entry: u16,
    /// Who enters: on customers, or on the properties of the event.
    pub(super) entry_filter: Option<u32>,
    /// By the node's number.
    pub(super) steps: Vec<Option<Step>>,
    /// The nodes' numbers, each after those from which customers come to it without a pause.
    pub(super) order: Vec<u16>,
    pub(super) goals: Vec<(u32, bool)>,
    pub(super) exits: Vec<u32>,
    pub(super) budget: Option<i128>,
    /// By the node: whether who comes to it may stand before a throttle without having rested.
    pub(super) throttles: Vec<bool>,
    /// The nodes that lead into other journeys, and into which.
    pub(super) subs: Vec<(u16, u16)>,
    /// Whether somebody waits for a filter in it.
    pub(super) has_until: bool,
    pub(super) chance: Chance,
}

/// What a program is made with: numbers that outlive it.
pub(super) struct Numbers<'n> {
    pub(super) nodes: &'n mut Names,
    pub(super) filters: &'n mut Filters,
    pub(super) events: &'n mut Names,
    pub(super) channels: &'n mut Names,
    pub(super) journeys: &'n mut Names,
}

impl Program {
    /// A journey that was checked, ready to run. `None` for one that checks would have refused.
    pub(super) fn new(journey: Journey, terms: Vec<Terms>, numbers: &mut Numbers<'_>) -> Option<Self> {
        for node in &journey.nodes {
            numbers.nodes.number(&node.id)?;
        }
        let settings = &journey.settings;
        let mut steps: Vec<Option<Step>> = vec![None; numbers.nodes.len()];
        for (at, node) in journey.nodes.iter().enumerate() {
            let op = op(node, settings, &terms, numbers)?;
            let outcomes = node.kind.outcomes();
            let mut next = Vec::with_capacity(outcomes.len());
            for outcome in &outcomes {
                let target = journey.follow(&node.id, &outcome.name).or_else(|| {
                    // As the nodes' texts say: what is not drawn goes on as if nothing were, but who is held out leaves.
                    (!outcome.required && outcome.name != "held_out").then(|| journey.follow(&node.id, "next"))?
                });
                if target.is_none() && outcome.required {
                    return None;
                }
                next.push(match target {
                    Some(target) => Some(numbers.nodes.find(target)?),
                    None => None,
                });
            }
            let own = usize::from(numbers.nodes.find(&node.id)?);
            *steps.get_mut(own)? = Some(Step { op, next, at });
        }
        let entry = numbers.nodes.find(&journey.entry_node()?.id)?;
        let entry_filter = match &journey.entry.trigger {
            Trigger::Segment { filter, .. } | Trigger::Schedule { filter, .. } => {
                Some(numbers.filters.number(filter, None))
            }
            Trigger::Event { event, filter } => {
                numbers.events.number(event)?;
                filter.as_ref().map(|filter| numbers.filters.number(filter, Some(event)))
            }
            Trigger::Api | Trigger::Date { .. } => None,
        };
        let goals =
            settings.goals.iter().map(|goal| (numbers.filters.number(&goal.filter, None), goal.leave)).collect();
        let exits = settings.exits.iter().map(|exit| numbers.filters.number(&exit.filter, None)).collect();
        let jumps = steps.iter().flatten().map(|step| if let Op::Jump(times) = step.op { u64::from(times) } else { 0 });
        // Rounds have two bytes.
        if jumps.sum::<u64>() > u64::from(u16::MAX) {
            return None;
        }
        let order = order(&steps)?;
        let throttles = super::ahead::throttles(&steps, &order);
        let subs = (0_u16..).zip(&steps).filter_map(|(node, step)| match step.as_ref()?.op {
            Op::Sub(journey) => Some((node, journey)),
            _ => None,
        });
        let subs = subs.collect();
        let has_until = steps.iter().flatten().any(|step| matches!(step.op, Op::Until { .. }));
        let budget = settings.budget.map(money);
        let chance = Chance::new(journey.settings.seed, &journey.id);
        Some(Self {
            journey,
            terms,
            entry,
            entry_filter,
            steps,
            order,
            goals,
            exits,
            budget,
            throttles,
            subs,
            has_until,
            chance,
        })
    }

    /// A program that can't run: it is made anew of its journey and terms.
    pub(super) fn unready(journey: Journey, terms: Vec<Terms>) -> Self {
        let chance = Chance::new(journey.settings.seed, &journey.id);
        let (steps, order, goals, exits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self {
            journey,
            terms,
            entry: OUT,
            entry_filter: None,
            steps,
            order,
            goals,
            exits,
            budget: None,
            throttles: Vec::new(),
            subs: Vec::new(),
            has_until: false,
            chance,
        }
    }

    pub(super) fn step(&self, node: u16) -> Option<&Step> {
        self.steps.get(usize::from(node))?.as_ref()
    }

    pub(super) fn node(&self, node: u16) -> Option<&Node> {
        self.journey.nodes.get(self.step(node)?.at)
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.journey.settings
    }

    pub(super) fn caps(&self) -> &[Cap] {
        &self.journey.settings.caps
    }

    /// Whether something is looked at at each step.
    pub(super) fn has_rules(&self) -> bool {
        !self.goals.is_empty() || !self.exits.is_empty()
    }
}

fn op(node: &Node, settings: &Settings, terms: &[Terms], numbers: &mut Numbers<'_>) -> Option<Op> {
    let mut act = |channel: &str, unknown, message| {
        Some(Op::Act(Act { channel: numbers.channels.number(channel)?, unknown, message }))
    };
    Some(match &node.kind {
        NodeKind::Entry(_) => Op::Pass,
        NodeKind::Segment(gate) => Op::Gate(numbers.filters.number(&gate.filter, None)),
        NodeKind::Branch(branch) => {
            Op::Branch(branch.cases.iter().map(|case| numbers.filters.number(&case.filter, None)).collect())
        }
        NodeKind::Split(split) => {
            let ends = split.arms.iter().scan(0_u32, |end, arm| {
                *end += arm.percent.millionths();
                Some(*end)
            });
            let ends: Vec<u32> = ends.collect();
            if ends.last() != Some(&crate::model::Percent::WHOLE.millionths()) {
                return None;
            }
            Op::Split(ends)
        }
        NodeKind::Holdout(holdout) => Op::Holdout(holdout.percent.millionths()),
        NodeKind::Wait(wait) => match wait {
            Wait::Duration { duration } => Op::Pause(*duration),
            Wait::Date { .. } => Op::Moment(Moment::Day),
            Wait::Window { .. } => Op::Moment(Moment::Window),
            Wait::Event { event, filter, timeout } => {
                let filter = filter.as_ref().map(|filter| numbers.filters.number(filter, Some(event)));
                Op::Events { cases: vec![(numbers.events.number(event)?, filter)], timeout: *timeout }
            }
            Wait::Filter { filter, timeout } => {
                Op::Until { filter: numbers.filters.number(filter, None), timeout: *timeout }
            }
        },
        NodeKind::EventBranch(branch) => {
            let mut cases = Vec::new();
            for case in &branch.cases {
                let filter = case.filter.as_ref().map(|filter| numbers.filters.number(filter, Some(&case.event)));
                cases.push((numbers.events.number(&case.event)?, filter));
            }
            Op::Events { cases, timeout: Some(branch.timeout) }
        }
        NodeKind::Send(send) => {
            let lists = settings.suppression.iter().map(|list| cvm_core::Filter::list(list.as_str()));
            let suppressed = lists.map(|filter| numbers.filters.number(&filter, None)).collect();
            let consent = settings.consent.get(&send.channel).map(|filter| numbers.filters.number(filter, None));
            let offer = match &send.offer {
                Some(offer) => Some(terms.iter().find(|terms| terms.offer == *offer)?.clone()),
                None => None,
            };
            let skip_quiet = send.quiet == crate::model::Quiet::Skip;
            let message = Message { suppressed, consent, skip_quiet, offer };
            return Some(Op::Act(Act {
                channel: numbers.channels.number(&send.channel)?,
                unknown: send.unknown,
                message: Some(message),
            }));
        }
        NodeKind::Webhook(webhook) => act(WEBHOOK, webhook.unknown, None)?,
        NodeKind::Update(_) | NodeKind::List(_) => act(PROFILE, Unknown::Retry, None)?,
        NodeKind::Throttle(throttle) => Op::Throttle { limit: throttle.limit, per: throttle.per },
        NodeKind::SubJourney(sub) => Op::Sub(numbers.journeys.number(&sub.journey)?),
        NodeKind::Jump(jump) => Op::Jump(jump.times),
        NodeKind::Goal(_) => Op::Goal,
        NodeKind::End(_) => Op::End,
    })
}

/// The channel of webhooks.
pub(super) const WEBHOOK: &str = "webhook";
/// The channel of fields and lists.
pub(super) const PROFILE: &str = "profile";

/// The nodes, each after those from which customers come to it without a pause (A. Kahn, "Topological sorting of large
/// networks", 1962). `None` where they could go round without one.
fn order(steps: &[Option<Step>]) -> Option<Vec<u16>> {
    let instant = |step: &Step| !matches!(step.op, Op::Pause(_));
    let mut before = vec![0_u32; steps.len()];
    let targets = |step: &Step| -> Vec<u16> {
        let mut targets: Vec<u16> = step.next.iter().copied().flatten().collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    };
    for step in steps.iter().flatten().filter(|step| instant(step)) {
        for target in targets(step) {
            *before.get_mut(usize::from(target))? += 1;
        }
    }
    let numbers = || (0..OUT).zip(steps).filter(|(_, step)| step.is_some());
    let mut free: BTreeMap<u16, ()> =
        numbers().filter(|(node, _)| before.get(usize::from(*node)) == Some(&0)).map(|(node, _)| (node, ())).collect();
    let mut order = Vec::new();
    while let Some((node, ())) = free.pop_first() {
        order.push(node);
        let Some(step) = steps.get(usize::from(node))?.as_ref().filter(|step| instant(step)) else { continue };
        for target in targets(step) {
            let left = before.get_mut(usize::from(target))?;
            *left -= 1;
            if *left == 0 {
                free.insert(target, ());
            }
        }
    }
    (order.len() == numbers().count()).then_some(order)
}
