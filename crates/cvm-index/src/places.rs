//! Where the words of steps stand: a place is given on as soon as nobody needs what is in it.
//!
//! A thousand filters have a thousand steps, but few of them are needed by later ones. Kept each for itself they would not
//! fit into the processor's cache.

use crate::program::Step;

/// The place of each step; conditions have none, they stand where their sets are.
#[derive(Debug)]
pub(crate) struct Places {
    places: Vec<Option<usize>>,
    /// How many places there are.
    pub(crate) many: usize,
}

impl Places {
    /// Places for steps in their order. Roots are looked at once so many steps are made as is said beside them.
    pub(crate) fn new(steps: &[Step], roots: &[(usize, usize)]) -> Self {
        // The last step that needs each step, at first itself.
        let mut needed: Vec<usize> = (0..steps.len()).collect();
        let mut need = |step: usize, until: usize| {
            if let Some(last) = needed.get_mut(step) {
                *last = (*last).max(until);
            }
        };
        for (number, step) in steps.iter().enumerate() {
            step.needs().into_iter().for_each(|before| need(before, number));
        }
        // A filter may be counted out of what it is made of, without being written.
        for (root, made) in roots {
            let parts = steps.get(*root).map(Step::needs).unwrap_or_default();
            parts.into_iter().chain([*root]).for_each(|step| need(step, made.saturating_sub(1)));
        }
        let mut ending = vec![Vec::new(); steps.len()];
        let (mut places, mut free, mut many) = (Vec::with_capacity(steps.len()), Vec::new(), 0);
        for (number, (step, last)) in steps.iter().zip(&needed).enumerate() {
            if matches!(step, Step::Leaf(_)) {
                places.push(None);
            } else {
                let place = free.pop().unwrap_or_else(|| {
                    many += 1;
                    many - 1
                });
                places.push(Some(place));
                if let Some(ending) = ending.get_mut(*last) {
                    ending.push(place);
                }
            }
            // What this step was the last to need is free for the next one.
            free.extend(ending.get_mut(number).map(std::mem::take).unwrap_or_default());
        }
        Self { places, many }
    }

    /// The place of a step.
    pub(crate) fn of(&self, step: usize) -> Option<usize> {
        self.places.get(step).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Part;

    #[test]
    fn no_two_that_are_needed_at_once_share_a_place() {
        let parts = |steps: &[usize]| steps.iter().map(|step| Part { step: *step, turned: false }).collect();
        let steps = [
            Step::Leaf(0),
            Step::Leaf(1),
            Step::All(parts(&[0, 1])),
            Step::Not(2),
            Step::Any(parts(&[0, 3])),
            Step::Any(parts(&[2, 1])),
            Step::Constant(true),
            Step::Not(5),
        ];
        // The step 3 is looked at once more when all are made.
        let roots = [(2, 3), (4, 5), (5, 6), (6, 7), (7, 8), (3, 8)];
        let places = Places::new(&steps, &roots);
        let until = [0, 0, 5, 7, 4, 7, 6, 7];
        for (a, needed) in until.into_iter().enumerate().skip(2) {
            for b in a + 1..steps.len() {
                assert!(needed < b || places.of(a) != places.of(b), "{a} is needed until {needed}, and {b}");
            }
        }
        assert_eq!((places.of(0), places.of(1)), (None, None));
        // What is freed is used again.
        assert!(places.many < 6, "{}", places.many);
        let chain: Vec<Step> = std::iter::once(Step::Leaf(0)).chain((0..100).map(Step::Not)).collect();
        assert_eq!(Places::new(&chain, &[(100, 101)]).many, 2);
    }
}
