//! Answers kept: the rows of conditions that were asked before.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::bitmap::Bitmap;
use crate::question::Question;

/// Bitmaps by what they answer, at most so many bytes of them; those that were not asked for longest go first.
#[derive(Debug)]
pub(crate) struct Cache {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    budget: usize,
    answers: FxHashMap<Question, (Arc<Bitmap>, u64)>,
    bytes: usize,
    /// Counts the questions.
    clock: u64,
}

impl Cache {
    pub(crate) fn new(budget: usize) -> Self {
        Self { held: Mutex::new(Held { budget, ..Held::default() }) }
    }

    /// The answer to a question, found or made.
    pub(crate) fn get<E>(
        &self,
        question: &Question,
        make: impl FnOnce() -> Result<Bitmap, E>,
    ) -> Result<Arc<Bitmap>, E> {
        {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.clock += 1;
            let now = held.clock;
            if let Some((answer, used)) = held.answers.get_mut(question) {
                *used = now;
                return Ok(Arc::clone(answer));
            }
        }
        // Two who ask the same at once both work; nobody waits for another's work.
        let answer = Arc::new(make()?);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let size = answer.bytes() + question.len();
        if size <= held.budget {
            held.make_room(size);
            let now = held.clock;
            if let Some((before, _)) = held.answers.insert(question.clone(), (Arc::clone(&answer), now)) {
                // Another thread was faster with the same.
                held.bytes -= before.bytes();
                held.bytes += answer.bytes();
            } else {
                held.bytes += size;
            }
        }
        Ok(answer)
    }

    /// Takes memory from answers for something that lasts: never more than half of what is left for them.
    pub(crate) fn reserve(&self, bytes: usize) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let granted = bytes <= held.budget / 2;
        if granted {
            held.budget -= bytes;
            held.make_room(0);
        }
        granted
    }

    pub(crate) fn budget(&self) -> usize {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).budget
    }

    pub(crate) fn clear(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Held { budget: held.budget, ..Held::default() };
    }

    pub(crate) fn bytes(&self) -> usize {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }
}

impl Held {
    /// Drops answers until so many bytes more fit.
    fn make_room(&mut self, size: usize) {
        while self.bytes + size > self.budget {
            let Some(oldest) = self.answers.iter().min_by_key(|(_, (_, used))| *used).map(|(q, _)| q.clone()) else {
                break;
            };
            if let Some((gone, _)) = self.answers.remove(&oldest) {
                self.bytes -= gone.bytes() + oldest.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes() {
        let cache = Cache::new(2 * 9 + 3);
        let get = |question: &str, made: &mut u32| {
            let make = || {
                *made += 1;
                Ok::<_, ()>(Bitmap::constant(64, true))
            };
            cache.get(&Question::text(question), make).unwrap();
        };
        let mut made = 0;
        for question in ["a", "b", "a", "c", "a", "b"] {
            get(question, &mut made);
        }
        // `b` was asked longest ago when `c` came.
        assert_eq!(made, 4);
        assert!(cache.bytes() <= 21);
    }

    #[test]
    fn what_lasts_takes_memory_from_answers() {
        let cache = Cache::new(4 * 9);
        for question in ["a", "b", "c", "d"] {
            cache.get(&Question::text(question), || Ok::<_, ()>(Bitmap::constant(64, true))).unwrap();
        }
        assert_eq!(cache.bytes(), 36);
        assert!(cache.reserve(18) && !cache.reserve(10));
        assert_eq!((cache.bytes(), cache.budget()), (18, 18));
        // What was taken stays taken when answers are dropped.
        cache.clear();
        assert_eq!((cache.bytes(), cache.budget()), (0, 18));
    }
}
