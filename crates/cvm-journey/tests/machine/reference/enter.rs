//! Who enters.

use super::*;

impl Reference {
    pub(super) fn is_open(&self, j: usize) -> bool {
        let run = &self.runs[j];
        if run.versions.is_empty() || run.status == Status::Stopped {
            return false;
        }
        let settings = &run.newest().settings;
        settings.start.is_none_or(|start| start.micros() <= self.now)
            && settings.end.is_none_or(|end| self.now < end.micros())
    }

    pub(super) fn refuse(&mut self, j: usize, why: Refused) {
        *self.runs[j].counts.refused.entry(why).or_default() += 1;
    }

    pub fn enter(&mut self, j: usize, customer: u32, key: u64) {
        if !self.is_open(j) {
            return self.refuse(j, Refused::NotRunning);
        }
        let journey = self.runs[j].newest().clone();
        let entry = journey.entry_node().expect("an entry").id.clone();
        if journey.settings.holdout.is_some_and(|share| drawn(&journey, "", customer) < share.millionths()) {
            return self.refuse(j, Refused::HeldOut);
        }
        if journey.settings.audience_cap.is_some_and(|cap| self.runs[j].counts.entered >= cap) {
            return self.refuse(j, Refused::Full);
        }
        let run = &mut self.runs[j];
        let who = if run.several() {
            let mut own = run.people.iter().zip(&run.keys).filter(|(person, _)| person.customer == customer);
            let times = own.clone().count();
            if let Some((person, _)) = own.find(|(_, own)| **own == key) {
                let why = if person.doing == Doing::Out { Refused::NotAgain } else { Refused::Inside };
                return self.refuse(j, why);
            }
            let entry = u16::try_from(times).expect("small");
            run.people.push(Person { customer, entry, wake: NEVER, ..Person::default() });
            run.keys.push(key);
            run.people.len() - 1
        } else {
            let person = &run.people[customer as usize];
            if person.doing != Doing::Out {
                return self.refuse(j, Refused::Inside);
            }
            if person.entry > 0 && person.wake > self.now {
                return self.refuse(j, Refused::NotAgain);
            }
            customer as usize
        };
        run.counts.entered += 1;
        let again = match journey.entry.reentry {
            Reentry::Cooldown { after } => world::instant(When::After(after), self.now, customer),
            _ => NEVER,
        };
        let before = run.people[who].clone();
        run.people[who] = Person {
            customer,
            node: entry.clone(),
            version: journey.version,
            entry: before.entry + 1,
            doing: Doing::Waits,
            wake: NEVER,
            again,
            ..Person::default()
        };
        if run.status == Status::Running {
            self.moves(j, who, Start::At(entry));
        } else {
            run.node_count(journey.version, &entry).entered += 1;
            self.holds_on(j, who, "next");
        }
    }

    pub(super) fn holds_on(&mut self, j: usize, who: usize, outcome: &str) {
        let person = &mut self.runs[j].people[who];
        (person.doing, person.outcome, person.wake) = (Doing::GoesOn, outcome.to_owned(), i64::MIN);
    }

    pub(super) fn go_or_hold(&mut self, j: usize, who: usize, outcome: &str) {
        if self.runs[j].status == Status::Running {
            let node = self.runs[j].people[who].node.clone();
            self.moves(j, who, Start::From(node, outcome.to_owned()));
        } else {
            self.holds_on(j, who, outcome);
        }
    }

    pub(super) fn holds(&self, filter: &Filter, j: usize, who: usize) -> bool {
        world::holds(filter, self.now, self.runs[j].people[who].customer)
    }

    pub(super) fn instant(&self, when: When<'_>, j: usize, who: usize) -> i64 {
        world::instant(when, self.now, self.runs[j].people[who].customer)
    }
}
