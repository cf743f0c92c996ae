//! New versions of journeys, and what becomes of customers who are in older ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::command::{InFlight, Publish};
use super::context::{Context, Start};
use super::names::{Filters, Names};
use super::people::{NEVER, Phase, Place};
use super::program::{Numbers, Op, Program};
use super::refusal::Refusal;
use super::run::{Line, Run, Status};
use super::several::Several;
use super::statistics::Drawn;
use super::work_on::{Work, in_turn};
use super::world::WorldError;
use crate::check;
use crate::model::{Journey, Node, NodeKind, Reentry, Trigger};

/// What would become of those who are at a node, if a version were published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// They stay in the version in which they are.
    Pinned,
    /// They go on at the same node of the new version.
    Stay,
    /// They go to another node of the new version.
    Move {
        /// The node.
        to: String,
    },
    /// The new version does not have the node, and nothing says where they go.
    Homeless,
}

/// Those who are at a node, and what would become of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The version in which they are.
    pub version: u32,
    /// The node at which they are.
    pub node: String,
    /// How many they are.
    pub customers: u64,
    /// What would become of them.
    #[serde(flatten)]
    pub fate: Fate,
}

/// Whether a wait that has begun at a node goes on at another one.
fn same(before: &Node, after: &Node) -> bool {
    use std::mem::discriminant;
    match (&before.kind, &after.kind) {
        (NodeKind::Wait(before), NodeKind::Wait(after)) => discriminant(before) == discriminant(after),
        // What is handed out may come back, and gives back what was reserved for it.
        (NodeKind::Send(before), NodeKind::Send(after)) => {
            before.channel == after.channel && before.offer == after.offer
        }
        (before, after) => discriminant(before) == discriminant(after),
    }
}

fn has_timeout(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Wait(wait) if wait.timeout().is_some())
}

fn fate(before: &Journey, node: &str, publish: &Publish) -> Fate {
    let InFlight::Follow(map) = &publish.people else { return Fate::Pinned };
    if let Some(to) = map.get(node) {
        return Fate::Move { to: to.clone() };
    }
    match (before.node(node), publish.journey.node(node)) {
        (Some(before), Some(after)) if same(before, after) => Fate::Stay,
        _ => Fate::Homeless,
    }
}

/// What would become of everybody in a journey.
pub(super) fn preview(run: Option<&Run>, publish: &Publish) -> Vec<Moved> {
    let Some(run) = run else { return Vec::new() };
    let mut at: BTreeMap<(u8, u16), u64> = BTreeMap::new();
    for (_, place) in run.people.inside() {
        *at.entry((place.version, place.node)).or_default() += 1;
    }
    let moved = at.into_iter().filter_map(|((version, node), customers)| {
        let program = run.program(version)?;
        let node = run.nodes.name(node).to_owned();
        let fate = fate(&program.journey, &node, publish);
        Some(Moved { version: program.journey.version, node, customers, fate })
    });
    moved.collect()
}

/// Whether a version may be published.
pub(super) fn may(run: Option<&Run>, publish: &Publish) -> Result<(), Refusal> {
    let journey = &publish.journey;
    let findings = check(journey);
    if findings.has_errors() {
        return Err(Refusal::Findings(findings));
    }
    for node in &journey.nodes {
        if let NodeKind::Send(send) = &node.kind
            && let Some(offer) = &send.offer
            && !publish.terms.iter().any(|terms| terms.offer == *offer)
        {
            return Err(Refusal::UnknownOffer(offer.clone()));
        }
    }
    let mut scratch: [Names; 4] = Default::default();
    let [events, channels, journeys, nodes] = &mut scratch;
    let mut numbers = Numbers { nodes, filters: &mut Filters::default(), events, channels, journeys };
    Program::new(journey.clone(), publish.terms.clone(), &mut numbers)
        .ok_or(Refusal::TooMany("nodes, cases of a node or jumps of a journey"))?;
    let Some(run) = run else { return Ok(()) };
    if let Some(newest) = run.newest() {
        let newest = newest.journey.version;
        if journey.version <= newest {
            return Err(Refusal::Version { journey: journey.id.clone(), version: journey.version, newest });
        }
    }
    let several = matches!(journey.entry.reentry, Reentry::Concurrent { .. });
    if several != run.several.is_some() {
        return Err(Refusal::Reentry(journey.id.clone()));
    }
    if let InFlight::Follow(map) = &publish.people
        && let Some(unknown) = map.values().find(|node| journey.node(node).is_none())
    {
        return Err(Refusal::UnknownNode(unknown.clone()));
    }
    let homeless = preview(Some(run), publish).into_iter().filter(|moved| moved.fate == Fate::Homeless);
    let homeless: Vec<_> = homeless.map(|moved| (moved.node, moved.customers)).collect();
    if !homeless.is_empty() {
        return Err(Refusal::Homeless(homeless));
    }
    if run.versions.len() >= usize::from(u8::MAX) && run.versions.iter().all(Option::is_some) {
        return Err(Refusal::TooMany("versions in which customers still are"));
    }
    Ok(())
}

impl Run {
    /// Adds a version that may be published.
    pub(super) fn publish(runs: &mut Vec<Self>, publish: &Publish, numbers: Numbers<'_>) -> Result<(), Refusal> {
        let journey = &publish.journey;
        let too_many = || Refusal::TooMany("journeys, nodes, events or channels");
        let number = numbers.journeys.number(&journey.id).ok_or_else(too_many)?;
        let mut nodes = runs.get(usize::from(number)).map(|run| run.nodes.clone()).unwrap_or_default();
        let mut numbers = Numbers { nodes: &mut nodes, ..numbers };
        let program = Program::new(journey.clone(), publish.terms.clone(), &mut numbers).ok_or_else(too_many)?;
        let known = numbers.journeys.len();
        // Journeys that others lead into are there before they are published, and let nobody in.
        let first = runs.len();
        runs.resize_with(known.max(first), Self::default);
        for (run, number) in runs.iter_mut().zip(0_u16..).skip(first) {
            (run.id, run.entry_at) = (numbers.journeys.name(number).to_owned(), NEVER);
        }
        let Some(run) = runs.get_mut(usize::from(number)) else { return Ok(()) };
        run.nodes = nodes;
        for node in &journey.nodes {
            let Some(number) = run.nodes.find(&node.id) else { continue };
            let outcomes = node.kind.outcomes().iter().map(|outcome| outcome.name.clone().into_owned()).collect();
            let drawn = Drawn { kind: node.kind.name().to_owned(), outcomes };
            run.drawn.insert((journey.version, number), drawn);
        }
        for (node, step) in (0_u16..).zip(&program.steps) {
            if let Some(Op::Throttle { limit, per }) = step.as_ref().map(|step| &step.op) {
                let line = run.lines.entry(node).or_insert_with(|| Line::new(*limit, *per));
                (line.limit, line.per) = (*limit, *per);
            }
        }
        if run.versions.is_empty() && matches!(journey.entry.reentry, Reentry::Concurrent { .. }) {
            run.several = Some(Several::default());
        }
        if run.status == Status::Stopped {
            run.status = Status::Running;
        }
        run.retire();
        let slot = run.versions.iter().position(Option::is_none).unwrap_or(run.versions.len());
        if slot == run.versions.len() {
            run.versions.push(None);
        }
        if let Some(place) = run.versions.get_mut(slot) {
            *place = Some(Arc::new(program));
        }
        run.current = u8::try_from(slot).unwrap_or(u8::MAX);
        run.entry_at = NEVER;
        Ok(())
    }

    /// Drops versions in which nobody is, other than the one that customers enter.
    fn retire(&mut self) {
        let mut used = vec![false; self.versions.len()];
        for version in self.people.inside().map(|(_, place)| place.version).chain([self.current]) {
            if let Some(used) = used.get_mut(usize::from(version)) {
                *used = true;
            }
        }
        for (version, used) in self.versions.iter_mut().zip(used) {
            if !used {
                *version = None;
            }
        }
    }
}

impl Work<'_> {
    /// Moves customers into the version that was just published, if they follow.
    pub(super) fn published(&mut self, publish: &Publish) -> Result<(), WorldError> {
        let Some(number) = self.journeys.find(&publish.journey.id) else { return Ok(()) };
        let Some(run) = self.runs.get_mut(usize::from(number)) else { return Ok(()) };
        let Some(program) = run.newest() else { return Ok(()) };
        if let Trigger::Schedule { rule, from, at, .. } = &program.journey.entry.trigger {
            // What comes at this very instant is not over yet.
            let zone = &program.settings().zone;
            let next = self.ctx.world.next(rule, from, *at, zone, self.ctx.now.saturating_sub(1))?;
            run.entry_at = next.unwrap_or(NEVER);
        }
        if !matches!(publish.people, InFlight::Follow(_)) {
            return Ok(());
        }
        let inside: Vec<(u32, Place)> = run.people.inside().filter(|(_, place)| place.version != run.current).collect();
        let mut arriving: Vec<(u32, Start)> = Vec::new();
        for (who, place) in inside {
            let Some(before) = run.program(place.version) else { continue };
            let name = run.nodes.name(place.node).to_owned();
            let fate = fate(&before.journey, &name, publish);
            let to = match &fate {
                Fate::Move { to } => run.nodes.find(to).unwrap_or(place.node),
                Fate::Stay | Fate::Pinned | Fate::Homeless => place.node,
            };
            run.counts.node(before.journey.version, place.node).moved_out += 1;
            run.counts.node(program.journey.version, to).moved_in += 1;
            run.tell_moved(who, to, program.journey.version, &mut self.ctx);
            let mut moved = Place { version: run.current, node: to, ..place };
            let mut arrives = matches!(fate, Fate::Move { .. });
            if place.phase == Phase::Happened && !arrives {
                // The outcome keeps its name; its place may be another.
                let name = before.node(place.node).and_then(|node| {
                    Some(node.kind.outcomes().get(usize::from(place.mark))?.name.clone().into_owned())
                });
                let now = program.node(to).map(|node| node.kind.outcomes()).unwrap_or_default();
                match now.iter().position(|outcome| Some(outcome.name.as_ref()) == name.as_deref()) {
                    Some(outcome) => moved.mark = u8::try_from(outcome).unwrap_or(u8::MAX),
                    None => arrives = true,
                }
            }
            // A wait that got an end, or lost it, begins anew: its old time says nothing.
            let ends = |program: &Program, node| program.node(node).is_some_and(has_timeout);
            arrives |= place.phase == Phase::Waiting && ends(&before, place.node) != ends(&program, to);
            let wake = run.people.wake(who);
            if arrives {
                run.promised.remove(&who);
                run.codes.remove(&(place.node, who));
                (moved.phase, moved.mark) = (Phase::Arriving, 0);
                run.people.put(who, moved, i64::MIN);
                arriving.push((who, Start::Still(to)));
            } else {
                if place.mark > 0 && matches!(place.phase, Phase::Pending | Phase::Leased | Phase::Later) {
                    run.keep_promise(who, (&before, place.node), (&program, to));
                }
                run.people.put(who, moved, wake);
            }
        }
        if run.status == Status::Running {
            self.move_on(number, in_turn(arriving))?;
        }
        self.settle()
    }
}

impl Run {
    fn tell_moved(&self, who: u32, node: u16, version: u32, ctx: &mut Context<'_>) {
        let customer = self.customer(who);
        if let Some(trace) = ctx.trace.as_deref_mut().filter(|trace| trace.customer == customer) {
            let step = super::trace::Step::Moved { node: self.nodes.name(node).to_owned(), version };
            trace.steps.push(super::trace::Happened { at: ctx.now, journey: self.id.clone(), step });
        }
    }

    /// Everybody of these leaves.
    pub(super) fn turn_out(&mut self, number: u16, ctx: &mut Context<'_>, who: &[u32], reason: &str) {
        for (turn, who) in (0..).zip(who) {
            let place = self.people.place(*who);
            let version = self.program(place.version).map_or(0, |program| program.journey.version);
            self.counts.node(version, place.node).out += 1;
            self.leave(*who, ctx.now);
            *self.counts.left.entry(reason.to_owned()).or_default() += 1;
            let customer = self.customer(*who);
            if ctx.inner.contains(&number) {
                ctx.outward.push(super::context::Crossing { turn, customer, journey: number });
            }
            if let Some(trace) = ctx.trace.as_deref_mut().filter(|trace| trace.customer == customer) {
                let step = super::trace::Step::Left { reason: reason.to_owned() };
                trace.steps.push(super::trace::Happened { at: ctx.now, journey: self.id.clone(), step });
            }
        }
    }
}
