//! A runner on a clock that a test turns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cvm_core::{Timestamp, Value};
use cvm_journey::channel::{Backoff, Delivery, Plan, Recording, TokenBucket};
use cvm_journey::durable::testing::{Crash, FaultyDisk};
use cvm_journey::durable::*;
use cvm_journey::machine::*;
use cvm_journey::message::Content;
use cvm_journey::model::{Journey, ListChange, Per, Percent, Template, TimeOfDay, Zone};
use serde_json::json;

use crate::draw;
use crate::script::{CUSTOMERS, number, options};
use crate::world::{Fake, hash};

const START: i64 = 1_796_115_600_000_000;
const MINUTE: i64 = 60_000_000;

/// Customers of whom changes are kept.
#[derive(Debug, Clone, Default)]
struct Customers {
    fake: Fake,
    changes: Arc<Mutex<BTreeMap<String, String>>>,
}

impl World for Customers {
    fn members(&mut self, filter: Asked<'_>, now: i64) -> Result<Vec<u32>, WorldError> {
        self.fake.members(filter, now)
    }
    fn holds(&mut self, filter: Asked<'_>, now: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        self.fake.holds(filter, now, who)
    }
    fn events(&mut self, filter: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        self.fake.events(filter, which)
    }
    fn keys(&mut self, property: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        self.fake.keys(property, which)
    }
    fn instants(&mut self, when: When<'_>, zone: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        self.fake.instants(when, zone, now, who)
    }
    fn days(&mut self, days: Days<'_>, zone: &Zone) -> Result<Vec<u32>, WorldError> {
        self.fake.days(days, zone)
    }
    fn next(
        &mut self,
        rule: &str,
        from: &str,
        at: TimeOfDay,
        zone: &Zone,
        after: i64,
    ) -> Result<Option<i64>, WorldError> {
        self.fake.next(rule, from, at, zone, after)
    }
}

impl Profiles for Customers {
    fn hears(&mut self, command: &Command) {
        self.fake = crate::script::world(command);
    }

    fn values(&mut self, customer: &str) -> Result<Vec<(String, Value)>, String> {
        Ok(vec![("name".to_owned(), Value::Str(customer.to_uppercase()))])
    }

    fn address(&mut self, customer: &str, channel: &str) -> Result<Option<String>, String> {
        Ok(Some(format!("{channel}:{customer}")))
    }

    fn apply(&mut self, task: &Task<'_>, change: Change<'_>) -> Delivery {
        let text = match change {
            Change::Set(set) => serde_json::to_string(set).expect("a text"),
            Change::List(ListChange::Add(list)) => format!("+{list}"),
            Change::List(ListChange::Remove(list)) => format!("-{list}"),
        };
        let mut changes = self.changes.lock().expect("one thread");
        changes.insert(task.key.clone(), format!("{} {text}", task.customer));
        Delivery::Sent { id: None }
    }
}

fn journey() -> Journey {
    let node = |id: &str, ty: &str, data: serde_json::Value| json!({"id": id, "type": ty, "data": data});
    let edge =
        |source: &str, target: &str| json!({"id": source, "source": source, "sourceHandle": "next", "target": target});
    let value = json!({
        "id": "welcome", "version": 1, "name": "Welcome",
        "entry": {"trigger": {"type": "api"}, "reentry": {"type": "never"}},
        "nodes": [node("in", "entry", json!({})),
            node("mail", "send", json!({"channel": "email", "template": "hello", "offer": "codes"})),
            node("tier", "update", json!({"set": {"tier": "gold"}})),
            node("pause", "wait", json!({"until": "duration", "duration": {"amount": 1, "unit": "hour"}})),
            node("call", "webhook", json!({"url": "https://example.com/hook", "body": "{\"name\": {{ customer.name }}}"})),
            node("vip", "list", json!({"add": "vip"})), node("out", "end", json!({}))],
        "edges": [edge("in", "mail"), edge("mail", "tier"), edge("tier", "pause"), edge("pause", "call"),
            edge("call", "vip"), edge("vip", "out")],
    });
    Journey::from_value(value).unwrap_or_else(|findings| panic!("{findings}"))
}

fn content() -> Content {
    let template: Template = serde_json::from_value(json!({"id": "hello",
        "content": {"email": {"body": "Hello {{ customer.name }}, your code is {{ offer.code }}"}}}))
    .expect("a template");
    Content::new(&[template], draw::offers()).expect("content")
}

/// With ten tries, one of some hundreds would fail for good.
fn patient() -> RunnerOptions {
    let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60)).tries(100);
    RunnerOptions { backoff, ..RunnerOptions::default() }
}

type Ran = Runner<FaultyDisk, Customers>;

#[derive(Debug, Clone, Default)]
struct Outside {
    customers: Customers,
    email: Option<Recording>,
    webhook: Option<Recording>,
}

impl Outside {
    fn new(plan: Plan) -> Self {
        let recording = |name| Some(Recording::new(name).plan(plan));
        Self { email: recording("email"), webhook: recording("webhook"), ..Self::default() }
    }

    fn runner(&self, disk: &FaultyDisk) -> Result<Ran, StoreError> {
        let store = Store::open(disk.clone(), options())?;
        let both = [&self.email, &self.webhook].into_iter().flatten().cloned();
        let runner = Runner::new(store, self.customers.clone(), content(), patient());
        Ok(both.fold(runner, |runner, one| runner.outlet(Outlet::new(Box::new(one)))))
    }

    /// What took effect outside: messages, calls, changes.
    fn happened(&self) -> BTreeSet<String> {
        let sent = [&self.email, &self.webhook].into_iter().flatten().flat_map(Recording::taken);
        let sent = sent.map(|one| format!("{} {} {:?} {:?}", one.key, one.channel, one.to, one.parts));
        sent.chain(self.customers.changes.lock().expect("one thread").values().cloned()).collect()
    }
}

fn begin(runner: &Ran) {
    let done = runner.store().end().0;
    let first = [
        Command::Customers(Keys::Texts((0..CUSTOMERS).map(|who| format!("c{who}")).collect())),
        Command::Publish(Box::new(Publish {
            journey: journey(),
            terms: draw::offers().iter().map(|offer| Terms::new(offer, &jiff::tz::TimeZone::UTC)).collect(),
            people: InFlight::Pinned,
        })),
        Command::Enrol { journey: "welcome".to_owned(), customers: (0..CUSTOMERS).collect() },
    ];
    // What was told before a crash is not told again: these come in one batch, so all or none of them.
    if done == 0 {
        for command in first {
            let _ = runner.inbox().tell(command);
        }
    }
}

/// Steps from one thing to do to the next, until nobody is in the journey.
fn run(outside: &Outside, disk: &FaultyDisk, now: &mut i64) -> Result<Ran, StoreError> {
    let mut runner = outside.runner(disk)?;
    begin(&runner);
    for steps in 0.. {
        assert!(steps < 2_000, "it does not end");
        let stepped = runner.step(*now)?;
        if runner.store().machine().counts("welcome").is_some_and(|counts| counts.left.values().sum::<u64>() == 12) {
            break;
        }
        *now = stepped.next.max(*now + 1);
    }
    Ok(runner)
}

#[test]
fn all_is_done_once_whatever_providers_do() {
    let share = Percent::new(20);
    for seed in 1..20 {
        let outside = Outside::new(Plan { seed, failed: share, lost: share, unanswered: share, ..Plan::default() });
        let mut now = START;
        let runner = run(&outside, &FaultyDisk::new(), &mut now).expect("no crash");
        assert!(runner.store().machine().conserves());
        let counts = runner.store().machine().counts("welcome").expect("a journey");
        let sums = counts.nodes.values().fold((0, 0), |(done, failed), one| (done + one.done, failed + one.failed));
        // Five have a code; of the others the mail is held back.
        assert_eq!(sums, (5 + 3 * 12, 0), "seed {seed}");
        let happened = outside.happened();
        assert_eq!(happened.len(), 5 + 12 + 2 * 12, "seed {seed}");
        let text = happened.into_iter().collect::<Vec<_>>().join("\n");
        assert!(text.contains(r#"email Some("email:c0") {"body": "Hello C0, your code is A"}"#), "{text}");
        assert!(text.contains(r#"webhook Some("https://example.com/hook") {"json": "{\"name\": \"C3\"}"}"#), "{text}");
        assert!(text.contains("c3 +vip") && text.contains(r#"c3 {"tier":"gold"}"#), "{text}");
    }
}

#[test]
fn runners_that_crash_do_all_once() {
    let (mut points, mut crashes) = (0, 0);
    let whole = Outside::new(Plan::default());
    let disk = FaultyDisk::new();
    run(&whole, &disk, &mut START.clone()).expect("no crash");
    let every = number("DURABLE_EVERY", 13);
    for point in (0..disk.points()).step_by(usize::try_from(every).expect("small")) {
        for crash in Crash::ALL {
            let outside = Outside::new(Plan::default());
            let mut now = START;
            let disk = FaultyDisk::new();
            disk.crash_at(point, crash, hash("runner", &[point]));
            if let Err(error) = run(&outside, &disk, &mut now) {
                assert!(disk.crashed(), "{error}");
                crashes += 1;
                run(&outside, &disk.after(), &mut now).expect("no second crash");
            }
            assert_eq!(outside.happened(), whole.happened(), "{crash:?} at write point {point}");
            for message in outside.email.iter().flat_map(Recording::taken) {
                assert_eq!(outside.email.as_ref().expect("it").effects(&message.key), 1);
            }
            points += 1;
        }
    }
    eprintln!("{points} write points, {crashes} crashes: all of it was done once");
    assert!(crashes > 50);
}

#[test]
fn no_more_goes_than_a_bucket_gives_and_nothing_is_asked_twice_for_nothing() {
    let outside = Outside { email: None, ..Outside::new(Plan::default()) };
    let start = Timestamp::from_micros(START).expect("an instant");
    let email = Recording::new("email");
    let bucket = TokenBucket::new(1, Per::Minute, 2, start);
    let mut runner =
        outside.runner(&FaultyDisk::new()).expect("a disk").outlet(Outlet::new(Box::new(email.clone())).limit(bucket));
    begin(&runner);
    for (minute, sent) in [(0, 2), (1, 3), (2, 4), (3, 5), (4, 5)] {
        runner.step(START + minute * MINUTE).expect("no crash");
        runner.step(START + minute * MINUTE + 1).expect("no crash");
        assert_eq!(email.taken().len(), sent, "minute {minute}");
    }
    // Nothing is due: the log does not grow but by the look once a minute.
    for _ in 0..5 {
        runner.step(START + 5 * MINUTE).expect("no crash");
    }
    let end = runner.store().end();
    for second in 0..50 {
        let stepped = runner.step(START + 5 * MINUTE + second * 1_000_000).expect("no crash");
        assert!(!stepped.ticked && stepped.next >= START + 6 * MINUTE);
    }
    assert_eq!(runner.store().end(), end);
}

#[test]
fn what_was_handed_out_before_a_crash_waits_where_providers_do_not_know_keys() {
    for knows in [true, false] {
        let disk = FaultyDisk::new();
        let outside = Outside::new(Plan::default());
        let mut runner = Outside { email: None, ..outside.clone() }.runner(&disk).expect("a disk");
        begin(&runner);
        runner.step(START).expect("no crash");
        let (mut store, mut customers) = runner.into_parts();
        let until = START + 10 * MINUTE;
        let lease = Command::Lease { channels: vec!["email".to_owned()], limit: 9, until };
        let leased = store.tell(START, &lease, &mut customers).expect("no crash").leased;
        assert_eq!(leased.len(), 5);
        drop(store);
        let store = Store::open(disk, options()).expect("a store");
        assert_eq!(store.machine().leased(), leased);
        let email = Recording::new("email");
        let outlet = Outlet::new(Box::new(email.clone()));
        let outlet = if knows { outlet } else { outlet.without_keys() };
        let mut runner = Runner::new(store, customers, content(), patient()).outlet(outlet);
        runner.step(START + MINUTE).expect("no crash");
        assert_eq!(email.calls(), if knows { 5 } else { 0 });
        // Then nobody knows, and the node says that they are sent again.
        runner.step(until).expect("no crash");
        runner.step(until + 1).expect("no crash");
        assert_eq!((email.calls(), email.taken().len()), (5, 5));
    }
}

#[test]
fn a_clock_that_jumped_is_asked_about_and_nothing_is_forgotten() {
    let outside = Outside::new(Plan::default());
    let mut runner = outside.runner(&FaultyDisk::new()).expect("a disk");
    begin(&runner);
    runner.step(START).expect("no crash");
    let told = runner.inbox().tell(Command::Pause { journey: "welcome".to_owned() });
    let later = START + 30 * 86_400_000_000;
    let jump = runner.step(later).expect_err("it is too far").to_string();
    let asked = "the clock went 30 days forward since the last command: if that is right, allow the jump to 2026-12-31T09:00:00Z";
    assert_eq!(jump, asked);
    let far = StoreError::Jump { last: i64::MIN, at: i64::MAX }.to_string();
    assert!(far.contains("went 106751991 days forward"), "{far}");
    runner.step(START + MINUTE).expect("the clock was put right");
    assert_eq!(told.wait(), Some(Ok(())));
    runner.allow_jump(later);
    runner.step(later).expect("it was right");
    assert_eq!(runner.store().machine().now(), later);
}

#[test]
fn it_runs_in_a_thread_until_it_is_stopped() {
    let outside = Outside::new(Plan::default());
    let disk = FaultyDisk::new();
    let mut runner = outside.runner(&disk).expect("a disk");
    begin(&runner);
    let (inbox, stop, now) = (runner.inbox(), AtomicBool::new(false), AtomicI64::new(START));
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| runner.run(&stop, || now.fetch_add(1_000, Ordering::Relaxed)));
        let enrol = |journey: &str| Command::Enrol { journey: journey.to_owned(), customers: vec![3] };
        assert_eq!(inbox.tell(enrol("welcome")).wait(), Some(Ok(())));
        let refused = inbox.tell(enrol("elsewhere")).wait().expect("an answer").expect_err("there is none");
        assert!(refused.to_string().contains("there is no journey `elsewhere`"));
        now.fetch_add(61 * MINUTE, Ordering::Relaxed);
        inbox.ring();
        while outside.webhook.as_ref().expect("it").taken().len() < 12 {
            std::thread::sleep(Duration::from_millis(1));
            inbox.ring();
        }
        stop.store(true, Ordering::Release);
        inbox.ring();
        thread.join().expect("no panic").expect("no crash");
    });
    let (store, _) = runner.into_parts();
    let (hash, end) = (store.machine().hash(), store.end());
    drop(store);
    let again = Store::open(disk, options()).expect("a store");
    assert_eq!((again.machine().hash(), again.recovered().snapshot), (hash, Some(end)));
}
