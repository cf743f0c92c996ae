//! Goals and exits, which are looked at before anybody moves, and filters that are waited for.

use super::context::{Mover, Start};
use super::flow::Flow;
use super::people::Phase;
use super::program::Op;
use super::world::WorldError;

impl Flow<'_, '_> {
    /// Those who are not out by a goal or an exit.
    pub(super) fn rules(&mut self, movers: Vec<(Mover, Start)>) -> Result<Vec<(Mover, Start)>, WorldError> {
        let program = self.program;
        if !program.has_rules() {
            return Ok(movers);
        }
        let mut movers = movers;
        for ((filter, leave), goal) in program.goals.iter().zip(&program.settings().goals) {
            let who = self.run.customers(movers.iter().map(|(mover, _)| mover.who));
            let holds = self.ctx.holds(*filter, &who)?;
            if !holds.contains(&true) {
                continue;
            }
            let taken = movers.iter().zip(&holds).filter(|(_, holds)| **holds).map(|((mover, _), _)| *mover);
            let flags = self.run.reached.entry(goal.name.clone()).or_default();
            let reached: Vec<Mover> = taken.filter(|mover| !flags.has(mover.who)).collect();
            reached.iter().for_each(|mover| flags.put(mover.who, true));
            if *leave {
                self.turn_away(&mut movers, holds, &goal.name);
            }
            if !reached.is_empty() {
                self.reached(&goal.name, &reached);
            }
        }
        for (filter, exit) in program.exits.iter().zip(&program.settings().exits) {
            let who = self.run.customers(movers.iter().map(|(mover, _)| mover.who));
            let holds = self.ctx.holds(*filter, &who)?;
            if holds.contains(&true) {
                self.turn_away(&mut movers, holds, &exit.name);
            }
        }
        Ok(movers)
    }

    /// Those whom a filter takes leave before they move. Who was about to come to a node has come to it.
    fn turn_away(&mut self, movers: &mut Vec<(Mover, Start)>, holds: Vec<bool>, reason: &str) {
        let mut holds = holds.into_iter();
        movers.retain(|(mover, start)| {
            let leaves = holds.next().unwrap_or(false);
            if leaves {
                if let Start::At(node) = start {
                    self.came(*node);
                }
                self.out_at(start.node(), *mover, reason);
            }
            !leaves
        });
    }

    /// Those at a node whose wait for a filter is over go on.
    pub(super) fn look(&mut self, node: u16, movers: Vec<Mover>) -> Result<(), WorldError> {
        let Some(Op::Until { filter, .. }) = self.program.step(node).map(|step| &step.op) else { return Ok(()) };
        let waits = |mover: &Mover| self.run.people.place(mover.who).phase == Phase::Waiting;
        let movers: Vec<Mover> = movers.into_iter().filter(waits).collect();
        let holds = self.ctx.holds(*filter, &self.customers(&movers))?;
        for (mover, _) in movers.into_iter().zip(holds).filter(|(_, holds)| *holds) {
            self.go(node, 0, mover);
        }
        Ok(())
    }
}
