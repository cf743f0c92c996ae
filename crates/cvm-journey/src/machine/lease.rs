//! Handing out what is to be done: who may get a message is looked at now, not when it was decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::command::Handle;
use super::contacts::Contacts;
use super::context::{Mover, Start};
use super::effects::Leased;
use super::people::{NEVER, Phase, Place};
use super::program::{Act, Message, Op, Program};
use super::run::{Run, Status};
use super::statistics::Held;
use super::trace::{Happened, Step};
use super::work_on::{TOGETHER, Work};
use super::world::{When, WorldError};
use crate::model::{Duration, NodeKind, Scope, Unit};

/// Months of caps have 31 days: rather one message too few.
pub(super) fn span(within: Duration) -> i64 {
    let seconds = match within.unit {
        Unit::Minute => 60,
        Unit::Hour => 3_600,
        Unit::Day => 86_400,
        Unit::Week => 7 * 86_400,
        Unit::Month => 31 * 86_400,
    };
    i64::from(within.amount) * seconds * 1_000_000
}

/// What was found out about a message before it is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    May,
    Held(Held),
    Later(i64),
}

impl Act {
    /// The channel and the cost of a message.
    fn promise(&self) -> Option<(u16, i128)> {
        let message = self.message.as_ref()?;
        Some((self.channel, message.offer.as_ref().map_or(0, |offer| offer.cost)))
    }
}

impl Run {
    /// Keeps what was promised to somebody who goes on at a node of another version, if that would promise something else.
    pub(super) fn keep_promise(&mut self, who: u32, (before, from): (&Program, u16), (after, to): (&Program, u16)) {
        let promise = |program: &Program, node| Self::act(program, node).and_then(Act::promise);
        if let (Some(promised), now) = (promise(before, from), promise(after, to))
            && now != Some(promised)
        {
            self.promised.entry(who).or_insert(promised);
        }
    }

    fn act(program: &Program, node: u16) -> Option<&Act> {
        match &program.step(node)?.op {
            Op::Act(act) => Some(act),
            _ => None,
        }
    }

    /// What is known by a participant at a node.
    pub(super) fn handle(&self, number: u16, who: u32) -> Handle {
        let Place { node, entry, round, .. } = self.people.place(who);
        Handle { journey: number, node, participant: who, entry, round }
    }
}

impl Work<'_> {
    pub(super) fn lease(&mut self, channels: &[String], limit: usize, until: i64) -> Result<(), WorldError> {
        let any = channels.is_empty();
        let channels: Vec<u16> = channels.iter().filter_map(|name| self.channels.find(name)).collect();
        let mut order: Vec<(std::cmp::Reverse<i32>, u16)> = self
            .numbers()
            .filter_map(|number| {
                let run = self.runs.get(usize::from(number)).filter(|run| run.status == Status::Running)?;
                Some((std::cmp::Reverse(run.newest()?.settings().priority), number))
            })
            .collect();
        order.sort_unstable();
        let mut left = limit;
        for (_, number) in order {
            let nodes: Vec<u16> =
                self.runs.get(usize::from(number)).map(|run| run.outbox.keys().copied().collect()).unwrap_or_default();
            for node in nodes {
                let taken = self.take(number, node, left, (!any).then_some(&channels));
                left -= taken.len();
                self.ctx.effects.leased.reserve_exact(taken.len());
                for taken in taken.chunks(TOGETHER) {
                    self.hand_out(number, node, taken, until)?;
                    self.settle()?;
                }
            }
        }
        Ok(())
    }

    /// The next of those who want something done at a node.
    fn take(&mut self, number: u16, node: u16, most: usize, channels: Option<&Vec<u16>>) -> Vec<u32> {
        let Some(run) = self.runs.get_mut(usize::from(number)) else { return Vec::new() };
        let on = |program: &Program| {
            Run::act(program, node).is_some_and(|act| channels.is_none_or(|channels| channels.contains(&act.channel)))
        };
        let on: Vec<bool> = run.versions.iter().map(|version| version.as_deref().is_some_and(on)).collect();
        let Some(queue) = run.outbox.get_mut(&node) else { return Vec::new() };
        let (mut taken, mut kept) = (Vec::new(), Vec::new());
        while taken.len() < most {
            let Some(who) = queue.pop_front() else { break };
            let place = run.people.place(who);
            if place.node != node || place.phase != Phase::Pending {
                continue;
            }
            if on.get(usize::from(place.version)) == Some(&true) {
                // Not pending any more, so that whoever stands twice in the queue is taken once.
                run.people.put(who, Place { phase: Phase::Later, ..place }, NEVER);
                taken.push(who);
            } else {
                kept.push(who);
            }
        }
        kept.into_iter().rev().for_each(|who| queue.push_front(who));
        taken
    }

    fn hand_out(&mut self, number: u16, node: u16, taken: &[u32], until: i64) -> Result<(), WorldError> {
        let mut verdicts = vec![Verdict::May; taken.len()];
        let Some(run) = self.runs.get(usize::from(number)) else { return Ok(()) };
        let versions = run.versions.clone();
        let mut by_version: Vec<Vec<(usize, u32)>> = vec![Vec::new(); versions.len()];
        for (at, who) in taken.iter().enumerate() {
            if let Some(own) = by_version.get_mut(usize::from(run.people.place(*who).version)) {
                own.push((at, run.customer(*who)));
            }
        }
        for (program, own) in versions.iter().zip(by_version) {
            let Some(program) = program.as_deref().filter(|_| !own.is_empty()) else { continue };
            if let Some(Act { message: Some(message), .. }) = Run::act(program, node) {
                let (places, customers): (Vec<usize>, Vec<u32>) = own.into_iter().unzip();
                let found = self.verdicts(program, node, message, &customers)?;
                for (at, found) in places.into_iter().zip(found) {
                    if let Some(verdict) = verdicts.get_mut(at) {
                        *verdict = found;
                    }
                }
            }
        }
        let mut movers = Vec::new();
        let mut handed = vec![0; versions.len()];
        for ((turn, who), verdict) in (0..).zip(taken).zip(verdicts) {
            let mover = Mover { turn, who: *who };
            movers.extend(self.hand_one(number, node, mover, verdict, until, (&versions, &mut handed)));
        }
        if let Some(run) = self.runs.get_mut(usize::from(number)) {
            for (program, handed) in versions.iter().zip(handed).filter(|(_, handed)| *handed > 0) {
                let Some(program) = program else { continue };
                run.counts.node(program.journey.version, node).handed += handed;
            }
        }
        self.move_on(number, movers)
    }

    /// What filters and clocks say of a message to each of these customers.
    fn verdicts(
        &mut self,
        program: &Program,
        node: u16,
        message: &Message,
        customers: &[u32],
    ) -> Result<Vec<Verdict>, WorldError> {
        let settings = program.settings();
        let now = self.ctx.now;
        if settings.end.is_some_and(|end| end.micros() <= now) {
            return Ok(vec![Verdict::Held(Held::Ended); customers.len()]);
        }
        let mut verdicts = vec![Verdict::May; customers.len()];
        let mut hold = |holds: Vec<bool>, unless: bool, why: Held| {
            for (verdict, holds) in verdicts.iter_mut().zip(holds) {
                if holds != unless && *verdict == Verdict::May {
                    *verdict = Verdict::Held(why);
                }
            }
        };
        for list in &message.suppressed {
            hold(self.ctx.holds(*list, customers)?, false, Held::Suppressed);
        }
        if let Some(consent) = message.consent {
            hold(self.ctx.holds(consent, customers)?, true, Held::NoConsent);
        }
        if message.offer.as_ref().is_some_and(|offer| now < offer.from || offer.until <= now) {
            hold(vec![true; customers.len()], false, Held::Offer);
        }
        let channel = match program.node(node).map(|node| &node.kind) {
            Some(NodeKind::Send(send)) => send.channel.as_str(),
            _ => "",
        };
        let windows = settings.send_windows.get(channel).map_or(&[][..], Vec::as_slice);
        let quiet = settings.quiet_hours.as_slice();
        if !windows.is_empty() || !quiet.is_empty() {
            let instants = self.ctx.instants(When::Sendable { windows, quiet }, &settings.zone, customers)?;
            for (verdict, instant) in verdicts.iter_mut().zip(instants) {
                if *verdict == Verdict::May && instant > now {
                    let wait = !message.skip_quiet && instant != NEVER;
                    *verdict = if wait { Verdict::Later(instant) } else { Verdict::Held(Held::Quiet) };
                }
            }
        }
        Ok(verdicts)
    }

    /// Hands out what one participant is to get, or says where the participant goes on.
    fn hand_one(
        &mut self,
        number: u16,
        node: u16,
        mover: Mover,
        verdict: Verdict,
        until: i64,
        (versions, handed): (&[Option<Arc<Program>>], &mut [u64]),
    ) -> Option<(Mover, Start)> {
        let now = self.ctx.now;
        let run = self.runs.get_mut(usize::from(number))?;
        let who = mover.who;
        let place = run.people.place(who);
        let program = versions.get(usize::from(place.version))?.as_deref()?;
        let act = Run::act(program, node)?;
        let customer = run.customer(who);
        let scarce = Scarce { contacts: self.contacts, codes: self.codes, number, channel: act.channel, customer };
        let verdict = match (verdict, &act.message) {
            (Verdict::May, Some(message)) if place.mark == 0 => scarce.reserve(run, program, message, node, who, now),
            (verdict, _) => verdict,
        };
        let tell = |step: Step, run: &Run, ctx: &mut super::context::Context<'_>| {
            if let Some(trace) = ctx.trace.as_deref_mut().filter(|trace| trace.customer == customer) {
                trace.steps.push(Happened { at: now, journey: run.id.clone(), step });
            }
        };
        let name = if self.ctx.trace.is_some() { run.nodes.name(node).to_owned() } else { String::new() };
        match verdict {
            Verdict::Held(why) => {
                *run.counts.node(program.journey.version, node).held.entry(why).or_default() += 1;
                tell(Step::Held { node: name, why }, run, &mut self.ctx);
                // Who was promised something that is held back now gives it back.
                if place.mark > 0 {
                    self.give_back(number, node, who);
                }
                Some((mover, Start::From(node, 1)))
            }
            Verdict::Later(wake) => {
                run.people.put(who, Place { phase: Phase::Later, ..place }, wake);
                tell(Step::Waits { node: name, until: Some(wake) }, run, &mut self.ctx);
                None
            }
            Verdict::May => {
                let attempt = place.mark.saturating_add(1);
                run.people.put(
                    who,
                    Place { phase: Phase::Leased, mark: attempt, ..place },
                    until.max(now.saturating_add(1)),
                );
                run.sent.entry(node).or_default().put(who, true);
                if let Some(handed) = handed.get_mut(usize::from(place.version)) {
                    *handed += 1;
                }
                let code = run.codes.get(&(node, who)).copied();
                let handle = run.handle(number, who);
                let version = program.journey.version;
                self.ctx.effects.leased.push(Leased { handle, customer, version, attempt, code });
                tell(Step::HandedOut { node: name, attempt }, run, &mut self.ctx);
                None
            }
        }
    }

    /// Takes back what was reserved for a message that was not sent.
    pub(super) fn give_back(&mut self, number: u16, node: u16, who: u32) {
        let Some(run) = self.runs.get_mut(usize::from(number)) else { return };
        let place = run.people.place(who);
        let Some(program) = run.program(place.version) else { return };
        let Some(act) = Run::act(&program, node) else { return };
        run.codes.remove(&(node, who));
        if let Some(promise) = act.promise() {
            let (channel, cost) = run.promised.remove(&who).unwrap_or(promise);
            self.contacts.undo(run.customer(who), number, channel);
            run.spent -= cost;
        }
    }
}

/// What there is not enough of for everybody.
struct Scarce<'s> {
    contacts: &'s mut Contacts,
    codes: &'s mut BTreeMap<String, u32>,
    number: u16,
    channel: u16,
    customer: u32,
}

impl Scarce<'_> {
    /// Reserves what a message needs, at its first try.
    fn reserve(self, run: &mut Run, program: &Program, message: &Message, node: u16, who: u32, now: i64) -> Verdict {
        for cap in program.caps() {
            let own = |journey: u16, channel: u16| {
                (cap.scope == Scope::AllJourneys || journey == self.number)
                    && cap.channel.as_ref().is_none_or(|_| channel == self.channel)
            };
            if cap.channel.as_deref().is_some_and(|channel| program.channel(node) != Some(channel)) {
                continue;
            }
            let since = now.saturating_sub(span(cap.within));
            let messages =
                self.contacts.since(self.customer, since).filter(|(_, journey, channel)| own(*journey, *channel));
            if messages.count() >= cap.limit as usize {
                return Verdict::Held(Held::Cap);
            }
        }
        let cost = message.offer.as_ref().map_or(0, |offer| offer.cost);
        if program.budget.is_some_and(|budget| run.spent.saturating_add(cost) > budget) {
            return Verdict::Held(Held::Budget);
        }
        if let Some((offer, codes)) = message.offer.as_ref().and_then(|offer| Some((&offer.offer, offer.codes?))) {
            let given = self.codes.entry(offer.clone()).or_default();
            if *given >= codes {
                return Verdict::Held(Held::NoCode);
            }
            run.codes.insert((node, who), *given);
            *given += 1;
        }
        run.spent += cost;
        self.contacts.add(self.customer, now, self.number, self.channel);
        Verdict::May
    }
}

impl Program {
    /// The channel of a message.
    fn channel(&self, node: u16) -> Option<&str> {
        match &self.node(node)?.kind {
            NodeKind::Send(send) => Some(&send.channel),
            _ => None,
        }
    }
}
