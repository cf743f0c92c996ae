//! Rows that are longer or shorter than the first one.

use cvm_core::{Code, Diagnostic};

/// How many are named.
const NAMED: usize = 10;

/// Rows of another length.
pub(super) struct Misshapen {
    columns: usize,
    count: u64,
    /// Line and columns of the first ones.
    first: Vec<(u64, usize)>,
    /// The last of them has a line break in a text.
    line_break: bool,
}

impl Misshapen {
    pub(super) fn new(columns: usize) -> Self {
        Self { columns, count: 0, first: Vec::new(), line_break: false }
    }

    #[cold]
    pub(super) fn add(&mut self, line: u64, columns: usize, line_break: bool) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push((line, columns));
        }
        self.line_break = line_break;
    }

    /// The error, if there were any.
    pub(super) fn error(&self, delimiter: u8) -> Option<Diagnostic> {
        if self.count == 0 {
            return None;
        }
        let named: Vec<String> =
            self.first.iter().map(|(line, columns)| format!("line {line} has {columns}")).collect();
        let more = self.count.saturating_sub(named.len() as u64);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let rows = if self.count == 1 { "1 row doesn't" } else { &*format!("{} rows don't", self.count) };
        let quote = if self.line_break { "a quote may not be closed there; otherwise " } else { "" };
        Some(
            Diagnostic::error(
                Code::TableShape,
                "",
                format!("{rows} have the {} columns of the first row: {}{more}", self.columns, named.join(", ")),
            )
            .help(format!(
                "{quote}put texts that have a {} in quotes, or set `delimiter` if that is not what separates columns",
                called(delimiter)
            )),
        )
    }
}

fn called(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tab".to_owned(),
        other => format!("`{}`", char::from(other)),
    }
}
