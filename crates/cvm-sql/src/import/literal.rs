//! Literals and casts.

use cvm_core::{Date, Decimal, FieldType};
use sqlparser::ast::{CastKind, CharacterLength, DataType, ExactNumberInfo, Value};

use super::eval::Importer;
use super::relative::Interval;
use super::scalar::{Const, Node, Simple, whole};
use super::source::refused;
use super::time::instant;
use super::{Found, ImportDialect};

impl Importer<'_> {
    /// A literal as it stands.
    pub(super) fn literal(&self, value: &Value) -> Found<Node> {
        let text = |text: &str| {
            // For Oracle nothing at all is no text.
            if text.is_empty() && self.dialect == ImportDialect::Oracle {
                return Ok(Node::one(Simple::Null));
            }
            Ok(Node::constant(Const::Text(text.to_owned())))
        };
        match value {
            Value::Null => Ok(Node::one(Simple::Null)),
            Value::Boolean(b) => Ok(Node::constant(Const::Bool(*b))),
            Value::Number(digits, _) => number(digits).map(Node::constant),
            Value::SingleQuotedString(s)
            | Value::NationalStringLiteral(s)
            | Value::TripleSingleQuotedString(s)
            | Value::SingleQuotedRawStringLiteral(s)
            | Value::DoubleQuotedRawStringLiteral(s)
            | Value::TripleDoubleQuotedString(s)
            | Value::EscapedStringLiteral(s) => text(s),
            Value::DollarQuotedString(s) => text(&s.value),
            Value::QuoteDelimitedStringLiteral(s) | Value::NationalQuoteDelimitedStringLiteral(s) => text(&s.value),
            Value::DoubleQuotedString(s) => text(s),
            Value::Placeholder(name) => {
                refused(format!("the parameter `{name}` has no value"), "write the value itself")
            }
            _ => refused("a literal of bytes or of another alphabet", "write it as a plain text"),
        }
    }

    /// A value as another type.
    pub(super) fn cast(&self, node: Node, to: &DataType, kind: &CastKind) -> Found<Node> {
        let value = match node.simple() {
            Some(value) => value.clone(),
            None => return refused("a cast of more than a value", "cast the values inside"),
        };
        match value {
            Simple::Null => Ok(node),
            Simple::Const(value) => self.cast_constant(value, to),
            Simple::List(_) if matches!(to, DataType::Array(_)) => Ok(node),
            Simple::Column(mut column) if !column.json => {
                let tries = !matches!(kind, CastKind::Cast | CastKind::DoubleColon);
                match (&column.ty, to) {
                    (Some(FieldType::String), to) if is_text(to) => Ok(node),
                    (Some(FieldType::String), DataType::Binary(None)) if self.dialect.is_mysql() => {
                        column.bytes = true;
                        Ok(Node::one(Simple::Column(column)))
                    }
                    (Some(FieldType::Int), to) if is_whole(to) && (!tries || matches!(to, DataType::BigInt(_))) => {
                        Ok(node)
                    }
                    (Some(FieldType::Int), to) if is_float(to) => Ok(Node::one(Simple::AsFloat(column))),
                    (Some(FieldType::Float), DataType::Double(_) | DataType::DoublePrecision) => Ok(node),
                    (Some(FieldType::Bool), DataType::Bool | DataType::Boolean) => Ok(node),
                    (Some(FieldType::Date), DataType::Date) => Ok(node),
                    (Some(FieldType::Timestamp), DataType::Timestamp(..) | DataType::Datetime(_)) => Ok(node),
                    _ => refused(
                        format!("`{}` cast to {to} is another value than the field's", column.name),
                        "cast the literal that it is compared with instead",
                    ),
                }
            }
            _ => refused(format!("a cast to {to} of this expression"), "cast literals only"),
        }
    }

    fn cast_constant(&self, value: Const, to: &DataType) -> Found<Node> {
        let bad = || refused(format!("{} cast to {to}", value.noun()), "write the literal of that type");
        let constant = |value| Ok(Node::constant(value));
        let as_number = |number: Decimal| -> Option<Decimal> {
            match to {
                to if is_whole(to) => whole(number).is_some().then_some(number),
                DataType::Numeric(info)
                | DataType::Decimal(info)
                | DataType::Dec(info)
                | DataType::BigNumeric(info) => fits(number, info).then_some(number),
                to if is_float(to) => Some(number),
                _ => None,
            }
        };
        match &value {
            Const::Text(text) => match to {
                to if is_text(to) => constant(value.clone()),
                DataType::Date | DataType::Date32 => match Date::parse(text) {
                    Some(day) => constant(Const::Date(day)),
                    None => bad(),
                },
                DataType::Timestamp(..)
                | DataType::Datetime(_)
                | DataType::TimestampNtz(_)
                | DataType::Datetime64(..) => {
                    match instant(text).or_else(|| Date::parse(text).and_then(super::time::midnight)) {
                        Some(instant) => constant(Const::Timestamp(instant)),
                        None => bad(),
                    }
                }
                DataType::Interval { .. } => Ok(Node::one(Simple::Interval(Interval::parse(text)?))),
                DataType::Bool | DataType::Boolean => match text.to_lowercase().as_str() {
                    "true" | "t" => constant(Const::Bool(true)),
                    "false" | "f" => constant(Const::Bool(false)),
                    _ => bad(),
                },
                to if is_float(to) && text.eq_ignore_ascii_case("nan") => constant(Const::Float(f64::NAN)),
                _ => match text.parse().ok().and_then(as_number) {
                    Some(number) => constant(Const::Number(number)),
                    None => bad(),
                },
            },
            Const::Number(number) => match as_number(*number) {
                Some(number) => constant(Const::Number(number)),
                None => bad(),
            },
            Const::Float(_) if is_float(to) => constant(value.clone()),
            Const::Bool(_) if matches!(to, DataType::Bool | DataType::Boolean) => constant(value.clone()),
            Const::Date(_) if *to == DataType::Date => constant(value.clone()),
            Const::Date(day) if matches!(to, DataType::Timestamp(..) | DataType::Datetime(_)) => {
                match super::time::midnight(*day) {
                    Some(instant) => constant(Const::Timestamp(instant)),
                    None => bad(),
                }
            }
            Const::Timestamp(_) if matches!(to, DataType::Timestamp(..) | DataType::Datetime(_)) => {
                constant(value.clone())
            }
            _ => bad(),
        }
    }
}

/// A number as it is written: exact, where 38 digits hold it.
fn number(digits: &str) -> Found<Const> {
    let float = digits.contains(['e', 'E']);
    match (digits.parse::<Decimal>(), digits.parse::<f64>()) {
        (Ok(number), _) => Ok(Const::Number(number)),
        (Err(_), Ok(x)) if float && x.is_finite() => Ok(Const::Float(x)),
        _ => refused(format!("the number `{digits}` has too many digits"), "write fewer digits"),
    }
}

/// Whether a decimal type holds the number without rounding.
fn fits(number: Decimal, info: &ExactNumberInfo) -> bool {
    let number = number.normalized();
    match info {
        // Some databases take no scale for none at all.
        ExactNumberInfo::None => true,
        ExactNumberInfo::Precision(precision) => {
            number.scale() == 0 && u64::from(number.integer_digits()) <= *precision
        }
        ExactNumberInfo::PrecisionAndScale(precision, scale) => {
            let scale = u64::try_from(*scale).unwrap_or(0);
            u64::from(number.scale()) <= scale && u64::from(number.integer_digits()) + scale <= *precision
                || (number.digits() == 0)
                || (number.integer_digits() == 1
                    && u64::from(number.scale()) <= scale
                    && scale == *precision
                    && number.floor().0 == 0)
        }
    }
}

fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Text | DataType::String(None) => true,
        DataType::Varchar(length) | DataType::CharacterVarying(length) | DataType::Nvarchar(length) => {
            matches!(length, None | Some(CharacterLength::Max))
        }
        _ => false,
    }
}

fn is_whole(ty: &DataType) -> bool {
    matches!(
        ty,
        DataType::Int(_)
            | DataType::Integer(_)
            | DataType::BigInt(_)
            | DataType::SmallInt(_)
            | DataType::TinyInt(_)
            | DataType::Int64
            | DataType::Int8(_)
            | DataType::Int4(_)
            | DataType::Int2(_)
            | DataType::Signed
            | DataType::SignedInteger
    )
}

fn is_float(ty: &DataType) -> bool {
    matches!(
        ty,
        DataType::Double(_) | DataType::DoublePrecision | DataType::Float8 | DataType::Float64 | DataType::Real
    )
}
