//! Time.

use cvm_core::{Code, Diagnostic, Diagnostics, Timestamp};

use super::change::Transition;
use super::flow::Turns;
use super::leaf::Leaf;
use super::state::Live;

const DAY: i64 = 86_400_000_000;

/// A day later, or the last instant there is.
pub(super) fn day_after(at: Timestamp) -> Timestamp {
    at.micros().checked_add(DAY).and_then(Timestamp::from_micros).map_or(Timestamp::MAX, |day| day.min(Timestamp::MAX))
}

impl Live {
    /// Time goes by, and nothing else happens: what comes and goes until `to`, in the order of time, each with its own
    /// instant. One large step tells what many small ones tell.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] where `to` lies before [`Live::now`], or where a registered filter asks about a time
    /// outside the years −9999 to 9999 by then. Nothing happened then.
    pub fn advance(&mut self, to: Timestamp) -> Result<Vec<Transition>, Diagnostics> {
        self.can_advance(to)?;
        let mut out = Vec::new();
        self.move_to(to, &mut out);
        Ok(out)
    }

    /// An instant up to which nothing comes or goes by time alone: until then nobody needs to call [`Live::advance`].
    /// At that instant something may have turned, or it is only the end of what was looked at; `None` where time alone
    /// changes nothing.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        let moves = self.leaves.iter().flatten().any(Leaf::is_due) && self.horizon > self.now;
        let first = self.next().and_then(Timestamp::from_micros);
        if moves { Some(first.map_or(self.horizon, |first| first.min(self.horizon))) } else { first }
    }

    pub(super) fn can_advance(&self, to: Timestamp) -> Result<(), Diagnostics> {
        if to < self.now {
            let message = format!("time does not go back: it is {} already, and `{to}` lies before", self.now);
            return Err(Diagnostic::error(Code::InvalidValue, "", message)
                .help("events may have happened before: their own time says so, not this one")
                .into());
        }
        for leaf in self.leaves.iter().flatten().filter(|leaf| leaf.moves) {
            leaf.matcher.at(to)?;
        }
        Ok(())
    }

    pub(super) fn move_to(&mut self, to: Timestamp, out: &mut Vec<Transition>) {
        loop {
            self.run_until(to.min(self.horizon), out);
            if to < self.horizon || self.horizon >= Timestamp::MAX {
                break;
            }
            self.now = self.horizon;
            self.horizon = day_after(to);
            let all: Vec<usize> = (0..self.leaves.len()).collect();
            self.look_ahead(&all);
        }
        self.now = to;
        self.flows.iter_mut().flatten().for_each(|flow| flow.rest_until(to.micros()));
    }

    /// The next instant at which something is due.
    fn next(&self) -> Option<i64> {
        let flows = self.flows.iter().flatten().filter_map(|flow| flow.next);
        flows.chain(self.queue.first()).min()
    }

    /// All that is due, instant by instant: what turns at the same one is looked at together.
    fn run_until(&mut self, until: Timestamp, out: &mut Vec<Transition>) {
        while let Some(at) = self.next().filter(|at| *at <= until.micros()) {
            self.now = Timestamp::from_micros(at).unwrap_or(self.now);
            while let Some((customer, leaf)) = self.queue.take(at) {
                self.judge(customer, &[leaf as usize]);
            }
            let mut turns = Turns { bits: &mut self.bits, flips: &mut self.flips };
            for flow in self.flows.iter_mut().flatten().filter(|flow| flow.next == Some(at)) {
                flow.run(at, &self.people, &mut turns);
            }
            self.settle(out);
        }
    }
}
