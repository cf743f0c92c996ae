//! One customer at a time, at speed: a filter compiled once, then asked of many customers at any instant, without an
//! engine and without binding anew.
//!
//! The reference evaluator says what is right; this says the same. What makes it quick: fields by index, values compared
//! where they lie, times as whole numbers that are settled together, cheap conditions first, and counts that stop once
//! the verdict is known.

mod change;
mod check;
mod compile;
mod cost;
mod day;
mod fact;
mod measure;
mod node;
mod round;
mod rows;
mod set;
mod times;

use crate::catalog::Catalog;
use crate::check::CHECK_INSTANT;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::eval::History;
use crate::filter::Filter;
use crate::predicate::{Calendar, Predicate, bind};
use crate::value::{Timestamp, Value};
use node::Node;
use times::{Follows, Settled, Times};

/// A filter made ready to be asked of one customer at a time.
///
/// It gives the answers of [`evaluate_with`](crate::evaluate_with) for the filter bound at the same instant, and may be
/// shared between threads.
///
/// ```
/// use cvm_core::{Catalog, History, Matcher, Occurrence, Timestamp, Value};
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
///         {"name": "id", "type": "int", "nullable": false}, {"name": "plan", "type": "string"}]},
///     "events": [{"name": "purchase", "table": "purchases", "customer": "id", "time": "at"}]}"#)?;
/// let matcher = Matcher::new(&"plan = 'gold' and count(purchase within last 30 days) >= 1".parse()?, &catalog)?;
///
/// let row = [Value::Int(7), Value::Str("gold".to_owned())];
/// let time = |text| Timestamp::parse_utc(text).expect("an instant");
/// let purchase = Occurrence { time: Value::Timestamp(time("2024-05-01T10:00:00Z")), properties: Vec::new() };
/// let history = History { events: vec![vec![purchase]], related: Vec::new() };
/// assert!(matcher.matches(&row, &history, time("2024-05-31T10:00:00Z"))?);
/// assert!(!matcher.matches(&row, &history, time("2024-05-31T10:00:01Z"))?);
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct Matcher {
    root: Node,
    times: Times,
}

impl Matcher {
    /// Checks a filter, resolves it against a catalog and makes it ready.
    ///
    /// # Errors
    /// Every finding of [`check`](fn@crate::check); [`Code::NotSupported`] for rankings, which look at all customers.
    pub fn new(filter: &Filter, catalog: &Catalog) -> Result<Self, Diagnostics> {
        // The instant plays no part: times that move are settled when a customer is asked about.
        let instant = Timestamp::from_micros(CHECK_INSTANT).unwrap_or(Timestamp::MIN);
        let predicate = bind(filter, catalog, instant)?;
        let paths: Vec<String> = filter.nodes().into_iter().map(|(path, _)| path).collect();
        let rankings = predicate.rankings();
        if !rankings.is_empty() {
            let path = |node: usize| paths.get(node).cloned().unwrap_or_default();
            let finding = |node: usize| {
                Diagnostic::error(Code::NotSupported, path(node), "a ranking looks at all customers, not at one")
                    .help("rank in the engine first, put its members into a list, and ask who is on the list")
            };
            return Err(Diagnostics(rankings.iter().map(|(fact, _)| finding(fact.node)).collect()));
        }
        Ok(Self::compiled(predicate, catalog, paths))
    }

    /// A predicate that is bound already, made ready; its rows are whatever it was bound for, the `where` of a
    /// measure's events for instance. A ranking that is not settled takes nobody.
    ///
    /// ```
    /// use cvm_core::{Catalog, History, Matcher, Timestamp, Value, bind};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// let as_of = Timestamp::from_micros(0).expect("1970");
    /// let matcher = Matcher::of(&bind(&"age > 30".parse()?, &catalog, as_of)?, &catalog);
    /// assert!(matcher.matches(&[Value::Int(1), Value::Int(31)], &History::default(), as_of)?);
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn of(predicate: &Predicate, catalog: &Catalog) -> Self {
        Self::compiled(predicate.clone(), catalog, Vec::new())
    }

    fn compiled(predicate: Predicate, catalog: &Catalog, paths: Vec<String>) -> Self {
        let mut times = Times::new(Calendar::of(catalog), paths);
        let root = compile::node(&predicate.normalized(), &mut times);
        times.close();
        Self { root, times }
    }

    /// Whether time alone can change a verdict: whether any time that the filter asks about moves with the instant.
    /// Events are seen up to the instant of evaluation, so it is true of all that asks for events.
    #[must_use]
    pub fn moves(&self) -> bool {
        !self.times.slots.is_empty()
    }

    /// Whether the instant of evaluation itself is the only time that moves: events come into view, and nothing leaves a
    /// window.
    #[must_use]
    pub fn only_up_to_now(&self) -> bool {
        self.times.slots.iter().all(|slot| slot.moment.is_some() && matches!(slot.follows, Follows::Plus(0)))
    }

    /// Whether the filter selects a customer at an instant. `row` holds one value for each field of the catalog's
    /// customer table, in its order; values that it lacks are missing.
    ///
    /// # Errors
    /// [`Code::InvalidValue`] where a time that the filter asks about lies outside the years −9999 to 9999.
    pub fn matches(&self, row: &[Value], history: &History, as_of: Timestamp) -> Result<bool, Diagnostics> {
        Ok(self.root.holds(row, history, &self.times.settle(as_of)?))
    }

    /// The filter at an instant, for many customers.
    ///
    /// # Errors
    /// As [`Matcher::matches`].
    pub fn at(&self, as_of: Timestamp) -> Result<At<'_>, Diagnostics> {
        Ok(At { root: &self.root, settled: self.times.settle(as_of)? })
    }
}

/// A filter at one instant: see [`Matcher::at`].
#[derive(Debug, Clone)]
pub struct At<'m> {
    root: &'m Node,
    settled: Settled,
}

impl At<'_> {
    /// Whether the filter selects a customer.
    #[must_use]
    pub fn matches(&self, row: &[Value], history: &History) -> bool {
        self.root.holds(row, history, &self.settled)
    }
}
