//! Lists, ranges, patterns: the tests that take more than one value.

use sqlparser::ast::{Expr, Query, SetExpr, TableFactor, ValueWithSpan};

use super::compare::Cmp;
use super::eval::Importer;
use super::like::Letters;
use super::scalar::{Node, Simple};
use super::source::refused;
use super::truth::Truth;
use super::{Found, ImportDialect};

impl Importer<'_> {
    pub(super) fn in_list(&self, expr: &Expr, list: &[Expr], negated: bool, depth: usize) -> Found<Node> {
        let value = self.operand(expr, depth)?;
        let mut terms = Vec::with_capacity(list.len());
        for item in list {
            let item_value = self.eval(item, depth)?;
            if item_value.is_null() && self.dialect == ImportDialect::ClickHouse {
                return refused("a NULL in a list: whether it counts is a setting of ClickHouse", "leave it out");
            }
            // A list of a thousand values must not copy what depends on conditions a thousand times over for nothing.
            if value.simple().is_none() {
                self.charge(list.len())?;
            }
            let term = self.compare(value.clone(), Cmp::Eq, item_value);
            terms.push(term.map_err(|finding| self.placed(finding, item))?);
        }
        let Node::Truth(truth) = self.checked(Truth::or(terms))? else { return Ok(Node::one(Simple::Null)) };
        Ok(Node::Truth(truth.swapped_if(negated)))
    }

    pub(super) fn between(&self, expr: &Expr, low: &Expr, high: &Expr, negated: bool, depth: usize) -> Found<Node> {
        let value = self.operand(expr, depth)?;
        let (low, high) = (self.operand(low, depth)?, self.operand(high, depth)?);
        let from = self.compare(value.clone(), Cmp::Gte, low)?;
        let to = self.compare(value, Cmp::Lte, high)?;
        let truth = match self.range(&from, &to) {
            Some(truth) => truth,
            None => {
                self.checked(from.clone())?;
                self.checked(to.clone())?;
                Truth::and(vec![from, to])
            }
        };
        Ok(Node::Truth(truth.swapped_if(negated)))
    }

    pub(super) fn array(&self, items: &[Expr], depth: usize) -> Found<Node> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match self.eval(item, depth)?.simple() {
                Some(Simple::Const(value)) => values.push(value.clone()),
                // A null in a list equals no item.
                _ => return refused("a list of more than constants", "write the values themselves"),
            }
        }
        Ok(Node::one(Simple::List(values)))
    }

    pub(super) fn any_of(&self, value: &Expr, list: &Expr, depth: usize) -> Found<Node> {
        let (value, list) = (self.operand(value, depth)?, self.eval(list, depth)?);
        match (list.simple(), value.simple()) {
            (Some(Simple::List(items)), _) => {
                let mut terms = Vec::with_capacity(items.len());
                for item in items {
                    terms.push(self.compare(value.clone(), Cmp::Eq, Node::constant(item.clone()))?);
                }
                self.checked(Truth::or(terms))
            }
            _ => self.held(&list, &[&value], false, true),
        }
    }

    /// Whether a list holds all or any of the values of another.
    pub(super) fn holds(&self, list: &Node, values: &Node, all_of: bool, nulls_matter: bool) -> Found<Node> {
        let (Some(column), Some(Simple::List(values))) = (list.column(), values.simple()) else {
            return refused("two lists", "one must be a column and the other a list of constants");
        };
        self.checked(self.has(column, all_of, values, nulls_matter)?)
    }

    /// Whether a list holds single values.
    pub(super) fn held(&self, list: &Node, values: &[&Node], all_of: bool, nulls_matter: bool) -> Found<Node> {
        let mut constants = Vec::with_capacity(values.len());
        for value in values {
            match value.simple() {
                Some(Simple::Const(value)) => constants.push(value.clone()),
                _ => return refused("a list that holds more than a constant", "write the value itself"),
            }
        }
        self.holds(list, &Node::one(Simple::List(constants)), all_of, nulls_matter)
    }

    pub(super) fn like_node(
        &self,
        expr: &Expr,
        pattern: &Expr,
        escape: Option<&ValueWithSpan>,
        fold: bool,
        negated: bool,
        depth: usize,
    ) -> Found<Node> {
        let (value, pattern) = (self.operand(expr, depth)?, self.operand(pattern, depth)?);
        if pattern.is_null() || value.is_null() {
            return Ok(Node::Truth(Truth::constant(None)));
        }
        let Some(pattern) = pattern.text() else {
            return refused("a pattern that is no text", "write the pattern itself");
        };
        let escape = match escape {
            None => self.dialect.like_escape(),
            Some(value) => match self.literal(&value.value)?.text().map(|text| text.chars().collect::<Vec<char>>()) {
                Some(chars) if chars.is_empty() && self.dialect == ImportDialect::PostgreSql => None,
                Some(chars) if chars.len() == 1 => chars.first().copied(),
                _ => return refused("an escape that is not one character", ""),
            },
        };
        let (column, letters) = match value.simple() {
            Some(Simple::Column(column)) => (column, if fold { Letters::Ignored } else { Letters::Exact }),
            Some(Simple::Cased { column, upper: false }) if !self.dialect.like_ignores_case() => {
                (column, if fold { Letters::Ignored } else { Letters::Lower })
            }
            Some(Simple::Cased { column, upper: true }) if !fold && !self.dialect.like_ignores_case() => {
                (column, Letters::Upper)
            }
            _ => return refused("LIKE of something that is no column", ""),
        };
        let truth = self.like(column, pattern, escape, letters)?;
        self.checked(truth.swapped_if(negated))
    }

    pub(super) fn regex_node(&self, expr: &Expr, pattern: &Expr, negated: bool, depth: usize) -> Found<Node> {
        let (value, pattern) = (self.operand(expr, depth)?, self.operand(pattern, depth)?);
        let (Some(column), Some(pattern)) = (value.column(), pattern.text()) else {
            return refused("a pattern beside something else than a column", "compare a column with a pattern");
        };
        let truth = self.regex(column, pattern)?;
        self.checked(truth.swapped_if(negated))
    }

    /// A comparison made by a function, checked.
    pub(super) fn found(&self, truth: Truth) -> Found<Node> {
        self.checked(truth)
    }

    /// `EXISTS (SELECT 1 FROM json_each(column) AS j WHERE j.value IN (…))`, the way to look into a list in SQLite.
    pub(super) fn exists(&self, query: &Query, depth: usize) -> Found<Truth> {
        let other = || refused("`EXISTS`", "put the customers into a list or segment");
        let SetExpr::Select(select) = &*query.body else { return other() };
        let ([from], Some(condition)) = (select.from.as_slice(), &select.selection) else { return other() };
        let plain = query.with.is_none()
            && query.limit_clause.is_none()
            && query.fetch.is_none()
            && from.joins.is_empty()
            && select.having.is_none()
            && select.group_by == sqlparser::ast::GroupByExpr::Expressions(Vec::new(), Vec::new());
        let TableFactor::Table { name, alias: Some(alias), args: Some(args), .. } = &from.relation else {
            return other();
        };
        let (Expr::InList { expr, list, negated: false }, [argument]) = (condition, args.args.as_slice()) else {
            return other();
        };
        let is_value = matches!(&**expr, Expr::CompoundIdentifier(parts) if matches!(parts.as_slice(),
            [table, column] if table.value == alias.name.value && column.value == "value"));
        let is_sqlite = self.dialect == ImportDialect::Sqlite && name.to_string().eq_ignore_ascii_case("json_each");
        if !(plain && is_value && is_sqlite) {
            return other();
        }
        let column = self.argument(argument, depth)?;
        let Some(column) = column.column() else { return other() };
        let values = self.array(list, depth)?;
        let Some(Simple::List(values)) = values.simple() else { return other() };
        let truth = self.exists_in(column, values)?;
        match self.checked(truth)? {
            Node::Truth(truth) => Ok(truth),
            Node::Scalar(_) => other(),
        }
    }
}
