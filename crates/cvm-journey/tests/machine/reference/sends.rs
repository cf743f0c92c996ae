//! What is handed out, and what became of it.

use super::*;

impl Reference {
    pub fn lease(&mut self, channels: &[&str], limit: usize, until: i64) {
        let mut order: Vec<usize> = (0..self.runs.len()).collect();
        order.retain(|j| !self.runs[*j].versions.is_empty() && self.runs[*j].status == Status::Running);
        order.sort_by_key(|j| (-self.runs[*j].newest().settings.priority, *j));
        let mut left = limit;
        for j in order {
            // In the order of the nodes' numbers: those in whose queue somebody ever stood.
            let nodes = self.runs[j].nodes.clone();
            let ever: Vec<String> = nodes.into_iter().filter(|node| self.runs[j].outbox.contains_key(node)).collect();
            for node in ever {
                let mut taken = Vec::new();
                let mut kept = VecDeque::new();
                let mut queue = std::mem::take(self.runs[j].outbox.get_mut(&node).expect("a queue"));
                while taken.len() < left
                    && let Some(who) = queue.pop_front()
                {
                    let person = &self.runs[j].people[who];
                    if person.node != node || person.doing != Doing::Wants || taken.contains(&who) {
                        continue;
                    }
                    let kind = self.runs[j].own(who).node(&node).expect("a node").kind.clone();
                    let channel = match &kind {
                        NodeKind::Send(send) => send.channel.as_str(),
                        NodeKind::Webhook(_) => "webhook",
                        _ => "profile",
                    };
                    if channels.is_empty() || channels.contains(&channel) {
                        taken.push(who);
                    } else {
                        kept.push_back(who);
                    }
                }
                kept.append(&mut queue);
                *self.runs[j].outbox.get_mut(&node).expect("a queue") = kept;
                left -= taken.len();
                let mut held = Vec::new();
                for who in taken {
                    held.extend(self.hand_out(j, who, &node, until));
                }
                held.into_iter().for_each(|who| self.moves(j, who, Start::From(node.clone(), "held".into())));
            }
        }
    }

    pub(super) fn hand_out(&mut self, j: usize, who: usize, node: &str, until: i64) -> Option<usize> {
        let journey = self.runs[j].own(who);
        let tries = self.runs[j].people[who].tries;
        if let NodeKind::Send(send) = &journey.node(node).expect("a node").kind {
            match self.may(j, who, &journey, send) {
                Ok(None) => {}
                Ok(Some(later)) => {
                    let person = &mut self.runs[j].people[who];
                    (person.doing, person.wake) = (Doing::Later, later);
                    return None;
                }
                Err(why) => {
                    *self.runs[j].node_count(journey.version, node).held.entry(why).or_default() += 1;
                    if tries > 0 {
                        self.give_back(j, who);
                    }
                    // Not wanted any more, and not out either.
                    self.runs[j].people[who].doing = Doing::Later;
                    return Some(who);
                }
            }
        }
        let run = &mut self.runs[j];
        run.node_count(journey.version, node).handed += 1;
        let person = &mut run.people[who];
        person.tries += 1;
        (person.doing, person.wake) = (Doing::HandedOut, until.max(self.now + 1));
        person.sent.insert(node.to_owned());
        let given = (run.id.clone(), node.to_owned(), u32::try_from(who).expect("small"), person.entry, person.round);
        self.given.push((given.0, given.1, given.2, given.3, given.4, person.tries, person.code));
        None
    }

    pub(super) fn cost(offer: &str) -> f64 {
        if offer == "ten" { 0.5 } else { 0.25 }
    }

    /// Whether a message may be sent now: yes, later, or why not.
    pub(super) fn may(&mut self, j: usize, who: usize, journey: &Journey, send: &Send) -> Result<Option<i64>, Held> {
        let (now, settings) = (self.now, &journey.settings);
        if settings.end.is_some_and(|end| end.micros() <= now) {
            return Err(Held::Ended);
        }
        if settings.suppression.iter().any(|name| self.holds(&list(name), j, who)) {
            return Err(Held::Suppressed);
        }
        if settings.consent.get(&send.channel).is_some_and(|consent| !self.holds(consent, j, who)) {
            return Err(Held::NoConsent);
        }
        let new_year = cvm_core::Timestamp::parse_utc("2027-01-01T00:00:00Z").expect("an instant").micros();
        if send.offer.as_deref() == Some("ten") && now >= new_year {
            return Err(Held::Offer);
        }
        let windows = settings.send_windows.get(&send.channel).map_or(&[][..], Vec::as_slice);
        let quiet = &settings.quiet_hours;
        if !windows.is_empty() || !quiet.is_empty() {
            let at = self.instant(When::Sendable { windows, quiet }, j, who);
            match send.quiet {
                _ if at <= now => {}
                Quiet::Wait if at != NEVER => return Ok(Some(at)),
                _ => return Err(Held::Quiet),
            }
        }
        if self.runs[j].people[who].tries > 0 {
            return Ok(None);
        }
        let customer = self.runs[j].people[who].customer;
        for cap in &settings.caps {
            if cap.channel.as_ref().is_some_and(|channel| *channel != send.channel) {
                continue;
            }
            let unit = match cap.within.unit {
                Unit::Minute => 60,
                Unit::Hour => 3_600,
                _ => 86_400,
            };
            let since = now - i64::from(cap.within.amount) * unit * 1_000_000;
            let got = self.messages.iter().filter(|(to, at, id, channel)| {
                *to == customer
                    && *at > since
                    && (cap.scope == Scope::AllJourneys || *id == journey.id)
                    && cap.channel.as_ref().is_none_or(|own| own == channel)
            });
            if got.count() >= cap.limit as usize {
                return Err(Held::Cap);
            }
        }
        let cost = send.offer.as_deref().map_or(0.0, Self::cost);
        if settings.budget.is_some_and(|budget| self.runs[j].spent + cost > budget.to_f64()) {
            return Err(Held::Budget);
        }
        if send.offer.as_deref() == Some("codes") {
            let given = self.codes.entry("codes".into()).or_default();
            if *given >= 5 {
                return Err(Held::NoCode);
            }
            self.runs[j].people[who].code = Some(*given);
            *given += 1;
        }
        self.runs[j].spent += cost;
        self.runs[j].people[who].promised = Some((send.channel.clone(), cost));
        self.messages.push((customer, now, journey.id.clone(), send.channel.clone()));
        Ok(None)
    }

    /// What was promised, which may be something else than what the node says since.
    pub(super) fn give_back(&mut self, j: usize, who: usize) {
        let run = &mut self.runs[j];
        run.people[who].code = None;
        let (channel, cost) = run.people[who].promised.take().expect("a promise");
        run.spent -= cost;
        let own = (run.people[who].customer, run.id.clone(), channel);
        let last = self.messages.iter().rposition(|(to, _, id, channel)| (*to, id, channel) == (own.0, &own.1, &own.2));
        self.messages.remove(last.expect("a message"));
    }

    /// An answer; `false` where nobody waited for it.
    pub fn answer(&mut self, (id, node, who, entry, round): (&str, &str, usize, u16, u16), outcome: Outcome) {
        let j = self.number(id);
        let person = &self.runs[j].people[who];
        if person.doing != Doing::HandedOut
            || (person.node.as_str(), person.entry, person.round) != (node, entry, round)
        {
            self.runs[j].counts.answers_late += 1;
            return;
        }
        match outcome {
            Outcome::Done => self.done(j, who),
            Outcome::Failed => self.failed(j, who),
            Outcome::Again(at) if at > self.now => {
                let person = &mut self.runs[j].people[who];
                (person.doing, person.wake) = (Doing::Later, at);
            }
            Outcome::Again(_) => self.wants(j, who),
            Outcome::Unknown => self.unknown(j, who),
        }
    }

    pub(super) fn done(&mut self, j: usize, who: usize) {
        let version = self.runs[j].people[who].version;
        let node = self.runs[j].people[who].node.clone();
        self.runs[j].node_count(version, &node).done += 1;
        let person = &mut self.runs[j].people[who];
        (person.code, person.tries) = (None, 0);
        (person.doing, person.wake) = (Doing::GoesOn, NEVER);
        self.go_or_hold(j, who, "next");
    }

    pub(super) fn failed(&mut self, j: usize, who: usize) {
        let journey = self.runs[j].own(who);
        let node = self.runs[j].people[who].node.clone();
        self.runs[j].node_count(journey.version, &node).failed += 1;
        let outcome = match &journey.node(&node).expect("a node").kind {
            NodeKind::Send(_) => {
                self.give_back(j, who);
                "failed"
            }
            NodeKind::Webhook(_) => "failed",
            _ => "next",
        };
        let person = &mut self.runs[j].people[who];
        person.tries = 0;
        (person.doing, person.wake) = (Doing::GoesOn, NEVER);
        self.go_or_hold(j, who, outcome);
    }

    pub(super) fn unknown(&mut self, j: usize, who: usize) {
        let journey = self.runs[j].own(who);
        let node = self.runs[j].people[who].node.clone();
        self.runs[j].node_count(journey.version, &node).unknown += 1;
        let policy = match &journey.node(&node).expect("a node").kind {
            NodeKind::Send(send) => send.unknown,
            NodeKind::Webhook(webhook) => webhook.unknown,
            _ => Unknown::Retry,
        };
        match policy {
            Unknown::Keep => self.done(j, who),
            Unknown::Fail => self.failed(j, who),
            Unknown::Retry => self.wants(j, who),
        }
    }

    pub fn stop(&mut self, id: &str) {
        let j = self.number(id);
        self.runs[j].status = Status::Stopped;
        for who in 0..self.runs[j].people.len() {
            let person = self.runs[j].people[who].clone();
            if person.doing != Doing::Out {
                self.leave(j, who, &person.node, "stopped");
            }
        }
    }

    pub fn set_status(&mut self, id: &str, status: Status) {
        let j = self.number(id);
        self.runs[j].status = status;
        if status == Status::Running {
            self.advance();
        }
    }
}
