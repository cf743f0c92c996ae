//! One file: written with its checksum, mapped, checked.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use arrow::buffer::Buffer;
use bytes::Bytes;
use crc32fast::Hasher;
use cvm_core::{Code, Diagnostic, Diagnostics};
use filebuffer::FileBuffer;

use super::manifest::Entry;

/// A file that is not what was saved.
pub(super) fn damaged(path: &Path, why: &dyn std::fmt::Display) -> Diagnostics {
    let message = format!("the file `{}` of the saved index is damaged: {why}", path.display());
    Diagnostic::error(Code::SourceKind, "", message).help(AGAIN).into()
}

const AGAIN: &str = "build the index from its tables and save it in a new folder, or take this folder from a copy";

/// Something that could not be written.
pub(super) fn unwritten(path: &Path, why: &dyn std::fmt::Display) -> Diagnostics {
    let message = format!("`{}` can't be written: {why}", path.display());
    Diagnostic::error(Code::Execution, "", message).into()
}

/// Makes a file, and waits until the disk has it.
pub(super) fn written<E: std::fmt::Display>(
    path: &Path,
    rows: Option<usize>,
    fill: impl FnOnce(&mut Tally) -> Result<(), E>,
) -> Result<Entry, Diagnostics> {
    let file = File::create_new(path).map_err(|error| unwritten(path, &error))?;
    let mut tally = Tally { file: BufWriter::new(file), hasher: Hasher::new(), bytes: 0 };
    fill(&mut tally).map_err(|error| unwritten(path, &error))?;
    let Tally { file, hasher, bytes } = tally;
    let file = file.into_inner().map_err(|error| unwritten(path, error.error()))?;
    file.sync_all().map_err(|error| unwritten(path, &error))?;
    Ok(Entry { bytes, crc32: hasher.finalize(), rows: rows.map(|rows| rows as u64) })
}

/// Counts and adds up what goes through.
pub(super) struct Tally {
    file: BufWriter<File>,
    hasher: Hasher,
    bytes: u64,
}

impl Write for Tally {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.file.write(data)?;
        self.hasher.update(data.get(..written).unwrap_or(data));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The bytes of a file, which must be those that were written.
pub(super) fn bytes(path: &Path, entry: &Entry, copied: bool) -> Result<Buffer, Diagnostics> {
    let opened = if copied {
        std::fs::read(path).map(Buffer::from_vec)
    } else {
        FileBuffer::open(path).map(|file| Buffer::from(Bytes::from_owner(file)))
    };
    let bytes = opened.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::NotFound => "is missing".to_owned(),
            _ => format!("can't be read: {error}"),
        };
        let message = format!("the file `{}` of the saved index {why}", path.display());
        Diagnostics::from(Diagnostic::error(Code::SourceNotFound, "", message).help(AGAIN))
    })?;
    if bytes.len() as u64 != entry.bytes {
        return Err(damaged(path, &format!("it has {} bytes where {} were saved", bytes.len(), entry.bytes)));
    }
    if crc32fast::hash(&bytes) != entry.crc32 {
        return Err(damaged(path, &"its bytes are not those that were saved"));
    }
    Ok(bytes)
}

/// Waits until the disk knows what is in a folder.
pub(super) fn settled(folder: &Path) -> Result<(), Diagnostics> {
    // Other systems do not open folders, and keep their entries by themselves.
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| unwritten(folder, &error))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
