//! The walk over a condition.

use std::cell::Cell;

use cvm_core::filter::{Literal, Operand};
use cvm_core::{Catalog, Code, Diagnostic, Filter};
use sqlparser::ast::{BinaryOperator as Op, Expr, UnaryOperator};

use super::compare::Cmp;
use super::scalar::{Const, Node, Simple};
use super::scope::{Named, Scope};
use super::source::{Source, refused};
use super::truth::{Truth, all, any, complement};
use super::{Found, ImportDialect};

/// Turns one condition into a filter.
pub(super) struct Importer<'a> {
    source: &'a Source<'a>,
    pub(super) dialect: ImportDialect,
    pub(super) catalog: Option<&'a Catalog>,
    pub(super) scope: Scope<'a>,
    /// Nodes that may still be copied.
    budget: Cell<usize>,
}

/// Expressions inside expressions, chains of AND and OR not counted.
const MAX_DEPTH: usize = 250;
/// Nodes that are copied where a value depends on conditions: each combination is said.
const MAX_COPIES: usize = 200_000;

impl<'a> Importer<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        dialect: ImportDialect,
        catalog: Option<&'a Catalog>,
        scope: Scope<'a>,
    ) -> Self {
        Self { source, dialect, catalog, scope, budget: Cell::new(MAX_COPIES) }
    }

    /// Where a condition is true.
    pub(super) fn condition(&self, expr: &Expr) -> Found<Filter> {
        self.truth_of(expr, 0)?.yes
    }

    /// Pays for copies of nodes.
    pub(super) fn charge(&self, nodes: usize) -> Found<()> {
        match self.budget.get().checked_sub(nodes) {
            Some(left) => {
                self.budget.set(left);
                Ok(())
            }
            None => Err(Box::new(
                Diagnostic::error(
                    Code::SizeLimit,
                    "",
                    "the condition becomes too large when its cases are written out",
                )
                .help("say it with AND, OR and NOT"),
            )),
        }
    }

    pub(super) fn placed(&self, mut finding: Box<Diagnostic>, expr: &Expr) -> Box<Diagnostic> {
        if finding.span.is_none() {
            finding.span = self.source.place_of(expr);
        }
        finding
    }

    /// What an expression is worth. Findings get the place of the innermost expression that has one.
    pub(super) fn eval(&self, expr: &Expr, depth: usize) -> Found<Node> {
        if depth > MAX_DEPTH {
            let finding =
                Diagnostic::error(Code::DepthLimit, "", format!("nested deeper than {MAX_DEPTH} expressions"));
            return Err(Box::new(finding));
        }
        let node = self.inner(expr, depth + 1).map_err(|finding| self.placed(finding, expr))?;
        Ok(match node {
            Node::Truth(truth) => {
                let place = |side: Found<Filter>| side.map_err(|finding| self.placed(finding, expr));
                Node::Truth(Truth { yes: place(truth.yes), no: place(truth.no) })
            }
            scalar => scalar,
        })
    }

    pub(super) fn truth_of(&self, expr: &Expr, depth: usize) -> Found<Truth> {
        let node = self.eval(expr, depth)?;
        self.truth(node).map_err(|finding| self.placed(finding, expr))
    }

    /// A comparison whose conditions pass the catalog's checks.
    pub(super) fn checked(&self, truth: Truth) -> Found<Node> {
        if let (Some(catalog), Ok(filter)) = (self.catalog, &truth.yes)
            && !is_whole_number(filter)
            && let Err(found) = cvm_core::check(filter, catalog)
            && let Some(first) = found.0.into_iter().find(|finding| finding.code != Code::SizeLimit)
        {
            return Err(Box::new(Diagnostic { path: String::new(), ..first }));
        }
        Ok(Node::Truth(truth))
    }

    fn inner(&self, expr: &Expr, depth: usize) -> Found<Node> {
        match expr {
            Expr::Nested(inner) => self.eval(inner, depth),
            Expr::Value(value) => self.literal(&value.value),
            Expr::Identifier(name) => self.name(std::slice::from_ref(name)),
            Expr::CompoundIdentifier(parts) => self.name(parts),
            Expr::BinaryOp { op: op @ (Op::And | Op::Or), .. } => self.chain(expr, op, depth),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, depth),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Ok(Node::Truth(self.truth_of(expr, depth)?.not())),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => self.minus(self.eval(expr, depth)?),
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.plus(expr, depth),
            Expr::IsTrue(inner) => Ok(two_valued(self.truth_of(inner, depth)?.yes)),
            Expr::IsNotTrue(inner) => Ok(two_valued(self.truth_of(inner, depth)?.yes.map(complement))),
            Expr::IsFalse(inner) => Ok(two_valued(self.truth_of(inner, depth)?.no)),
            Expr::IsNotFalse(inner) => Ok(two_valued(self.truth_of(inner, depth)?.no.map(complement))),
            Expr::IsUnknown(inner) => Ok(two_valued(self.truth_of(inner, depth)?.unknown())),
            Expr::IsNotUnknown(inner) => Ok(two_valued(self.truth_of(inner, depth)?.unknown().map(complement))),
            Expr::IsNull(inner) => Ok(two_valued(self.operand(inner, depth)?.null())),
            Expr::IsNotNull(inner) => Ok(two_valued(self.operand(inner, depth)?.null().map(complement))),
            Expr::IsDistinctFrom(a, b) => self.distinct(a, b, depth).map(|truth| Node::Truth(truth.not())),
            Expr::IsNotDistinctFrom(a, b) => self.distinct(a, b, depth).map(Node::Truth),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated, depth),
            Expr::Between { expr, negated, low, high } => self.between(expr, low, high, *negated, depth),
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like_node(expr, pattern, escape_char.as_ref(), false, *negated, depth)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like_node(expr, pattern, escape_char.as_ref(), true, *negated, depth)
            }
            Expr::RLike { negated, expr, pattern, .. } => self.regex_node(expr, pattern, *negated, depth),
            Expr::AnyOp { left, compare_op: Op::Eq, right, .. } => self.any_of(left, right, depth),
            Expr::InUnnest { expr, array_expr, negated } => match self.any_of(expr, array_expr, depth)? {
                Node::Truth(truth) => Ok(Node::Truth(truth.swapped_if(*negated))),
                other => Ok(other),
            },
            Expr::MemberOf(member) => {
                let (value, list) = (self.eval(&member.value, depth)?, self.eval(&member.array, depth)?);
                self.held(&list, &[&value], false, true)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), depth)
            }
            Expr::Cast { kind, expr, data_type, array: false, format: None } => {
                self.cast(self.eval(expr, depth)?, data_type, kind)
            }
            Expr::TypedString(typed) => {
                self.cast(self.literal(&typed.value.value)?, &typed.data_type, &sqlparser::ast::CastKind::Cast)
            }
            Expr::Interval(interval) => Ok(Node::one(Simple::Interval(super::relative::interval(interval)?))),
            Expr::Array(array) => self.array(&array.elem, depth),
            Expr::Convert { is_try: false, expr, data_type: None, charset: Some(charset), .. }
                if self.dialect.is_mysql() && charset.to_string().eq_ignore_ascii_case("utf8mb4") =>
            {
                self.eval(expr, depth)
            }
            Expr::Collate { expr, collation } => {
                let name = collation.to_string().trim_matches(['"', '`']).to_lowercase();
                if matches!(
                    name.as_str(),
                    "c" | "posix" | "ucs_basic" | "binary" | "utf8mb4_bin" | "utf8_bin" | "utf8mb4_0900_bin"
                ) {
                    return self.eval(expr, depth);
                }
                refused(
                    format!("the collation {collation}"),
                    "only collations by code point are known, such as `\"C\"`",
                )
            }
            Expr::Position { expr, r#in } => {
                let (needle, text) = (self.eval(expr, depth)?, self.eval(r#in, depth)?);
                self.position_node(&text, &needle)
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let from = substring_from.as_deref().map(|from| self.eval(from, depth)).transpose()?;
                let length = substring_for.as_deref().map(|length| self.eval(length, depth)).transpose()?;
                let text = self.eval(expr, depth)?;
                self.substring(&text, from.as_ref(), length.as_ref())
            }
            Expr::Exists { subquery, negated } => {
                let truth = self.exists(subquery, depth)?;
                Ok(Node::Truth(truth.swapped_if(*negated)))
            }
            Expr::Function(function) => self.function(function, depth),
            Expr::InSubquery { .. } | Expr::Subquery(_) => {
                refused("a query inside the condition", "put the customers into a list or segment")
            }
            Expr::Extract { .. } => refused("`EXTRACT`", "say it as a range of dates"),
            Expr::SimilarTo { .. } => refused("`SIMILAR TO`", "use LIKE or a regular expression"),
            Expr::Tuple(_) => refused("a comparison of rows", "compare the columns one by one"),
            Expr::AtTimeZone { .. } => refused("`AT TIME ZONE`", "write times with their offset"),
            Expr::Like { .. } | Expr::ILike { .. } => refused("`LIKE ANY`", "join the patterns with OR"),
            Expr::AnyOp { .. } | Expr::AllOp { .. } => refused("`ANY` or `ALL` with this comparison", "use `= ANY`"),
            other => {
                let text: String = other.to_string().chars().take(60).collect();
                refused(format!("`{text}` has no filter of the same meaning"), "")
            }
        }
    }

    fn name(&self, parts: &[sqlparser::ast::Ident]) -> Found<Node> {
        Ok(match self.scope.find(parts)? {
            Named::Column(column) => Node::one(Simple::Column(column)),
            Named::Text(text) => Node::constant(Const::Quoted(text)),
        })
    }

    /// A chain of AND or OR: the parser nests it to the left, link by link.
    fn chain(&self, expr: &Expr, op: &Op, depth: usize) -> Found<Node> {
        let mut links = Vec::new();
        let mut at = expr;
        while let Expr::BinaryOp { left, op: this, right } = at {
            if this != op {
                break;
            }
            links.push(&**right);
            at = left;
        }
        links.push(at);
        let mut terms = Vec::with_capacity(links.len());
        for link in links.into_iter().rev() {
            terms.push(self.truth_of(link, depth)?);
        }
        Ok(Node::Truth(if *op == Op::And { Truth::and(terms) } else { Truth::or(terms) }))
    }

    fn plus(&self, expr: &Expr, depth: usize) -> Found<Node> {
        let node = self.eval(expr, depth)?;
        match node.simple() {
            Some(Simple::Const(Const::Number(_) | Const::Float(_)) | Simple::Null) => Ok(node),
            _ => refused("`+` before something that is no number", ""),
        }
    }

    /// An operand of a comparison. One that is a comparison itself needs parentheses: databases differ in which of the
    /// two binds closer.
    pub(super) fn operand(&self, expr: &Expr, depth: usize) -> Found<Node> {
        let bare = match expr {
            // The parser takes everything after IS DISTINCT FROM for its right side.
            Expr::BinaryOp { op, .. } => comparison(op).is_some() || is_pattern(op) || matches!(op, Op::And | Op::Or),
            Expr::InList { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::RLike { .. }
            | Expr::SimilarTo { .. }
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::InUnnest { .. }
            | Expr::MemberOf(_)
            | Expr::UnaryOp { op: UnaryOperator::Not, .. } => true,
            Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsUnknown(_)
            | Expr::IsNotUnknown(_) => true,
            _ => false,
        };
        if bare {
            let finding =
                Diagnostic::error(Code::NotSupported, "", "a condition beside a comparison, without parentheses")
                    .help("databases differ in which comes first: put parentheses around the inner one");
            return Err(self.placed(Box::new(finding), expr));
        }
        self.eval(expr, depth)
    }

    fn binary(&self, left: &Expr, op: &Op, right: &Expr, depth: usize) -> Found<Node> {
        if let Some(cmp) = comparison(op) {
            let (a, b) = (self.operand(left, depth)?, self.operand(right, depth)?);
            return self.checked(self.compare(a, cmp, b)?);
        }
        match op {
            Op::Spaceship => self.distinct(left, right, depth).map(Node::Truth),
            Op::Plus | Op::Minus | Op::Multiply => {
                let (a, b) = (self.eval(left, depth)?, self.eval(right, depth)?);
                self.arithmetic(a, op, b)
            }
            Op::Divide | Op::Modulo | Op::MyIntegerDivide | Op::DuckIntegerDivide => {
                refused(format!("`{op}`: databases differ in how they divide"), "multiply on the other side instead")
            }
            Op::Xor if is_atom(left) && is_atom(right) => {
                let (a, b) = (self.truth_of(left, depth)?, self.truth_of(right, depth)?);
                self.compare(Node::Truth(a), Cmp::Ne, Node::Truth(b)).map(Node::Truth)
            }
            Op::StringConcat if !self.dialect.bars_are_or() => {
                let (a, b) = (self.eval(left, depth)?, self.eval(right, depth)?);
                match (a.text(), b.text()) {
                    (Some(a), Some(b)) => Ok(Node::constant(Const::Text(format!("{a}{b}")))),
                    _ => refused("`||` with a column", "compare the parts one by one"),
                }
            }
            Op::PGRegexMatch | Op::Regexp => self.regex_node(left, right, false, depth),
            Op::PGRegexNotMatch => self.regex_node(left, right, true, depth),
            Op::PGLikeMatch => self.like_node(left, right, None, false, false, depth),
            Op::PGNotLikeMatch => self.like_node(left, right, None, false, true, depth),
            Op::PGILikeMatch => self.like_node(left, right, None, true, false, depth),
            Op::PGNotILikeMatch => self.like_node(left, right, None, true, true, depth),
            Op::PGStartsWith => {
                let (a, b) = (self.operand(left, depth)?, self.operand(right, depth)?);
                self.find_text(&a, &b, super::lower::Place::Start)
            }
            Op::LongArrow => self.json_arrow(left, right),
            Op::PGOverlap if !self.dialect.is_mysql() => {
                let (a, b) = (self.operand(left, depth)?, self.operand(right, depth)?);
                if b.column().is_some() { self.holds(&b, &a, false, false) } else { self.holds(&a, &b, false, false) }
            }
            Op::AtArrow => {
                let (a, b) = (self.operand(left, depth)?, self.operand(right, depth)?);
                self.holds(&a, &b, true, false)
            }
            Op::ArrowAt => {
                let (a, b) = (self.operand(left, depth)?, self.operand(right, depth)?);
                self.holds(&b, &a, true, false)
            }
            other => refused(format!("the operator `{other}`"), "use AND, OR, NOT and comparisons"),
        }
    }

    /// Where two values are equal, two nulls too.
    fn distinct(&self, a: &Expr, b: &Expr, depth: usize) -> Found<Truth> {
        let (a, b) = (self.operand(a, depth)?, self.operand(b, depth)?);
        let both_null = all(vec![a.null()?, b.null()?]);
        self.charge(2 * both_null.node_count())?;
        let equal = if a.is_null() || b.is_null() { Filter::Nobody } else { self.compare(a, Cmp::Eq, b)?.yes? };
        let Node::Truth(truth) = self.checked(Truth::two_valued(Ok(any(vec![both_null, equal]))))? else {
            return Ok(Truth::constant(None));
        };
        Ok(truth)
    }
}

/// What needs no check of its own: whole numbers meet columns of whole numbers only.
fn is_whole_number(filter: &Filter) -> bool {
    matches!(filter, Filter::Condition(condition) if matches!(condition.value, Some(Operand::One(Literal::Int(_)))))
}

fn two_valued(yes: Found<Filter>) -> Node {
    Node::Truth(Truth::two_valued(yes))
}

/// The comparison of an operator.
fn comparison(op: &Op) -> Option<Cmp> {
    Some(match op {
        Op::Eq => Cmp::Eq,
        Op::NotEq => Cmp::Ne,
        Op::Lt => Cmp::Lt,
        Op::LtEq => Cmp::Lte,
        Op::Gt => Cmp::Gt,
        Op::GtEq => Cmp::Gte,
        _ => return None,
    })
}

fn is_pattern(op: &Op) -> bool {
    matches!(
        op,
        Op::Spaceship
            | Op::PGRegexMatch
            | Op::PGRegexNotMatch
            | Op::PGRegexIMatch
            | Op::PGRegexNotIMatch
            | Op::PGLikeMatch
            | Op::PGNotLikeMatch
            | Op::PGILikeMatch
            | Op::PGNotILikeMatch
            | Op::PGOverlap
            | Op::AtArrow
            | Op::ArrowAt
            | Op::Regexp
            | Op::Xor
    )
}

/// Whether nothing can bind closer to it than its neighbour.
fn is_atom(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Nested(_) | Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Value(_) | Expr::Function(_)
    )
}
