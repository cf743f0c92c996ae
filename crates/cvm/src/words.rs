//! The words of options, as bindings, servers and command lines hand them over.

use cvm_core::{Code, Diagnostic, FieldType};
use cvm_sql::exec::csv::OnBadRows;
use cvm_sql::{Clock, Direction, Preview, Statement, Target};

use crate::Error;

/// What to do with bad rows: `error`, `skip` or `missing`.
///
/// # Errors
/// Another word.
///
/// ```
/// assert_eq!(cvm::words::on_bad_rows("skip")?, cvm::OnBadRows::Skip);
/// assert_eq!(cvm::words::on_bad_rows("skipp").unwrap_err().diagnostics().0[0].suggestion.as_deref(), Some("skip"));
/// # Ok::<(), cvm::Error>(())
/// ```
pub fn on_bad_rows(word: &str) -> Result<OnBadRows, Error> {
    pick(
        "way to treat bad rows",
        word,
        [("error", OnBadRows::Error), ("skip", OnBadRows::Skip), ("missing", OnBadRows::Missing)],
    )
}

/// A statement: `members`, `count`, `preview`, `funnel`, `dbt`, or `insert` and `view`, which go `into` a table or view.
///
/// # Errors
/// Another word; a name where none belongs, or none where one does.
///
/// ```
/// use cvm::{Preview, Statement, words};
/// let view = words::statement("view", Preview::first(10), Some("vips"))?;
/// assert_eq!(view, Statement::View("vips".into()));
/// assert!(words::statement("count", Preview::first(10), Some("vips")).is_err());
/// # Ok::<(), cvm::Error>(())
/// ```
pub fn statement(word: &str, preview: Preview, into: Option<&str>) -> Result<Statement, Error> {
    let name = into.unwrap_or_default().to_owned();
    let known = [
        ("members", Statement::Members),
        ("count", Statement::Count),
        ("preview", Statement::Preview(preview)),
        ("funnel", Statement::Funnel),
        ("insert", Statement::Insert(Target { table: name.clone(), column: None })),
        ("view", Statement::View(name)),
        ("dbt", Statement::DbtModel),
    ];
    let statement = pick("statement", word, known)?;
    match (matches!(statement, Statement::Insert(_) | Statement::View(_)), into) {
        (true, None) => Err(Diagnostic::error(Code::UnknownOption, "", format!("`{word}` needs a name to go into"))
            .help("say which table or view with `into`")
            .into()),
        (false, Some(_)) => Err(Diagnostic::error(
            Code::UnknownOption,
            "",
            format!("`{word}` goes into nothing, so it takes no `into`"),
        )
        .into()),
        _ => Ok(statement),
    }
}

/// By which clock times that move go: `frozen` at the engine's instant, or the `database`'s own.
///
/// # Errors
/// Another word.
pub fn clock(word: &str) -> Result<Clock, Error> {
    pick("clock", word, [("frozen", Clock::Frozen), ("database", Clock::Database)])
}

/// A direction of order: `asc` or `desc`.
///
/// # Errors
/// Another word.
pub fn direction(word: &str) -> Result<Direction, Error> {
    pick("direction", word, [("asc", Direction::Ascending), ("desc", Direction::Descending)])
}

/// Types of columns: `int`, `decimal(12,2)`, `list<string>`.
///
/// # Errors
/// The first type that is none.
pub fn types(declared: impl IntoIterator<Item = (String, String)>) -> Result<Vec<(String, FieldType)>, Error> {
    let read = |(column, ty): (String, String)| match ty.parse() {
        Ok(ty) => Ok((column, ty)),
        Err(message) => {
            let message = format!("the column `{column}`: {message}");
            Err(Diagnostic::error(Code::CatalogType, "", message).into())
        }
    };
    declared.into_iter().map(read).collect()
}

fn pick<T, const N: usize>(what: &str, word: &str, known: [(&'static str, T); N]) -> Result<T, Error> {
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    known.into_iter().find(|(name, _)| *name == word).map(|(_, value)| value).ok_or_else(|| {
        Diagnostic::error(Code::UnknownOption, "", format!("no {what} `{word}`"))
            .suggest_from(word, names.iter().copied())
            .into()
    })
}
