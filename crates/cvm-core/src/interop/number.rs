//! Numbers as JavaScript has them.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Literal;
use crate::json::Json;

/// The largest whole number that JavaScript tells from its neighbours.
pub(super) const SAFE: i64 = 9_007_199_254_740_991;

/// A JSON number as a literal; whole ones that JavaScript would round are refused.
pub(super) fn literal(json: &Json<'_>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Literal> {
    match json {
        Json::Int(n) if n.unsigned_abs() > SAFE.unsigned_abs() => {
            let message = format!("JavaScript rounds the number `{n}`, so what it means is not certain");
            out.push(Diagnostic::error(Code::InvalidValue, path.pointer(), message).help("write it in quotes"));
            None
        }
        Json::Int(n) => Some(Literal::Int(*n)),
        Json::Float(x) => Some(from_f64(*x)),
        other => {
            crate::json::wrong_kind(other, "a number", path, out);
            None
        }
    }
}

/// A float as a literal, whole numbers as such.
pub(super) fn from_f64(x: f64) -> Literal {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "whole and within 2⁵³")]
    match x {
        x if x.fract() == 0.0 && x.abs() <= SAFE as f64 => Literal::Int(x as i64),
        x => Literal::Float(x),
    }
}

/// A text that is a plain decimal number: digits, at most one point, a sign.
pub(super) fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}
