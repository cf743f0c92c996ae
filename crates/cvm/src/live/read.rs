//! Changes from JSON.

use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Value};
use cvm_index::live::{Change, Properties};
use serde_json::{Map, Value as Json};

/// What says what kind of change it is, and the other keys that belong to it.
const KINDS: &[(&str, &[&str])] =
    &[("event", &["time", "properties"]), ("fields", &[]), ("table", &["rows"]), ("erase", &[])];

/// The changes of a JSON list; every finding with the number of the change at the front of its place.
pub(crate) fn changes(catalog: &Catalog, json: &Json) -> Result<Vec<Change>, Diagnostics> {
    let Json::Array(items) = json else {
        let message = "changes are a list of objects, one for each";
        return Err(Diagnostic::error(Code::WrongKind, "", message).into());
    };
    let mut out = Diagnostics::default();
    let mut changes = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        match change(catalog, item) {
            Ok(change) => changes.push(change),
            Err(findings) => out.0.extend(findings.below(&format!("/{number}")).0),
        }
    }
    out.or(changes)
}

fn change(catalog: &Catalog, json: &Json) -> Result<Change, Diagnostics> {
    let wrong = |code, path: &str, message: String| Diagnostics::from(Diagnostic::error(code, path, message));
    let Json::Object(entries) = json else {
        return Err(wrong(Code::WrongKind, "", "a change is an object".to_owned()));
    };
    let mut kinds = KINDS.iter().filter(|(kind, _)| entries.contains_key(*kind));
    let (Some((kind, others)), None) = (kinds.next(), kinds.next()) else {
        let message = "a change has one of the keys `event`, `fields`, `table` and `erase`, beside `key`";
        let help = "write {\"key\": 7, \"event\": \"visit\", \"time\": \"2024-05-01T10:00:00Z\"}, \
                    {\"key\": 7, \"fields\": {\"plan\": \"gold\"}}, \
                    {\"key\": 7, \"table\": \"orders\", \"rows\": [{\"total\": 20}]} or {\"key\": 7, \"erase\": true}";
        return Err(Diagnostic::error(Code::MissingKey, "", message).help(help).into());
    };
    let mut out = Diagnostics::default();
    for name in entries.keys() {
        let known = || std::iter::once(&"key").chain(std::iter::once(kind)).chain(others.iter()).copied();
        if !known().any(|known| known == name) {
            let finding =
                Diagnostic::error(Code::UnknownKey, format!("/{}", escaped(name)), format!("unknown key `{name}`"));
            out.push(finding.suggest_from(name, known()));
        }
    }
    let key = key(entries).map_err(|findings| out.0.extend(findings.0)).ok();
    let change = match (*kind, key) {
        ("event", key) => {
            let event = catalog.event_from_json(json, &entries.keys().map(String::as_str).collect::<Vec<_>>());
            event.map(|(stream, occurrence)| {
                let properties = Properties::Ordered(occurrence.properties);
                Some(Change::Event { key: key?, event: stream.into(), time: occurrence.time, properties })
            })
        }
        ("fields", key) => fields(catalog, entries).map(|fields| Some(Change::Profile { key: key?, fields })),
        ("table", key) => {
            related(catalog, entries).map(|(table, rows)| Some(Change::Related { key: key?, table, rows }))
        }
        (_, key) => match entries.get("erase") {
            Some(Json::Bool(true)) => Ok(key.map(|key| Change::Erase { key })),
            _ => Err(wrong(Code::WrongKind, "/erase", "`erase` is true, or is left out".to_owned())),
        },
    };
    match change {
        Ok(Some(change)) => out.or(change),
        Ok(None) => Err(out),
        Err(findings) => {
            out.0.extend(findings.0);
            Err(out)
        }
    }
}

/// A name as a step of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn key(entries: &Map<String, Json>) -> Result<Value, Diagnostics> {
    match entries.get("key") {
        Some(Json::String(text)) => Ok(Value::Str(text.clone())),
        Some(Json::Number(number)) if number.is_i64() => Ok(number.as_i64().map_or(Value::Missing, Value::Int)),
        Some(other) => {
            let message = format!("`{other}` is no key: a customer's key is a whole number or a text");
            Err(Diagnostic::error(Code::TypeMismatch, "/key", message).into())
        }
        None => {
            Err(Diagnostic::error(Code::MissingKey, "", "the key `key`, which says whose change it is, is missing")
                .into())
        }
    }
}

/// The fields that are given, also those that are null: their values are taken away.
fn fields(catalog: &Catalog, entries: &Map<String, Json>) -> Result<Vec<(String, Value)>, Diagnostics> {
    let json = entries.get("fields").unwrap_or(&Json::Null);
    let row = catalog.profile_from_json(json).map_err(|findings| findings.below("/fields"))?;
    let named = catalog.customers.fields.iter().zip(row);
    let given = named.filter(|(field, _)| json.get(&field.name).is_some());
    Ok(given.map(|(field, value)| (field.name.clone(), value)).collect())
}

fn related(catalog: &Catalog, entries: &Map<String, Json>) -> Result<(String, Vec<Vec<Value>>), Diagnostics> {
    let Some(Json::String(table)) = entries.get("table") else {
        let message = "`table` is the name of a related table";
        return Err(Diagnostic::error(Code::WrongKind, "/table", message).into());
    };
    let Some(rows) = entries.get("rows") else {
        let message = "the key `rows` is missing: the customer's rows of the table, in place of all that were there";
        return Err(Diagnostic::error(Code::MissingKey, "", message).into());
    };
    let known = catalog.related.iter().any(|known| known.name == *table);
    let place = if known { "/rows" } else { "/table" };
    let rows = catalog.related_from_json(table, rows).map_err(|findings| findings.below(place))?;
    Ok((table.clone(), rows))
}

#[cfg(test)]
#[path = "read_test.rs"]
mod test;
