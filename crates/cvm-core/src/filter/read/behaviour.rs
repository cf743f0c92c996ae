//! Nodes about what customers did.

use super::{inner, missing, operand, operator, window};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Absence, Duration, Event, Measure, Regularly, Restarted, Sequence, Step, Stopped};
use crate::json::{Json, Object};

const MEASURES: &str = r#"{"count": {}}` or `{"sum": {"field": "amount"}}"#;

/// What people write for a measure, and its name here.
const SYNONYMS: &[(&str, &str)] =
    &[("average", "avg"), ("mean", "avg"), ("total", "sum"), ("minimum", "min"), ("maximum", "max")];

pub(super) fn event(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Event> {
    let event = object.require_str("event", out);
    let window = window::optional(object, out);
    let filter = inner(object, "where", depth, out);
    let measure = measure(object, out);
    let op = operator(object, out);
    let value = value(object, out);
    let missing = missing(object, out);
    Some(Event {
        event: event?,
        window: window?,
        filter: filter?,
        measure: measure?,
        op: op?,
        value: value?,
        missing: missing?,
    })
}

/// The optional `value` of a node.
pub(super) fn value(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Option<crate::filter::Operand>> {
    match object.take("value") {
        None => Some(None),
        Some(json) => operand(json, &object.path.key("value"), out).map(Some),
    }
}

pub(super) fn measure(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Measure> {
    let json = object.require("measure", out)?;
    let path = object.path.key("measure");
    let mut object = Object::such_as(MEASURES, json, &path, out)?;
    let Some(key) = object.only_key().map(str::to_owned) else {
        let message = format!("a measure has exactly one key, its name, this one has {}", object.len());
        let finding = Diagnostic::error(Code::UnknownWord, path.pointer(), message);
        out.push(finding.help(format!("write it like `{MEASURES}`")));
        return None;
    };
    let Some(name) = Measure::NAMES.iter().copied().find(|name| *name == key) else {
        let finding = Diagnostic::error(Code::UnknownWord, path.key(&key).pointer(), format!("no measure `{key}`"));
        out.push(match SYNONYMS.iter().find(|(word, _)| *word == key.to_lowercase()) {
            Some((_, name)) => finding.suggest(*name),
            None => finding.suggest_from(&key, Measure::NAMES.iter().copied()),
        });
        return None;
    };
    let inner_path = path.key(name);
    let mut inner = Object::new(object.require(name, out)?, &inner_path, out)?;
    // Measures of the event itself take nothing; measures of a property name it.
    let field = if Measure::from_parts(name, None).is_some() { None } else { Some(inner.require_str("field", out)?) };
    inner.finish(out);
    Measure::from_parts(name, field)
}

pub(super) fn sequence(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Sequence> {
    let steps = object.require_array("steps", out).and_then(|items| {
        let path = object.path.key("steps");
        let expected = items.len();
        let steps: Vec<Step> =
            items.into_iter().enumerate().filter_map(|(i, json)| step(json, &path.index(i), depth, out)).collect();
        (steps.len() == expected).then_some(steps)
    });
    let window = window::optional(object, out);
    Some(Sequence { steps: steps?, window: window? })
}

fn step(json: Json<'_>, path: &Path<'_>, depth: usize, out: &mut Diagnostics) -> Option<Step> {
    let mut object = Object::new(json, path, out)?;
    let event = object.require_str("event", out);
    let filter = inner(&mut object, "where", depth, out);
    let within = match object.take("within") {
        None => Some(None),
        Some(json) => window::span(json, &path.key("within"), out).map(Some),
    };
    let without = match object.take("without") {
        None => Some(None),
        Some(json) => absence(json, &path.key("without"), depth, out).map(Some),
    };
    object.finish(out);
    Some(Step { event: event?, filter: filter?, within: within?, without: without? })
}

fn absence(json: Json<'_>, path: &Path<'_>, depth: usize, out: &mut Diagnostics) -> Option<Absence> {
    let mut object = Object::new(json, path, out)?;
    let event = object.require_str("event", out);
    let filter = inner(&mut object, "where", depth, out);
    object.finish(out);
    Some(Absence { event: event?, filter: filter? })
}

pub(super) fn regularly(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Regularly> {
    let event = object.require_str("event", out);
    let filter = inner(object, "where", depth, out);
    let at_least = object.require_u32("at_least", out);
    let periods = object.require_u32("periods", out);
    let unit = window::unit(object, out);
    Some(Regularly { event: event?, filter: filter?, at_least: at_least?, periods: periods?, unit: unit? })
}

pub(super) fn stopped(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Stopped> {
    let event = object.require_str("event", out);
    let filter = inner(object, "where", depth, out);
    let active = span(object, "active", out);
    let inactive = span(object, "inactive", out);
    Some(Stopped { event: event?, filter: filter?, active: active?, inactive: inactive? })
}

pub(super) fn restarted(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Restarted> {
    let event = object.require_str("event", out);
    let filter = inner(object, "where", depth, out);
    let pause = span(object, "pause", out);
    let within = span(object, "within", out);
    Some(Restarted { event: event?, filter: filter?, pause: pause?, within: within? })
}

fn span(object: &mut Object<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<Duration> {
    let json = object.require(key, out)?;
    window::span(json, &object.path.key(key), out)
}
