//! Statements that put members somewhere: into a table, behind a view, into a dbt project.

use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter};
use sqlparser::ast;

use crate::Dialect;
use crate::build::table_marker;
use crate::dialect::quoted_name;

/// A table that members are inserted into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name, with dots between schema and table.
    pub table: String,
    /// The column for the keys; the name of the customers' key if absent.
    pub column: Option<String>,
}

/// `INSERT INTO table (column) SELECT …`.
pub(crate) fn insert(
    target: &Target,
    members: &ast::Query,
    catalog: &Catalog,
    dialect: Dialect,
) -> Result<String, Diagnostics> {
    let table = name(&target.table, dialect)?;
    let column = name_part(target.column.as_deref().unwrap_or(&catalog.customers.key), dialect)?;
    Ok(format!("INSERT INTO {table} ({column}) {members}"))
}

/// `CREATE VIEW name AS SELECT …`.
pub(crate) fn view(view: &str, members: &ast::Query, dialect: Dialect) -> Result<String, Diagnostics> {
    Ok(format!("CREATE VIEW {} AS {members}", name(view, dialect)?))
}

/// A dbt model. Tables named `schema.table` are its sources, others are models.
pub(crate) fn dbt_model(members: &ast::Query, filter: &Filter, tables: &[String]) -> String {
    // What looks like a template in the text itself, in a value or a name, must come out as it is.
    let mut sql = members.to_string().replace('{', "{{ '{' }}");
    for (number, table) in tables.iter().enumerate() {
        let reference = match table.rsplit_once('.') {
            None => format!("{{{{ ref({}) }}}}", jinja(table)),
            // Of database.schema.table, dbt's source is the schema; the database is set in its description.
            Some((schema, table)) => {
                let schema = schema.rsplit('.').next().unwrap_or(schema);
                format!("{{{{ source({}, {}) }}}}", jinja(schema), jinja(table))
            }
        };
        sql = sql.replace(&table_marker(number), &reference);
    }
    let said = filter.to_string().replace("#}", "# }").replace("{#", "{ #");
    format!("{{{{ config(materialized='view') }}}}\n{{# {said} #}}\n{sql}\n")
}

/// A text in a Jinja expression.
fn jinja(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

/// A name with dots between its parts, quoted.
fn name(name: &str, dialect: Dialect) -> Result<String, Diagnostics> {
    let parts: Vec<String> = name.split('.').map(|part| name_part(part, dialect)).collect::<Result<_, _>>()?;
    Ok(parts.join("."))
}

fn name_part(name: &str, dialect: Dialect) -> Result<String, Diagnostics> {
    if name.is_empty() || name.contains('\0') {
        return Err(Diagnostic::error(Code::InvalidValue, "", format!("`{name}` is no name for a table or column"))
            .help("give a name such as `vip_customers`, with a dot after a schema")
            .into());
    }
    Ok(quoted_name(name, dialect))
}
