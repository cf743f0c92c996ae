//! Loading events.

use std::sync::Arc;

use cvm_core::catalog::EventStream;
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field, FieldType, Value};
use cvm_sql::exec::csv::OnBadRows;
use cvm_sql::exec::{Loaded, Session, Source};

use super::Engine;
use super::load::{LoadReport, warning};
use super::related::{customer_column, of_nobody};
use crate::Error;

/// How events are loaded.
#[derive(Debug, Clone)]
pub struct LoadEvents {
    /// The column with the customer's key.
    pub customer: String,
    /// What kind of events they are.
    pub name: EventName,
    /// The column with the time.
    pub time: String,
    /// The table's name in SQL; `events` if absent.
    pub table: Option<String>,
    /// Types of columns that are not to be inferred.
    pub types: Vec<(String, FieldType)>,
    /// What to do with rows of text files that don't fit their columns.
    pub on_bad_rows: OnBadRows,
}

/// Where the kind of an event stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventName {
    /// In a column.
    Column(String),
    /// All events are of this kind.
    Always(String),
    /// In the column of this name, or, where there is none and no column has a name like it, the kind of all.
    ColumnOrKind(String),
}

/// The most kinds of events in one table.
const MOST_KINDS: usize = 1_000;

impl Engine {
    /// Loads events of the customers.
    ///
    /// # Errors
    /// What can't be read; rows that don't fit; columns that are not there; keys of another type than the customers'.
    pub fn load_events(
        &self,
        source: Source,
        options: &LoadEvents,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<LoadReport, Error> {
        let mut catalog = Catalog::clone(&*self.catalog()?);
        let table = options.table.clone().unwrap_or_else(|| "events".to_owned());
        let load = self.load_options(&options.types, options.on_bad_rows, None);
        let loaded = self.load_rows(&catalog, source, load, &options.customer, progress)?;
        let Loaded { fields, provider, rows, mut warnings } = loaded;
        let mut wrong = Diagnostics::default();
        customer_column(&catalog, &fields, &options.customer, &mut wrong);
        let time_type = time_column(&fields, &options.time, &mut wrong);
        let column = name_column(&fields, &options.name, &mut wrong);
        wrong.or(())?;
        let time_type = time_type.unwrap_or(FieldType::Timestamp);
        let session = Session::new();
        session.register(&table, Arc::clone(&provider))?;
        let (name, key_column, kind_column) = (table.clone(), options.customer.clone(), column.clone());
        let key_type = fields.iter().find(|f| f.name == options.customer).map_or(FieldType::String, |f| f.ty.clone());
        let (facts, kinds) = self.block_on(async move {
            let facts = session.key_facts(&name, &key_column, &key_type).await?;
            let kinds = match &kind_column {
                Some(column) => session.distinct(&name, column, MOST_KINDS + 1).await?,
                None => Vec::new(),
            };
            Ok((facts, kinds))
        })?;
        warnings.0.extend(of_nobody(&facts, "events", &options.customer));
        let names = event_names(&kinds, column.as_deref(), &options.name, &mut warnings)?;
        let properties: Vec<Field> = fields
            .into_iter()
            .filter(|f| f.name != options.customer && f.name != options.time && Some(&f.name) != column.as_ref())
            .collect();
        for name in names {
            catalog.events.retain(|event| event.name != name);
            catalog.events.push(EventStream {
                name,
                table: table.clone(),
                customer: options.customer.clone(),
                time: options.time.clone(),
                time_type: time_type.clone(),
                name_column: column.clone(),
                fields: properties.clone(),
            });
        }
        let catalog = catalog.validated()?;
        self.session.register(&table, provider)?;
        self.replace_catalog(catalog);
        Ok(LoadReport { rows, warnings })
    }
}

/// The type of the column with the time.
fn time_column(fields: &[Field], name: &str, out: &mut Diagnostics) -> Option<FieldType> {
    let Some(column) = fields.iter().find(|field| field.name == name) else {
        out.push(
            Diagnostic::error(Code::SourceNotFound, "", format!("there is no column `{name}` to be the time"))
                .suggest_from(name, fields.iter().map(|field| field.name.as_str())),
        );
        return None;
    };
    if !column.ty.is_time() {
        let message = format!("the time `{}` is of type {}, not date or timestamp", column.name, column.ty);
        out.push(
            Diagnostic::error(Code::TypeMismatch, "", message)
                .help("name another column, or declare this one as timestamp when loading"),
        );
    }
    Some(column.ty.clone())
}

/// The column with the kinds, if there is one.
fn name_column(fields: &[Field], name: &EventName, out: &mut Diagnostics) -> Option<String> {
    let (wanted, must) = match name {
        EventName::Always(_) => return None,
        EventName::Column(column) => (column, true),
        EventName::ColumnOrKind(either) => (either, false),
    };
    match fields.iter().find(|field| field.name == *wanted) {
        Some(field) if field.ty == FieldType::String => Some(wanted.clone()),
        Some(field) => {
            let message = format!("the column `{wanted}` is of type {}; kinds of events are texts", field.ty);
            out.push(
                Diagnostic::error(Code::TypeMismatch, "", message)
                    .help("name another column, or declare this one as string when loading"),
            );
            None
        }
        None => {
            let message = format!("there is no column `{wanted}` to be the kind of event");
            let finding = Diagnostic::error(Code::SourceNotFound, "", message)
                .suggest_from(wanted, fields.iter().map(|field| field.name.as_str()));
            // A misspelt column must not become a kind of event.
            if must || finding.suggestion.is_some() {
                out.push(finding);
            }
            None
        }
    }
}

fn event_names(
    kinds: &[(Value, u64)],
    column: Option<&str>,
    name: &EventName,
    warnings: &mut Diagnostics,
) -> Result<Vec<String>, Diagnostics> {
    let Some(column) = column else {
        return Ok(match name {
            EventName::Always(kind) | EventName::ColumnOrKind(kind) | EventName::Column(kind) => vec![kind.clone()],
        });
    };
    if kinds.len() > MOST_KINDS {
        let message =
            format!("the column `{column}` has more than {MOST_KINDS} values: too many to be kinds of events");
        return Err(Diagnostic::error(Code::SourceKind, "", message).into());
    }
    let mut names = Vec::new();
    for (value, times) in kinds {
        match value {
            Value::Str(kind) => names.push(kind.clone()),
            _ => warnings.push(warning(format!("{times} events have no `{column}` and can't be asked for"))),
        }
    }
    Ok(names)
}
