//! Many filters at once: from the index in one pass, or one by one from the tables where there is none.

use std::sync::Arc;

use cvm_core::{Diagnostics, Filter};
use cvm_index::{Index, Watch};

use super::Engine;
use super::ask::Questions;
use super::resident::is_for_tables;
use crate::{Error, Rows};

impl Engine {
    /// How many customers each filter selects, in the order of the filters. Waits for the index where there can be one:
    /// conditions that filters share are then asked once.
    ///
    /// ```
    /// # use cvm::{Engine, EngineOptions, Filter, LoadCustomers, Source, Watch};
    /// # let path = std::env::temp_dir().join(format!("cvm-counts-{}.csv", std::process::id()));
    /// # std::fs::write(&path, "id,age\n1,17\n2,\n3,44\n4,61\n")?;
    /// # let engine = Engine::new(EngineOptions::default())?;
    /// # engine.load_customers(Source::File(path.clone()), &LoadCustomers::default(), &mut |_, _| {})?;
    /// let filters: Vec<Filter> = vec!["age >= 18".parse()?, "age >= 60".parse()?, "not (age >= 18)".parse()?];
    /// assert_eq!(engine.counts(&filters, Watch::NOBODY)?, [2, 1, 2]);
    /// // Whom each takes after those before it: nobody is counted twice.
    /// assert_eq!(engine.waterfall(&filters, Watch::NOBODY)?, [2, 0, 2]);
    /// assert_eq!(engine.overlap(&filters, Watch::NOBODY)?, [[2, 1, 0], [1, 1, 0], [0, 0, 2]]);
    /// # std::fs::remove_file(path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Findings of a filter, with its number at the front of their place; [`Code::Cancelled`](crate::Code::Cancelled); what can't be run.
    pub fn counts(&self, filters: &[Filter], watch: Watch<'_>) -> Result<Vec<u64>, Error> {
        let questions = self.questions_when_prepared()?;
        let asked = |index: &Index| index.counts(filters, questions.as_of, watch);
        if let Some(counts) = from(&questions, asked)? {
            return Ok(counts);
        }
        self.each(filters.len(), watch, |i| match filters.get(i) {
            Some(filter) => (format!("/{i}"), filter.clone()),
            None => (String::new(), Filter::Nobody),
        })
    }

    /// The keys of the customers whom each filter selects: for each filter a table as [`Engine::members`] gives it.
    ///
    /// # Errors
    /// As [`Engine::counts`].
    pub fn members_of(&self, filters: &[Filter], watch: Watch<'_>) -> Result<Vec<Rows>, Error> {
        let questions = self.questions_when_prepared()?;
        let asked = |index: &Index| index.keys_of(filters, questions.as_of, watch);
        if let Some(keys) = from(&questions, asked)? {
            return Ok(keys.into_iter().map(|keys| questions.key_rows(keys)).collect::<Result<_, _>>()?);
        }
        let mut found = Vec::with_capacity(filters.len());
        for (i, filter) in filters.iter().enumerate() {
            watch.go_on()?;
            let (questions, filter) = (self.questions()?, filter.clone());
            let rows = self.block_on(async move { questions.members(&filter).await });
            found.push(rows.map_err(|error| placed(error, &format!("/{i}")))?);
            (watch.progress)(found.len() as u64, filters.len() as u64);
        }
        Ok(found)
    }

    /// How many customers each filter takes who are taken by none before it: cells that overlap nowhere, in the order of
    /// priority.
    ///
    /// # Errors
    /// As [`Engine::counts`].
    pub fn waterfall(&self, filters: &[Filter], watch: Watch<'_>) -> Result<Vec<u64>, Error> {
        let questions = self.questions_when_prepared()?;
        let asked = |index: &Index| index.waterfall(filters, questions.as_of, watch);
        if let Some(counts) = from(&questions, asked)? {
            return Ok(counts);
        }
        // Those of the first filters together, less those of one filter fewer.
        let together = self.each(filters.len(), watch, |i| {
            let children = filters.iter().take(i + 1).cloned().collect();
            (format!("/{i}"), Filter::Or { children })
        })?;
        let before = std::iter::once(0).chain(together.iter().copied());
        Ok(together.iter().zip(before).map(|(now, before)| now.saturating_sub(before)).collect())
    }

    /// How many customers each two filters have in common: for each filter a row of numbers, one for every filter. The
    /// work grows with the square of the number of filters.
    ///
    /// # Errors
    /// As [`Engine::counts`].
    pub fn overlap(&self, filters: &[Filter], watch: Watch<'_>) -> Result<Vec<Vec<u64>>, Error> {
        let questions = self.questions_when_prepared()?;
        let asked = |index: &Index| index.overlap(filters, questions.as_of, watch);
        if let Some(counts) = from(&questions, asked)? {
            return Ok(counts);
        }
        let number = filters.len();
        let pairs: Vec<(usize, usize)> = (0..number).flat_map(|a| (0..=a).map(move |b| (a, b))).collect();
        let counts = self.each(pairs.len(), watch, |i| {
            let (a, b) = pairs.get(i).copied().unwrap_or_default();
            let children = [a, b].into_iter().filter_map(|at| filters.get(at).cloned()).collect();
            (format!("/{a}"), Filter::And { children })
        })?;
        let mut out = vec![vec![0; number]; number];
        for ((a, b), count) in pairs.into_iter().zip(counts) {
            for (row, column) in [(a, b), (b, a)] {
                if let Some(cell) = out.get_mut(row).and_then(|row: &mut Vec<u64>| row.get_mut(column)) {
                    *cell = count;
                }
            }
        }
        Ok(out)
    }

    /// The counts of so many filters, one after the other from the tables; each comes with its place for findings.
    fn each(
        &self,
        number: usize,
        watch: Watch<'_>,
        filter: impl Fn(usize) -> (String, Filter),
    ) -> Result<Vec<u64>, Error> {
        let mut counts = Vec::with_capacity(number);
        for i in 0..number {
            watch.go_on()?;
            let (place, filter) = filter(i);
            counts.push(self.count(&filter).map_err(|error| placed(error, &place))?);
            (watch.progress)(counts.len() as u64, number as u64);
        }
        Ok(counts)
    }

    /// What is needed for questions, with the index where the rows fit the memory for it.
    fn questions_when_prepared(&self) -> Result<Questions, Error> {
        // A refusal is kept, and [`Engine::index`] tells of it.
        drop(self.prepare());
        self.questions()
    }
}

/// What the index says, if there is one that answers this.
fn from<T>(
    questions: &Questions,
    ask: impl FnOnce(&Index) -> Result<T, Diagnostics>,
) -> Result<Option<T>, Diagnostics> {
    let Some(index) = questions.index.as_ref().map(Arc::clone) else { return Ok(None) };
    match ask(&index) {
        Ok(answer) => Ok(Some(answer)),
        Err(findings) if is_for_tables(&findings) => Ok(None),
        Err(findings) => Err(findings),
    }
}

fn placed(error: Error, place: &str) -> Error {
    error.diagnostics().clone().below(place).into()
}
