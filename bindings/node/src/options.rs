//! Options as `index.js` hands them over: it has checked their kinds, the facade knows their words.

use std::collections::HashMap;

use cvm::{EventName, LoadCustomers, LoadEvents, LoadRelated, Preview, SqlOptions, words};
use napi_derive::napi;

/// How tables are loaded, customers or events.
#[napi(object)]
#[derive(Default)]
pub struct LoadOptions {
    pub key: Option<String>,
    pub row_number: Option<String>,
    pub customer: Option<String>,
    pub name: Option<String>,
    pub time: Option<String>,
    pub table: Option<String>,
    pub types: Option<HashMap<String, String>>,
    pub on_bad_rows: Option<String>,
}

impl LoadOptions {
    pub(crate) fn customers(self) -> Result<LoadCustomers, cvm::Error> {
        Ok(LoadCustomers {
            key: self.key,
            table: self.table,
            types: words::types(self.types.unwrap_or_default())?,
            on_bad_rows: words::on_bad_rows(self.on_bad_rows.as_deref().unwrap_or("error"))?,
            row_number: self.row_number,
        })
    }

    pub(crate) fn related(self) -> Result<LoadRelated, cvm::Error> {
        Ok(LoadRelated {
            name: self.name.unwrap_or_default(),
            customer: self.customer.unwrap_or_default(),
            table: self.table,
            types: words::types(self.types.unwrap_or_default())?,
            on_bad_rows: words::on_bad_rows(self.on_bad_rows.as_deref().unwrap_or("error"))?,
        })
    }

    pub(crate) fn events(self) -> Result<LoadEvents, cvm::Error> {
        Ok(LoadEvents {
            customer: self.customer.unwrap_or_default(),
            name: EventName::ColumnOrKind(self.name.unwrap_or_default()),
            time: self.time.unwrap_or_default(),
            table: self.table,
            types: words::types(self.types.unwrap_or_default())?,
            on_bad_rows: words::on_bad_rows(self.on_bad_rows.as_deref().unwrap_or("error"))?,
        })
    }
}

/// Which rows and columns, in which order.
#[napi(object)]
#[derive(Default)]
pub struct PreviewOptions {
    pub limit: Option<i64>,
    pub offset: Option<i64>,
    pub columns: Option<Vec<String>>,
    /// Columns and directions, in turn.
    pub order_by: Option<Vec<Vec<String>>>,
}

impl PreviewOptions {
    pub(crate) fn read(self) -> Result<Preview, cvm::Error> {
        let mut order = Vec::new();
        for term in self.order_by.unwrap_or_default() {
            let mut parts = term.into_iter();
            if let (Some(column), word) = (parts.next(), parts.next()) {
                order.push((column, words::direction(word.as_deref().unwrap_or("asc"))?));
            }
        }
        Ok(Preview {
            columns: self.columns.unwrap_or_default(),
            order,
            limit: self.limit.map_or(10, i64::unsigned_abs),
            offset: self.offset.map_or(0, i64::unsigned_abs),
        })
    }
}

/// How a statement is made.
#[napi(object)]
pub struct StatementOptions {
    pub dialect: String,
    pub statement: Option<String>,
    pub parameters: Option<bool>,
    pub into: Option<String>,
    pub placeholders: Option<String>,
    pub materialized: Option<bool>,
    pub clock: Option<String>,
    pub preview: PreviewOptions,
}

impl StatementOptions {
    pub(crate) fn read(self) -> Result<SqlOptions, cvm::Error> {
        let word = self.statement.as_deref().unwrap_or("members");
        let statement = words::statement(word, self.preview.read()?, self.into.as_deref())?;
        let placeholders = self.placeholders.as_deref().map(str::parse).transpose()?;
        let parameters = self.parameters.unwrap_or(true);
        let materialized = self.materialized.unwrap_or(false);
        let clock = words::clock(self.clock.as_deref().unwrap_or("frozen"))?;
        Ok(SqlOptions {
            parameters,
            placeholders,
            materialized,
            clock,
            ..SqlOptions::new(self.dialect.parse()?, statement)
        })
    }
}
