//! Functions.

use cvm_core::FieldType;
use cvm_core::filter::Unit;
use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Value};

use super::Found;
use super::dialect::ImportDialect as D;
use super::eval::Importer;
use super::lower::Place;
use super::relative::{Base, Interval, Relative, written_number};
use super::scalar::{Const, Node, Simple};
use super::source::refused;
use super::truth::{Truth, never};

impl Importer<'_> {
    /// The expression of an argument without a name.
    fn plain<'e>(&self, argument: &'e FunctionArg) -> Found<&'e Expr> {
        match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
            _ => refused("an argument with a name, or `*`", ""),
        }
    }

    pub(super) fn argument(&self, argument: &FunctionArg, depth: usize) -> Found<Node> {
        self.eval(self.plain(argument)?, depth)
    }

    pub(super) fn function(&self, function: &Function, depth: usize) -> Found<Node> {
        let name = function.name.to_string().to_lowercase();
        let arguments = match &function.args {
            FunctionArguments::None => &[][..],
            FunctionArguments::List(list) if list.duplicate_treatment.is_none() && list.clauses.is_empty() => {
                list.args.as_slice()
            }
            _ => return refused(format!("this form of `{name}`"), ""),
        };
        if function.over.is_some() || function.filter.is_some() || !function.within_group.is_empty() {
            return refused(format!("`{name}` over other rows"), "a filter looks at one customer");
        }
        if !matches!(function.parameters, FunctionArguments::None) || function.null_treatment.is_some() {
            return refused(format!("this form of `{name}`"), "");
        }
        let mut exprs = Vec::with_capacity(arguments.len());
        for argument in arguments {
            exprs.push(self.plain(argument)?);
        }
        if let Some(node) = self.moving_time(&name, &exprs, depth)? {
            return Ok(node);
        }
        let mut values = Vec::with_capacity(exprs.len());
        for expr in &exprs {
            values.push(self.eval(expr, depth)?);
        }
        let unknown = || refused(format!("the function `{name}`, with {} arguments", values.len()), "use comparisons");
        match values.as_slice() {
            [value] => match self.of_one(&name, value)? {
                Some(node) => Ok(node),
                None => unknown(),
            },
            [a, b] => match self.of_two(&name, a, b)? {
                Some(node) => Ok(node),
                None if name == "coalesce" => self.coalesce(values),
                None => unknown(),
            },
            [a, b, c] => match name.as_str() {
                "coalesce" => self.coalesce(values),
                "if" | "iif" | "iff" => {
                    let when = self.truth(a.clone())?.yes?;
                    self.choose(when, b.clone(), c.clone())
                }
                "substr" | "substring" => self.substring(a, Some(b), Some(c)),
                "json_extract_path_text" if self.dialect == D::PostgreSql => self.json_path(&values),
                _ => unknown(),
            },
            _ if name == "coalesce" && !values.is_empty() => self.coalesce(values),
            _ if matches!(name.as_str(), "make_array" | "array" | "list_value" | "json_array")
                && !values.is_empty() =>
            {
                list_of(&values)
            }
            _ => unknown(),
        }
    }

    fn of_one(&self, name: &str, value: &Node) -> Found<Option<Node>> {
        let d = self.dialect;
        let simple = |value: Simple| Ok(Some(Node::one(value)));
        let column = value.column().cloned();
        Ok(match (name, column) {
            ("lower" | "lcase", Some(column)) if column.is_text() => {
                return simple(Simple::Cased { column, upper: false });
            }
            ("upper" | "ucase", Some(column)) if column.is_text() => {
                return simple(Simple::Cased { column, upper: true });
            }
            ("char_length" | "character_length" | "lengthutf8", Some(column)) if column.is_text() => {
                return simple(Simple::Length { column, bytes: false });
            }
            ("octet_length" | "bit_length", Some(column)) if column.is_text() => {
                return simple(Simple::Length { column, bytes: true });
            }
            ("length", Some(column)) if matches!(column.ty, Some(FieldType::String)) => {
                let bytes = d.is_mysql() || d == D::ClickHouse;
                return simple(Simple::Length { column, bytes });
            }
            ("length", Some(column)) if column.ty.is_none() => {
                let _ = column;
                return refused("`length` counts characters or items", "give a catalog with the column's type");
            }
            (
                "cardinality" | "array_size" | "json_length" | "json_array_length" | "len" | "array_length" | "length"
                | "list_length",
                Some(column),
            ) if column.is_list() => {
                let known = match name {
                    // Of a missing list, it is −1 or missing: a setting decides.
                    "cardinality" => !d.is_spark(),
                    "json_length" => d.is_mysql(),
                    "json_array_length" => d == D::Sqlite,
                    "len" => d == D::DuckDb,
                    "length" => d == D::ClickHouse,
                    _ => true,
                };
                if !known {
                    return refused(format!("`{name}` of a list"), "");
                }
                return simple(Simple::Size { column, null_if_empty: false });
            }
            ("isnan" | "is_nan", Some(column)) if column.ty == Some(FieldType::Float) => {
                Some(Node::Truth(never(&column.name)))
            }
            ("epoch_us", Some(column)) if d == D::DuckDb && column.ty == Some(FieldType::Timestamp) => {
                return simple(Simple::Micros(column));
            }
            ("isnull", _) if !matches!(d, D::SqlServer) => Some(Node::Truth(Truth::two_valued(value.null()))),
            ("isnotnull", _) => Some(Node::Truth(Truth::two_valued(value.null()).not())),
            ("not", _) => Some(Node::Truth(self.truth(value.clone())?.not())),
            ("date" | "to_date" | "todate", _) if matches!(value.text(), Some(text) if cvm_core::Date::parse(text).is_some()) => {
                value.text().and_then(cvm_core::Date::parse).map(|day| Node::constant(Const::Date(day)))
            }
            ("make_array" | "array" | "list_value" | "json_array", _) => Some(list_of(std::slice::from_ref(value))?),
            ("coalesce", _) => Some(value.clone()),
            _ => None,
        })
    }

    fn of_two(&self, name: &str, a: &Node, b: &Node) -> Found<Option<Node>> {
        let d = self.dialect;
        // Databases that say *unknown* of a list with nulls in it.
        let nulls_matter = !matches!(d, D::DuckDb | D::DataFusion | D::ClickHouse | D::MySql | D::MariaDb);
        Ok(Some(match name {
            "ifnull" | "nvl" => self.coalesce(vec![a.clone(), b.clone()])?,
            "isnull" if d == D::SqlServer => self.coalesce(vec![a.clone(), b.clone()])?,
            "nullif" => self.nullif(a.clone(), b.clone())?,
            "starts_with" | "startswith" => self.find_text(a, b, Place::Start)?,
            "ends_with" | "endswith" | "suffix" => self.find_text(a, b, Place::End)?,
            "prefix" if d == D::DuckDb => self.find_text(a, b, Place::Start)?,
            "contains" if a.column().is_some_and(|column| matches!(column.ty, Some(FieldType::List(_)))) => {
                self.held(a, &[b], false, nulls_matter)?
            }
            "contains" if matches!(d, D::DuckDb | D::DataFusion | D::Spark | D::Databricks | D::Snowflake) => {
                self.find_text(a, b, Place::Inside)?
            }
            "strpos" => self.position_node(a, b)?,
            "instr" => self.position_node(a, b)?,
            // ClickHouse has the text first.
            "position" if d == D::ClickHouse => self.position_node(a, b)?,
            "locate" | "charindex" => self.position_node(b, a)?,
            "left" | "right" => self.ends(a, b, name == "left")?,
            "substr" | "substring" => self.substring(a, Some(b), None)?,
            "regexp_like" | "regexp_matches" | "regexp_contains" | "rlike" | "regexp" | "match" => {
                self.regex_call(name, a, b)?
            }
            "list_has_any" | "array_has_any" | "hasany" | "arrays_overlap" | "array_overlap" | "array_overlaps" => {
                if b.column().is_some() {
                    self.holds(b, a, false, nulls_matter)?
                } else {
                    self.holds(a, b, false, nulls_matter)?
                }
            }
            "list_has_all" | "array_has_all" | "hasall" => self.holds(a, b, true, nulls_matter)?,
            "list_contains" | "list_has" | "array_contains" | "array_has" | "has" => {
                // Snowflake has the value first.
                if b.column().is_some() && d == D::Snowflake {
                    self.held(b, &[a], false, nulls_matter)?
                } else {
                    self.held(a, &[b], false, nulls_matter)?
                }
            }
            "json_overlaps" | "json_contains" if d.is_mysql() => {
                let Some(text) = b.text() else { return refused("a list that is no JSON text", "") };
                let values = self.json_list(text)?;
                self.holds(a, &Node::one(Simple::List(values)), name == "json_contains", false)?
            }
            "array_length" if d.is_postgres() => match (a.column(), b.integer()) {
                (Some(column), Some(1)) if column.is_list() => {
                    Node::one(Simple::Size { column: column.clone(), null_if_empty: true })
                }
                _ => return refused("`array_length` of another dimension", ""),
            },
            "json_extract_path_text" if d == D::PostgreSql => self.json_path(&[a.clone(), b.clone()])?,
            "arrow_cast" => match (a.integer(), b.text()) {
                (Some(n), Some(ty)) if ty.starts_with("Timestamp(Microsecond") => {
                    match i64::try_from(n).ok().and_then(cvm_core::Timestamp::from_micros) {
                        Some(instant) => Node::constant(Const::Timestamp(instant)),
                        None => return refused("a number that is no instant", ""),
                    }
                }
                _ => return refused("`arrow_cast` to this type", ""),
            },
            "make_array" | "array" | "list_value" | "json_array" => list_of(&[a.clone(), b.clone()])?,
            _ => return Ok(None),
        }))
    }

    /// Whether a text stands at a place of a column.
    pub(super) fn find_text(&self, text: &Node, wanted: &Node, place: Place) -> Found<Node> {
        if text.is_null() || wanted.is_null() {
            return Ok(Node::Truth(Truth::constant(None)));
        }
        let Some(wanted) = wanted.text() else { return refused("a text that is looked for and is no constant", "") };
        let truth = match text.simple() {
            Some(Simple::Column(column)) if column.is_text() => self.text_at(column, place, wanted),
            Some(Simple::Cased { column, upper }) => self.cased_at(column, *upper, place, wanted)?,
            _ => return refused("a text that is looked for in something else than a column of texts", ""),
        };
        self.found(truth)
    }

    pub(super) fn position_node(&self, text: &Node, needle: &Node) -> Found<Node> {
        match (text.column(), needle.text()) {
            (Some(column), Some(needle)) if column.is_text() => {
                Ok(Node::one(Simple::Position { column: column.clone(), needle: needle.to_owned() }))
            }
            _ => refused("a position of something else than a constant in a column of texts", ""),
        }
    }

    fn ends(&self, text: &Node, length: &Node, start: bool) -> Found<Node> {
        match (text.column(), length.integer().and_then(|n| usize::try_from(n).ok())) {
            (Some(column), Some(length)) if column.is_text() => {
                let (column, bytes) = (column.clone(), column.bytes);
                Ok(Node::one(Simple::Part { column, start, length, bytes }))
            }
            _ => refused("a part of something else than a column of texts", ""),
        }
    }

    /// `substr(text, 1, n)`, and SQLite's `substr(text, -n)`.
    pub(super) fn substring(&self, text: &Node, from: Option<&Node>, length: Option<&Node>) -> Found<Node> {
        let column = text.column().filter(|column| column.is_text());
        let (Some(column), Some(from)) = (column, from.and_then(Node::integer)) else {
            return refused("a part of something else than a column of texts", "");
        };
        let part = |start: bool, length: i128| match usize::try_from(length) {
            Ok(length) if length > 0 => {
                let (column, bytes) = (column.clone(), column.bytes || self.dialect == D::ClickHouse);
                Ok(Node::one(Simple::Part { column, start, length, bytes }))
            }
            _ => refused("a part of no length", ""),
        };
        match (from, length.map(Node::integer)) {
            (1, Some(Some(length))) => part(true, length),
            (..=-1, None) if self.dialect == D::Sqlite => part(false, -from),
            _ => refused("a part from the middle of a text", "only its beginning or its end can be compared"),
        }
    }

    fn regex_call(&self, name: &str, a: &Node, b: &Node) -> Found<Node> {
        let fits = match name {
            "regexp_matches" => self.dialect == D::DuckDb,
            "regexp_contains" => self.dialect == D::BigQuery,
            "match" => self.dialect == D::ClickHouse,
            // Snowflake's must fit the whole text.
            _ => !matches!(self.dialect, D::Snowflake | D::BigQuery),
        };
        let (Some(column), Some(pattern), true) = (a.column(), b.text(), fits) else {
            return refused(format!("`{name}` here"), "compare a column with a pattern");
        };
        self.found(self.regex(column, pattern)?)
    }

    fn json_path(&self, values: &[Node]) -> Found<Node> {
        let Some((column, keys)) = values.split_first() else { return refused("no document", "") };
        let keys: Option<Vec<String>> = keys.iter().map(|key| key.text().map(str::to_owned)).collect();
        match (column.column(), keys) {
            (Some(column), Some(keys)) => self.json_place(column, &keys),
            _ => refused("a place in something else than a column", ""),
        }
    }

    /// Functions of the clock, and steps from them.
    fn moving_time(&self, name: &str, exprs: &[&Expr], depth: usize) -> Found<Option<Node>> {
        let at = |base: Base| Ok(Some(Node::one(Simple::Relative(Relative::at(base)))));
        match (name, exprs) {
            (
                "now"
                | "current_timestamp"
                | "getdate"
                | "getutcdate"
                | "sysdatetime"
                | "sysutcdatetime"
                | "sysdate"
                | "utc_timestamp"
                | "localtimestamp"
                | "transaction_timestamp"
                | "now64"
                | "current_datetime",
                [],
            ) => at(Base::Now),
            ("current_date" | "curdate" | "today" | "utc_date", []) => at(Base::Today),
            ("now" | "current_timestamp" | "localtimestamp" | "now64", [precision])
                if written_number(precision).is_some() =>
            {
                at(Base::Now)
            }
            ("date", [text, rest @ ..]) if self.dialect == D::Sqlite && word(text).as_deref() == Some("now") => {
                let time = Relative::at(Base::Today);
                match rest {
                    [] => at(Base::Today),
                    [by] => match word(by) {
                        Some(by) => Ok(Some(Node::one(Simple::Relative(time.plus(Interval::parse(&by)?)?)))),
                        None => refused("a step that is no text", ""),
                    },
                    _ => refused("more than one step of time", "use one step"),
                }
            }
            (
                "date_sub" | "date_add" | "adddate" | "subdate" | "timestamp_sub" | "timestamp_add" | "datetime_sub"
                | "datetime_add",
                [time, by],
            ) => {
                let back = name.contains("sub");
                let by = match self.eval(by, depth)?.simple() {
                    Some(Simple::Interval(by)) => *by,
                    Some(Simple::Const(Const::Number(_))) if self.dialect.is_spark() => {
                        Interval { n: written_number(by).unwrap_or(0), unit: Unit::Day }
                    }
                    _ => return refused(format!("the step of `{name}`"), "write it like `INTERVAL 90 DAY`"),
                };
                self.step(time, if back { by.negated() } else { by }, depth)
            }
            ("dateadd" | "date_add" | "timestampadd", [unit, n, time]) => match (unit_word(unit), written_number(n)) {
                (Some(unit), Some(n)) => self.step(time, Interval::named(n, &unit)?, depth),
                _ => refused(format!("the step of `{name}`"), "write a unit and a number"),
            },
            ("subtractdays" | "adddays", [time, n]) if self.dialect == D::ClickHouse => match written_number(n) {
                Some(n) => {
                    self.step(time, Interval { n: if name == "adddays" { n } else { -n }, unit: Unit::Day }, depth)
                }
                None => refused(format!("the step of `{name}`"), ""),
            },
            ("date_trunc", [unit, time]) => {
                // BigQuery has the unit last.
                let (unit, time) = if self.dialect == D::BigQuery { (time, unit) } else { (unit, time) };
                let unit = unit_word(unit).map(|unit| Interval::named(1, &unit)).transpose()?;
                let base = match (unit, self.eval(time, depth)?.simple()) {
                    (Some(by), Some(Simple::Relative(Relative { base: Base::Now | Base::Today, by: none })))
                        if none.n == 0 && !by.unit.is_clock() =>
                    {
                        if by.unit == Unit::Day {
                            Base::Today
                        } else {
                            Base::StartOf(by.unit)
                        }
                    }
                    _ => return refused("`date_trunc` of something else than now", "say it as a range of dates"),
                };
                at(base)
            }
            _ => Ok(None),
        }
    }

    fn step(&self, time: &Expr, by: Interval, depth: usize) -> Found<Option<Node>> {
        match self.eval(time, depth)?.simple() {
            Some(Simple::Relative(time)) => Ok(Some(Node::one(Simple::Relative(time.plus(by)?)))),
            _ => refused("a step of time from something else than now", "count from now, or write the date"),
        }
    }
}

/// A list of constants.
fn list_of(values: &[Node]) -> Found<Node> {
    let mut items = Vec::with_capacity(values.len());
    for value in values {
        match value.simple() {
            Some(Simple::Const(value)) => items.push(value.clone()),
            _ => return refused("a list of more than constants", "write the values themselves"),
        }
    }
    Ok(Node::one(Simple::List(items)))
}

/// A text that is written out.
fn word(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.to_lowercase()),
            _ => None,
        },
        _ => None,
    }
}

/// The name of a unit, in quotes or without.
fn unit_word(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(name.value.to_lowercase()),
        other => word(other),
    }
}
