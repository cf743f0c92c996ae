//! How a CSV file is written, from its first bytes.

mod delimiter;
mod encoding;
mod header;
mod kind;
mod quote;
mod split;

pub use encoding::Encoding;

use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// So many bytes from the start of a file are enough to sniff; a shorter sample is taken as the whole file.
pub const SNIFF_BYTES: usize = 1 << 18;

/// How a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CsvFormat {
    /// What stands between columns: `,`, `;`, tab or `|`, or whatever was asked for.
    pub delimiter: u8,
    /// What stands around texts: `"` or `'`.
    pub quote: u8,
    /// How characters are written as bytes.
    pub encoding: Encoding,
    /// Length of the byte order mark, which is not part of the text.
    pub bom_len: usize,
    /// Whether the first row has the names of the columns.
    pub header: bool,
}

/// What is known about a file before it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CsvHints {
    /// What stands between columns.
    pub delimiter: Option<u8>,
    /// What stands around texts.
    pub quote: Option<u8>,
    /// How characters are written as bytes.
    pub encoding: Option<Encoding>,
    /// Whether the first row has the names of the columns.
    pub header: Option<bool>,
}

/// How a file is written that begins with `sample`.
///
/// ```
/// use cvm_core::catalog::infer::{Encoding, sniff};
/// let format = sniff("id;total\n1;2,50\n2;10,00\n".as_bytes())?;
/// assert_eq!((format.delimiter, format.encoding), (b';', Encoding::Utf8));
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
///
/// # Errors
/// When the file is empty, is no text, or has no row with the names of its columns.
pub fn sniff(sample: &[u8]) -> Result<CsvFormat, Diagnostics> {
    sniff_with(sample, &CsvHints::default())
}

/// How a file is written that begins with `sample`, where some of it is known.
///
/// # Errors
/// As for [`sniff`]; a file without names is fine when `hints.header` says so.
pub fn sniff_with(sample: &[u8], hints: &CsvHints) -> Result<CsvFormat, Diagnostics> {
    if let Some(finding) = kind::other_than_text(sample) {
        return Err(finding.into());
    }
    let (encoding, bom_len) = encoding::detect(sample, hints.encoding);
    let decoded = encoding.decode(sample.get(bom_len..).unwrap_or(&[]));
    let text = if sample.len() < SNIFF_BYTES { &*decoded } else { whole_lines(&decoded) };
    if text.trim().is_empty() {
        return Err(Diagnostic::error(Code::TableShape, "", "the file is empty").into());
    }
    if text.contains('\0') {
        return Err(kind::binary().into());
    }
    let quote = hints.quote.unwrap_or_else(|| quote::detect(text));
    let delimiter = hints.delimiter.unwrap_or_else(|| delimiter::detect(text, quote));
    let header = match hints.header {
        Some(header) => header,
        None => header::required(text, delimiter, quote).map(|()| true)?,
    };
    Ok(CsvFormat { delimiter, quote, encoding, bom_len, header })
}

/// The text without the line that the end of the sample cut.
fn whole_lines(text: &str) -> &str {
    match text.rfind(['\n', '\r']) {
        Some(end) => text.get(..=end).unwrap_or(text),
        None => text,
    }
}
