//! What is asked of a customer's rows in their order, and everything else that needs them as they are: one customer
//! after another, by the reference evaluator.

use cvm_core::predicate::RowSource;
use cvm_core::{Diagnostics, History, Occurrence, Predicate, evaluate_with};

use crate::bitmap::Bitmap;
use crate::index::Index;
use crate::leaf;

/// The customers of whom a predicate about their rows holds; it asks nothing of their fields.
pub(crate) fn rows(predicate: &Predicate, index: &Index) -> Result<Bitmap, Diagnostics> {
    let sources = predicate.sources();
    sources.iter().try_for_each(|source| index.stream(*source).map(|_| ()))?;
    let (len, threads) = (index.customers.len, index.threads);
    Ok(leaf::by_row(len, threads, |customer| evaluate_with(predicate, &[], &history(index, &sources, customer))))
}

/// A customer's rows in these streams.
pub(crate) fn history(index: &Index, sources: &[RowSource], customer: usize) -> History {
    let mut history = History::default();
    for source in sources {
        let Ok(stream) = index.stream(*source) else { continue };
        let (from, to) = stream.of(customer);
        match source {
            RowSource::Events(at) => {
                let events = (from..to).map(|row| Occurrence {
                    time: stream.times.as_ref().map(|times| times.value(row)).unwrap_or_default(),
                    properties: stream.table.row(row),
                });
                let events = events.collect();
                put(&mut history.events, *at, events);
            }
            RowSource::Related(at) => {
                let related = (from..to).map(|row| stream.table.row(row)).collect();
                put(&mut history.related, *at, related);
            }
        }
    }
    history
}

fn put<T: Default>(lists: &mut Vec<T>, at: usize, list: T) {
    if lists.len() <= at {
        lists.resize_with(at + 1, T::default);
    }
    if let Some(place) = lists.get_mut(at) {
        *place = list;
    }
}
