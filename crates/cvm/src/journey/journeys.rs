//! Journeys that run over the customers of an engine.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cvm_core::{Catalog, Timestamp, Value};
use cvm_index::live::Change;
use cvm_journey::machine::{
    Answered, Command, Counts, Effects, Handle, Happened, InFlight, Keys, Leased, Moved, Outcome, Position, Publish,
    Status, Terms,
};
use cvm_journey::message::{Content, Context};
use cvm_journey::model::{Journey, NodeKind, Offer, Template};
use cvm_journey::{Findings, Known, check_with};
use serde::{Deserialize, Serialize};

use super::error::JourneyError;
use super::feed::{Fed, text};
use super::keeper::Keeper;
use super::perform::perform;
use super::population::Population;

/// What journeys run with. Everything may be left out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JourneysOptions {
    /// The folder in which the state is kept, through crashes; without one it is in memory and goes with the process.
    pub folder: Option<PathBuf>,
    /// The offers in the journeys.
    pub offers: Vec<Offer>,
    /// The templates of the messages.
    pub templates: Vec<Template>,
}

/// Something to be done for a customer: a message, or a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outgoing {
    /// What it is called in the answer ([`Journeys::acknowledge`]).
    pub receipt: String,
    /// What a provider knows it by: the same at each try.
    pub key: String,
    /// The journey's id.
    pub journey: String,
    /// The journey's version.
    pub version: u32,
    /// The node.
    pub node: String,
    /// The customer's key.
    pub customer: String,
    /// The channel; `webhook` for calls.
    pub channel: String,
    /// Which try it is, from 1 on.
    pub attempt: u8,
    /// The template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// The customer's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where to, for calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is said, part by part.
    pub parts: BTreeMap<String, String>,
}

/// A message or call that can't be made: its node goes on as when it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmade {
    /// The journey's id.
    pub journey: String,
    /// The node.
    pub node: String,
    /// The customer's key.
    pub customer: String,
    /// Why, for people.
    pub reason: String,
}

/// What there is to do.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Polled {
    /// Messages and calls.
    pub messages: Vec<Outgoing>,
    /// Those that can't be made.
    pub unmade: Vec<Unmade>,
}

/// Journeys that run over the customers of an engine. What they are told and when is the caller's: nothing happens between
/// calls. Customers are those who were loaded when it was opened, and what was told of them since.
///
/// ```
/// # use cvm::{Engine, EngineOptions, LoadCustomers, Source, Timestamp};
/// use cvm::journey::{Builder, JourneysOptions, machine::{InFlight, Outcome}, model::{End, NodeKind, Send, Trigger}};
/// # let dir = std::env::temp_dir().join(format!("cvm-doc-journeys-{}", std::process::id()));
/// # std::fs::create_dir_all(&dir)?;
/// # let path = dir.join("customers.csv");
/// # std::fs::write(&path, "id,name\n1,Ada\n2,Alan\n")?;
/// # let engine = Engine::new(EngineOptions::default())?;
/// # engine.load_customers(Source::File(path), &LoadCustomers::default(), &mut |_, _| {})?;
/// let hello = serde_json::from_str(r#"{"id": "hello", "content": {"email": {"subject": "Hello {{ customer.name }}"}}}"#)?;
/// let journeys = engine.journeys(JourneysOptions { templates: vec![hello], ..JourneysOptions::default() })?;
/// let journey = Builder::new("hello", "Hello", Trigger::Api)
///     .then("mail", NodeKind::Send(Send::new("email", "hello")))
///     .then("out", NodeKind::End(End::default()))
///     .build()?;
/// let now = Timestamp::parse_utc("2026-12-01T09:00:00Z").expect("an instant");
/// journeys.publish(&journey, InFlight::Pinned, now)?;
/// journeys.enrol("hello", &[cvm::Value::Int(2)], now)?;
/// let messages = journeys.poll(&["email"], 100, 60, now)?.messages;
/// assert_eq!((messages.len(), messages[0].parts["subject"].as_str()), (1, "Hello Alan"));
/// journeys.acknowledge(&[(messages[0].receipt.clone(), Outcome::Done)], now)?;
/// assert_eq!(journeys.counts("hello")?.left["end"], 1);
/// # std::fs::remove_dir_all(dir)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Journeys {
    state: Mutex<State>,
}

/// The state, the customers, and what there is to say.
#[derive(Debug)]
pub(super) struct State {
    pub(super) keeper: Keeper,
    pub(super) world: Population,
    pub(super) catalog: Arc<Catalog>,
    /// By the row in the index, the number of the customer, where they are not the same.
    pub(super) numbers: Option<HashMap<u32, u32>>,
    /// Customers who are not in the index, by their keys.
    pub(super) new: HashMap<String, u32>,
    offers: Vec<Offer>,
    templates: Vec<Template>,
    content: Content,
}

impl State {
    /// Tells a command, and makes the changes of fields and lists that follow at once.
    pub(super) fn tell(&mut self, at: i64, command: Command) -> Result<Effects, JourneyError> {
        let effects = self.keeper.tell(at, command, &mut self.world)?;
        self.world.occurring.clear();
        Ok(effects)
    }

    fn settle(&mut self, at: i64) -> Result<(), JourneyError> {
        while self.keeper.machine().pending() > 0 {
            let channels = vec!["profile".to_owned()];
            let lease = Command::Lease { channels, limit: u32::MAX, until: at.saturating_add(86_400_000_000) };
            let leased = self.tell(at, lease)?.leased;
            if leased.is_empty() {
                break;
            }
            let answers = leased.iter().map(|one| {
                let about = self.keeper.machine().about(one.handle);
                let kind = about.as_ref().and_then(|(journey, node)| Some(&journey.node(node)?.kind));
                let done = kind.is_some_and(|kind| perform(&mut self.world, one.customer, kind));
                Answered { handle: one.handle, outcome: if done { Outcome::Done } else { Outcome::Failed } }
            });
            let answers: Vec<Answered> = answers.collect();
            self.tell(at, Command::Answers(answers))?;
        }
        Ok(())
    }

    /// All customers are known by the same numbers as before; those who are new get the next ones.
    fn tell_customers(&mut self, at: i64, keys: &Keys) -> Result<(), JourneyError> {
        let known = self.keeper.machine().customers();
        let rows: Vec<String> = match keys {
            Keys::Integers(keys) => keys.iter().map(ToString::to_string).collect(),
            Keys::Texts(keys) => keys.clone(),
        };
        if known == 0 {
            return self.tell(at, Command::Customers(keys.clone())).map(drop);
        }
        let same = rows.len() == known && (0_u32..).zip(&rows).all(|(who, key)| self.keeper.machine().key(who) == *key);
        if same {
            return Ok(());
        }
        let by_key: HashMap<&str, u32> = (0_u32..).zip(&rows).map(|(row, key)| (key.as_str(), row)).collect();
        let mut of = Vec::with_capacity(known);
        for who in 0..u32::try_from(known).unwrap_or(u32::MAX) {
            let key = self.keeper.machine().key(who);
            of.push(by_key.get(key.as_str()).copied().unwrap_or(u32::MAX));
        }
        let there: std::collections::HashSet<u32> = of.iter().copied().collect();
        let fresh: Vec<u32> = (0_u32..).zip(&rows).map(|(row, _)| row).filter(|row| !there.contains(row)).collect();
        if !fresh.is_empty() {
            let pick = |row: &u32| rows.get(*row as usize).cloned().unwrap_or_default();
            let texts: Vec<String> = fresh.iter().map(pick).collect();
            let more = match keys {
                Keys::Integers(_) => Keys::Integers(texts.iter().filter_map(|key| key.parse().ok()).collect()),
                Keys::Texts(_) => Keys::Texts(texts),
            };
            self.tell(at, Command::Customers(more))?;
            of.extend(&fresh);
        }
        for (who, row) in (0_u32..).zip(&of) {
            if *row == u32::MAX {
                self.new.insert(self.keeper.machine().key(who), who);
                // Nothing is known of who was there once and is not any more.
                self.world.overlay.begin(who);
            }
        }
        self.numbers = Some((0_u32..).zip(&of).map(|(who, row)| (*row, who)).collect());
        self.world.changed(u32::try_from(of.len()).unwrap_or(u32::MAX));
        self.world.rows = Some(of);
        Ok(())
    }

    fn known<'k>(&'k self, journeys: &'k [Journey], now: Timestamp) -> Known<'k> {
        Known {
            offers: &self.offers,
            templates: &self.templates,
            journeys,
            now: Some(now),
            ..Known::catalog(&self.catalog)
        }
    }

    /// What is to be done, as it is handed out; or why it can't be made.
    fn outgoing(&mut self, leased: &Leased) -> Result<Outgoing, Unmade> {
        let machine = self.keeper.machine();
        let customer = machine.key(leased.customer);
        let unmade = |node: &str, reason: String| Unmade {
            journey: machine.journey_name(leased.handle.journey).to_owned(),
            node: node.to_owned(),
            customer: customer.clone(),
            reason,
        };
        let gone = || unmade("", "its node is gone".to_owned());
        let (journey, node) = machine.about(leased.handle).ok_or_else(gone)?;
        let key = machine.idempotency_key(leased.handle).ok_or_else(gone)?;
        let kind = journey.node(&node).map(|node| &node.kind).ok_or_else(gone)?;
        let context = Context::new(&journey.id, &journey.name).customer(self.world.profile(leased.customer));
        let said = self.content.say(&journey, kind, &customer, leased.code, context);
        let said = said.map_err(|reason| unmade(&node, reason))?;
        let mut outgoing = Outgoing {
            receipt: receipt(leased.handle),
            key,
            journey: journey.id.clone(),
            version: leased.version,
            node,
            customer,
            channel: "webhook".to_owned(),
            attempt: leased.attempt,
            template: None,
            offer: None,
            code: said.code,
            url: None,
            parts: said.parts,
        };
        match kind {
            NodeKind::Send(send) => {
                outgoing.channel.clone_from(&send.channel);
                outgoing.template = Some(send.template.clone());
                outgoing.offer.clone_from(&send.offer);
            }
            NodeKind::Webhook(webhook) => outgoing.url = Some(webhook.url.clone()),
            _ => {}
        }
        Ok(outgoing)
    }
}

fn receipt(handle: Handle) -> String {
    let Handle { journey, node, participant, entry, round } = handle;
    format!("{journey}.{node}.{participant}.{entry}.{round}")
}

fn handle(receipt: &str) -> Option<Handle> {
    let mut parts = receipt.split('.');
    let found = Handle {
        journey: parts.next()?.parse().ok()?,
        node: parts.next()?.parse().ok()?,
        participant: parts.next()?.parse().ok()?,
        entry: parts.next()?.parse().ok()?,
        round: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(found)
}

impl crate::Engine {
    /// Journeys over the customers who are loaded now; with a folder, those that ran before go on.
    ///
    /// # Errors
    /// Customers who do not fit the memory for an index; templates that can't be read; a folder that can't be used.
    pub fn journeys(&self, options: JourneysOptions) -> Result<Journeys, JourneyError> {
        let index = self.made_index()?;
        let catalog = Arc::clone(index.catalog());
        let content = Content::new(&options.templates, options.offers.clone())
            .map_err(|error| JourneyError::given("/templates", error.to_string()))?;
        let keeper = Keeper::open(options.folder.as_deref())?;
        let world = Population::new(index);
        let keys = super::simulate::keys(&world)?;
        let now = keeper.machine().now();
        let mut state = State {
            keeper,
            world,
            catalog,
            numbers: None,
            new: HashMap::new(),
            offers: options.offers,
            templates: options.templates,
            content,
        };
        // The first instant is that of the first command.
        state.tell_customers(now, &keys)?;
        Ok(Journeys { state: Mutex::new(state) })
    }
}

impl Journeys {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self, at: Timestamp, command: Command) -> Result<Effects, JourneyError> {
        let mut state = self.state();
        let effects = state.tell(at.micros(), command)?;
        state.settle(at.micros())?;
        Ok(effects)
    }

    /// What is wrong with a journey beside the catalog, the offers, the templates and the journeys that run.
    #[must_use]
    pub fn validate(&self, journey: &Journey, now: Timestamp) -> Findings {
        let state = self.state();
        let machine = state.keeper.machine();
        let others: Vec<Journey> =
            machine.journeys().filter(|id| *id != journey.id).filter_map(|id| machine.journey(id)).collect();
        check_with(journey, &state.known(&others, now))
    }

    fn publication(&self, journey: &Journey, people: InFlight) -> Publish {
        let zone = cvm_core::catalog::zone_by_name(&journey.settings.zone.fallback);
        let zone = zone.unwrap_or(jiff::tz::TimeZone::UTC);
        let terms = self.state().offers.iter().map(|offer| Terms::new(offer, &zone)).collect();
        Publish { journey: journey.clone(), terms, people }
    }

    /// What would become of everybody who is in the journey, if this version were published.
    #[must_use]
    pub fn preview(&self, journey: &Journey, people: InFlight) -> Vec<Moved> {
        let publish = self.publication(journey, people);
        self.state().keeper.machine().preview(&publish)
    }

    /// Lets a journey run, or a new version of one.
    ///
    /// # Errors
    /// Findings of the journey; a version that is not after the last one; customers who would have no place.
    pub fn publish(&self, journey: &Journey, people: InFlight, now: Timestamp) -> Result<(), JourneyError> {
        let findings = self.validate(journey, now);
        if findings.has_errors() {
            return Err(JourneyError::Findings(findings));
        }
        let publish = self.publication(journey, people);
        self.told(now, Command::Publish(Box::new(publish))).map(drop)
    }

    /// Customers enter a journey, by their keys.
    ///
    /// # Errors
    /// A journey or customers who are not there: then nobody enters.
    pub fn enrol(&self, journey: &str, customers: &[Value], now: Timestamp) -> Result<(), JourneyError> {
        let mut numbers = Vec::with_capacity(customers.len());
        {
            let state = self.state();
            for (i, key) in customers.iter().enumerate() {
                numbers.push(state.number(key).ok_or_else(|| {
                    JourneyError::given(format!("/{i}"), format!("there is no customer with the key `{}`", text(key)))
                })?);
            }
        }
        self.told(now, Command::Enrol { journey: journey.to_owned(), customers: numbers }).map(drop)
    }

    /// Events, fields and rows of customers, as [`Live::apply`](crate::Live::apply) takes them.
    ///
    /// # Errors
    /// Changes that can't be read, and `erase`, which journeys can't do yet: then nothing is told.
    pub fn feed(&self, changes: &serde_json::Value, now: Timestamp) -> Result<Fed, JourneyError> {
        let mut state = self.state();
        let changes = crate::live::changes(&state.catalog, changes).map_err(crate::Error::from)?;
        if let Some(i) = changes.iter().position(|change| matches!(change, Change::Erase { .. })) {
            let message = "journeys can't forget a customer yet: take the consent away, and stop what must not go on";
            return Err(JourneyError::given(format!("/{i}/erase"), message));
        }
        let fed = state.feed(now.micros(), changes)?;
        state.settle(now.micros())?;
        Ok(fed)
    }

    /// Time has passed: what is due happens, segments are looked at anew.
    ///
    /// # Errors
    /// In a folder: an instant more than a week after the last one, which may be a clock that is wrong
    /// ([`Journeys::allow_jump`]).
    pub fn tick(&self, now: Timestamp) -> Result<(), JourneyError> {
        self.told(now, Command::Tick).map(drop)
    }

    /// The clock is right, however far after the last instant it is: commands up to this one are taken.
    pub fn allow_jump(&self, until: Timestamp) {
        self.state().keeper.allow_jump(until.micros());
    }

    /// What is to be sent now on some channels (all if none is named), at most so much. From `seconds` on nobody knows what
    /// became of what is not acknowledged, and it is done as its node says. What can't be made holds up nothing else: it has
    /// failed, and it is said why.
    ///
    /// # Errors
    /// A state that can't be kept.
    pub fn poll(&self, channels: &[&str], limit: u32, seconds: u32, now: Timestamp) -> Result<Polled, JourneyError> {
        let until = now.micros().saturating_add(i64::from(seconds) * 1_000_000);
        let channels = channels.iter().map(|channel| (*channel).to_owned()).collect();
        let mut state = self.state();
        let leased = state.tell(now.micros(), Command::Lease { channels, limit, until })?.leased;
        state.settle(now.micros())?;
        let mut polled = Polled::default();
        let mut failed = Vec::new();
        for one in &leased {
            match state.outgoing(one) {
                Ok(outgoing) => polled.messages.push(outgoing),
                Err(unmade) => {
                    polled.unmade.push(unmade);
                    failed.push(Answered { handle: one.handle, outcome: Outcome::Failed });
                }
            }
        }
        if !failed.is_empty() {
            state.tell(now.micros(), Command::Answers(failed))?;
            state.settle(now.micros())?;
        }
        Ok(polled)
    }

    /// What became of what was handed out, by the receipts.
    ///
    /// # Errors
    /// Receipts that are none: then nothing is told.
    pub fn acknowledge(&self, answers: &[(String, Outcome)], now: Timestamp) -> Result<(), JourneyError> {
        let mut told = Vec::with_capacity(answers.len());
        for (i, (receipt, outcome)) in answers.iter().enumerate() {
            let handle = handle(receipt).ok_or_else(|| {
                JourneyError::given(format!("/{i}"), format!("`{receipt}` is no receipt of something handed out"))
            })?;
            told.push(Answered { handle, outcome: *outcome });
        }
        self.told(now, Command::Answers(told)).map(drop)
    }

    /// Nobody goes on, nobody is lost.
    ///
    /// # Errors
    /// A journey that is not there, or was stopped.
    pub fn pause(&self, journey: &str, now: Timestamp) -> Result<(), JourneyError> {
        self.told(now, Command::Pause { journey: journey.to_owned() }).map(drop)
    }

    /// A journey goes on after a pause.
    ///
    /// # Errors
    /// As [`Journeys::pause`].
    pub fn resume(&self, journey: &str, now: Timestamp) -> Result<(), JourneyError> {
        self.told(now, Command::Resume { journey: journey.to_owned() }).map(drop)
    }

    /// Everybody leaves a journey, and nobody enters.
    ///
    /// # Errors
    /// As [`Journeys::pause`].
    pub fn stop(&self, journey: &str, now: Timestamp) -> Result<(), JourneyError> {
        self.told(now, Command::Stop { journey: journey.to_owned() }).map(drop)
    }

    /// Where a customer is.
    ///
    /// # Errors
    /// A customer who is not there.
    pub fn positions(&self, customer: &Value) -> Result<Vec<Position>, JourneyError> {
        let state = self.state();
        Ok(state.keeper.machine().positions(state.one(customer)?))
    }

    /// A customer's way through all journeys, step by step.
    ///
    /// # Errors
    /// A customer who is not there; a folder that can't be read.
    pub fn explain(&self, customer: &Value) -> Result<Vec<Happened>, JourneyError> {
        let state = self.state();
        state.keeper.explain(state.one(customer)?)
    }

    /// What was counted of a journey.
    ///
    /// # Errors
    /// A journey that is not there.
    pub fn counts(&self, journey: &str) -> Result<Counts, JourneyError> {
        let state = self.state();
        let counts = state.keeper.machine().counts(journey).cloned();
        counts.ok_or_else(|| cvm_journey::machine::Refusal::UnknownJourney(journey.to_owned()).into())
    }

    /// Whether a journey runs; `None` where there is no such journey.
    #[must_use]
    pub fn status(&self, journey: &str) -> Option<Status> {
        self.state().keeper.machine().status(journey)
    }

    /// The newest version of a journey.
    #[must_use]
    pub fn journey(&self, id: &str) -> Option<Journey> {
        self.state().keeper.machine().journey(id)
    }

    /// The first instant at which [`Journeys::tick`] does something that is known now, or an earlier one.
    #[must_use]
    pub fn wake(&self) -> Option<Timestamp> {
        Timestamp::from_micros(self.state().keeper.machine().wake()?)
    }
}

impl State {
    fn one(&self, customer: &Value) -> Result<u32, JourneyError> {
        let missing = || JourneyError::given("", format!("there is no customer with the key `{}`", text(customer)));
        self.number(customer).ok_or_else(missing)
    }
}
