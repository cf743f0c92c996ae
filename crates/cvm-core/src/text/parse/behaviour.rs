//! Events one after another, regular, stopped, begun again.

use super::{Parsed, Parser};
use crate::filter::{Absence, Duration, Filter, Regularly, Restarted, Sequence, Step, Stopped, Window};

impl Parser<'_> {
    /// `sequence(visit, purchase within 7 days without refund, all within last 90 days)`.
    pub(super) fn sequence(&mut self) -> Parsed<Filter> {
        self.expect("sequence")?;
        self.expect("(")?;
        let mut sequence = Sequence { steps: Vec::new(), window: None };
        if self.eat(&[")"]) {
            return Ok(Filter::Sequence(sequence));
        }
        loop {
            if self.eat(&["all"]) {
                sequence.window = Some(self.whole_window()?);
                self.expect(")")?;
                break;
            }
            sequence.steps.push(self.step()?);
            if self.eat(&[","]) {
                continue;
            }
            self.close(&["and", "or", "where", "within", "without", ","], ")")?;
            break;
        }
        Ok(Filter::Sequence(sequence))
    }

    fn whole_window(&mut self) -> Parsed<Window> {
        match self.optional_when()? {
            Some(window) => Ok(window),
            None => Err(self.expected("`within` or `since` after `all`")),
        }
    }

    fn step(&mut self) -> Parsed<Step> {
        let event = self.part("the name of an event")?;
        let filter = self.optional_where()?;
        let within = if self.eat(&["within"]) { Some(self.length()?) } else { None };
        let without = if self.eat(&["without"]) {
            Some(Absence { event: self.part("the name of an event")?, filter: self.optional_where()? })
        } else {
            None
        };
        Ok(Step { event, filter, within, without })
    }

    /// `regularly(purchase, 4 of last 6 months)`.
    pub(super) fn regularly(&mut self) -> Parsed<Filter> {
        let (event, filter) = self.subject_of("regularly")?;
        let at_least = self.whole("in how many periods")?;
        self.expect("of")?;
        if !self.eat(&["previous"]) {
            self.expect("last")?;
        }
        let Duration { n: periods, unit } = self.length()?;
        self.expect(")")?;
        Ok(Filter::Regularly(Regularly { event, filter, at_least, periods, unit }))
    }

    /// `stopped(purchase, active 180 days, inactive 90 days)`.
    pub(super) fn stopped(&mut self) -> Parsed<Filter> {
        let (event, filter) = self.subject_of("stopped")?;
        let (active, inactive) = self.two_lengths("active", "inactive")?;
        Ok(Filter::Stopped(Stopped { event, filter, active, inactive }))
    }

    /// `restarted(purchase, pause 90 days, within 30 days)`.
    pub(super) fn restarted(&mut self) -> Parsed<Filter> {
        let (event, filter) = self.subject_of("restarted")?;
        let (pause, within) = self.two_lengths("pause", "within")?;
        Ok(Filter::Restarted(Restarted { event, filter, pause, within }))
    }

    /// The keyword, and the events up to the first comma.
    fn subject_of(&mut self, keyword: &str) -> Parsed<(String, Option<Box<Filter>>)> {
        self.expect(keyword)?;
        self.expect("(")?;
        let event = self.part("the name of an event")?;
        let filter = self.optional_where()?;
        self.close(if filter.is_some() { &["and", "or"] } else { &["where"] }, ",")?;
        Ok((event, filter))
    }

    /// Two lengths with a word before each, and the parenthesis that ends them.
    fn two_lengths(&mut self, first: &str, second: &str) -> Parsed<(Duration, Duration)> {
        self.expect(first)?;
        let one = self.length()?;
        self.expect(",")?;
        self.expect(second)?;
        let two = self.length()?;
        self.expect(")")?;
        Ok((one, two))
    }
}
