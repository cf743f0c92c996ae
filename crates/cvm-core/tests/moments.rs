//! How a time moves says at every instant what binding at that instant settles.

#![expect(clippy::expect_used, clippy::panic, reason = "tests may")]

use cvm_core::predicate::{Bound, Leaf, Range, Test};
use cvm_core::{Catalog, Filter, Predicate, Timestamp, bind};
use proptest::prelude::*;

const ZONES: &[&str] =
    &["UTC", "Europe/Paris", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia"];

fn catalog(zone: &str, week: &str, fiscal: u8) -> Catalog {
    Catalog::from_json(&format!(
        r#"{{"customers": {{"table": "c", "key": "id", "fields": [
            {{"name": "id", "type": "int", "nullable": false}},
            {{"name": "day", "type": "date"}}, {{"name": "at", "type": "timestamp"}}]}},
            "week_start": "{week}", "fiscal_year_start": {fiscal}, "zone": "{zone}"}}"#
    ))
    .expect("a valid catalog")
}

fn range(filter: &Filter, catalog: &Catalog, as_of: Timestamp) -> Range {
    match bind(filter, catalog, as_of) {
        Ok(Predicate::Leaf(Leaf { test: Test::Range(range), .. })) => range,
        other => panic!("{filter}: {other:?}"),
    }
}

proptest! {
    #[test]
    fn moments_are_what_is_settled(
        zone in prop::sample::select(ZONES),
        week in prop::sample::select(&["monday", "saturday", "sunday"][..]),
        fiscal in 1_u8..=12,
        (first, second) in (0_i64..4_000_000_000, 0_i64..4_000_000_000),
        field in prop::sample::select(&["day", "at"][..]),
        unit in prop::sample::select(&["day", "week", "month", "quarter", "year"][..]),
        n in 1_u32..40,
        form in 0_usize..8,
    ) {
        let form = match form {
            0 => format!("within last {n} {unit}s"),
            1 => format!("within coming {n} {unit}s"),
            2 => format!("within this {unit}"),
            3 => format!("within previous {n} {unit}s"),
            4 => format!("within next {n} {unit}s"),
            5 => format!("< {n} {unit}s ago"),
            6 => format!("> {n} {unit}s ahead"),
            _ => format!("= start of {unit} - {n}"),
        };
        let filter: Filter = format!("{field} {form}").parse().expect("a filter");
        let catalog = catalog(zone, week, fiscal);
        let instant = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000 + 7).expect("in range");
        let moving = range(&filter, &catalog, instant(first)).moving.expect("it moves");
        let settled = range(&filter, &catalog, instant(second));
        for (moment, bound) in [(&moving.low, &settled.low), (&moving.high, &settled.high)] {
            match (moment, bound) {
                (None, Bound::Open) => {}
                (Some(moment), Bound::Included(value) | Bound::Excluded(value)) => {
                    prop_assert_eq!(moment.at(instant(second), &catalog), Some(value.clone()), "{}", filter);
                }
                other => panic!("{filter}: {other:?}"),
            }
        }
    }
}
