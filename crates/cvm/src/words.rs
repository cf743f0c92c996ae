//! The words of options, as bindings, servers and command lines hand them over.

use cvm_core::{Code, Diagnostic, FieldType};
use cvm_sql::exec::csv::OnBadRows;
use cvm_sql::{Direction, Preview, Statement};

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

/// A statement: `members`, `count` or `preview`.
///
/// # Errors
/// Another word.
pub fn statement(word: &str, preview: Preview) -> Result<Statement, Error> {
    let known =
        [("members", Statement::Members), ("count", Statement::Count), ("preview", Statement::Preview(preview))];
    pick("statement", word, known)
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
