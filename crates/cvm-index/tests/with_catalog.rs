//! An index that was given another catalog answers as one that was made for it.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;
#[path = "../../cvm-core/tests/common/random.rs"]
mod random;

use std::sync::Arc;

use cvm_core::{Catalog, Filter, History, Timestamp, Value};
use cvm_index::{Index, IndexBuilder};
use random::Random;

/// Who there is, and the index of them.
fn shop(random: &mut Random) -> (Catalog, Vec<(Vec<Value>, History)>) {
    let mut everybody: Vec<(Vec<Value>, History)> = (0..200).map(|_| random.customer()).collect();
    for (id, (row, _)) in (0..).zip(&mut everybody) {
        row[0] = Value::Int(id);
    }
    (random::catalog(), everybody)
}

fn built(catalog: &Catalog, of: &Catalog, everybody: &[(Vec<Value>, History)]) -> Index {
    let builder = IndexBuilder::new(Arc::new(catalog.clone())).threads(1);
    let tables = arrow_of::tables(of, everybody);
    tables.into_iter().fold(builder, |builder, (name, rows)| builder.table(&name, rows)).build().expect("an index")
}

fn as_of() -> Timestamp {
    Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant")
}

#[test]
fn fields_and_streams_in_another_order() {
    let mut random = Random::new(20_261_201);
    let (catalog, everybody) = shop(&mut random);
    let index = built(&catalog, &catalog, &everybody);
    let filters: Vec<Filter> = (0..300).map(|_| random.filter()).collect();
    // Answers are kept from here on: by the places that columns have in this catalog.
    let asked = filters.iter().filter(|filter| index.count(filter, as_of()).is_ok()).count();
    assert!(asked > 150, "only {asked} answers");
    let mut turned = catalog.clone();
    turned.customers.fields.reverse();
    turned.events.reverse();
    turned.events.iter_mut().for_each(|stream| stream.fields.reverse());
    turned.related.reverse();
    let mut named = catalog.clone();
    named.customers.fields.iter_mut().for_each(|field| field.label = Some("another".to_owned()));
    for other in [turned, named] {
        let fresh = built(&other, &catalog, &everybody);
        let shared = index.with_catalog(Arc::new(other)).expect("the same columns");
        for filter in &filters {
            let told = |index: &Index| index.members(filter, as_of()).map_err(|findings| findings.to_string());
            assert_eq!(told(&shared), told(&fresh), "{filter}");
        }
        assert_eq!(shared.row_of(&Value::Int(7)), Some(7));
    }
}

#[test]
fn answers_are_shared_where_columns_stand_at_the_same_place() {
    let (catalog, everybody) = shop(&mut Random::new(5));
    let index = built(&catalog, &catalog, &everybody);
    let filter: Filter = format!("{} is set", catalog.customers.fields[1].name).parse().expect("a filter");
    let count = index.count(&filter, as_of()).expect("a count");
    let other = index.with_catalog(Arc::new(catalog.clone())).expect("the same");
    assert!(other.cache_bytes() > 0 && other.cache_bytes() == index.cache_bytes());
    assert_eq!(other.count(&filter, as_of()), Ok(count));
    let mut fewer = catalog;
    fewer.customers.fields.remove(2);
    assert_eq!(index.with_catalog(Arc::new(fewer)).expect("fewer columns").cache_bytes(), 0);
}

#[test]
fn memory_for_last_times_comes_back_when_they_go() {
    let (catalog, everybody) = shop(&mut Random::new(8));
    let builder = IndexBuilder::new(Arc::new(catalog.clone())).answer_budget(2_000);
    let tables = arrow_of::tables(&catalog, &everybody).into_iter();
    let mut index = tables.fold(builder, |builder, (name, rows)| builder.table(&name, rows)).build().expect("an index");
    let filter: Filter = "count(buy) >= 1".parse().expect("a filter");
    let later = Timestamp::parse_utc("2100-01-01T00:00:00Z").expect("an instant");
    let bare = index.data_bytes();
    // Fields in another order each time, so that what is known of last events can't go on.
    for _ in 0..10 {
        index.count(&filter, later).expect("a count");
        assert_eq!(index.data_bytes(), bare + 2 * everybody.len());
        let mut turned = Catalog::clone(index.catalog());
        turned.events[0].fields.reverse();
        index = index.with_catalog(Arc::new(turned)).expect("the same columns");
        assert_eq!(index.data_bytes(), bare);
    }
}

#[test]
fn what_is_not_there_is_not_made_up() {
    let (catalog, everybody) = shop(&mut Random::new(6));
    let index = built(&catalog, &catalog, &everybody);
    let refused = |change: &dyn Fn(&mut Catalog)| {
        let mut other = catalog.clone();
        change(&mut other);
        assert!(other != catalog && index.with_catalog(Arc::new(other)).is_none());
    };
    refused(&|other| other.customers.table.push('x'));
    refused(&|other| other.customers.key = other.customers.fields[1].name.clone());
    refused(&|other| other.customers.fields[1].name.push('x'));
    refused(&|other| other.customers.fields[1].ty = cvm_core::FieldType::List(Box::new(cvm_core::FieldType::Date)));
    refused(&|other| other.events[0].table.push('x'));
    refused(&|other| other.events[0].customer.push('x'));
    refused(&|other| other.events[0].time.push('x'));
    refused(&|other| other.events[0].name_column = Some("kind".to_owned()));
    refused(&|other| other.events[0].fields[0].name.push('x'));
    // Rows that were not given are asked for anew.
    let bare = IndexBuilder::new(Arc::new(catalog.clone()));
    let customers = arrow_of::tables(&catalog, &everybody);
    let customers = customers.into_iter().find(|(name, _)| *name == catalog.customers.table).expect("the customers");
    let bare = bare.table(&customers.0, customers.1).build().expect("an index");
    assert!(bare.with_catalog(Arc::new(catalog)).is_none());
}
