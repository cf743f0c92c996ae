//! The quote character: `"`, unless texts plainly stand in `'`.

/// `'` when no field begins with `"`, and at least two begin and end with `'`.
pub(super) fn detect(text: &str) -> u8 {
    let (mut double, mut single) = (0, 0);
    let is_edge = |c: Option<char>| c.is_none_or(|c| matches!(c, ',' | ';' | '\t' | '|' | '\n' | '\r'));
    let mut before = None;
    let mut chars = text.chars().peekable();
    // `'` must close what it opened: an apostrophe is no quote.
    let mut open = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if is_edge(before) => double += 1,
            '\'' if open && is_edge(chars.peek().copied()) => {
                open = false;
                single += 1;
            }
            '\'' if is_edge(before) => open = true,
            '\n' => open = false,
            _ => {}
        }
        before = Some(c);
    }
    if double == 0 && single >= 2 { b'\'' } else { b'"' }
}
