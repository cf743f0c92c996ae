//! Values as literals or parameters.

use cvm_core::{Date, Decimal, FieldType, Value};
use sqlparser::ast::{DataType, ExactNumberInfo, Expr, TimezoneInfo, TypedString, Value as Sql, ValueWithSpan};

use super::{Builder, Mode, expr};
use crate::dialect::{Decimals, Dialect, Floats, Placeholders, text_literal};

impl Builder<'_> {
    /// A value of a type.
    pub(super) fn value(&mut self, value: &Value, ty: &FieldType) -> Expr {
        if self.mode == Mode::Parameters {
            return self.parameter(value, ty);
        }
        match value {
            Value::Bool(b) if self.traits.booleans => expr::boolean(*b),
            Value::Bool(b) => expr::number(i32::from(*b).to_string()),
            Value::Int(i) => self.integer(*i),
            Value::Float(x) => self.float(*x),
            Value::Decimal(d) => self.decimal(*d),
            Value::Date(d) => self.date(*d),
            Value::Timestamp(t) => self.instant(*t),
            other => self.string(&other.to_string()),
        }
    }

    /// A value as a column is compared: see [`Builder::comparable`].
    pub(super) fn compared(&mut self, value: &Value, ty: &FieldType) -> Expr {
        let written = self.value(value, ty);
        if self.traits.values_as_bytes && *ty == FieldType::String { self.bytes(written) } else { written }
    }

    fn parameter(&mut self, value: &Value, ty: &FieldType) -> Expr {
        match (value, self.dialect) {
            (Value::Timestamp(t), _) => self.instant_parameter(*t),
            // SQLite has no decimals: what is stored is a float or an integer.
            (Value::Decimal(d), Dialect::Sqlite) => self.placeholder(Value::Float(d.to_f64())),
            (Value::Date(d), Dialect::Sqlite) => self.placeholder(Value::Str(d.to_string())),
            // The placeholder says the type itself.
            (_, Dialect::ClickHouse) if self.placeholders == Placeholders::ClickHouse => {
                self.placeholder(value.clone())
            }
            (Value::Decimal(d), _) => {
                let kept = self.decimal_type(*d);
                expr::cast(self.placeholder(value.clone()), kept)
            }
            (Value::Date(_), Dialect::ClickHouse) => expr::call("toDate32", vec![self.placeholder(value.clone())]),
            (Value::Date(_), _) => expr::cast(self.placeholder(value.clone()), DataType::Date),
            // A value that stands alone in an array has no column to take its type from.
            (Value::Int(_), Dialect::PostgreSql) if matches!(ty, FieldType::List(_)) => {
                expr::cast(self.placeholder(value.clone()), DataType::BigInt(None))
            }
            _ => self.placeholder(value.clone()),
        }
    }

    /// A placeholder, and the value bound to it.
    pub(super) fn placeholder(&mut self, bound: Value) -> Expr {
        let n = self.params.len() + 1;
        let text = match self.placeholders {
            Placeholders::Dollar => format!("${n}"),
            Placeholders::Question => "?".to_owned(),
            Placeholders::At => format!("@p{n}"),
            Placeholders::Colon => format!(":p{n}"),
            Placeholders::ClickHouse => format!("{{p{n}:{}}}", clickhouse_type(&bound)),
        };
        self.params.push(bound);
        expr::raw(text)
    }

    /// A text.
    pub(crate) fn string(&mut self, text: &str) -> Expr {
        match self.mode {
            Mode::Parameters => self.placeholder(Value::Str(text.to_owned())),
            Mode::Literals => expr::raw(text_literal(text, self.dialect)),
            Mode::Tree => Expr::value(Sql::SingleQuotedString(text.to_owned())),
        }
    }

    fn integer(&self, i: i64) -> Expr {
        let digits = expr::number(i.to_string());
        match self.dialect {
            // More than 32 bits would be a decimal.
            Dialect::SqlServer if i32::try_from(i).is_err() => expr::cast(digits, DataType::BigInt(None)),
            // A minus before 2^63 comes too late.
            Dialect::Trino if i == i64::MIN => self.typed(i.to_string(), DataType::BigInt(None)),
            _ => digits,
        }
    }

    pub(super) fn float(&self, x: f64) -> Expr {
        match self.traits.floats {
            Floats::Plain => expr::number(format!("{x:?}")),
            Floats::Suffix => expr::number(format!("{x:?}D")),
            Floats::Exponent => expr::number(format!("{x:e}")),
            Floats::Cast => expr::cast(self.quoted(format!("{x:?}")), DataType::DoublePrecision),
        }
    }

    fn decimal(&self, d: Decimal) -> Expr {
        match self.traits.decimals {
            Decimals::Plain => expr::number(d.to_string()),
            Decimals::Suffix => expr::number(format!("{d}BD")),
            Decimals::Typed | Decimals::Numeric => self.typed(d.to_string(), self.decimal_type(d)),
            Decimals::Cast => expr::cast(self.quoted(d.to_string()), self.decimal_type(d)),
        }
    }

    /// A type that holds the value.
    fn decimal_type(&self, d: Decimal) -> DataType {
        let (whole, scale) = (d.integer_digits(), d.scale());
        match self.traits.decimals {
            Decimals::Typed if self.mode == Mode::Literals => DataType::Decimal(ExactNumberInfo::None),
            Decimals::Numeric if whole <= 29 && scale <= 9 => DataType::Numeric(ExactNumberInfo::None),
            Decimals::Numeric => DataType::BigNumeric(ExactNumberInfo::None),
            _ => {
                let precision = whole.saturating_add(scale).min(Decimal::MAX_DIGITS);
                DataType::Decimal(ExactNumberInfo::PrecisionAndScale(precision.into(), scale.into()))
            }
        }
    }

    fn date(&self, d: Date) -> Expr {
        match self.dialect {
            Dialect::Sqlite => self.quoted(d.to_string()),
            // `DATE '…'` is the narrower `Date` there.
            Dialect::ClickHouse => expr::call("toDate32", vec![self.quoted(d.to_string())]),
            Dialect::SqlServer => expr::cast(self.quoted(d.to_string()), DataType::Date),
            _ => self.typed(d.to_string(), DataType::Date),
        }
    }

    /// A text that needs no escapes.
    pub(super) fn quoted(&self, text: String) -> Expr {
        match self.mode {
            Mode::Tree => Expr::value(Sql::SingleQuotedString(text)),
            _ => expr::raw(format!("'{text}'")),
        }
    }

    /// `DATE '2024-01-31'`.
    pub(super) fn typed(&self, text: String, data_type: DataType) -> Expr {
        let value: ValueWithSpan = Sql::SingleQuotedString(text).into();
        Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false })
    }
}

/// ClickHouse's type of a value.
fn clickhouse_type(value: &Value) -> String {
    match value {
        Value::Bool(_) => "Bool".to_owned(),
        Value::Int(_) => "Int64".to_owned(),
        Value::Float(_) => "Float64".to_owned(),
        Value::Decimal(d) => {
            let precision = d.integer_digits().saturating_add(d.scale()).min(Decimal::MAX_DIGITS);
            format!("Decimal({precision},{})", d.scale())
        }
        Value::Date(_) => "Date32".to_owned(),
        _ => "String".to_owned(),
    }
}

/// `TIMESTAMP WITH TIME ZONE` as PostgreSQL abbreviates it.
pub(super) fn timestamptz() -> DataType {
    DataType::Timestamp(None, TimezoneInfo::Tz)
}
