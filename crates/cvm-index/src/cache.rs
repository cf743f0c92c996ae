//! Answers kept: the rows of conditions that were asked before.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::bitmap::Bitmap;
use crate::question::Question;

/// Bitmaps by what they answer, at most so many bytes of them; those that were not asked for longest go first.
#[derive(Debug)]
pub(crate) struct Cache {
    budget: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    answers: FxHashMap<Question, (Arc<Bitmap>, u64)>,
    bytes: usize,
    /// Counts the questions.
    clock: u64,
}

impl Cache {
    pub(crate) fn new(budget: usize) -> Self {
        Self { budget, held: Mutex::default() }
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
        if size <= self.budget {
            while held.bytes + size > self.budget {
                let Some(oldest) = held.answers.iter().min_by_key(|(_, (_, used))| *used).map(|(q, _)| q.clone())
                else {
                    break;
                };
                if let Some((gone, _)) = held.answers.remove(&oldest) {
                    held.bytes -= gone.bytes() + oldest.len();
                }
            }
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

    pub(crate) fn budget(&self) -> usize {
        self.budget
    }

    pub(crate) fn clear(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Held::default();
    }

    pub(crate) fn bytes(&self) -> usize {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).bytes
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
}
