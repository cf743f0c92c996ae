//! Measures: their types, and what becomes of their comparisons.

use super::Checker;
use super::compare::{Compared, Subject, Verdict};
use super::scope::Scope;
use super::time::Clock;
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Measure, Operand};
use crate::predicate::{Bound, Measured, Predicate, Range, RowMeasure, Rows, Test};
use crate::value::Value;

/// A measure and the type of what it makes.
pub(super) fn measured(
    measure: &Measure,
    time: &FieldType,
    scope: &Scope<'_>,
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<(RowMeasure, FieldType)> {
    let Some(name) = measure.field() else {
        return Some(match measure {
            Measure::FirstTime(_) => (RowMeasure::FirstTime, time.clone()),
            Measure::LastTime(_) => (RowMeasure::LastTime, time.clone()),
            // Compared in days, and then asked of the last time.
            Measure::DaysSince(_) => (RowMeasure::LastTime, FieldType::Int),
            _ => (RowMeasure::Count, FieldType::Int),
        });
    };
    let inner = path.key(measure.as_str());
    let (field, reference) = scope.find(name, &inner.key("field"), out)?;
    // Inside a document any kind of value can be met, so there is nothing to add up, and no order.
    let simple = !matches!(field.ty, FieldType::List(_) | FieldType::Json);
    let ty = match measure {
        Measure::Distinct { .. } if simple => Some(FieldType::Int),
        Measure::Sum { .. } if field.ty.is_number() => Some(match field.ty {
            FieldType::Decimal { scale, .. } => FieldType::Decimal { precision: 38, scale },
            // A sum of integers can be longer than any of them.
            FieldType::Int => FieldType::Decimal { precision: 38, scale: 0 },
            ref other => other.clone(),
        }),
        Measure::Avg { .. } if field.ty.is_number() => Some(FieldType::Float),
        Measure::Min { .. } | Measure::Max { .. } if field.ty.is_ordered() => Some(field.ty.clone()),
        Measure::FirstValue { .. } | Measure::LastValue { .. } if simple => Some(field.ty.clone()),
        _ => None,
    };
    let Some(ty) = ty else {
        let finding = Diagnostic::error(
            Code::OperatorNotApplicable,
            inner.key("field").pointer(),
            format!("`{}` can't be taken of `{name}`, which is of type {}", measure.as_str(), field.ty),
        );
        let numbers: Vec<&str> =
            scope.fields.iter().filter(|field| field.ty.is_number()).map(|field| field.name.as_str()).collect();
        out.push(match measure {
            Measure::Sum { .. } | Measure::Avg { .. } if !numbers.is_empty() => {
                finding.help(format!("numbers there: {}", numbers.join(", ")))
            }
            _ => finding,
        });
        return None;
    };
    let measure = match measure {
        Measure::Distinct { .. } => RowMeasure::Distinct(reference),
        Measure::Sum { .. } => RowMeasure::Sum(reference),
        Measure::Avg { .. } => RowMeasure::Avg(reference),
        Measure::Min { .. } => RowMeasure::Min(reference),
        Measure::Max { .. } => RowMeasure::Max(reference),
        Measure::FirstValue { .. } => RowMeasure::FirstValue(reference),
        _ => RowMeasure::LastValue(reference),
    };
    Some((measure, ty))
}

impl<'c> Checker<'c> {
    /// The comparison of a measure: as that of a field, but not with a field of one of the rows it is made of.
    pub(super) fn compare_measure(
        &self,
        subject: &Subject<'_>,
        compared: &Compared<'_>,
        scope: &Scope<'c>,
        path: &Path<'_>,
        out: &mut Diagnostics,
    ) -> Option<Verdict> {
        if let Some(Operand::Field { .. }) = compared.value {
            let message = format!("`{}` is made of many rows and can't be compared with a field", subject.name);
            out.push(
                Diagnostic::error(Code::NotMeaningful, path.key("value").pointer(), message)
                    .help("compare it with a value"),
            );
            return None;
        }
        self.compare(subject, compared, scope, path, out)
    }
}

/// A comparison of whole days since the last event, as a test of when it was.
pub(super) fn days_since(
    clock: &Clock,
    node: usize,
    rows: Rows,
    time: &FieldType,
    verdict: &Verdict,
) -> Option<Predicate> {
    let one = |test: Test| {
        Predicate::Measured(Box::new(Measured {
            node,
            rows: rows.clone(),
            measure: RowMeasure::LastTime,
            ty: time.clone(),
            test,
            negated: verdict.negated,
            on_missing: verdict.on_missing,
        }))
    };
    let days = |value: &Value| match value {
        Value::Int(days) => Some(*days),
        _ => None,
    };
    Some(match &verdict.test {
        Test::Range(range) => {
            let least = match &range.low {
                Bound::Open => None,
                Bound::Included(low) => Some(days(low)?),
                Bound::Excluded(low) => Some(days(low)?.saturating_add(1)),
            };
            let most = match &range.high {
                Bound::Open => None,
                Bound::Included(high) => Some(days(high)?),
                Bound::Excluded(high) => Some(days(high)?.saturating_sub(1)),
            };
            one(Test::Range(clock.days_ago(least, most, time)))
        }
        Test::In(values) => {
            let numbers: Vec<i64> = values.iter().map(days).collect::<Option<_>>()?;
            let ranges: Vec<Range> = numbers.into_iter().map(|n| clock.days_ago(Some(n), Some(n), time)).collect();
            if ranges.is_empty() {
                return Some(one(Test::In(Vec::new())));
            }
            let leaves = ranges.into_iter().map(|range| one(Test::Range(range))).collect();
            // Turned round, none of the days is meant.
            if verdict.negated { Predicate::All(leaves) } else { Predicate::Any(leaves) }
        }
        other => one(other.clone()),
    })
}
