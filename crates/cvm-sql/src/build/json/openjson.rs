//! Values in SQL Server's documents, which are texts.
//!
//! "OPENJSON (Transact-SQL)": it lists the values of an object or array with their keys (of an array, the numbers from
//! 0), and says of what type each is. Steps of a path and keys are compared exactly, whatever the collation. In lax mode,
//! which is the default, a path that leads nowhere has no rows. `JSON_VALUE` would cut texts at 4,000 characters.

use sqlparser::ast::{BinaryOperator as Op, DataType, Expr};

use super::node::{Kinds, Node, Raw, is, quoted};
use super::path::{Part, dotted};
use crate::build::{Builder, expr};

static SQLSERVER: Kinds = Kinds { null: "#0", text: "#1", array: "#4", integers: &[], floats: &["#2"] };

const OPENJSON: &str = "OPENJSON";
/// The name of the values of the object or array around the one that is looked for.
const AROUND: &str = "p";

impl Builder<'_> {
    pub(super) fn sqlserver_node(&self, column: Expr, path: &[Part<'_>]) -> Node {
        let get = |name: &str| self.sqlserver_place(&column, path, name);
        sqlserver_value(get("type"), get("value"))
    }

    /// `(SELECT TOP 1 p.[value] FROM OPENJSON(document, '$."plan"') AS p WHERE p.[key] = 'tier')`.
    fn sqlserver_place(&self, column: &Expr, path: &[Part<'_>], name: &str) -> Expr {
        let item = || expr::raw(format!("{AROUND}.[{name}]"));
        let Some((last, parents)) = path.split_last() else {
            // A document can be a lone value, which only lists and objects are opened for: so it is put into a list.
            let text = expr::cast(column.clone(), expr::named_type("NVARCHAR(MAX)"));
            let list = expr::call("CONCAT", vec![self.literal("["), text, self.literal("]")]);
            let there = expr::binary(
                Expr::IsNotNull(Box::new(column.clone())),
                Op::And,
                expr::binary(expr::call("ISJSON", vec![list.clone()]), Op::Eq, expr::number("1".to_owned())),
            );
            return expr::first_in(OPENJSON, vec![expr::when(there, list)], AROUND, item(), self.key_is("0"));
        };
        // What is no JSON would be an error; here it is missing, as is any part of a lone value.
        let valid = expr::binary(expr::call("ISJSON", vec![column.clone()]), Op::Eq, expr::number("1".to_owned()));
        let document = expr::when(valid, column.clone());
        let (Part::Key(key) | Part::Either(key, _)) = *last;
        let find = |path: &String| {
            let mut args = vec![document.clone()];
            if path != "$" {
                args.push(self.literal(path));
            }
            expr::first_in(OPENJSON, args, AROUND, item(), self.key_is(key))
        };
        match dotted(parents).as_slice() {
            [only] => find(only),
            // Only one of the paths can lead somewhere.
            many => expr::call("COALESCE", many.iter().map(find).collect()),
        }
    }

    /// Bytes are compared: blanks at the end of a key count.
    fn key_is(&self, key: &str) -> Expr {
        let bytes = |text: Expr| expr::cast(text, expr::named_type("VARBINARY(8000)"));
        expr::binary(bytes(expr::raw(format!("{AROUND}.[key]"))), Op::Eq, bytes(self.literal(key)))
    }
}

/// A value with its type, as OPENJSON has them.
pub(super) fn sqlserver_value(kind: Expr, value: Expr) -> Node {
    let truth = |word: &str| {
        let same = expr::binary(value.clone(), Op::Eq, quoted(word));
        expr::nested(expr::binary(is(&kind, &["#3"]), Op::And, same))
    };
    let array = expr::when(is(&kind, &[SQLSERVER.array]), value.clone());
    Node::new(
        &SQLSERVER,
        Raw {
            text: value.clone(),
            number: expr::try_cast(value.clone(), DataType::DoublePrecision),
            integer: None,
            fits: None,
            yes: truth("true"),
            no: truth("false"),
            size: expr::count_in(OPENJSON, vec![array], "j"),
            items: value.clone(),
            kind,
        },
    )
}
