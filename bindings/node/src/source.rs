//! Where rows come from: a path, or the bytes of an Arrow IPC stream or file.

use std::io::Cursor;
use std::path::PathBuf;

use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use cvm::{Code, Diagnostic};
use napi::bindgen_prelude::{Either, Uint8Array};

/// How an Arrow IPC file begins; a stream never does.
const FILE_MAGIC: &[u8] = b"ARROW1";

/// A source that was asked for but not yet read.
pub(crate) enum Source {
    File(PathBuf),
    Ipc(Vec<u8>),
}

impl From<Either<String, Uint8Array>> for Source {
    fn from(given: Either<String, Uint8Array>) -> Self {
        match given {
            Either::A(path) => Self::File(path.into()),
            // A copy: JavaScript may write to its bytes while they are read.
            Either::B(bytes) => Self::Ipc(bytes.to_vec()),
        }
    }
}

impl Source {
    /// Reads the bytes. Not for JavaScript's thread.
    pub(crate) fn read(self) -> Result<cvm::Source, cvm::Error> {
        match self {
            Self::File(path) => Ok(cvm::Source::File(path)),
            Self::Ipc(bytes) => decode(bytes).map_err(|error| {
                Diagnostic::error(Code::SourceKind, "", format!("the bytes are no Arrow IPC stream or file: {error}"))
                    .into()
            }),
        }
    }
}

fn decode(bytes: Vec<u8>) -> Result<cvm::Source, ArrowError> {
    if bytes.starts_with(FILE_MAGIC) {
        let reader = FileReader::try_new(Cursor::new(bytes), None)?;
        Ok(cvm::Source::Batches(reader.schema(), reader.collect::<Result<_, _>>()?))
    } else {
        let reader = StreamReader::try_new(Cursor::new(bytes), None)?;
        Ok(cvm::Source::Batches(reader.schema(), reader.collect::<Result<_, _>>()?))
    }
}
