//! Does the first row have names? A file without them is refused, as guessed names would be worse.

use super::super::clock::Clock;
use super::super::day::{DateForm, parts};
use super::super::missing::missing;
use super::super::number::{Notation, parse};
use super::split;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Rows compared with the first.
const ROWS: usize = 200;

/// # Errors
/// When the first row looks like data.
pub(super) fn required(text: &str, delimiter: u8, quote: u8) -> Result<(), Diagnostics> {
    let mut names: Vec<String> = Vec::new();
    let mut recurring: Vec<bool> = Vec::new();
    let mut rows = 0;
    split::records(text, delimiter, quote, |fields| {
        if rows == 0 {
            names = fields.iter().map(|field| field.trim().to_owned()).collect();
            recurring = vec![false; names.len()];
        } else {
            for ((name, recurs), field) in names.iter().zip(&mut recurring).zip(fields) {
                *recurs |= !name.is_empty() && name == field.trim();
            }
        }
        rows += 1;
        rows < ROWS
    });
    let value = names.iter().find(|name| is_value(name)).map(|name| (name, "is a value, not a name"));
    // Names that recur all together are a header repeated, by someone who appended one file to another.
    let repeated = recurring.iter().all(|recurs| *recurs);
    let recurs = || {
        let (name, _) = names.iter().zip(&recurring).find(|(_, recurs)| **recurs && !repeated)?;
        Some((name, "stands in the rows below, too"))
    };
    match value.or_else(recurs) {
        None => Ok(()),
        Some((name, why)) => Err(Diagnostic::error(
            Code::TableShape,
            "",
            format!("the first row should have the names of the columns, but `{name}` {why}"),
        )
        .help("add a row with names, or set `header` to false (the columns are then column_1, column_2, …) or to true if these are the names")
        .into()),
    }
}

/// Numbers, dates, timestamps, truth values: nothing that a column is called.
fn is_value(text: &str) -> bool {
    let number = || {
        // Several numbers with spaces between them are data, too, if not of a kind that can be read.
        let numeric = |word: &str| Notation::ALL.into_iter().any(|notation| parse(word, notation).is_some());
        text.split_whitespace().all(numeric)
    };
    let date = || {
        parts(text.as_bytes()).is_some_and(|(parts, rest)| {
            DateForm::ALL.into_iter().any(|form| form.civil(parts).is_some())
                && (rest.is_empty() || Clock::parse(rest).is_some())
        })
    };
    let boolean = || text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    // A column without a name is reported later, as such.
    !text.is_empty() && (number() || date() || boolean() || missing(text, &[]).is_some() && text != "NA" && text != "?")
}
