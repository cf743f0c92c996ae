//! A value made of a customer's rows, in one pass over them and without a list of those that count.

use std::ops::ControlFlow;

use super::check::Check;
use super::compile;
use super::measure::{Count, Measure};
use super::node::Node;
use super::times::{Span, Times};
use crate::eval::{History, Occurrence};
use crate::predicate::{Measured, RowSource, Rows};
use crate::value::Value;

/// Which rows count.
#[derive(Debug)]
pub(super) struct Source {
    source: RowSource,
    /// When; `None` for rows of related tables.
    span: Option<Span>,
    filter: Option<Node>,
}

/// A test of a value made of rows.
#[derive(Debug)]
pub(super) struct RowsNode {
    pub(super) source: Source,
    pub(super) measure: Measure,
    check: Check,
    negated: bool,
    on_missing: bool,
}

impl Source {
    pub(super) fn of(rows: &Rows, node: usize, times: &mut Times) -> Self {
        let span = match rows.source {
            // Events have a time always: they are seen up to the instant of evaluation.
            RowSource::Events(_) => Span::of(&rows.time, node, times),
            RowSource::Related(_) => None,
        };
        let filter = rows.filter.as_ref().map(|filter| compile::node(&filter.clone().normalized(), times));
        Self { source: rows.source, span, filter }
    }

    /// Each row that counts, with its time as a number (0 where rows have none), until told to stop.
    #[inline]
    pub(super) fn each<'h>(
        &self,
        history: &'h History,
        settled: &[i64],
        mut see: impl FnMut(i64, &'h Value, &'h [Value]) -> ControlFlow<()>,
    ) {
        match (self.source, &self.span) {
            (RowSource::Events(stream), Some(span)) => {
                let events = history.events.get(stream).map(Vec::as_slice).unwrap_or_default();
                self.walk(events.iter(), span, history, settled, &mut see);
            }
            (RowSource::Related(table), _) => {
                for row in history.related.get(table).map(Vec::as_slice).unwrap_or_default() {
                    if self.fits(row, history, settled) && see(0, &Value::Missing, row).is_break() {
                        return;
                    }
                }
            }
            (RowSource::Events(_), None) => {}
        }
    }

    /// As [`Source::each`], for those whom no order matters: events from the last to the first. Most histories stand in
    /// the order of time, and most windows end now.
    #[inline]
    fn each_from_the_last<'h>(
        &self,
        history: &'h History,
        settled: &[i64],
        mut see: impl FnMut(i64, &'h Value, &'h [Value]) -> ControlFlow<()>,
    ) {
        match (self.source, &self.span) {
            (RowSource::Events(stream), Some(span)) => {
                let events = history.events.get(stream).map(Vec::as_slice).unwrap_or_default();
                self.walk(events.iter().rev(), span, history, settled, &mut see);
            }
            _ => self.each(history, settled, see),
        }
    }

    #[inline]
    fn walk<'h>(
        &self,
        events: impl Iterator<Item = &'h Occurrence>,
        span: &Span,
        history: &'h History,
        settled: &[i64],
        see: &mut impl FnMut(i64, &'h Value, &'h [Value]) -> ControlFlow<()>,
    ) {
        let span = span.at(settled);
        for event in events {
            if let Some(ticks) = span.inside(&event.time)
                && self.fits(&event.properties, history, settled)
                && see(ticks, &event.time, &event.properties).is_break()
            {
                return;
            }
        }
    }

    #[inline]
    fn fits(&self, row: &[Value], history: &History, settled: &[i64]) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.holds(row, history, settled))
    }
}

impl RowsNode {
    pub(super) fn of(measured: &Measured, times: &mut Times) -> Self {
        let source = Source::of(&measured.rows, measured.node, times);
        let measure = Measure::of(measured, times);
        let check = Check::of(&measured.test, measured.node, times);
        Self { source, measure, check, negated: measured.negated, on_missing: measured.on_missing }
    }

    pub(super) fn filter(&self) -> Option<&Node> {
        self.source.filter.as_ref()
    }

    /// What the measure itself takes for each row, about.
    pub(super) fn each_row(&self) -> u32 {
        match self.measure {
            Measure::Count(_) => 0,
            Measure::Time { .. } => 1,
            Measure::Periods { .. } => 5,
            _ => 10,
        }
    }

    pub(super) fn holds(&self, history: &History, settled: &[i64]) -> bool {
        match &self.measure {
            Measure::Count(Count::Within(low, high)) => self.counts(*low, *high, history, settled) != self.negated,
            Measure::Time { last } => {
                let mut best: Option<(i64, &Value)> = None;
                self.source.each(history, settled, |ticks, time, _| {
                    if best.is_none_or(|(at, _)| if *last { ticks > at } else { ticks < at }) {
                        best = Some((ticks, time));
                    }
                    ControlFlow::Continue(())
                });
                best.map_or(self.on_missing, |(_, time)| self.check.passes(time, settled) != self.negated)
            }
            measure => {
                let value = measure.value(&self.source, history, settled);
                if value.is_missing() { self.on_missing } else { self.check.passes(&value, settled) != self.negated }
            }
        }
    }

    /// Whether so many rows count; no more are looked at than it takes to know.
    fn counts(&self, low: i64, high: i64, history: &History, settled: &[i64]) -> bool {
        let mut n = 0_i64;
        self.source.each_from_the_last(history, settled, |_, _, _| {
            n += 1;
            if n > high || (n >= low && high == i64::MAX) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        low <= n && n <= high
    }
}
