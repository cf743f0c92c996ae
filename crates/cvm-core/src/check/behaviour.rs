//! Checks of nodes about events.

use super::Checker;
use super::compare::{Compared, Subject};
use super::scope::Scope;
use crate::catalog::{EventStream, FieldType};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Absence, Case, Event, Filter, Measure, Regularly, Restarted, Sequence, Stopped, Window};

/// The type of counts and times.
const INT: FieldType = FieldType::Int;
const INSTANT: FieldType = FieldType::Timestamp;

impl<'c> Checker<'c> {
    fn stream(&self, name: &str, path: &Path<'_>, out: &mut Diagnostics) -> Option<&'c EventStream> {
        let stream = self.catalog.event(name);
        if stream.is_none() {
            out.push(
                Diagnostic::error(Code::UnknownEvent, path.pointer(), format!("no event `{name}`"))
                    .suggest_from(name, self.catalog.events.iter().map(|event| event.name.as_str())),
            );
        }
        stream
    }

    /// The event of this name and its `where`.
    fn events(
        &mut self,
        name: &str,
        filter: Option<&Filter>,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Scope<'c>> {
        let stream = self.stream(name, &path.key("event"), out)?;
        let scope = Scope::inner(&stream.fields, "event", name);
        if let Some(filter) = filter {
            self.node(filter, &scope, &path.key("where"), depth + 1, out);
        }
        Some(scope)
    }

    fn event_window(&self, window: Option<&Window>, path: &Path<'_>, out: &mut Diagnostics) {
        if let Some(window) = window {
            let path = path.key("window");
            if matches!(window, Window::Coming(_) | Window::Next(_)) {
                out.push(
                    Diagnostic::error(
                        Code::InvalidValue,
                        path.pointer(),
                        "events are in the past, this window is in the future",
                    )
                    .help("use last, this, previous, between, since or all"),
                );
                return;
            }
            self.window(window, &INSTANT, &path, out);
        }
    }

    pub(super) fn event(&mut self, event: &Event, path: &Path<'_>, depth: usize, out: &mut Diagnostics) {
        self.event_window(event.window.as_ref(), path, out);
        let Some(scope) = self.events(&event.event, event.filter.as_deref(), path, depth, out) else { return };
        let Some(ty) = measured(&event.measure, &scope, &path.key("measure"), out) else { return };
        let subject = Subject { name: event.measure.as_str(), ty: &ty, values: None };
        let compared =
            Compared { op: event.op, value: event.value.as_ref(), case: Case::Sensitive, missing: event.missing };
        self.compare(&subject, &compared, &scope, path, out);
    }

    pub(super) fn sequence(&mut self, sequence: &Sequence, path: &Path<'_>, depth: usize, out: &mut Diagnostics) {
        self.event_window(sequence.window.as_ref(), path, out);
        let steps = path.key("steps");
        if sequence.steps.len() < 2 {
            out.push(
                Diagnostic::error(Code::ValueCount, steps.pointer(), "a sequence has at least two steps")
                    .help("for one event alone use `event`"),
            );
        }
        for (i, step) in sequence.steps.iter().enumerate() {
            let at = steps.index(i);
            self.events(&step.event, step.filter.as_deref(), &at, depth, out);
            for (key, there) in [("within", step.within.is_some()), ("without", step.without.is_some())] {
                if i == 0 && there {
                    let message = format!("the first step has no step before it, so `{key}` can't be asked");
                    out.push(Diagnostic::error(Code::NotMeaningful, at.key(key).pointer(), message));
                }
            }
            if let Some(within) = step.within {
                self.duration(within, &INSTANT, &at.key("within"), out);
            }
            if let Some(Absence { event, filter }) = &step.without {
                self.events(event, filter.as_deref(), &at.key("without"), depth, out);
            }
        }
    }

    pub(super) fn regularly(&mut self, node: &Regularly, path: &Path<'_>, depth: usize, out: &mut Diagnostics) {
        self.events(&node.event, node.filter.as_deref(), path, depth, out);
        self.calendar_unit(node.unit, path, out);
        if node.at_least == 0 || node.at_least > node.periods {
            let message = format!("at least {} of {} periods can't be asked", node.at_least, node.periods);
            let finding = Diagnostic::error(Code::InvalidValue, path.key("at_least").pointer(), message);
            out.push(finding.help("give a number from 1 to that of the periods"));
        }
    }

    pub(super) fn stopped(&mut self, node: &Stopped, path: &Path<'_>, depth: usize, out: &mut Diagnostics) {
        self.events(&node.event, node.filter.as_deref(), path, depth, out);
        self.duration(node.active, &INSTANT, &path.key("active"), out);
        self.duration(node.inactive, &INSTANT, &path.key("inactive"), out);
    }

    pub(super) fn restarted(&mut self, node: &Restarted, path: &Path<'_>, depth: usize, out: &mut Diagnostics) {
        self.events(&node.event, node.filter.as_deref(), path, depth, out);
        self.duration(node.pause, &INSTANT, &path.key("pause"), out);
        self.duration(node.within, &INSTANT, &path.key("within"), out);
    }

    /// What a ranking by events goes by.
    pub(super) fn ranked_events(
        &mut self,
        (event, window, filter, measure): (&str, Option<&Window>, Option<&Filter>, &Measure),
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) {
        self.event_window(window, path, out);
        let Some(scope) = self.events(event, filter, path, depth, out) else { return };
        let at = path.key("measure");
        if let Some(ty) = measured(measure, &scope, &at, out)
            && !ty.is_ordered()
        {
            out.push(Diagnostic::error(Code::TypeMismatch, at.pointer(), format!("values of type {ty} have no order")));
        }
    }
}

/// The type of a measure.
fn measured(measure: &Measure, scope: &Scope<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<FieldType> {
    let Some(name) = measure.field() else {
        return Some(match measure {
            Measure::FirstTime(_) | Measure::LastTime(_) => INSTANT,
            _ => INT,
        });
    };
    let inner = path.key(measure.as_str());
    let (field, reference) = scope.find(name, &inner.key("field"), out)?;
    let is_json = !reference.path.is_empty();
    match measure {
        Measure::Distinct { .. } => Some(INT),
        Measure::Sum { .. } if field.ty.is_number() => Some(match field.ty {
            FieldType::Decimal { scale, .. } => FieldType::Decimal { precision: 38, scale },
            ref other => other.clone(),
        }),
        Measure::Avg { .. } if field.ty.is_number() => Some(FieldType::Float),
        Measure::Min { .. } | Measure::Max { .. } if field.ty.is_ordered() => Some(field.ty.clone()),
        Measure::FirstValue { .. } | Measure::LastValue { .. } if !is_json => Some(field.ty.clone()),
        _ => {
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
            None
        }
    }
}

/// The sum over related rows has the type of a sum over events.
pub(super) fn sum_type(field: &str, scope: &Scope<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<FieldType> {
    measured(&Measure::Sum { field: field.to_owned() }, scope, path, out)
}
