//! SQL conditions as filters, with SQL's own three-valued meaning.
//!
//! [`from_sql`] reads a `WHERE` clause, or a `SELECT` from one table, and gives the filter that selects exactly the rows
//! for which the condition is *true*: not those for which it is false, and not those for which it is unknown. So
//! `x <> 3` becomes `x != 3 without missing`. For every part of the condition two filters are kept, where it is true and
//! where it is false; what neither selects is unknown. `NOT` swaps them, `AND` and `OR` combine them, and nothing has
//! to be guessed.
//!
//! What has no filter of exactly the same meaning is refused, with its place. The table of what imports is in
//! `docs/sql-import.md`.
//!
//! # What the text does not say
//!
//! A condition means something only together with settings of its database that the text does not hold. These are taken
//! as follows, and never otherwise:
//!
//! - **Texts compare by code point**, as filters do: `=`, `<`, `IN` and `LIKE` as if the column had a binary collation
//!   (`utf8mb4_bin`, `"C"`). A database whose column has a collation that ignores case, accents or trailing spaces
//!   (MySQL, MariaDB and SQL Server by default) selects more. Without this nothing would import from them. SQLite's
//!   `LIKE`, which ignores the case of ASCII letters whatever the column, keeps that meaning.
//! - **Sessions are in UTC**: a time without an offset is in UTC, a date beside a timestamp is its midnight in UTC.
//!   `CURRENT_DATE`, and steps of whole months, import where the catalog's zone is UTC too.
//! - **NaN is missing**, as everywhere in CVM.
//! - `now()` is the instant of evaluation.
//! - **Whole numbers do not overflow**: `x + 1 > 5` is `x > 4`. Dialects in which sums wrap round silently refuse it.

mod arithmetic;
mod case;
mod column;
mod compare;
mod dialect;
mod eval;
mod function;
mod json;
mod like;
mod list;
mod literal;
mod lower;
mod membership;
mod number;
mod regex;
mod relative;
mod scalar;
mod scope;
mod source;
mod statement;
mod time;
mod truth;

use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Filter, Limits};

pub use dialect::ImportDialect;

use eval::Importer;
use source::Source;

/// One finding, or what was looked for.
type Found<T> = Result<T, Box<Diagnostic>>;

/// Reads a `WHERE` clause, or a `SELECT` from one table, as a filter that selects the rows for which it is true.
///
/// Without a dialect the text is read as generic SQL. With a catalog, names must be fields of its customers, literals
/// get the types of the fields that they meet, and the filter passes [`check`](fn@cvm_core::check); without one, names
/// and literals are taken as written.
///
/// # Errors
/// [`Code::TextSyntax`] where the text is not SQL of the dialect, [`Code::NotSupported`] at the construct that no filter
/// says exactly, [`Code::UnknownField`] at a name that the catalog does not have, the findings of a check at literals,
/// [`Code::SizeLimit`] and [`Code::DepthLimit`]. Each has its place in the text.
///
/// ```
/// use cvm_core::{Catalog, Code};
/// use cvm_sql::{ImportDialect, from_sql};
///
/// let filter = from_sql("x <> 3 AND NOT (y > 1)", None, None)?;
/// assert_eq!(filter.to_string(), "x != 3 without missing and y <= 1");
///
/// let catalog = Catalog::from_json(r#"{"customers": {"table": "crm.customers", "key": "id", "fields": [
///     {"name": "id", "type": "int", "nullable": false},
///     {"name": "city", "type": "string"},
///     {"name": "spent", "type": "decimal(10,2)"}]}}"#)?;
/// let text = "SELECT * FROM crm.customers AS c WHERE c.City LIKE 'Par%' AND c.spent + 0 > 100.50";
/// let found = from_sql(text, Some(ImportDialect::PostgreSql), Some(&catalog)).expect_err("decimals are not added");
/// assert_eq!(found.0[0].code, Code::NotSupported);
/// assert_eq!(found.0[0].span.map(|span| (span.line, span.column)), Some((1, 63)));
///
/// let filter = from_sql("city LIKE 'Par%' AND spent > 100.50", Some(ImportDialect::PostgreSql), Some(&catalog))?;
/// assert_eq!(filter.to_string(), "city starts with 'Par' and spent > '100.50'");
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
pub fn from_sql(text: &str, dialect: Option<ImportDialect>, catalog: Option<&Catalog>) -> Result<Filter, Diagnostics> {
    let dialect = dialect.unwrap_or_default();
    let source = Source::new(text);
    let tokens = source.tokens(dialect)?;
    // The parser, the walk and the release of its tree go as deep as the text is nested, and long chains of operators
    // are deep trees: they get a stack that is sure to hold them, whatever is left of the caller's.
    let stack = source::stack_for(tokens.len());
    std::thread::scope(|scope| {
        let work = || import(&source, tokens, dialect, catalog).map_err(|found| Diagnostics::from(*found));
        let worker = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, work);
        match worker.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            _ => Err(Diagnostic::error(Code::SizeLimit, "", "there is no memory to read a text of this size").into()),
        }
    })
}

fn import(
    source: &Source<'_>,
    tokens: Vec<sqlparser::tokenizer::TokenWithSpan>,
    dialect: ImportDialect,
    catalog: Option<&Catalog>,
) -> Found<Filter> {
    let parsed = statement::parse(source, tokens, dialect)?;
    let scope = scope::Scope::new(source, dialect, catalog, parsed.table)?;
    let importer = Importer::new(source, dialect, catalog, scope);
    let filter = match &parsed.condition {
        Some(condition) => importer.condition(condition)?,
        None => Filter::Everyone,
    };
    within_limits(filter, catalog)
}

/// The filter, if it is not larger than filters may be; with a catalog, if it passes every check.
fn within_limits(filter: Filter, catalog: Option<&Catalog>) -> Found<Filter> {
    let limits = Limits::default();
    if truth::depth(&filter) > limits.depth {
        let message = format!("the condition becomes a filter nested deeper than {} filters", limits.depth);
        return Err(Box::new(Diagnostic::error(Code::DepthLimit, "", message)));
    }
    if filter.node_count() > limits.nodes {
        let message = format!("the condition becomes a filter of more than {} nodes", limits.nodes);
        let finding = Diagnostic::error(Code::SizeLimit, "", message)
            .help("say conditions on many values as one, with `IN`, or put the customers into a list");
        return Err(Box::new(finding));
    }
    if let Some(catalog) = catalog
        && let Err(found) = cvm_core::check(&filter, catalog)
        && let Some(first) = found.0.into_iter().next()
    {
        return Err(Box::new(Diagnostic { path: String::new(), ..first }));
    }
    Ok(filter)
}
