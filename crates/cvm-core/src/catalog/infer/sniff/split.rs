//! Records of a sample, by the rules of RFC 4180.

/// Calls `record` with the fields of each record, unquoted, until it returns false. Empty lines are skipped.
pub(super) fn records(text: &str, delimiter: u8, quote: u8, mut record: impl FnMut(&[String]) -> bool) {
    let (delimiter, quote) = (char::from(delimiter), char::from(quote));
    let mut fields: Vec<String> = Vec::new();
    let mut field = String::new();
    let (mut quoted, mut any) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            if c != quote {
                field.push(c);
            } else if chars.peek() == Some(&quote) {
                field.push(quote);
                chars.next();
            } else {
                quoted = false;
            }
        } else if c == quote && field.is_empty() {
            quoted = true;
            any = true;
        } else if c == delimiter {
            fields.push(std::mem::take(&mut field));
            any = true;
        } else if matches!(c, '\n' | '\r') {
            if any {
                fields.push(std::mem::take(&mut field));
                if !record(&fields) {
                    return;
                }
                fields.clear();
                any = false;
            }
        } else {
            field.push(c);
            any = true;
        }
    }
    if any {
        fields.push(field);
        record(&fields);
    }
}
