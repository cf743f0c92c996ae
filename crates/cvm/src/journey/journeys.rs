//! Journeys that run over the customers of an engine.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cvm_core::{Timestamp, Value};
use cvm_index::live::Change;
use cvm_journey::machine::{
    Answered, Command, Counts, Effects, Happened, InFlight, Moved, Outcome, Position, Publish, Status, Terms,
};
use cvm_journey::message::Content;
use cvm_journey::model::{Journey, Offer, Template};
use cvm_journey::{Findings, check_with};
use serde::Deserialize;

use super::error::JourneyError;
use super::exposures::Exposures;
use super::feed::{Fed, text};
use super::keeper::Keeper;
use super::outgoing::{Polled, handle};
use super::population::Population;
use super::state::State;
use super::statistics::Statistics;
use crate::Rows;

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
            ids: HashSet::new(),
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

    /// The zone of dates without a time: that of the catalog.
    #[must_use]
    pub fn zone(&self) -> String {
        self.state().catalog.zone.clone()
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

    /// Events, fields and rows of customers, as [`Live::apply`](crate::Live::apply) takes them. An event may have an `id`: one
    /// that comes again with the same within a day counts once. It may name the `message` that it is about, by the `key` or
    /// the `receipt` of what was polled: openings and clicks are counted where the message was sent.
    ///
    /// # Errors
    /// Changes that can't be read, and `erase`, which journeys can't do yet: then nothing is told.
    pub fn feed(&self, changes: &serde_json::Value, now: Timestamp) -> Result<Fed, JourneyError> {
        let mut state = self.state();
        let (changes, known) = state.known_by(changes)?;
        let changes = crate::live::changes(&state.catalog, &changes).map_err(crate::Error::from)?;
        if let Some(i) = changes.iter().position(|change| matches!(change, Change::Erase { .. })) {
            let message = "journeys can't forget a customer yet: take the consent away, and stop what must not go on";
            return Err(JourneyError::given(format!("/{i}/erase"), message));
        }
        let fed = state.feed(now.micros(), changes, &known)?;
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

    /// The same by names: versions, nodes, outcomes, events.
    ///
    /// # Errors
    /// A journey that is not there.
    pub fn statistics(&self, journey: &str) -> Result<Statistics, JourneyError> {
        let found = Statistics::of(self.state().keeper.machine(), journey);
        found.ok_or_else(|| cvm_journey::machine::Refusal::UnknownJourney(journey.to_owned()).into())
    }

    /// A picture of the newest version, with how many customers went where, as SVG.
    ///
    /// # Errors
    /// A journey that is not there.
    pub fn svg(&self, journey: &str) -> Result<String, JourneyError> {
        let state = self.state();
        let machine = state.keeper.machine();
        let found = machine.journey(journey).zip(Statistics::of(machine, journey));
        let found = found.map(|(newest, statistics)| statistics.svg(&newest));
        found.ok_or_else(|| cvm_journey::machine::Refusal::UnknownJourney(journey.to_owned()).into())
    }

    /// Who got which arm of the experiments of a journey (splits that name one), and when first, in the order of time:
    /// `customer` (`Int64` or `Utf8`, as the key is), `node`, `arm`, `version`, `at` (microseconds, UTC). All commands are
    /// carried out again for it.
    ///
    /// # Errors
    /// A journey that is not there; a folder that can't be read.
    pub fn exposures(&self, journey: &str) -> Result<Rows, JourneyError> {
        let state = self.state();
        let machine = state.keeper.machine();
        if machine.status(journey).is_none() {
            return Err(cvm_journey::machine::Refusal::UnknownJourney(journey.to_owned()).into());
        }
        let mut exposures = Exposures::default();
        state.keeper.replay(|machine, effects| exposures.note(machine, journey, effects))?;
        let fields = &state.catalog.customers;
        let key = fields.fields.iter().find(|field| field.name == fields.key).map(|field| &field.ty);
        exposures.table(machine, journey, key.unwrap_or(&cvm_core::FieldType::String))
    }

    /// The ids of the journeys that were published, those that were stopped included.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.state().keeper.machine().journeys().map(str::to_owned).collect()
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
