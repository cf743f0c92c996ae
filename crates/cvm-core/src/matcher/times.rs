//! The times of a filter, apart from it: a node names them by number, and an instant of evaluation settles them all.
//!
//! Dates are days, instants are microseconds, and both ends of a span are inside: a test of a time is two comparisons of
//! whole numbers.

use smallvec::SmallVec;

use super::day::{COMPUTED, DayCache};
use crate::check::time::OUT_OF_RANGE;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::predicate::{Bound, Calendar, Moment, Range, Shift};
use crate::value::{Date, Timestamp, Value};

/// What all times of a filter are at one instant, by number.
pub(super) type Settled = SmallVec<[i64; 16]>;

/// A time that moves, or a word of a window of days that come round.
#[derive(Debug)]
pub(super) struct Slot {
    /// How it moves; a word is settled with its window.
    pub(super) moment: Option<Moment>,
    /// The filter's node that asks for it.
    pub(super) node: usize,
    /// Whether the first or last time that can be said stands for one outside.
    pub(super) held: bool,
    pub(super) follows: Follows,
}

/// How a time follows from the instant of evaluation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Follows {
    /// A fixed number of microseconds lies between them.
    Plus(i64),
    /// It is the same for the whole day: its place among such values.
    Day(usize),
    /// A number of microseconds lies between them that is the same for the whole day, but for days on which clocks are
    /// changed: its place among such values.
    PlusOfDay(usize),
}

/// The window of days that come round, settled to six words of bits, one bit for a day of a leap year.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) window: Range,
    pub(super) node: usize,
    /// Where its words stand among the values of a day.
    place: usize,
}

/// All times of a filter that move.
#[derive(Debug)]
pub(super) struct Times {
    pub(super) slots: Vec<Slot>,
    pub(super) rounds: Vec<Round>,
    pub(super) calendar: Calendar,
    /// How many values are the same for a whole day.
    of_day: usize,
    recent: DayCache,
    /// JSON pointers of the filter's nodes.
    paths: Vec<String>,
}

/// Words of bits for the days of a leap year.
pub(super) const WORDS: usize = 6;

impl Times {
    pub(super) fn new(calendar: Calendar, paths: Vec<String>) -> Self {
        Self { slots: Vec::new(), rounds: Vec::new(), calendar, of_day: 0, recent: DayCache::default(), paths }
    }

    /// The number of a moment; the same one for the same moment.
    pub(super) fn slot(&mut self, moment: &Moment, node: usize, held: bool) -> usize {
        let same = |slot: &Slot| slot.moment.as_ref() == Some(moment) && slot.held == held;
        self.slots.iter().position(same).unwrap_or_else(|| self.add(moment, node, held))
    }

    /// A number of its own for a moment, the next one.
    pub(super) fn add(&mut self, moment: &Moment, node: usize, held: bool) -> usize {
        let follows = match fixed(moment) {
            Some(plus) => Follows::Plus(plus),
            None => {
                self.of_day += 1;
                match moment {
                    Moment::Instant(_) => Follows::PlusOfDay(self.of_day - 1),
                    Moment::Date(_) | Moment::StartOf(_) => Follows::Day(self.of_day - 1),
                }
            }
        };
        self.slots.push(Slot { moment: Some(moment.clone()), node, held, follows });
        self.slots.len() - 1
    }

    /// The number of the first word of a window of days that come round.
    pub(super) fn round(&mut self, window: &Range, node: usize) -> usize {
        let (first, place) = (self.slots.len(), self.of_day);
        self.rounds.push(Round { window: window.clone(), node, place });
        let words = (0..WORDS).map(|i| Slot { moment: None, node, held: false, follows: Follows::Day(place + i) });
        self.slots.extend(words);
        self.of_day += WORDS;
        first
    }

    /// No more times will come.
    pub(super) fn close(&mut self) {
        self.recent = DayCache::of(self.of_day);
    }

    /// All times at an instant.
    pub(super) fn settle(&self, as_of: Timestamp) -> Result<Settled, Diagnostics> {
        let mut day = Settled::new();
        if self.of_day > 0 && !self.recent.read(as_of.micros(), &mut day) {
            self.day(as_of, &mut day)?;
        }
        let of_day = |place: usize| day.get(place).copied().unwrap_or_default();
        let mut settled = Settled::new();
        for slot in &self.slots {
            let plus = match slot.follows {
                Follows::Day(place) => {
                    settled.push(of_day(place));
                    continue;
                }
                Follows::Plus(plus) => plus,
                Follows::PlusOfDay(place) if of_day(place) != COMPUTED => of_day(place),
                Follows::PlusOfDay(_) => {
                    let today = as_of.date(&self.calendar.zone);
                    let moved = slot.moment.as_ref().and_then(|moment| self.calendar.settle(moment, as_of, today));
                    settled.push(self.ticks_or_end(slot, moved)?);
                    continue;
                }
            };
            let moved = as_of.micros().checked_add(plus).filter(|moved| SAID.contains(moved));
            settled.push(match moved {
                Some(moved) => moved,
                None => self.ticks_or_end(slot, None)?,
            });
        }
        Ok(settled)
    }

    /// The values of a whole day, kept for the next to ask.
    fn day(&self, as_of: Timestamp, out: &mut Settled) -> Result<(), Diagnostics> {
        let stretch = self.calendar.stretch(as_of);
        out.resize(self.of_day, 0);
        let mut put = |place: usize, value: i64| {
            if let Some(cell) = out.get_mut(place) {
                *cell = value;
            }
        };
        for slot in &self.slots {
            let Some(moment) = &slot.moment else { continue };
            match slot.follows {
                Follows::Plus(_) => {}
                Follows::Day(place) => {
                    put(place, self.ticks_or_end(slot, self.calendar.settle(moment, as_of, stretch.today))?);
                }
                Follows::PlusOfDay(place) => {
                    put(place, self.calendar.months_on(moment, &stretch).unwrap_or(COMPUTED));
                }
            }
        }
        for round in &self.rounds {
            let words = super::round::settled(&round.window, &self.calendar, as_of, stretch.today);
            let words = words.ok_or_else(|| self.out_of_range(round.node))?;
            words.into_iter().enumerate().for_each(|(i, word)| put(round.place + i, word));
        }
        self.recent.write(stretch.from, stretch.until, out);
        Ok(())
    }

    /// A time as a number; for one that can't be said, the end that stands for it, or a finding.
    fn ticks_or_end(&self, slot: &Slot, moved: Option<Value>) -> Result<i64, Diagnostics> {
        match moved.as_ref().and_then(ticks) {
            Some(ticks) => Ok(ticks),
            None if slot.held => Ok(slot.moment.as_ref().map_or(0, end)),
            None => Err(self.out_of_range(slot.node)),
        }
    }

    fn out_of_range(&self, node: usize) -> Diagnostics {
        let path = self.paths.get(node).cloned().unwrap_or_default();
        Diagnostic::error(Code::InvalidValue, path, OUT_OF_RANGE).into()
    }
}

/// The instants that can be said, in microseconds.
const SAID: std::ops::RangeInclusive<i64> = Timestamp::MIN.micros()..=Timestamp::MAX.micros();

/// The microseconds by which an instant moves, where they are the same at every instant.
fn fixed(moment: &Moment) -> Option<i64> {
    let Moment::Instant(shifts) = moment else { return None };
    let lengths = shifts.iter().map(|shift| match shift {
        Shift::Seconds(n) => Some(n.saturating_mul(1_000_000)),
        Shift::Days(n) => Some(n.saturating_mul(86_400_000_000)),
        Shift::Months(_) => None,
    });
    let lengths = lengths.collect::<Option<SmallVec<[i64; 2]>>>()?;
    Some(lengths.iter().fold(0, |sum: i64, length| sum.saturating_add(*length)))
}

/// The end of the times that can be said, on the side to which a moment moves.
fn end(moment: &Moment) -> i64 {
    let (shifts, first, last) = match moment {
        Moment::Instant(shifts) => (shifts, Timestamp::MIN.micros(), Timestamp::MAX.micros()),
        Moment::StartOf(day) => (&day.shifts, Timestamp::MIN.micros(), Timestamp::MAX.micros()),
        Moment::Date(day) => (&day.shifts, Date::MIN.days().into(), Date::MAX.days().into()),
    };
    let back = shifts.iter().any(|shift| match shift {
        Shift::Seconds(n) | Shift::Days(n) | Shift::Months(n) => *n < 0,
    });
    if back { first } else { last }
}

/// A time as a number: days or microseconds.
pub(super) fn ticks(value: &Value) -> Option<i64> {
    match value {
        Value::Timestamp(at) => Some(at.micros()),
        Value::Date(day) => Some(day.days().into()),
        _ => None,
    }
}

/// An end of a span, itself inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// It stays.
    At(i64),
    /// The time of this number, and so much.
    Moves(usize, i64),
}

impl Edge {
    #[inline]
    pub(super) fn at(self, settled: &[i64]) -> i64 {
        match self {
            Self::At(ticks) => ticks,
            // Every number that was given out is settled; none other stands in a node.
            Self::Moves(slot, more) => settled.get(slot).map_or(i64::MIN, |ticks| ticks.saturating_add(more)),
        }
    }
}

/// A span of dates, or of instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Whether values are dates.
    pub(super) dates: bool,
    pub(super) low: Edge,
    pub(super) high: Edge,
    /// Nothing after this, wherever `high` lies.
    pub(super) until: i64,
}

impl Span {
    /// A range of times as a span; `None` for ranges of anything else.
    pub(super) fn of(range: &Range, node: usize, times: &mut Times) -> Option<Self> {
        let dates = match (&range.low, &range.high) {
            (Bound::Included(value) | Bound::Excluded(value), _)
            | (Bound::Open, Bound::Included(value) | Bound::Excluded(value)) => match value {
                Value::Date(_) => true,
                Value::Timestamp(_) => false,
                _ => return None,
            },
            (Bound::Open, Bound::Open) => return None,
        };
        let still = |bound: &Bound, step: i64, open: i64| match bound {
            Bound::Open => Some(open),
            Bound::Included(value) => ticks(value),
            Bound::Excluded(value) => ticks(value)?.checked_add(step),
        };
        let step = |bound: &Bound, step: i64| if matches!(bound, Bound::Excluded(_)) { step } else { 0 };
        let Some(moving) = range.moving.as_deref() else {
            let (low, high) = (still(&range.low, 1, i64::MIN)?, still(&range.high, -1, i64::MAX)?);
            return Some(Self { dates, low: Edge::At(low), high: Edge::At(high), until: i64::MAX });
        };
        let low = match &moving.low {
            None => Edge::At(still(&range.low, 1, i64::MIN)?),
            Some(moment) => Edge::Moves(times.slot(moment, node, moving.held), step(&range.low, 1)),
        };
        let until = still(&moving.until, -1, i64::MAX)?;
        let high = match &moving.high {
            None => Edge::At(still(&range.high, -1, i64::MAX)?),
            Some(moment) => {
                // Beside an end that stays, the moving one is inside whatever the range says at this instant.
                let step = if moving.until == Bound::Open { step(&range.high, -1) } else { 0 };
                Edge::Moves(times.slot(moment, node, moving.held), step)
            }
        };
        if let Some(beyond) = &moving.beyond {
            times.slot(beyond, node, false);
        }
        Some(Self { dates, low, high, until })
    }

    /// Its ends at an instant.
    #[inline]
    pub(super) fn at(&self, settled: &[i64]) -> SettledSpan {
        SettledSpan { dates: self.dates, low: self.low.at(settled), high: self.high.at(settled).min(self.until) }
    }
}

/// A span whose ends are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct SettledSpan {
    dates: bool,
    low: i64,
    high: i64,
}

impl SettledSpan {
    /// The value as a number, if it is a time of the right kind inside the span.
    #[inline]
    pub(super) fn inside(&self, value: &Value) -> Option<i64> {
        let ticks = match value {
            Value::Timestamp(at) if !self.dates => at.micros(),
            Value::Date(day) if self.dates => day.days().into(),
            _ => return None,
        };
        self.has(ticks).then_some(ticks)
    }

    /// Whether a time, as a number of the right kind, is inside.
    #[inline]
    pub(super) fn has(&self, ticks: i64) -> bool {
        self.low <= ticks && ticks <= self.high
    }
}
