//! The spellings of "no value".

/// Where a text counts as missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// In every column.
    Always,
    /// Everywhere but in columns of text, where it may well be a value.
    Typed,
}

/// Whether a trimmed text says that there is no value; `extra` spellings count in every column.
#[inline]
pub(super) fn missing(trimmed: &str, extra: &[String]) -> Option<Missing> {
    let built_in = match trimmed.as_bytes().first() {
        None => return Some(Missing::Always),
        // Nearly all values leave here.
        Some(b'0'..=b'9') => None,
        Some(_) if trimmed.len() > 4 => None,
        Some(_) => match trimmed {
            "NULL" | "null" | "\\N" => return Some(Missing::Always),
            "NA" | "N/A" | "n/a" | "#N/A" | "NaN" | "nan" | "None" | "none" | "nil" | "-" | "--" | "?" => {
                Some(Missing::Typed)
            }
            _ => None,
        },
    };
    if !extra.is_empty() && extra.iter().any(|spelling| spelling == trimmed) {
        return Some(Missing::Always);
    }
    built_in
}

/// The text without white space around it; cheap when there is none.
#[inline]
pub(super) fn trim(text: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_graphic());
    let bytes = text.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) { text } else { text.trim() }
}
