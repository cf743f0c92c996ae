//! Comparisons of any two values.

use std::cmp::Ordering;

use cvm_core::filter::{Operand, Operator};
use cvm_core::{Decimal, FieldType, Filter};

use super::Found;
use super::eval::Importer;
use super::scalar::{Case, Const, Node, Simple, mismatch, plain_truth};
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, all, any, complement};

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cmp {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
}

impl Cmp {
    /// The same with its sides changed over.
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Lte => Self::Gte,
            Self::Gt => Self::Lt,
            Self::Gte => Self::Lte,
            same => same,
        }
    }

    pub(super) fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Lte => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Gte => order.is_ge(),
        }
    }

    pub(super) fn operator(self) -> Operator {
        match self {
            Self::Eq => Operator::Eq,
            Self::Ne => Operator::Ne,
            Self::Lt => Operator::Lt,
            Self::Lte => Operator::Lte,
            Self::Gt => Operator::Gt,
            Self::Gte => Operator::Gte,
        }
    }

    pub(super) fn is_order(self) -> bool {
        !matches!(self, Self::Eq | Self::Ne)
    }
}

impl Importer<'_> {
    /// The comparison of two values.
    pub(super) fn compare(&self, left: Node, cmp: Cmp, right: Node) -> Found<Truth> {
        if let (Node::Truth(_), _) | (_, Node::Truth(_)) = (&left, &right) {
            return self.compare_truths(self.truth(left)?, cmp, self.truth(right)?);
        }
        let (left, right) = (left.cases()?, right.cases()?);
        if let ([Case { when: Filter::Everyone, value: a }], [Case { when: Filter::Everyone, value: b }]) =
            (left.as_slice(), right.as_slice())
        {
            return self.compare_simple(a, cmp, b);
        }
        let mut yes = Vec::new();
        let mut no = Vec::new();
        for a in &left {
            for b in &right {
                let when = all(vec![a.when.clone(), b.when.clone()]);
                if when == Filter::Nobody {
                    continue;
                }
                let truth = self.compare_simple(&a.value, cmp, &b.value)?;
                let (yes_here, no_here) = (truth.yes?, truth.no?);
                self.charge(2 * when.node_count() + yes_here.node_count() + no_here.node_count())?;
                yes.push(all(vec![when.clone(), yes_here]));
                no.push(all(vec![when, no_here]));
            }
        }
        Ok(Truth::of(any(yes), any(no)))
    }

    /// The comparison of two conditions; false comes before true.
    fn compare_truths(&self, a: Truth, cmp: Cmp, b: Truth) -> Found<Truth> {
        let (a_yes, a_no, b_yes, b_no) = (a.yes?, a.no?, b.yes?, b.no?);
        self.charge(2 * [&a_yes, &a_no, &b_yes, &b_no].into_iter().map(Filter::node_count).sum::<usize>())?;
        let mut yes = Vec::new();
        let mut no = Vec::new();
        for (x, x_holds) in [(false, &a_no), (true, &a_yes)] {
            for (y, y_holds) in [(false, &b_no), (true, &b_yes)] {
                let both = all(vec![x_holds.clone(), y_holds.clone()]);
                if cmp.accepts(x.cmp(&y)) { yes.push(both) } else { no.push(both) }
            }
        }
        Ok(Truth::of(any(yes), any(no)))
    }

    /// A value as a condition. Where the dialect allows it, a number is one too: it holds if it is not zero.
    pub(super) fn truth(&self, node: Node) -> Found<Truth> {
        if self.dialect.numbers_are_conditions() {
            let is_number = match node.simple() {
                Some(Simple::Const(Const::Number(_)) | Simple::Linear { .. } | Simple::Tally(_)) => true,
                Some(Simple::Column(column)) => column.ty.as_ref().is_some_and(FieldType::is_number),
                _ => false,
            };
            if is_number {
                return self.compare(node, Cmp::Ne, Node::constant(Const::Number(Decimal::from(0))));
            }
        }
        plain_truth(node)
    }

    pub(super) fn compare_simple(&self, left: &Simple, cmp: Cmp, right: &Simple) -> Found<Truth> {
        use Simple as S;
        match (left, right) {
            (S::Null, _) | (_, S::Null) => Ok(Truth::constant(None)),
            (S::Const(a), S::Const(b)) => self.constants(a, cmp, b),
            (S::Column(a), S::Column(b)) => self.columns(a, cmp, b),
            (S::Column(column), S::Const(value)) => self.column_with(column, cmp, value),
            (S::Column(column), S::Relative(time)) => self.column_with_time(column, cmp, time),
            (S::AsFloat(a), S::Column(b)) | (S::Column(b), S::AsFloat(a)) if b.ty == Some(FieldType::Float) => {
                let (a, b) = if matches!(left, S::AsFloat(_)) { (a, b) } else { (b, a) };
                self.columns(a, cmp, b)
            }
            (S::Linear { column, factor, offset }, S::Const(value)) => {
                self.linear(column, *factor, *offset, cmp, value)
            }
            (S::Cased { column, upper }, S::Const(Const::Text(text) | Const::Quoted(text))) => {
                self.cased(column, *upper, cmp, text)
            }
            (S::Length { column, bytes }, S::Const(Const::Number(n))) => self.length(column, *bytes, cmp, *n),
            (S::Position { column, needle }, S::Const(Const::Number(n))) => self.position(column, needle, cmp, *n),
            (S::Part { column, start, length, bytes }, S::Const(Const::Text(text) | Const::Quoted(text))) => self.part(
                column,
                *start,
                if *bytes { Length::Bytes(*length) } else { Length::Characters(*length) },
                cmp,
                text,
            ),
            (S::Tally(filters), S::Const(Const::Number(n))) => tally(filters, cmp, *n),
            (S::Micros(column), S::Const(Const::Number(n))) => self.micros(column, cmp, *n),
            (S::Size { column, null_if_empty }, S::Const(Const::Number(n))) => {
                self.size(column, *null_if_empty, cmp, *n)
            }
            // The same the other way round.
            (S::Const(_) | S::Relative(_), _) if !matches!(right, S::Const(_) | S::Relative(_)) => {
                self.compare_simple(right, cmp.flipped(), left)
            }
            _ => mismatch(left, right),
        }
    }

    /// Two constants.
    fn constants(&self, a: &Const, cmp: Cmp, b: &Const) -> Found<Truth> {
        use Const as C;
        if let (C::Quoted(text), _) | (_, C::Quoted(text)) = (a, b) {
            return refused(
                format!("`{text}` is no column, and so a text for this database"),
                "write texts in single quotes, and check the names",
            );
        }
        let order = match (a, b) {
            (C::Bool(a), C::Bool(b)) => a.cmp(b),
            (C::Number(a), C::Number(b)) => {
                let plain =
                    |number: &Decimal| !self.dialect.float_literals() || super::scalar::whole(*number).is_some();
                if !(plain(a) && plain(b)) {
                    return refused("fractions are compared as floats here", "compare whole numbers");
                }
                a.cmp(b)
            }
            (C::Text(a), C::Text(b)) if !cmp.is_order() => a.cmp(b),
            (C::Date(a), C::Date(b)) => a.cmp(b),
            (C::Timestamp(a), C::Timestamp(b)) => a.cmp(b),
            _ => return mismatch(&Simple::Const(a.clone()), &Simple::Const(b.clone())),
        };
        Ok(Truth::constant(Some(cmp.accepts(order))))
    }

    /// Two columns of the same row.
    fn columns(&self, a: &Column, cmp: Cmp, b: &Column) -> Found<Truth> {
        let text_places = a.json || b.json;
        if text_places {
            return refused("a place in a JSON document can't be compared with a column", "compare it with a text");
        }
        let booleans = |column: &Column| column.ty == Some(FieldType::Bool);
        if booleans(a) && booleans(b) && cmp.is_order() {
            let truth = |column: &Column| plain_truth(Node::one(Simple::Column(column.clone())));
            return self.compare_truths(truth(a)?, cmp, truth(b)?);
        }
        // A day beside an instant: what a database makes of it depends on its zones.
        if let (Some(x), Some(y)) = (&a.ty, &b.ty)
            && x != y
            && !(x.is_number() && y.is_number())
        {
            return mismatch(&Simple::Column(a.clone()), &Simple::Column(b.clone()));
        }
        Ok(self.leaf(&a.name, cmp.operator(), Operand::Field { field: b.name.clone() }))
    }
}

/// How much of a text.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Length {
    Characters(usize),
    Bytes(usize),
}

/// How many filters hold, compared with a number.
fn tally(filters: &[Filter], cmp: Cmp, number: Decimal) -> Found<Truth> {
    let Some(n) = super::scalar::whole(number) else { return refused("a sum of conditions is a whole number", "") };
    let at_least = |n: i128| -> Filter {
        if n <= 0 {
            return Filter::Everyone;
        }
        match usize::try_from(n) {
            Ok(1) => any(filters.to_vec()),
            Ok(n) if n == filters.len() => all(filters.to_vec()),
            Ok(n) if n < filters.len() => Filter::at_least(u32::try_from(n).unwrap_or(u32::MAX), filters.to_vec()),
            _ => Filter::Nobody,
        }
    };
    let next = n.saturating_add(1);
    let yes = match cmp {
        Cmp::Gte => at_least(n),
        Cmp::Gt => at_least(next),
        Cmp::Lt => complement(at_least(n)),
        Cmp::Lte => complement(at_least(next)),
        Cmp::Eq => all(vec![at_least(n), complement(at_least(next))]),
        Cmp::Ne => any(vec![complement(at_least(n)), at_least(next)]),
    };
    Ok(Truth::two_valued(Ok(yes)))
}
