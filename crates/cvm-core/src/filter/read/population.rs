//! Nodes about other tables and a customer's place among the others.

use super::behaviour::{measure, value};
use super::{inner, window};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Bucket, Geo, Order, Point, Quantifier, Rank, RankBy, Related, Take};
use crate::json::{Json, Object, word};

const QUANTIFIERS: &[(&str, &str)] = &[("any", "any"), ("all", "all"), ("none", "none"), ("count", "count")];

pub(super) fn related(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Related> {
    let table = object.require_str("table", out);
    let quantifier =
        object.require("quantifier", out).and_then(|json| quantifier(json, &object.path.key("quantifier"), out));
    let filter = inner(object, "where", depth, out);
    let op = match object.take("op") {
        None => Some(None),
        Some(json) => super::operator_word(&json, &object.path.key("op"), out).map(Some),
    };
    let value = value(object, out);
    Some(Related { table: table?, quantifier: quantifier?, filter: filter?, op: op?, value: value? })
}

fn quantifier(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Quantifier> {
    if let Json::Object(_) = json {
        let mut object = Object::new(json, path, out)?;
        let at = path.key("sum");
        let field = object.require("sum", out).and_then(|json| {
            let mut inner = Object::such_as(r#"{"field": "total"}"#, json, &at, out)?;
            let field = inner.require_str("field", out);
            inner.finish(out);
            field
        });
        object.finish(out);
        return field.map(|field| Quantifier::Sum { field });
    }
    if matches!(&json, Json::Str(text) if text == "sum") {
        let finding = Diagnostic::error(Code::MissingKey, path.pointer(), "`sum` does not say of which field");
        out.push(finding.help(r#"write it like `{"sum": {"field": "total"}}`"#));
        return None;
    }
    match word(&json, "quantifier", QUANTIFIERS, path, out)? {
        "any" => Some(Quantifier::Any),
        "all" => Some(Quantifier::All),
        "none" => Some(Quantifier::None),
        _ => Some(Quantifier::Count),
    }
}

pub(super) fn rank(object: &mut Object<'_, '_>, depth: usize, out: &mut Diagnostics) -> Option<Rank> {
    let by = object.require("by", out).and_then(|json| rank_by(json, &object.path.key("by"), depth, out));
    let order = object
        .require("order", out)
        .and_then(|json| word(&json, "order", Order::WORDS, &object.path.key("order"), out));
    let take = object.require("take", out).and_then(|json| take(json, &object.path.key("take"), out));
    let per = object.take_str("per", out);
    let among = inner(object, "among", depth, out);
    Some(Rank { by: by?, order: order?, take: take?, per: per?, among: among? })
}

fn rank_by(json: Json<'_>, path: &Path<'_>, depth: usize, out: &mut Diagnostics) -> Option<RankBy> {
    let mut object = Object::such_as(r#"{"field": "total_spent"}"#, json, path, out)?;
    let by = match object.take_str("field", out)? {
        Some(field) => Some(RankBy::Field { field }),
        None => {
            let event = object.require_str("event", out);
            let window = window::optional(&mut object, out);
            let filter = inner(&mut object, "where", depth, out);
            let measure = measure(&mut object, out);
            Some(RankBy::Event { event: event?, window: window?, filter: filter?, measure: measure? })
        }
    };
    object.finish(out);
    by
}

fn take(json: Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Take> {
    let mut object = Object::such_as(r#"{"n": 100}` or `{"percent": 10}"#, json, path, out)?;
    match object.only_key() {
        Some("n") => object.require_u32("n", out).map(Take::N),
        Some("percent") => object.require_f64("percent", out).map(Take::Percent),
        Some("tile") => {
            let at = path.key("tile");
            let mut inner = Object::new(object.require("tile", out)?, &at, out)?;
            let part = inner.require_u32("part", out);
            let of = inner.require_u32("of", out);
            inner.finish(out);
            Some(Take::Tile { part: part?, of: of? })
        }
        Some(unknown) => {
            let message = format!("the key `{unknown}` does not say how much to take");
            let finding = Diagnostic::error(Code::UnknownWord, path.key(unknown).pointer(), message);
            out.push(finding.suggest_from(unknown, ["n", "percent", "tile"].into_iter()));
            None
        }
        None => {
            let message = format!("how much to take has exactly one key, this one has {}", object.len());
            out.push(Diagnostic::error(Code::UnknownWord, path.pointer(), message).help("known: n, percent, tile"));
            None
        }
    }
}

pub(super) fn bucket(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Bucket> {
    let salt = object.require_str("salt", out);
    let from = object.require_u32("from", out);
    let to = object.require_u32("to", out);
    Some(Bucket { salt: salt?, from: from?, to: to? })
}

pub(super) fn geo(object: &mut Object<'_, '_>, out: &mut Diagnostics) -> Option<Geo> {
    let latitude = object.require_str("latitude", out);
    let longitude = object.require_str("longitude", out);
    let center = object.require("center", out).and_then(|json| {
        let at = object.path.key("center");
        let mut inner = Object::such_as(r#"{"lat": 48.85, "lon": 2.35}"#, json, &at, out)?;
        let lat = inner.require_f64("lat", out);
        let lon = inner.require_f64("lon", out);
        inner.finish(out);
        Some(Point { lat: lat?, lon: lon? })
    });
    let radius_m = object.require_f64("radius_m", out);
    Some(Geo { latitude: latitude?, longitude: longitude?, center: center?, radius_m: radius_m? })
}
