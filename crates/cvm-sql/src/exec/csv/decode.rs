//! Bytes in any encoding as UTF-8, streaming.

use std::fs::File;
use std::io::{self, Read};

use cvm_core::catalog::infer::Encoding;
use encoding_rs::{Decoder, DecoderResult};

const CHUNK: usize = 1 << 16;

/// The row after the last one. Where a quote is never closed it ends up in a text, which is how that is noticed; files
/// with zero bytes are refused before.
pub(super) const END: &str = "\0end of file\0";

/// A file as UTF-8 text, and then the row [`END`]. UTF-8 itself passes unchecked: the reader of rows checks it, and knows the line.
pub(super) struct Decoded {
    file: File,
    /// Bytes of the file that were read.
    bytes: u64,
    /// What is still to be said after the file's own text.
    tail: Vec<u8>,
    transcode: Option<Transcode>,
}

struct Transcode {
    decoder: Decoder,
    input: Box<[u8]>,
    /// The part of `input` that is not decoded yet.
    pending: std::ops::Range<usize>,
    ended: bool,
    /// The decoder has said its last, and must not be asked again.
    finished: bool,
    lines: u64,
}

impl Decoded {
    /// `line_end` ends the last line of a file that does not end it.
    pub(super) fn new(file: File, encoding: Encoding, line_end: u8) -> Self {
        let encoding = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252),
        };
        let transcode = encoding.map(|encoding| Transcode {
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; CHUNK].into(),
            pending: 0..0,
            ended: false,
            finished: false,
            lines: 1,
        });
        Self { file, bytes: 0, tail: [&[line_end], END.as_bytes()].concat(), transcode }
    }

    /// Bytes of the file that were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.transcode {
            None => {
                let count = self.file.read(out)?;
                self.bytes += count as u64;
                count
            }
            Some(transcode) => transcode.read(&mut self.file, &mut self.bytes, out)?,
        };
        if count > 0 || self.tail.is_empty() {
            return Ok(count);
        }
        let count = self.tail.len().min(out.len());
        for (to, from) in out.iter_mut().zip(self.tail.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }
}

impl Transcode {
    fn read(&mut self, file: &mut File, bytes: &mut u64, out: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            if self.pending.is_empty() && !self.ended {
                let count = file.read(&mut self.input)?;
                *bytes += count as u64;
                self.pending = 0..count;
                self.ended = count == 0;
            }
            let input = self.input.get(self.pending.clone()).unwrap_or(&[]);
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(input, out, self.ended);
            self.pending.start += read;
            self.finished = self.ended && result == DecoderResult::InputEmpty;
            let written_text = out.get(..written).unwrap_or(&[]);
            self.lines += written_text.iter().filter(|b| **b == b'\n').count() as u64;
            if let DecoderResult::Malformed(..) = result {
                let encoding = self.decoder.encoding().name().to_lowercase();
                let message = format!("line {} has bytes that are no character in {encoding}", self.lines);
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            // Output that is too short for one character does not happen: the caller's buffer is long.
            if written > 0 || result == DecoderResult::OutputFull {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
