//! Results as JSON that loses no digit. JavaScript reads every JSON number as a double, so a document with an integer
//! beyond 2^53 is written in a tagged form: `!`, then JSON in which every string value begins with `s`, and every such
//! integer is a string that begins with `n`. `lib/json.js` reads both forms.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::errors::failed;

/// The largest integer up to which doubles have no gaps.
const SAFE: u64 = (1 << 53) - 1;

/// The document, tagged only if it must be.
pub(crate) fn encode(value: &impl Serialize) -> Result<String, cvm::Error> {
    let mut plain = Plain { unsafe_seen: false };
    let text = write(value, &mut plain)?;
    if !plain.unsafe_seen {
        return Ok(text);
    }
    let tagged = write(value, &mut Tagged { in_key: false })?;
    Ok(format!("!{tagged}"))
}

fn write(value: &impl Serialize, formatter: impl Formatter) -> Result<String, cvm::Error> {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    value.serialize(&mut serializer).map_err(|error| failed(error.to_string()))?;
    String::from_utf8(out).map_err(|error| failed(error.to_string()))
}

/// Plain JSON, with an eye on integers that doubles can't hold.
struct Plain {
    unsafe_seen: bool,
}

impl Formatter for &mut Plain {
    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        self.unsafe_seen |= value.unsigned_abs() > SAFE;
        CompactFormatter.write_i64(writer, value)
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        self.unsafe_seen |= value > SAFE;
        CompactFormatter.write_u64(writer, value)
    }
}

/// The tagged form. Keys carry no tag: they are never numbers.
struct Tagged {
    in_key: bool,
}

impl Formatter for &mut Tagged {
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.in_key = true;
        CompactFormatter.begin_object_key(writer, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.in_key = false;
        CompactFormatter.end_object_key(writer)
    }

    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.in_key { b"\"" } else { b"\"s" })
    }

    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        match value.unsigned_abs() > SAFE {
            true => write!(writer, "\"n{value}\""),
            false => CompactFormatter.write_i64(writer, value),
        }
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        match value > SAFE {
            true => write!(writer, "\"n{value}\""),
            false => CompactFormatter.write_u64(writer, value),
        }
    }
}
