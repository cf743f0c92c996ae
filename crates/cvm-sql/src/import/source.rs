//! The text: its tokens, its places, and the limits that keep the parser safe.

use cvm_core::{Code, Diagnostic, Diagnostics, Span};
use sqlparser::ast::{Expr, Spanned};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span as SqlSpan, Token, TokenWithSpan, Tokenizer};

use super::{Found, ImportDialect};

/// A text, and where its lines begin.
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    /// The number of the first character of each line.
    lines: Vec<usize>,
    /// The byte of each character; empty where they are the same.
    bytes: Vec<usize>,
}

/// Bytes of a text.
const MAX_BYTES: usize = 4 << 20;
/// Brackets inside brackets.
const MAX_BRACKETS: usize = 200;
/// Calls inside calls: each level may double or treble the parser's work.
const MAX_CALLS: usize = 9;
/// Words, numbers and signs.
const MAX_TOKENS: usize = 500_000;
/// Links of a chain of operators, beyond which the place of a finding is not looked for.
const MAX_LINKS: usize = 1_000;

/// A stack for a tree of so many tokens: some room for the walk, and some for each level of a chain.
pub(super) fn stack_for(tokens: usize) -> usize {
    (24 << 20) + tokens * 1024
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let breaks = text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { text, lines, bytes }
    }

    /// The byte at a line and column, both from 1.
    fn offset(&self, at: Location) -> usize {
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).saturating_sub(1);
        let end = self.text.len();
        let Some(start) = self.lines.get(number(at.line)) else { return end };
        let character = start.saturating_add(number(at.column));
        if self.bytes.is_empty() { character.min(end) } else { self.bytes.get(character).copied().unwrap_or(end) }
    }

    /// The place of a span; `None` for the empty one.
    pub(super) fn place(&self, span: SqlSpan) -> Option<Span> {
        if span.start.line == 0 {
            return None;
        }
        let start = self.offset(span.start);
        Some(Span::of(self.text, start, self.offset(span.end).max(start)))
    }

    /// The place of an expression: what the parser says, or else where its text stands.
    pub(super) fn place_of(&self, expr: &Expr) -> Option<Span> {
        // What follows goes down every link of a chain, on the stack.
        let mut at = expr;
        for _ in 0..MAX_LINKS {
            match first_operand(at) {
                Some(first) => at = first,
                None => break,
            }
        }
        if first_operand(at).is_some() {
            return None;
        }
        self.place(expr.span()).or_else(|| {
            let text = expr.to_string();
            self.text.find(&text).map(|at| Span::of(self.text, at, at + text.len()))
        })
    }

    /// What was written at a span.
    fn slice(&self, span: SqlSpan) -> &'t str {
        self.text.get(self.offset(span.start)..self.offset(span.end)).unwrap_or("")
    }

    /// The tokens, without spaces, if the parser can be trusted with them.
    pub(super) fn tokens(&self, dialect: ImportDialect) -> Result<Vec<TokenWithSpan>, Diagnostics> {
        if self.text.len() > MAX_BYTES {
            let message = format!("the text is longer than {} MiB", MAX_BYTES >> 20);
            return Err(Diagnostic::error(Code::SizeLimit, "", message).into());
        }
        // MySQL runs what stands in such a comment if its version is high enough.
        if dialect.is_mysql()
            && let Some(at) = self.text.find("/*!").or_else(|| self.text.find("/*M!"))
        {
            let message = "a comment that may be run, or a text like it";
            let finding = Diagnostic::error(Code::NotSupported, "", message).help("write its text without the comment");
            return Err(finding.at(Span::of(self.text, at, at + 3)).into());
        }
        let parser = dialect.parser();
        let tokens = Tokenizer::new(&*parser, self.text).tokenize_with_location();
        let tokens = tokens.map_err(|error| {
            let at = self.place(SqlSpan { start: error.location, end: error.location });
            let message = lower_first(&error.message);
            let finding = Diagnostic::error(Code::TextSyntax, "", message);
            at.map_or(finding.clone(), |at| finding.at(at))
        })?;
        if tokens.len() > MAX_TOKENS {
            let message = format!("the text has more than {MAX_TOKENS} words and signs");
            return Err(Diagnostic::error(Code::SizeLimit, "", message).into());
        }
        self.nesting(&tokens, parser.require_interval_qualifier())?;
        for token in &tokens {
            self.faithful(token, dialect)?;
        }
        Ok(tokens.into_iter().filter(|token| !matches!(token.token, Token::Whitespace(_))).collect())
    }

    fn finding(&self, code: Code, span: SqlSpan, message: impl Into<String>) -> Diagnostic {
        let finding = Diagnostic::error(code, "", message);
        match self.place(span) {
            Some(place) => finding.at(place),
            None => finding,
        }
    }

    /// Whether brackets stand no deeper than the parser can follow in time.
    fn nesting(&self, tokens: &[TokenWithSpan], open_intervals: bool) -> Result<(), Diagnostics> {
        let mut open: Vec<bool> = Vec::new();
        let mut calls = 0;
        // Intervals inside one another, as far as the parser can take them so: where a unit must follow, it looks for
        // it behind everything.
        let mut intervals = 0;
        let mut before = None;
        for token in tokens {
            match &token.token {
                Token::Whitespace(_) => continue,
                Token::LParen | Token::LBracket | Token::LBrace => {
                    let call = before.is_some_and(is_call);
                    calls += usize::from(call);
                    open.push(call);
                }
                Token::RParen | Token::RBracket | Token::RBrace => {
                    calls -= usize::from(open.pop().unwrap_or(false));
                }
                // Types inside types: the parser does not count them.
                Token::Word(word) if word.keyword == Keyword::INTERVAL => intervals += 1,
                Token::Word(word) if is_unit(word.keyword) => intervals = 0,
                _ if !open_intervals => intervals = 0,
                _ => {}
            }
            match &token.token {
                Token::Lt if matches!(before, Some(Token::Word(word)) if is_generic(word.keyword)) => calls += 1,
                _ => {}
            }
            if open.len() > MAX_BRACKETS || calls > MAX_CALLS || intervals > MAX_CALLS {
                let message = "brackets stand too deep inside one another";
                return Err(self.finding(Code::DepthLimit, token.span, message).into());
            }
            before = Some(&token.token);
        }
        Ok(())
    }

    /// Whether the parser reads a token as the database does.
    fn faithful(&self, token: &TokenWithSpan, dialect: ImportDialect) -> Result<(), Diagnostics> {
        let refuse = |what: &str, help: &str| {
            Err(self
                .finding(Code::NotSupported, token.span, format!("{what} can't be read in {dialect}"))
                .help(help)
                .into())
        };
        match &token.token {
            Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) => {
                let written = self.slice(token.span);
                let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
                if dialect.hidden_escapes() && inner.contains('\\') {
                    return refuse(
                        "a backslash in a text",
                        "write the character itself, or use parameters of the filter",
                    );
                }
                // Two texts side by side, for Spark, and so not a quote.
                if dialect.is_spark() && (inner.contains("''") || inner.contains("\"\"")) {
                    return refuse("a doubled quote in a text", "use the other kind of quotes around it");
                }
                match odd_escape(inner, dialect) {
                    Some(c) => refuse(&format!("the escape `\\{c}`"), "write the character itself"),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

/// The operand to the left, along which the parser builds chains.
fn first_operand(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::BinaryOp { left, .. } | Expr::AnyOp { left, .. } | Expr::AllOp { left, .. } => Some(left),
        Expr::IsDistinctFrom(left, _) | Expr::IsNotDistinctFrom(left, _) => Some(left),
        Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::IsTrue(inner)
        | Expr::IsNotTrue(inner)
        | Expr::IsFalse(inner)
        | Expr::IsNotFalse(inner)
        | Expr::IsUnknown(inner)
        | Expr::IsNotUnknown(inner)
        | Expr::Nested(inner)
        | Expr::OuterJoin(inner)
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::Cast { expr: inner, .. }
        | Expr::Collate { expr: inner, .. }
        | Expr::AtTimeZone { timestamp: inner, .. }
        | Expr::IsNormalized { expr: inner, .. }
        | Expr::InList { expr: inner, .. }
        | Expr::InSubquery { expr: inner, .. }
        | Expr::InUnnest { expr: inner, .. }
        | Expr::Between { expr: inner, .. }
        | Expr::Like { expr: inner, .. }
        | Expr::ILike { expr: inner, .. }
        | Expr::SimilarTo { expr: inner, .. }
        | Expr::RLike { expr: inner, .. }
        | Expr::JsonAccess { value: inner, .. }
        | Expr::CompoundFieldAccess { root: inner, .. } => Some(inner),
        Expr::MemberOf(member) => Some(&member.value),
        _ => None,
    }
}

/// An escape that the parser and the database may read differently.
fn odd_escape(inner: &str, dialect: ImportDialect) -> Option<char> {
    if !dialect.parser().supports_string_literal_backslash_escape() {
        return None;
    }
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            let next = chars.next().unwrap_or(' ');
            let known = r#"\'"nrtb0"#.contains(next) || (dialect.is_mysql() && "%_Z".contains(next));
            if !known {
                return Some(next);
            }
        }
    }
    None
}

/// Words after which a bracket is no call. Calls, and constructs that look like calls, are read a second time by the
/// parser where the first reading fails, in some dialects even where it does not.
fn is_call(token: &Token) -> bool {
    use Keyword as K;
    let Token::Word(word) = token else { return false };
    !matches!(
        word.keyword,
        K::AND
            | K::OR
            | K::WHERE
            | K::WHEN
            | K::THEN
            | K::ELSE
            | K::ON
            | K::BY
            | K::HAVING
            | K::LIKE
            | K::ILIKE
            | K::BETWEEN
            | K::IN
            | K::ANY
            | K::ALL
            | K::SOME
    )
}

/// Words that end an interval.
fn is_unit(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::SECOND
            | K::SECONDS
            | K::MINUTE
            | K::MINUTES
            | K::HOUR
            | K::HOURS
            | K::DAY
            | K::DAYS
            | K::WEEK
            | K::WEEKS
            | K::MONTH
            | K::MONTHS
            | K::QUARTER
            | K::YEAR
            | K::YEARS
    )
}

fn is_generic(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::ARRAY | Keyword::STRUCT | Keyword::MAP)
}

/// The finding of an error of the parser, at the place that it names.
pub(super) fn syntax(source: &Source<'_>, error: &sqlparser::parser::ParserError) -> Box<Diagnostic> {
    use sqlparser::parser::ParserError as E;
    let message = match error {
        E::RecursionLimitExceeded => {
            return Box::new(Diagnostic::error(Code::DepthLimit, "", "the text is nested too deep to be read"));
        }
        E::ParserError(message) | E::TokenizerError(message) => message,
    };
    let (what, place) = message.rsplit_once(" at Line: ").unwrap_or((message, ""));
    let place = place.split_once(", Column: ").and_then(|(line, column)| {
        let start = Location { line: line.parse().ok()?, column: column.parse().ok()? };
        source.place(SqlSpan { start, end: start })
    });
    let finding = Diagnostic::error(Code::TextSyntax, "", lower_first(&what.replace(": ", " ")));
    Box::new(match place {
        Some(place) => finding.at(place),
        None => finding.at(Span::of(source.text, source.text.len(), source.text.len())),
    })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// A finding about a construct that has no filter of the same meaning.
pub(super) fn refused<T>(message: impl Into<String>, help: &str) -> Found<T> {
    let finding = Diagnostic::error(Code::NotSupported, "", message);
    Err(Box::new(if help.is_empty() { finding } else { finding.help(help) }))
}
