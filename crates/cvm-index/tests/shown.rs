//! What is shown of customers: previews in every order, and why somebody is in or out.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "common/arrow.rs"]
mod arrow_of;
#[path = "../../cvm-core/tests/common/random.rs"]
mod random;

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::datatypes::DataType;
use cvm_core::{Code, FieldType, Filter, History, Timestamp, Value, bind, settle, trace};
use cvm_index::{Index, IndexBuilder, Page};
use random::Random;

struct Shop {
    index: Index,
    everybody: Vec<(Vec<Value>, History)>,
    filters: Vec<Filter>,
    as_of: Timestamp,
}

fn shop(random: &mut Random) -> Shop {
    let catalog = random::catalog();
    let mut everybody: Vec<(Vec<Value>, History)> = (0..150).map(|_| random.customer()).collect();
    for (id, (row, _)) in (0..).zip(&mut everybody) {
        row[0] = Value::Int((id * 7 + 3) % 150);
        // As a table has them: all decimals of a column with the same scale, and no number that is none.
        for (value, field) in row.iter_mut().zip(&catalog.customers.fields) {
            match (&*value, &field.ty) {
                (Value::Decimal(decimal), FieldType::Decimal { scale, .. }) => {
                    *value = Value::Decimal(decimal.rescale(*scale).expect("a value of the type"));
                }
                (Value::Float(x), _) if x.is_nan() => *value = Value::Missing,
                _ => {}
            }
        }
    }
    let builder = IndexBuilder::new(Arc::new(catalog.clone())).threads(1);
    let tables = arrow_of::tables(&catalog, &everybody);
    let index = tables.into_iter().fold(builder, |builder, (name, rows)| builder.table(&name, rows)).build();
    let filters = (0..150).map(|_| random.filter()).collect();
    let as_of = Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant");
    Shop { index: index.expect("an index"), everybody, filters, as_of }
}

fn compared(a: &Value, b: &Value, greatest: bool) -> Ordering {
    let order = match (a.is_missing(), b.is_missing()) {
        (false, false) => match (a, b) {
            (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
            (Value::Json(a), Value::Json(b)) => a.to_string().cmp(&b.to_string()),
            _ => a.compare(b).expect("comparable"),
        },
        (a, b) => return a.cmp(&b),
    };
    if greatest { order.reverse() } else { order }
}

#[test]
fn previews_are_the_first_rows_in_an_order() {
    let mut random = Random::new(20_261_202);
    let shop = shop(&mut random);
    let fields = shop.index.catalog().customers.fields.clone();
    let orders: Vec<usize> = (0..fields.len()).filter(|at| !matches!(fields[*at].ty, FieldType::List(_))).collect();
    let (mut shown, mut full) = (0, 0);
    for filter in &shop.filters {
        let Ok(members) = shop.index.members(filter, shop.as_of) else { continue };
        let order: Vec<(usize, bool)> =
            (0..random.below(3)).map(|_| (orders[random.below(orders.len())], random.below(2) == 0)).collect();
        let mut chosen: Vec<usize> = (0..fields.len()).filter(|_| random.below(3) > 0).collect();
        chosen.reverse();
        let (limit, offset) = ([0, 1, 10, 1_000][random.below(4)], [0, 0, 3, 80][random.below(4)]);
        let page = Page { fields: chosen.clone(), order: order.clone(), limit, offset };
        let batch = shop.index.preview(filter, shop.as_of, &page).expect("a preview");
        let mut expected: Vec<&Vec<Value>> =
            shop.everybody.iter().map(|(row, _)| row).filter(|row| members.contains(&row[0])).collect();
        expected.sort_by(|a, b| {
            let by = order.iter().map(|(field, greatest)| compared(&a[*field], &b[*field], *greatest));
            by.fold(Ordering::Equal, Ordering::then).then(a[0].compare(&b[0]).expect("keys"))
        });
        let expected: Vec<&Vec<Value>> = expected.into_iter().skip(offset).take(limit).collect();
        assert_eq!((batch.num_rows(), batch.num_columns()), (expected.len(), chosen.len()), "{filter} {page:?}");
        for (column, field) in chosen.iter().enumerate() {
            assert_eq!(batch.schema().field(column).name(), &fields[*field].name);
            let values: Vec<Value> = expected.iter().map(|row| row[*field].clone()).collect();
            let wanted = arrow_of::array(&values, &fields[*field].ty);
            assert_eq!(&wanted, batch.column(column), "{filter} {page:?} {}", fields[*field].name);
        }
        shown += 1;
        full += usize::from(!expected.is_empty());
    }
    assert!(shown > 100 && full > 40, "{shown} previews, {full} with rows");
}

#[test]
fn what_has_no_order_or_stands_twice_is_refused() {
    let shop = shop(&mut Random::new(4));
    let fields = &shop.index.catalog().customers.fields;
    let ask = |page: &Page| shop.index.preview(&Filter::Everyone, shop.as_of, page);
    let twice = Page { fields: vec![0, 1, 0], limit: 1, ..Page::default() };
    assert_eq!(ask(&twice).expect_err("twice").0[0].code, Code::NotSupported);
    if let Some(list) = fields.iter().position(|field| matches!(field.ty, FieldType::List(_))) {
        let by_list = Page { order: vec![(list, false)], limit: 1, ..Page::default() };
        assert_eq!(ask(&by_list).expect_err("no order").0[0].code, Code::NotSupported);
    }
    // The types are those of loaded tables.
    let all = ask(&Page { fields: (0..fields.len()).collect(), limit: 1, ..Page::default() }).expect("a preview");
    for (field, column) in fields.iter().zip(all.columns()) {
        let fits = match (&field.ty, column.data_type()) {
            (FieldType::Timestamp, DataType::Timestamp(_, zone)) => zone.as_deref() == Some("UTC"),
            (FieldType::Decimal { precision, scale }, DataType::Decimal128(p, s)) => {
                (p, *s) == (precision, scale.cast_signed())
            }
            (FieldType::String | FieldType::Json, ty) => *ty == DataType::Utf8,
            (FieldType::Bool, ty) => *ty == DataType::Boolean,
            (FieldType::Int, ty) => *ty == DataType::Int64,
            (FieldType::Float, ty) => *ty == DataType::Float64,
            (FieldType::Date, ty) => *ty == DataType::Date32,
            (FieldType::List(_), ty) => matches!(ty, DataType::List(_)),
            _ => false,
        };
        assert!(fits, "{} is {}", field.name, column.data_type());
    }
}

#[test]
fn explanations_are_those_of_the_reference() {
    let mut random = Random::new(20_261_203);
    let shop = shop(&mut random);
    let catalog = Arc::clone(shop.index.catalog());
    let (mut compared, mut inside) = (0, 0);
    for filter in &shop.filters {
        let Ok(members) = shop.index.members(filter, shop.as_of) else { continue };
        for _ in 0..4 {
            let (row, history) = &shop.everybody[random.below(shop.everybody.len())];
            let found = shop.index.explain(filter, &row[0], shop.as_of).expect("an explanation").expect("somebody");
            let mut settled = filter.nodes().into_iter().map(|(_, node)| {
                let predicate = bind(node, &catalog, shop.as_of).expect("a predicate");
                // The reference's rankings are lists of keys, among everybody.
                settle(&predicate, &shop.everybody)
            });
            let expected =
                trace(filter, &catalog, shop.as_of, row, history, |predicate| Ok(settled.next().unwrap_or(predicate)));
            assert_eq!(found, expected.expect("a trace"), "{filter} {}", row[0]);
            assert_eq!(found[0].passed, members.contains(&row[0]), "{filter}");
            compared += 1;
            inside += usize::from(found[0].passed);
        }
    }
    assert!(compared > 400 && inside > 40, "{compared} explanations, {inside} inside");
    assert_eq!(shop.index.explain(&Filter::Everyone, &Value::Int(9_999), shop.as_of), Ok(None));
}
