//! Literals and operands.

use super::window;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Literal, Nothing, Operand, SizeTest, StartOf, Unit};
use crate::json::{Json, Object, word};

const KEYS: &[&str] = &[
    "field", "param", "now", "ago", "ahead", "start_of", "last", "coming", "this", "previous", "next", "between",
    "since", "all", "eq", "ne", "lt", "lte", "gt", "gte",
];

pub(crate) fn literal(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Literal> {
    Some(match json {
        Json::Bool(value) => Literal::Bool(value),
        Json::Int(value) => Literal::Int(value),
        Json::Float(value) => Literal::Float(value),
        Json::Str(value) => Literal::Str(value.into_owned()),
        other @ (Json::Null | Json::Array(_) | Json::Object(_)) => {
            crate::json::wrong_kind(&other, "a string, a number or a boolean", path, out);
            return None;
        }
    })
}

pub(crate) fn literals(items: Vec<Json<'_>>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Vec<Literal>> {
    let expected = items.len();
    let values: Vec<Literal> =
        items.into_iter().enumerate().filter_map(|(i, item)| literal(item, &path.index(i), out)).collect();
    (values.len() == expected).then_some(values)
}

pub(crate) fn operand(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Operand> {
    match json {
        Json::Array(items) => {
            let null = items.iter().position(|item| matches!(item, Json::Null));
            if let Some(i) = null {
                let help = "to ask for missing values use `is_not_set`, for a range with one end `gte` or `lte`";
                out.push(no_value(&path.index(i)).help(help));
                return None;
            }
            literals(items, path, out).map(Operand::Many)
        }
        Json::Object(_) => tagged(json, path, out),
        Json::Null => {
            out.push(no_value(path).help("to ask for missing values use `is_not_set`"));
            None
        }
        other => literal(other, path, out).map(Operand::One),
    }
}

fn no_value(path: &Path<'_>) -> Diagnostic {
    Diagnostic::error(Code::WrongKind, path.pointer(), "null is no value to compare with")
}

fn tagged(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Operand> {
    let mut object = Object::new(json, path, out)?;
    let Some(key) = object.only_key() else {
        out.push(
            Diagnostic::error(
                Code::WrongKind,
                path.pointer(),
                format!("a value that is an object has exactly one key, this one has {}", object.len()),
            )
            .help(
                r#"write it like `{"field": "age"}`, `{"ago": {"n": 7, "unit": "day"}}` or `{"last": {"n": 90, "unit": "day"}}`; a range of values is `between` with a list of two"#,
            ),
        );
        return None;
    };
    if let Some(&size) = ["eq", "ne", "lt", "lte", "gt", "gte"].iter().find(|k| **k == key) {
        let n = object.require_u32(size, out)?;
        return SizeTest::from_parts(size, n).map(Operand::Size);
    }
    match key {
        "field" => object.require_str("field", out).map(|field| Operand::Field { field }),
        "param" => object.require_str("param", out).map(|param| Operand::Param { param }),
        "now" => {
            let inner = object.require("now", out)?;
            Object::new(inner, &path.key("now"), out)?.finish(out);
            Some(Operand::Now { now: Nothing {} })
        }
        "ago" => {
            let inner = object.require("ago", out)?;
            window::span(inner, &path.key("ago"), out).map(|ago| Operand::Ago { ago })
        }
        "ahead" => {
            let inner = object.require("ahead", out)?;
            window::span(inner, &path.key("ahead"), out).map(|ahead| Operand::Ahead { ahead })
        }
        "start_of" => {
            let inner = object.require("start_of", out)?;
            start_of(inner, &path.key("start_of"), out).map(|start_of| Operand::StartOf { start_of })
        }
        "last" | "coming" | "this" | "previous" | "next" | "between" | "since" | "all" => {
            window::window(object, out).map(Operand::Window)
        }
        unknown => {
            out.push(
                Diagnostic::error(
                    Code::UnknownKey,
                    path.key(unknown).pointer(),
                    format!("the key `{unknown}` is not known here"),
                )
                .suggest_from(unknown, KEYS.iter().copied()),
            );
            None
        }
    }
}

fn start_of(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<StartOf> {
    let mut object = Object::new(json, path, out)?;
    let unit = object.require("unit", out).and_then(|json| word(&json, "unit", Unit::WORDS, &path.key("unit"), out));
    let offset = match object.take("offset") {
        None => Some(0),
        Some(Json::Int(n)) if i32::try_from(n).is_ok() => i32::try_from(n).ok(),
        Some(Json::Int(n)) => {
            out.push(no_offset(n, path));
            None
        }
        Some(Json::Float(x)) => {
            out.push(no_offset(x, path));
            None
        }
        Some(other) => {
            crate::json::wrong_kind(&other, "a whole number", &path.key("offset"), out);
            None
        }
    };
    object.finish(out);
    Some(StartOf { unit: unit?, offset: offset? })
}

fn no_offset(n: impl std::fmt::Display, path: &Path<'_>) -> Diagnostic {
    let message = format!("`{n}` is not a whole number from {} to {}", i32::MIN, i32::MAX);
    Diagnostic::error(Code::InvalidValue, path.key("offset").pointer(), message)
}
