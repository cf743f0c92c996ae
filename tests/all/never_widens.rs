//! What is wrong never selects anybody: each wrong filter is an error of every question, and a right filter that is
//! damaged is an error or still says all that it says.

use std::collections::BTreeSet;

use cvm::{Dialect, Engine, EngineOptions, FieldType, Filter, LoadCustomers, Source, SqlOptions, Statement};
use cvm_core::Predicate;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use crate::bad_filters;

/// An engine with a few customers, and the catalog of the wrong filters.
fn engine() -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("customers.csv");
    let rows = "id,name,age,total_spent,score,city,vip,birthday,signed_up,tags,attributes,lat,lon\n\
        1,Ann,34,100.50,1.5,Paris,true,1990-02-28,2024-06-30T10:00:00Z,new|big,{},48.8,2.3\n\
        2,Bob,,,,,,,,,,,\n\
        3,Cid,61,0.00,0.5,Lyon,false,1963-07-01,2020-01-01T00:00:00Z,big,{},45.7,4.8\n";
    std::fs::write(&path, rows).expect("a file");
    let catalog = bad_filters::catalog();
    let types = catalog.customers.fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect();
    let options = LoadCustomers { key: Some("id".to_owned()), types, ..LoadCustomers::default() };
    let as_of = Some(bad_filters::as_of());
    let engine = Engine::new(EngineOptions { as_of, zone: catalog.zone.clone(), ..EngineOptions::default() });
    let engine = engine.expect("an engine");
    engine.load_customers(Source::File(path), &options, &mut |_, _| {}).expect("loaded");
    engine.set_catalog(catalog).expect("the same fields");
    (folder, engine)
}

#[test]
fn no_question_is_answered_for_a_wrong_filter() {
    let (_folder, engine) = engine();
    assert_eq!(engine.count(&Filter::Everyone).expect("counted"), 3);
    for case in bad_filters::all() {
        let shown: String = case.input.chars().take(300).collect();
        let Ok(filter) = cvm::read_filter(&case.input) else { continue };
        // Alone, turned round, and beside right ones: nowhere is it dropped.
        let around = [
            filter.clone(),
            Filter::Not { child: Box::new(filter.clone()) },
            Filter::And { children: vec![Filter::Everyone, filter.clone()] },
            Filter::Or { children: vec![Filter::Nobody, filter.clone()] },
            Filter::Or { children: vec![Filter::Everyone, filter] },
        ];
        for filter in around {
            assert!(engine.count(&filter).is_err(), "counted: {shown}");
            assert!(engine.members(&filter).is_err(), "listed: {shown}");
            assert!(engine.preview(&filter, cvm::Preview::first(1)).is_err(), "shown: {shown}");
            assert!(engine.explain(&filter, &1.into()).is_err(), "explained: {shown}");
            assert!(engine.reference_members(&filter).is_err(), "evaluated: {shown}");
            for dialect in Dialect::ALL {
                let options = SqlOptions::new(*dialect, Statement::Members);
                assert!(engine.sql(&filter, &options).is_err(), "said in {dialect}: {shown}");
            }
        }
    }
}

/// Right filters to damage: every node, and every kind of value.
const RIGHT: &[&str] = &[
    "age >= 25",
    "not (city in ('Paris', 'Lyon')) and (vip = true or total_spent > 99.5)",
    "name contains 'x' ignoring case with missing or name is not set",
    "at least 2 of (age between 18 and 30, tags has any ('new', 'big'), signed_up within last 90 days)",
    "size(tags) >= 2 and attributes.plan.tier = 'gold' and score < field(lat)",
    "birthday anniversary within coming 7 days and signed_up before 30 days ago and signed_up > start of month - 1",
    "signed_up within ('2024-01-01' to '2024-02-01') or not signed_up within this month or age is set",
    "count(purchase where amount > 20 and item = 'x' within last 90 days) >= 2 and not sum(purchase.amount) > 100",
    "days since(visit) < 30 or last value(purchase.item) = 'x' or segment loyal or not list blocked",
    "sequence(visit where page = 'a', purchase within 1 day without visit where page = 'b', all within last 9 days)",
    "regularly(visit, 2 of last 4 weeks) and stopped(visit, active 30 days, inactive 30 days)",
    "restarted(visit where page = 'a', pause 60 days, within 7 days) or any related(orders where status = 'paid')",
    "all related(orders where total > 1) and count related(orders) > 1 and sum related(orders.total) >= 10",
    "top 10% by total_spent per city among (age > 1) or top 5 by count(visit) or bottom part 1 of 4 by score",
    "bucket('a', 0, 5000) and distance(lat, lon) to (48.85, 2.35) <= 5000 m and everyone and not nobody",
];

/// The places in a document, as JSON pointers.
fn places(json: &Json, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match json {
        Json::Object(entries) => entries.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), out)),
        Json::Array(items) => items.iter().enumerate().for_each(|(i, item)| places(item, &format!("{at}/{i}"), out)),
        _ => {}
    }
}

/// The objects that say a `type`.
fn nodes(json: &Json) -> usize {
    match json {
        Json::Object(entries) => usize::from(entries.contains_key("type")) + entries.values().map(nodes).sum::<usize>(),
        Json::Array(items) => items.iter().map(nodes).sum(),
        _ => 0,
    }
}

/// One way to damage a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    DropKey,
    RenameKey,
    DoubleKey,
    Null,
    Empty,
    OtherType,
    DropItem,
}

const DAMAGES: [Damage; 7] = [
    Damage::DropKey,
    Damage::RenameKey,
    Damage::DoubleKey,
    Damage::Null,
    Damage::Empty,
    Damage::OtherType,
    Damage::DropItem,
];

/// The parent of a place and the last step of its pointer.
fn parent<'j>(json: &'j mut Json, place: &str) -> Option<(&'j mut Json, String)> {
    let (parent, step) = place.rsplit_once('/')?;
    Some((json.pointer_mut(parent)?, step.to_owned()))
}

fn object<'j>(json: &'j mut Json, place: &str) -> Option<(&'j mut Map<String, Json>, String)> {
    let (parent, key) = parent(json, place)?;
    Some((parent.as_object_mut()?, key))
}

/// The damaged document as a text; `None` where that damage can't be done there.
fn damaged(json: &Json, place: &str, damage: Damage) -> Option<String> {
    let mut json = json.clone();
    match damage {
        Damage::DropKey => {
            let (object, key) = object(&mut json, place)?;
            object.remove(&key)?;
        }
        Damage::RenameKey => {
            let (object, key) = object(&mut json, place)?;
            let value = object.remove(&key)?;
            object.insert(format!("{key}x"), value);
        }
        Damage::DoubleKey => {
            // No map has a key twice, so it gets a name of its own first.
            let (object, key) = object(&mut json, place)?;
            object.insert("\u{1}twice".to_owned(), object.get(&key)?.clone());
            return Some(json.to_string().replace(r"\u0001twice", &key));
        }
        Damage::Null => *json.pointer_mut(place)? = Json::Null,
        Damage::Empty => match json.pointer_mut(place)? {
            Json::Array(items) if !items.is_empty() => items.clear(),
            Json::Object(entries) if !entries.is_empty() => entries.clear(),
            Json::String(text) if !text.is_empty() => text.clear(),
            _ => return None,
        },
        Damage::OtherType => {
            let value = json.pointer_mut(place)?;
            *value = match value {
                Json::String(text) => text.parse::<f64>().map_or(Json::from(7), Json::from),
                Json::Number(number) => Json::from(number.to_string()),
                Json::Bool(b) => Json::from(i32::from(*b)),
                Json::Array(items) => items.first()?.clone(),
                Json::Object(_) => Json::Array(vec![value.clone()]),
                Json::Null => return None,
            };
        }
        Damage::DropItem => {
            let (parent, step) = parent(&mut json, place)?;
            let (items, i) = (parent.as_array_mut()?, step.parse::<usize>().ok()?);
            if items.len() <= i {
                return None;
            }
            items.remove(i);
        }
    }
    Some(json.to_string())
}

/// Whether a damaged filter is an error, or still says all that its JSON says.
fn judge(text: &str, place: &str, damage: Damage) -> Result<(), TestCaseError> {
    let catalog = bad_filters::catalog();
    let filter = match Filter::from_json(text) {
        Ok(filter) => filter,
        Err(findings) => {
            prop_assert!(findings.has_errors());
            return Ok(());
        }
    };
    // Nobody is asked to guess what was meant: these are errors when the filter is read.
    let forbidden = matches!(damage, Damage::RenameKey | Damage::DoubleKey | Damage::Null);
    prop_assert!(!forbidden, "{damage:?} at {place} was read: {text}");
    // Every object with a `type` is a node of the filter, also where the check refuses it afterwards.
    let json: Json = serde_json::from_str(text).expect("JSON");
    prop_assert_eq!(filter.node_count(), nodes(&json), "{:?} at {}: {}", damage, place, text);
    // And nothing that was said is gone from it: printed anew it is the same document.
    let again: Filter = Filter::from_json(&filter.to_json()).expect("its own JSON");
    prop_assert_eq!(&again, &filter);
    let checked = cvm_core::check(&filter, &catalog);
    if matches!(damage, Damage::Empty) && !place.ends_with("/salt") {
        prop_assert!(checked.is_err() || is_text(&json, place), "emptied {} is accepted: {}", place, text);
    }
    if checked.is_ok()
        && let Ok(predicate) = cvm_core::bind(&filter, &catalog, bad_filters::as_of())
    {
        let says_so = text.contains(r#""everyone""#) || text.contains(r#""nobody""#);
        let everyone = matches!(predicate.normalized(), Predicate::Constant(true));
        prop_assert!(says_so || !everyone, "{damage:?} at {place} selects everyone: {text}");
    }
    Ok(())
}

/// Whether an emptied place is a text, which is a value like others.
fn is_text(json: &Json, place: &str) -> bool {
    json.pointer(place).is_some_and(Json::is_string)
}

/// Every damage at every place of every right filter: some thousands.
#[test]
fn one_damage_is_an_error_or_keeps_every_node() {
    let mut done = BTreeSet::new();
    let (mut tried, mut refused) = (0, 0);
    for text in RIGHT {
        let filter: Filter = text.parse().expect(text);
        cvm_core::check(&filter, &bad_filters::catalog()).expect(text);
        let json: Json = serde_json::from_str(&filter.to_json()).expect("JSON");
        assert_eq!(filter.node_count(), nodes(&json), "{text}");
        let mut all = Vec::new();
        places(&json, "", &mut all);
        for place in &all {
            for damage in DAMAGES {
                let Some(text) = damaged(&json, place, damage) else { continue };
                if !done.insert(text.clone()) {
                    continue;
                }
                tried += 1;
                refused += usize::from(bad_filters::findings(&text, &bad_filters::catalog()).is_err());
                if let Err(error) = judge(&text, place, damage) {
                    panic!("{error}");
                }
            }
        }
    }
    assert!(tried > 1_000 && refused * 10 > tried * 8, "{refused} of {tried} were refused");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// As above, in groups of several right filters, at random places.
    #[test]
    fn a_random_damage_is_an_error_or_keeps_every_node(
        texts in proptest::collection::vec(proptest::sample::select(RIGHT), 1..4),
        negated in any::<bool>(),
        place in any::<prop::sample::Index>(),
        damage in proptest::sample::select(&DAMAGES[..]),
    ) {
        let children = texts.iter().map(|text| text.parse().expect("a filter")).collect();
        let group = if negated { Filter::Or { children } } else { Filter::And { children } };
        let filter = if negated { Filter::Not { child: Box::new(group) } } else { group };
        let json: Json = serde_json::from_str(&filter.to_json()).expect("JSON");
        let mut all = Vec::new();
        places(&json, "", &mut all);
        let place = &all[place.index(all.len())];
        if let Some(text) = damaged(&json, place, damage) {
            judge(&text, place, damage)?;
        }
    }
}

/// A filter that is one value away from the catalog's types is never taken for one without it.
#[test]
fn types_are_not_bent() {
    let catalog = bad_filters::catalog();
    let wrong = |ty: &FieldType| match ty {
        FieldType::String | FieldType::List(_) | FieldType::Date | FieldType::Timestamp => Json::from(7),
        FieldType::Bool | FieldType::Int | FieldType::Float => Json::from("7"),
        _ => Json::from(true),
    };
    for field in catalog.customers.fields.iter().filter(|field| field.ty != FieldType::Json) {
        let op = if matches!(field.ty, FieldType::List(_)) { "has_any" } else { "in" };
        let condition =
            serde_json::json!({"type": "condition", "field": field.name, "op": op, "value": [wrong(&field.ty)]});
        let findings = bad_filters::findings(&condition.to_string(), &catalog).expect_err(&field.name);
        assert_eq!(findings.0[0].code, cvm::Code::TypeMismatch, "{condition}");
        assert_eq!(findings.0[0].path, "/value/0", "{condition}");
    }
}

/// A number is the same one in both forms, to the last bit: not a neighbour, as a fast reader of JSON would have it.
#[test]
fn numbers_are_read_exactly() {
    for number in ["0.12345678901234567", "0.30000000000000004", "2.2250738585072011e-308", "1.7976931348623157e308"] {
        let json = format!(r#"{{"type": "condition", "field": "score", "op": "eq", "value": {number}}}"#);
        let text = format!("score = {number}");
        assert_eq!(cvm::read_filter(&json), cvm::read_filter(&text), "{number}");
    }
}
