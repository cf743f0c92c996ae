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
    scope: Scope<'c>,
    params: Vec<Value>,
    notes: Vec<String>,
}

/// The table whose row a condition looks at, under the name that the statement has for it. Columns are always qualified
/// with that name: in some databases a quoted name that is no column becomes a text, a qualified one never does.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'c> {
    pub(crate) alias: &'static str,
    pub(crate) fields: &'c [Field],
}

/// The name of the customer table in a statement.
pub(crate) const CUSTOMERS: &str = "c";

/// What a test looks at.
pub(crate) struct Subject<'f> {
    pub(crate) expr: Expr,
    pub(crate) ty: &'f FieldType,
    /// For notes.
    pub(crate) name: &'f str,
    /// Whether it was made comparable already, and is never NaN: what comes out of an aggregate.
    pub(crate) ready: bool,
}

impl<'c> Builder<'c> {
    pub(crate) fn text(catalog: &'c Catalog, dialect: Dialect, parameters: bool) -> Self {
        Self::new(catalog, dialect, if parameters { Mode::Parameters } else { Mode::Literals })
    }

    fn new(catalog: &'c Catalog, dialect: Dialect, mode: Mode) -> Self {
        let scope = Scope { alias: CUSTOMERS, fields: &catalog.customers.fields };
        Self { catalog, dialect, mode, scope, params: Vec::new(), notes: Vec::new() }
    }

    /// A tree for DataFusion itself.
    #[cfg(feature = "exec")]
    pub(crate) fn tree(catalog: &'c Catalog) -> Self {
        Self::new(catalog, Dialect::DataFusion, Mode::Tree)
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

    /// A column of the table that is looked at.
    pub(crate) fn column(&self, name: &str) -> Expr {
        self.column_of(self.scope.alias, name)
    }

    /// A column of the table with this alias.
    pub(crate) fn column_of(&self, alias: &str, name: &str) -> Expr {
        match self.mode {
            Mode::Tree => Expr::CompoundIdentifier(vec![Ident::new(alias), self.name(name)]),
            // What is only printed is one text: columns are built and copied more than anything else.
            _ => Expr::Identifier(Ident::new(qualified_name(alias, name, self.dialect))),
        }
    }

    fn subject<'f>(&self, field: &'f Field) -> Subject<'f> {
        Subject { expr: self.column(&field.name), ty: &field.ty, name: &field.name, ready: false }
    }

    /// A table under another name.
    pub(crate) fn table(&self, table: &str, alias: &str) -> TableWithJoins {
        let name: Vec<Ident> = table.split('.').map(|part| self.name(part)).collect();
        TableWithJoins { relation: expr::table(ObjectName::from(name), alias, None), joins: Vec::new() }
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

    /// A field of the table that is looked at, not inside a JSON document.
    fn field(&self, reference: &FieldRef, leaf: &Leaf) -> Result<&'c Field, Diagnostics> {
        match self.scope.fields.get(reference.index) {
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
        let subject = self.subject(field);
        if let Test::Field(comparison, other) = &leaf.test {
            let other = self.subject(self.field(other, leaf)?);
            return Ok(self.fields(*comparison, &subject, &other, leaf));
        }
        self.verdict(&subject, leaf)
    }

    /// The verdict of a leaf on its subject: the test of what is there, and the rule for what is missing.
    pub(crate) fn verdict(&mut self, subject: &Subject<'_>, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        // Always true or never true of a value that is there: only being there is asked.
        let always = match &leaf.test {
            Test::Present => Some(!leaf.negated),
            Test::In(values) if values.is_empty() => Some(leaf.negated),
            _ => None,
        };
        if let Some(verdict) = always {
            return Ok(match (verdict, leaf.on_missing) {
                (true, true) => expr::boolean(true),
                (true, false) => self.present(subject),
                (false, true) => self.missing(subject),
                (false, false) => expr::boolean(false),
            });
        }
        if leaf.on_missing {
            Ok(expr::pair(self.test(leaf, subject)?, Op::Or, self.missing(subject)))
        } else if self.can_be_nan(subject) && takes_nan(leaf) {
            Ok(expr::pair(self.test(leaf, subject)?, Op::And, self.is_number(subject)))
        } else {
            self.test(leaf, subject)
        }
    }

    /// The test of a value that is there, turned round where the leaf says so.
    fn test(&mut self, leaf: &Leaf, subject: &Subject<'_>) -> Result<Expr, Diagnostics> {
        match &leaf.test {
            Test::In(values) => Ok(self.one_of(subject, values, leaf.negated)),
            Test::Range(range) => Ok(self.range(subject, range, leaf.negated)),
            Test::Text(test) => self.text_test(&subject.expr, test, leaf),
            Test::Empty => Ok(self.empty(subject, leaf.negated)),
            Test::Has { all, values, fold } => {
                if *fold {
                    return Err(self.unsupported(leaf, "items of lists can't be compared without regard to case"));
                }
                let FieldType::List(item) = subject.ty else { return Ok(expr::boolean(leaf.negated)) };
                let has = self.has(&subject.expr, item, *all, values);
                let test = if leaf.negated { expr::not(has) } else { has };
                // EXISTS is false, and not unknown, where the list is missing: turned round it would let it in.
                if self.dialect == Dialect::Sqlite && leaf.negated && !leaf.on_missing {
                    return Ok(expr::join(vec![test, self.present(subject)], Op::And));
                }
                Ok(test)
            }
            Test::Size(test) => Ok(self.size(&subject.expr, *test, leaf.negated)),
            Test::MonthDay(ranges) => Ok(self.month_day(&subject.expr, ranges, leaf.negated)),
            // Both are settled before.
            Test::Present | Test::Field(..) => Ok(expr::boolean(!leaf.negated)),
        }
    }

    /// Whether NaN, which counts as missing, can be met.
    fn can_be_nan(&self, subject: &Subject<'_>) -> bool {
        *subject.ty == FieldType::Float && !subject.ready && self.dialect.traits().nan
    }

    fn missing(&self, subject: &Subject<'_>) -> Expr {
        let null = Expr::IsNull(Box::new(subject.expr.clone()));
        if self.can_be_nan(subject) { expr::pair(null, Op::Or, self.is_nan(subject)) } else { null }
    }

    fn present(&self, subject: &Subject<'_>) -> Expr {
        let set = Expr::IsNotNull(Box::new(subject.expr.clone()));
        if self.can_be_nan(subject) { expr::pair(set, Op::And, self.is_number(subject)) } else { set }
    }

    fn is_nan(&self, subject: &Subject<'_>) -> Expr {
        match self.dialect {
            Dialect::PostgreSql => expr::binary(subject.expr.clone(), Op::Eq, nan()),
            _ => expr::call("isnan", vec![subject.expr.clone()]),
        }
    }

    fn is_number(&self, subject: &Subject<'_>) -> Expr {
        match self.dialect {
            Dialect::PostgreSql => expr::binary(subject.expr.clone(), Op::NotEq, nan()),
            _ => expr::not(self.is_nan(subject)),
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
