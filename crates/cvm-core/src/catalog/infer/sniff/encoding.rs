//! Encodings: byte order marks, then validity.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As nearly everything is.
    Utf8,
    /// Windows "Unicode".
    Utf16Le,
    /// UTF-16 with the high byte first.
    Utf16Be,
    /// Western European, a superset of Latin-1.
    Windows1252,
}

impl Encoding {
    const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// The name, as the WHATWG has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    fn rs(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        }
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        self.rs().decode_without_bom_handling(bytes).0
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Encoding {
    type Err = String;

    /// Knows the labels of the WHATWG: `utf8`, `latin1`, `iso-8859-1`, `cp1252`, …
    ///
    /// # Errors
    /// A message that lists the encodings.
    fn from_str(label: &str) -> Result<Self, String> {
        let found = encoding_rs::Encoding::for_label(label.as_bytes());
        Self::ALL.into_iter().find(|encoding| Some(encoding.rs()) == found).ok_or_else(|| {
            format!("`{label}` is no encoding that can be read; these are utf-8, utf-16le, utf-16be, windows-1252")
        })
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The encoding and the length of its byte order mark.
pub(super) fn detect(sample: &[u8], hint: Option<Encoding>) -> (Encoding, usize) {
    let marks: [(&[u8], Encoding); 3] =
        [(b"\xef\xbb\xbf", Encoding::Utf8), (b"\xff\xfe", Encoding::Utf16Le), (b"\xfe\xff", Encoding::Utf16Be)];
    let marked = marks.into_iter().find(|(mark, _)| sample.starts_with(mark));
    match (hint, marked) {
        (None, Some((mark, encoding))) => (encoding, mark.len()),
        (Some(hint), Some((mark, encoding))) if hint == encoding => (hint, mark.len()),
        (Some(hint), _) => (hint, 0),
        (None, None) => (unmarked(sample), 0),
    }
}

fn unmarked(sample: &[u8]) -> Encoding {
    // Names and numbers in UTF-16 are every other byte zero.
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd > sample.len() / 4 && even == 0 {
        return Encoding::Utf16Le;
    }
    if even > sample.len() / 4 && odd == 0 {
        return Encoding::Utf16Be;
    }
    match std::str::from_utf8(sample) {
        Ok(_) => Encoding::Utf8,
        // The end of the sample may cut a character.
        Err(error) if error.error_len().is_none() => Encoding::Utf8,
        Err(_) => Encoding::Windows1252,
    }
}
