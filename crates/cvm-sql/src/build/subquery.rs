//! Queries inside a statement, from parts. Placeholders without numbers are bound in the order of the text, so parts are
//! made in that order: projection, from, where, grouping, having.

use sqlparser::ast::{
    BinaryOperator as Op, Distinct, DuplicateTreatment, Expr, FunctionArguments, GroupByExpr, Ident, Join,
    JoinConstraint, JoinOperator, Query, SelectItem, SetExpr, SetOperator, SetQuantifier, TableAlias, TableFactor,
    TableWithJoins, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};

use super::{Builder, expr};

/// The parts of a query.
pub(super) struct Parts {
    pub(super) columns: Vec<(Expr, Option<&'static str>)>,
    pub(super) distinct: bool,
    pub(super) from: TableWithJoins,
    pub(super) filter: Vec<Expr>,
    pub(super) group_by: Vec<Expr>,
    pub(super) having: Option<Expr>,
}

impl Parts {
    pub(super) fn new(from: TableWithJoins) -> Self {
        Self { columns: Vec::new(), distinct: false, from, filter: Vec::new(), group_by: Vec::new(), having: None }
    }

    pub(super) fn column(mut self, column: Expr, alias: &'static str) -> Self {
        self.columns.push((column, Some(alias)));
        self
    }
}

impl Builder<'_> {
    pub(super) fn query(&self, parts: Parts) -> Query {
        let item = |(expr, alias)| match alias {
            Some(alias) => SelectItem::ExprWithAlias { expr, alias: self.name(alias) },
            None => SelectItem::UnnamedExpr(expr),
        };
        let filter = (!parts.filter.is_empty()).then(|| expr::join(parts.filter, Op::And));
        let mut query = expr::select(parts.columns.into_iter().map(item).collect(), parts.from, filter);
        if let SetExpr::Select(select) = &mut *query.body {
            select.distinct = parts.distinct.then_some(Distinct::Distinct);
            select.group_by = GroupByExpr::Expressions(parts.group_by, Vec::new());
            select.having = parts.having;
        }
        query
    }
}

/// A query as a table.
pub(super) fn derived(query: Query, alias: &str) -> TableWithJoins {
    TableWithJoins { relation: derived_factor(query, alias), joins: Vec::new() }
}

fn derived_factor(query: Query, alias: &str) -> TableFactor {
    TableFactor::Derived {
        lateral: false,
        subquery: Box::new(query),
        alias: Some(TableAlias { explicit: true, name: Ident::new(alias), columns: Vec::new(), at: None }),
        sample: None,
    }
}

/// A table joined with a query; `all` keeps rows that find nothing.
pub(super) fn joined(mut from: TableWithJoins, query: Query, alias: &str, on: Expr, all: bool) -> TableWithJoins {
    let constraint = JoinConstraint::On(on);
    let join_operator = if all { JoinOperator::Left(constraint) } else { JoinOperator::Inner(constraint) };
    from.joins.push(Join { relation: derived_factor(query, alias), global: false, join_operator });
    from
}

/// All rows of several queries.
pub(super) fn union_all(queries: Vec<Query>) -> Option<Query> {
    queries.into_iter().reduce(|left, right| {
        let body = SetExpr::SetOperation {
            left: left.body,
            op: SetOperator::Union,
            set_quantifier: SetQuantifier::All,
            right: right.body,
        };
        Query { body: Box::new(body), ..right }
    })
}

/// `left [NOT] IN (query)`; neither side has missing values.
pub(super) fn among(left: Expr, query: Query, negated: bool) -> Expr {
    Expr::InSubquery { expr: Box::new(left), subquery: Box::new(query), negated }
}

/// `CASE WHEN … THEN … [WHEN …] END`, missing where nothing holds.
pub(super) fn case(arms: Vec<(Expr, Expr)>) -> Expr {
    use sqlparser::ast::CaseWhen;
    use sqlparser::ast::helpers::attached_token::AttachedToken;
    Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: arms.into_iter().map(|(condition, result)| CaseWhen { condition, result }).collect(),
        else_result: None,
    }
}

/// `COUNT(DISTINCT value)`.
pub(super) fn count_distinct(value: Expr) -> Expr {
    let mut call = expr::call("COUNT", vec![value]);
    if let Expr::Function(function) = &mut call
        && let FunctionArguments::List(list) = &mut function.args
    {
        list.duplicate_treatment = Some(DuplicateTreatment::Distinct);
    }
    call
}

/// A function over the rows of a partition in an order; `before` lets it see only the rows up to the current one,
/// itself included or not.
pub(super) fn over(mut call: Expr, partition: Vec<Expr>, order: Vec<(Expr, bool)>, before: Option<Frame>) -> Expr {
    let window_frame = before.map(|frame| WindowFrame {
        units: WindowFrameUnits::Rows,
        start_bound: WindowFrameBound::Preceding(None),
        end_bound: Some(match frame {
            Frame::UpToHere => WindowFrameBound::CurrentRow,
            Frame::BeforeHere => WindowFrameBound::Preceding(Some(Box::new(expr::number("1".to_owned())))),
        }),
    });
    if let Expr::Function(function) = &mut call {
        function.over = Some(WindowType::WindowSpec(WindowSpec {
            window_name: None,
            partition_by: partition,
            order_by: order.into_iter().map(|(term, ascending)| expr::order_term(term, ascending)).collect(),
            window_frame,
        }));
    }
    call
}

/// The rows that a window function sees.
pub(super) enum Frame {
    /// The rows before the current one, and itself.
    UpToHere,
    /// The rows before the current one.
    BeforeHere,
}
