//! Facts: sequences, returns, samples, places.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::node::value_at;
use super::rows::Source;
use super::times::{Span, Times};
use crate::eval::History;
use crate::predicate::{BucketTest, FactTest, FieldRef, Gap, GeoTest, RestartedTest, StepTest};
use crate::value::Value;

#[derive(Debug)]
pub(super) enum FactNode {
    Sequence(Vec<Step>),
    Restarted(Box<Restarted>),
    Bucket(BucketTest),
    Geo(GeoTest),
    /// What can't be asked of one customer; refused before.
    Never,
}

#[derive(Debug)]
pub(super) struct Step {
    rows: Source,
    within: Option<i64>,
    without: Option<Source>,
}

#[derive(Debug)]
pub(super) struct Restarted {
    rows: Source,
    within: Option<Span>,
    pause: i64,
}

type Ticks = SmallVec<[i64; 16]>;

impl FactNode {
    pub(super) fn of(test: &FactTest, node: usize, times: &mut Times) -> Self {
        match test {
            FactTest::Sequence(steps) => Self::Sequence(steps.iter().map(|step| Step::of(step, node, times)).collect()),
            FactTest::Restarted(RestartedTest { rows, within, pause }) => {
                let rows = Source::of(rows, node, times);
                let within = Span::of(within, node, times);
                Self::Restarted(Box::new(Restarted { rows, within, pause: ticks_of(*pause) }))
            }
            FactTest::Bucket(test) => Self::Bucket(test.clone()),
            FactTest::Geo(test) => Self::Geo(test.clone()),
            FactTest::Rank(_) => Self::Never,
        }
    }

    pub(super) fn holds(&self, row: &[Value], history: &History, settled: &[i64]) -> bool {
        match self {
            Self::Sequence(steps) => sequence(steps, history, settled),
            Self::Restarted(test) => test.holds(history, settled),
            Self::Bucket(test) => row.get(test.key).is_some_and(|key| test.holds(key)),
            Self::Geo(test) => place(test, row),
            Self::Never => false,
        }
    }
}

impl Step {
    fn of(step: &StepTest, node: usize, times: &mut Times) -> Self {
        Self {
            rows: Source::of(&step.rows, node, times),
            within: step.within.map(ticks_of),
            without: step.without.as_ref().map(|absent| Source::of(absent, node, times)),
        }
    }
}

fn ticks_of(gap: Gap) -> i64 {
    match gap {
        Gap::Seconds(seconds) => seconds.saturating_mul(1_000_000),
        Gap::Days(days) => days,
    }
}

/// The times of the rows that count, ascending, each once.
fn times(rows: &Source, history: &History, settled: &[i64]) -> Ticks {
    let mut found = Ticks::new();
    rows.each(history, settled, |ticks, _, _| {
        found.push(ticks);
        ControlFlow::Continue(())
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Step by step, the times at which the steps so far can end. Of those before an event the latest is the best one to
/// follow: every condition between two steps gets easier with nearness.
fn sequence(steps: &[Step], history: &History, settled: &[i64]) -> bool {
    let mut ends: Option<Ticks> = None;
    for step in steps {
        let mut found = times(&step.rows, history, settled);
        if let Some(ends) = ends {
            let absent = step.without.as_ref().map(|absent| times(absent, history, settled)).unwrap_or_default();
            found.retain(|at| {
                let Some(before) = latest_before(&ends, *at) else { return false };
                step.within.is_none_or(|within| at.saturating_sub(before) <= within)
                    && latest_before(&absent, *at).is_none_or(|between| between <= before)
            });
        }
        if found.is_empty() {
            return false;
        }
        ends = Some(found);
    }
    true
}

/// The latest of ascending times that is earlier.
fn latest_before(times: &[i64], at: i64) -> Option<i64> {
    times.get(..times.partition_point(|time| *time < at)).and_then(<[i64]>::last).copied()
}

impl Restarted {
    fn holds(&self, history: &History, settled: &[i64]) -> bool {
        let Some(within) = self.within.map(|within| within.at(settled)) else { return false };
        let all = times(&self.rows, history, settled);
        let mut pairs = all.iter().zip(all.iter().skip(1));
        pairs.any(|(before, at)| within.has(*at) && at.saturating_sub(*before) >= self.pause)
    }
}

fn place(test: &GeoTest, row: &[Value]) -> bool {
    let value = |index: usize| value_at(&FieldRef { index, path: Vec::new() }, row);
    test.holds_of(&value(test.latitude), &value(test.longitude))
}
