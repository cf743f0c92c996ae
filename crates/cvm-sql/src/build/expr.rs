//! Small expressions. Parentheses are put where precedence needs them: sqlparser prints trees as they are.

use std::convert::Infallible;

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, DataType, DateTimeField, Expr, ExtractSyntax, Fetch, Function, FunctionArg,
    FunctionArgExpr, FunctionArgumentList, FunctionArguments, GroupByExpr, Ident, LambdaFunction,
    LambdaFunctionParameter, LambdaSyntax, LimitClause, ObjectName, Offset, OffsetRows, OneOrManyWithParens, OrderBy,
    OrderByExpr, OrderByKind, OrderByOptions, Query, Select, SelectFlavor, SelectItem, SetExpr, TableAlias,
    TableFactor, TableFunctionArgs, TableWithJoins, Top, TopQuantity, UnaryOperator, Value,
};

pub(crate) fn boolean(value: bool) -> Expr {
    Expr::value(Value::Boolean(value))
}

pub(crate) fn number(digits: String) -> Expr {
    Expr::value(Value::Number(digits, false))
}

/// Text that is printed as it stands: placeholders, and literals that are escaped already.
pub(crate) fn raw(text: String) -> Expr {
    Expr::value(Value::Placeholder(text))
}

pub(crate) fn nested(inner: Expr) -> Expr {
    Expr::Nested(Box::new(inner))
}

pub(crate) fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

pub(crate) fn not(inner: Expr) -> Expr {
    let inner = match inner {
        call @ (Expr::Function(_) | Expr::Nested(_)) => call,
        other => nested(other),
    };
    Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(inner) }
}

/// All terms with one operator between them, as a balanced tree: long groups stay shallow.
pub(crate) fn join(terms: Vec<Expr>, op: BinaryOperator) -> Expr {
    let boxed = terms.into_iter().map(|term| Ok::<_, Infallible>(Box::new(term)));
    let Ok(tree) = try_join(boxed, op);
    *tree
}

/// As [`join`], of terms that are made one by one.
pub(crate) fn try_join<E>(
    mut terms: impl ExactSizeIterator<Item = Result<Box<Expr>, E>>,
    op: BinaryOperator,
) -> Result<Box<Expr>, E> {
    let size = terms.len();
    Ok(balanced(&mut terms, size, &op)?.unwrap_or_else(|| Box::new(boolean(op == BinaryOperator::And))))
}

/// Two terms with an operator between them.
pub(crate) fn pair(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    let (left, right) = (operand(Box::new(left), &op), operand(Box::new(right), &op));
    Expr::BinaryOp { left, op, right }
}

/// The tree of the next `size` terms. Its left side is the greatest power of two that leaves something to the right.
fn balanced<E>(
    terms: &mut impl Iterator<Item = Result<Box<Expr>, E>>,
    size: usize,
    op: &BinaryOperator,
) -> Result<Option<Box<Expr>>, E> {
    if size < 2 {
        return Ok(terms.next().transpose()?.map(|term| operand(term, op)));
    }
    let left_size = size.next_power_of_two() / 2;
    let left = balanced(terms, left_size, op)?;
    let right = balanced(terms, size - left_size, op)?;
    Ok(match (left, right) {
        (Some(left), Some(right)) => Some(Box::new(Expr::BinaryOp { left, op: op.clone(), right })),
        (one, other) => one.or(other),
    })
}

/// A term beside `op`: groups of the other kind get parentheses.
fn operand(term: Box<Expr>, op: &BinaryOperator) -> Box<Expr> {
    match &*term {
        Expr::BinaryOp { op: inner @ (BinaryOperator::And | BinaryOperator::Or), .. } if inner != op => {
            Box::new(Expr::Nested(term))
        }
        _ => term,
    }
}

/// `CASE WHEN condition THEN 1 ELSE 0 END`: an unknown condition counts as 0.
pub(crate) fn one_if(condition: Expr) -> Expr {
    Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: vec![CaseWhen { condition, result: number("1".to_owned()) }],
        else_result: Some(Box::new(number("0".to_owned()))),
    }
}

/// `CASE WHEN condition THEN result END`: NULL where the condition isn't true.
pub(crate) fn when(condition: Expr, result: Expr) -> Expr {
    Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: vec![CaseWhen { condition, result }],
        else_result: None,
    }
}

/// `parameter -> body`.
pub(crate) fn lambda(parameter: &str, body: Expr) -> Expr {
    let parameter = LambdaFunctionParameter { name: Ident::new(parameter), data_type: None };
    Expr::Lambda(LambdaFunction {
        params: OneOrManyWithParens::One(parameter),
        body: Box::new(body),
        syntax: LambdaSyntax::Arrow,
    })
}

pub(crate) fn call(name: &str, args: Vec<Expr>) -> Expr {
    let args = args.into_iter().map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg))).collect();
    function(name, args)
}

pub(crate) fn count_star() -> Expr {
    function("COUNT", vec![FunctionArg::Unnamed(FunctionArgExpr::Wildcard)])
}

fn function(name: &str, args: Vec<FunctionArg>) -> Expr {
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses: Vec::new() }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

pub(crate) fn cast(inner: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::Cast, expr: Box::new(inner), data_type, array: false, format: None }
}

pub(crate) fn try_cast(inner: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::TryCast, expr: Box::new(inner), data_type, array: false, format: None }
}

/// A type that only some database has.
pub(crate) fn named_type(name: &str) -> DataType {
    DataType::Custom(ObjectName::from(vec![Ident::new(name)]), Vec::new())
}

pub(crate) fn collate(inner: Expr, collation: &str) -> Expr {
    Expr::Collate { expr: Box::new(inner), collation: ObjectName::from(vec![Ident::new(collation)]) }
}

/// `CONVERT(text USING utf8mb4)`.
pub(crate) fn utf8mb4(text: Expr) -> Expr {
    Expr::Convert {
        is_try: false,
        expr: Box::new(text),
        data_type: None,
        charset: Some(ObjectName::from(vec![Ident::new("utf8mb4")])),
        target_before_value: false,
        styles: Vec::new(),
    }
}

pub(crate) fn select(projection: Vec<SelectItem>, from: TableWithJoins, selection: Option<Expr>) -> Query {
    select_from(projection, vec![from], selection)
}

/// One row of values that come from no table.
pub(crate) fn select_nothing_from(projection: Vec<SelectItem>) -> Query {
    select_from(projection, Vec::new(), None)
}

fn select_from(projection: Vec<SelectItem>, from: Vec<TableWithJoins>, selection: Option<Expr>) -> Query {
    let select = Select {
        select_token: AttachedToken::empty(),
        optimizer_hints: Vec::new(),
        distinct: None,
        select_modifiers: None,
        top: None,
        top_before_distinct: false,
        projection,
        exclude: None,
        into: None,
        from,
        lateral_views: Vec::new(),
        prewhere: None,
        selection,
        connect_by: Vec::new(),
        group_by: GroupByExpr::Expressions(Vec::new(), Vec::new()),
        cluster_by: Vec::new(),
        distribute_by: Vec::new(),
        sort_by: Vec::new(),
        having: None,
        named_window: Vec::new(),
        qualify: None,
        window_before_qualify: false,
        value_table_mode: None,
        flavor: SelectFlavor::Standard,
    };
    Query {
        with: None,
        body: Box::new(SetExpr::Select(Box::new(select))),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: Vec::new(),
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: Vec::new(),
    }
}

/// `EXISTS (SELECT 1 FROM function(args) AS alias WHERE condition)`.
pub(crate) fn exists_in(function: &str, args: Vec<Expr>, alias: &str, condition: Expr) -> Expr {
    let items = vec![SelectItem::UnnamedExpr(number("1".to_owned()))];
    let query = select(items, table_function(function, args, alias), Some(condition));
    Expr::Exists { subquery: Box::new(query), negated: false }
}

/// `(SELECT TOP 1 item FROM function(args) AS alias WHERE condition)`.
pub(crate) fn first_in(function: &str, args: Vec<Expr>, alias: &str, item: Expr, condition: Expr) -> Expr {
    let items = vec![SelectItem::UnnamedExpr(item)];
    let mut query = select(items, table_function(function, args, alias), Some(condition));
    top(&mut query, 1);
    Expr::Subquery(Box::new(query))
}

/// `(SELECT COUNT(*) FROM function(args) AS alias)`.
pub(crate) fn count_in(function: &str, args: Vec<Expr>, alias: &str) -> Expr {
    let items = vec![SelectItem::UnnamedExpr(count_star())];
    Expr::Subquery(Box::new(select(items, table_function(function, args, alias), None)))
}

fn table_function(function: &str, args: Vec<Expr>, alias: &str) -> TableWithJoins {
    let args = args.into_iter().map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg))).collect();
    let args = Some(TableFunctionArgs { args, settings: None });
    TableWithJoins { relation: table(ObjectName::from(vec![Ident::new(function)]), alias, args), joins: Vec::new() }
}

/// A table, or a table function, under another name.
pub(crate) fn table(name: ObjectName, alias: &str, args: Option<TableFunctionArgs>) -> TableFactor {
    TableFactor::Table {
        name,
        alias: Some(TableAlias { explicit: true, name: Ident::new(alias), columns: Vec::new(), at: None }),
        args,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    }
}

/// `EXTRACT(part FROM date)`.
pub(crate) fn extract(part: DateTimeField, date: Expr) -> Expr {
    Expr::Extract { field: part, syntax: ExtractSyntax::From, expr: Box::new(date) }
}

pub(crate) fn order_term(expr: Expr, ascending: bool) -> OrderByExpr {
    let options = OrderByOptions { asc: (!ascending).then_some(false), nulls_first: None };
    OrderByExpr { expr, options, with_fill: None }
}

pub(crate) fn order_by(terms: Vec<OrderByExpr>) -> OrderBy {
    OrderBy { kind: OrderByKind::Expressions(terms), interpolate: None }
}

/// `LIMIT limit OFFSET offset`.
pub(crate) fn limit(limit: u64, offset: u64) -> LimitClause {
    let offset = (offset > 0).then(|| Offset { value: number(offset.to_string()), rows: OffsetRows::None });
    LimitClause::LimitOffset { limit: Some(number(limit.to_string())), offset, limit_by: Vec::new() }
}

/// `OFFSET offset ROWS`.
pub(crate) fn offset(offset: u64) -> LimitClause {
    let offset = Some(Offset { value: number(offset.to_string()), rows: OffsetRows::Rows });
    LimitClause::LimitOffset { limit: None, offset, limit_by: Vec::new() }
}

/// `FETCH FIRST limit ROWS ONLY`.
pub(crate) fn fetch(limit: u64) -> Fetch {
    Fetch { with_ties: false, percent: false, quantity: Some(number(limit.to_string())) }
}

/// `SELECT TOP limit …`.
pub(crate) fn top(query: &mut Query, limit: u64) {
    if let SetExpr::Select(select) = &mut *query.body {
        select.top = Some(Top { with_ties: false, percent: false, quantity: Some(TopQuantity::Constant(limit)) });
    }
}
