//! The batch of a file, without a copy.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::error::ArrowError;
use arrow::ipc::convert::fb_to_schema;
use arrow::ipc::reader::{FileDecoder, read_footer_length};
use arrow::ipc::{Block, root_as_footer};

/// The one batch of a file.
pub(super) fn batch(file: &Buffer) -> Result<RecordBatch, ArrowError> {
    let bytes = file.as_slice();
    let (before, end) = bytes.split_last_chunk::<10>().ok_or_else(|| strange("it has no end"))?;
    let footer = before.len().checked_sub(read_footer_length(*end)?).and_then(|from| before.get(from..));
    let footer = root_as_footer(footer.ok_or_else(|| strange("its end is too long"))?)
        .map_err(|error| ArrowError::ParseError(error.to_string()))?;
    let schema = footer.schema().ok_or_else(|| strange("it has no schema"))?;
    let mut decoder = FileDecoder::new(Arc::new(fb_to_schema(schema)), footer.version()).with_require_alignment(true);
    for block in footer.dictionaries().iter().flatten() {
        decoder.read_dictionary(block, &part(file, block)?)?;
    }
    let batches = footer.recordBatches().ok_or_else(|| strange("it has no rows"))?;
    match (batches.len(), batches.iter().next()) {
        (1, Some(block)) => {
            decoder.read_record_batch(block, &part(file, block)?)?.ok_or_else(|| strange("it has no rows"))
        }
        _ => Err(strange("it has several batches of rows")),
    }
}

/// The bytes of a block.
fn part(file: &Buffer, block: &Block) -> Result<Buffer, ArrowError> {
    let place = || {
        let from = usize::try_from(block.offset()).ok()?;
        let head = usize::try_from(block.metaDataLength()).ok()?;
        let len = usize::try_from(block.bodyLength()).ok()?.checked_add(head)?;
        (from.checked_add(len)? <= file.len()).then(|| file.slice_with_length(from, len))
    };
    place().ok_or_else(|| strange("a part lies outside of it"))
}

fn strange(why: &str) -> ArrowError {
    ArrowError::IpcError(why.to_owned())
}
