//! How many, from some of them.

use serde::Serialize;

use cvm_core::{Filter, bind};

use super::Engine;
use super::ask::Questions;
use crate::Error;
use crate::interval::bounds;

/// How many customers a filter selects, as far as a sample tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// The most likely number.
    pub count: u64,
    /// In 95 of 100 samples the true number is not less…
    pub low: u64,
    /// …and not more.
    pub high: u64,
    /// How many customers were asked.
    pub sampled: u64,
    /// How many there are.
    pub of: u64,
}

impl Engine {
    /// How many customers the filter selects: exactly where the index holds everyone; where the rows need more memory than
    /// [`EngineOptions::index_memory`](crate::EngineOptions), from an index of as many customers as fit, with an interval
    /// that holds the true number in at least 95 of 100 samples. Waits for the index. Rankings look at everyone and are
    /// counted exactly, from the tables.
    ///
    /// ```
    /// # use cvm::{Engine, EngineOptions, LoadCustomers, Source};
    /// # let path = std::env::temp_dir().join(format!("cvm-estimate-{}.csv", std::process::id()));
    /// # let rows: String = (0..20_000).map(|id| format!("{id},{}\n", id * 7 % 90)).collect();
    /// # std::fs::write(&path, format!("id,age\n{rows}"))?;
    /// # let options = EngineOptions { index_memory: 100_000, ..EngineOptions::default() };
    /// # let engine = Engine::new(options)?;
    /// # engine.load_customers(Source::File(path.clone()), &LoadCustomers::default(), &mut |_, _| {})?;
    /// let filter = "age < 45".parse()?;
    /// let estimate = engine.estimate(&filter)?;
    /// assert!(estimate.sampled < estimate.of);
    /// assert!(estimate.low <= engine.count(&filter)? && engine.count(&filter)? <= estimate.high);
    /// # std::fs::remove_file(path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::count`].
    pub fn estimate(&self, filter: &Filter) -> Result<Estimate, Error> {
        // A refusal is what estimates are for.
        drop(self.prepare());
        let (questions, filter) = (self.questions()?, filter.clone());
        self.block_on(async move { questions.estimate(&filter).await })
    }

    /// As [`Engine::estimate`].
    ///
    /// # Errors
    /// As [`Engine::estimate`].
    pub async fn estimate_async(&self, filter: &Filter) -> Result<Estimate, Error> {
        drop(self.prepare_async().await);
        Ok(self.questions()?.estimate(filter).await?)
    }
}

impl Questions {
    async fn estimate(&self, filter: &Filter) -> Result<Estimate, cvm_core::Diagnostics> {
        let ranked = !bind(filter, &self.catalog, self.as_of)?.rankings().is_empty();
        if let (None, Some(sample), false) = (&self.index, &self.sample, ranked) {
            let count = sample.index.count(filter, self.as_of)?;
            let (sampled, of) = (sample.index.len() as u64, sample.of);
            let (low, high) = bounds(count, sampled, of);
            return Ok(Estimate { count: scaled(count, sampled, of).clamp(low, high), low, high, sampled, of });
        }
        let (count, of) = (self.count(filter).await?, self.count(&Filter::Everyone).await?);
        Ok(Estimate { count, low: count, high: count, sampled: of, of })
    }
}

/// As many of all as of the sample; nobody of nobody.
fn scaled(count: u64, sampled: u64, of: u64) -> u64 {
    let rounded = (u128::from(count) * u128::from(of) * 2 + u128::from(sampled)).checked_div(u128::from(sampled) * 2);
    u64::try_from(rounded.unwrap_or(0)).unwrap_or(of)
}
