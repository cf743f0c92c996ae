//! What the text is: a condition of its own, or a `SELECT` from one table in which only the condition decides.

use cvm_core::{Code, Diagnostic};
use sqlparser::ast::{
    Distinct, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident, ObjectName, Query, Select,
    SelectItem, SetExpr, Spanned, TableFactor, TableWithJoins,
};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use super::source::{Source, refused, syntax};
use super::{Found, ImportDialect};

/// A text taken apart.
pub(super) struct Parsed {
    pub(super) condition: Option<Expr>,
    pub(super) table: Option<TableName>,
}

/// The table of a `FROM`.
pub(super) struct TableName {
    pub(super) name: Vec<Ident>,
    pub(super) alias: Option<Ident>,
}

/// Expressions inside expressions, as the parser counts them.
const MAX_RECURSION: usize = 400;

pub(super) fn parse(source: &Source<'_>, tokens: Vec<TokenWithSpan>, dialect: ImportDialect) -> Found<Parsed> {
    let first = tokens.iter().find(|token| token.token != Token::LParen).map(|token| &token.token);
    let Some(first) = first else {
        return Err(Box::new(
            Diagnostic::error(Code::TextSyntax, "", "the text holds no condition")
                .help("write a condition, such as `age > 30`"),
        ));
    };
    let keyword = |token: &Token| if let Token::Word(word) = token { word.keyword } else { Keyword::NoKeyword };
    let is_statement = matches!(keyword(first), Keyword::SELECT | Keyword::WITH | Keyword::FROM | Keyword::VALUES);
    let has_where = tokens.first().is_some_and(|token| keyword(&token.token) == Keyword::WHERE);
    let words = Words::of(&tokens);
    let parser_dialect = dialect.parser();
    let mut parser =
        Parser::new(&*parser_dialect).with_recursion_limit(MAX_RECURSION).with_tokens_with_locations(tokens);
    if is_statement {
        let query = parser.parse_query().map_err(|error| syntax(source, &error))?;
        end(&mut parser, source)?;
        return statement(source, &words, *query);
    }
    if has_where {
        parser.advance_token();
    }
    let condition = parser.parse_expr().map_err(|error| syntax(source, &error))?;
    end(&mut parser, source)?;
    Ok(Parsed { condition: Some(condition), table: None })
}

/// Where the words of a statement stand.
struct Words(Vec<(String, Span)>);

impl Words {
    fn of(tokens: &[TokenWithSpan]) -> Self {
        let words = tokens.iter().filter_map(|token| match &token.token {
            Token::Word(word) if word.keyword != Keyword::NoKeyword => Some((word.value.to_uppercase(), token.span)),
            _ => None,
        });
        Self(words.collect())
    }

    /// The place of the first of the words that a message shows in backticks.
    fn place(&self, message: &str, source: &Source<'_>) -> Option<cvm_core::Span> {
        let shown: Vec<&str> =
            message.split('`').skip(1).step_by(2).filter_map(|part| part.split(' ').next()).collect();
        let found = self.0.iter().find(|(word, _)| shown.contains(&word.as_str()));
        found.or(self.0.first()).and_then(|(_, span)| source.place(*span))
    }
}

/// Nothing may follow but semicolons.
fn end(parser: &mut Parser<'_>, source: &Source<'_>) -> Found<()> {
    while parser.consume_token(&Token::SemiColon) {}
    let next = parser.peek_token_ref();
    if next.token == Token::EOF {
        return Ok(());
    }
    let clause = matches!(&next.token, Token::Word(word) if word.quote_style.is_none() && matches!(word.keyword,
        Keyword::GROUP | Keyword::HAVING | Keyword::LIMIT | Keyword::OFFSET | Keyword::FETCH | Keyword::ORDER
        | Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT | Keyword::QUALIFY | Keyword::WINDOW));
    let (code, message, help) = if clause {
        let message = format!("`{}` after the condition is no part of it", next.token);
        (Code::NotSupported, message, "give the condition alone, or the whole statement")
    } else {
        (Code::TextSyntax, format!("`{}` after the end of the condition", next.token), "join conditions with AND or OR")
    };
    let finding = Diagnostic::error(code, "", message).help(help);
    Err(Box::new(match source.place(next.span) {
        Some(place) => finding.at(place),
        None => finding,
    }))
}

/// The condition of a statement, if nothing else in it changes who is selected.
fn statement(source: &Source<'_>, words: &Words, query: Query) -> Found<Parsed> {
    let whole = |what: &str, help: &str| -> Found<Parsed> {
        refused(what, help).map_err(|mut finding| {
            finding.span = words.place(what, source);
            finding
        })
    };
    let Query {
        with,
        body,
        order_by: _,
        limit_clause,
        fetch,
        locks,
        for_clause,
        settings,
        format_clause,
        pipe_operators,
    } = query;
    const ONE: &str = "only a SELECT from one table with a WHERE clause is a filter";
    let rows = if with.is_some() {
        Some("`WITH`")
    } else if limit_clause.is_some() || fetch.is_some() {
        Some("`LIMIT`, `OFFSET` or `FETCH`")
    } else if !locks.is_empty() || for_clause.is_some() {
        Some("`FOR`")
    } else if settings.is_some() || format_clause.is_some() || !pipe_operators.is_empty() {
        Some("what stands after the query")
    } else {
        None
    };
    if let Some(what) = rows {
        return whole(&format!("{what} can't be part of a filter"), ONE);
    }
    let select = match *body {
        SetExpr::Select(select) => *select,
        SetExpr::Query(inner) => return statement(source, words, *inner),
        SetExpr::SetOperation { .. } => {
            return whole(
                "`UNION`, `INTERSECT` or `EXCEPT` can't be part of a filter",
                "join the conditions with OR or AND",
            );
        }
        _ => return whole("this statement selects from no table", ONE),
    };
    if let Some(what) = changes_members(&select) {
        return whole(&format!("{what} changes which rows come out and can't be part of a filter"), ONE);
    }
    for item in &select.projection {
        if !keeps_rows(item) {
            return refused("this column of the SELECT may change which rows come out", "select plain columns, or `*`")
                .map_err(|mut finding: Box<Diagnostic>| {
                    finding.span = source.place(item.span());
                    finding
                });
        }
    }
    let [from] = select.from.as_slice() else {
        return whole("a filter selects from exactly one table", "leave out the others");
    };
    match table(from) {
        Ok(table) => Ok(Parsed { condition: select.selection, table: Some(table) }),
        Err(what) => whole(&format!("{what} can't be part of a filter"), ONE).map_err(|mut finding| {
            finding.span = finding.span.or_else(|| source.place(from.span()));
            finding
        }),
    }
}

/// The first clause besides WHERE that decides about rows.
fn changes_members(select: &Select) -> Option<&'static str> {
    let grouped = match &select.group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(terms, modifiers) => !terms.is_empty() || !modifiers.is_empty(),
    };
    let clauses = [
        (select.distinct.as_ref().is_some_and(|distinct| *distinct != Distinct::All), "`DISTINCT`"),
        (select.top.is_some(), "`TOP`"),
        (select.into.is_some(), "`INTO`"),
        (select.exclude.is_some(), "`EXCLUDE`"),
        (!select.lateral_views.is_empty(), "`LATERAL VIEW`"),
        (select.prewhere.is_some(), "`PREWHERE`"),
        (!select.connect_by.is_empty(), "`CONNECT BY`"),
        (grouped, "`GROUP BY`"),
        (
            !select.cluster_by.is_empty() || !select.distribute_by.is_empty() || !select.sort_by.is_empty(),
            "`CLUSTER BY`",
        ),
        (select.having.is_some(), "`HAVING`"),
        (!select.named_window.is_empty(), "`WINDOW`"),
        (select.qualify.is_some(), "`QUALIFY`"),
        (select.value_table_mode.is_some(), "`AS STRUCT` or `AS VALUE`"),
        (select.select_modifiers.is_some(), "a word after `SELECT`"),
    ];
    clauses.into_iter().find(|(there, _)| *there).map(|(_, name)| name)
}

/// Whether an item of the SELECT leaves the rows as they are: a column, a constant, or a count of them all.
fn keeps_rows(item: &SelectItem) -> bool {
    match item {
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => true,
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => match expr {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Value(_) => true,
            Expr::Function(function) => {
                let counts = function.name.to_string().eq_ignore_ascii_case("count") && function.over.is_none();
                let all = match &function.args {
                    FunctionArguments::List(list) => matches!(
                        list.args.as_slice(),
                        [] | [FunctionArg::Unnamed(FunctionArgExpr::Wildcard | FunctionArgExpr::Expr(Expr::Value(_)))]
                    ),
                    _ => false,
                };
                counts && all && function.filter.is_none()
            }
            _ => false,
        },
        SelectItem::ExprWithAliases { .. } => false,
    }
}

/// The one plain table of a FROM, or what stands there instead.
fn table(from: &TableWithJoins) -> Result<TableName, &'static str> {
    if !from.joins.is_empty() {
        return Err("`JOIN`");
    }
    match &from.relation {
        TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints: _,
        } => {
            if args.is_some() || *with_ordinality || json_path.is_some() {
                return Err("a function in FROM");
            }
            if version.is_some() || !partitions.is_empty() || sample.is_some() || !with_hints.is_empty() {
                return Err("a part, version, sample or hint of a table");
            }
            if alias.as_ref().is_some_and(|alias| !alias.columns.is_empty() || alias.at.is_some()) {
                return Err("an alias with new names for columns");
            }
            let name = idents(name).ok_or("a function in FROM")?;
            Ok(TableName { name, alias: alias.as_ref().map(|alias| alias.name.clone()) })
        }
        TableFactor::NestedJoin { .. } => Err("`JOIN`"),
        TableFactor::Derived { .. } => Err("a query inside FROM"),
        _ => Err("what stands in FROM"),
    }
}

/// The parts of a name.
pub(super) fn idents(name: &ObjectName) -> Option<Vec<Ident>> {
    name.0.iter().map(|part| part.as_ident().cloned()).collect()
}
