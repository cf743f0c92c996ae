//! Time.

use cvm_core::{Code, Diagnostic, Diagnostics, Timestamp};

use super::change::Transition;
use super::flow::{Dues, Flow};
use super::leaf::Leaf;
use super::state::Live;
use super::tell::{Listener, Told};

const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;
/// Rows that are fetched from memory together.
const FETCHED: usize = 32;

/// For so many days conditions on fields alone are looked ahead.
pub(super) const FAR: i64 = 30;

/// Some days later, or the last instant there is.
pub(super) fn days_after(at: Timestamp, days: i64) -> Timestamp {
    at.micros()
        .checked_add(days * DAY)
        .and_then(Timestamp::from_micros)
        .map_or(Timestamp::MAX, |day| day.min(Timestamp::MAX))
}

impl Live {
    /// Time goes by, and nothing else happens: what comes and goes until `to`, in the order of time, each with its own
    /// instant. One large step tells what many small ones tell.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] where `to` lies before [`Live::now`], or where a registered filter asks about a time
    /// outside the years −9999 to 9999 by then. Nothing happened then.
    pub fn advance(&mut self, to: Timestamp) -> Result<Vec<Transition>, Diagnostics> {
        let mut out = Vec::new();
        self.advance_with(to, |told| out.push(told.to_transition()))?;
        Ok(out)
    }

    /// As [`Live::advance`]; each is told to a listener instead of being kept.
    ///
    /// # Errors
    /// As [`Live::advance`].
    pub fn advance_with(&mut self, to: Timestamp, mut listener: impl FnMut(Told<'_>)) -> Result<(), Diagnostics> {
        self.can_advance(to)?;
        self.move_to(to, &mut listener);
        Ok(())
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

    pub(super) fn move_to(&mut self, to: Timestamp, listener: Listener<'_>) {
        loop {
            self.run_until(to.min(self.horizon).micros(), listener);
            if to < self.horizon || self.horizon >= Timestamp::MAX {
                break;
            }
            self.now = self.horizon;
            self.horizon = days_after(to, 1);
            self.people.forget_ahead(self.now.micros());
            // What follows from fields alone is looked for rarely: it needs a look at everybody.
            let far = self.horizon > self.far;
            if far {
                self.far = days_after(to, FAR);
            }
            let numbered = self.leaves.iter().enumerate();
            let due =
                numbered.filter(|(_, leaf)| leaf.as_ref().is_some_and(|leaf| far || !leaf.needs.sources.is_empty()));
            let due: Vec<usize> = due.map(|(number, _)| number).collect();
            self.look_ahead(&due);
        }
        self.now = to;
        self.flows.iter_mut().flatten().for_each(|flow| flow.rest_until(to.micros()));
    }

    /// The next instant at which something is due.
    fn next(&self) -> Option<i64> {
        let flows = self.flows.iter().flatten().filter_map(Flow::next);
        flows.chain(self.queue.first()).min()
    }

    /// All that is due, in pieces that are not too large.
    fn run_until(&mut self, until: i64, listener: Listener<'_>) {
        while let Some(first) = self.next().filter(|at| *at <= until) {
            let step = self.flows.iter().flatten().filter_map(Flow::step).min();
            let until = match step {
                Some(step) if step <= first => first,
                Some(step) => until.min(first.saturating_add(MINUTE)).min(step - 1),
                None => until.min(first.saturating_add(MINUTE)),
            };
            let until = Timestamp::from_micros(until).unwrap_or(Timestamp::MAX);
            let mut dues = std::mem::take(&mut self.dues);
            dues.clear();
            for (number, flow) in (0..).zip(&mut self.flows) {
                if let Some(flow) = flow {
                    flow.collect(number, until, &self.people.catalog, &mut dues);
                }
            }
            // Each window gives what leaves it in order: putting together what is in order is quick.
            dues.all.sort_by_key(|due| due.at);
            self.run(until.micros(), &dues);
            self.dues = dues;
            self.tell(listener);
        }
    }

    /// Instant by instant: what turns at the same one is looked at together.
    fn run(&mut self, until: i64, dues: &Dues) {
        let (mut place, mut fetched) = (0, 0);
        loop {
            let next = dues.all.get(place).map(|due| due.at);
            let Some(at) = next.into_iter().chain(self.queue.first()).min().filter(|at| *at <= until) else { return };
            self.now = Timestamp::from_micros(at).unwrap_or(self.now);
            while let Some((customer, leaf)) = self.queue.take(at) {
                self.judge(customer, &[leaf as usize]);
            }
            while let Some(due) = dues.all.get(place).filter(|due| due.at == at) {
                if place >= fetched {
                    let soon = dues.all.iter().skip(place).take(FETCHED);
                    self.rows.fetch(soon.map(|due| due.customer));
                    fetched = place + FETCHED;
                }
                if let Some(Some(flow)) = self.flows.get_mut(usize::from(due.flow)) {
                    flow.happen(due, dues, &mut self.rows, &mut self.flips);
                }
                place += 1;
            }
            self.settle();
        }
    }
}
