//! Many filters at once say what each says alone.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;
#[path = "../../cvm-core/tests/common/random.rs"]
mod random;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use cvm_core::{Code, Filter, History, Timestamp, Value, bind, evaluate_with, settle};
use cvm_index::{Index, IndexBuilder, Watch};
use random::Random;

fn population(size: usize, random: &mut Random) -> (Index, Vec<(Vec<Value>, History)>) {
    let catalog = random::catalog();
    let mut everybody: Vec<(Vec<Value>, History)> = (0..size).map(|_| random.customer()).collect();
    for (id, (row, _)) in (0..).zip(&mut everybody) {
        row[0] = Value::Int(id);
    }
    let builder = IndexBuilder::new(Arc::new(catalog.clone())).threads(2);
    let tables = arrow_of::tables(&catalog, &everybody);
    let index = tables.into_iter().fold(builder, |builder, (name, batches)| builder.table(&name, batches));
    (index.build().expect("an index"), everybody)
}

fn as_of() -> Timestamp {
    Timestamp::parse_utc("2024-03-31T00:15:00Z").expect("an instant")
}

#[test]
fn together_as_alone() {
    let catalog = random::catalog();
    let mut random = Random::new(20_261_125);
    // More than one stretch of customers, and a rest.
    for size in [0, 1, 64, 500, 17_000] {
        let (index, everybody) = population(size, &mut random);
        let number = if size > 1_000 { 8 } else { 60 };
        let mut filters: Vec<Filter> = Vec::new();
        let mut expected: Vec<BTreeSet<u32>> = Vec::new();
        while filters.len() < number {
            let filter = random.filter();
            let Ok(predicate) = bind(&filter, &catalog, as_of()) else { continue };
            let predicate = settle(&predicate, &everybody);
            let customers = (0..).zip(&everybody);
            let inside = customers.filter(|(_, (row, history))| evaluate_with(&predicate, row, history));
            expected.push(inside.map(|(at, _)| at).collect());
            filters.push(filter);
        }
        let counts: Vec<u64> = expected.iter().map(|rows| rows.len() as u64).collect();
        assert_eq!(index.counts(&filters, as_of(), Watch::NOBODY).expect("counts"), counts);
        let rows = index.rows_of(&filters, as_of(), Watch::NOBODY).expect("rows");
        assert_eq!(rows.iter().map(|rows| rows.iter().collect()).collect::<Vec<BTreeSet<u32>>>(), expected);
        let overlap = index.overlap(&filters, as_of(), Watch::NOBODY).expect("an overlap");
        let mut taken = BTreeSet::new();
        let waterfall = index.waterfall(&filters, as_of(), Watch::NOBODY).expect("a waterfall");
        for (i, own) in expected.iter().enumerate() {
            for (j, other) in expected.iter().enumerate() {
                assert_eq!(overlap[i][j], own.intersection(other).count() as u64, "{} and {}", filters[i], filters[j]);
            }
            assert_eq!(waterfall[i], own.difference(&taken).count() as u64, "{}", filters[i]);
            taken.extend(own);
            for filter in [&filters[i], &Filter::And { children: filters[..=i].to_vec() }] {
                let steps = match filter {
                    Filter::And { children } => children.clone(),
                    other => vec![other.clone()],
                };
                let funnel = index.funnel(filter, as_of()).expect("a funnel");
                let mut together = filters[..0].to_vec();
                assert_eq!(funnel.len(), steps.len());
                for ((alone, both), step) in funnel.into_iter().zip(steps) {
                    assert_eq!(alone, index.count(&step, as_of()).expect("a count"));
                    together.push(step);
                    let all = Filter::And { children: together.clone() };
                    assert_eq!(both, index.count(&all, as_of()).expect("a count"));
                }
                if i > 5 {
                    break;
                }
            }
        }
        assert!(size < 100 || counts.iter().filter(|count| (1..size as u64).contains(count)).count() * 4 > number);
    }
}

#[test]
fn no_filters_are_no_answers() {
    let (index, _) = population(10, &mut Random::new(1));
    assert!(index.counts(&[], as_of(), Watch::NOBODY).expect("counts").is_empty());
    assert!(index.overlap(&[], as_of(), Watch::NOBODY).expect("an overlap").is_empty());
}

#[test]
fn a_wrong_filter_is_named() {
    let (index, _) = population(10, &mut Random::new(1));
    let filters = vec![Filter::Everyone, "nothing_like_it = 1".parse().expect("a filter")];
    let findings = index.counts(&filters, as_of(), Watch::NOBODY).expect_err("no such field");
    assert_eq!((findings.0[0].code, findings.0[0].path.as_str()), (Code::UnknownField, "/1/field"));
}

#[test]
fn work_is_told_of_and_ends_when_asked() {
    let (index, _) = population(10, &mut Random::new(1));
    let filters = vec![Filter::Everyone; 5];
    let (last, cancelled) = (AtomicU64::new(0), AtomicBool::new(false));
    let progress = |done: u64, total: u64| {
        assert_eq!(total, 5);
        last.store(done, Ordering::Relaxed);
        cancelled.store(done == 3, Ordering::Relaxed);
    };
    let findings = index.counts(&filters, as_of(), Watch { progress: &progress, cancelled: &cancelled });
    assert_eq!(findings.expect_err("ended").0[0].code, Code::Cancelled);
    assert_eq!(last.load(Ordering::Relaxed), 3);
}
