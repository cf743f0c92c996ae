//! What nodes do.

use super::*;

impl Reference {
    pub(super) fn leave(&mut self, j: usize, who: usize, node: &str, reason: &str) {
        let version = self.runs[j].people[who].version;
        self.runs[j].node_count(version, node).out += 1;
        self.leaves(j, who, reason);
    }

    pub(super) fn leaves(&mut self, j: usize, who: usize, reason: &str) {
        let now = self.now;
        let run = &mut self.runs[j];
        let again = match run.newest().entry.reentry {
            Reentry::Never | Reentry::Concurrent { .. } => NEVER,
            Reentry::AfterExit => now,
            Reentry::Cooldown { .. } => run.people[who].again.max(now),
        };
        let person = &mut run.people[who];
        (person.doing, person.wake, person.code) = (Doing::Out, again, None);
        let customer = person.customer;
        *run.counts.left.entry(reason.to_owned()).or_default() += 1;
        self.back(j, customer);
    }

    /// Those who waited for a customer to come out of a journey go on.
    pub(super) fn back(&mut self, from: usize, customer: u32) {
        let id = self.runs[from].id.clone();
        for j in 0..self.runs.len() {
            for who in 0..self.runs[j].people.len() {
                let person = &self.runs[j].people[who];
                if person.customer != customer || person.doing != Doing::Elsewhere {
                    continue;
                }
                let NodeKind::SubJourney(sub) = self.runs[j].own(who).node(&person.node).expect("a node").kind.clone()
                else {
                    continue;
                };
                if sub.journey == id {
                    self.go_or_hold(j, who, "next");
                }
            }
        }
    }

    /// Goals and exits: whether somebody leaves by one.
    pub(super) fn rules(&mut self, j: usize, who: usize, node: &str, comes: bool) -> bool {
        let journey = self.runs[j].own(who);
        let mut left = None;
        for goal in &journey.settings.goals {
            if self.holds(&goal.filter, j, who) {
                let run = &mut self.runs[j];
                if run.people[who].reached.insert(goal.name.clone()) {
                    *run.counts.reached.entry(goal.name.clone()).or_default() += 1;
                }
                if goal.leave {
                    left = Some(goal.name.clone());
                    break;
                }
            }
        }
        if left.is_none() {
            let exit = journey.settings.exits.iter().find(|exit| self.holds(&exit.filter, j, who));
            left = exit.map(|exit| exit.name.clone());
        }
        let Some(reason) = left else { return false };
        if comes {
            let version = journey.version;
            self.runs[j].node_count(version, node).entered += 1;
        }
        self.leave(j, who, node, &reason);
        true
    }

    pub(super) fn moves(&mut self, j: usize, who: usize, start: Start) {
        let here = match &start {
            Start::At(node) | Start::From(node, _) | Start::Still(node) => node.clone(),
            Start::Look => self.runs[j].people[who].node.clone(),
        };
        if self.rules(j, who, &here, matches!(start, Start::At(_))) {
            return;
        }
        match start {
            Start::At(node) => self.comes(j, who, &node),
            Start::Still(node) => self.works(j, who, &node),
            Start::From(node, outcome) => self.goes(j, who, &node, &outcome),
            Start::Look => {
                let person = &self.runs[j].people[who];
                let kind = self.runs[j].own(who).node(&here).expect("a node").kind.clone();
                if let (Doing::Waits, NodeKind::Wait(Wait::Filter { filter, .. })) = (person.doing, kind)
                    && self.holds(&filter, j, who)
                {
                    self.goes(j, who, &here, "happened");
                }
            }
        }
    }

    pub(super) fn comes(&mut self, j: usize, who: usize, node: &str) {
        let version = self.runs[j].people[who].version;
        self.runs[j].node_count(version, node).entered += 1;
        self.works(j, who, node);
    }

    pub(super) fn goes(&mut self, j: usize, who: usize, node: &str, outcome: &str) {
        let journey = self.runs[j].own(who);
        self.runs[j].went(journey.version, node, outcome);
        match journey.follow(node, outcome) {
            Some(next) => self.comes(j, who, next),
            None if outcome == "held_out" => self.leaves(j, who, "held out"),
            None => self.comes(j, who, journey.follow(node, "next").expect("a way on")),
        }
    }

    pub(super) fn rests(&mut self, j: usize, who: usize, node: &str, doing: Doing, wake: i64) {
        let person = &mut self.runs[j].people[who];
        (person.node, person.doing, person.wake, person.tries) = (node.to_owned(), doing, wake, 0);
    }

    pub(super) fn waits(&mut self, j: usize, who: usize, node: &str, timeout: Option<Duration>) {
        let wake = timeout.map_or(NEVER, |timeout| self.instant(When::After(timeout), j, who));
        self.rests(j, who, node, Doing::Waits, wake);
    }

    pub(super) fn works(&mut self, j: usize, who: usize, node: &str) {
        let journey = self.runs[j].own(who);
        let customer = self.runs[j].people[who].customer;
        match journey.node(node).expect("a node").kind.clone() {
            NodeKind::Entry(_) => self.goes(j, who, node, "next"),
            NodeKind::Segment(gate) => {
                let outcome = if self.holds(&gate.filter, j, who) { "yes" } else { "no" };
                self.goes(j, who, node, outcome);
            }
            NodeKind::Branch(branch) => {
                let case = branch.cases.iter().find(|case| self.holds(&case.filter, j, who));
                self.goes(j, who, node, case.map_or("default", |case| &case.name));
            }
            NodeKind::Split(split) => {
                let mut left = i64::from(drawn(&journey, node, customer));
                let arm = split.arms.iter().find(|arm| {
                    left -= i64::from(arm.percent.millionths());
                    left < 0
                });
                self.goes(j, who, node, &arm.expect("an arm").name);
            }
            NodeKind::Holdout(holdout) => {
                let out = drawn(&journey, node, customer) < holdout.percent.millionths();
                self.goes(j, who, node, if out { "held_out" } else { "next" });
            }
            NodeKind::Wait(Wait::Duration { duration }) => self.waits(j, who, node, Some(duration)),
            NodeKind::Wait(Wait::Date { field, offset, at }) => {
                let wake = self.instant(When::Day { field: &field, offset, at }, j, who);
                self.until(j, who, node, wake);
            }
            NodeKind::Wait(Wait::Window { window }) => {
                let wake = self.instant(When::Within(&window), j, who);
                self.until(j, who, node, wake);
            }
            NodeKind::Wait(Wait::Event { timeout, .. }) => self.waits(j, who, node, timeout),
            NodeKind::EventBranch(branch) => self.waits(j, who, node, Some(branch.timeout)),
            NodeKind::Wait(Wait::Filter { filter, timeout }) => {
                if self.holds(&filter, j, who) {
                    self.goes(j, who, node, "happened");
                } else {
                    self.waits(j, who, node, timeout);
                }
            }
            NodeKind::Send(_) | NodeKind::Webhook(_) | NodeKind::Update(_) | NodeKind::List(_) => {
                if self.runs[j].people[who].sent.contains(node) {
                    self.runs[j].node_count(journey.version, node).repeated += 1;
                    self.goes(j, who, node, "next");
                } else {
                    self.rests(j, who, node, Doing::Wants, NEVER);
                    self.wants(j, who);
                }
            }
            NodeKind::Throttle(_) => {
                self.rests(j, who, node, Doing::InLine, NEVER);
                self.runs[j].lines.entry(node.to_owned()).or_default().people.push_back(who);
                if self.runs[j].lines[node].people.len() == 1 && self.pass_line(j, node).is_some() {
                    self.goes(j, who, node, "next");
                }
            }
            NodeKind::SubJourney(sub) => {
                self.rests(j, who, node, Doing::Elsewhere, NEVER);
                let child = self.number(&sub.journey);
                self.enter(child, customer, 0);
                let inside = self.runs[child].people.iter();
                let inside = inside.filter(|person| person.customer == customer && person.doing != Doing::Out);
                if inside.count() == 0 {
                    self.back(child, customer);
                }
            }
            NodeKind::Jump(jump) => {
                let person = &mut self.runs[j].people[who];
                let jumps = person.jumps.entry(node.to_owned()).or_default();
                if *jumps < jump.times {
                    *jumps += 1;
                    person.round += 1;
                    person.sent.clear();
                    self.goes(j, who, node, "again");
                } else {
                    self.goes(j, who, node, "done");
                }
            }
            NodeKind::Goal(goal) => {
                *self.runs[j].counts.reached.entry(goal.name).or_default() += 1;
                self.goes(j, who, node, "next");
            }
            NodeKind::End(end) => self.leave(j, who, node, &end.reason.unwrap_or_else(|| "end".into())),
        }
    }

    pub(super) fn until(&mut self, j: usize, who: usize, node: &str, wake: i64) {
        if wake <= self.now {
            self.goes(j, who, node, "next");
        } else {
            self.rests(j, who, node, Doing::Waits, wake);
        }
    }
}
