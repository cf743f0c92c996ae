//! Deterministic samples, and places on Earth.

use cvm_core::predicate::{BucketTest, GeoTest};
use cvm_core::{Diagnostics, Field, FieldType};
use sqlparser::ast::{BinaryOperator as Op, DataType, Expr};

use super::{Builder, CUSTOMERS, Mode, Subject, expr};
use crate::dialect::Dialect;

impl Builder<'_> {
    /// A sample by the key.
    pub(super) fn bucket(&mut self, test: &BucketTest, negated: bool, node: usize) -> Result<Expr, Diagnostics> {
        let Some(field) = self.catalog.customers.fields.get(test.key) else {
            return Err(self.unsupported_node(node, "the key is not in the catalog"));
        };
        let number = self.bucket_number(&test.salt, field, node)?;
        Ok(Expr::Between {
            expr: Box::new(number),
            negated,
            low: Box::new(expr::number(test.from.to_string())),
            high: Box::new(expr::number(test.to.saturating_sub(1).to_string())),
        })
    }

    fn bucket_number(&mut self, salt: &str, key: &Field, node: usize) -> Result<Expr, Diagnostics> {
        let column = self.column_of(CUSTOMERS, &key.name);
        if self.mode == Mode::Tree {
            let key = expr::cast(column, DataType::Varchar(None));
            return Ok(expr::call("cvm_bucket", vec![self.string(salt), key]));
        }
        match self.dialect {
            Dialect::Sqlite => {
                return Err(self.unsupported_node(node, "the database has no MD5, by which samples are drawn"));
            }
            Dialect::DataFusion => {
                let reason = "it can't read the digits of a hash, by which samples are drawn";
                return Err(self.unsupported_node(node, reason));
            }
            _ => {}
        }
        let salt = self.string(&format!("{salt}:"));
        let number = |digits: &str| expr::number(digits.to_owned());
        let text = match self.dialect {
            // A function that takes anything can't tell the type of a parameter.
            Dialect::PostgreSql | Dialect::DuckDb | Dialect::Redshift | Dialect::Snowflake | Dialect::Trino => {
                expr::pair(salt, Op::StringConcat, self.key_text(column, key))
            }
            _ => expr::call("CONCAT", vec![salt, self.key_text(column, key)]),
        };
        let head = |hash: Expr| expr::call("SUBSTR", vec![hash, number("1"), number("8")]);
        let prefixed = |prefix: &str, hash: Expr| {
            expr::nested(expr::pair(expr::raw(format!("'{prefix}'")), Op::StringConcat, head(hash)))
        };
        let hash = |function: &str, text: Expr| expr::call(function, vec![text]);
        let number_of = match self.dialect {
            Dialect::PostgreSql => {
                let bits = expr::cast(prefixed("x", hash("MD5", text)), DataType::Bit(Some(32)));
                expr::cast(bits, DataType::BigInt(None))
            }
            Dialect::MySql => {
                let digits = expr::call("CONV", vec![head(hash("MD5", text)), number("16"), number("10")]);
                expr::cast(digits, DataType::Unsigned)
            }
            Dialect::Spark => {
                let digits = expr::call("CONV", vec![head(hash("MD5", text)), number("16"), number("10")]);
                expr::cast(digits, DataType::BigInt(None))
            }
            Dialect::DuckDb => expr::cast(prefixed("0x", hash("md5", text)), DataType::BigInt(None)),
            Dialect::ClickHouse => {
                // The first four bytes, turned round: numbers are read from the lowest byte on.
                let bytes = expr::call("substring", vec![hash("MD5", text), number("1"), number("4")]);
                expr::call("reinterpretAsUInt32", vec![expr::call("reverse", vec![bytes])])
            }
            Dialect::BigQuery => {
                let digits = head(hash("TO_HEX", hash("MD5", text)));
                let digits = expr::call("CONCAT", vec![expr::raw("'0x'".to_owned()), digits]);
                let number_of = expr::cast(digits, DataType::Int64);
                return Ok(expr::call("MOD", vec![number_of, number("10000")]));
            }
            Dialect::Snowflake => {
                expr::call("TO_NUMBER", vec![head(hash("MD5", text)), expr::raw("'XXXXXXXX'".to_owned())])
            }
            Dialect::Redshift => expr::call("STRTOL", vec![head(hash("MD5", text)), number("16")]),
            Dialect::Trino => {
                let digits = head(hash("to_hex", hash("md5", hash("to_utf8", text))));
                expr::call("from_base", vec![digits, number("16")])
            }
            _ => {
                // SQL Server.
                let hashed = expr::call("HASHBYTES", vec![expr::raw("'MD5'".to_owned()), self.bytes(text)]);
                let bytes = expr::call("SUBSTRING", vec![hashed, number("1"), number("4")]);
                expr::cast(bytes, DataType::BigInt(None))
            }
        };
        // A remainder of numbers that are never negative: the same everywhere.
        Ok(expr::nested(expr::binary(number_of, Op::Modulo, number("10000"))))
    }

    /// The key as text.
    fn key_text(&self, column: Expr, key: &Field) -> Expr {
        if key.ty == FieldType::String {
            return column;
        }
        match self.dialect {
            Dialect::PostgreSql => expr::cast(column, DataType::Text),
            Dialect::ClickHouse => expr::call("toString", vec![column]),
            Dialect::BigQuery | Dialect::Spark => expr::cast(column, DataType::String(None)),
            Dialect::MySql => column,
            Dialect::SqlServer => expr::cast(column, expr::named_type("VARCHAR(20)")),
            _ => expr::cast(column, DataType::Varchar(None)),
        }
    }

    /// Within a distance: the haversines are compared, so that no inverse is needed.
    pub(super) fn geo(&mut self, test: &GeoTest, negated: bool, node: usize) -> Result<Expr, Diagnostics> {
        let fields = &self.catalog.customers.fields;
        let (Some(lat), Some(lon)) = (fields.get(test.latitude), fields.get(test.longitude)) else {
            return Err(self.unsupported_node(node, "the coordinates are not in the catalog"));
        };
        if self.dialect == Dialect::Sqlite {
            self.note("distances need SQLite's mathematical functions (SQLITE_ENABLE_MATH_FUNCTIONS)".to_owned());
        }
        let degrees = |field: &Field| {
            let column = self.column_of(CUSTOMERS, &field.name);
            if field.ty == FieldType::Float { column } else { self.as_double(column) }
        };
        let times = |a: Expr, b: Expr| expr::binary(a, Op::Multiply, b);
        // Not every database has a function for radians.
        let radians = |degrees: Expr| times(degrees, self.float(std::f64::consts::PI / 180.0));
        let half_squared = |degrees: Expr, center: f64| {
            let difference = expr::nested(expr::binary(degrees, Op::Minus, expr::nested(self.float(center))));
            let angle = expr::binary(radians(difference), Op::Divide, self.float(2.0));
            expr::call("POWER", vec![expr::call("SIN", vec![angle]), self.float(2.0)])
        };
        let cosine = expr::call("COS", vec![radians(degrees(lat))]);
        let across =
            times(times(self.float(test.lat.to_radians().cos()), cosine), half_squared(degrees(lon), test.lon));
        let haversine = expr::binary(half_squared(degrees(lat), test.lat), Op::Plus, across);
        let within = expr::binary(haversine, Op::LtEq, self.float(test.limit()));
        let sides: Vec<Subject<'_>> = [lat, lon].map(|field| self.subject(field)).into();
        if negated {
            let mut terms = vec![expr::not(within)];
            terms.extend(sides.iter().map(|side| self.missing(side)));
            return Ok(expr::join(terms, Op::Or));
        }
        let mut terms = vec![within];
        terms.extend(sides.iter().filter(|side| self.can_be_nan(side)).map(|side| self.is_number(side)));
        Ok(expr::join(terms, Op::And))
    }
}
