//! Rows with their places.

use csv::{ErrorKind, ReaderBuilder, StringRecord, Terminator};
use cvm_core::catalog::infer::RowAt;
use cvm_core::{Code, Diagnostic, Diagnostics};

use super::decode::{Decoded, END};
use super::source::Source;

/// The rows of one pass.
pub(super) struct Rows {
    reader: csv::Reader<Decoded>,
    record: StringRecord,
    line_end: u8,
    /// Rows so far, the header among them.
    rows: u64,
    line: u64,
}

impl Rows {
    pub(super) fn new(source: &Source) -> Result<Self, Diagnostics> {
        // The crate's own `\r\n` mode stops between the two characters, which puts its line numbers one off. So `\n`
        // ends rows here, and a `\r` before it is taken off below.
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(source.format.delimiter)
            .quote(source.format.quote)
            .terminator(Terminator::Any(source.line_end))
            .buffer_capacity(1 << 16)
            .from_reader(source.text()?);
        Ok(Self { reader, record: StringRecord::new(), line_end: source.line_end, rows: 0, line: 0 })
    }

    /// Reads the next row; false at the end. Empty lines are skipped.
    ///
    /// # Errors
    /// When the file can't be read, not as text, or has a quote that is never closed.
    pub(super) fn advance(&mut self) -> Result<bool, Diagnostics> {
        loop {
            let start = self.reader.position().line();
            match self.reader.read_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => return Err(self.failed(&error).into()),
            }
            if self.record.as_slice().ends_with(END) {
                return if self.record.len() == 1 && self.record.get(0) == Some(END) {
                    Ok(false)
                } else {
                    Err(self.unclosed().into())
                };
            }
            self.rows += 1;
            self.line = self.line_from(start);
            // What is left of an empty line before `\r\n`.
            if self.record.len() == 1 && self.record.get(0) == Some("\r") {
                self.rows -= 1;
                continue;
            }
            return Ok(true);
        }
    }

    /// The line on which the row begins, when the reader stood at `start` before it.
    #[inline]
    fn line_from(&self, start: u64) -> u64 {
        if self.line_end == b'\r' {
            return self.rows;
        }
        let end = self.reader.position().line();
        if end <= start + 1 {
            return start;
        }
        // Empty lines before the row or line breaks in it: count back from its end.
        end.saturating_sub(self.line_breaks() + 1).max(1)
    }

    fn line_breaks(&self) -> u64 {
        self.record.as_slice().bytes().filter(|b| *b == b'\n').count() as u64
    }

    /// Columns of the row.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.record.len()
    }

    /// The texts of the row.
    #[inline]
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let last = self.record.len().saturating_sub(1);
        self.record.iter().enumerate().map(move |(at, text)| match text.strip_suffix('\r') {
            Some(stripped) if at == last => stripped,
            _ => text,
        })
    }

    /// One text of the row.
    pub(super) fn text(&self, column: usize) -> &str {
        self.texts().nth(column).unwrap_or("")
    }

    /// Where the row stands; `before` rows were no data.
    #[inline]
    pub(super) fn at(&self, before: u64) -> RowAt {
        RowAt { line: self.line, row: self.rows.saturating_sub(before) }
    }

    /// Whether the row has a text with a line break: a quote that was never closed makes one.
    pub(super) fn has_line_break(&self) -> bool {
        self.line_breaks() > 0
    }

    /// Bytes of the file that were read.
    pub(super) fn bytes(&self) -> u64 {
        self.reader.get_ref().bytes()
    }

    #[cold]
    fn unclosed(&self) -> Diagnostic {
        let line = match self.line_end {
            b'\r' => self.rows + 1,
            _ => self.reader.position().line().saturating_sub(self.line_breaks()).max(1),
        };
        Diagnostic::error(Code::TableShape, "", format!("a quote opens in the row of line {line} and is never closed"))
            .help("close it, double it if it is part of the text, or set `quote` if texts stand in other quotes")
    }

    fn failed(&self, error: &csv::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::Utf8 { pos, err } => {
                let line = pos.as_ref().map_or(0, csv::Position::line);
                Diagnostic::error(
                    Code::TableShape,
                    "",
                    format!("line {line}, column {} has bytes that are no character in utf-8", err.field() + 1),
                )
                .help("set `encoding` to windows-1252 if the file is from Excel or Windows, or save it as UTF-8")
            }
            ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => {
                Diagnostic::error(Code::TableShape, "", io.to_string())
                    .help("set `encoding`, or save the file as UTF-8")
            }
            _ => Diagnostic::error(Code::Execution, "", format!("reading failed after line {}: {error}", self.line)),
        }
    }
}
