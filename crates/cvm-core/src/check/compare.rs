//! A value compared: which operators a type takes, and the test that comes of it. Conditions on fields and
//! comparisons of measures both end here.

use super::scope::Scope;
use super::{Checker, literal::typed, number};
use crate::catalog::{Field, FieldType};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Case, Condition, Literal, Missing, Operand, Operator, Takes};
use crate::predicate::{Bound, Comparison, Leaf, Range, Test};
use crate::value::Value;

/// What is compared: a field, or a measure that acts as one.
pub(super) struct Subject<'a> {
    /// For messages: `age`, `sum of amount`.
    pub(super) name: &'a str,
    pub(super) ty: &'a FieldType,
    /// The only values it can have.
    pub(super) values: Option<&'a [String]>,
}

/// The comparison of a subject.
pub(super) struct Compared<'a> {
    pub(super) op: Operator,
    pub(super) value: Option<&'a Operand>,
    pub(super) case: Case,
    pub(super) missing: Option<Missing>,
}

/// A test, whether it is turned round, and the verdict on missing values.
pub(super) struct Verdict {
    pub(super) test: Test,
    pub(super) negated: bool,
    pub(super) on_missing: bool,
}

impl<'c> Checker<'c> {
    /// The leaf of a condition; its node number is filled in by the caller.
    pub(super) fn condition(
        &self,
        condition: &Condition,
        scope: &Scope<'c>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Leaf> {
        let (field, reference) = scope.find(&condition.field, &path.key("field"), out)?;
        let verdict = self.verdict(condition, field, scope, path, out)?;
        Some(Leaf {
            node: 0,
            field: reference,
            test: verdict.test,
            negated: verdict.negated,
            on_missing: verdict.on_missing,
        })
    }

    /// The verdict of a condition on a field that was found.
    pub(super) fn verdict(
        &self,
        condition: &Condition,
        field: &Field,
        scope: &Scope<'c>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Verdict> {
        // Inside a JSON document any kind of value can be met.
        let subject = Subject { name: &condition.field, ty: &field.ty, values: field.values.as_deref() };
        let compared = Compared {
            op: condition.op,
            value: condition.value.as_ref(),
            case: condition.case,
            missing: condition.missing,
        };
        self.compare(&subject, &compared, scope, path, out)
    }

    /// The verdict of comparing a subject.
    pub(super) fn compare(
        &self,
        subject: &Subject<'_>,
        compared: &Compared<'_>,
        scope: &Scope<'c>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Verdict> {
        let op = compared.op;
        if !applicable(op, subject.ty) {
            out.push(not_applicable(op, subject, path));
            return None;
        }
        self.meaningful(subject, compared, path, out)?;
        self.arity(compared, path, out)?;
        let on_missing = match compared.missing {
            None => op.on_missing(),
            Some(missing) => missing == Missing::Include,
        };
        let value_path = path.key("value");
        if let Some(Operand::Field { field }) = compared.value {
            let test = self.with_field(subject, op, field, scope, &value_path, out)?;
            return Some(Verdict { test, negated: op == Operator::Ne, on_missing });
        }
        let (test, negated) = match op {
            Operator::IsSet | Operator::IsNotSet => (Test::Present, op == Operator::IsNotSet),
            Operator::IsEmpty => (Test::Empty, false),
            Operator::Eq | Operator::Ne | Operator::In | Operator::NotIn | Operator::On => {
                (self.equality(subject, compared, &value_path, out)?, matches!(op, Operator::Ne | Operator::NotIn))
            }
            Operator::Lt | Operator::Lte | Operator::Gt | Operator::Gte | Operator::Before | Operator::After => {
                (self.one_sided(subject, op, compared.value, &value_path, out)?, false)
            }
            Operator::Between | Operator::NotBetween => {
                (self.between(subject, compared.value, &value_path, out)?, op == Operator::NotBetween)
            }
            Operator::HasAny | Operator::HasAll | Operator::HasNone => {
                let values = self.values(subject, compared.value, &value_path, out)?;
                self.allowed(subject, compared, &value_path, out)?;
                let fold = compared.case == Case::Insensitive;
                (Test::Has { all: op == Operator::HasAll, values, fold }, op == Operator::HasNone)
            }
            Operator::Size => match compared.value {
                Some(Operand::Size(test)) => (Test::Size(*test), false),
                _ => return None,
            },
            Operator::Within | Operator::AnniversaryWithin => {
                let Some(Operand::Window(window)) = compared.value else { return None };
                if op == Operator::Within {
                    (self.within(window, subject.ty, &value_path, out)?, false)
                } else {
                    (self.anniversary(window, &value_path, out)?, false)
                }
            }
            Operator::Contains
            | Operator::NotContains
            | Operator::StartsWith
            | Operator::NotStartsWith
            | Operator::EndsWith
            | Operator::NotEndsWith
            | Operator::Matches
            | Operator::NotMatches => self.text(compared, &value_path, out)?,
        };
        Some(Verdict { test, negated, on_missing })
    }

    /// `case` and `missing` where they can't mean anything.
    fn meaningful(
        &self,
        subject: &Subject<'_>,
        compared: &Compared<'_>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<()> {
        let op = compared.op;
        if compared.case == Case::Insensitive {
            let item = match subject.ty {
                FieldType::List(item) => item,
                other => other,
            };
            let letters = matches!(item, FieldType::String | FieldType::Json)
                && !matches!(op.takes(), Takes::Nothing | Takes::Size | Takes::Window | Takes::Two)
                && !matches!(op, Operator::Lt | Operator::Lte | Operator::Gt | Operator::Gte);
            if !letters || matches!(compared.value, Some(Operand::Field { .. })) {
                out.push(Diagnostic::error(
                    Code::NotMeaningful,
                    path.key("case").pointer(),
                    format!("`{op}` on `{}` compares no letters, so it can't ignore their case", subject.name),
                ));
                return None;
            }
        }
        if compared.missing.is_some() && matches!(op, Operator::IsSet | Operator::IsNotSet) {
            out.push(Diagnostic::error(
                Code::NotMeaningful,
                path.key("missing").pointer(),
                format!("`{op}` asks about missing values itself, so `missing` can't be set"),
            ));
            return None;
        }
        Some(())
    }

    /// Whether the operator has the kind of value that it takes.
    fn arity(&self, compared: &Compared<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<()> {
        let op = compared.op;
        let at = path.key("value");
        let count = |message: String| Diagnostic::error(Code::ValueCount, at.pointer(), message);
        let finding = match (op.takes(), compared.value) {
            (Takes::Nothing, None) => return Some(()),
            (Takes::Nothing, Some(_)) => count(format!("`{op}` takes no value")),
            (_, None) => Diagnostic::error(Code::ValueCount, path.pointer(), format!("`{op}` needs a value")),
            (_, Some(Operand::Param { param })) => {
                Diagnostic::error(Code::MissingParameter, at.pointer(), format!("the parameter `{param}` has no value"))
                    .help("give it one with `with_parameters`, or write the value itself")
            }
            (Takes::One, Some(Operand::One(_) | Operand::Field { .. })) => return Some(()),
            (
                Takes::One,
                Some(Operand::Now { .. } | Operand::Ago { .. } | Operand::Ahead { .. } | Operand::StartOf { .. }),
            ) => {
                return Some(());
            }
            (Takes::One, Some(Operand::Many(_))) => {
                count(format!("`{op}` takes one value, not a list")).help(match op {
                    Operator::Eq => "use `in` for several values",
                    Operator::Ne => "use `not_in` for several values",
                    // `contains none of them` is an `and`: an `or` would let nearly everyone in.
                    _ if op.on_missing() => "say the condition once for each value, inside `and`",
                    _ => "say the condition once for each value, inside `or`",
                })
            }
            (Takes::Two, Some(Operand::Many(values))) if values.len() == 2 => return Some(()),
            (Takes::Two, Some(_)) => {
                let one_end = if op == Operator::Between { "`gte` or `lte`" } else { "`lt` or `gt`" };
                count(format!("`{op}` takes a list of exactly two values, from and to"))
                    .help(format!("for a range with one end use {one_end}"))
            }
            (Takes::Many, Some(Operand::Many(values))) => {
                if values.is_empty() {
                    Diagnostic::error(Code::EmptyList, at.pointer(), format!("`{op}` has no values to compare with"))
                        .help("give at least one value, or say `everyone` or `nobody`")
                } else if values.len() > self.limits.list {
                    Diagnostic::error(
                        Code::ListLimit,
                        at.pointer(),
                        format!("{} values are more than the limit of {}", values.len(), self.limits.list),
                    )
                    .help("put them into a list of the catalog")
                } else {
                    return Some(());
                }
            }
            (Takes::Many, Some(_)) => {
                count(format!("`{op}` takes a list of values")).help("put the value into a list of one")
            }
            (Takes::Size, Some(Operand::Size(_))) | (Takes::Window, Some(Operand::Window(_))) => return Some(()),
            (Takes::Size, Some(_)) => count(format!("`{op}` takes a size test, such as `{{\"gte\": 2}}`")),
            (Takes::Window, Some(_)) => {
                count(format!("`{op}` takes a window, such as `{{\"last\": {{\"n\": 90, \"unit\": \"day\"}}}}`"))
            }
            (Takes::One, Some(Operand::Size(_) | Operand::Window(_))) => {
                count(format!("`{op}` takes one value, not a window or size test"))
            }
        };
        out.push(finding);
        None
    }

    /// Another field of the same row.
    fn with_field(
        &self,
        subject: &Subject<'_>,
        op: Operator,
        other: &str,
        scope: &Scope<'c>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Test> {
        let (field, reference) = scope.find(other, &path.key("field"), out)?;
        let comparison = match op {
            Operator::Eq | Operator::Ne => Comparison::Eq,
            Operator::Lt | Operator::Before => Comparison::Lt,
            Operator::Lte => Comparison::Lte,
            Operator::Gt | Operator::After => Comparison::Gt,
            Operator::Gte => Comparison::Gte,
            _ => {
                out.push(
                    Diagnostic::error(
                        Code::ValueCount,
                        path.pointer(),
                        format!("`{op}` can't take another field as its value"),
                    )
                    .help("fields compare with eq, ne, lt, lte, gt, gte, before and after"),
                );
                return None;
            }
        };
        let comparable = match (subject.ty, &field.ty) {
            (FieldType::Json | FieldType::List(_), _) | (_, FieldType::Json | FieldType::List(_)) => false,
            // A decimal met by a float has no exact meaning that all databases share.
            (FieldType::Decimal { .. }, FieldType::Float) | (FieldType::Float, FieldType::Decimal { .. }) => false,
            (a, b) => a == b || (a.is_number() && b.is_number()),
        };
        if !comparable {
            out.push(Diagnostic::error(
                Code::TypeMismatch,
                path.pointer(),
                format!(
                    "`{}` is of type {} and `{other}` of type {}: they don't compare",
                    subject.name, subject.ty, field.ty
                ),
            ));
            return None;
        }
        Some(Test::Field(comparison, reference))
    }

    fn equality(
        &self,
        subject: &Subject<'_>,
        compared: &Compared<'_>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Test> {
        if subject.ty.is_time() && matches!(compared.op, Operator::Eq | Operator::Ne | Operator::On) {
            return self.same_time(subject.ty, compared.value, path, out);
        }
        let values = self.values(subject, compared.value, path, out)?;
        self.allowed(subject, compared, path, out)?;
        if compared.case == Case::Insensitive {
            // Inside a document other kinds of values can be met; letters have a case, they have none.
            if let Some(other) = values.iter().find(|value| !matches!(value, Value::Str(_))) {
                let message = format!("`{other}` is no text, so its case can't be ignored");
                out.push(
                    Diagnostic::error(Code::NotMeaningful, path.pointer(), message)
                        .help("ask for it in a condition of its own"),
                );
                return None;
            }
            return Some(super::text::equals_folded(&values));
        }
        if *subject.ty == FieldType::Timestamp
            && let Some(Value::Date(day)) = values.iter().find(|value| matches!(value, Value::Date(_)))
        {
            out.push(
                Diagnostic::error(
                    Code::InvalidValue,
                    path.pointer(),
                    format!("`{day}` is a day, and a list of times needs instants"),
                )
                .help("use `on` for a day, or `within` for a range of days"),
            );
            return None;
        }
        Some(Test::In(values.iter().filter_map(|value| number::equal(value, subject.ty)).collect()))
    }

    /// All values of an operand, of the subject's type.
    pub(super) fn values(
        &self,
        subject: &Subject<'_>,
        operand: Option<&Operand>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Vec<Value>> {
        match operand? {
            Operand::One(literal) => Some(vec![typed(literal, subject.ty, self.clock.zone(), path, out)?]),
            Operand::Many(literals) => {
                let values: Vec<Value> = literals
                    .iter()
                    .enumerate()
                    .filter_map(|(i, literal)| typed(literal, subject.ty, self.clock.zone(), &path.index(i), out))
                    .collect();
                (values.len() == literals.len()).then_some(values)
            }
            relative => self.relative(relative, subject.ty, path, out).map(|(value, _)| vec![value]),
        }
    }

    /// Values that the catalog says the field never has: most often typing errors.
    fn allowed(
        &self,
        subject: &Subject<'_>,
        compared: &Compared<'_>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<()> {
        let Some(allowed) = subject.values else { return Some(()) };
        let fold = compared.case == Case::Insensitive;
        let known = |text: &str| {
            allowed
                .iter()
                .any(|value| value == text || (fold && crate::value::fold_case(value) == crate::value::fold_case(text)))
        };
        let before = out.0.len();
        let mut look = |literal: &Literal, path: &Path<'_>| {
            if let Literal::Str(text) = literal
                && !known(text)
            {
                out.push(
                    Diagnostic::error(
                        Code::NotInEnum,
                        path.pointer(),
                        format!("`{text}` is not a value of `{}`", subject.name),
                    )
                    .suggest_from(text, allowed.iter().map(String::as_str)),
                );
            }
        };
        match compared.value {
            Some(Operand::One(literal)) => look(literal, path),
            Some(Operand::Many(literals)) => {
                literals.iter().enumerate().for_each(|(i, literal)| look(literal, &path.index(i)));
            }
            _ => {}
        }
        (out.0.len() == before).then_some(())
    }

    fn one_sided(
        &self,
        subject: &Subject<'_>,
        op: Operator,
        operand: Option<&Operand>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Test> {
        let (value, moment) = match operand? {
            literals @ (Operand::One(_) | Operand::Many(_)) => {
                (self.values(subject, Some(literals), path, out)?.pop()?, None)
            }
            relative => {
                let (value, moment) = self.relative(relative, subject.ty, path, out)?;
                (value, Some(moment))
            }
        };
        let (low, high) = self.ends(&value, subject.ty, path, out)?;
        let range = match op {
            Operator::Lt | Operator::Before => Range::new(Bound::Open, Bound::Excluded(low)).moving(None, moment),
            Operator::Lte => Range::new(Bound::Open, high).moving(None, moment),
            Operator::Gte => Range::new(Bound::Included(low), Bound::Open).moving(moment, None),
            // After: beyond the value, or beyond the last instant of its day.
            _ => Range::new(beyond(high), Bound::Open).moving(moment, None),
        };
        Some(range_test(range, subject.ty))
    }

    fn between(
        &self,
        subject: &Subject<'_>,
        operand: Option<&Operand>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Test> {
        let values = self.values(subject, operand, path, out)?;
        let [from, to] = values.as_slice() else { return None };
        let low = self.ends(from, subject.ty, path, out)?.0;
        let high = self.ends(to, subject.ty, path, out)?.1;
        let range = Range::new(Bound::Included(low), high);
        if range.is_empty() {
            out.push(
                Diagnostic::error(
                    Code::ReversedRange,
                    path.pointer(),
                    format!("the range from `{from}` to `{to}` is empty"),
                )
                .help("put the smaller value first"),
            );
            return None;
        }
        Some(range_test(range, subject.ty))
    }
}

/// What comes after an upper end.
fn beyond(high: Bound) -> Bound {
    match high {
        Bound::Included(value) => Bound::Excluded(value),
        Bound::Excluded(value) => Bound::Included(value),
        Bound::Open => Bound::Open,
    }
}

/// The test of a range, with ends that the type can hold.
pub(super) fn range_test(range: Range, ty: &FieldType) -> Test {
    // Times are held as they are; and a range that moves is empty at some instants only.
    if range.moving.is_some() {
        return Test::Range(range);
    }
    match number::range(range, ty) {
        None => Test::In(Vec::new()),
        Some(Range { low: Bound::Open, high: Bound::Open, .. }) => Test::Present,
        Some(range) => Test::Range(range),
    }
}

/// Whether the operator can be used on the type.
fn applicable(op: Operator, ty: &FieldType) -> bool {
    use Operator as O;
    if *ty == FieldType::Json {
        return !matches!(op, O::Before | O::After | O::On | O::Within | O::AnniversaryWithin);
    }
    let is_list = matches!(ty, FieldType::List(_));
    match op {
        O::IsSet | O::IsNotSet => true,
        O::Eq | O::Ne | O::In | O::NotIn => !is_list,
        O::Lt | O::Lte | O::Gt | O::Gte | O::Between | O::NotBetween => ty.is_ordered(),
        O::Contains | O::NotContains | O::StartsWith | O::NotStartsWith => *ty == FieldType::String,
        O::EndsWith | O::NotEndsWith | O::Matches | O::NotMatches => *ty == FieldType::String,
        O::IsEmpty => is_list || *ty == FieldType::String,
        O::HasAny | O::HasAll | O::HasNone | O::Size => is_list,
        O::Before | O::After | O::On | O::Within => ty.is_time(),
        O::AnniversaryWithin => *ty == FieldType::Date,
    }
}

fn not_applicable(op: Operator, subject: &Subject<'_>, path: &Path<'_>) -> Diagnostic {
    let finding = Diagnostic::error(
        Code::OperatorNotApplicable,
        path.key("op").pointer(),
        format!("`{op}` can't be used on `{}`, which is of type {}", subject.name, subject.ty),
    );
    let instead = match (op, subject.ty) {
        (Operator::Eq | Operator::In | Operator::Contains, FieldType::List(_)) => Some("has_any"),
        (Operator::Ne | Operator::NotIn | Operator::NotContains, FieldType::List(_)) => Some("has_none"),
        (Operator::HasAny, FieldType::String) => Some("in"),
        (Operator::HasNone, FieldType::String) => Some("not_in"),
        (Operator::IsEmpty, _) => Some("is_not_set"),
        (Operator::Before, ty) if ty.is_ordered() => Some("lt"),
        (Operator::After, ty) if ty.is_ordered() => Some("gt"),
        _ => None,
    };
    match instead {
        Some(op) => finding.suggest(op),
        None => {
            let usable: Vec<&str> =
                Operator::ALL.iter().filter(|op| applicable(**op, subject.ty)).map(|op| op.as_str()).collect();
            finding.help(format!("operators for {}: {}", subject.ty, usable.join(", ")))
        }
    }
}
