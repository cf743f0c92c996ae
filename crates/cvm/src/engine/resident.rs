//! The index beside the tables: made in the background when it is first wanted, used as soon as it is there.

use std::sync::{Arc, Mutex, PoisonError};

use cvm_core::{Catalog, Code, Diagnostics};
use cvm_index::Index;
use cvm_sql::exec::Session;
use serde::Serialize;
use tokio::sync::watch;

use super::gather::{Sample, build, sample};

/// How it stands with the index.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum IndexState {
    /// No memory was given for one: everything is answered from the tables.
    Off,
    /// Nobody has asked anything of these rows yet.
    None,
    /// It is being made; until then everything is answered from the tables.
    Building,
    /// It answers.
    Ready {
        /// Customers.
        customers: u64,
        /// The bytes that their rows take in it.
        bytes: u64,
        /// The bytes that kept answers take.
        answer_bytes: u64,
    },
    /// It could not be made: everything is answered from the tables.
    Refused {
        /// Why.
        findings: Diagnostics,
        /// So many customers are in an index for estimates; 0 where there is none.
        sampled: u64,
    },
}

/// The index of the rows that are loaded.
#[derive(Debug)]
pub(super) struct Resident {
    budget: usize,
    seed: u64,
    held: Mutex<Held>,
}

/// The index of one catalog, as far as it is.
#[derive(Debug)]
struct Held {
    catalog: Option<Arc<Catalog>>,
    state: watch::Sender<State>,
}

#[derive(Debug, Clone, Default)]
enum State {
    #[default]
    None,
    Building,
    Ready(Arc<Index>),
    Refused(Diagnostics, Option<Arc<Sample>>),
}

impl Resident {
    pub(super) fn new(budget: u64, seed: u64) -> Self {
        let held = Held { catalog: None, state: watch::Sender::default() };
        Self { budget: usize::try_from(budget).unwrap_or(usize::MAX), seed, held: Mutex::new(held) }
    }

    /// The index of these rows if it is there; if not, it is begun.
    pub(super) fn get(
        self: &Arc<Self>,
        session: &Session,
        catalog: &Arc<Catalog>,
        runtime: &tokio::runtime::Handle,
    ) -> Option<Arc<Index>> {
        match &*self.asked(session, catalog, runtime)?.borrow() {
            State::Ready(index) => Some(Arc::clone(index)),
            _ => None,
        }
    }

    /// As [`Resident::get`], but waits until it is made.
    pub(super) async fn wait(
        self: &Arc<Self>,
        session: &Session,
        catalog: &Arc<Catalog>,
        runtime: &tokio::runtime::Handle,
    ) -> Result<Option<Arc<Index>>, Diagnostics> {
        let Some(mut state) = self.asked(session, catalog, runtime) else { return Ok(None) };
        let made = state.wait_for(|state| matches!(state, State::Ready(_) | State::Refused(..))).await;
        match made.as_deref() {
            Ok(State::Ready(index)) => Ok(Some(Arc::clone(index))),
            Ok(State::Refused(findings, _)) => Err(findings.clone()),
            // Other rows came meanwhile.
            _ => Ok(None),
        }
    }

    /// Another catalog speaks of the same rows: an index that is there goes on with it, where it has what it speaks of.
    pub(super) fn go_on(&self, before: &Arc<Catalog>, after: &Arc<Catalog>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.catalog.as_ref().is_some_and(|held| Arc::ptr_eq(held, before)) {
            return;
        }
        let index = match &*held.state.borrow() {
            State::Ready(index) => index.with_catalog(Arc::clone(after)),
            _ => None,
        };
        if let Some(index) = index {
            let state = watch::Sender::new(State::Ready(Arc::new(index)));
            *held = Held { catalog: Some(Arc::clone(after)), state };
        }
    }

    /// The index of a sample, where that of all customers was refused.
    pub(super) fn sample(&self, catalog: &Arc<Catalog>) -> Option<Arc<Sample>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.catalog.as_ref().filter(|held| Arc::ptr_eq(held, catalog))?;
        match &*held.state.borrow() {
            State::Refused(_, sample) => sample.clone(),
            _ => None,
        }
    }

    pub(super) fn state(&self, catalog: Option<&Arc<Catalog>>) -> IndexState {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let current = held.catalog.as_ref().zip(catalog).is_some_and(|(held, asked)| Arc::ptr_eq(held, asked));
        match &*held.state.borrow() {
            State::Building if current => IndexState::Building,
            State::Ready(index) if current => IndexState::Ready {
                customers: index.len() as u64,
                bytes: index.data_bytes() as u64,
                answer_bytes: index.cache_bytes() as u64,
            },
            State::Refused(findings, sample) if current => IndexState::Refused {
                findings: findings.clone(),
                sampled: sample.as_ref().map_or(0, |sample| sample.index.len() as u64),
            },
            _ if self.budget == 0 => IndexState::Off,
            _ => IndexState::None,
        }
    }

    /// Takes an index that was made before.
    pub(super) fn hold(&self, catalog: Arc<Catalog>, index: Arc<Index>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Held { catalog: Some(catalog), state: watch::Sender::new(State::Ready(index)) };
    }

    /// News of the index of these rows, which is begun if nobody did.
    fn asked(
        self: &Arc<Self>,
        session: &Session,
        catalog: &Arc<Catalog>,
        runtime: &tokio::runtime::Handle,
    ) -> Option<watch::Receiver<State>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.catalog.as_ref().is_some_and(|held| Arc::ptr_eq(held, catalog)) {
            if self.budget == 0 {
                return None;
            }
            // Those who wait for the index of rows that are gone are let go with the sender.
            *held = Held { catalog: Some(Arc::clone(catalog)), state: watch::Sender::new(State::Building) };
            let (session, catalog) = (session.clone(), Arc::clone(catalog));
            let (budget, seed) = (self.budget, self.seed);
            let state = held.state.clone();
            runtime.spawn(async move {
                let made = match build(&session, &catalog, budget).await {
                    Ok(index) => State::Ready(Arc::new(index)),
                    Err(findings) => {
                        // Some customers answer for all where not all fit.
                        let fits = findings.0.iter().any(|finding| finding.code == Code::MemoryBudget);
                        let sample = if fits { sample(&session, &catalog, budget, seed).await.ok() } else { None };
                        State::Refused(findings, sample.map(Arc::new))
                    }
                };
                state.send_replace(made);
            });
        }
        Some(held.state.subscribe())
    }
}

/// Whether a question that the index does not answer is one for the tables.
pub(super) fn is_for_tables(findings: &Diagnostics) -> bool {
    findings.0.iter().all(|finding| matches!(finding.code, Code::NotSupported | Code::NothingLoaded))
}
