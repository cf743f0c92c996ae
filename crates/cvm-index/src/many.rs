//! Many filters at once: counted, listed, laid over one another, in one pass over the customers.

use arrow::array::ArrayRef;
use std::sync::atomic::{AtomicBool, Ordering};

use cvm_core::{Code, Diagnostic, Diagnostics, Filter, Predicate, Timestamp, bind};
use roaring::RoaringBitmap;

use crate::ask::numbered;
use crate::evaluate::Scope;
use crate::fold::ones;
use crate::index::Index;
use crate::program::Program;
use crate::wide::wide;

/// What is told of long work, and how it is ended early.
#[derive(Clone, Copy)]
pub struct Watch<'w> {
    /// Told after each step: done, of how many.
    pub progress: &'w (dyn Fn(u64, u64) + Sync),
    /// Work ends with [`Code::Cancelled`] soon after this is true.
    pub cancelled: &'w AtomicBool,
}

/// Never set.
static NEVER: AtomicBool = AtomicBool::new(false);

impl Watch<'static> {
    /// Nobody is told, and nobody ends the work.
    pub const NOBODY: Self = Self { progress: &|_, _| {}, cancelled: &NEVER };
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("cancelled", self.cancelled).finish_non_exhaustive()
    }
}

impl Watch<'_> {
    fn ended(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// [`Code::Cancelled`] once the work is to end.
    pub fn go_on(&self) -> Result<(), Diagnostics> {
        if self.ended() {
            return Err(Diagnostic::error(Code::Cancelled, "", "the work was ended before it was done").into());
        }
        Ok(())
    }
}

/// Fewer filters than this are not worth another thread.
const FILTERS_A_THREAD: usize = 64;

impl Index {
    /// How many customers each filter selects, in the order of the filters. What filters share is asked once.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use arrow::array::{Int64Array, RecordBatch};
    /// # use cvm_core::{Catalog, Filter, Timestamp};
    /// use cvm_index::{IndexBuilder, Watch};
    /// # let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    /// #     {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"}]}}"#)?;
    /// # let ages = Int64Array::from(vec![Some(17), None, Some(44), Some(61)]);
    /// # let customers = RecordBatch::try_from_iter([
    /// #     ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4])) as _), ("age", Arc::new(ages) as _)])?;
    /// # let index = IndexBuilder::new(Arc::new(catalog)).table("c", vec![customers]).build()?;
    /// # let as_of = Timestamp::from_micros(0).expect("1970");
    /// let filters: Vec<Filter> = vec!["age >= 18".parse()?, "age >= 60".parse()?, "not (age >= 18)".parse()?];
    /// assert_eq!(index.counts(&filters, as_of, Watch::NOBODY)?, [2, 1, 2]);
    /// // Whom each takes after those before it, and nobody twice.
    /// assert_eq!(index.waterfall(&filters, as_of, Watch::NOBODY)?, [2, 0, 2]);
    /// assert_eq!(index.overlap(&filters, as_of, Watch::NOBODY)?, [[2, 1, 0], [1, 1, 0], [0, 0, 2]]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Index::count`], with the number of the filter at the front of the place; [`Code::Cancelled`].
    pub fn counts(&self, filters: &[Filter], as_of: Timestamp, watch: Watch<'_>) -> Result<Vec<u64>, Diagnostics> {
        let program = self.compiled(filters, as_of, watch)?;
        let counts = program.counts(self.threads, || watch.ended());
        watch.go_on()?;
        Ok(counts)
    }

    /// The rows of the customers whom each filter selects.
    ///
    /// # Errors
    /// As [`Index::counts`].
    pub fn rows_of(
        &self,
        filters: &[Filter],
        as_of: Timestamp,
        watch: Watch<'_>,
    ) -> Result<Vec<RoaringBitmap>, Diagnostics> {
        let program = self.compiled(filters, as_of, watch)?;
        numbered(self.len())?;
        let start = || (vec![RoaringBitmap::new(); filters.len()], Vec::new());
        let parts = program.run(self.threads, start, |(found, bytes), root, first, words| {
            let place = u32::try_from(first * 64).ok().zip(found.get_mut(root));
            let (false, Some((first, rows))) = (watch.ended() || words.iter().all(|word| *word == 0), place) else {
                return;
            };
            bytes.clear();
            bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
            *rows |= RoaringBitmap::from_lsb0_bytes(first, bytes);
        });
        watch.go_on()?;
        let mut found = vec![RoaringBitmap::new(); filters.len()];
        for (part, _) in parts {
            found.iter_mut().zip(part).for_each(|(rows, own)| *rows |= own);
        }
        Ok(found)
    }

    /// As [`Index::keys`] for each filter.
    ///
    /// # Errors
    /// As [`Index::counts`].
    pub fn keys_of(
        &self,
        filters: &[Filter],
        as_of: Timestamp,
        watch: Watch<'_>,
    ) -> Result<Vec<ArrayRef>, Diagnostics> {
        let rows = self.rows_of(filters, as_of, watch)?;
        Ok(rows.iter().map(|rows| self.keys_at(rows.iter().map(|row| row as usize))).collect())
    }

    /// How many customers each filter takes who are taken by none before it: cells that overlap nowhere.
    ///
    /// # Errors
    /// As [`Index::counts`].
    pub fn waterfall(&self, filters: &[Filter], as_of: Timestamp, watch: Watch<'_>) -> Result<Vec<u64>, Diagnostics> {
        let program = self.compiled(filters, as_of, watch)?;
        let start = || (vec![0_u64; filters.len()], Vec::new());
        let parts = program.run(self.threads, start, |(counts, taken), root, _, words| {
            if root == 0 {
                taken.clear();
                taken.resize(words.len(), 0_u64);
            }
            if let Some(count) = counts.get_mut(root) {
                *count += wide(
                    #[inline(always)]
                    || take(taken, words),
                );
            }
        });
        watch.go_on()?;
        let counts: Vec<Vec<u64>> = parts.into_iter().map(|(counts, _)| counts).collect();
        Ok(sums(&counts, filters.len()))
    }

    /// How many customers each two filters have in common: row by row, each filter with every other, and with itself.
    /// The work grows with the square of the number of filters.
    ///
    /// # Errors
    /// As [`Index::counts`].
    pub fn overlap(
        &self,
        filters: &[Filter],
        as_of: Timestamp,
        watch: Watch<'_>,
    ) -> Result<Vec<Vec<u64>>, Diagnostics> {
        let program = self.compiled(filters, as_of, watch)?;
        let number = filters.len();
        // The stretches of the filters before, and for each pair its count.
        let start = || (Vec::<Vec<u64>>::new(), vec![0_u64; number * number]);
        let parts = program.run(self.threads, start, |(before, counts), root, _, words| {
            if root == 0 {
                before.clear();
            }
            before.push(words.to_vec());
            if watch.ended() {
                return;
            }
            let row = counts.get_mut(root * number..).unwrap_or_default();
            for (count, other) in row.iter_mut().zip(&*before) {
                *count += wide(
                    #[inline(always)]
                    || ones(words.iter().zip(other), |(a, b)| a & b),
                );
            }
        });
        watch.go_on()?;
        let counts: Vec<Vec<u64>> = parts.into_iter().map(|(_, counts)| counts).collect();
        let lower = sums(&counts, number * number);
        let common = |a: usize, b: usize| lower.get(a.max(b) * number + a.min(b)).copied().unwrap_or(0);
        Ok((0..number).map(|a| (0..number).map(|b| common(a, b)).collect()).collect())
    }

    /// One program for all filters; telling how many of them are asked is most of the work of telling anything.
    fn compiled(&self, filters: &[Filter], as_of: Timestamp, watch: Watch<'_>) -> Result<Program, Diagnostics> {
        let scope = Scope::customers(self);
        let mut compiler = scope.compiler();
        let total = filters.len() as u64;
        let bound = self.bound(filters, as_of, watch);
        for (done, (i, bound)) in (1..).zip(bound.into_iter().enumerate()) {
            watch.go_on()?;
            let added = bound.and_then(|predicate| compiler.add(&predicate));
            added.map_err(|found| found.below(&format!("/{i}")))?;
            (watch.progress)(done, total);
        }
        watch.go_on()?;
        Ok(compiler.program)
    }

    /// All filters bound, on several threads; as many as there was time for before the work was to end.
    fn bound(&self, filters: &[Filter], as_of: Timestamp, watch: Watch<'_>) -> Vec<Result<Predicate, Diagnostics>> {
        let some = |filters: &[Filter]| -> Vec<_> {
            let going = filters.iter().take_while(|_| !watch.ended());
            going.map(|filter| bind(filter, &self.catalog, as_of)).collect()
        };
        let threads = self.threads.min(filters.len() / FILTERS_A_THREAD);
        if threads < 2 {
            return some(filters);
        }
        std::thread::scope(|scope| {
            let each = filters.len().div_ceil(threads);
            let running: Vec<_> = filters.chunks(each).map(|part| scope.spawn(move || some(part))).collect();
            let whole = running.into_iter().map(|thread| match thread.join() {
                Ok(part) => part,
                Err(broken) => std::panic::resume_unwind(broken),
            });
            whole.flatten().collect()
        })
    }
}

/// Adds words to those that are taken already; how many rows are new.
#[inline(always)]
fn take(taken: &mut [u64], words: &[u64]) -> u64 {
    ones(taken.iter_mut().zip(words), |(taken, word)| {
        let new = word & !*taken;
        *taken |= word;
        new
    })
}

/// What the threads counted, added up.
fn sums(parts: &[Vec<u64>], number: usize) -> Vec<u64> {
    (0..number).map(|i| parts.iter().filter_map(|part| part.get(i)).sum()).collect()
}
