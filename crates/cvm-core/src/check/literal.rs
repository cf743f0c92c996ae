//! Literals become values of a field's type, or findings.

use jiff::tz::TimeZone;

use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Literal;
use crate::value::{Date, Decimal, Timestamp, Value};

/// The value of a literal where a value of type `ty` is wanted (for lists: of an item).
///
/// Numbers keep what the type can't hold: a fraction met by an int field stays a decimal and compares by value. A date
/// met by a timestamp field stays a date: it means its whole day.
pub(crate) fn typed(
    literal: &Literal,
    ty: &FieldType,
    zone: &TimeZone,
    path: &Path<'_>,
    out: &mut Diagnostics,
) -> Option<Value> {
    let value = match (ty, literal) {
        (FieldType::List(item), literal) => return typed(literal, item, zone, path, out),
        (FieldType::Bool | FieldType::Json, Literal::Bool(b)) => Ok(Value::Bool(*b)),
        (FieldType::Int | FieldType::Json, Literal::Int(i)) => Ok(Value::Int(*i)),
        (FieldType::Int, Literal::Float(x)) => exact(*x, ty),
        #[expect(clippy::cast_precision_loss, reason = "a float field compares as floats")]
        (FieldType::Float, Literal::Int(i)) => Ok(Value::Float(*i as f64)),
        (FieldType::Float | FieldType::Json, Literal::Float(x)) if x.is_finite() => Ok(Value::Float(*x)),
        (FieldType::Decimal { .. }, Literal::Int(i)) => Ok(Value::Decimal(Decimal::from(*i))),
        (FieldType::Decimal { .. }, Literal::Float(x)) => exact(*x, ty),
        (FieldType::Decimal { .. }, Literal::Str(text)) => decimal(text),
        (FieldType::String | FieldType::Json, Literal::Str(text)) => text_value(text),
        (FieldType::Date, Literal::Str(text)) => date(text),
        (FieldType::Timestamp, Literal::Str(text)) => timestamp(text, zone),
        _ => Err(mismatch(literal, ty)),
    };
    match value {
        Ok(value) => Some(value),
        Err(mut finding) => {
            finding.path = path.pointer();
            out.push(*finding);
            None
        }
    }
}

type Found = Result<Value, Box<Diagnostic>>;

fn invalid(message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::InvalidValue, "", message))
}

pub(super) fn mismatch(literal: &Literal, ty: &FieldType) -> Box<Diagnostic> {
    let (kind, written) = match literal {
        Literal::Bool(b) => ("", b.to_string()),
        Literal::Int(i) => ("the number ", i.to_string()),
        Literal::Float(x) => ("the number ", plain(*x)),
        Literal::Str(text) => ("the text ", text.clone()),
    };
    let finding = Diagnostic::error(
        Code::TypeMismatch,
        "",
        format!("{kind}`{written}` is not {}, which a field of type {ty} needs", ty.noun()),
    );
    Box::new(match (ty, literal) {
        (FieldType::Int | FieldType::Float, Literal::Str(text)) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            finding.suggest(text).help("write it without quotes")
        }
        (FieldType::Int | FieldType::Float, Literal::Str(_)) => finding.help("write numbers like `1234.5`"),
        (FieldType::Bool, Literal::Str(text)) if matches!(text.to_lowercase().as_str(), "true" | "yes" | "y" | "1") => {
            finding.suggest("true")
        }
        (FieldType::Bool, Literal::Str(text)) if matches!(text.to_lowercase().as_str(), "false" | "no" | "n" | "0") => {
            finding.suggest("false")
        }
        (FieldType::Bool, Literal::Int(1)) => finding.suggest("true"),
        (FieldType::Bool, Literal::Int(0)) => finding.suggest("false"),
        (FieldType::String, Literal::Int(_) | Literal::Float(_) | Literal::Bool(_)) => {
            finding.help(format!("write it in quotes: `\"{written}\"` in JSON, `'{written}'` in text form"))
        }
        (FieldType::Date, _) => finding.help(DATE_HELP),
        (FieldType::Timestamp, _) => finding.help(TIMESTAMP_HELP),
        _ => finding,
    })
}

/// The exact value that a float literal was written as. JSON hands over 64-bit floats: beyond 15 digits what was
/// written is lost, and a filter must not go on with something near it.
fn exact(x: f64, ty: &FieldType) -> Found {
    let shown = plain(x);
    let Some(value) = Decimal::from_f64(x) else {
        return Err(invalid(format!("`{shown}` has more digits than a decimal can hold")));
    };
    let digits = value.normalized().digits().unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
    // 10000000000000001.0 arrives here as 1e16: where the last digit before the point may be lost, few digits prove
    // nothing.
    if digits > 15 || x.abs() >= 1e15 {
        let mut finding = invalid(format!("`{shown}` has more than 15 digits, so its last ones may be lost"));
        finding.help = Some(match ty {
            FieldType::Int => format!("write a whole number from {} to {}", i64::MIN, i64::MAX),
            _ => "write the number in quotes to keep it exact, as in `\"12345678901234567.89\"`".to_owned(),
        });
        return Err(finding);
    }
    Ok(Value::Decimal(value))
}

/// A float as people write it; very large and very small ones with an exponent.
fn plain(x: f64) -> String {
    if x != 0.0 && !(1e-7..1e21).contains(&x.abs()) { format!("{x:e}") } else { x.to_string() }
}

const DATE_HELP: &str = "write dates like `2024-01-31`";
const TIMESTAMP_HELP: &str = "write `2024-01-31`, `2024-01-31T09:30:00` or `2024-01-31T09:30:00+01:00`";

/// Help for a text that is not a date or timestamp.
fn time_help(text: &str, help: &'static str) -> &'static str {
    let bytes = text.as_bytes();
    let is_iso = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    match text.to_lowercase().as_str() {
        _ if is_iso => "no calendar has that day",
        "now" | "today" | "yesterday" | "tomorrow" => {
            "times that move are written `{\"now\": {}}` or `{\"ago\": {\"n\": 1, \"unit\": \"day\"}}` in JSON, `now` or `1 day ago` in text form"
        }
        _ => help,
    }
}

fn decimal(text: &str) -> Found {
    text.parse().map(Value::Decimal).map_err(|error| {
        Box::new(
            Diagnostic::error(Code::InvalidValue, "", format!("`{text}` is {error}")).help("write it like `1234.50`"),
        )
    })
}

fn text_value(text: &str) -> Found {
    if text.contains('\0') {
        return Err(invalid("the text holds a NUL character, which databases can't store".to_owned()));
    }
    Ok(Value::Str(text.to_owned()))
}

fn date(text: &str) -> Found {
    if let Some(date) = Date::parse(text) {
        return Ok(Value::Date(date));
    }
    let finding = Diagnostic::error(Code::InvalidValue, "", format!("`{text}` is not a date"));
    Err(Box::new(match text.get(..10).and_then(Date::parse) {
        Some(day) => finding.suggest(day.to_string()),
        None => match turned_round(text) {
            Some(day) => finding.suggest(day),
            None => finding.help(time_help(text, DATE_HELP)),
        },
    }))
}

/// `31/01/2024` and its kin as an ISO date, where only one reading is possible.
fn turned_round(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let iso = |y: &str, m: &str, d: &str| Date::parse(&format!("{y:0>4}-{m:0>2}-{d:0>2}")).map(|date| date.to_string());
    if a.len() == 4 {
        return iso(a, b, c);
    }
    if c.len() != 4 {
        return None;
    }
    match (iso(c, b, a), iso(c, a, b)) {
        (Some(day), None) | (None, Some(day)) => Some(day),
        (Some(day), Some(other)) if day == other => Some(day),
        _ => None,
    }
}

fn timestamp(text: &str, zone: &TimeZone) -> Found {
    if let Some(date) = Date::parse(text) {
        return Ok(Value::Date(date));
    }
    if let Some(instant) = Timestamp::parse(text, zone) {
        return Ok(Value::Timestamp(instant));
    }
    let finding = Diagnostic::error(Code::InvalidValue, "", format!("`{text}` is not a date or timestamp"));
    Err(Box::new(match turned_round(text) {
        Some(day) => finding.suggest(day),
        None => finding.help(time_help(text, TIMESTAMP_HELP)),
    }))
}
