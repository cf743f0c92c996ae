//! Windows and spans of time.

use super::operand::literal;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Duration, Nothing, Unit, Window};
use crate::json::{Json, Object, word};

const WINDOWS: &[&str] = &["last", "coming", "this", "previous", "next", "between", "since", "all"];

pub(super) fn span(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let mut object = Object::such_as(r#"{"n": 90, "unit": "day"}"#, json, path, out)?;
    let n = object.require_u32("n", out);
    let unit = unit(&mut object, out);
    object.finish(out);
    Some(Duration { n: n?, unit: unit? })
}

pub(super) fn unit(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Unit> {
    let json = object.require("unit", out)?;
    word(&json, "unit", Unit::WORDS, &object.path.key("unit"), out)
}

/// The window in an object with one key; [`None`] where a finding says why.
pub(super) fn window(mut object: Object<'_, '_>, out: &mut Diagnostics) -> Option<Window> {
    let key = object.only_key().map(str::to_owned);
    let path = object.path;
    Some(match key.as_deref() {
        Some("last") => Window::Last(inner_span(&mut object, "last", out)?),
        Some("coming") => Window::Coming(inner_span(&mut object, "coming", out)?),
        Some("previous") => Window::Previous(inner_span(&mut object, "previous", out)?),
        Some("next") => Window::Next(inner_span(&mut object, "next", out)?),
        Some("this") => {
            let json = object.require("this", out)?;
            let at = path.key("this");
            let mut inner = Object::new(json, &at, out)?;
            let unit = unit(&mut inner, out);
            inner.finish(out);
            Window::This { unit: unit? }
        }
        Some("between") => {
            let json = object.require("between", out)?;
            let at = path.key("between");
            let mut inner = Object::new(json, &at, out)?;
            let from = inner.require("from", out).and_then(|json| literal(json, &at.key("from"), out));
            let to = inner.require("to", out).and_then(|json| literal(json, &at.key("to"), out));
            inner.finish(out);
            Window::Between { from: from?, to: to? }
        }
        Some("since") => {
            let json = object.require("since", out)?;
            let at = path.key("since");
            let mut inner = Object::new(json, &at, out)?;
            let from = inner.require("from", out).and_then(|json| literal(json, &at.key("from"), out));
            inner.finish(out);
            Window::Since { from: from? }
        }
        Some("all") => {
            let json = object.require("all", out)?;
            let at = path.key("all");
            Object::new(json, &at, out)?.finish(out);
            Window::All(Nothing {})
        }
        Some(unknown) => {
            let finding = Diagnostic::error(
                Code::UnknownWord,
                path.key(unknown).pointer(),
                format!("no window of time `{unknown}`"),
            );
            out.push(finding.suggest_from(unknown, WINDOWS.iter().copied()));
            return None;
        }
        None => {
            let message = format!("a window of time has exactly one key, this one has {}", object.len());
            let help = r#"write it like `{"last": {"n": 90, "unit": "day"}}`"#;
            out.push(Diagnostic::error(Code::UnknownWord, path.pointer(), message).help(help));
            return None;
        }
    })
}

fn inner_span(object: &mut Object<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<Duration> {
    let json = object.require(key, out)?;
    span(json, &object.path.key(key), out)
}

/// The optional `window` of a node.
pub(super) fn optional(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Option<Window>> {
    match object.take("window") {
        None => Some(None),
        Some(json) => {
            let at = object.path.key("window");
            window(Object::such_as(r#"{"last": {"n": 90, "unit": "day"}}"#, json, &at, out)?, out).map(Some)
        }
    }
}
