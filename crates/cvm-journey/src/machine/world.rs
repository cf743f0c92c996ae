//! What a machine asks about customers: everything that is not in its own state.

use cvm_core::Filter;
use serde::{Deserialize, Serialize};

use crate::model::{DayWindow, Duration, Offset, TimeOfDay, Zone};

/// A filter that a machine asks about, with a number that stands for it as long as the machine lives.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'f> {
    /// Its number, from 0 on.
    pub number: u32,
    /// The filter.
    pub filter: &'f Filter,
    /// For filters on the properties of an event, its name.
    pub event: Option<&'f str>,
}

/// An instant that depends on where a customer lives, or on a day of the customer's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When<'w> {
    /// So long from now ([`time::after`](crate::time::after)).
    After(Duration),
    /// A day that stands in a field ([`time::on_day`](crate::time::on_day)); [`i64::MIN`] for customers without one.
    Day {
        /// The field, a date or a timestamp.
        field: &'w str,
        /// So long before or after.
        offset: Option<Offset>,
        /// The time of day; that of a timestamp, or midnight, where none is said.
        at: Option<TimeOfDay>,
    },
    /// The first instant from now on in a window ([`time::within`](crate::time::within)).
    Within(&'w DayWindow),
    /// The first instant from now on at which something may be sent ([`time::sendable`](crate::time::sendable)).
    Sendable {
        /// The windows of the channel.
        windows: &'w [DayWindow],
        /// The quiet hours.
        quiet: &'w [DayWindow],
    },
}

/// Customers whose day in a field, or so long before or after it, comes in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days<'w> {
    /// The field, a date or a timestamp.
    pub field: &'w str,
    /// So long before or after.
    pub offset: Option<Offset>,
    /// The time of day.
    pub at: TimeOfDay,
    /// Whether the month and the day count alone.
    pub every_year: bool,
    /// The first instant, in microseconds since 1970 (UTC).
    pub from: i64,
    /// The first instant after it.
    pub to: i64,
}

/// Who was in a segment when it was looked at last.
pub trait Before {
    /// Whether a customer was.
    fn has(&self, who: u32) -> bool;
    /// All who were, in the order of their numbers.
    fn all(&self) -> Vec<u32>;
    /// The same as bits: those of 64 customers in a word, that of the first one lowest. Words at the end may be missing.
    fn words(&self) -> Vec<u64>;
}

/// Who came into a segment, and who went out of it; each in the order of their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turned {
    /// Who is in it now and was not.
    pub came: Vec<u32>,
    /// Who was in it and is not now.
    pub went: Vec<u32>,
}

/// Why a world could not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WorldError {
    /// What happened, for people.
    pub message: String,
}

impl WorldError {
    /// An error with what happened.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl Turned {
    /// What differs between two sets of customers, as [`Before::words`] has them; words that are missing are empty.
    ///
    /// ```
    /// use cvm_journey::machine::Turned;
    /// let turned = Turned::between(&[0b0110], &[0b0011, 1]);
    /// assert_eq!((turned.came, turned.went), (vec![0, 64], vec![2]));
    /// ```
    #[must_use]
    pub fn between(before: &[u64], after: &[u64]) -> Self {
        let mut turned = Self::default();
        let word = |of: &[u64], at: usize| of.get(at).copied().unwrap_or(0);
        for (first, at) in (0_u32..).step_by(64).zip(0..before.len().max(after.len())) {
            let (old, new) = (word(before, at), word(after, at));
            let mut other = old ^ new;
            while other != 0 {
                let bit = other.trailing_zeros();
                let to = if new >> bit & 1 == 1 { &mut turned.came } else { &mut turned.went };
                to.push(first + bit);
                other &= other - 1;
            }
        }
        turned
    }
}

/// Customers, as a machine asks about them: their segments, their clocks, their events. What is answered is logged beside the
/// command that made the machine ask, so that a run that is repeated hears the same again.
///
/// Customers are named by the numbers that [`Command::Customers`](super::Command) gave them; times are microseconds since
/// 1970 (UTC). Answers are in the order of the question, one for each.
///
/// # Errors
/// Where a world can't answer, the command fails and the machine must be made anew from its log.
pub trait World {
    /// All customers whom a filter takes at an instant, in the order of their numbers.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn members(&mut self, filter: Asked<'_>, now: i64) -> Result<Vec<u32>, WorldError>;

    /// Who came into a segment, and who went out of it, since it was looked at last.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn turned(&mut self, filter: Asked<'_>, now: i64, before: &dyn Before) -> Result<Turned, WorldError> {
        let members = self.members(filter, now)?;
        let came = members.iter().copied().filter(|who| !before.has(*who)).collect();
        let mut members = members.into_iter().peekable();
        let stayed = |who: &u32| {
            while members.next_if(|member| member < who).is_some() {}
            members.peek() == Some(who)
        };
        let mut stayed = stayed;
        let went = before.all().into_iter().filter(|who| !stayed(who)).collect();
        Ok(Turned { came, went })
    }

    /// Which of these customers a filter takes at an instant.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn holds(&mut self, filter: Asked<'_>, now: i64, who: &[u32]) -> Result<Vec<bool>, WorldError>;

    /// Which of these events, by their places in the command, a filter on their properties takes.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn events(&mut self, filter: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError>;

    /// A number for the value of a property of these events, equal for equal values; none where there is no value.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn keys(&mut self, property: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError>;

    /// An instant for each of these customers.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn instants(&mut self, when: When<'_>, zone: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError>;

    /// All customers whose day comes, in the order of their numbers.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn days(&mut self, days: Days<'_>, zone: &Zone) -> Result<Vec<u32>, WorldError>;

    /// The first instant after one at which a recurrence rule holds, at a time of day; `None` where it is over.
    ///
    /// # Errors
    /// What stopped it from being found out.
    fn next(
        &mut self,
        rule: &str,
        from: &str,
        at: TimeOfDay,
        zone: &Zone,
        after: i64,
    ) -> Result<Option<i64>, WorldError>;
}

/// An answer of a world, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Answer {
    /// A bit for each that was asked about.
    Bits {
        /// How many.
        len: u32,
        /// Eight in a byte, the first one lowest.
        #[serde(with = "serde_bytes")]
        bits: Vec<u8>,
    },
    /// Numbers of customers, each as the distance from the one before.
    Customers(Vec<u32>),
    /// Keys of events.
    Keys(Vec<Option<u64>>),
    /// Instants: how often each of them comes after the other.
    Instants(Vec<(i64, u32)>),
    /// One instant, or none.
    Instant(Option<i64>),
}

impl Answer {
    pub(super) fn bits(of: &[bool]) -> Self {
        let bits = of.chunks(8).map(|chunk| chunk.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit)));
        Self::Bits { len: u32::try_from(of.len()).unwrap_or(u32::MAX), bits: bits.collect() }
    }

    pub(super) fn customers(of: &[u32]) -> Self {
        let before = std::iter::once(0).chain(of.iter().copied());
        Self::Customers(of.iter().zip(before).map(|(number, before)| number.wrapping_sub(before)).collect())
    }

    pub(super) fn instants(of: &[i64]) -> Self {
        let mut runs: Vec<(i64, u32)> = Vec::new();
        for instant in of {
            match runs.last_mut() {
                Some((last, times)) if last == instant => *times += 1,
                _ => runs.push((*instant, 1)),
            }
        }
        Self::Instants(runs)
    }
}
