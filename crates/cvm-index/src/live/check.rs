//! A batch is looked at as a whole before anything of it takes place.

use cvm_core::predicate::RowSource;
use cvm_core::{Code, Diagnostic, Diagnostics, Field, FieldType, Value};
use rustc_hash::FxHashMap;

use super::change::{Change, EventName, Properties};
use super::people::People;
use super::state::Live;

/// A change with its names resolved.
pub(super) enum Step<'c> {
    Event { key: &'c Value, stream: usize, time: i64, properties: Given<'c> },
    Profile { key: &'c Value, fields: Vec<(usize, Value)> },
    Related { key: &'c Value, table: usize, rows: Vec<Vec<Value>> },
    Erase { key: &'c Value },
}

/// The values of an event's fields: those that are given in the order of the catalog, or all of them.
pub(super) enum Given<'c> {
    Ordered(&'c [Value]),
    Named(Vec<Value>),
}

impl Step<'_> {
    /// Whom it is about.
    pub(super) fn key(&self) -> &Value {
        let (Self::Event { key, .. } | Self::Profile { key, .. } | Self::Related { key, .. } | Self::Erase { key }) =
            self;
        key
    }
}

impl Live {
    /// The steps of a batch.
    pub(super) fn checked<'c>(&self, changes: &'c [Change]) -> Result<Vec<Step<'c>>, Diagnostics> {
        let mut checker = Checker { people: &self.people, out: Diagnostics::default(), known: FxHashMap::default() };
        let mut steps = Vec::with_capacity(changes.len());
        let mut more = vec![0; self.people.logs.len()];
        for (number, change) in changes.iter().enumerate() {
            let step = checker.step(change, number);
            if let Some(Step::Event { stream, .. }) = &step
                && let Some(more) = more.get_mut(*stream)
            {
                *more += 1;
            }
            steps.extend(step);
        }
        if self.people.logs.iter().zip(more).any(|(log, more)| !log.has_room_for(more)) {
            let message = "one stream has more events than have numbers (2^32)";
            checker
                .out
                .push(Diagnostic::error(Code::NotSupported, "", message).help("make an index anew, and start from it"));
        }
        checker.out.or(steps)
    }
}

struct Checker<'p> {
    people: &'p People,
    out: Diagnostics,
    /// Keys that came or went in this batch, by how they print.
    known: FxHashMap<String, bool>,
}

impl Checker<'_> {
    fn wrong(&mut self, code: Code, number: usize, place: &str, message: String) -> Option<&mut Diagnostic> {
        self.out.push(Diagnostic::error(code, format!("/{number}{place}"), message));
        self.out.0.last_mut()
    }

    fn step<'c>(&mut self, change: &'c Change, number: usize) -> Option<Step<'c>> {
        let (Change::Event { key, .. }
        | Change::Profile { key, .. }
        | Change::Related { key, .. }
        | Change::Erase { key }) = change;
        let has_key = self.key(key, number);
        if !has_key {
            // What such a customer would need beside a key is of no concern.
            self.known.insert(key.to_string(), true);
        }
        let step = match change {
            Change::Event { event, time, properties, .. } => self.event(key, event, time, properties, number),
            Change::Profile { fields, .. } => self.profile(key, fields, number),
            Change::Related { table, rows, .. } => self.related(key, table, rows, number),
            Change::Erase { .. } => {
                self.known.insert(key.to_string(), false);
                Some(Step::Erase { key })
            }
        };
        step.filter(|_| has_key)
    }

    fn key(&mut self, key: &Value, number: usize) -> bool {
        let ty = self.people.catalog.customers.key_field().map(|field| &field.ty);
        let fits =
            matches!((ty, key), (Some(FieldType::Int), Value::Int(_)) | (Some(FieldType::String), Value::Str(_)));
        if !fits {
            let ty = ty.map(ToString::to_string).unwrap_or_default();
            let kind = match key {
                Value::Missing => "missing",
                Value::Str(_) => "a text",
                Value::Int(_) => "a whole number",
                _ => "of another type",
            };
            self.wrong(
                Code::TypeMismatch,
                number,
                "/key",
                format!("the key `{key}` is {kind}, and keys are of type {ty}"),
            );
        }
        fits
    }

    fn event<'c>(
        &mut self,
        key: &'c Value,
        event: &EventName,
        time: &Value,
        properties: &'c Properties,
        number: usize,
    ) -> Option<Step<'c>> {
        let streams = &self.people.catalog.events;
        let found = match event {
            EventName::Name(name) => streams.iter().position(|stream| stream.name == **name),
            EventName::Number(at) => Some(*at).filter(|at| *at < streams.len()),
        };
        let Some(stream) = found else {
            let finding = match event {
                EventName::Name(name) => {
                    let finding =
                        Diagnostic::error(Code::UnknownEvent, format!("/{number}/event"), format!("no event `{name}`"));
                    finding.suggest_from(name, streams.iter().map(|stream| stream.name.as_str()))
                }
                EventName::Number(at) => {
                    let message = format!("no event has the number {at}: there are {}", streams.len());
                    Diagnostic::error(Code::UnknownEvent, format!("/{number}/event"), message)
                }
            };
            self.out.push(finding);
            return None;
        };
        let known = streams.get(stream)?;
        if !self.people.has(RowSource::Events(stream)) {
            let message = format!("the rows of the event `{}` are not in the index", known.name);
            self.wrong(Code::NothingLoaded, number, "/event", message)?.help =
                Some("give its table to the builder of the index".to_owned());
            return None;
        }
        let ticks = match (&known.time_type, time) {
            (FieldType::Date, Value::Date(day)) => Some(i64::from(day.days())),
            (FieldType::Timestamp, Value::Timestamp(at)) => Some(at.micros()),
            (ty, _) => {
                let (code, message) = if time.is_missing() {
                    (Code::MissingKey, "an event without a time never counts".to_owned())
                } else {
                    (
                        Code::TypeMismatch,
                        format!("`{time}` is no time of the event `{}`, which has type {ty}", known.name),
                    )
                };
                self.wrong(code, number, "/time", message);
                None
            }
        };
        let of = || format!(" of the event `{}`", known.name);
        let properties = match properties {
            // Most events are as they should be: nothing is made of them before they take place.
            Properties::Ordered(values) if fit(values, &known.fields) => Some(Given::Ordered(values)),
            Properties::Ordered(values) => {
                self.ordered(values, &known.fields, &of, number, "/properties").map(Given::Named)
            }
            Properties::Named(values) => {
                let mut row = vec![Value::Missing; known.fields.len()];
                let named = self.named(values, &known.fields, &of, number, "/properties");
                for (field, value) in named? {
                    if let Some(cell) = row.get_mut(field) {
                        *cell = value;
                    }
                }
                Some(Given::Named(row))
            }
        };
        Some(Step::Event { key, stream, time: ticks?, properties: properties? })
    }

    fn profile<'c>(&mut self, key: &'c Value, fields: &[(String, Value)], number: usize) -> Option<Step<'c>> {
        let people = self.people;
        let customers = &people.catalog.customers;
        let resolved = self.named(fields, &customers.fields, &String::new, number, "/fields")?;
        let mut fine = true;
        let is_key = |field: &usize| customers.fields.get(*field).is_some_and(|field| field.name == customers.key);
        for (field, value) in &resolved {
            let name = customers.fields.get(*field).map(|field| (&field.name, field.nullable));
            let Some((name, nullable)) = name else { continue };
            if is_key(field) && !value.equals(key) {
                fine = false;
                let message = format!("the key `{key}` can't become `{value}`");
                self.wrong(Code::InvalidValue, number, &format!("/fields/{}", escaped(name)), message)?.help =
                    Some("erase the customer, and let another one come".to_owned());
            } else if !nullable && value.is_missing() {
                fine = false;
                let message = format!("the field `{name}` is never missing");
                self.wrong(Code::InvalidValue, number, &format!("/fields/{}", escaped(name)), message);
            }
        }
        let printed = key.to_string();
        let there = self.known.get(&printed).copied().unwrap_or_else(|| people.find(key).is_some());
        if !there {
            for (at, field) in customers.fields.iter().enumerate() {
                let given = field.nullable || is_key(&at) || resolved.iter().any(|(given, _)| *given == at);
                if !given {
                    fine = false;
                    let message =
                        format!("the field `{}` is never missing, and a customer who comes needs it", field.name);
                    self.wrong(Code::MissingKey, number, "/fields", message);
                }
            }
            self.known.insert(printed, true);
        }
        fine.then_some(Step::Profile { key, fields: resolved })
    }

    fn related<'c>(&mut self, key: &'c Value, table: &str, rows: &[Vec<Value>], number: usize) -> Option<Step<'c>> {
        let tables = &self.people.catalog.related;
        let Some(at) = tables.iter().position(|known| known.name == table) else {
            let finding = Diagnostic::error(
                Code::UnknownTable,
                format!("/{number}/table"),
                format!("no related table `{table}`"),
            );
            self.out.push(finding.suggest_from(table, tables.iter().map(|table| table.name.as_str())));
            return None;
        };
        if !self.people.has(RowSource::Related(at)) {
            let message = format!("the rows of the related table `{table}` are not in the index");
            self.wrong(Code::NothingLoaded, number, "/table", message)?.help =
                Some("give its table to the builder of the index".to_owned());
            return None;
        }
        let fields = &tables.get(at)?.fields;
        let of = || format!(" of the related table `{table}`");
        let checked =
            rows.iter().enumerate().map(|(i, row)| self.ordered(row, fields, &of, number, &format!("/rows/{i}")));
        let checked: Vec<Option<Vec<Value>>> = checked.collect();
        Some(Step::Related { key, table: at, rows: checked.into_iter().collect::<Option<_>>()? })
    }

    /// Values in the order of the fields, one for each.
    fn ordered(
        &mut self,
        values: &[Value],
        fields: &[Field],
        of: &dyn Fn() -> String,
        number: usize,
        place: &str,
    ) -> Option<Vec<Value>> {
        if values.len() > fields.len() {
            let message = format!("{} values for the {} fields{}", values.len(), fields.len(), of());
            self.wrong(Code::ValueCount, number, place, message);
            return None;
        }
        let mut row = Vec::with_capacity(fields.len());
        let mut fine = true;
        for (value, field) in values.iter().zip(fields) {
            match fitting(value, &field.ty) {
                Some(value) => row.push(value),
                None => {
                    fine = false;
                    self.misfit(value, field, number, place);
                }
            }
        }
        row.resize(fields.len(), Value::Missing);
        fine.then_some(row)
    }

    fn named(
        &mut self,
        values: &[(String, Value)],
        fields: &[Field],
        of: &dyn Fn() -> String,
        number: usize,
        place: &str,
    ) -> Option<Vec<(usize, Value)>> {
        let mut out: Vec<(usize, Value)> = Vec::with_capacity(values.len());
        let mut fine = true;
        for (name, value) in values {
            let Some((at, field)) = fields.iter().enumerate().find(|(_, field)| field.name == *name) else {
                fine = false;
                let at = format!("/{number}{place}/{}", escaped(name));
                let finding = Diagnostic::error(Code::UnknownField, at, format!("no field `{name}`{}", of()));
                self.out.push(finding.suggest_from(name, fields.iter().map(|field| field.name.as_str())));
                continue;
            };
            if out.iter().any(|(given, _)| *given == at) {
                fine = false;
                let message = format!("the field `{name}` is given twice");
                self.wrong(Code::DuplicateKey, number, &format!("{place}/{}", escaped(name)), message);
                continue;
            }
            match fitting(value, &field.ty) {
                Some(value) => out.push((at, value)),
                None => {
                    fine = false;
                    self.misfit(value, field, number, place);
                }
            }
        }
        fine.then_some(out)
    }

    fn misfit(&mut self, value: &Value, field: &Field, number: usize, place: &str) {
        let message = format!("`{value}` is no value of the field `{}`, which has type {}", field.name, field.ty);
        self.wrong(Code::TypeMismatch, number, &format!("{place}/{}", escaped(&field.name)), message);
    }
}

/// A name as a step of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Whether there are no more values than fields, and each is one of its field.
fn fit(values: &[Value], fields: &[Field]) -> bool {
    values.len() <= fields.len()
        && values.iter().zip(fields).all(|(value, field)| match (&field.ty, value) {
            (FieldType::Int, Value::Int(_))
            | (FieldType::String, Value::Str(_))
            | (FieldType::Bool, Value::Bool(_))
            | (FieldType::Timestamp, Value::Timestamp(_))
            | (_, Value::Missing) => true,
            (FieldType::Decimal { precision, scale }, Value::Decimal(decimal))
                if decimal.scale() == *scale && *scale < *precision && *precision < 19 =>
            {
                decimal.digits().unsigned_abs() < 10_u64.pow((*precision).into()).into()
            }
            (ty, value) => fitting(value, ty).is_some(),
        })
}

/// The value as a field of the type has it.
pub(super) fn fitting(value: &Value, ty: &FieldType) -> Option<Value> {
    match (ty, value) {
        (_, Value::Missing)
        | (FieldType::Bool, Value::Bool(_))
        | (FieldType::Int, Value::Int(_))
        | (FieldType::Float, Value::Float(_))
        | (FieldType::String, Value::Str(_))
        | (FieldType::Date, Value::Date(_))
        | (FieldType::Timestamp, Value::Timestamp(_))
        | (FieldType::Json, Value::Json(_)) => Some(value.clone()),
        (FieldType::Decimal { precision, scale }, Value::Decimal(decimal)) => {
            let exact = decimal.rescale(*scale)?;
            let whole = precision.saturating_sub(*scale).max(1);
            (exact.integer_digits() <= whole).then_some(Value::Decimal(exact))
        }
        (FieldType::List(item), Value::List(items)) => {
            items.iter().map(|value| fitting(value, item)).collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}
