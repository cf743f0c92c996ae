//! Text literals and quoted names, written here and not by sqlparser: its printer takes a doubled quote, or one after a
//! backslash, for escaped already, and so prints `a''b` as it is.

use super::Dialect;

/// A text literal.
pub(crate) fn text_literal(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' if dialect.traits().backslash => out.push_str(r"\\"),
            other => out.push(other),
        }
    }
    out.push('\'');
    out
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
    let quote = dialect.traits().quote;
    out.push(quote);
    for (i, part) in name.split(quote).enumerate() {
        if i > 0 {
            out.extend([quote, quote]);
        }
        out.push_str(part);
    }
    out.push(quote);
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
}
