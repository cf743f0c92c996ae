//! Text literals and quoted names, written here and not by sqlparser: its printer takes a doubled quote, or one after a
//! backslash, for escaped already, and so prints `a''b` as it is.

use super::{Dialect, Texts};

/// A text literal.
pub(crate) fn text_literal(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len() + 3);
    match dialect.traits().texts {
        Texts::Doubled => doubled(text, false, &mut out),
        Texts::Backslash => doubled(text, true, &mut out),
        Texts::Escaped => escaped(text, &mut out),
        Texts::National => national(text, &mut out),
    }
    out
}

/// Quotes are doubled, backslashes too where they mean something.
fn doubled(text: &str, backslash: bool, out: &mut String) {
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' if backslash => out.push_str(r"\\"),
            other => out.push(other),
        }
    }
    out.push('\'');
}

/// Everything special is written with a backslash. Spark puts variables in place of `${name}`, also inside literals:
/// what a text says must never read them.
fn escaped(text: &str, out: &mut String) {
    out.push('\'');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => out.push_str(r"\'"),
            '\\' => out.push_str(r"\\"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '$' if rest.peek() == Some(&'{') => out.push_str(r"\u0024"),
            other => out.push(other),
        }
    }
    out.push('\'');
}

/// Quotes are doubled. A backslash at the end of a line would join it with the next one, so the literal is cut there.
fn national(text: &str, out: &mut String) {
    let cut = text.contains("\\\n") || text.contains("\\\r");
    out.push_str(if cut { "(N'" } else { "N'" });
    let mut before = ' ';
    for c in text.chars() {
        if before == '\\' && matches!(c, '\n' | '\r') {
            out.push_str("' + N'");
        }
        if c == '\'' {
            out.push('\'');
        }
        out.push(c);
        before = c;
    }
    out.push_str(if cut { "')" } else { "'" });
}

/// A quoted name.
pub(crate) fn quoted_name(name: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    push_quoted(name, dialect, &mut out);
    out
}

/// A quoted name after the name of its table, which needs no quotes.
pub(crate) fn qualified_name(table: &str, name: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(table.len() + name.len() + 3);
    out.push_str(table);
    out.push('.');
    push_quoted(name, dialect, &mut out);
    out
}

fn push_quoted(name: &str, dialect: Dialect, out: &mut String) {
    let traits = dialect.traits();
    let (open, close) = traits.quotes;
    out.push(open);
    if name.contains(close) || (traits.name_backslash && name.contains('\\')) {
        for c in name.chars() {
            // Where a backslash escapes, it escapes a quote as well, which is then not doubled.
            match c {
                '\\' if traits.name_backslash => out.push_str(r"\\"),
                c if c == close => out.extend([if traits.name_backslash { '\\' } else { close }, close]),
                other => out.push(other),
            }
        }
    } else {
        out.push_str(name);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_whatever_stands_around_them() {
        assert_eq!(text_literal("a''b", Dialect::PostgreSql), "'a''''b'");
        assert_eq!(text_literal(r"a\'b", Dialect::PostgreSql), r"'a\''b'");
        assert_eq!(text_literal(r"a\'b", Dialect::MySql), r"'a\\''b'");
        assert_eq!(quoted_name(r#"a""b"#, Dialect::DuckDb), r#""a""""b""#);
        assert_eq!(quoted_name("a`b", Dialect::MySql), "`a``b`");
        assert_eq!(qualified_name("c", "a`b", Dialect::MySql), "c.`a``b`");
    }

    #[test]
    fn quotes_are_escaped_where_two_of_them_are_two_literals() {
        assert_eq!(text_literal("it's\na\\b\r", Dialect::Spark), r"'it\'s\na\\b\r'");
        assert_eq!(text_literal("${env:HOME} $5", Dialect::Spark), r"'\u0024{env:HOME} $5'");
        assert_eq!(quoted_name(r"a`b\c", Dialect::BigQuery), r"`a\`b\\c`");
        assert_eq!(quoted_name(r"a`b\c", Dialect::Spark), r"`a``b\c`");
        assert_eq!(quoted_name(r#"a"b\c"#, Dialect::ClickHouse), r#""a\"b\\c""#);
    }

    #[test]
    fn lines_are_not_joined() {
        assert_eq!(text_literal("a\\b'\nc", Dialect::SqlServer), "N'a\\b''\nc'");
        assert_eq!(text_literal("a\\\nb\\\r", Dialect::SqlServer), "(N'a\\' + N'\nb\\' + N'\r')");
        assert_eq!(quoted_name("a]b[c", Dialect::SqlServer), "[a]]b[c]");
    }
}
