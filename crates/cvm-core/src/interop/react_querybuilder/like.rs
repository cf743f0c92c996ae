//! `LIKE` as `formatQuery` writes it: the value goes into the pattern as it is, so `%` and `_` in it are wildcards.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Operator;

/// Where the text is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Inside,
    Start,
    End,
}

/// What a pattern comes to.
#[derive(Debug, PartialEq)]
pub(super) enum Like {
    /// Any text.
    Any,
    /// An operator and its text.
    Text(Operator, String),
}

/// The meaning of `LIKE` with this value. Wildcards inside become a regular expression.
pub(super) fn like(place: Place, value: &str, path: &Path<'_>, out: &mut Diagnostics) -> Option<Like> {
    if value.contains('\\') {
        let message = format!("the backslash in `{value}` escapes wildcards in some databases and not in others");
        out.push(Diagnostic::error(Code::NotSupported, path.pointer(), message));
        return None;
    }
    let open_start = place != Place::Start || value.starts_with('%');
    let open_end = place != Place::End || value.ends_with('%');
    let body = value.trim_matches('%');
    if body.is_empty() && open_start && open_end {
        return Some(Like::Any);
    }
    if !body.contains(['%', '_']) {
        let op = match (open_start, open_end) {
            (true, true) => Operator::Contains,
            (false, _) => Operator::StartsWith,
            (true, false) => Operator::EndsWith,
        };
        // `LIKE '%'` with nothing else is open on both sides, whatever the place.
        return Some(if body.is_empty() { Like::Any } else { Like::Text(op, body.to_owned()) });
    }
    let mut pattern = String::from(if open_start { "" } else { "^" });
    let mut before = ' ';
    for c in body.chars() {
        match c {
            '%' if before == '%' => {}
            '%' => pattern.push_str("(.|\n)*"),
            '_' => pattern.push_str("(.|\n)"),
            c => pattern.push_str(&regex_syntax::escape(c.encode_utf8(&mut [0; 4]))),
        }
        before = c;
    }
    pattern.push_str(if open_end { "" } else { "$" });
    Some(Like::Text(Operator::Matches, pattern))
}
