//! Predicates as `sqlparser` expressions.
//!
//! The predicate comes in negation normal form, so no `NOT` ever stands over three-valued logic. A leaf whose verdict on
//! missing values is *out* is left to SQL's own rule, by which an unknown condition selects nobody: nothing is wrapped
//! and indexes stay usable. One whose verdict is *in* says so: `… OR x IS NULL`.

mod compare;
mod day;
pub(crate) mod expr;
mod fact;
mod fold;
mod instant;
mod json;
mod list;
mod now;
mod pattern;
mod present;
mod rank;
mod rows;
mod sample;
mod subquery;
mod text;
mod value;

pub use now::Clock;

use cvm_core::predicate::{FieldRef, Leaf, SegmentTest, Test};
use cvm_core::{Catalog, Code, Diagnostic, Diagnostics, Field, FieldType, Predicate, Value};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr, Ident, ObjectName, TableWithJoins};

use crate::dialect::{Dialect, Nan, Placeholders, Traits, qualified_name, quoted_name};
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
    pub(crate) traits: &'static Traits,
    pub(crate) placeholders: Placeholders,
    pub(crate) clock: Clock,
    mode: Mode,
    scope: Scope<'c>,
    /// The node that holds the `where` that is being built: what goes wrong in it is reported there.
    blamed: Option<usize>,
    /// Whether members of segments are looked up where the catalog says that they are kept.
    pub(crate) materialized: bool,
    /// Whether tables are only marked in the text, to be named later.
    pub(crate) marks_tables: bool,
    pub(crate) marked_tables: Vec<String>,
    params: Vec<Value>,
    notes: Vec<String>,
}

/// What stands for a table until it is named: no name of a catalog can hold it.
pub(crate) fn table_marker(number: usize) -> String {
    format!("\u{1}{number}\u{1}")
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
        let (traits, placeholders) = (dialect.traits(), dialect.placeholders());
        Self {
            catalog,
            dialect,
            traits,
            placeholders,
            clock: Clock::Frozen,
            mode,
            scope,
            blamed: None,
            materialized: false,
            marks_tables: false,
            marked_tables: Vec::new(),
            params: Vec::new(),
            notes: Vec::new(),
        }
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

    /// What a `WHERE` says of a predicate; nothing for everyone.
    pub(crate) fn selection(&mut self, predicate: Predicate) -> Result<Option<Expr>, Diagnostics> {
        let predicate = present::without_idle_missing(predicate.normalized(), self.scope.fields);
        Ok(match self.predicate(&predicate)? {
            everyone if everyone == self.constant(true) => None,
            other => Some(other),
        })
    }

    /// A table under another name.
    pub(crate) fn table(&mut self, table: &str, alias: &str) -> TableWithJoins {
        let name: Vec<Ident> = if self.marks_tables {
            let known = self.marked_tables.iter().position(|marked| marked == table);
            let number = known.unwrap_or_else(|| {
                self.marked_tables.push(table.to_owned());
                self.marked_tables.len() - 1
            });
            vec![Ident::new(table_marker(number))]
        } else {
            table.split('.').map(|part| self.name(part)).collect()
        };
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
            Predicate::Constant(value) => Ok(Box::new(self.constant(*value))),
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
            Predicate::Measured(measured) => self.measured(measured).map(Box::new),
            Predicate::Fact(fact) => self.fact(fact).map(Box::new),
            Predicate::Segment(segment) => self.segment(segment).map(Box::new),
        }
    }

    /// Membership of a segment: its filter put in place, or a look at its members.
    fn segment(&mut self, segment: &SegmentTest) -> Result<Expr, Diagnostics> {
        let kept = self.catalog.segments.get(segment.index).and_then(|known| known.materialized.as_ref());
        match kept.filter(|_| self.materialized) {
            Some(kept) => Ok(self.kept_members(kept, segment.negated)),
            None => self.predicate(&segment.filter),
        }
    }

    /// A field of the table that is looked at.
    fn field(&self, reference: &FieldRef, leaf: &Leaf) -> Result<&'c Field, Diagnostics> {
        self.scope.fields.get(reference.index).ok_or_else(|| self.unsupported(leaf, "the field is not in the catalog"))
    }

    fn unsupported(&self, leaf: &Leaf, reason: &str) -> Diagnostics {
        self.unsupported_node(leaf.node, reason)
    }

    fn unsupported_node(&self, node: usize, reason: &str) -> Diagnostics {
        let node = self.blamed.unwrap_or(node);
        Diagnostic::error(Code::NotSupported, node_marker(node), format!("{}: {reason}", self.dialect)).into()
    }

    /// The condition that holds always, or never.
    pub(crate) fn constant(&self, value: bool) -> Expr {
        if self.traits.booleans {
            return expr::boolean(value);
        }
        let [one, other] = ["1", if value { "1" } else { "0" }].map(|digit| expr::number(digit.to_owned()));
        expr::binary(one, Op::Eq, other)
    }

    fn leaf(&mut self, leaf: &Leaf) -> Result<Expr, Diagnostics> {
        let field = self.field(&leaf.field, leaf)?;
        if field.ty == FieldType::Json {
            return self.json_leaf(field, leaf);
        }
        let subject = self.subject(field);
        if self.traits.lists_always && field.nullable && matches!(field.ty, FieldType::List(_)) {
            self.note(format!(
                "`{}` is a list, which is never NULL there: a missing list counts as an empty one",
                field.name
            ));
        }
        if let Test::Field(comparison, other) = &leaf.test {
            let other = self.subject(self.field(other, leaf)?);
            if self.too_many_digits(subject.ty, other.ty) {
                return Err(self.unsupported(leaf, "the two fields have more digits together than its decimals"));
            }
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
                (true, true) => self.constant(true),
                (true, false) => self.present(subject),
                (false, true) => self.missing(subject),
                (false, false) => self.constant(false),
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
            Test::Range(range) => self.range(subject, range, leaf.negated, leaf.node),
            Test::Text(test) => self.text_test(&subject.expr, test, leaf),
            Test::Empty => Ok(self.empty(subject, leaf.negated)),
            Test::Has { all, values, fold } => {
                let FieldType::List(item) = subject.ty else { return Ok(self.constant(leaf.negated)) };
                if *fold {
                    return self.has_folded(subject, *all, values, leaf);
                }
                self.has(subject, item, *all, values, leaf)
            }
            Test::Size(test) => Ok(self.size(&subject.expr, *test, leaf.negated)),
            Test::MonthDay { moving: Some(_), .. } if self.clock == Clock::Database => {
                Err(self.unsupported(leaf, "anniversaries don't move with the database's clock: use the frozen clock"))
            }
            Test::MonthDay { ranges, .. } => Ok(self.month_day(&subject.expr, ranges, leaf.negated)),
            // Both are settled before.
            Test::Present | Test::Field(..) => Ok(self.constant(!leaf.negated)),
        }
    }

    /// Whether NaN, which counts as missing, can be met.
    fn can_be_nan(&self, subject: &Subject<'_>) -> bool {
        *subject.ty == FieldType::Float && !subject.ready && self.traits.nan.is_some()
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
        let column = subject.expr.clone();
        match self.traits.nan {
            Some(Nan::Call(name)) => expr::call(name, vec![column]),
            Some(Nan::Equal) => expr::binary(column, Op::Eq, self.special("NaN")),
            Some(Nan::Beyond) => {
                let number = expr::one_if(self.is_number(subject));
                expr::binary(number, Op::Eq, expr::number("0".to_owned()))
            }
            None => self.constant(false),
        }
    }

    fn is_number(&self, subject: &Subject<'_>) -> Expr {
        let column = subject.expr.clone();
        match self.traits.nan {
            Some(Nan::Call(_)) => expr::not(self.is_nan(subject)),
            Some(Nan::Equal) => expr::binary(column, Op::NotEq, self.special("NaN")),
            Some(Nan::Beyond) => expr::binary(column, Op::LtEq, self.special("Infinity")),
            None => self.constant(true),
        }
    }

    /// A float that is no number, or none that can be written down.
    fn special(&self, name: &str) -> Expr {
        expr::cast(self.quoted(name.to_owned()), DataType::DoublePrecision)
    }
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
