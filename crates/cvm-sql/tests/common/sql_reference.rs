//! SQL's three-valued logic, one row at a time, straight from the standard: what `from_sql` is compared with.

use std::cmp::Ordering;
use std::collections::HashMap;

use sqlparser::ast::{
    BinaryOperator as Op, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value,
};

/// A value of SQL.
#[derive(Debug, Clone, PartialEq)]
pub enum V {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
}

pub type Row = HashMap<&'static str, V>;

/// What dialects do differently here.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub like_escape: Option<char>,
    pub like_folds_ascii: bool,
}

/// The value of an expression; `Err` where the types don't fit.
pub fn eval(expr: &Expr, row: &Row, rules: Rules) -> Result<V, String> {
    let go = |expr: &Expr| eval(expr, row, rules);
    Ok(match expr {
        Expr::Nested(inner) => go(inner)?,
        Expr::Identifier(name) => row.get(name.value.as_str()).cloned().ok_or(format!("no column {name}"))?,
        Expr::Value(value) => match &value.value {
            Value::Null => V::Null,
            Value::Boolean(b) => V::Bool(*b),
            Value::Number(n, _) => V::Int(n.parse().map_err(|_| format!("not whole: {n}"))?),
            Value::SingleQuotedString(s) => V::Text(s.clone()),
            other => return Err(format!("literal {other}")),
        },
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => not(go(expr)?)?,
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match go(expr)? {
            V::Null => V::Null,
            V::Int(i) => V::Int(-i),
            other => return Err(format!("- {other:?}")),
        },
        Expr::BinaryOp { left, op, right } => binary(go(left)?, op, go(right)?)?,
        Expr::IsNull(inner) => V::Bool(go(inner)? == V::Null),
        Expr::IsNotNull(inner) => V::Bool(go(inner)? != V::Null),
        Expr::IsTrue(inner) => V::Bool(go(inner)? == V::Bool(true)),
        Expr::IsNotTrue(inner) => V::Bool(go(inner)? != V::Bool(true)),
        Expr::IsFalse(inner) => V::Bool(go(inner)? == V::Bool(false)),
        Expr::IsNotFalse(inner) => V::Bool(go(inner)? != V::Bool(false)),
        Expr::IsUnknown(inner) => V::Bool(go(inner)? == V::Null),
        Expr::IsNotUnknown(inner) => V::Bool(go(inner)? != V::Null),
        Expr::IsDistinctFrom(a, b) => V::Bool(go(a)? != go(b)?),
        Expr::IsNotDistinctFrom(a, b) => V::Bool(go(a)? == go(b)?),
        Expr::InList { expr, list, negated } => {
            let value = go(expr)?;
            let mut found = V::Bool(false);
            for item in list {
                found = or(found, compare(&value, &Op::Eq, &go(item)?)?)?;
            }
            if *negated { not(found)? } else { found }
        }
        Expr::Between { expr, negated, low, high } => {
            let value = go(expr)?;
            let inside = and(compare(&value, &Op::GtEq, &go(low)?)?, compare(&value, &Op::LtEq, &go(high)?)?)?;
            if *negated { not(inside)? } else { inside }
        }
        Expr::Like { negated, expr, pattern, escape_char, .. } => {
            let escape = match escape_char {
                None => rules.like_escape,
                Some(value) => value.clone().into_string().and_then(|text| text.chars().next()),
            };
            let result = match (go(expr)?, go(pattern)?) {
                (V::Null, _) | (_, V::Null) => V::Null,
                (V::Text(mut text), V::Text(mut pattern)) => {
                    if rules.like_folds_ascii {
                        text.make_ascii_lowercase();
                        pattern.make_ascii_lowercase();
                    }
                    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
                    V::Bool(like(&text, &pattern, escape))
                }
                other => return Err(format!("like {other:?}")),
            };
            if *negated { not(result)? } else { result }
        }
        Expr::Case { operand, conditions, else_result, .. } => {
            for when in conditions {
                let holds = match operand {
                    Some(operand) => compare(&go(operand)?, &Op::Eq, &go(&when.condition)?)?,
                    None => go(&when.condition)?,
                };
                if holds == V::Bool(true) {
                    return go(&when.result);
                }
            }
            match else_result {
                Some(result) => go(result)?,
                None => V::Null,
            }
        }
        Expr::Function(function) => {
            let FunctionArguments::List(list) = &function.args else { return Err("arguments".into()) };
            let mut args = Vec::new();
            for arg in &list.args {
                let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg else { return Err("argument".into()) };
                args.push(go(expr)?);
            }
            function_value(&function.name.to_string().to_lowercase(), &args)?
        }
        other => return Err(format!("unknown {other}")),
    })
}

fn function_value(name: &str, args: &[V]) -> Result<V, String> {
    if name == "coalesce" {
        return Ok(args.iter().find(|v| **v != V::Null).cloned().unwrap_or(V::Null));
    }
    if name == "nullif" {
        return Ok(if compare(&args[0], &Op::Eq, &args[1])? == V::Bool(true) { V::Null } else { args[0].clone() });
    }
    if args.contains(&V::Null) {
        return Ok(V::Null);
    }
    let number = |n: usize| V::Int(i64::try_from(n).expect("a small number"));
    Ok(match (name, args) {
        ("lower", [V::Text(s)]) => V::Text(s.to_lowercase()),
        ("upper", [V::Text(s)]) => V::Text(s.to_uppercase()),
        ("char_length", [V::Text(s)]) => number(s.chars().count()),
        ("starts_with", [V::Text(s), V::Text(t)]) => V::Bool(s.starts_with(t)),
        ("strpos" | "instr", [V::Text(s), V::Text(t)]) => number(s.find(t).map_or(0, |at| s[..at].chars().count() + 1)),
        ("left", [V::Text(s), V::Int(n)]) => V::Text(s.chars().take(usize::try_from(*n).expect("positive")).collect()),
        ("right", [V::Text(s), V::Int(n)]) => {
            let skip = s.chars().count().saturating_sub(usize::try_from(*n).expect("positive"));
            V::Text(s.chars().skip(skip).collect())
        }
        other => return Err(format!("function {other:?}")),
    })
}

fn like(text: &[char], pattern: &[char], escape: Option<char>) -> bool {
    match pattern {
        [] => text.is_empty(),
        [e, literal, rest @ ..] if Some(*e) == escape => {
            text.first() == Some(literal) && like(&text[1..], rest, escape)
        }
        ['%', rest @ ..] => (0..=text.len()).any(|n| like(&text[n..], rest, escape)),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest, escape),
        [c, rest @ ..] => text.first() == Some(c) && like(&text[1..], rest, escape),
    }
}

fn not(value: V) -> Result<V, String> {
    match value {
        V::Null => Ok(V::Null),
        V::Bool(b) => Ok(V::Bool(!b)),
        other => Err(format!("not {other:?}")),
    }
}

fn and(a: V, b: V) -> Result<V, String> {
    Ok(match (a, b) {
        (V::Bool(false), V::Bool(_) | V::Null) | (V::Bool(_) | V::Null, V::Bool(false)) => V::Bool(false),
        (V::Bool(true), V::Bool(true)) => V::Bool(true),
        (V::Bool(_) | V::Null, V::Bool(_) | V::Null) => V::Null,
        other => return Err(format!("and {other:?}")),
    })
}

fn or(a: V, b: V) -> Result<V, String> {
    not(and(not(a)?, not(b)?)?)
}

fn compare(a: &V, op: &Op, b: &V) -> Result<V, String> {
    let order = match (a, b) {
        (V::Null, _) | (_, V::Null) => return Ok(V::Null),
        (V::Int(a), V::Int(b)) => a.cmp(b),
        (V::Bool(a), V::Bool(b)) => a.cmp(b),
        (V::Text(a), V::Text(b)) => a.cmp(b),
        other => return Err(format!("compare {other:?}")),
    };
    Ok(V::Bool(match op {
        Op::Eq => order == Ordering::Equal,
        Op::NotEq => order != Ordering::Equal,
        Op::Lt => order == Ordering::Less,
        Op::LtEq => order != Ordering::Greater,
        Op::Gt => order == Ordering::Greater,
        Op::GtEq => order != Ordering::Less,
        other => return Err(format!("compare {other}")),
    }))
}

fn binary(a: V, op: &Op, b: V) -> Result<V, String> {
    match op {
        Op::And => and(a, b),
        Op::Or => or(a, b),
        Op::Plus | Op::Minus | Op::Multiply => Ok(match (a, b) {
            (V::Null, _) | (_, V::Null) => V::Null,
            (V::Int(a), V::Int(b)) => V::Int(match op {
                Op::Plus => a + b,
                Op::Minus => a - b,
                _ => a * b,
            }),
            other => return Err(format!("{op} {other:?}")),
        }),
        _ => compare(&a, op, &b),
    }
}
