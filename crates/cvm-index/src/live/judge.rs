//! Asking conditions about customers.

use cvm_core::{Timestamp, Value};

use super::leaf::{Leaf, Needs};
use super::people::People;
use super::state::Live;

/// Fewer customers than this are not worth another thread.
const EACH: usize = 1 << 12;

/// What is found of a customer: the number, for each condition whether it holds and when that changes.
type Found = (u32, u32, bool, Option<i64>);

impl Live {
    /// Asks conditions, by number, about a customer at this instant. Bits that turn are told to the segments when they
    /// are settled.
    pub(super) fn judge(&mut self, customer: u32, leaves: &[usize]) {
        let asked = self.asked(leaves);
        if asked.is_empty() {
            return;
        }
        let needs = needs_of(&asked);
        let mut found = Vec::with_capacity(asked.len());
        ask(&self.people, customer, &asked, &needs, self.time(), &mut found);
        for (customer, leaf, verdict, due) in found {
            self.queue.set(customer, leaf, due);
            if self.rows.set(customer, leaf as usize, verdict) {
                self.flips.push((customer, leaf));
            }
        }
    }

    fn time(&self) -> Time {
        Time { now: self.now, horizon: self.horizon, far: self.far }
    }

    /// Asks when conditions will turn, from this instant to the horizon: about everybody, or those of whom events are
    /// still to come.
    pub(super) fn look_ahead(&mut self, leaves: &[usize]) {
        let asked: Vec<(u32, &Leaf)> = self.asked(leaves).into_iter().filter(|(_, leaf)| leaf.is_due()).collect();
        let (ahead, asked): (Vec<_>, Vec<_>) = asked.into_iter().partition(|(_, leaf)| leaf.only_ahead);
        let mut due = Vec::new();
        if !ahead.is_empty() {
            let some: Vec<u32> = self.people.ahead().filter(|customer| self.people.is_there(*customer)).collect();
            due.extend(self.turning(&some, &ahead));
        }
        if !asked.is_empty() {
            let work = |customers: &[u32]| self.turning(customers, &asked);
            due.extend(self.shared(&work));
        }
        for (customer, leaf, _, due) in due {
            self.queue.set(customer, leaf, due);
        }
    }

    fn turning(&self, customers: &[u32], asked: &[(u32, &Leaf)]) -> Vec<Found> {
        let needs = needs_of(asked);
        let (mut found, mut due) = (Vec::new(), Vec::new());
        for customer in customers {
            found.clear();
            ask(&self.people, *customer, asked, &needs, self.time(), &mut found);
            due.extend(found.iter().filter(|(.., at)| at.is_some()).copied());
        }
        due
    }

    /// What a condition says of those who differ from the index.
    pub(super) fn verdicts(&self, leaf: &Leaf) -> Vec<(u32, bool)> {
        let (people, now) = (&self.people, self.now);
        let work = |customers: &[u32]| -> Vec<(u32, bool)> {
            let touched = customers.iter().filter(|customer| people.is_touched(**customer));
            let verdict = |customer: u32| {
                let (row, history) = people.look(customer, &leaf.needs);
                leaf.matcher.matches(&row, &history, now).unwrap_or(false)
            };
            touched.map(|customer| (*customer, verdict(*customer))).collect()
        };
        self.shared(&work)
    }

    /// Work on everybody, shared among the threads of the index.
    fn shared<T: Send>(&self, work: &(impl Fn(&[u32]) -> Vec<T> + Sync)) -> Vec<T> {
        let everybody: Vec<u32> = self.people.numbers().collect();
        let threads = self.people.index.as_ref().map_or(1, |index| index.threads);
        let threads = threads.min(everybody.len() / EACH).max(1);
        if threads == 1 {
            return work(&everybody);
        }
        std::thread::scope(|scope| {
            let parts = everybody.chunks(everybody.len().div_ceil(threads));
            let running: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
            let whole = |thread: std::thread::ScopedJoinHandle<'_, Vec<T>>| match thread.join() {
                Ok(own) => own,
                Err(broken) => std::panic::resume_unwind(broken),
            };
            running.into_iter().flat_map(whole).collect()
        })
    }

    fn asked(&self, leaves: &[usize]) -> Vec<(u32, &Leaf)> {
        let known = leaves.iter().filter_map(|number| {
            // What running numbers answer is never asked.
            let leaf = self.leaves.get(*number)?.as_ref().filter(|leaf| leaf.fast.is_none())?;
            Some((u32::try_from(*number).ok()?, leaf))
        });
        known.collect()
    }
}

fn needs_of(leaves: &[(u32, &Leaf)]) -> Needs {
    let mut needs = Needs::default();
    leaves.iter().for_each(|(_, leaf)| needs.add(&leaf.needs));
    needs
}

/// From when to when it is asked.
#[derive(Clone, Copy)]
struct Time {
    now: Timestamp,
    horizon: Timestamp,
    far: Timestamp,
}

fn ask(people: &People, customer: u32, leaves: &[(u32, &Leaf)], needs: &Needs, time: Time, found: &mut Vec<Found>) {
    let (row, history) = people.look(customer, needs);
    let row: &[Value] = &row;
    for (number, leaf) in leaves {
        // Every instant that time moves to was tried with all conditions beforehand.
        let verdict = leaf.matcher.matches(row, &history, time.now).unwrap_or(false);
        let until = if leaf.needs.sources.is_empty() { time.far } else { time.horizon };
        let due = if leaf.moves && (!leaf.only_ahead || people.is_ahead(customer)) {
            leaf.matcher.next_change(row, &history, time.now, until).ok().flatten()
        } else {
            None
        };
        found.push((customer, *number, verdict, due.map(Timestamp::micros)));
    }
}
