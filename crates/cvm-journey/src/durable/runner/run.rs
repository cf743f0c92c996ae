//! The loop.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::inbox::Inbox;
use super::options::{RunnerOptions, micros};
use super::outlet::Outlet;
use super::profiles::Profiles;
use super::stepped::Stepped;
use super::tasks::{self, PROFILE};
use crate::durable::error::StoreError;
use crate::durable::log::Lsn;
use crate::durable::storage::Storage;
use crate::durable::store::Store;
use crate::machine::{Command, Leased, Outcome, Refusal};
use crate::message::Content;

/// Moves a store on by itself. It alone tells the store anything; others tell it through the [`Inbox`].
///
/// ```
/// use cvm_journey::channel::Console;
/// use cvm_journey::message::Content;
/// use cvm_journey::durable::{Outlet, Profiles, Runner, RunnerOptions, Storage, Store, StoreError};
/// fn serve<S: Storage>(store: Store<S>, customers: impl Profiles, content: Content) -> Result<(), StoreError> {
///     let email = Outlet::new(Box::new(Console::new("email", std::io::stdout())));
///     let mut runner = Runner::new(store, customers, content, RunnerOptions::default()).outlet(email);
///     let inbox = runner.inbox(); // For threads that receive events.
///     # drop(inbox);
///     let stop = std::sync::atomic::AtomicBool::new(false); // Set by a signal.
///     runner.run(&stop, || jiff::Timestamp::now().as_microsecond())
/// }
/// ```
///
/// A step looks what is due, hands out what is to be done on each channel, lets the channel do it, and tells the store what
/// became of it. Everything is on the disk before anybody outside sees it.
#[derive(Debug)]
pub struct Runner<S: Storage, P> {
    store: Store<S>,
    profiles: P,
    content: Content,
    outlets: BTreeMap<String, Outlet>,
    options: RunnerOptions,
    inbox: Inbox,
    /// When segments are looked at next.
    poll_at: i64,
    /// Where the log ended when there was nothing to hand out.
    quiet_at: Option<Lsn>,
    /// What was handed out before it began.
    before: Vec<Leased>,
}

impl<S: Storage, P: Profiles> Runner<S, P> {
    /// A runner without channels.
    #[must_use]
    pub fn new(store: Store<S>, profiles: P, content: Content, options: RunnerOptions) -> Self {
        let before = store.machine().leased();
        Self {
            store,
            profiles,
            content,
            outlets: BTreeMap::new(),
            options,
            inbox: Inbox::default(),
            poll_at: i64::MIN,
            quiet_at: None,
            before,
        }
    }

    /// The same with a channel; calls of other systems go to the one named `webhook`.
    #[must_use]
    pub fn outlet(mut self, outlet: Outlet) -> Self {
        self.outlets.insert(outlet.channel.name().to_owned(), outlet);
        self
    }

    /// Where other threads leave commands.
    #[must_use]
    pub fn inbox(&self) -> Inbox {
        self.inbox.clone()
    }

    /// The store, to look at.
    pub const fn store(&self) -> &Store<S> {
        &self.store
    }

    /// The clock is right, as [`Store::allow_jump`] says.
    pub const fn allow_jump(&mut self, at: i64) {
        self.store.allow_jump(at);
    }

    /// Gives back the store and the profiles.
    pub fn into_parts(self) -> (Store<S>, P) {
        (self.store, self.profiles)
    }

    /// Does what there is to do at an instant (microseconds since 1970, UTC), a batch for each channel.
    ///
    /// # Errors
    /// As [`Store::tell`].
    pub fn step(&mut self, now: i64) -> Result<Stepped, StoreError> {
        // Before anything is taken out of the inbox.
        self.store.may(std::iter::once(now))?;
        let mut stepped = Stepped::default();
        self.told(now, &mut stepped)?;
        if self.poll_at <= now || self.store.machine().wake().is_some_and(|wake| wake <= now) {
            self.tell(now, &Command::Tick)?;
            self.poll_at = now.saturating_add(micros(self.options.poll));
            stepped.ticked = true;
        }
        self.send_again(now, &mut stepped)?;
        self.hand_out(now, &mut stepped)?;
        stepped.next = self.next(now);
        Ok(stepped)
    }

    /// Steps until it is told to stop, and sleeps between. It ends what it has begun, and makes a snapshot.
    ///
    /// # Errors
    /// As [`Runner::step`].
    pub fn run(&mut self, stop: &AtomicBool, mut clock: impl FnMut() -> i64) -> Result<(), StoreError> {
        while !stop.load(Ordering::Acquire) {
            let next = self.step(clock())?.next;
            let wait = next.saturating_sub(clock()).clamp(0, micros(self.options.poll));
            if wait > 0 {
                self.inbox.wait(Duration::from_micros(wait.unsigned_abs()));
            }
        }
        self.store.snapshot()
    }

    /// Tells commands one after the other, in one commit. Those that are refused change nothing and hold up no others.
    ///
    /// # Errors
    /// As [`Store::tell_all`].
    pub fn tell_all(&mut self, now: i64, commands: Vec<Command>) -> Result<Vec<Result<(), Refusal>>, StoreError> {
        let batch: Vec<(i64, Command)> = commands.into_iter().map(|command| (now, command)).collect();
        let done = self.store.tell_all(&batch, &mut self.profiles, |profiles, command| profiles.hears(command))?;
        Ok(done.into_iter().map(|done| done.map(drop)).collect())
    }

    /// The store, to look at, and the profiles.
    pub const fn parts(&mut self) -> (&Store<S>, &mut P) {
        (&self.store, &mut self.profiles)
    }

    /// Makes a snapshot ([`Store::snapshot`]).
    ///
    /// # Errors
    /// As [`Store::snapshot`].
    pub fn snapshot(&mut self) -> Result<(), StoreError> {
        self.store.snapshot()
    }

    fn tell(&mut self, now: i64, command: &Command) -> Result<Vec<Leased>, StoreError> {
        self.profiles.hears(command);
        Ok(self.store.tell(now, command, &mut self.profiles)?.leased)
    }

    fn told(&mut self, now: i64, stepped: &mut Stepped) -> Result<(), StoreError> {
        let (commands, senders) = self.inbox.take();
        if commands.is_empty() {
            return Ok(());
        }
        for (done, sender) in self.tell_all(now, commands)?.into_iter().zip(senders) {
            stepped.told += 1;
            // Who does not wait does not want to know.
            let _ = sender.send(done);
        }
        Ok(())
    }

    /// What was handed out before a crash, on channels that take it once.
    fn send_again(&mut self, now: i64, stepped: &mut Stepped) -> Result<(), StoreError> {
        let mut by_channel: BTreeMap<String, Vec<Leased>> = BTreeMap::new();
        // Some of it may be answered, or its time be over.
        let still = if self.before.is_empty() { Vec::new() } else { self.store.machine().leased() };
        for leased in std::mem::take(&mut self.before).into_iter().filter(|leased| still.contains(leased)) {
            if let Some(channel) = tasks::channel(self.store.machine(), &leased) {
                by_channel.entry(channel).or_default().push(leased);
            }
        }
        for (channel, leased) in by_channel {
            if channel == PROFILE || self.outlets.get(&channel).is_some_and(|outlet| outlet.knows_keys) {
                self.deliver(now, &channel, &leased, stepped)?;
            }
        }
        Ok(())
    }

    fn hand_out(&mut self, now: i64, stepped: &mut Stepped) -> Result<(), StoreError> {
        if self.store.machine().pending() == 0 || self.quiet_at == Some(self.store.end()) {
            return Ok(());
        }
        let mut names: Vec<String> = self.outlets.keys().cloned().collect();
        names.push(PROFILE.to_owned());
        let mut quiet = true;
        for name in names {
            let room = self.outlets.get(&name).map_or(self.options.batch, |one| one.room(now, self.options.batch));
            if room == 0 {
                quiet = false;
                continue;
            }
            let until = now.max(self.store.machine().now()).saturating_add(micros(self.options.lease));
            let leased = self.tell(now, &Command::Lease { channels: vec![name.clone()], limit: room, until })?;
            if !leased.is_empty() {
                quiet = false;
                self.deliver(now, &name, &leased, stepped)?;
            }
        }
        self.quiet_at = quiet.then(|| self.store.end());
        Ok(())
    }

    fn deliver(&mut self, now: i64, name: &str, leased: &[Leased], stepped: &mut Stepped) -> Result<(), StoreError> {
        let machine = self.store.machine();
        let mut outlet = self.outlets.get_mut(name);
        let delivered = tasks::deliver(machine, leased, outlet.as_deref_mut(), &mut self.content, &mut self.profiles);
        if let Some(outlet) = outlet {
            outlet.took(now, leased.len());
        }
        let now = now.max(machine.now());
        let answers = leased
            .iter()
            .zip(&delivered)
            .map(|(one, delivery)| tasks::answer(machine, one, delivery, &self.options, now));
        let answers: Vec<_> = answers.collect();
        stepped.handed += leased.len() as u64;
        for answer in &answers {
            *match answer.outcome {
                Outcome::Done => &mut stepped.done,
                Outcome::Failed => &mut stepped.failed,
                Outcome::Again(_) => &mut stepped.again,
                Outcome::Unknown => &mut stepped.unknown,
            } += 1;
        }
        self.tell(now, &Command::Answers(answers))?;
        Ok(())
    }

    /// When there may be something to do again.
    fn next(&self, now: i64) -> i64 {
        let mut next = self.poll_at.min(self.store.machine().wake().unwrap_or(i64::MAX));
        if self.store.machine().pending() > 0 && self.quiet_at != Some(self.store.end()) {
            let rooms = self.outlets.values().map(|outlet| outlet.next(now));
            next = next.min(rooms.min().unwrap_or(now));
        }
        next
    }
}
