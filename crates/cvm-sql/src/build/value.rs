//! Values as literals or parameters.

use cvm_core::{Decimal, FieldType, Timestamp, Value};
use sqlparser::ast::{DataType, ExactNumberInfo, Expr, TimezoneInfo, TypedString, Value as Sql, ValueWithSpan};

use super::{Builder, Mode, expr};
use crate::dialect::{Dialect, text_literal};

impl Builder<'_> {
    /// A value of a type.
    pub(super) fn value(&mut self, value: &Value, ty: &FieldType) -> Expr {
        if self.mode == Mode::Parameters {
            return self.parameter(value, ty);
        }
        match value {
            Value::Bool(b) => expr::boolean(*b),
            Value::Int(i) => negatable(i.to_string()),
            Value::Float(x) => negatable(format!("{x:?}")),
            Value::Decimal(d) => self.decimal(*d),
            Value::Date(d) => self.typed(d.to_string(), DataType::Date),
            Value::Timestamp(t) => self.instant(*t),
            other => self.string(&other.to_string()),
        }
    }

    fn parameter(&mut self, value: &Value, ty: &FieldType) -> Expr {
        let (bound, cast) = match (value, self.dialect) {
            // SQLite has no decimals: what is stored is a float or an integer.
            (Value::Decimal(d), Dialect::Sqlite) => (Value::Float(d.to_f64()), None),
            (Value::Decimal(d), _) => (value.clone(), Some(decimal_type(*d))),
            (Value::Date(d), Dialect::Sqlite) => (Value::Str(d.to_string()), None),
            (Value::Date(_), _) => (value.clone(), Some(DataType::Date)),
            (Value::Timestamp(t), Dialect::Sqlite) => (Value::Str(self.civil(*t)), None),
            (Value::Timestamp(t), Dialect::MySql) => (Value::Str(self.civil(*t)), Some(DataType::Datetime(Some(6)))),
            (Value::Timestamp(t), Dialect::DuckDb) => (Value::Int(t.micros()), None),
            (Value::Timestamp(_), Dialect::PostgreSql) => {
                (value.clone(), Some(DataType::Timestamp(None, TimezoneInfo::Tz)))
            }
            (Value::Timestamp(_), Dialect::DataFusion) => {
                (value.clone(), Some(DataType::Timestamp(None, TimezoneInfo::None)))
            }
            _ => (value.clone(), None),
        };
        // A value that stands alone in an array or a JSON test has no column to take its type from.
        let cast = match (&bound, self.dialect, ty) {
            (Value::Int(_), Dialect::PostgreSql, FieldType::List(_)) => Some(DataType::BigInt(None)),
            _ => cast,
        };
        self.params.push(bound);
        let placeholder =
            expr::raw(if self.dialect.traits().numbered { format!("${}", self.params.len()) } else { "?".to_owned() });
        match cast {
            Some(data_type) => expr::cast(placeholder, data_type),
            None => placeholder,
        }
    }

    /// A text.
    pub(super) fn string(&mut self, text: &str) -> Expr {
        match self.mode {
            Mode::Parameters => self.parameter(&Value::Str(text.to_owned()), &FieldType::String),
            Mode::Literals => expr::raw(text_literal(text, self.dialect)),
            Mode::Tree => Expr::value(Sql::SingleQuotedString(text.to_owned())),
        }
    }

    fn decimal(&self, d: Decimal) -> Expr {
        match self.dialect {
            // DataFusion reads 0.1 as a float.
            Dialect::DataFusion => expr::cast(self.quoted(d.to_string()), decimal_type(d)),
            _ => negatable(d.to_string()),
        }
    }

    /// A text that needs no escapes.
    fn quoted(&self, text: String) -> Expr {
        match self.mode {
            Mode::Tree => Expr::value(Sql::SingleQuotedString(text)),
            _ => expr::raw(format!("'{text}'")),
        }
    }

    fn typed(&self, text: String, data_type: DataType) -> Expr {
        if self.dialect == Dialect::Sqlite {
            return self.quoted(text);
        }
        let value: ValueWithSpan = Sql::SingleQuotedString(text).into();
        Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false })
    }

    /// An instant. Columns hold UTC; which of their types that is differs.
    fn instant(&mut self, t: Timestamp) -> Expr {
        match self.dialect {
            Dialect::PostgreSql => {
                self.typed(format!("{}+00", self.civil(t)), DataType::Timestamp(None, TimezoneInfo::Tz))
            }
            Dialect::MySql => self.typed(self.civil(t), DataType::Timestamp(None, TimezoneInfo::None)),
            Dialect::Sqlite => self.quoted(self.civil(t)),
            Dialect::DuckDb => negatable(t.micros().to_string()),
            Dialect::DataFusion => {
                let micros = negatable(t.micros().to_string());
                expr::call("arrow_cast", vec![micros, self.quoted(r#"Timestamp(Microsecond, Some("UTC"))"#.to_owned())])
            }
        }
    }

    /// An instant in UTC with six digits after the second, so that texts sort as times do.
    fn civil(&self, t: Timestamp) -> String {
        let local = t.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).datetime();
        format!(
            "{} {:02}:{:02}:{:02}.{:06}",
            local.date(),
            local.hour(),
            local.minute(),
            local.second(),
            local.subsec_nanosecond() / 1000
        )
    }
}

/// A number; negative ones as literals too.
fn negatable(digits: String) -> Expr {
    expr::number(digits)
}

/// The narrowest decimal type that holds the value.
fn decimal_type(d: Decimal) -> DataType {
    let scale = d.scale();
    let precision = d.integer_digits().saturating_add(scale).min(Decimal::MAX_DIGITS);
    DataType::Decimal(ExactNumberInfo::PrecisionAndScale(precision.into(), scale.into()))
}
