//! Loading: customers with a key that holds, events that belong to them.

use std::sync::Arc;

use cvm_core::catalog::{EventStream, Table, zone_by_name};
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field, FieldType, Value};
use cvm_sql::exec::csv::OnBadRows;
use cvm_sql::exec::{LoadOptions, Loaded, Session, Source};

use super::Engine;
use crate::Error;

/// How customers are loaded.
#[derive(Debug, Clone, Default)]
pub struct LoadCustomers {
    /// The column that tells customers apart; found by itself where one with a telling name is unique.
    pub key: Option<String>,
    /// The table's name in SQL; `customers` if absent.
    pub table: Option<String>,
    /// Types of columns that are not to be inferred.
    pub types: Vec<(String, FieldType)>,
    /// What to do with rows of text files that don't fit their columns.
    pub on_bad_rows: OnBadRows,
    /// Numbers the rows in a column of this name and takes it for the key, for files that have none.
    pub row_number: Option<String>,
}

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

/// What was loaded.
#[derive(Debug, Clone)]
pub struct LoadReport {
    /// Rows.
    pub rows: u64,
    /// What is worth a look.
    pub warnings: Diagnostics,
}

/// The most kinds of events in one table.
const MOST_KINDS: usize = 1_000;

impl Engine {
    /// Loads the customers, infers a catalog and checks that the key is one. Events, lists and segments that were there
    /// go with the customers that they belonged to.
    ///
    /// # Errors
    /// What can't be read; rows that don't fit; a key that is missing or stands twice.
    pub fn load_customers(
        &self,
        source: Source,
        options: &LoadCustomers,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<LoadReport, Error> {
        let table = options.table.clone().unwrap_or_else(|| "customers".to_owned());
        let load = self.load_options(&options.types, options.on_bad_rows, options.row_number.clone());
        let loaded = self.load(source, load, progress)?;
        let Loaded { fields, provider, rows, warnings } = loaded;
        let session = Session::new();
        session.register(&table, Arc::clone(&provider))?;
        let wanted = options.key.clone().or_else(|| options.row_number.clone());
        let (name, session_fields) = (table.clone(), fields.clone());
        let key = self.block_on(async move { find_key(&session, &name, &session_fields, wanted.as_deref()).await })?;
        let mut fields = fields;
        for field in &mut fields {
            if field.name == key {
                field.nullable = false;
                field.values = None;
            }
        }
        let mut catalog = Catalog::new(Table { table: table.clone(), key, fields });
        catalog.zone.clone_from(&self.options.zone);
        let catalog = catalog.validated()?;
        self.session.register(&table, provider)?;
        self.replace_catalog(catalog);
        Ok(LoadReport { rows, warnings })
    }

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
        let mut load = self.load_options(&options.types, options.on_bad_rows, None);
        let mut loaded = self.load(source.clone(), load.clone(), progress)?;
        // Tools that know no missing integers write keys as floats: 17850.0 is read again as 17850, and 17850.5 refused.
        let customer = loaded.fields.iter().find(|field| field.name == options.customer);
        let key_is_int = catalog.customers.key_field().is_some_and(|key| key.ty == FieldType::Int);
        if key_is_int && customer.is_some_and(|field| field.ty == FieldType::Float) {
            load.types.push((options.customer.clone(), FieldType::Int));
            loaded = self.load(source, load, progress)?;
        }
        let Loaded { fields, provider, rows, mut warnings } = loaded;
        let mut wrong = Diagnostics::default();
        check_columns(&catalog, &fields, options, &mut wrong);
        let column = name_column(&fields, &options.name, &mut wrong);
        wrong.or(())?;
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
        if facts.missing > 0 {
            let message = format!(
                "{} of {} events have no `{}` and belong to nobody",
                facts.missing, facts.rows, options.customer
            );
            warnings.push(warning(message));
        }
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
                name_column: column.clone(),
                fields: properties.clone(),
            });
        }
        let catalog = catalog.validated()?;
        self.session.register(&table, provider)?;
        self.replace_catalog(catalog);
        Ok(LoadReport { rows, warnings })
    }

    fn load_options(
        &self,
        types: &[(String, FieldType)],
        on_bad_rows: OnBadRows,
        row_number: Option<String>,
    ) -> LoadOptions {
        LoadOptions { types: types.to_vec(), zone: zone_by_name(&self.options.zone), on_bad_rows, row_number }
    }

    fn load(
        &self,
        source: Source,
        options: LoadOptions,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Loaded, Error> {
        // The progress function stays on the caller's thread: reports come over a channel.
        let (sender, receiver) = std::sync::mpsc::channel();
        let session = self.session.clone();
        std::thread::scope(|scope| {
            let work = scope.spawn(move || {
                self.block_on(async move {
                    session
                        .load(source, &options, &mut |done, total| {
                            // The receiver outlives the work.
                            let _ = sender.send((done, total));
                        })
                        .await
                })
            });
            for (done, total) in receiver {
                progress(done, total);
            }
            work.join().map_err(|_| Diagnostic::error(Code::Execution, "", "loading ended without a result"))?
        })
    }
}

fn warning(message: String) -> Diagnostic {
    let mut finding = Diagnostic::error(Code::KeyNotUnique, "", message);
    finding.severity = cvm_core::Severity::Warning;
    finding
}

/// The key that was asked for, or a column with a telling name that is one.
async fn find_key(
    session: &Session,
    table: &str,
    fields: &[Field],
    wanted: Option<&str>,
) -> Result<String, Diagnostics> {
    let can_be = |field: &&Field| matches!(field.ty, FieldType::Int | FieldType::String);
    if let Some(name) = wanted {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            return Err(Diagnostic::error(
                Code::SourceNotFound,
                "",
                format!("there is no column `{name}` to be the key"),
            )
            .suggest_from(name, fields.iter().map(|field| field.name.as_str()))
            .into());
        };
        if !can_be(&field) {
            let message = format!("the key `{name}` is of type {}; a key is an int or a string", field.ty);
            return Err(Diagnostic::error(Code::CatalogKey, "", message)
                .help("name another column, or declare this one as string when loading")
                .into());
        }
        let facts = session.key_facts(table, name, &field.ty).await?;
        if facts.is_key() {
            return Ok(name.to_owned());
        }
        let mut parts = Vec::new();
        if facts.missing > 0 {
            parts.push(format!("is missing in {} of {} rows", facts.missing, facts.rows));
        }
        if facts.distinct + facts.missing < facts.rows {
            let examples: Vec<String> =
                facts.repeated.iter().map(|(value, n)| format!("`{value}` {n} times")).collect();
            let values = if facts.distinct == 1 { "value" } else { "values" };
            parts.push(format!("has {} {values} in {} rows ({})", facts.distinct, facts.rows, examples.join(", ")));
        }
        let help = if facts.distinct + facts.missing < facts.rows {
            "a customer table has one row a customer; rows that repeat customers are events: load them as events"
        } else {
            "give these rows a key or delete them, or have the rows numbered if no column tells customers apart"
        };
        return Err(Diagnostic::error(Code::KeyNotUnique, "", format!("the key `{name}` {}", parts.join(" and ")))
            .help(help)
            .into());
    }
    for field in cvm_core::catalog::infer::key_candidates(fields, |field| can_be(&field)) {
        if session.key_facts(table, &field.name, &field.ty).await?.is_key() {
            return Ok(field.name.clone());
        }
    }
    Err(Diagnostic::error(Code::CatalogKey, "", "no column with a name like `id` has a different value in every row")
        .help("name the key, or have the rows numbered")
        .into())
}

fn check_columns(catalog: &Catalog, fields: &[Field], options: &LoadEvents, out: &mut Diagnostics) {
    let mut find = |name: &str, what: &str| {
        let found = fields.iter().find(|field| field.name == name);
        if found.is_none() {
            out.push(
                Diagnostic::error(Code::SourceNotFound, "", format!("there is no column `{name}` to be the {what}"))
                    .suggest_from(name, fields.iter().map(|field| field.name.as_str())),
            );
        }
        found
    };
    let customer = find(&options.customer, "customer");
    let time = find(&options.time, "time");
    if let (Some(column), Some(key)) = (customer, catalog.customers.key_field())
        && column.ty != key.ty
    {
        out.push(
            Diagnostic::error(
                Code::TypeMismatch,
                "",
                format!(
                    "`{}` is of type {}, the customers' key `{}` of type {}",
                    column.name, column.ty, key.name, key.ty
                ),
            )
            .help("declare the type of one of them when loading"),
        );
    }
    if let Some(column) = time
        && !column.ty.is_time()
    {
        let message = format!("the time `{}` is of type {}, not date or timestamp", column.name, column.ty);
        out.push(
            Diagnostic::error(Code::TypeMismatch, "", message)
                .help("name another column, or declare this one as timestamp when loading"),
        );
    }
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
