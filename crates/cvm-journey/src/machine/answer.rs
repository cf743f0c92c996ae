//! What became of what was handed out.

use super::command::{Answered, Outcome};
use super::context::{Mover, Start};
use super::people::{NEVER, Phase, Place};
use super::program::{Act, Op};
use super::trace::{Happened, Step};
use super::work_on::{TOGETHER, Work};
use super::world::WorldError;
use crate::model::{NodeKind, Unknown};

impl Work<'_> {
    pub(super) fn answer(&mut self, answers: &[Answered]) -> Result<(), WorldError> {
        if self.ctx.one_by_one {
            for (turn, answer) in (0..).zip(answers) {
                self.answer_together(answer.handle.journey, &[(turn, *answer)])?;
            }
        } else {
            for answers in answers.chunks(TOGETHER) {
                for number in self.numbers() {
                    let own = (0..).zip(answers.iter().copied()).filter(|(_, answer)| answer.handle.journey == number);
                    self.answer_together(number, &own.collect::<Vec<_>>())?;
                }
                self.line_up();
            }
        }
        self.line_up();
        Ok(())
    }

    fn answer_together(&mut self, number: u16, answers: &[(u32, Answered)]) -> Result<(), WorldError> {
        let mut movers: Vec<(Mover, Start)> = Vec::new();
        for (turn, answer) in answers {
            let mover = Mover { turn: *turn, who: answer.handle.participant };
            movers.extend(self.answered(number, mover, answer).map(|start| (mover, start)));
        }
        self.go_or_hold(number, movers)?;
        self.cross()
    }

    /// Where somebody goes on after an answer; nowhere if nobody waited for it.
    fn answered(&mut self, number: u16, mover: Mover, answer: &Answered) -> Option<Start> {
        let run = self.runs.get_mut(usize::from(number))?;
        let Answered { handle, outcome } = *answer;
        let who = handle.participant;
        let place = run.people.place(who);
        if place.phase != Phase::Leased || run.handle(number, who) != handle {
            run.counts.answers_late += 1;
            return None;
        }
        if let Some(trace) = self.ctx.trace.as_deref_mut().filter(|trace| trace.customer == run.customer(who)) {
            let answer = match outcome {
                Outcome::Done => "done",
                Outcome::Failed => "failed",
                Outcome::Again(_) => "again",
                Outcome::Unknown => "unknown",
            };
            let step = Step::Answered { node: run.nodes.name(place.node).to_owned(), answer };
            trace.steps.push(Happened { at: self.ctx.now, journey: run.id.clone(), step });
        }
        match outcome {
            Outcome::Done => Some(self.done(number, who)),
            Outcome::Failed => Some(self.failed(number, who)),
            Outcome::Again(at) if at > self.ctx.now => {
                run.people.put(who, Place { phase: Phase::Later, ..place }, at);
                None
            }
            Outcome::Again(_) => {
                run.people.put(who, Place { phase: Phase::Pending, ..place }, NEVER);
                self.ctx.queued.push((number, place.node, mover));
                None
            }
            Outcome::Unknown => self.unknown(number, mover),
        }
    }

    fn done(&mut self, number: u16, who: u32) -> Start {
        if let Some(run) = self.runs.get_mut(usize::from(number)) {
            let place = run.people.place(who);
            run.codes.remove(&(place.node, who));
            run.promised.remove(&who);
            let version = run.program(place.version).map_or(0, |program| program.journey.version);
            run.counts.node(version, place.node).done += 1;
            // Nobody waits for another answer.
            run.people.put(who, Place { phase: Phase::Happened, mark: 0, ..place }, NEVER);
            return Start::From(place.node, 0);
        }
        Start::From(super::people::OUT, 0)
    }

    fn failed(&mut self, number: u16, who: u32) -> Start {
        let Some(run) = self.runs.get_mut(usize::from(number)) else { return Start::From(super::people::OUT, 0) };
        let place = run.people.place(who);
        let program = run.program(place.version);
        let version = program.as_ref().map_or(0, |program| program.journey.version);
        run.counts.node(version, place.node).failed += 1;
        self.give_back(number, place.node, who);
        if let Some(run) = self.runs.get_mut(usize::from(number)) {
            run.people.put(who, Place { phase: Phase::Happened, mark: 0, ..place }, NEVER);
        }
        let outcome = match program.as_ref().and_then(|program| program.node(place.node)).map(|node| &node.kind) {
            Some(NodeKind::Send(_)) => 2,
            Some(NodeKind::Webhook(_)) => 1,
            _ => 0,
        };
        Start::From(place.node, outcome)
    }

    /// Nobody knows what became of something: as its node says.
    pub(super) fn unknown(&mut self, number: u16, mover: Mover) -> Option<Start> {
        let who = mover.who;
        let run = self.runs.get_mut(usize::from(number))?;
        let place = run.people.place(who);
        let program = run.program(place.version)?;
        run.counts.node(program.journey.version, place.node).unknown += 1;
        let Op::Act(Act { unknown, .. }) = &program.step(place.node)?.op else { return None };
        match unknown {
            Unknown::Keep => Some(self.done(number, who)),
            Unknown::Fail => Some(self.failed(number, who)),
            Unknown::Retry => {
                run.people.put(who, Place { phase: Phase::Pending, ..place }, NEVER);
                self.ctx.queued.push((number, place.node, mover));
                None
            }
        }
    }
}
