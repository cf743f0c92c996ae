//! The findings about a column, in words.

use super::guess::Guess;
use super::reader::Form;
use super::tally::{BadRow, BadRows};
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// A warning names fewer values than an error, which someone has to repair.
const NAMED_IN_WARNINGS: usize = 3;

/// The column has no value at all.
pub(super) fn no_values(name: &str) -> Diagnostic {
    warning(format!("column `{name}` has no values, so it is taken as text"))
        .help("declare its type if it will have values of another type")
}

/// A few values kept the column from having a type.
pub(super) fn nearly(name: &str, guess: &Guess, values: u64) -> Diagnostic {
    let misfits = &guess.misfits;
    let ty = &guess.ty;
    let verb = if misfits.count == 1 { "does" } else { "do" };
    warning(format!(
        "column `{name}` is taken as text: all but {} of its {values} values are {}, {} {verb} not fit",
        misfits.count,
        plural(ty),
        listed(misfits, NAMED_IN_WARNINGS),
    ))
    .help(format!(
        "if it should be {ty}, fix these values, or declare its type as {ty} to have them treated as bad rows"
    ))
}

/// Whole numbers were written with an exponent.
pub(super) fn exponents(name: &str, exponents: &BadRows) -> Diagnostic {
    let listed = listed(exponents, NAMED_IN_WARNINGS);
    warning(format!("column `{name}` has whole numbers written with an exponent, {} in all: {listed}", exponents.count))
        .help("if a spreadsheet wrote them, digits are lost: export the column again as text or as plain numbers")
}

/// Two readings fit the same values.
pub(super) fn ambiguous(name: &str, guess: &Guess, declared: bool) -> Diagnostic {
    let (what, help) = match (&guess.form, declared) {
        (Form::Date(_) | Form::Timestamp { .. }, _) => (
            "no value tells whether the day or the month comes first",
            "set `day_first` to true (31/12/2024) or false (12/31/2024), or write dates as 2024-12-31",
        ),
        (_, false) => (
            "no value tells whether `,` groups thousands or begins the fraction",
            "write numbers as 1234.56, or declare the column as string if it should stay text",
        ),
        (_, true) => ("no value tells whether `,` groups thousands or begins the fraction", "write numbers as 1234.56"),
    };
    if declared {
        Diagnostic::error(Code::CatalogType, "", format!("column `{name}` can't be read as {}: {what}", guess.ty))
            .help(help)
    } else {
        // `1,234` and `5,678` may not be whole numbers.
        let kind = if guess.form.notation().is_some() { "numbers" } else { plural(&guess.ty) };
        warning(format!("column `{name}` is taken as text, although it looks like {kind}: {what}")).help(help)
    }
}

/// Rows hold values that don't fit.
pub(super) fn bad_rows(name: &str, ty: &FieldType, bad: &BadRows) -> Diagnostic {
    let verb = if bad.count == 1 { "does" } else { "do" };
    Diagnostic::error(
        Code::BadRows,
        "",
        format!("{} of {} values in column `{name}` {verb} not fit its type {ty}: {}", bad.count, bad.of, listed(bad, bad.first.len())),
    )
    .help(
        "fix these rows, declare the column's type as string, or load with `on_bad_rows` = \"skip\" (drops these rows) or \
         \"missing\" (makes these values missing)",
    )
}

fn warning(message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..Diagnostic::error(Code::CatalogType, "", message) }
}

/// The first misfits with their places, and how many more there are.
fn listed(bad: &BadRows, named: usize) -> String {
    let one = |row: &BadRow| format!("`{}` (line {}, row {})", row.text, row.at.line, row.at.row);
    let named: Vec<&BadRow> = bad.first.iter().take(named).collect();
    let mut out = named.iter().copied().map(one).collect::<Vec<_>>().join(", ");
    let more = bad.count.saturating_sub(u64::try_from(named.len()).unwrap_or(u64::MAX));
    if more > 0 {
        out.push_str(&format!(" and {more} more"));
    }
    out
}

fn plural(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Bool => "true or false",
        FieldType::Int => "whole numbers",
        FieldType::Float | FieldType::Decimal { .. } => "numbers",
        FieldType::String => "texts",
        FieldType::Date => "dates",
        FieldType::Timestamp => "timestamps",
        FieldType::List(_) => "lists",
        FieldType::Json => "JSON",
    }
}
