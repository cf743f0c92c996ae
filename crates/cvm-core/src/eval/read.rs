//! A customer as JSON: fields and history as a request carries them, checked against the catalog.

use std::cell::OnceCell;

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use super::{History, Occurrence};
use crate::catalog::{Catalog, EventStream, Field, FieldType, RelatedTable};
use crate::check::literal::typed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Literal;
use crate::value::{Date, Timestamp, Value};

impl Catalog {
    /// A customer's fields from a JSON object, one value for each field of the customer table in its order. Fields that
    /// are not there, or null, are missing.
    ///
    /// Decimals are numbers or texts, dates and times are ISO 8601 texts (without an offset: in the catalog's zone).
    ///
    /// # Errors
    /// Every finding: names that no field has ([`Code::UnknownField`]), values of other types ([`Code::TypeMismatch`])
    /// or that the type can't hold ([`Code::InvalidValue`]), each with a JSON pointer.
    ///
    /// ```
    /// use cvm_core::{Catalog, Value};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///     {"name": "id", "type": "int", "nullable": false}, {"name": "plan", "type": "string"},
    ///     {"name": "city", "type": "string"}]}}"#)?;
    /// let row = catalog.profile_from_json(&serde_json::json!({"city": "Lyon", "id": 7}))?;
    /// assert_eq!(row, [Value::Int(7), Value::Missing, Value::Str("Lyon".to_owned())]);
    /// let findings = catalog.profile_from_json(&serde_json::json!({"id": 7, "plam": "gold"})).expect_err("misspelt");
    /// assert_eq!(findings.0[0].suggestion.as_deref(), Some("plan"));
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn profile_from_json(&self, json: &Json) -> Result<Vec<Value>, Diagnostics> {
        let mut out = Diagnostics::default();
        let mut reader = Reader::new(self, &mut out);
        let row = reader.row(json, &self.customers.fields, "", &Path::ROOT);
        out.or(row)
    }

    /// A customer's history from JSON: a list of events, or an object with `events` and, by table, `related` rows.
    ///
    /// # Errors
    /// Every finding, as [`Catalog::profile_from_json`]; [`Code::UnknownEvent`], [`Code::UnknownTable`],
    /// [`Code::UnknownKey`], and [`Code::MissingKey`] for events without a name or time.
    ///
    /// ```
    /// use cvm_core::{Catalog, History};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///         {"name": "id", "type": "int", "nullable": false}]},
    ///     "events": [{"name": "purchase", "table": "purchases", "customer": "id", "time": "at",
    ///         "fields": [{"name": "amount", "type": "decimal(10,2)"}]}]}"#)?;
    /// let history = catalog.history_from_json(&serde_json::json!([
    ///     {"event": "purchase", "time": "2024-05-01T10:00:00Z", "properties": {"amount": 19.9}}]))?;
    /// assert_eq!(history.events[0].len(), 1);
    /// assert_eq!(history.events[0][0].properties[0].to_string(), "19.9");
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn history_from_json(&self, json: &Json) -> Result<History, Diagnostics> {
        let mut out = Diagnostics::default();
        let mut reader = Reader::new(self, &mut out);
        let history = reader.history(json);
        out.or(history)
    }

    /// One event of a customer from JSON: the number of its stream, when it was and its properties. Other keys than
    /// `event`, `time`, `properties` are unknown, but for those that the caller reads itself.
    ///
    /// # Errors
    /// As [`Catalog::history_from_json`].
    ///
    /// ```
    /// use cvm_core::Catalog;
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///         {"name": "id", "type": "int", "nullable": false}]},
    ///     "events": [{"name": "visit", "table": "visits", "customer": "id", "time": "at"}]}"#)?;
    /// let json = serde_json::json!({"key": 7, "event": "visit", "time": "2024-05-01T10:00:00Z"});
    /// let (stream, visit) = catalog.event_from_json(&json, &["key"])?;
    /// assert_eq!((stream, visit.time.to_string().as_str()), (0, "2024-05-01T10:00:00Z"));
    /// assert_eq!(catalog.event_from_json(&json, &[]).expect_err("`key` is not expected").0[0].path, "/key");
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn event_from_json(&self, json: &Json, others: &[&str]) -> Result<(usize, Occurrence), Diagnostics> {
        let mut out = Diagnostics::default();
        let mut reader = Reader::new(self, &mut out);
        let event = reader.named_event(json, others, &Path::ROOT);
        match event {
            Some(event) => out.or(event),
            None => Err(out),
        }
    }

    /// The rows of a related table from JSON, each with a value for every field of the table, in its order.
    ///
    /// # Errors
    /// As [`Catalog::history_from_json`]; [`Code::UnknownTable`].
    ///
    /// ```
    /// use cvm_core::{Catalog, Value};
    /// let catalog = Catalog::from_json(r#"{"customers": {"table": "c", "key": "id", "fields": [
    ///         {"name": "id", "type": "int", "nullable": false}]},
    ///     "related": [{"name": "pets", "table": "pets", "customer": "owner", "fields": [
    ///         {"name": "kind", "type": "string"}, {"name": "age", "type": "int"}]}]}"#)?;
    /// let rows = catalog.related_from_json("pets", &serde_json::json!([{"age": 3}]))?;
    /// assert_eq!(rows, [[Value::Missing, Value::Int(3)]]);
    /// # Ok::<(), cvm_core::Diagnostics>(())
    /// ```
    pub fn related_from_json(&self, table: &str, json: &Json) -> Result<Vec<Vec<Value>>, Diagnostics> {
        let mut out = Diagnostics::default();
        let mut reader = Reader::new(self, &mut out);
        let mut rows = Vec::new();
        match self.related.iter().find(|known| known.name == table) {
            Some(known) => reader.related_rows(json, known, &mut rows, &Path::ROOT),
            None => reader.unknown_table(table, &Path::ROOT),
        }
        out.or(rows)
    }
}

struct Reader<'c, 'o> {
    catalog: &'c Catalog,
    /// Looked up when the first time without an offset is met.
    zone: OnceCell<TimeZone>,
    out: &'o mut Diagnostics,
}

impl<'c, 'o> Reader<'c, 'o> {
    fn new(catalog: &'c Catalog, out: &'o mut Diagnostics) -> Self {
        Self { catalog, zone: OnceCell::new(), out }
    }

    fn find(&mut self, code: Code, path: &Path<'_>, message: impl Into<String>) -> Option<&mut Diagnostic> {
        self.out.push(Diagnostic::error(code, path.pointer(), message));
        self.out.0.last_mut()
    }

    fn object<'j>(&mut self, json: &'j Json, path: &Path<'_>) -> Option<&'j Map<String, Json>> {
        if let Json::Object(entries) = json {
            return Some(entries);
        }
        self.find(Code::WrongKind, path, format!("expected an object, found {}", kind(json)));
        None
    }

    fn list<'j>(&mut self, json: &'j Json, path: &Path<'_>) -> &'j [Json] {
        if let Json::Array(items) = json {
            return items;
        }
        self.find(Code::WrongKind, path, format!("expected a list, found {}", kind(json)));
        &[]
    }

    fn row(&mut self, json: &Json, fields: &[Field], of: &str, path: &Path<'_>) -> Vec<Value> {
        let mut row = vec![Value::Missing; fields.len()];
        let Some(entries) = self.object(json, path) else { return row };
        for (name, json) in entries {
            let found = fields.iter().zip(&mut row).find(|(field, _)| field.name == *name);
            let at = path.key(name);
            match found {
                Some((field, cell)) => *cell = self.value(json, &field.ty, &at).unwrap_or_default(),
                None => {
                    let finding = Diagnostic::error(Code::UnknownField, at.pointer(), format!("no field `{name}`{of}"));
                    self.out.push(finding.suggest_from(name, fields.iter().map(|field| field.name.as_str())));
                }
            }
        }
        row
    }

    fn history(&mut self, json: &Json) -> History {
        let mut history = History {
            events: vec![Vec::new(); self.catalog.events.len()],
            related: vec![Vec::new(); self.catalog.related.len()],
        };
        let root = Path::ROOT;
        let Json::Object(entries) = json else {
            self.events(json, &mut history.events, &root);
            return history;
        };
        for (key, json) in entries {
            let path = root.key(key);
            match key.as_str() {
                "events" => self.events(json, &mut history.events, &path),
                "related" => self.related(json, &mut history.related, &path),
                _ => self.unknown_key(key, &["events", "related"], &path),
            }
        }
        history
    }

    fn unknown_key(&mut self, key: &str, known: &[&str], path: &Path<'_>) {
        let finding = Diagnostic::error(Code::UnknownKey, path.pointer(), format!("unknown key `{key}`"));
        self.out.push(finding.suggest_from(key, known.iter().copied()));
    }

    fn events(&mut self, json: &Json, events: &mut [Vec<Occurrence>], path: &Path<'_>) {
        for (i, json) in self.list(json, path).iter().enumerate() {
            if let Some((stream, event)) = self.named_event(json, &[], &path.index(i))
                && let Some(list) = events.get_mut(stream)
            {
                list.push(event);
            }
        }
    }

    fn named_event(&mut self, json: &Json, others: &[&str], path: &Path<'_>) -> Option<(usize, Occurrence)> {
        let catalog = self.catalog;
        let entries = self.object(json, path)?;
        for key in entries.keys().filter(|key| !matches!(key.as_str(), "event" | "time" | "properties")) {
            if !others.contains(&key.as_str()) {
                self.unknown_key(key, &["event", "time", "properties"], &path.key(key));
            }
        }
        let Some(Json::String(name)) = entries.get("event") else {
            self.find(Code::MissingKey, path, "the key `event` with the name of the event is missing");
            return None;
        };
        let Some((number, stream)) = catalog.events.iter().enumerate().find(|(_, stream)| stream.name == *name) else {
            let at = path.key("event");
            let finding = Diagnostic::error(Code::UnknownEvent, at.pointer(), format!("no event `{name}`"));
            self.out.push(finding.suggest_from(name, catalog.events.iter().map(|stream| stream.name.as_str())));
            return None;
        };
        Some((number, self.event(entries, stream, path)?))
    }

    fn event(&mut self, entries: &Map<String, Json>, stream: &EventStream, path: &Path<'_>) -> Option<Occurrence> {
        let time = match entries.get("time") {
            None | Some(Json::Null) => {
                let help = "an event without a time never counts: leave it out";
                self.find(Code::MissingKey, path, "the key `time` is missing")?.help = Some(help.to_owned());
                None
            }
            Some(time) => self.value(time, &stream.time_type, &path.key("time")),
        };
        let of = format!(" of the event `{}`", stream.name);
        let properties = match entries.get("properties") {
            None => vec![Value::Missing; stream.fields.len()],
            Some(json) => self.row(json, &stream.fields, &of, &path.key("properties")),
        };
        Some(Occurrence { time: time?, properties })
    }

    fn related(&mut self, json: &Json, related: &mut [Vec<Vec<Value>>], path: &Path<'_>) {
        let catalog = self.catalog;
        let Some(entries) = self.object(json, path) else { return };
        for (name, json) in entries {
            let path = path.key(name);
            let found = catalog.related.iter().zip(related.iter_mut()).find(|(table, _)| table.name == *name);
            match found {
                Some((table, rows)) => self.related_rows(json, table, rows, &path),
                None => self.unknown_table(name, &path),
            }
        }
    }

    fn related_rows(&mut self, json: &Json, table: &RelatedTable, rows: &mut Vec<Vec<Value>>, path: &Path<'_>) {
        let of = format!(" of the related table `{}`", table.name);
        for (i, json) in self.list(json, path).iter().enumerate() {
            rows.push(self.row(json, &table.fields, &of, &path.index(i)));
        }
    }

    fn unknown_table(&mut self, name: &str, path: &Path<'_>) {
        let message = format!("no related table `{name}`");
        let finding = Diagnostic::error(Code::UnknownTable, path.pointer(), message);
        self.out.push(finding.suggest_from(name, self.catalog.related.iter().map(|table| table.name.as_str())));
    }

    /// A value of a type; `None` with a finding.
    fn value(&mut self, json: &Json, ty: &FieldType, path: &Path<'_>) -> Option<Value> {
        let value = match (ty, json) {
            (_, Json::Null) => Value::Missing,
            (FieldType::Json, json) => Value::Json(json.clone()),
            (FieldType::Bool, Json::Bool(b)) => Value::Bool(*b),
            (FieldType::String, Json::String(text)) => Value::Str(text.clone()),
            (FieldType::Int, Json::Number(n)) => match n.as_i64() {
                Some(i) => Value::Int(i),
                None => return self.cannot_hold(&n.to_string(), ty, path),
            },
            (FieldType::Float, Json::Number(n)) => Value::Float(n.as_f64()?),
            (FieldType::Decimal { precision, scale }, Json::Number(_) | Json::String(_)) => {
                return self.decimal(json, (*precision, *scale), path);
            }
            (FieldType::Date, Json::String(text)) => match Date::parse(text) {
                Some(date) => Value::Date(date),
                None => return self.cannot_hold(text, ty, path),
            },
            (FieldType::Timestamp, Json::String(text)) => {
                let zone = self.zone.get_or_init(|| self.catalog.time_zone());
                match Timestamp::parse(text, zone) {
                    Some(at) => Value::Timestamp(at),
                    None => return self.cannot_hold(text, ty, path),
                }
            }
            (FieldType::List(item), Json::Array(items)) => {
                let values = items.iter().enumerate().map(|(i, json)| self.value(json, item, &path.index(i)));
                Value::List(values.collect::<Option<_>>()?)
            }
            _ => {
                let message = format!("expected {}, found {}: the field is of type {ty}", ty.noun(), kind(json));
                self.find(Code::TypeMismatch, path, message);
                return None;
            }
        };
        Some(value)
    }

    fn decimal(&mut self, json: &Json, (precision, scale): (u8, u8), path: &Path<'_>) -> Option<Value> {
        let ty = FieldType::Decimal { precision, scale };
        let literal = match json {
            Json::String(text) => Literal::Str(text.clone()),
            other => match other.as_i64() {
                Some(i) => Literal::Int(i),
                None => Literal::Float(other.as_f64()?),
            },
        };
        let zone = &TimeZone::UTC;
        let Value::Decimal(decimal) = typed(&literal, &ty, zone, path, self.out)? else { return None };
        let fits =
            decimal.normalized().scale() <= scale && decimal.integer_digits() <= precision.saturating_sub(scale).max(1);
        if fits { Some(Value::Decimal(decimal)) } else { self.cannot_hold(&decimal.to_string(), &ty, path) }
    }

    fn cannot_hold<T>(&mut self, shown: &str, ty: &FieldType, path: &Path<'_>) -> Option<T> {
        let finding = self.find(Code::InvalidValue, path, format!("`{shown}` is no value of type {ty}"))?;
        finding.help = match ty {
            FieldType::Date => Some("write dates like `2024-01-31`".to_owned()),
            FieldType::Timestamp => Some("write `2024-01-31T09:30:00Z` or `2024-01-31T09:30:00+01:00`".to_owned()),
            _ => None,
        };
        None
    }
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
