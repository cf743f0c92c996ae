//! Conditions become literals: a subject and a set of its values.

use std::rc::Rc;

use smallvec::smallvec;

use super::direct;
use super::domain::{Pos, Set, after_prefix};
use super::operator::plain_operator;
use super::read::listed;
use super::relative;
use super::scale::size_set;
use super::subject::{Kind, Leaf, Lit, Origin, Scale, Slot, Subject, truth};
use super::world::World;
use crate::catalog::FieldType;
use crate::filter::{Condition, Filter, Missing, Operand, Operator};
use crate::predicate::{Comparison, Needle, Test};
use crate::value::Value;

impl<'a> World<'a> {
    pub(super) fn condition(&mut self, filter: &'a Filter, condition: &'a Condition) -> Option<Lit<'a>> {
        let slot = self.slot_of(&condition.field)?;
        let known = self.slots.get(slot)?;
        let (subject, has_enum) = (*known.subjects.first()?, known.field?.values.is_some());
        let Subject { kind: Kind::Value(scale), min, max, .. } = self.subject(subject)? else { return None };
        match direct::set(condition, scale, has_enum) {
            Some(set) => {
                let set = set.clamp(*min, *max);
                Some(Lit::new(Leaf {
                    subject,
                    missing: known.can_miss && passes_missing(condition),
                    set,
                    origin: Origin::Is(filter),
                    listed: listed(condition.op, condition.value.as_ref()),
                }))
            }
            None => self.checked(filter, condition),
        }
    }

    /// The literal of a condition by way of the checker, which knows all that can be said and what is wrong with it.
    pub(super) fn checked(&mut self, filter: &'a Filter, condition: &'a Condition) -> Option<Lit<'a>> {
        let slot = self.slot_of(&condition.field)?;
        let (field, can_miss) = self.slots.get(slot).map(|slot| (slot.field, slot.can_miss))?;
        let field = field?;
        let on_missing = passes_missing(condition);
        let origin = Origin::Is(filter);
        let listed = listed(condition.op, condition.value.as_ref());
        let lit = |subject: usize, set: Set, negated: bool, can_miss: bool| {
            let set = if negated { set.complement() } else { set };
            Lit::new(Leaf { subject, missing: can_miss && on_missing, set, origin, listed })
        };
        let anniversary = condition.op == Operator::AnniversaryWithin;
        if let Some(operand) = &condition.value
            && self.as_of.is_none()
            && relative::is_relative(operand)
            && !anniversary
        {
            let date = match field.ty {
                FieldType::Date => true,
                FieldType::Timestamp => false,
                _ => return None,
            };
            if !condition.case.is_sensitive() {
                return None;
            }
            let (class, set, negated) = relative::set(condition.op, operand, date)?;
            let known = self.find(slot, |kind| matches!(kind, Kind::Relative { class: c, .. } if *c == class));
            let subject = known.unwrap_or_else(|| self.intern(slot, Kind::Relative { class, date }, None, None));
            return Some(lit(subject, set, negated, can_miss));
        }
        // Patterns are costly to read, and nothing is known of them anyway.
        if matches!(condition.op, Operator::Matches | Operator::NotMatches) && !self.is_enum(slot) {
            let negated = condition.op == Operator::NotMatches;
            let subject = self.test(slot, condition, None);
            return Some(lit(subject, truth(), negated, can_miss));
        }
        let (test, negated) = self.lone.test(condition, field)?;
        let value = self.slots.get(slot)?.subjects.first().copied()?;
        let subject = self.subject(value)?;
        let Kind::Value(scale) = &subject.kind else { return None };
        let (min, max) = (subject.min, subject.max);
        let json = matches!(scale, Scale::Json);
        let set = match &test {
            Test::Present => Some(Set::constant(true)),
            Test::In(values) => scale.points(values),
            Test::Range(range) => scale.range(range),
            Test::Text(test) if *scale == Scale::Text && !test.fold => match &test.needle {
                Needle::Starts(prefix) => {
                    Some(Set::interval(Some(Pos::Text(prefix.as_str().into(), false)), after_prefix(prefix)))
                }
                _ => None,
            },
            Test::Empty if *scale == Scale::Text => scale.points(&[Value::Str(String::new())]),
            Test::Field(comparison, _) => {
                return self.pair(slot, condition, *comparison).map(|(subject, set)| {
                    let can_miss = self.can_miss(subject);
                    lit(subject, set, negated, can_miss)
                });
            }
            Test::Size(_) | Test::Empty if !json && matches!(field.ty, FieldType::List(_)) => {
                let set = size_set(&test)?;
                let known = self.find(slot, |kind| matches!(kind, Kind::Size));
                let subject = known.unwrap_or_else(|| self.intern(slot, Kind::Size, Some(0), None));
                return Some(lit(subject, set, negated, can_miss));
            }
            test => match scale {
                // Every value is known, so every test is a list of values.
                Scale::Enum(values) => {
                    let passing: Vec<Value> = values
                        .iter()
                        .map(|text| Value::Str((*text).to_owned()))
                        .filter(|value| test.passes(value))
                        .collect();
                    scale.points(&passing)
                }
                _ => None,
            },
        };
        Some(match set {
            Some(set) => lit(value, set.clamp(min, max), negated, can_miss),
            None => {
                let test = Rc::new(test);
                let subject = self.test(slot, condition, (!anniversary || self.as_of.is_some()).then_some(test));
                lit(subject, truth(), negated, can_miss)
            }
        })
    }

    fn is_enum(&self, slot: usize) -> bool {
        self.find(slot, |kind| matches!(kind, Kind::Value(Scale::Enum(_)))).is_some()
    }

    /// The subject of a test: one for each text, whichever way round the operator says it.
    fn test(&mut self, slot: usize, condition: &'a Condition, test: Option<Rc<Test>>) -> usize {
        let plain = |condition: &Condition| plain_operator(condition.op);
        let known = self.find(slot, |kind| match kind {
            Kind::Test { condition: other, .. } => {
                plain(other) == plain(condition) && other.value == condition.value && other.case == condition.case
            }
            _ => false,
        });
        known.unwrap_or_else(|| self.intern(slot, Kind::Test { condition, test }, Some(0), Some(1)))
    }

    /// Two fields side by side; the one that was met first stands left.
    fn pair(&mut self, slot: usize, condition: &'a Condition, comparison: Comparison) -> Option<(usize, Set)> {
        let Some(Operand::Field { field }) = &condition.value else { return None };
        let other = self.slot_of(field)?;
        let (a, b, turned) = if slot <= other { (slot, other, false) } else { (other, slot, true) };
        let known = self.subjects.iter().position(|s| matches!(s.kind, Kind::Pair(x, y) if (x, y) == (a, b)));
        let subject = match known {
            Some(subject) => subject,
            None => {
                let can_miss = [a, b].iter().any(|slot| self.slots.get(*slot).is_none_or(|slot| slot.can_miss));
                self.slots.push(Slot { name: "", field: None, can_miss, subjects: smallvec![self.subjects.len()] });
                // A field beside itself is always equal.
                let limit = if a == b { 0 } else { 1 };
                let slot = self.slots.len() - 1;
                self.subjects.push(Subject { slot, kind: Kind::Pair(a, b), min: Some(-limit), max: Some(limit) });
                self.subjects.len() - 1
            }
        };
        let (low, high) = match comparison {
            Comparison::Eq => (0, 0),
            Comparison::Lt => (-1, -1),
            Comparison::Lte => (-1, 0),
            Comparison::Gt => (1, 1),
            Comparison::Gte => (0, 1),
        };
        let (low, high) = if turned { (-high, -low) } else { (low, high) };
        let set = Set::interval(Some(Pos::Int(low)), Some(Pos::Int(high + 1)));
        let space = self.subject(subject)?;
        Some((subject, set.clamp(space.min, space.max)))
    }
}

/// The verdict on a missing value.
fn passes_missing(condition: &Condition) -> bool {
    condition.missing.map_or(condition.op.on_missing(), |missing| missing == Missing::Include)
}
