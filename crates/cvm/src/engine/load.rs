//! Loading: customers with a key that holds.

use std::sync::Arc;

use cvm_core::catalog::infer::{key_candidates, named_as_key};
use cvm_core::catalog::{Table, zone_by_name};
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field, FieldType};
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

/// What was loaded.
#[derive(Debug, Clone)]
pub struct LoadReport {
    /// Rows.
    pub rows: u64,
    /// What is worth a look.
    pub warnings: Diagnostics,
}

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

    pub(super) fn load_options(
        &self,
        types: &[(String, FieldType)],
        on_bad_rows: OnBadRows,
        row_number: Option<String>,
    ) -> LoadOptions {
        LoadOptions { types: types.to_vec(), zone: zone_by_name(&self.options.zone), on_bad_rows, row_number }
    }

    pub(super) fn load(
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

pub(super) fn warning(message: String) -> Diagnostic {
    let mut finding = Diagnostic::error(Code::KeyNotUnique, "", message);
    finding.severity = cvm_core::Severity::Warning;
    finding
}

/// The key that was asked for; else the column that is named as the key, which must be one then; else one with a
/// telling name that is.
async fn find_key(
    session: &Session,
    table: &str,
    fields: &[Field],
    wanted: Option<&str>,
) -> Result<String, Diagnostics> {
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
        return checked_key(session, table, field, &format!("the key `{name}`"), "").await;
    }
    if let Some(field) = named_as_key(fields) {
        let other = ", or name the column that is the key";
        return checked_key(session, table, field, &format!("`{}` is named as the key but", field.name), other).await;
    }
    for field in key_candidates(fields, can_be_key) {
        if session.key_facts(table, &field.name, &field.ty).await?.is_key() {
            return Ok(field.name.clone());
        }
    }
    Err(Diagnostic::error(Code::CatalogKey, "", "no column with a name like `id` has a different value in every row")
        .help("name the key, or have the rows numbered")
        .into())
}

fn can_be_key(field: &Field) -> bool {
    matches!(field.ty, FieldType::Int | FieldType::String)
}

/// The name of a field that is a key; what it lacks if it is none, said of `subject`, with a second way out.
async fn checked_key(
    session: &Session,
    table: &str,
    field: &Field,
    subject: &str,
    other: &str,
) -> Result<String, Diagnostics> {
    if !can_be_key(field) {
        let message = format!("{subject} is of type {}; a key is an int or a string", field.ty);
        return Err(Diagnostic::error(Code::CatalogKey, "", message)
            .help("name another column, or declare this one as string when loading")
            .into());
    }
    let facts = session.key_facts(table, &field.name, &field.ty).await?;
    if facts.is_key() {
        return Ok(field.name.clone());
    }
    let mut parts = Vec::new();
    if facts.missing > 0 {
        parts.push(format!("is missing in {} of {} rows", facts.missing, facts.rows));
    }
    let repeats = facts.distinct + facts.missing < facts.rows;
    if repeats {
        let examples: Vec<String> = facts.repeated.iter().map(|(value, n)| format!("`{value}` {n} times")).collect();
        let values = if facts.distinct == 1 { "value" } else { "values" };
        parts.push(format!("has {} {values} in {} rows ({})", facts.distinct, facts.rows, examples.join(", ")));
    }
    let help = if repeats {
        "a customer table has one row a customer; rows that repeat customers are events: load them as events"
    } else {
        "give these rows a key or delete them, or have the rows numbered if no column tells customers apart"
    };
    Err(Diagnostic::error(Code::KeyNotUnique, "", format!("{subject} {}", parts.join(" and ")))
        .help(format!("{help}{other}"))
        .into())
}
