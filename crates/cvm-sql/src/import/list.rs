//! Tests of lists, and lengths, positions and parts of texts.

use cvm_core::filter::{Literal, Operand, Operator, SizeTest};
use cvm_core::{Decimal, FieldType};

use super::Found;
use super::ImportDialect;
use super::compare::{Cmp, Length};
use super::eval::Importer;
use super::like::ANY_CHARACTER;
use super::lower::Place;
use super::scalar::{Const, whole};
use super::scope::Column;
use super::source::refused;
use super::truth::{Truth, all, always, is_set, never};

/// The longest text whose length a pattern can count.
const MAX_COUNTED: i128 = 255;

impl Column {
    /// Whether it may be a text.
    pub(super) fn is_text(&self) -> bool {
        !self.json && matches!(self.ty, None | Some(FieldType::String))
    }

    /// Whether it may be a list.
    pub(super) fn is_list(&self) -> bool {
        !self.json && matches!(self.ty, None | Some(FieldType::List(_)))
    }
}

impl Importer<'_> {
    /// Whether a list holds any (or all) of the values. Where the database says *unknown* of a list with nulls in it,
    /// no filter says where the answer is false.
    pub(super) fn has(&self, column: &Column, all_of: bool, values: &[Const], nulls_matter: bool) -> Found<Truth> {
        if !column.is_list() {
            return refused(format!("`{}` is no list", column.name), "");
        }
        if values.is_empty() {
            return Ok(if all_of { always(&column.name) } else { never(&column.name) });
        }
        let mut literals = Vec::with_capacity(values.len());
        for value in values {
            literals.push(match value {
                Const::Bool(b) => Literal::Bool(*b),
                Const::Number(number) => match i64::try_from(whole(*number).unwrap_or(i128::MAX)) {
                    Ok(i) => Literal::Int(i),
                    Err(_) if matches!(&column.ty, Some(FieldType::List(item)) if **item == FieldType::Float) => {
                        Literal::Float(number.to_f64())
                    }
                    Err(_) => Literal::Str(number.to_string()),
                },
                Const::Text(text) | Const::Quoted(text) => Literal::Str(text.clone()),
                Const::Date(day) => Literal::Str(day.to_string()),
                Const::Timestamp(instant) => Literal::Str(instant.to_string()),
                Const::Float(x) => Literal::Float(*x),
            });
        }
        let op = if all_of { Operator::HasAll } else { Operator::HasAny };
        let mut truth = self.leaf(&column.name, op, Operand::Many(literals));
        if nulls_matter {
            truth.no = refused(
                "where this is false depends on nulls inside the list",
                "ask for what the list holds, not for what it lacks",
            );
        }
        Ok(truth)
    }

    /// How many items a list has, beside a number.
    pub(super) fn size(&self, column: &Column, null_if_empty: bool, cmp: Cmp, number: Decimal) -> Found<Truth> {
        let name = column.name.as_str();
        let Some(n) = whole(number) else { return refused("a size is a whole number", "") };
        let truth = match u32::try_from(n) {
            Ok(n) => {
                let test = match cmp {
                    Cmp::Eq => SizeTest::Eq(n),
                    Cmp::Ne => SizeTest::Ne(n),
                    Cmp::Lt => SizeTest::Lt(n),
                    Cmp::Lte => SizeTest::Lte(n),
                    Cmp::Gt => SizeTest::Gt(n),
                    Cmp::Gte => SizeTest::Gte(n),
                };
                self.leaf(name, Operator::Size, Operand::Size(test))
            }
            Err(_) if cmp.accepts(0.cmp(&n)) => always(name),
            Err(_) => never(name),
        };
        if !null_if_empty {
            return Ok(truth);
        }
        let some = || cvm_core::filter::field(name).size(SizeTest::Gte(1));
        Ok(Truth::of(all(vec![some(), truth.yes?]), all(vec![some(), truth.no?])))
    }

    /// The length of a text beside a number.
    pub(super) fn length(&self, column: &Column, bytes: bool, cmp: Cmp, number: Decimal) -> Found<Truth> {
        if !column.is_text() {
            return refused(format!("`{}` is no text", column.name), "");
        }
        let Some(n) = whole(number) else { return refused("a length is a whole number", "") };
        let empty = || self.leaf(&column.name, Operator::Eq, Operand::One(Literal::Str(String::new())));
        // At most so many characters.
        let at_most = |n: i128| -> Found<Truth> {
            match n {
                ..=-1 => Ok(never(&column.name)),
                0 => Ok(empty()),
                _ if bytes => refused("a length in bytes", "count characters instead"),
                1..=MAX_COUNTED => self.matches(column, format!("^{ANY_CHARACTER}{{0,{n}}}$")),
                _ => refused(format!("lengths are counted up to {MAX_COUNTED}"), ""),
            }
        };
        match cmp {
            Cmp::Lte => at_most(n),
            Cmp::Lt => at_most(n.saturating_sub(1)),
            Cmp::Gt => Ok(at_most(n)?.not()),
            Cmp::Gte => Ok(at_most(n.saturating_sub(1))?.not()),
            Cmp::Eq | Cmp::Ne => {
                let exactly = match n {
                    ..=-1 => never(&column.name),
                    0 => empty(),
                    _ if bytes => return refused("a length in bytes", "count characters instead"),
                    1..=MAX_COUNTED => self.matches(column, format!("^{ANY_CHARACTER}{{{n}}}$"))?,
                    _ => return refused(format!("lengths are counted up to {MAX_COUNTED}"), ""),
                };
                Ok(exactly.swapped_if(cmp == Cmp::Ne))
            }
        }
    }

    /// Where a text is found, beside a number: only whether it is found, and whether at the start.
    pub(super) fn position(&self, column: &Column, needle: &str, cmp: Cmp, number: Decimal) -> Found<Truth> {
        if needle.is_empty() || !column.is_text() {
            return refused("the place of nothing, or in something that is no text", "");
        }
        let Some(n) = whole(number) else { return refused("a position is a whole number", "") };
        let inside = || self.text_at(column, Place::Inside, needle);
        Ok(match (cmp, n) {
            (Cmp::Gt | Cmp::Ne, 0) | (Cmp::Gte, 1) => inside(),
            (Cmp::Eq | Cmp::Lte, 0) | (Cmp::Lt, 1) => inside().not(),
            (Cmp::Eq, 1) => self.text_at(column, Place::Start, needle),
            (Cmp::Ne, 1) => self.text_at(column, Place::Start, needle).not(),
            _ => return refused("a position other than the first", "ask whether the text is found, with `> 0`"),
        })
    }

    /// The first or last part of a text beside a text.
    pub(super) fn part(&self, column: &Column, start: bool, length: Length, cmp: Cmp, text: &str) -> Found<Truth> {
        if cmp.is_order() || !column.is_text() {
            return refused("a part of a text can only be equal or not", "");
        }
        let wide = text.chars().any(|c| c > '\u{ffff}');
        if wide && self.dialect == ImportDialect::SqlServer {
            return refused("characters that are two for this database", "");
        }
        let (length, wanted) = match length {
            Length::Characters(n) => (n, text.chars().count()),
            Length::Bytes(n) => (n, text.len()),
        };
        let truth = match wanted.cmp(&length) {
            std::cmp::Ordering::Greater => never(&column.name),
            // The part is shorter than asked for: it is the whole text.
            std::cmp::Ordering::Less => self.text_at(column, Place::Whole, text),
            std::cmp::Ordering::Equal => self.text_at(column, if start { Place::Start } else { Place::End }, text),
        };
        Ok(truth.swapped_if(cmp == Cmp::Ne))
    }

    /// A list in JSON, as MySQL has it.
    pub(super) fn json_list(&self, text: &str) -> Found<Vec<Const>> {
        let bad = || refused("a JSON text that is no list of plain values", "");
        let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else { return bad() };
        let items = match json {
            serde_json::Value::Array(items) => items,
            one => vec![one],
        };
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(match item {
                serde_json::Value::String(text) => Const::Text(text),
                serde_json::Value::Bool(b) => Const::Bool(b),
                serde_json::Value::Number(number) => match number.to_string().parse() {
                    Ok(number) => Const::Number(number),
                    Err(_) => return bad(),
                },
                _ => return bad(),
            });
        }
        Ok(values)
    }

    /// `EXISTS (SELECT … FROM json_each(column) …)` is never unknown.
    pub(super) fn exists_in(&self, column: &Column, values: &[Const]) -> Found<Truth> {
        let held = self.has(column, false, values, false)?;
        Ok(Truth::two_valued(Ok(all(vec![is_set(&column.name), held.yes?]))))
    }
}
