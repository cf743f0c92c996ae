//! Versions, and what is due.

use super::*;

impl Reference {
    pub fn publish(&mut self, publish: &Publish) {
        let journey = publish.journey.clone();
        let j = self.number(&journey.id);
        for node in &journey.nodes {
            if let NodeKind::SubJourney(sub) = &node.kind {
                self.number(&sub.journey);
            }
            if !self.runs[j].nodes.contains(&node.id) {
                self.runs[j].nodes.push(node.id.clone());
            }
        }
        let customers = self.customers;
        let run = &mut self.runs[j];
        let first = run.versions.is_empty();
        run.versions.push(journey.clone());
        if first && !run.several() {
            run.people = (0..customers).map(|customer| Person { customer, wake: NEVER, ..Person::default() }).collect();
        }
        if run.status == Status::Stopped {
            run.status = Status::Running;
        }
        run.calendar = match journey.entry.trigger {
            Trigger::Schedule { at, .. } => world::next(at, self.now - 1),
            _ => NEVER,
        };
        if let InFlight::Follow(map) = &publish.people {
            self.follow(j, map, &journey);
        }
        self.advance();
    }

    pub(super) fn follow(&mut self, j: usize, map: &BTreeMap<String, String>, journey: &Journey) {
        let version = journey.version;
        let mut coming = Vec::new();
        for who in 0..self.runs[j].people.len() {
            let run = &mut self.runs[j];
            let person = run.people[who].clone();
            if person.doing == Doing::Out || person.version == version {
                continue;
            }
            let to = map.get(&person.node).cloned();
            let moved = to.clone().unwrap_or_else(|| person.node.clone());
            run.node_count(person.version, &person.node).moved_out += 1;
            run.node_count(version, &moved).moved_in += 1;
            let outcomes = journey.node(&moved).expect("a node").kind.outcomes();
            let before = self.runs[j].journey(person.version);
            let run = &mut self.runs[j];
            let ends = |journey: &Journey, node: &str| match &journey.node(node).expect("a node").kind {
                NodeKind::Wait(wait) => wait.timeout().is_some(),
                _ => false,
            };
            let other = person.doing == Doing::Waits && ends(&before, &person.node) != ends(journey, &moved);
            let lost = other || person.doing == Doing::GoesOn && !outcomes.iter().any(|one| one.name == person.outcome);
            let person = &mut run.people[who];
            (person.version, person.node) = (version, moved.clone());
            if to.is_some() || lost {
                (person.doing, person.tries, person.code) = (Doing::Comes, 0, None);
                person.wake = i64::MIN;
                coming.push((who, moved));
            }
        }
        if self.runs[j].status == Status::Running {
            for (who, node) in coming {
                self.moves(j, who, Start::Still(node));
            }
        }
    }

    pub fn advance(&mut self) {
        for j in 0..self.runs.len() {
            if self.runs[j].status != Status::Running || self.runs[j].versions.is_empty() {
                continue;
            }
            let mut starts = Vec::new();
            for node in self.runs[j].nodes.clone() {
                while let Some(who) = self.pass_line(j, &node) {
                    starts.push((who, Some(Start::From(node.clone(), "next".into()))));
                }
            }
            for who in 0..self.runs[j].people.len() {
                let person = self.runs[j].people[who].clone();
                if person.doing == Doing::Out || person.wake > self.now {
                    continue;
                }
                let kind = self.runs[j].own(who).node(&person.node).expect("a node").kind.clone();
                let node = person.node.clone();
                let start = match (person.doing, kind) {
                    (Doing::Waits, NodeKind::Wait(Wait::Window { .. } | Wait::Date { .. })) => Some(Start::Still(node)),
                    (Doing::Waits, NodeKind::Wait(Wait::Duration { .. })) => Some(Start::From(node, "next".into())),
                    (Doing::Waits, _) => Some(Start::From(node, "timeout".into())),
                    (Doing::GoesOn, _) => Some(Start::From(node, person.outcome.clone())),
                    (Doing::Comes, _) => Some(Start::Still(node)),
                    (Doing::HandedOut | Doing::Later, _) => None,
                    _ => panic!("nobody wakes from {:?}", person.doing),
                };
                starts.push((who, start));
            }
            for (who, start) in starts {
                match (start, self.runs[j].people[who].doing) {
                    (Some(start), _) => self.moves(j, who, start),
                    (None, Doing::HandedOut) => self.unknown(j, who),
                    (None, _) => self.wants(j, who),
                }
            }
            self.by_calendar(j);
        }
    }

    pub(super) fn by_calendar(&mut self, j: usize) {
        let run = &mut self.runs[j];
        if run.calendar > self.now {
            return;
        }
        let Trigger::Schedule { at, filter, .. } = run.newest().entry.trigger.clone() else { return };
        run.calendar = world::next(at, self.now);
        if self.is_open(j) {
            for customer in (0..self.customers).filter(|who| world::holds(&filter, self.now, *who)).collect::<Vec<_>>()
            {
                self.enter(j, customer, 0);
            }
        }
    }

    pub(super) fn wants(&mut self, j: usize, who: usize) {
        let run = &mut self.runs[j];
        let person = &mut run.people[who];
        (person.doing, person.wake) = (Doing::Wants, NEVER);
        run.outbox.entry(person.node.clone()).or_default().push_back(who);
    }

    pub(super) fn throttle(&self, j: usize, node: &str) -> Option<Throttle> {
        let run = &self.runs[j];
        // Versions in which nobody is are forgotten; those that have the throttle and customers are not.
        run.versions.iter().rev().find_map(|journey| match journey.node(node)?.kind {
            NodeKind::Throttle(throttle) => Some(throttle),
            _ => None,
        })
    }

    pub(super) fn pass_line(&mut self, j: usize, node: &str) -> Option<usize> {
        let throttle = self.throttle(j, node)?;
        let now = self.now;
        let run = &mut self.runs[j];
        let line = run.lines.get_mut(node).filter(|line| !line.people.is_empty())?;
        let from = now - now.rem_euclid(i64::try_from(throttle.per.seconds()).expect("small") * 1_000_000);
        if from > line.from {
            (line.from, line.passed) = (from, 0);
        }
        while line.passed < throttle.limit {
            let who = line.people.pop_front()?;
            let person = &mut run.people[who];
            if person.node == node && person.doing == Doing::InLine {
                line.passed += 1;
                (person.doing, person.wake) = (Doing::GoesOn, NEVER);
                return Some(who);
            }
        }
        None
    }
}
