//! The plainest conditions become sets at once: a whole number, a text or a truth value compared with literals of its
//! own type. The checker comes to the same in more steps, and has the last word on everything else.

use super::domain::{Cuts, Pos, Set, after_prefix};
use super::scale::number_set;
use super::subject::Scale;
use crate::check::Limits;
use crate::filter::{Case, Condition, Literal, Operand, Operator};

/// The values that pass a condition on a field with this scale; `None` where the checker must look.
pub(super) fn set(condition: &Condition, scale: &Scale<'_>, has_enum: bool) -> Option<Set> {
    if condition.case == Case::Insensitive {
        return None;
    }
    let op = condition.op;
    let literals = match (op, condition.value.as_ref()) {
        (Operator::IsSet | Operator::IsNotSet, None) if condition.missing.is_none() => {
            return Some(Set::constant(op == Operator::IsSet));
        }
        (
            Operator::Eq
            | Operator::Ne
            | Operator::Lt
            | Operator::Lte
            | Operator::Gt
            | Operator::Gte
            | Operator::StartsWith
            | Operator::NotStartsWith,
            Some(Operand::One(literal)),
        ) => std::slice::from_ref(literal),
        (Operator::In | Operator::NotIn, Some(Operand::Many(literals)))
            if !literals.is_empty() && literals.len() <= Limits::default().list =>
        {
            literals
        }
        (Operator::Between | Operator::NotBetween, Some(Operand::Many(literals))) if literals.len() == 2 => literals,
        _ => return None,
    };
    let turned = matches!(op, Operator::Ne | Operator::NotIn | Operator::NotStartsWith);
    let set = match scale {
        Scale::Int => return whole(op, literals),
        Scale::Bool if matches!(op, Operator::Eq | Operator::Ne) => match literals {
            [Literal::Bool(value)] => Set { first: !value, cuts: Cuts::from_iter([Pos::Int(1)]) },
            _ => return None,
        },
        Scale::Text if !has_enum => texts(op, literals)?,
        Scale::Enum(values) if is_listing(op) => {
            let place = |literal: &Literal| match literal {
                Literal::Str(text) => i128::try_from(values.binary_search(&text.as_str()).ok()?).ok(),
                _ => None,
            };
            let places = literals.iter().map(|literal| Some(point(place(literal)?)));
            Set::union(places.collect::<Option<_>>()?)
        }
        _ => return None,
    };
    Some(if turned { set.complement() } else { set })
}

/// Whether an operator lists values.
fn is_listing(op: Operator) -> bool {
    matches!(op, Operator::Eq | Operator::Ne | Operator::In | Operator::NotIn)
}

fn point(place: i128) -> (Pos, Pos) {
    (Pos::Int(place), Pos::Int(place + 1))
}

fn whole(op: Operator, literals: &[Literal]) -> Option<Set> {
    let number = |literal: &Literal| match literal {
        Literal::Int(number) => Some(i128::from(*number)),
        _ => None,
    };
    match literals {
        [one] => number_set(op, &[number(one)?]),
        many => number_set(op, &many.iter().map(number).collect::<Option<Vec<_>>>()?),
    }
}

/// The texts that an operator lists, or that begin with a text.
fn texts(op: Operator, literals: &[Literal]) -> Option<Set> {
    fn storable(literal: &Literal) -> Option<&str> {
        match literal {
            Literal::Str(text) if !text.contains('\0') => Some(text),
            _ => None,
        }
    }
    if is_listing(op) {
        let points = literals.iter().map(|literal| {
            let text: std::rc::Rc<str> = storable(literal)?.into();
            Some((Pos::Text(text.clone(), false), Pos::Text(text, true)))
        });
        return Some(Set::union(points.collect::<Option<_>>()?));
    }
    match (op, literals) {
        (Operator::StartsWith | Operator::NotStartsWith, [literal]) => {
            let prefix = storable(literal).filter(|text| !text.is_empty())?;
            Some(Set::interval(Some(Pos::Text(prefix.into(), false)), after_prefix(prefix)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;
    use crate::optimize::OptimizeOptions;
    use crate::optimize::world::World;

    const CATALOG: &str = r#"{"customers": {"table": "c", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "age", "type": "int"},
        {"name": "vip", "type": "bool"}, {"name": "city", "type": "string"},
        {"name": "tier", "type": "string", "enum": ["silver", "gold", "basic"]}]}}"#;

    #[test]
    fn direct_sets_are_what_the_checker_finds() {
        let catalog = Catalog::from_json(CATALOG).unwrap();
        let literals = |field: &str| match field {
            "age" => ["1", "2", "-9223372036854775808", "9223372036854775807", "2.5"],
            "vip" => ["true", "false", "1", "'x'", "2.5"],
            "city" => ["'a'", "'b'", "''", "'\u{10ffff}'", "1"],
            _ => ["'gold'", "'silver'", "'basic'", "'bronze'", "1"],
        };
        let (mut direct, mut refused) = (0, 0);
        for field in ["age", "vip", "city", "tier"] {
            let mut texts = vec![format!("{field} is set"), format!("{field} is not set")];
            for a in literals(field) {
                texts.extend(
                    ["=", "!=", "<", "<=", ">", ">=", "starts with", "not starts with"]
                        .map(|op| format!("{field} {op} {a}")),
                );
                for b in literals(field) {
                    for op in ["in", "not in"] {
                        texts.push(format!("{field} {op} ({a}, {b})"));
                        texts.push(format!("{field} {op} ({a}, {b}) with missing"));
                    }
                    texts.extend(["between", "not between"].map(|op| format!("{field} {op} {a} and {b}")));
                }
            }
            for text in texts {
                let filter: crate::Filter = text.parse().unwrap();
                let crate::Filter::Condition(condition) = &filter else { continue };
                let mut world = World::new(&catalog, None, &OptimizeOptions::default());
                let checked = world.checked(&filter, condition);
                let known = world.condition(&filter, condition);
                assert_eq!(known.is_some(), checked.is_some(), "{text}");
                if let (Some(known), Some(checked)) = (known, checked) {
                    assert!(known.same(&checked), "{text}: {known:?} {checked:?}");
                }
                let scale = world.slot_of(field).and_then(|slot| world.scale_of(slot));
                match set(condition, scale.unwrap(), field == "tier") {
                    Some(_) => direct += 1,
                    None => refused += 1,
                }
            }
        }
        assert!(direct > 150 && refused > 100, "{direct} {refused}");
    }
}
