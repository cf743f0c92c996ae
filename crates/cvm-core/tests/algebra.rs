//! Filters are a Boolean algebra over customers, whatever is missing; optimising and printing keep their members.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/population.rs"]
mod population;

use cvm_core::{Filter, bind, check, evaluate, optimize};
use population::{any_filter, as_of, catalog, row};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_and_its_not_split_any_population(filter in any_filter(), rows in proptest::collection::vec(row(), 1..8)) {
        let catalog = catalog();
        let opposite = !filter.clone();
        let (Ok(inside), Ok(outside)) = (bind(&filter, &catalog, as_of()), bind(&opposite, &catalog, as_of())) else {
            prop_assert!(bind(&filter, &catalog, as_of()).is_err() && bind(&opposite, &catalog, as_of()).is_err());
            return Ok(());
        };
        for row in &rows {
            prop_assert_ne!(evaluate(&inside, row), evaluate(&outside, row), "{}", filter);
        }
    }

    #[test]
    fn optimising_keeps_the_members_shrinks_and_settles(filter in any_filter(), rows in proptest::collection::vec(row(), 1..8)) {
        let catalog = catalog();
        let Ok(before) = bind(&filter, &catalog, as_of()) else { return Ok(()) };
        let smaller = optimize(&filter, &catalog).filter;
        let after = bind(&smaller, &catalog, as_of()).expect("an optimised filter is valid");
        for row in &rows {
            prop_assert_eq!(evaluate(&before, row), evaluate(&after, row), "{} became {}", filter, smaller);
        }
        prop_assert!(smaller.leaf_count() <= filter.leaf_count());
        prop_assert!(smaller.node_count() <= filter.node_count());
        let again = optimize(&smaller, &catalog);
        prop_assert_eq!(&again.filter, &smaller);
        prop_assert!(again.trace.is_empty(), "{:?}", again.trace);
    }

    #[test]
    fn the_normal_form_has_no_not_and_the_same_members(filter in any_filter(), rows in proptest::collection::vec(row(), 1..8)) {
        let Ok(before) = bind(&!filter, &catalog(), as_of()) else { return Ok(()) };
        let after = before.clone().normalized();
        let shown = format!("{after:?}");
        prop_assert!(!shown.contains("Not("));
        for row in &rows {
            prop_assert_eq!(evaluate(&before, row), evaluate(&after, row));
        }
    }

    #[test]
    fn what_checks_binds_and_the_other_way_round(filter in any_filter()) {
        let catalog = catalog();
        prop_assert_eq!(check(&filter, &catalog).is_ok(), bind(&filter, &catalog, as_of()).is_ok());
    }

    #[test]
    fn json_and_text_round_trip(filter in any_filter()) {
        prop_assert_eq!(&Filter::from_json(&filter.to_json()).expect("own JSON"), &filter);
        prop_assert_eq!(&filter.to_string().parse::<Filter>().expect("own text"), &filter);
    }
}

#[test]
fn most_random_filters_are_valid() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngSeed, TestRunner};
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(7), ..Config::default() });
    let catalog = catalog();
    let valid = (0..1_000)
        .filter(|_| {
            let filter = any_filter().new_tree(&mut runner).expect("a filter").current();
            check(&filter, &catalog).is_ok()
        })
        .count();
    // The properties above pass over invalid filters: they say something only while most are valid.
    assert!(valid > 600, "only {valid} of 1000 random filters are valid");
}
