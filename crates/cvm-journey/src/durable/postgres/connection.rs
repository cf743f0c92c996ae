//! A connection that is made again when it broke, and its prepared statements.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use postgres::types::ToSql;
use postgres::{Client, Row, Statement};

use super::super::error::StoreError;
use super::schema;

/// How a connection is made.
pub(super) type Connect = Box<dyn Fn() -> Result<Client, postgres::Error> + Send + Sync>;

/// A connection that is made again when it broke.
pub(super) struct Connection {
    connect: Connect,
    schema: String,
    open: Mutex<Option<Open>>,
}

/// A connection that works, as far as is known.
pub(super) struct Open {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl Connection {
    pub(super) const fn new(connect: Connect, schema: String) -> Self {
        Self { connect, schema, open: Mutex::new(None) }
    }

    /// Does something with the connection. Where it broke it is made again the next time: nobody knows whether what was
    /// under way was kept, so that it is not tried again here.
    pub(super) fn with<T>(
        &self,
        doing: &'static str,
        action: impl FnOnce(&mut Open) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        let wrong = |error: postgres::Error| StoreError::Database { doing, error: told(&error) };
        let mut held = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match &mut *held {
            Some(open) if !open.client.is_closed() => open,
            _ => {
                let mut client = (self.connect)().map_err(wrong)?;
                client.batch_execute(&schema::session(&self.schema)).map_err(wrong)?;
                held.insert(Open { client, statements: HashMap::new() })
            }
        };
        let done = action(open);
        if done.is_err() && open.client.is_closed() {
            *held = None;
        }
        done.map_err(wrong)
    }
}

impl Open {
    fn statement(&mut self, sql: &'static str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Rows of a question.
    pub(super) fn rows(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, postgres::Error> {
        let statement = self.statement(sql)?;
        self.client.query(&statement, values)
    }

    /// Carries out a statement, which is one commit, and says how many rows it touched.
    pub(super) fn execute(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, postgres::Error> {
        let statement = self.statement(sql)?;
        self.client.execute(&statement, values)
    }

    /// For several statements in one commit.
    pub(super) const fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// What a database says, as one sentence: its own words are hidden behind "db error" otherwise.
fn told(error: &postgres::Error) -> String {
    let Some(said) = error.as_db_error() else { return error.to_string() };
    let mut text = format!("{} ({})", said.message(), said.code().code());
    for more in [said.detail(), said.hint()].into_iter().flatten() {
        text.push_str(". ");
        text.push_str(more);
    }
    text
}
