//! The index beside the tables: made in the background when it is first wanted, used as soon as it is there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cvm_core::{Catalog, Code, Diagnostics};
use cvm_index::{Index, IndexBuilder};
use cvm_sql::exec::Session;
use serde::Serialize;
use tokio::sync::watch;

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
    },
}

/// The index of the rows that are loaded.
#[derive(Debug)]
pub(super) struct Resident {
    budget: usize,
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
    Refused(Diagnostics),
}

impl Resident {
    pub(super) fn new(budget: u64) -> Self {
        let held = Held { catalog: None, state: watch::Sender::default() };
        Self { budget: usize::try_from(budget).unwrap_or(usize::MAX), held: Mutex::new(held) }
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
        let made = state.wait_for(|state| matches!(state, State::Ready(_) | State::Refused(_))).await;
        match made.as_deref() {
            Ok(State::Ready(index)) => Ok(Some(Arc::clone(index))),
            Ok(State::Refused(findings)) => Err(findings.clone()),
            // Other rows came meanwhile.
            _ => Ok(None),
        }
    }

    pub(super) fn state(&self, catalog: Option<&Arc<Catalog>>) -> IndexState {
        if self.budget == 0 {
            return IndexState::Off;
        }
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let current = held.catalog.as_ref().zip(catalog).is_some_and(|(held, asked)| Arc::ptr_eq(held, asked));
        match &*held.state.borrow() {
            State::Building if current => IndexState::Building,
            State::Ready(index) if current => IndexState::Ready {
                customers: index.len() as u64,
                bytes: index.data_bytes() as u64,
                answer_bytes: index.cache_bytes() as u64,
            },
            State::Refused(findings) if current => IndexState::Refused { findings: findings.clone() },
            _ => IndexState::None,
        }
    }

    /// News of the index of these rows, which is begun if nobody did.
    fn asked(
        self: &Arc<Self>,
        session: &Session,
        catalog: &Arc<Catalog>,
        runtime: &tokio::runtime::Handle,
    ) -> Option<watch::Receiver<State>> {
        if self.budget == 0 {
            return None;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.catalog.as_ref().is_some_and(|held| Arc::ptr_eq(held, catalog)) {
            // Those who wait for the index of rows that are gone are let go with the sender.
            *held = Held { catalog: Some(Arc::clone(catalog)), state: watch::Sender::new(State::Building) };
            let (session, catalog, budget) = (session.clone(), Arc::clone(catalog), self.budget);
            let state = held.state.clone();
            runtime.spawn(async move {
                let made = match build(&session, catalog, budget).await {
                    Ok(index) => State::Ready(Arc::new(index)),
                    Err(findings) => State::Refused(findings),
                };
                state.send_replace(made);
            });
        }
        Some(held.state.subscribe())
    }
}

/// Reads the tables of a catalog and makes the index of their rows.
async fn build(session: &Session, catalog: Arc<Catalog>, budget: usize) -> Result<Index, Diagnostics> {
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let customers = &catalog.customers;
    columns.entry(&customers.table).or_default().extend(customers.fields.iter().map(|field| field.name.as_str()));
    for stream in &catalog.events {
        let wanted = columns.entry(&stream.table).or_default();
        wanted.extend([stream.customer.as_str(), stream.time.as_str()]);
        wanted.extend(stream.name_column.as_deref());
        wanted.extend(stream.fields.iter().map(|field| field.name.as_str()));
    }
    for table in &catalog.related {
        let wanted = columns.entry(&table.table).or_default();
        wanted.push(&table.customer);
        wanted.extend(table.fields.iter().map(|field| field.name.as_str()));
    }
    let mut builder = IndexBuilder::new(Arc::clone(&catalog)).memory_budget(budget);
    let mut left = budget;
    for (table, mut wanted) in columns {
        wanted.sort_unstable();
        wanted.dedup();
        if let Some(rows) = session.read(table, &wanted, left).await? {
            left -= rows.iter().map(arrow::array::RecordBatch::get_array_memory_size).sum::<usize>().min(left);
            builder = builder.table(table, rows);
        }
    }
    let made = tokio::task::spawn_blocking(|| builder.build()).await;
    made.map_err(|error| cvm_core::Diagnostic::error(Code::Execution, "", format!("the index: {error}")))?
}

/// Whether a question that the index does not answer is one for the tables.
pub(super) fn is_for_tables(findings: &Diagnostics) -> bool {
    findings.0.iter().all(|finding| matches!(finding.code, Code::NotSupported | Code::NothingLoaded))
}
