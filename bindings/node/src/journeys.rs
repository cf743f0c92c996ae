//! Journeys that run. What they are told is one document each; `lib/journeys.js` makes them, and tells one after the other.

use std::sync::{Arc, PoisonError, RwLock};

use cvm::journey::{JourneyError, read_options};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::job;
use crate::rows::Rows;
use crate::verb::Verb;

type Open = Arc<RwLock<Option<Arc<cvm::journey::Journeys>>>>;

/// Journeys that run over the customers of an engine.
#[napi]
pub struct Journeys {
    open: Open,
    engine: Arc<cvm::Engine>,
}

impl Journeys {
    pub(crate) fn new(journeys: cvm::journey::Journeys, engine: Arc<cvm::Engine>) -> Self {
        Self { open: Arc::new(RwLock::new(Some(Arc::new(journeys)))), engine }
    }
}

#[napi]
impl Journeys {
    /// Tells or asks something.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn ask<'env>(&self, env: &'env Env, verb: String) -> Result<Object<'env>> {
        let open = Arc::clone(&self.open);
        job::journey_work(env, &self.engine, move |_| read_options::<Verb>(&verb)?.ask(&*journeys(&open)?))
    }

    /// Who got which arm of a journey's experiments.
    #[napi(ts_return_type = "Promise<Rows>")]
    pub fn exposures<'env>(&self, env: &'env Env, journey: String) -> Result<Object<'env>> {
        let (open, engine) = (Arc::clone(&self.open), Arc::clone(&self.engine));
        job::journey_work(env, &self.engine, move |_| Ok(Rows::new(journeys(&open)?.exposures(&journey)?, engine)))
    }

    /// Closes the folder.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let open = Arc::clone(&self.open);
        job::journey_work(env, &self.engine, move |_| {
            drop(open.write().unwrap_or_else(PoisonError::into_inner).take());
            Ok("null".to_owned())
        })
    }
}

fn journeys(open: &Open) -> std::result::Result<Arc<cvm::journey::Journeys>, JourneyError> {
    let open = open.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(Arc::clone);
    open.ok_or_else(|| {
        let message = "these journeys are closed: open them again with `engine.journeys`".to_owned();
        JourneyError::Given { path: String::new(), message }
    })
}
