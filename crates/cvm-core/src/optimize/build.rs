//! From a filter to nodes and literals: names and values resolved, `not` pushed into the leaves.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::domain::{Pos, Set, after_prefix};
use super::relative;
use super::subject::{Kind, Lit, Node, Origin, Scale, Slot, Subject, truth};
use super::{OptimizeOptions, Rewrite};
use crate::catalog::{Catalog, Field, FieldType};
use crate::check::lone::Lone;
use crate::filter::{Condition, Event, Filter, Literal, MAX_DEPTH, Measure, Operand, Operator};
use crate::predicate::{Comparison, Needle, Test};
use crate::value::{Timestamp, Value};

/// All that is known while a filter is optimised.
pub(super) struct World<'a> {
    pub(super) catalog: &'a Catalog,
    options: OptimizeOptions,
    /// Relative times are settled at this instant; without one they stay relative.
    as_of: Option<Timestamp>,
    /// Whether static lists are looked into, as sets of keys.
    pub(super) open_lists: bool,
    lone: Lone<'a>,
    pub(super) slots: Vec<Slot<'a>>,
    pub(super) subjects: Vec<Subject<'a>>,
    names: HashMap<&'a str, usize>,
    atoms: Vec<usize>,
    pub(super) trace: Vec<Rewrite>,
    /// Whether anything may have changed: without it the filter needs no printing.
    pub(super) dirty: bool,
    /// Comparisons of inner groups that may still be made; they are few unless a filter is made to be slow.
    pub(super) fuel: std::cell::Cell<usize>,
    /// How many `not` around groups were taken apart.
    pub(super) opened: usize,
}

impl<'a> World<'a> {
    pub(super) fn new(catalog: &'a Catalog, rows: Option<&'a [Field]>, options: &OptimizeOptions) -> Self {
        let as_of = options.as_of;
        Self {
            catalog,
            options: *options,
            as_of,
            open_lists: false,
            lone: Lone::new(catalog, as_of, rows),
            slots: Vec::new(),
            subjects: Vec::new(),
            names: HashMap::new(),
            atoms: Vec::new(),
            trace: Vec::new(),
            dirty: false,
            opened: 0,
            fuel: std::cell::Cell::new(200_000),
        }
    }

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
                let children = children.iter().map(|child| self.node(child, negate, depth + 1));
                Node::AtLeast { n, children: children.collect::<Option<_>>()? }
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
        let children = children.iter().map(|child| self.node(child, negate, depth + 1));
        Some(Node::Group { all, children: children.collect::<Option<_>>()? })
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

    /// Writes down a rewrite; the words are made only here.
    pub(super) fn note(&mut self, rule: &'static str, message: impl FnOnce() -> String) {
        self.dirty = true;
        self.trace.push(Rewrite { rule, message: message() });
    }

    pub(super) fn complement(&self, lit: Lit<'a>) -> Lit<'a> {
        let origin = match lit.origin {
            Origin::None => Origin::None,
            Origin::Is(filter) => Origin::Not(filter),
            Origin::Not(filter) => Origin::Is(filter),
        };
        Lit { missing: self.can_miss(lit.subject) && !lit.missing, set: lit.set.complement(), origin, ..lit }
    }

    pub(super) fn can_miss(&self, subject: usize) -> bool {
        self.slot(subject).is_some_and(|slot| slot.can_miss)
    }

    pub(super) fn subject(&self, subject: usize) -> Option<&Subject<'a>> {
        self.subjects.get(subject)
    }

    pub(super) fn slot(&self, subject: usize) -> Option<&Slot<'a>> {
        self.slots.get(self.subjects.get(subject)?.slot)
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
        let single =
            values.len() == 1 || lit.set.cuts.len() == 2 && super::context::points(scale, &lit.set, 1).is_some();
        let repeated = listed && {
            let mut seen = std::collections::HashSet::new();
            values.iter().any(|value| !seen.insert(written(value)))
        };
        if !single && !repeated {
            return Some(lit);
        }
        let plain = Lit { origin: Origin::None, listed: values.len(), ..lit.clone() };
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
        Lit { subject, missing: false, set: truth(), origin: Origin::Is(filter), listed: 0 }
    }

    /// A subject that is no field and never missing.
    fn alone(&mut self, kind: Kind<'a>, min: Option<i128>, max: Option<i128>) -> usize {
        self.slots.push(Slot { name: "", ty: None, can_miss: false, subjects: vec![self.subjects.len()] });
        self.subjects.push(Subject { slot: self.slots.len() - 1, kind, min, max });
        self.subjects.len() - 1
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
        Some(Lit { subject, missing: false, set: members, origin: Origin::Is(filter), listed: 0 })
    }

    /// The slot of a field.
    pub(super) fn slot_of(&mut self, name: &'a str) -> Option<usize> {
        if let Some(slot) = self.names.get(name) {
            return Some(*slot);
        }
        let (field, reference) = self.lone.field(name)?;
        // NaN is missing, and a part of a document can be, whatever is said of the column.
        let sure = !field.nullable && field.ty != FieldType::Float && reference.path.is_empty();
        self.slots.push(Slot { name, ty: Some(&field.ty), can_miss: !sure, subjects: Vec::new() });
        let slot = self.slots.len() - 1;
        self.names.insert(name, slot);
        let (scale, min, max) = scale(field, &self.options);
        self.intern(slot, Kind::Value(scale), min, max);
        Some(slot)
    }

    /// The subject of a field's value: the first of its slot.
    pub(super) fn value_of(&mut self, name: &'a str) -> Option<usize> {
        let slot = self.slot_of(name)?;
        self.slots.get(slot)?.subjects.first().copied()
    }

    pub(super) fn intern(&mut self, slot: usize, kind: Kind<'a>, min: Option<i128>, max: Option<i128>) -> usize {
        self.subjects.push(Subject { slot, kind, min, max });
        let subject = self.subjects.len() - 1;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.subjects.push(subject);
        }
        subject
    }

    /// The subject of a slot of which `is` holds.
    pub(super) fn find(&self, slot: usize, is: impl Fn(&Kind<'a>) -> bool) -> Option<usize> {
        let subjects = &self.slots.get(slot)?.subjects;
        subjects.iter().copied().find(|subject| self.subjects.get(*subject).is_some_and(|s| is(&s.kind)))
    }

    fn condition(&mut self, filter: &'a Filter, condition: &'a Condition) -> Option<Lit<'a>> {
        let slot = self.slot_of(&condition.field)?;
        let (ty, can_miss) = self.slots.get(slot).map(|slot| (slot.ty, slot.can_miss))?;
        let on_missing = condition.missing.map_or(condition.op.on_missing(), |m| m == crate::filter::Missing::Include);
        let origin = Origin::Is(filter);
        let listed = listed(condition.op, condition.value.as_ref());
        let lit = |subject: usize, set: Set, negated: bool, can_miss: bool| {
            let set = if negated { set.complement() } else { set };
            Lit { subject, missing: can_miss && on_missing, set, origin, listed }
        };
        let anniversary = condition.op == Operator::AnniversaryWithin;
        if let Some(operand) = &condition.value
            && self.as_of.is_none()
            && relative::is_relative(operand)
            && !anniversary
        {
            let date = match ty? {
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
        let leaf = self.lone.leaf(condition)?;
        let value = self.slots.get(slot)?.subjects.first().copied()?;
        let subject = self.subject(value)?;
        let Kind::Value(scale) = &subject.kind else { return None };
        let (min, max) = (subject.min, subject.max);
        let json = matches!(scale, Scale::Json);
        let set = match &leaf.test {
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
                let (comparison, negated) = (*comparison, leaf.negated);
                return self.pair(slot, condition, comparison).map(|(subject, set)| {
                    let can_miss = self.can_miss(subject);
                    lit(subject, set, negated, can_miss)
                });
            }
            Test::Size(_) | Test::Empty if !json && matches!(ty, Some(FieldType::List(_))) => {
                let set = size_set(&leaf.test)?;
                let known = self.find(slot, |kind| matches!(kind, Kind::Size));
                let subject = known.unwrap_or_else(|| self.intern(slot, Kind::Size, Some(0), None));
                return Some(lit(subject, set, leaf.negated, can_miss));
            }
            test => match scale {
                // Every value is known, so every test is a list of values.
                Scale::Enum(values) => {
                    let passing: Vec<Value> =
                        values.iter().map(|text| Value::Str(text.clone())).filter(|value| test.passes(value)).collect();
                    scale.points(&passing)
                }
                _ => None,
            },
        };
        Some(match set {
            Some(set) => lit(value, set.clamp(min, max), leaf.negated, can_miss),
            None => {
                let (test, negated) = (Rc::new(leaf.test), leaf.negated);
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
        known.unwrap_or_else(|| {
            self.intern(slot, Kind::Test { condition: Cow::Borrowed(condition), test }, Some(0), Some(1))
        })
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
                self.slots.push(Slot { name: "", ty: None, can_miss, subjects: vec![self.subjects.len()] });
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
        Some(Lit {
            subject,
            missing: false,
            set,
            origin: Origin::Is(filter),
            listed: listed(event.op, event.value.as_ref()),
        })
    }
}

/// How many values a comparison lists.
fn listed(op: Operator, value: Option<&Operand>) -> usize {
    match (op, value) {
        (Operator::In | Operator::NotIn, Some(Operand::Many(values))) => values.len(),
        (Operator::Eq | Operator::Ne, _) => 1,
        _ => 0,
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

/// The operator without its negation.
pub(super) fn plain_operator(op: Operator) -> Operator {
    match op {
        Operator::Ne => Operator::Eq,
        Operator::NotIn => Operator::In,
        Operator::NotBetween => Operator::Between,
        Operator::NotContains => Operator::Contains,
        Operator::NotStartsWith => Operator::StartsWith,
        Operator::NotEndsWith => Operator::EndsWith,
        Operator::NotMatches => Operator::Matches,
        Operator::HasNone => Operator::HasAny,
        other => other,
    }
}

/// How a field's values become places, and the least and the greatest place.
fn scale(field: &Field, options: &OptimizeOptions) -> (Scale, Option<i128>, Option<i128>) {
    if let (FieldType::String, Some(values), true) = (&field.ty, &field.values, options.trust_enums) {
        let mut values = values.clone();
        values.sort_unstable();
        values.dedup();
        let last = i128::try_from(values.len()).unwrap_or(0) - 1;
        return (Scale::Enum(values.into()), Some(0), Some(last));
    }
    let (scale, min, max) = match &field.ty {
        FieldType::Bool => (Scale::Bool, Some(0), Some(1)),
        FieldType::Int => (Scale::Int, Some(i64::MIN.into()), Some(i64::MAX.into())),
        FieldType::Decimal { precision, scale } => {
            let most = 10_i128.checked_pow((*precision).into()).map(|limit| limit - 1);
            (Scale::Decimal(*scale), most.map(|most| -most), most)
        }
        FieldType::Date => (Scale::Date, None, None),
        FieldType::Timestamp => (Scale::Timestamp, None, None),
        FieldType::Float => (Scale::Float, None, None),
        FieldType::String => (Scale::Text, None, None),
        FieldType::Json => (Scale::Json, None, None),
        FieldType::List(_) => (Scale::Opaque, None, None),
    };
    // Bounds of instants are written in the catalog's zone, which is not at hand here.
    if !options.trust_ranges || scale == Scale::Timestamp {
        return (scale, min, max);
    }
    let bound = |literal: &Option<Literal>, after: bool| {
        let mut out = crate::diagnostic::Diagnostics::default();
        let path = crate::diagnostic::Path::ROOT;
        let utc = jiff::tz::TimeZone::UTC;
        let value = crate::check::literal::typed(literal.as_ref()?, &field.ty, &utc, &path, &mut out)?;
        let value = match value {
            Value::Int(i) if !matches!(scale, Scale::Int) => Value::Decimal(i.into()),
            Value::Decimal(d) if matches!(scale, Scale::Int) => Value::Int(i64::try_from(d.rescale(0)?.digits()).ok()?),
            other => other,
        };
        match scale.place(&value, after)? {
            Pos::Int(place) => Some(place - i128::from(after)),
            _ => None,
        }
    };
    let (low, high) = (bound(&field.min, false), bound(&field.max, true));
    (scale, low.or(min), high.or(max))
}

/// The sizes that a list may have.
fn size_set(test: &Test) -> Option<Set> {
    let Test::Size(size) = test else { return Some(Set::interval(None, Some(Pos::Int(1)))) };
    let (key, n) = size.parts();
    let op = match key {
        "eq" => Operator::Eq,
        "ne" => Operator::Ne,
        "lt" => Operator::Lt,
        "lte" => Operator::Lte,
        "gt" => Operator::Gt,
        _ => Operator::Gte,
    };
    number_set(op, &[n.into()]).map(|set| set.clamp(Some(0), None))
}

/// The whole numbers that pass a comparison.
fn number_set(op: Operator, values: &[i128]) -> Option<Set> {
    let one = match values {
        [one] => Some(*one),
        _ => None,
    };
    let points = || Set::union(values.iter().map(|n| (Pos::Int(*n), Pos::Int(n + 1))).collect());
    let between = || match values {
        [low, high] if low <= high => Some(Set::interval(Some(Pos::Int(*low)), Some(Pos::Int(high + 1)))),
        _ => None,
    };
    Some(match op {
        Operator::Eq => one.map(|_| points())?,
        Operator::Ne => one.map(|_| points().complement())?,
        Operator::In if !values.is_empty() => points(),
        Operator::NotIn if !values.is_empty() => points().complement(),
        Operator::Lt => Set::interval(None, Some(Pos::Int(one?))),
        Operator::Lte => Set::interval(None, Some(Pos::Int(one? + 1))),
        Operator::Gt => Set::interval(Some(Pos::Int(one? + 1)), None),
        Operator::Gte => Set::interval(Some(Pos::Int(one?)), None),
        Operator::Between => between()?,
        Operator::NotBetween => between()?.complement(),
        _ => return None,
    })
}
