//! Nodes about events: counts and sums, sequences, habits.

use super::Checker;
use super::compare::{Compared, Subject};
use super::measure::{days_since, measured};
use super::scope::Scope;
use crate::catalog::{EventStream, FieldType};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{
    Absence, Case, Duration, Event, Filter, Measure, Regularly, Restarted, Sequence, Step, Stopped, Window,
};
use crate::predicate::{
    Bound, FactTest, Gap, Measured, Predicate, Range, RestartedTest, RowMeasure, RowSource, Rows, StepTest, Test,
};
use crate::value::Value;

/// A stream of events that a node asks about.
pub(super) struct Stream<'c> {
    pub(super) scope: Scope<'c>,
    pub(super) rows: Rows,
    /// Date or timestamp.
    pub(super) time: &'c FieldType,
}

impl<'c> Checker<'c> {
    fn stream(&self, name: &str, path: &Path<'_>, out: &mut Diagnostics) -> Option<(usize, &'c EventStream)> {
        let stream = self.catalog.events.iter().enumerate().find(|(_, event)| event.name == name);
        if stream.is_none() {
            out.push(
                Diagnostic::error(Code::UnknownEvent, path.pointer(), format!("no event `{name}`"))
                    .suggest_from(name, self.catalog.events.iter().map(|event| event.name.as_str())),
            );
        }
        stream
    }

    /// The events of this name that pass `where`, in a window; all up to `as_of` without one.
    pub(super) fn events(
        &mut self,
        (name, filter, window): (&str, Option<&Filter>, Option<&Window>),
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Stream<'c>> {
        let found = self.stream(name, &path.key("event"), out);
        // Without a stream the window is looked at all the same: every finding at once.
        let ty = found.map_or(&FieldType::Timestamp, |(_, stream)| &stream.time_type);
        let time = self.event_window(window, ty, &path.key("window"), out);
        let (index, stream) = found?;
        let scope = Scope::inner(&stream.fields, "event", name);
        let filter = match filter {
            Some(filter) => Some(self.node(filter, &scope, &path.key("where"), depth + 1, out)?),
            None => None,
        };
        Some(Stream { scope, rows: Rows { source: RowSource::Events(index), time: time?, filter }, time: ty })
    }

    /// A window over events, cut off at `as_of`.
    fn event_window(
        &self,
        window: Option<&Window>,
        ty: &FieldType,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Range> {
        let range = match window {
            None => Range::default(),
            Some(Window::Coming(_) | Window::Next(_)) => {
                let message = "events are in the past, this window is in the future";
                out.push(
                    Diagnostic::error(Code::InvalidValue, path.pointer(), message)
                        .help("use last, this, previous, between, since or all"),
                );
                return None;
            }
            Some(window) => self.window(window, ty, path, out)?,
        };
        Some(self.clock.up_to_now(range, ty))
    }

    pub(super) fn event(
        &mut self,
        event: &Event,
        node: usize,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Predicate> {
        let stream = self.events((&event.event, event.filter.as_deref(), event.window.as_ref()), path, depth, out)?;
        let (measure, ty) = measured(&event.measure, stream.time, &stream.scope, &path.key("measure"), out)?;
        let subject = Subject { name: event.measure.as_str(), ty: &ty, values: None };
        let compared =
            Compared { op: event.op, value: event.value.as_ref(), case: Case::Sensitive, missing: event.missing };
        let verdict = self.compare_measure(&subject, &compared, &stream.scope, path, out)?;
        if matches!(event.measure, Measure::DaysSince(_)) {
            return days_since(&self.clock, node, stream.rows, stream.time, &verdict);
        }
        Some(Predicate::Measured(Box::new(Measured {
            node,
            rows: stream.rows,
            measure,
            ty,
            test: verdict.test,
            negated: verdict.negated,
            on_missing: verdict.on_missing,
        })))
    }

    pub(super) fn sequence(
        &mut self,
        sequence: &Sequence,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<FactTest> {
        let steps = path.key("steps");
        if sequence.steps.len() < 2 {
            out.push(
                Diagnostic::error(Code::ValueCount, steps.pointer(), "a sequence has at least two steps")
                    .help("for one event alone use `event`"),
            );
        }
        let mut time: Option<&FieldType> = None;
        let mut found = Vec::with_capacity(sequence.steps.len());
        for (i, step) in sequence.steps.iter().enumerate() {
            let at = steps.index(i);
            let resolved = self.step(step, i == 0, &mut time, &at, depth, out);
            found.extend(resolved);
        }
        // One window for all steps: it is a finding once, whatever time the streams have.
        let window = sequence.window.as_ref();
        let range = self.event_window(window, time.unwrap_or(&FieldType::Timestamp), &path.key("window"), out)?;
        for step in &mut found {
            step.rows.time = range.clone();
        }
        (found.len() == sequence.steps.len() && found.len() > 1).then_some(FactTest::Sequence(found))
    }

    fn step(
        &mut self,
        step: &Step,
        first: bool,
        time: &mut Option<&'c FieldType>,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<StepTest> {
        for (key, there) in [("within", step.within.is_some()), ("without", step.without.is_some())] {
            if first && there {
                let message = format!("the first step has no step before it, so `{key}` can't be asked");
                out.push(Diagnostic::error(Code::NotMeaningful, path.key(key).pointer(), message));
            }
        }
        let stream = self.events((&step.event, step.filter.as_deref(), None), path, depth, out);
        if let Some(stream) = &stream {
            same_time(&step.event, stream.time, time, &path.key("event"), out)?;
        }
        let ty = stream.as_ref().map_or(&FieldType::Timestamp, |stream| stream.time);
        // All parts are looked at before the first that is wrong ends it.
        let within = step.within.map(|within| self.gap(within, ty, &path.key("within"), out));
        let without = step.without.as_ref().map(|Absence { event, filter }| {
            let at = path.key("without");
            let absent = self.events((event, filter.as_deref(), None), &at, depth, out)?;
            same_time(event, absent.time, time, &at.key("event"), out)?;
            Some(absent.rows)
        });
        let within = match within {
            Some(within) => Some(within?),
            None => None,
        };
        let without = match without {
            Some(without) => Some(without?),
            None => None,
        };
        Some(StepTest { rows: stream?.rows, within, without })
    }

    /// A length of time between two events. Months have no fixed length, and databases do not add them alike.
    fn gap(&self, by: Duration, ty: &FieldType, path: &Path<'_>, out: &mut Diagnostics) -> Option<Gap> {
        self.duration(by, ty, path, out)?;
        let seconds: i64 = match by.unit {
            crate::filter::Unit::Minute => 60,
            crate::filter::Unit::Hour => 3_600,
            crate::filter::Unit::Day => 86_400,
            crate::filter::Unit::Week => 604_800,
            unit => {
                let message = format!("between two events a {} has no fixed length", unit.as_str());
                out.push(
                    Diagnostic::error(Code::InvalidValue, path.key("unit").pointer(), message)
                        .help("say it in weeks, days, hours or minutes"),
                );
                return None;
            }
        };
        let seconds = seconds * i64::from(by.n);
        Some(if *ty == FieldType::Date { Gap::Days(seconds / 86_400) } else { Gap::Seconds(seconds) })
    }

    pub(super) fn regularly(
        &mut self,
        regularly: &Regularly,
        node: usize,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Predicate> {
        let stream = self.events((&regularly.event, regularly.filter.as_deref(), None), path, depth, out);
        let is_unit = self.calendar_unit(regularly.unit, path, out);
        if regularly.at_least == 0 || regularly.at_least > regularly.periods {
            let message = format!("at least {} of {} periods can't be asked", regularly.at_least, regularly.periods);
            let finding = Diagnostic::error(Code::InvalidValue, path.key("at_least").pointer(), message);
            out.push(finding.help("give a number from 1 to that of the periods"));
            return None;
        }
        if regularly.periods > MAX_PERIODS {
            let message = format!("{} periods are more than the limit of {MAX_PERIODS}", regularly.periods);
            let finding = Diagnostic::error(Code::ListLimit, path.key("periods").pointer(), message);
            out.push(finding.help("ask for longer periods"));
            return None;
        }
        is_unit?;
        let stream = stream?;
        let (mut bounds, mut moments) = (Vec::new(), Vec::new());
        for period in -i64::from(regularly.periods)..=0 {
            let Some((start, moment)) = self.clock.unit_start(regularly.unit, period, stream.time) else {
                return super::temporal::out_of_range(path, out);
            };
            bounds.push(start);
            moments.push(moment);
        }
        let (Some(first), Some(last)) = (bounds.first().cloned(), bounds.last().cloned()) else { return None };
        let time = Range::new(Bound::Included(first), Bound::Excluded(last))
            .moving(moments.first().cloned(), moments.last().cloned());
        let at_least = Bound::Included(Value::Int(regularly.at_least.into()));
        Some(Predicate::Measured(Box::new(Measured {
            node,
            rows: Rows { time, ..stream.rows },
            measure: RowMeasure::Periods { bounds, moments },
            ty: FieldType::Int,
            test: Test::Range(Range::new(at_least, Bound::Open)),
            negated: false,
            on_missing: false,
        })))
    }

    pub(super) fn stopped(
        &mut self,
        stopped: &Stopped,
        node: usize,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Predicate> {
        let stream = self.events((&stopped.event, stopped.filter.as_deref(), None), path, depth, out);
        let ty = stream.as_ref().map_or(&FieldType::Timestamp, |stream| stream.time);
        let active = self.duration(stopped.active, ty, &path.key("active"), out);
        let inactive = self.duration(stopped.inactive, ty, &path.key("inactive"), out);
        let (rows, (), ()) = (stream?.rows, active?, inactive?);
        let spans = self.clock.before(stopped.active, stopped.inactive, ty);
        let Some((active, inactive)) = spans else { return super::temporal::out_of_range(path, out) };
        let in_time = |time| Rows { time, ..rows.clone() };
        Some(Predicate::All(vec![any_of(node, in_time(active)), none_of(node, in_time(inactive))]))
    }

    pub(super) fn restarted(
        &mut self,
        restarted: &Restarted,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<FactTest> {
        let stream = self.events((&restarted.event, restarted.filter.as_deref(), None), path, depth, out);
        let ty = stream.as_ref().map_or(&FieldType::Timestamp, |stream| stream.time);
        let pause = self.gap(restarted.pause, ty, &path.key("pause"), out);
        let within = self
            .duration(restarted.within, ty, &path.key("within"), out)
            .and_then(|()| self.clock.last(restarted.within, ty).or_else(|| super::temporal::out_of_range(path, out)));
        Some(FactTest::Restarted(RestartedTest { rows: stream?.rows, within: within?, pause: pause? }))
    }
}

/// More periods than anyone asks for: 20 years of weeks.
const MAX_PERIODS: u32 = 1_040;

/// At least one of the rows.
pub(super) fn any_of(node: usize, rows: Rows) -> Predicate {
    counted(node, rows, Range::new(Bound::Included(Value::Int(1)), Bound::Open))
}

/// None of the rows.
pub(super) fn none_of(node: usize, rows: Rows) -> Predicate {
    counted(node, rows, Range::new(Bound::Open, Bound::Included(Value::Int(0))))
}

fn counted(node: usize, rows: Rows, range: Range) -> Predicate {
    Predicate::Measured(Box::new(Measured {
        node,
        rows,
        measure: RowMeasure::Count,
        ty: FieldType::Int,
        test: Test::Range(range),
        negated: false,
        on_missing: false,
    }))
}

/// Whether an event has the same kind of time as those before it in a sequence.
fn same_time<'c>(
    event: &str,
    ty: &'c FieldType,
    time: &mut Option<&'c FieldType>,
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<()> {
    match *time {
        None => *time = Some(ty),
        Some(known) if known == ty => {}
        Some(known) => {
            let message =
                format!("`{event}` has a time of type {ty}, the events before it of type {known}: they have no order");
            out.push(Diagnostic::error(Code::TypeMismatch, path.pointer(), message));
            return None;
        }
    }
    Some(())
}
