//! Tests of lists, and of emptiness.

use cvm_core::filter::SizeTest;
use cvm_core::predicate::Leaf;
use cvm_core::{Diagnostics, FieldType, Value};
use sqlparser::ast::{Array, ArrayElemTypeDef, BinaryOperator as Op, DataType, Expr, Ident};

use super::{Builder, Mode, Subject, expr, value};
use crate::dialect::{Dialect, Lists};

/// The name of an item where items are looked at one by one.
const ITEM: &str = "j";

impl Builder<'_> {
    pub(super) fn empty(&mut self, subject: &Subject<'_>, negated: bool) -> Expr {
        let column = &subject.expr;
        if let FieldType::List(_) = subject.ty {
            return self.size(column, SizeTest::Eq(0), negated);
        }
        // Where blanks at the end of a text are nothing, bytes are counted.
        let (left, right) = if self.traits.as_bytes {
            let length = if self.dialect == Dialect::SqlServer { "DATALENGTH" } else { "OCTET_LENGTH" };
            (expr::call(length, vec![column.clone()]), expr::number("0".to_owned()))
        } else {
            (column.clone(), self.empty_text())
        };
        expr::binary(left, if negated { Op::NotEq } else { Op::Eq }, right)
    }

    fn empty_text(&self) -> Expr {
        match self.mode {
            Mode::Tree => Expr::value(sqlparser::ast::Value::SingleQuotedString(String::new())),
            _ => expr::raw("''".to_owned()),
        }
    }

    pub(super) fn size(&mut self, column: &Expr, test: SizeTest, negated: bool) -> Expr {
        let size = match self.dialect {
            // Counting the items of no list would give 0.
            Dialect::SqlServer => expr::when(
                Expr::IsNotNull(Box::new(column.clone())),
                expr::count_in("OPENJSON", vec![column.clone()], ITEM),
            ),
            _ => expr::call(self.traits.size, vec![column.clone()]),
        };
        self.size_is(size, test, negated)
    }

    /// A test of a number of items.
    pub(super) fn size_is(&self, size: Expr, test: SizeTest, negated: bool) -> Expr {
        let (key, n) = test.parts();
        let op = match (key, negated) {
            ("eq", false) | ("ne", true) => Op::Eq,
            ("ne", false) | ("eq", true) => Op::NotEq,
            ("lt", false) | ("gte", true) => Op::Lt,
            ("lte", false) | ("gt", true) => Op::LtEq,
            ("gt", false) | ("lte", true) => Op::Gt,
            _ => Op::GtEq,
        };
        expr::binary(size, op, expr::number(n.to_string()))
    }

    /// Whether the list has any of the values, or all; turned round where the leaf says so.
    pub(super) fn has(
        &mut self,
        subject: &Subject<'_>,
        item: &FieldType,
        all: bool,
        values: &[Value],
        leaf: &Leaf,
    ) -> Result<Expr, Diagnostics> {
        let column = subject.expr.clone();
        let has = match self.traits.lists {
            Lists::Operators => {
                let elem = values.iter().map(|value| self.value(value, item)).collect();
                let array = expr::cast(Expr::Array(Array { elem, named: true }), array_type(item));
                expr::binary(column, if all { Op::AtArrow } else { Op::PGOverlap }, array)
            }
            Lists::Brackets(any, every) => {
                let elem = values.iter().map(|value| self.value(value, item)).collect();
                let list = Expr::Array(Array { elem, named: false });
                expr::call(if all { every } else { any }, vec![column, list])
            }
            Lists::MakeArray(any, every) => {
                let items = values.iter().map(|value| self.value(value, item)).collect();
                expr::call(if all { every } else { any }, vec![column, expr::call("make_array", items)])
            }
            // Its functions for several values at once take a NULL among the items for 0 or ''.
            Lists::One(function) => {
                let terms = values
                    .iter()
                    .map(|value| expr::call(function, vec![column.clone(), self.value(value, item)]))
                    .collect();
                expr::join(terms, if all { Op::And } else { Op::Or })
            }
            Lists::Json => {
                let json = serde_json::Value::Array(values.iter().map(Value::to_json).collect());
                let list = self.string(&json.to_string());
                expr::call(if all { "JSON_CONTAINS" } else { "JSON_OVERLAPS" }, vec![column, list])
            }
            Lists::Items => self.each(all, values, |builder, values| builder.among_items(&column, item, values)),
            Lists::Lambda(function) => self
                .each(all, values, |builder, values| builder.any_item(function, &column, item, values, leaf.negated)),
            Lists::Variants => {
                if !matches!(item, FieldType::String | FieldType::Int | FieldType::Bool) {
                    let reason = "items of its arrays are of the types that JSON has, so only lists of text, whole \
                                  numbers and booleans can be asked for items";
                    return Err(self.unsupported(leaf, reason));
                }
                if all {
                    self.each(all, values, |builder, values| builder.has_variant(&column, item, values))
                } else {
                    let items = values.iter().map(|value| self.value(value, item)).collect();
                    expr::call("ARRAYS_OVERLAP", vec![column, expr::call("ARRAY_CONSTRUCT", items)])
                }
            }
            Lists::Unknown => {
                let reason = "how it compares the items of a SUPER value isn't documented well enough to be exact; ask \
                              for the size, or keep the items in a related table";
                return Err(self.unsupported(leaf, reason));
            }
        };
        let test = if leaf.negated { expr::not(has) } else { has };
        // EXISTS is false, and not unknown, where the list is missing: turned round it would let it in.
        if self.traits.lists == Lists::Items && leaf.negated && !leaf.on_missing {
            return Ok(expr::join(vec![test, self.present(subject)], Op::And));
        }
        Ok(test)
    }

    /// One test of all values together, or one of each.
    fn each(&mut self, all: bool, values: &[Value], mut test: impl FnMut(&mut Self, &[Value]) -> Expr) -> Expr {
        if !all {
            return test(self, values);
        }
        let terms = values.iter().map(|value| test(self, std::slice::from_ref(value))).collect();
        expr::join(terms, Op::And)
    }

    /// `EXISTS (SELECT 1 FROM json_each(list) AS j WHERE j.value IN (…))`.
    fn among_items(&mut self, list: &Expr, item: &FieldType, values: &[Value]) -> Expr {
        let (function, found) = match self.dialect {
            Dialect::BigQuery => ("UNNEST", Expr::Identifier(Ident::new(ITEM))),
            Dialect::SqlServer => ("OPENJSON", self.item_of_json(item)),
            _ => ("json_each", Expr::CompoundIdentifier(vec![Ident::new(ITEM), Ident::new("value")])),
        };
        let values = values.iter().map(|value| self.compared(value, item)).collect();
        let among = Expr::InList { expr: Box::new(found), list: values, negated: false };
        expr::exists_in(function, vec![list.clone()], ITEM, among)
    }

    /// SQL Server's text of an item of a JSON array, as a value of its type.
    fn item_of_json(&self, item: &FieldType) -> Expr {
        let text = Expr::Identifier(Ident::new(format!("{ITEM}.[value]")));
        let ty = match item {
            FieldType::String => return self.bytes(text),
            FieldType::Bool => "BIT".to_owned(),
            FieldType::Float => "FLOAT".to_owned(),
            FieldType::Decimal { precision, scale } => format!("DECIMAL({precision},{scale})"),
            FieldType::Date => "DATE".to_owned(),
            FieldType::Timestamp => "DATETIMEOFFSET(6)".to_owned(),
            _ => "BIGINT".to_owned(),
        };
        expr::try_cast(text, expr::named_type(&ty))
    }

    /// `exists(list, x -> x IN (…))`. An item that is missing equals nothing; turned round it must not make that unknown.
    fn any_item(&mut self, function: &str, list: &Expr, item: &FieldType, values: &[Value], negated: bool) -> Expr {
        let found = Expr::Identifier(Ident::new("x"));
        let values = values.iter().map(|value| self.value(value, item)).collect();
        let mut among = Expr::InList { expr: Box::new(found.clone()), list: values, negated: false };
        if negated {
            among = expr::binary(Expr::IsNotNull(Box::new(found)), Op::And, among);
        }
        expr::call(function, vec![list.clone(), expr::lambda("x", among)])
    }

    /// `ARRAY_CONTAINS(value, list)`, of the first of the values.
    fn has_variant(&mut self, list: &Expr, item: &FieldType, values: &[Value]) -> Expr {
        let terms = values
            .iter()
            .map(|value| {
                let variant = expr::cast(self.value(value, item), expr::named_type("VARIANT"));
                expr::call("ARRAY_CONTAINS", vec![variant, list.clone()])
            })
            .collect();
        expr::join(terms, Op::Or)
    }
}

fn array_type(item: &FieldType) -> DataType {
    let item = match item {
        FieldType::Bool => DataType::Boolean,
        FieldType::Int => DataType::BigInt(None),
        FieldType::Float => DataType::DoublePrecision,
        FieldType::Decimal { .. } => DataType::Numeric(sqlparser::ast::ExactNumberInfo::None),
        FieldType::Date => DataType::Date,
        FieldType::Timestamp => value::timestamptz(),
        _ => DataType::Text,
    };
    DataType::Array(ArrayElemTypeDef::SquareBracket(Box::new(item), None))
}
