//! Events, changes and looks.

use super::*;

impl Reference {
    pub fn tick(&mut self) {
        for j in 0..self.runs.len() {
            if self.runs[j].versions.is_empty() {
                continue;
            }
            if self.runs[j].status == Status::Running {
                for who in 0..self.runs[j].people.len() {
                    let person = &self.runs[j].people[who];
                    if person.doing != Doing::Waits {
                        continue;
                    }
                    let kind = self.runs[j].own(who).node(&person.node).expect("a node").kind.clone();
                    if matches!(kind, NodeKind::Wait(Wait::Filter { .. })) {
                        self.moves(j, who, Start::Look);
                    }
                }
            }
            self.look_for_entrants(j);
        }
    }

    pub(super) fn look_for_entrants(&mut self, j: usize) {
        if !self.is_open(j) || self.runs[j].status != Status::Running {
            return;
        }
        let now = self.now;
        match self.runs[j].newest().entry.trigger.clone() {
            Trigger::Segment { filter, who } => {
                let first = self.runs[j].looked.is_none();
                if who == Members::Current && !first {
                    return;
                }
                self.runs[j].looked = Some(now);
                let members: BTreeSet<u32> =
                    (0..self.customers).filter(|who| world::holds(&filter, now, *who)).collect();
                let before = std::mem::replace(&mut self.runs[j].members, members.clone());
                if who == Members::Future && first {
                    return;
                }
                members.difference(&before).for_each(|customer| self.enter(j, *customer, 0));
            }
            Trigger::Date { field, offset, at, every_year } => {
                let from = self.runs[j].looked.map_or(now, |looked| looked + 1);
                self.runs[j].looked = Some(now);
                let days = cvm_journey::machine::Days { field: &field, offset, at, every_year, from, to: now + 1 };
                for customer in (0..self.customers).filter(|who| world::comes(days, *who)).collect::<Vec<_>>() {
                    self.enter(j, customer, 0);
                }
            }
            _ => {}
        }
    }

    pub fn changed(&mut self, customers: &BTreeSet<u32>) {
        for j in 0..self.runs.len() {
            if self.runs[j].status != Status::Running || self.runs[j].versions.is_empty() {
                continue;
            }
            for customer in customers {
                for who in 0..self.runs[j].people.len() {
                    let person = &self.runs[j].people[who];
                    if person.customer == *customer && person.doing != Doing::Out {
                        self.moves(j, who, Start::Look);
                    }
                }
            }
            let Trigger::Segment { filter, who } = self.runs[j].newest().entry.trigger.clone() else { continue };
            if !self.is_open(j) || self.runs[j].looked.is_none() || who == Members::Current {
                continue;
            }
            for customer in customers {
                if !world::holds(&filter, self.now, *customer) {
                    self.runs[j].members.remove(customer);
                } else if self.runs[j].members.insert(*customer) {
                    self.enter(j, *customer, 0);
                }
            }
        }
    }

    pub fn event(&mut self, name: &str, event: &Event) {
        let today = self.now.div_euclid(world::DAY);
        if let Some(id) = event.id {
            if self.seen.get(&id).is_some_and(|day| *day >= today - 1) {
                return;
            }
            self.seen.insert(id, today);
        }
        for j in 0..self.runs.len() {
            let run = &mut self.runs[j];
            if run.versions.is_empty() || run.status == Status::Stopped {
                continue;
            }
            let settings = run.newest().settings.clone();
            if settings.late_events == Late::Ignore && event.at < self.now - world::DAY / 24 {
                run.counts.late += 1;
                continue;
            }
            for who in 0..run.people.len() {
                if self.runs[j].people[who].customer == event.customer {
                    self.concerns(j, who, name, event);
                }
            }
            self.enters_by(j, name, event);
        }
    }

    pub(super) fn concerns(&mut self, j: usize, who: usize, name: &str, event: &Event) {
        let person = self.runs[j].people[who].clone();
        if person.doing == Doing::Out {
            return;
        }
        let takes = |filter: &Option<Filter>| filter.as_ref().is_none_or(|filter| world::takes(filter, event));
        let kind = self.runs[j].own(who).node(&person.node).expect("a node").kind.clone();
        let outcome = match &kind {
            NodeKind::Wait(Wait::Event { event, filter, .. }) if event == name && takes(filter) => Some("happened"),
            NodeKind::EventBranch(branch) => {
                let mut own = branch.cases.iter().filter(|case| case.event == name);
                own.find(|case| takes(&case.filter)).map(|case| case.name.as_str())
            }
            _ => None,
        };
        match outcome {
            Some(outcome) if person.doing == Doing::Waits && person.wake > self.now => {
                self.go_or_hold(j, who, outcome);
            }
            _ if self.runs[j].status == Status::Running => self.moves(j, who, Start::Look),
            _ => {}
        }
    }

    pub(super) fn enters_by(&mut self, j: usize, name: &str, event: &Event) {
        let journey = self.runs[j].newest().clone();
        let Trigger::Event { event: own, filter } = &journey.entry.trigger else { return };
        if own != name || !filter.as_ref().is_none_or(|filter| world::takes(filter, event)) {
            return;
        }
        match (journey.entry.reentry, world::order(event)) {
            (Reentry::Concurrent { .. }, None) => self.refuse(j, Refused::NoKey),
            (Reentry::Concurrent { .. }, Some(key)) => self.enter(j, event.customer, key),
            _ => self.enter(j, event.customer, 0),
        }
    }
}
