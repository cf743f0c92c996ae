//! What was asked and answered: kept while it is asked, told again when a log is read.

use super::world::{Answer, Asked, Before, Days, Turned, When, World, WorldError};
use crate::model::{TimeOfDay, Zone};

/// A world that keeps its answers.
pub(super) struct Recorder<'w> {
    world: &'w mut dyn World,
    pub(super) answers: Vec<Answer>,
}

impl<'w> Recorder<'w> {
    pub(super) fn new(world: &'w mut dyn World) -> Self {
        Self { world, answers: Vec::new() }
    }

    fn keep<T>(&mut self, answer: T, kept: impl FnOnce(&T) -> Answer) -> T {
        self.answers.push(kept(&answer));
        answer
    }
}

/// As many answers as questions, or the machine would give some customers the answers of others.
fn as_many<T>(answers: Vec<T>, asked: usize) -> Result<Vec<T>, WorldError> {
    if answers.len() == asked {
        return Ok(answers);
    }
    Err(WorldError::new(format!("{} answers came for {asked} questions", answers.len())))
}

impl World for Recorder<'_> {
    fn members(&mut self, filter: Asked<'_>, now: i64) -> Result<Vec<u32>, WorldError> {
        let answer = self.world.members(filter, now)?;
        Ok(self.keep(answer, |answer| Answer::customers(answer)))
    }

    fn turned(&mut self, filter: Asked<'_>, now: i64, before: &dyn Before) -> Result<Turned, WorldError> {
        let Turned { came, went } = self.world.turned(filter, now, before)?;
        let came = self.keep(came, |came| Answer::customers(came));
        let went = self.keep(went, |went| Answer::customers(went));
        Ok(Turned { came, went })
    }

    fn holds(&mut self, filter: Asked<'_>, now: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        let answer = as_many(self.world.holds(filter, now, who)?, who.len())?;
        Ok(self.keep(answer, |answer| Answer::bits(answer)))
    }

    fn events(&mut self, filter: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        let answer = as_many(self.world.events(filter, which)?, which.len())?;
        Ok(self.keep(answer, |answer| Answer::bits(answer)))
    }

    fn keys(&mut self, property: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        let answer = as_many(self.world.keys(property, which)?, which.len())?;
        Ok(self.keep(answer, |answer| Answer::Keys(answer.clone())))
    }

    fn instants(&mut self, when: When<'_>, zone: &Zone, now: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        let answer = as_many(self.world.instants(when, zone, now, who)?, who.len())?;
        Ok(self.keep(answer, |answer| Answer::instants(answer)))
    }

    fn days(&mut self, days: Days<'_>, zone: &Zone) -> Result<Vec<u32>, WorldError> {
        let answer = self.world.days(days, zone)?;
        Ok(self.keep(answer, |answer| Answer::customers(answer)))
    }

    fn next(
        &mut self,
        rule: &str,
        from: &str,
        at: TimeOfDay,
        zone: &Zone,
        after: i64,
    ) -> Result<Option<i64>, WorldError> {
        let answer = self.world.next(rule, from, at, zone, after)?;
        Ok(self.keep(answer, |answer| Answer::Instant(*answer)))
    }
}

/// A world that says again what it said before.
pub(super) struct Replay<I> {
    answers: I,
}

impl<I: Iterator<Item = Answer>> Replay<I> {
    pub(super) const fn new(answers: I) -> Self {
        Self { answers }
    }

    /// Whether all that was said was asked for.
    pub(super) fn ends(mut self) -> bool {
        self.answers.next().is_none()
    }

    fn other<T>() -> Result<T, WorldError> {
        Err(WorldError::new("the log holds other answers than the machine asks for: it is of another version"))
    }

    fn bits(&mut self, asked: usize) -> Result<Vec<bool>, WorldError> {
        match self.answers.next() {
            Some(Answer::Bits { len, bits }) if len as usize == asked && bits.len() == asked.div_ceil(8) => {
                let each = bits.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1));
                Ok(each.take(asked).collect())
            }
            _ => Self::other(),
        }
    }

    fn customers(&mut self) -> Result<Vec<u32>, WorldError> {
        match self.answers.next() {
            Some(Answer::Customers(steps)) => {
                let numbers = steps.into_iter().scan(0_u32, |at, step| {
                    *at = at.wrapping_add(step);
                    Some(*at)
                });
                Ok(numbers.collect())
            }
            _ => Self::other(),
        }
    }
}

impl<I: Iterator<Item = Answer>> World for Replay<I> {
    fn members(&mut self, _: Asked<'_>, _: i64) -> Result<Vec<u32>, WorldError> {
        self.customers()
    }

    fn turned(&mut self, _: Asked<'_>, _: i64, _: &dyn Before) -> Result<Turned, WorldError> {
        Ok(Turned { came: self.customers()?, went: self.customers()? })
    }

    fn holds(&mut self, _: Asked<'_>, _: i64, who: &[u32]) -> Result<Vec<bool>, WorldError> {
        self.bits(who.len())
    }

    fn events(&mut self, _: Asked<'_>, which: &[u32]) -> Result<Vec<bool>, WorldError> {
        self.bits(which.len())
    }

    fn keys(&mut self, _: &str, which: &[u32]) -> Result<Vec<Option<u64>>, WorldError> {
        match self.answers.next() {
            Some(Answer::Keys(keys)) if keys.len() == which.len() => Ok(keys),
            _ => Self::other(),
        }
    }

    fn instants(&mut self, _: When<'_>, _: &Zone, _: i64, who: &[u32]) -> Result<Vec<i64>, WorldError> {
        match self.answers.next() {
            Some(Answer::Instants(runs)) => {
                let many: usize = runs.iter().map(|(_, times)| *times as usize).sum();
                if many != who.len() {
                    return Self::other();
                }
                Ok(runs.into_iter().flat_map(|(instant, times)| (0..times).map(move |_| instant)).collect())
            }
            _ => Self::other(),
        }
    }

    fn days(&mut self, _: Days<'_>, _: &Zone) -> Result<Vec<u32>, WorldError> {
        self.customers()
    }

    fn next(&mut self, _: &str, _: &str, _: TimeOfDay, _: &Zone, _: i64) -> Result<Option<i64>, WorldError> {
        match self.answers.next() {
            Some(Answer::Instant(instant)) => Ok(instant),
            _ => Self::other(),
        }
    }
}
