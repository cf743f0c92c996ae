//! Files that are no CSV, known by their first bytes.

use crate::diagnostic::{Code, Diagnostic};

const KINDS: &[(&[u8], &str, &str)] = &[
    (b"\x1f\x8b", "gzip-compressed", "decompress it first: gunzip file.csv.gz"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", "decompress it first: unzstd file.csv.zst"),
    (b"BZh", "bzip2-compressed", "decompress it first: bunzip2 file.csv.bz2"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "export it as CSV, or unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "export it as CSV"),
    (b"PAR1", "a Parquet file", "load it as Parquet"),
    (b"ARROW1", "an Arrow file", "load it as Arrow"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"%PDF", "a PDF document", "export the table as CSV"),
];

pub(super) fn other_than_text(sample: &[u8]) -> Option<Diagnostic> {
    let (_, kind, help) = KINDS.iter().find(|(magic, ..)| sample.starts_with(magic))?;
    Some(Diagnostic::error(Code::SourceKind, "", format!("the file is {kind}, not CSV")).help(*help))
}

pub(super) fn binary() -> Diagnostic {
    Diagnostic::error(Code::SourceKind, "", "the file is not text: it has zero bytes")
        .help("export it as CSV, or name its encoding if it is text")
}
