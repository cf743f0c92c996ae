//! The state of journeys, beside the customers whom it is about.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cvm_core::{Catalog, Timestamp, Value};
use cvm_journey::Known;
use cvm_journey::machine::{Answered, Command, Effects, Keys, Outcome};
use cvm_journey::message::Content;
use cvm_journey::model::{Journey, Offer, Template};

use super::error::JourneyError;
use super::feed::text;
use super::keeper::Keeper;
use super::perform::perform;
use super::population::Population;

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
    pub(super) offers: Vec<Offer>,
    pub(super) templates: Vec<Template>,
    pub(super) content: Content,
    /// What events that were told are known by: filters see them once, as the machine does.
    pub(super) ids: HashSet<u64>,
}

impl State {
    /// Tells a command.
    pub(super) fn tell(&mut self, at: i64, command: Command) -> Result<Effects, JourneyError> {
        let effects = self.keeper.tell(at, command, &mut self.world)?;
        self.world.occurring.clear();
        Ok(effects)
    }

    /// Makes the changes of fields and lists that journeys want, until none is left.
    pub(super) fn settle(&mut self, at: i64) -> Result<(), JourneyError> {
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
    pub(super) fn tell_customers(&mut self, at: i64, keys: &Keys) -> Result<(), JourneyError> {
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
        let there: HashSet<u32> = of.iter().copied().collect();
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

    pub(super) fn known<'k>(&'k self, journeys: &'k [Journey], now: Timestamp) -> Known<'k> {
        Known {
            offers: &self.offers,
            templates: &self.templates,
            journeys,
            now: Some(now),
            ..Known::catalog(&self.catalog)
        }
    }

    pub(super) fn one(&self, customer: &Value) -> Result<u32, JourneyError> {
        let missing = || JourneyError::given("", format!("there is no customer with the key `{}`", text(customer)));
        self.number(customer).ok_or_else(missing)
    }
}
