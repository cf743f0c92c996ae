//! Rules. Each is read for the customers for whom it is true or, inside `not`, for whom it is false; where it is
//! neither, because a value is missing, it selects nobody.

use super::group::{Read, flag, take_state};
use super::like::{Like, Place, like};
use super::list;
use super::operator::{Asked, operator, opposite};
use super::value::{self, Against};
use crate::catalog::FieldType;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::{Filter, Literal, Operand, Operator};
use crate::interop::fields::{Fields, Known, condition};
use crate::interop::group::{all, any, constant};
use crate::json::{Json, Object, string, word};

/// A rule in the making.
pub(super) struct Rule<'a> {
    name: &'a str,
    field: &'a Known,
    fields: &'a Fields<'a>,
    path: &'a Path<'a>,
    wanted: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Source {
    Value,
    Field,
}

pub(super) fn rule(
    mut object: Object<'_, '_>,
    wanted: bool,
    fields: &Fields<'_>,
    out: &mut Diagnostics,
) -> Option<Read> {
    let path = object.path;
    take_state(&mut object);
    let muted = flag(&mut object, "muted", out);
    let name = object.require_str("field", out);
    let asked = object.require("operator", out);
    let value = object.take("value");
    let source = source(object.take("valueSource"), &path.key("valueSource"), out);
    let matching = object.take("match");
    if object.take("lhs").is_some() {
        let message = "an expression on the left-hand side can't be kept";
        out.push(Diagnostic::error(Code::NotSupported, path.key("lhs").pointer(), message));
        return None;
    }
    object.finish(out);
    if muted? {
        return Some(Read::Muted);
    }
    let (name, source) = (name?, source?);
    let field_path = path.key("field");
    if matches!(name.as_str(), "" | "~") {
        let finding = Diagnostic::error(Code::MissingKey, field_path.pointer(), "the rule has no field yet");
        out.push(finding.help("react-querybuilder would drop the rule; delete it or choose a field"));
        return None;
    }
    let field = fields.find(&name, &field_path, out)?;
    let rule = Rule { name: &name, field: &field, fields, path, wanted };
    if let Some(matching) = matching {
        return list::rule(&rule, matching, value, out).map(Read::Filter);
    }
    let asked = operator(&string(asked?, &path.key("operator"), out)?, &path.key("operator"), out)?;
    if field.ty == Some(FieldType::Json) {
        let message = format!("what SQL makes of `{name}`, which is of type json, differs between databases");
        out.push(Diagnostic::error(Code::NotSupported, field_path.pointer(), message));
        return None;
    }
    if let Asked::Null { negated } = asked {
        return rule.leaf(if negated { Operator::IsSet } else { Operator::IsNotSet }, None, out).map(Read::Filter);
    }
    let Some(value) = value else {
        let finding = Diagnostic::error(Code::MissingKey, path.pointer(), "the key `value` is missing");
        out.push(finding.help("react-querybuilder would compare with the text `undefined`"));
        return None;
    };
    let filter = match source {
        Source::Value => rule.beside_values(asked, &value, out),
        Source::Field => rule.beside_fields(asked, &value, out),
    };
    filter.map(Read::Filter)
}

fn source(json: Option<Json<'_>>, path: &Path<'_>, out: &mut Diagnostics) -> Option<Source> {
    match json {
        None => Some(Source::Value),
        Some(Json::Str(text)) if text == "parameter" => {
            let finding = Diagnostic::error(Code::MissingParameter, path.pointer(), "a parameter has no value here");
            out.push(finding.help("write the value itself"));
            None
        }
        Some(json) => word(&json, "source of values", &[("value", Source::Value), ("field", Source::Field)], path, out),
    }
}

impl Rule<'_> {
    fn against(&self) -> Against<'_> {
        Against { ty: self.field.ty.as_ref(), fields: self.fields }
    }

    /// The JSON pointer of a key of the rule, by the key of our condition.
    fn place(&self, key: &str) -> String {
        match key {
            "field" => self.path.key("field").pointer(),
            "op" => self.path.key("operator").pointer(),
            "value" => self.path.key("value").pointer(),
            _ => self.path.pointer(),
        }
    }

    /// The condition, or its opposite; either way without customers who have no value.
    pub(super) fn leaf(&self, op: Operator, value: Option<Operand>, out: &mut Diagnostics) -> Option<Filter> {
        let op = if self.wanted { op } else { opposite(op) };
        self.exactly(op, value, out)
    }

    /// The condition as it is.
    pub(super) fn exactly(&self, op: Operator, value: Option<Operand>, out: &mut Diagnostics) -> Option<Filter> {
        // Of a field that is never missing nothing has to be said.
        let other = matches!(value, Some(Operand::Field { .. }));
        let silent = op == Operator::IsNotSet || (!self.field.nullable && !other);
        let condition = condition(self.name, op, value, silent && op.on_missing());
        self.fields.condition(condition, |key| self.place(key), out)
    }

    fn beside_values(&self, asked: Asked, value: &Json<'_>, out: &mut Diagnostics) -> Option<Filter> {
        let path = self.path.key("value");
        match asked {
            Asked::Compare(op) => {
                let value = value::literal(value, &self.against(), &path, out)?;
                self.leaf(op, Some(Operand::One(value)), out)
            }
            Asked::In { negated } => {
                let values = value::list(value, &self.against(), false, &path, out)?;
                if values.is_empty() {
                    let finding = Diagnostic::error(Code::EmptyList, path.pointer(), "the list has no values");
                    out.push(finding.help("react-querybuilder would drop the rule; delete it or give it a value"));
                    return None;
                }
                self.leaf(if negated { Operator::NotIn } else { Operator::In }, Some(Operand::Many(values)), out)
            }
            Asked::Between { negated } => {
                let values = value::list(value, &self.against(), true, &path, out)?;
                if values.len() != 2 || values.contains(&Literal::Str(String::new())) {
                    let finding = Diagnostic::error(Code::ValueCount, path.pointer(), "a range has two values");
                    out.push(finding.help("for a range with one end use `>=` or `<=`"));
                    return None;
                }
                let op = if negated { Operator::NotBetween } else { Operator::Between };
                self.leaf(op, Some(Operand::Many(values)), out)
            }
            Asked::Like { place, negated } => self.like(place, negated, value, out),
            Asked::Null { .. } => None,
        }
    }

    fn like(&self, place: Place, negated: bool, value: &Json<'_>, out: &mut Diagnostics) -> Option<Filter> {
        let path = self.path.key("value");
        if let Some(ty) = &self.field.ty
            && *ty != FieldType::String
        {
            let message = format!("a text is looked for in `{}`, which is of type {ty}", self.name);
            out.push(Diagnostic::error(Code::OperatorNotApplicable, self.place("op"), message));
            return None;
        }
        let text = match value {
            Json::Str(text) => text.clone().into_owned(),
            Json::Int(_) => match value::literal(value, &self.against(), &path, out)? {
                Literal::Int(n) => n.to_string(),
                Literal::Str(text) => text,
                _ => String::new(),
            },
            other => {
                crate::json::wrong_kind(other, "a text to look for", &path, out);
                return None;
            }
        };
        if text == "~" {
            out.push(value::unchosen(&path));
            return None;
        }
        match like(place, &text, &path, out)? {
            // True of any text, and so `NOT LIKE` of none.
            Like::Any if negated != self.wanted => self.exactly(Operator::IsSet, None, out),
            Like::Any => Some(constant(false)),
            Like::Text(op, text) => {
                let op = if negated { opposite(op) } else { op };
                self.leaf(op, Some(Operand::One(text.into())), out)
            }
        }
    }

    /// Values that are the names of other fields.
    fn beside_fields(&self, asked: Asked, value: &Json<'_>, out: &mut Diagnostics) -> Option<Filter> {
        let path = self.path.key("value");
        let names: Vec<String> = match (asked, value) {
            (Asked::In { .. } | Asked::Between { .. }, Json::Array(items)) => {
                let names = items.iter().enumerate().map(|(i, item)| string(item.clone(), &path.index(i), out));
                names.collect::<Option<Vec<String>>>()?.iter().map(|name| value::trim(name).to_owned()).collect()
            }
            (Asked::In { .. } | Asked::Between { .. }, Json::Str(text)) => {
                value::split(text).iter().map(|name| value::trim(name).to_owned()).collect()
            }
            (_, other) => vec![string(other.clone(), &path, out)?],
        };
        for name in &names {
            self.fields.find(name, &path, out)?;
            if name.is_empty() {
                out.push(Diagnostic::error(Code::MissingKey, path.pointer(), "the rule has no field to compare with"));
                return None;
            }
        }
        let beside = |op: Operator, name: &String, out: &mut Diagnostics| {
            self.leaf(op, Some(Operand::Field { field: name.clone() }), out)
        };
        match (asked, names.as_slice()) {
            (Asked::Compare(op), [name]) => beside(op, name, out),
            (Asked::In { negated }, [_, ..]) => {
                let op = if negated { Operator::Ne } else { Operator::Eq };
                let each: Option<Vec<Filter>> = names.iter().map(|name| beside(op, name, out)).collect();
                Some(if negated == self.wanted { all(each?) } else { any(each?) })
            }
            (Asked::Between { negated }, [low, high]) => {
                let (above, below) =
                    if negated { (Operator::Lt, Operator::Gt) } else { (Operator::Gte, Operator::Lte) };
                let both = vec![beside(above, low, out)?, beside(below, high, out)?];
                Some(if negated == self.wanted { any(both) } else { all(both) })
            }
            (Asked::Between { .. }, _) => {
                out.push(Diagnostic::error(Code::ValueCount, path.pointer(), "a range has two values"));
                None
            }
            _ => {
                let message = "a text can't be looked for when it is the value of another field";
                out.push(Diagnostic::error(Code::NotSupported, path.pointer(), message));
                None
            }
        }
    }

    pub(super) fn name(&self) -> &str {
        self.name
    }

    /// The catalog's fields, what is known of this one, the rule's place, and whether its truth is asked for.
    pub(super) fn parts(&self) -> (&Fields<'_>, &Known, &Path<'_>, bool) {
        (self.fields, self.field, self.path, self.wanted)
    }
}
