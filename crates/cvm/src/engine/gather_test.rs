//! Samples hold whom they should, and what they say holds.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};

use super::Chosen;
use crate::interval::bounds;

fn keys(number: i64) -> RecordBatch {
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..number));
    let names: ArrayRef = Arc::new(StringArray::from_iter_values((0..number).map(|id| format!("customer {id}"))));
    RecordBatch::try_from_iter([("id", ids), ("name", names)]).expect("a batch")
}

/// Samples of several sizes, by numbers and by texts: the interval holds the true number in at least 95 of 100, for rare
/// and for frequent things.
#[test]
fn intervals_hold_in_95_of_100_samples() {
    let number = 5_000_u64;
    let everybody = keys(5_000);
    for (key, share) in [("id", 10), ("id", 100), ("name", 30)] {
        for every in [2, 10, 500] {
            let truth = number.div_ceil(every);
            let trials = 1_500;
            let held = (0..trials).filter(|seed| {
                let chosen = Chosen { seed: *seed, below: u64::MAX / share };
                let sample = chosen.of(&everybody, &[key]).expect("a sample");
                let ids = sample.column(0).as_any().downcast_ref::<Int64Array>().expect("ids");
                let found = ids.values().iter().filter(|id| id.cast_unsigned() % every == 0).count() as u64;
                let (low, high) = bounds(found, ids.values().len() as u64, number);
                low <= truth && truth <= high
            });
            let held = held.count() as u64;
            assert!(held * 100 >= trials * 95, "{key}, one in {share}, every {every}th: {held} of {trials}");
        }
    }
}

/// A smaller sample lies within a larger one, so that rows read earlier need not be read again.
#[test]
fn smaller_samples_lie_within_larger_ones() {
    let everybody = keys(1_000);
    let of = |below: u64| -> Vec<i64> {
        let sample = Chosen { seed: 3, below }.of(&everybody, &["name"]).expect("a sample");
        sample.column(0).as_any().downcast_ref::<Int64Array>().expect("ids").values().to_vec()
    };
    let (half, quarter) = (of(u64::MAX / 2), of(u64::MAX / 4));
    assert!(quarter.iter().all(|id| half.contains(id)));
    assert!((200..300).contains(&quarter.len()), "{}", quarter.len());
}
