//! From a filter to nodes: `not` pushed into the leaves, lists and events as sets.

use std::borrow::Cow;
use std::collections::HashSet;

use super::scale::number_set;
use super::subject::{Kind, Leaf, Lit, Node, Origin, Subject, truth};
use super::world::World;
use crate::filter::{Event, Filter, Literal, MAX_DEPTH, Measure, Operand, Operator};
use crate::value::Value;

/// So many values are compared two by two faster than by their hashes.
const FEW: usize = 16;

impl<'a> World<'a> {
    /// The node of a filter, or of its complement; `None` when the filter has a finding or is too deep.
    pub(super) fn node(&mut self, filter: &'a Filter, negate: bool, depth: usize) -> Option<Node<'a>> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match filter {
            Filter::Everyone => Node::Const(!negate),
            Filter::Nobody => Node::Const(negate),
            Filter::Not { child } => {
                self.note_not(child, negate);
                let node = self.node(child, !negate, depth + 1)?;
                if let (Node::Lit(lit), false) = (&node, negate)
                    && let Some(said) = self.say(lit)
                    && !matches!(said, Filter::Not { .. })
                    && child.is_leaf()
                {
                    self.note("negation", || format!("`{filter}` is `{said}`"));
                }
                node
            }
            Filter::And { children } => self.group(children, !negate, negate, depth)?,
            Filter::Or { children } => self.group(children, negate, negate, depth)?,
            Filter::AtLeast { n, children } => {
                let n = *n as usize;
                if n == 0 || n > children.len() {
                    return None;
                }
                let n = if negate { children.len() + 1 - n } else { n };
                Node::AtLeast { n, children: self.nodes(children, negate, depth + 1)? }
            }
            leaf => {
                let lit = self.plain(leaf)?;
                Node::Lit(if negate { self.complement(lit) } else { lit })
            }
        })
    }

    fn group(&mut self, children: &'a [Filter], all: bool, negate: bool, depth: usize) -> Option<Node<'a>> {
        if children.is_empty() {
            return None;
        }
        Some(Node::Group { all, children: self.nodes(children, negate, depth + 1)? })
    }

    fn nodes(&mut self, filters: &'a [Filter], negate: bool, depth: usize) -> Option<Vec<Node<'a>>> {
        let mut nodes = Vec::with_capacity(filters.len());
        for filter in filters {
            nodes.push(self.node(filter, negate, depth)?);
        }
        Some(nodes)
    }

    fn note_not(&mut self, child: &'a Filter, negate: bool) {
        match child {
            Filter::Not { .. } if !negate => {
                self.note("double negation", || "two `not` in a row cancel out".to_owned());
            }
            Filter::Everyone => self.note("constant", || "`not everyone` is nobody".to_owned()),
            Filter::Nobody => self.note("constant", || "`not nobody` is everyone".to_owned()),
            Filter::And { .. } | Filter::Or { .. } | Filter::AtLeast { .. } => {
                self.dirty = true;
                self.opened += 1;
            }
            _ => {}
        }
    }

    /// A leaf, written more plainly where it lists one value, or one twice.
    fn plain(&mut self, filter: &'a Filter) -> Option<Lit<'a>> {
        let mut lit = self.leaf(filter)?;
        let Filter::Condition(condition) = filter else { return Some(lit) };
        let Some(Operand::Many(values)) = &condition.value else { return Some(lit) };
        let Some(Kind::Value(scale)) = self.subject(lit.subject).map(|s| &s.kind) else { return Some(lit) };
        if !matches!(condition.op, Operator::In | Operator::NotIn | Operator::Between | Operator::NotBetween) {
            return Some(lit);
        }
        let listed = matches!(condition.op, Operator::In | Operator::NotIn);
        let one_value = || {
            let inside = if lit.set.first { lit.set.clone().complement() } else { lit.set.clone() };
            super::context::points(scale, &inside, 1).is_some()
        };
        let single = values.len() == 1 || lit.set.cuts.len() == 2 && one_value();
        let repeated = listed && repeats(values);
        if !single && !repeated {
            return Some(lit);
        }
        let mut plain = lit.clone();
        let leaf = plain.edit();
        (leaf.origin, leaf.listed) = (Origin::None, values.len());
        if let Some(said) = self.say(&plain)
            && said != *filter
            && self.sayable(&plain)
        {
            self.note("plainer", || format!("wrote {filter} as {said}"));
            lit = plain;
        }
        Some(lit)
    }

    fn leaf(&mut self, filter: &'a Filter) -> Option<Lit<'a>> {
        match filter {
            Filter::Condition(condition) if !matches!(condition.value, Some(Operand::Param { .. })) => {
                self.condition(filter, condition)
            }
            Filter::Event(event) => Some(self.event(filter, event).unwrap_or_else(|| self.atom(filter))),
            Filter::List(list) if self.open_lists => self.members(filter, &list.list),
            _ => Some(self.atom(filter)),
        }
    }

    /// A node that is only known to hold or not.
    fn atom(&mut self, filter: &'a Filter) -> Lit<'a> {
        let known = self.atoms.iter().copied().find(|subject| {
            matches!(self.subject(*subject), Some(Subject { kind: Kind::Atom(other), .. }) if *other == filter)
        });
        let subject = known.unwrap_or_else(|| {
            let subject = self.alone(Kind::Atom(filter), Some(0), Some(1));
            self.atoms.push(subject);
            subject
        });
        Lit::new(Leaf { subject, missing: false, set: truth(), origin: Origin::Is(filter), listed: 0 })
    }

    /// The members of a static list, as keys.
    fn members(&mut self, filter: &'a Filter, name: &str) -> Option<Lit<'a>> {
        let list = self.catalog.list(name)?;
        let subject = self.value_of(&self.catalog.customers.key)?;
        let Kind::Value(scale) = &self.subject(subject)?.kind else { return None };
        let key = self.catalog.customers.key_field()?;
        let zone = jiff::tz::TimeZone::UTC;
        let set = |literals: &[Literal]| {
            let mut out = crate::diagnostic::Diagnostics::default();
            let path = crate::diagnostic::Path::ROOT;
            let values: Vec<Value> = literals
                .iter()
                .filter_map(|literal| crate::check::literal::typed(literal, &key.ty, &zone, &path, &mut out))
                .collect();
            scale.points(&values)
        };
        let members = set(&list.members)?.join(&set(&list.add)?).meet(&set(&list.remove)?.complement());
        Some(Lit::new(Leaf { subject, missing: false, set: members, origin: Origin::Is(filter), listed: 0 }))
    }

    /// A count of events compared with whole numbers; `None` for everything else about events.
    fn event(&mut self, filter: &'a Filter, event: &'a Event) -> Option<Lit<'a>> {
        if !matches!(event.measure, Measure::Count(_) | Measure::Distinct { .. }) || event.missing.is_some() {
            return None;
        }
        self.catalog.event(&event.event)?;
        let whole = |literal: &Literal| match literal {
            Literal::Int(i) => Some(i128::from(*i)),
            _ => None,
        };
        let values: Vec<i128> = match event.value.as_ref()? {
            Operand::One(literal) => vec![whole(literal)?],
            Operand::Many(literals) => literals.iter().map(whole).collect::<Option<_>>()?,
            _ => return None,
        };
        let set = number_set(event.op, &values)?.clamp(Some(0), None);
        let known = self.atoms.iter().copied().find(|subject| match self.subject(*subject).map(|s| &s.kind) {
            Some(Kind::Count(other)) => {
                (&other.event, &other.window, &other.filter, &other.measure)
                    == (&event.event, &event.window, &event.filter, &event.measure)
            }
            _ => false,
        });
        let subject = known.unwrap_or_else(|| {
            let subject = self.alone(Kind::Count(event), Some(0), None);
            self.atoms.push(subject);
            subject
        });
        let listed = listed(event.op, event.value.as_ref());
        Some(Lit::new(Leaf { subject, missing: false, set, origin: Origin::Is(filter), listed }))
    }
}

/// How many values a comparison lists.
pub(super) fn listed(op: Operator, value: Option<&Operand>) -> usize {
    match (op, value) {
        (Operator::In | Operator::NotIn, Some(Operand::Many(values))) => values.len(),
        (Operator::Eq | Operator::Ne, _) => 1,
        _ => 0,
    }
}

/// Whether a literal is listed twice.
fn repeats(values: &[Literal]) -> bool {
    if values.len() <= FEW {
        return values.iter().enumerate().any(|(i, value)| values.iter().skip(i + 1).any(|other| alike(value, other)));
    }
    let mut seen = HashSet::with_capacity(values.len());
    values.iter().any(|value| !seen.insert(written(value)))
}

/// Whether two literals are written the same.
fn alike(a: &Literal, b: &Literal) -> bool {
    match (a, b) {
        (Literal::Float(a), Literal::Float(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
        (a, b) => a == b,
    }
}

/// A literal as a key: what is written the same is the same value.
fn written(literal: &Literal) -> (u8, Cow<'_, str>) {
    match literal {
        Literal::Bool(b) => (0, if *b { "t" } else { "f" }.into()),
        Literal::Int(i) => (1, i.to_string().into()),
        Literal::Float(x) => (2, x.to_string().into()),
        Literal::Str(text) => (3, text.as_str().into()),
    }
}
