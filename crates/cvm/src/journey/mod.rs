//! Journeys over the customers of an engine.

mod clocks;
mod edits;
mod error;
mod exposures;
mod feed;
mod feeding;
mod journeys;
mod keeper;
mod options;
mod outgoing;
mod overlay;
mod perform;
mod population;
mod read;
mod simulate;
mod simulation;
mod state;
mod statistics;
mod tell;
mod turning;

pub use edits::edit_journey;
pub use error::JourneyError;
pub use feed::Fed;
pub use journeys::{Journeys, JourneysOptions};
pub use options::{Assumption, SimulateOptions};
pub use outgoing::{Outgoing, Polled, Unmade};
pub use read::{read_journey, read_options, read_outcome, read_people, schema};
pub use simulation::{Most, NodeFlow, Simulation};
pub use statistics::{NodeStatistics, Statistics};

pub use cvm_journey::{
    Builder, Chance, Code, Finding, Findings, Known, Severity, channel, check, check_with, durable, edit, machine,
    message, model, picture, react_flow, recurrence, time,
};

use model::Journey;

use crate::Engine;

impl Engine {
    /// What is wrong with a journey beside the catalog of the customers who are loaded: its graph, its filters, what it speaks
    /// of. Offers and other journeys are those of the options; templates are taken to be there
    /// ([`Journeys::validate`] knows them).
    ///
    /// # Errors
    /// Nothing is loaded.
    pub fn check_journey(&self, journey: &Journey, options: &SimulateOptions) -> Result<Findings, JourneyError> {
        let catalog = self.catalog()?;
        let templates = simulate::stand_ins(std::slice::from_ref(journey));
        let known = Known {
            templates: &templates,
            offers: &options.offers,
            journeys: &options.beside,
            now: Some(self.as_of()),
            ..Known::catalog(&catalog)
        };
        Ok(check_with(journey, &known))
    }

    /// Takes the customers who are loaded through a journey on a virtual clock: who would enter, go where, get what, and
    /// when. It is the machine that runs journeys: caps, quiet hours, consent, exits and arms are what they are when it
    /// runs. What customers did in that time happens again; what they would do beside it may be assumed.
    ///
    /// ```
    /// # use cvm::{Engine, EngineOptions, LoadCustomers, Source};
    /// use cvm::journey::{Builder, SimulateOptions, model::{Duration, End, NodeKind, Send, Trigger, Members, Wait}};
    /// # let dir = std::env::temp_dir().join(format!("cvm-doc-journey-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir)?;
    /// # let path = dir.join("customers.csv");
    /// # std::fs::write(&path, "id,age\n1,34\n2,17\n3,61\n")?;
    /// # let engine = Engine::new(EngineOptions::default())?;
    /// # engine.load_customers(Source::File(path), &LoadCustomers::default(), &mut |_, _| {})?;
    /// let adults = Trigger::Segment { filter: "age >= 18".parse()?, who: Members::Both };
    /// let journey = Builder::new("hello", "Hello", adults)
    ///     .then("pause", NodeKind::Wait(Wait::Duration { duration: Duration::days(2) }))
    ///     .then("mail", NodeKind::Send(Send::new("email", "hello")))
    ///     .then("out", NodeKind::End(End::default()))
    ///     .build()?;
    /// let simulation = engine.simulate(&journey, &SimulateOptions { days: 5, ..SimulateOptions::default() })?;
    /// assert_eq!((simulation.entered, simulation.messages[2]["email"]), (2, 2));
    /// # std::fs::remove_dir_all(dir)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Findings of the journeys; customers who do not fit the memory for an index; options that can't be used.
    pub fn simulate(&self, journey: &Journey, options: &SimulateOptions) -> Result<Simulation, JourneyError> {
        let index = self.made_index()?;
        simulate::Simulator::run(journey, options, index, self.as_of())
    }
}
