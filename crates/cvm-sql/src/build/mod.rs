//! Predicates as `sqlparser` expressions.
//!
//! The predicate comes in negation normal form, so no `NOT` ever stands over three-valued logic. A leaf whose verdict on
//! missing values is *out* is left to SQL's own rule, by which an unknown condition selects nobody: nothing is wrapped
//! and indexes stay usable. One whose verdict is *in* says so: `… OR x IS NULL`.

mod compare;
pub(crate) mod expr;
mod list;
mod text;
mod value;

use cvm_core::predicate::{FieldRef, Leaf, Test};
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field, FieldType, Predicate, Value};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr, Ident, ObjectName, TableWithJoins};

use crate::dialect::{Dialect, qualified_name, quoted_name};
use crate::query::{Query, node_marker};

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As bound parameters of a text.
    Parameters,
    /// As literals of a text.
    Literals,
    /// As nodes of a tree that is run without being printed.
    Tree,
}

/// Builds one statement.
pub(crate) struct Builder<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) dialect: Dialect,
    mode: Mode,
    params: Vec<Value>,
    notes: Vec<String>,
}

/// The name under which a statement knows the customer table. Columns are always qualified with it: in some databases
/// a quoted name that is no column becomes a text, a qualified one never does.
const ALIAS: &str = "c";

impl<'c> Builder<'c> {
    pub(crate) fn text(catalog: &'c Catalog, dialect: Dialect, parameters: bool) -> Self {
        let mode = if parameters { Mode::Parameters } else { Mode::Literals };
        Self { catalog, dialect, mode, params: Vec::new(), notes: Vec::new() }
    }

    /// A tree for DataFusion itself.
    #[cfg(feature = "exec")]
    pub(crate) fn tree(catalog: &'c Catalog) -> Self {
        Self { catalog, dialect: Dialect::DataFusion, mode: Mode::Tree, params: Vec::new(), notes: Vec::new() }
    }

    pub(crate) fn finish(self, sql: String) -> Query {
        Query { sql, params: self.params, notes: self.notes }
    }

    /// An identifier, quoted.
    pub(crate) fn name(&self, name: &str) -> Ident {
        match self.mode {
            Mode::Tree => Ident::with_quote('"', name),
            _ => Ident::new(quoted_name(name, self.dialect)),
        }
    }

    /// A column of the customer table.
    pub(crate) fn column(&self, name: &str) -> Expr {
        match self.mode {
            Mode::Tree => Expr::CompoundIdentifier(vec![Ident::new(ALIAS), self.name(name)]),
            // What is only printed is one text: columns are built and copied more than anything else.
            _ => Expr::Identifier(Ident::new(qualified_name(ALIAS, name, self.dialect))),
        }
    }

    /// The customer table.
    pub(crate) fn table(&self, table: &str) -> TableWithJoins {
        let name: Vec<Ident> = table.split('.').map(|part| self.name(part)).collect();
        TableWithJoins { relation: expr::table(ObjectName::from(name), ALIAS, None), joins: Vec::new() }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The expression of a predicate in negation normal form.
    pub(crate) fn predicate(&mut self, predicate: &Predicate) -> Result<Expr, Diagnostics> {
        self.boxed(predicate).map(|boxed| *boxed)
    }

    /// As [`Builder::predicate`]. Boxed, because expressions are large and travel up through every group.
    fn boxed(&mut self, predicate: &Predicate) -> Result<Box<Expr>, Diagnostics> {
        match predicate {
            Predicate::Constant(value) => Ok(Box::new(expr::boolean(*value))),
            Predicate::All(children) => expr::try_join(children.iter().map(|child| self.boxed(child)), Op::And),
            Predicate::Any(children) => expr::try_join(children.iter().map(|child| self.boxed(child)), Op::Or),
            Predicate::AtLeast(n, children) => {
                let terms = children.iter().map(|child| self.predicate(child).map(expr::one_if).map(Box::new));
                let sum = expr::nested(*expr::try_join(terms, Op::Plus)?);
                Ok(Box::new(expr::binary(sum, Op::GtEq, expr::number(n.to_string()))))
            }
            // The normal form has none, and turning it round is the same in any case.
            Predicate::Not(child) => self.boxed(&Predicate::Not(child.clone()).normalized()),
            Predicate::Leaf(leaf) => self.leaf(leaf).map(Box::new),
        }
    }

    /// A field of the customer table, not inside a JSON document.
    fn field(&self, reference: &FieldRef, leaf: &Leaf) -> Result<&'c Field, Diagnostics> {
        match self.catalog.customers.fields.get(reference.index) {
            Some(field) if reference.path.is_empty() && field.ty != FieldType::Json => Ok(field),
            Some(field) if matches!(leaf.test, Test::Present) && reference.path.is_empty() => Ok(field),
            _ => Err(self.unsupported(leaf, "conditions inside json fields can't be said in SQL in this version")),
        }
    }

    fn unsupported(&self, leaf: &Leaf, reason: &str) -> Diagnostics {
        Diagnostic::error(Code::NotSupported, node_marker(leaf.node), format!("{}: {reason}", self.dialect)).into()
    }

    fn leaf(&mut self, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let field = self.field(&leaf.field, leaf)?;
        if let Test::Field(comparison, other) = &leaf.test {
            let other = self.field(other, leaf)?;
            return Ok(self.fields(*comparison, field, other, leaf));
        }
        // Always true or never true of a value that is there: only being there is asked.
        let always = match &leaf.test {
            Test::Present => Some(!leaf.negated),
            Test::In(values) if values.is_empty() => Some(leaf.negated),
            _ => None,
        };
        if let Some(verdict) = always {
            return Ok(match (verdict, leaf.on_missing) {
                (true, true) => expr::boolean(true),
                (true, false) => self.present(field),
                (false, true) => self.missing(field),
                (false, false) => expr::boolean(false),
            });
        }
        if leaf.on_missing {
            Ok(expr::pair(self.test(leaf, field)?, Op::Or, self.missing(field)))
        } else if field.ty == FieldType::Float && self.dialect.traits().nan && takes_nan(leaf) {
            Ok(expr::pair(self.test(leaf, field)?, Op::And, self.is_number(field)))
        } else {
            self.test(leaf, field)
        }
    }

    /// The test of a value that is there, turned round where the leaf says so.
    fn test(&mut self, leaf: &Leaf, field: &Field) -> Result<Expr, Diagnostics> {
        match &leaf.test {
            Test::In(values) => Ok(self.one_of(field, values, leaf.negated)),
            Test::Range(range) => Ok(self.range(field, range, leaf.negated)),
            Test::Text(test) => self.text_test(&self.column(&field.name), test, leaf),
            Test::Empty => Ok(self.empty(&self.column(&field.name), field, leaf.negated)),
            Test::Has { all, values, fold } => {
                if *fold {
                    return Err(self.unsupported(leaf, "items of lists can't be compared without regard to case"));
                }
                let FieldType::List(item) = &field.ty else { return Ok(expr::boolean(leaf.negated)) };
                let has = self.has(&self.column(&field.name), item, *all, values);
                let test = if leaf.negated { expr::not(has) } else { has };
                // EXISTS is false, and not unknown, where the list is missing: turned round it would let it in.
                if self.dialect == Dialect::Sqlite && leaf.negated && !leaf.on_missing {
                    return Ok(expr::join(vec![test, self.present(field)], Op::And));
                }
                Ok(test)
            }
            Test::Size(test) => Ok(self.size(&self.column(&field.name), *test, leaf.negated)),
            Test::MonthDay(ranges) => Ok(self.month_day(&self.column(&field.name), ranges, leaf.negated)),
            // Both are settled before.
            Test::Present | Test::Field(..) => Ok(expr::boolean(!leaf.negated)),
        }
    }

    fn missing(&self, field: &Field) -> Expr {
        let null = Expr::IsNull(Box::new(self.column(&field.name)));
        if field.ty == FieldType::Float && self.dialect.traits().nan {
            expr::pair(null, Op::Or, self.is_nan(field))
        } else {
            null
        }
    }

    fn present(&self, field: &Field) -> Expr {
        let set = Expr::IsNotNull(Box::new(self.column(&field.name)));
        if field.ty == FieldType::Float && self.dialect.traits().nan {
            expr::pair(set, Op::And, self.is_number(field))
        } else {
            set
        }
    }

    fn is_nan(&self, field: &Field) -> Expr {
        match self.dialect {
            Dialect::PostgreSql => expr::binary(self.column(&field.name), Op::Eq, nan()),
            _ => expr::call("isnan", vec![self.column(&field.name)]),
        }
    }

    fn is_number(&self, field: &Field) -> Expr {
        match self.dialect {
            Dialect::PostgreSql => expr::binary(self.column(&field.name), Op::NotEq, nan()),
            _ => expr::not(self.is_nan(field)),
        }
    }
}

/// PostgreSQL's NaN, which equals itself.
fn nan() -> Expr {
    expr::cast(expr::raw("'NaN'".to_owned()), DataType::DoublePrecision)
}

/// Whether NaN, which databases sort above every number, would pass the test.
fn takes_nan(leaf: &Leaf) -> bool {
    use cvm_core::predicate::Bound;
    match &leaf.test {
        Test::Range(range) => leaf.negated || range.high == Bound::Open,
        Test::In(_) => leaf.negated,
        _ => true,
    }
}
