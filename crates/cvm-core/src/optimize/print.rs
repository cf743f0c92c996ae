//! From nodes back to the smallest filter that says them: `not` stands where it is shortest.

use super::domain::Set;
use super::operator::{negated_operator, opposite, plain_operator};
use super::relative;
use super::spell;
use super::subject::{Kind, Leaf, Lit, Node, Origin};
use super::world::World;
use crate::filter::{Case, Condition, Event, Filter, Literal, Missing, Operand, Operator};

impl<'a> World<'a> {
    /// The one leaf that says a literal, inside a `not` where nothing shorter is exact; `None` when it takes several.
    pub(super) fn say(&self, lit: &Lit<'a>) -> Option<Filter> {
        match lit.origin {
            Origin::Is(filter) => Some(filter.clone()),
            Origin::Not(filter) => Some(self.say_opposite(filter, lit)),
            Origin::None => self.say_set(lit),
        }
    }

    fn say_opposite(&self, filter: &Filter, lit: &Lit<'a>) -> Filter {
        if let Filter::Condition(condition) = filter
            && condition.missing.is_none()
            && let Some(op) = opposite(condition.op)
        {
            return Filter::Condition(Condition { op, ..condition.clone() });
        }
        self.say_set(lit).unwrap_or_else(|| Filter::Not { child: Box::new(filter.clone()) })
    }

    fn say_set(&self, lit: &Lit<'a>) -> Option<Filter> {
        let slot = self.slot(lit.subject)?;
        let condition = |(op, value): (Operator, Option<Operand>)| {
            let rule = match op {
                // They ask about missing values themselves.
                Operator::IsSet if lit.missing => return None,
                Operator::IsNotSet if !lit.missing => return None,
                Operator::IsSet | Operator::IsNotSet => None,
                op => rule(op, lit.missing, slot.can_miss),
            };
            let field = slot.name.to_owned();
            Some(Filter::Condition(Condition { field, op, value, case: Case::Sensitive, missing: rule }))
        };
        match &self.subject(lit.subject)?.kind {
            Kind::Value(scale) => {
                let (op, taken) = spell::value::<Literal>(scale, &lit.set, lit.listed)?;
                condition((op, taken.map(Operand::from)))
            }
            Kind::Size => condition(spell::size(&lit.set)?),
            _ if lit.set.is_full() && !slot.name.is_empty() => condition((Operator::IsSet, None)),
            _ if lit.set.is_empty() && !slot.name.is_empty() => condition((Operator::IsNotSet, None)),
            Kind::Relative { class, date } => {
                condition(relative::condition(*class, *date, &lit.set).map(|(op, value)| (op, Some(value)))?)
            }
            Kind::Pair(a, b) => self.say_pair(*a, *b, lit),
            Kind::Count(event) => {
                let (op, taken) = spell::count::<Literal>(&lit.set, lit.listed)?;
                Some(Filter::Event(Event { op, value: taken.map(Operand::from), ..(*event).clone() }))
            }
            Kind::Test { condition, .. } => Some(say_test(condition, lit, slot.can_miss)),
            Kind::Atom(filter) if lit.set.is_truth() => Some((*filter).clone()),
            Kind::Atom(filter) => Some(Filter::Not { child: Box::new((*filter).clone()) }),
        }
    }

    /// Whether one leaf says it, in an `and` and in an `or`.
    pub(super) fn sayable(&self, lit: &Lit<'a>) -> bool {
        if !matches!(lit.origin, Origin::None) {
            return true;
        }
        let turned = lit.set.clone().complement();
        let missing = self.can_miss(lit.subject) && !lit.missing;
        self.has_words(lit, &lit.set, lit.missing) && self.has_words(lit, &turned, missing)
    }

    /// Whether one leaf says a set of a literal's subject: what [`say_set`](Self::say_set) finds, without writing it.
    fn has_words(&self, lit: &Lit<'a>, set: &Set, missing: bool) -> bool {
        let fits = |op: Operator| match op {
            Operator::IsSet => !missing,
            Operator::IsNotSet => missing,
            _ => true,
        };
        match self.subject(lit.subject).map(|s| &s.kind) {
            Some(Kind::Value(scale)) => spell::value::<()>(scale, set, lit.listed).is_some_and(|(op, _)| fits(op)),
            Some(Kind::Count(_)) => spell::count::<()>(set, lit.listed).is_some(),
            Some(Kind::Test { .. } | Kind::Atom(_)) if !set.is_full() && !set.is_empty() => true,
            _ => {
                let leaf = Leaf { set: set.clone(), missing, origin: Origin::None, ..**lit };
                self.say_set(&Lit::new(leaf)).is_some()
            }
        }
    }

    fn say_pair(&self, a: usize, b: usize, lit: &Lit<'a>) -> Option<Filter> {
        let holds = |order: i128| lit.set.holds(&super::domain::Pos::Int(order));
        let op = match (holds(-1), holds(0), holds(1)) {
            // A field beside itself can only be equal.
            (_, true, _) if a == b => Operator::Eq,
            (_, false, _) if a == b => Operator::Ne,
            (false, true, false) => Operator::Eq,
            (true, false, true) => Operator::Ne,
            (true, false, false) => Operator::Lt,
            (true, true, false) => Operator::Lte,
            (false, false, true) => Operator::Gt,
            (false, true, true) => Operator::Gte,
            _ => return None,
        };
        let field = self.slots.get(a)?.name.to_owned();
        let value = Some(Operand::Field { field: self.slots.get(b)?.name.to_owned() });
        let missing = rule(op, lit.missing, self.can_miss(lit.subject));
        Some(Filter::Condition(Condition { field, op, value, case: Case::Sensitive, missing }))
    }

    /// Nodes of what says a literal: two where it needs a `not` of its own.
    fn weight(&self, lit: &Lit<'a>) -> usize {
        let turned = match lit.origin {
            Origin::Is(_) => return 1,
            // Said by the opposite operator.
            Origin::Not(Filter::Condition(condition))
                if condition.missing.is_none() && opposite(condition.op).is_some() =>
            {
                return 1;
            }
            Origin::Not(_) => true,
            Origin::None => false,
        };
        match self.subject(lit.subject).map(|s| &s.kind) {
            Some(Kind::Test { .. } | Kind::Atom(_)) if lit.set.is_truth() => 1,
            Some(Kind::Test { condition, .. }) if lit.set.is_untruth() => {
                if negated_operator(plain_operator(condition.op)).is_some() { 1 } else { 2 }
            }
            Some(Kind::Atom(_)) => 2,
            _ if turned && !self.has_words(lit, &lit.set, lit.missing) => 2,
            _ => 1,
        }
    }

    /// Nodes of the shortest way to say a node, and its complement.
    pub(super) fn cost(&self, node: &Node<'a>) -> (usize, usize) {
        match node {
            Node::Const(_) => (1, 1),
            Node::Lit(lit) => (self.weight(lit), self.weight(&self.complement(lit.clone()))),
            Node::AtLeast { children, .. } | Node::Group { children, .. } => {
                let (plain, turned) = self.costs(children);
                ((1 + plain).min(2 + turned), (1 + turned).min(2 + plain))
            }
        }
    }

    /// Nodes of all children, said as they are, and said as their complements.
    fn costs(&self, children: &[Node<'a>]) -> (usize, usize) {
        children.iter().map(|child| self.cost(child)).fold((0, 0), |(p, t), (plain, turned)| (p + plain, t + turned))
    }

    /// The shortest filter of a node.
    ///
    /// Turning a group round costs a `not` and saves those inside, so with fewer than two of them nothing is gained and
    /// nothing needs to be weighed.
    pub(super) fn write(&self, node: &Node<'a>) -> Filter {
        if self.nots(node) < 2 { self.write_plainly(node) } else { self.print(node, false) }
    }

    /// How many literals need a `not` of their own.
    fn nots(&self, node: &Node<'a>) -> usize {
        match node {
            Node::Const(_) => 0,
            Node::Lit(lit) => self.weight(lit) - 1,
            Node::AtLeast { children, .. } | Node::Group { children, .. } => {
                children.iter().map(|child| self.nots(child)).sum()
            }
        }
    }

    fn write_plainly(&self, node: &Node<'a>) -> Filter {
        match node {
            Node::Const(true) => Filter::Everyone,
            Node::Const(false) => Filter::Nobody,
            Node::Lit(lit) => self.say(lit).unwrap_or(Filter::Nobody),
            Node::AtLeast { n, children } => {
                let children = children.iter().map(|child| self.write_plainly(child)).collect();
                Filter::AtLeast { n: u32::try_from(*n).unwrap_or(u32::MAX), children }
            }
            Node::Group { all, children } => {
                group(*all, children.iter().map(|child| self.write_plainly(child)).collect())
            }
        }
    }

    /// The filter of a node, or of its complement.
    pub(super) fn print(&self, node: &Node<'a>, negate: bool) -> Filter {
        match node {
            Node::Const(all) if *all != negate => Filter::Everyone,
            Node::Const(_) => Filter::Nobody,
            Node::Lit(lit) => {
                let lit = if negate { self.complement(lit.clone()) } else { lit.clone() };
                self.say(&lit).unwrap_or(Filter::Nobody)
            }
            Node::AtLeast { n, children } => {
                let n = if negate { children.len() + 1 - n } else { *n };
                let (plain, turned) = turn(self.costs(children), negate);
                if plain < 2 + turned {
                    return self.print_counted(n, children, negate);
                }
                let child = self.print_counted(children.len() + 1 - n, children, !negate);
                Filter::Not { child: Box::new(child) }
            }
            Node::Group { all, children } => self.print_group(*all != negate, children, negate),
        }
    }

    fn print_counted(&self, n: usize, children: &[Node<'a>], negate: bool) -> Filter {
        let children = children.iter().map(|child| self.print(child, negate)).collect();
        Filter::AtLeast { n: u32::try_from(n).unwrap_or(u32::MAX), children }
    }

    fn print_group(&self, all: bool, children: &[Node<'a>], negate: bool) -> Filter {
        let costs: Vec<(usize, usize)> = children.iter().map(|child| turn(self.cost(child), negate)).collect();
        let (plain, turned) = costs.iter().fold((0, 0), |(p, t), (plain, turned)| (p + plain, t + turned));
        if 2 + turned < 1 + plain {
            let children = children.iter().map(|child| self.print(child, !negate)).collect();
            return Filter::Not { child: Box::new(group(!all, children)) };
        }
        // Three and more that are shorter the other way round share one `not`.
        let shorter = |(plain, turned): &(usize, usize)| turned < plain;
        if costs.iter().filter(|costs| shorter(costs)).count() < 3 {
            return group(all, children.iter().map(|child| self.print(child, negate)).collect());
        }
        let mut out = Vec::new();
        let mut shared = Vec::new();
        let mut at = 0;
        for (child, costs) in children.iter().zip(&costs) {
            if shorter(costs) {
                if shared.is_empty() {
                    at = out.len();
                }
                shared.push(self.print(child, !negate));
            } else {
                out.push(self.print(child, negate));
            }
        }
        out.insert(at, Filter::Not { child: Box::new(group(!all, shared)) });
        group(all, out)
    }
}

/// A pair, or the other way round.
fn turn((plain, turned): (usize, usize), negate: bool) -> (usize, usize) {
    if negate { (turned, plain) } else { (plain, turned) }
}

fn group(all: bool, mut children: Vec<Filter>) -> Filter {
    match (children.len(), all) {
        (1, _) => children.pop().unwrap_or(Filter::Nobody),
        (_, true) => Filter::And { children },
        (_, false) => Filter::Or { children },
    }
}

/// The rule for missing values that must be written, where the operator's own is another.
fn rule(op: Operator, missing: bool, can_miss: bool) -> Option<Missing> {
    (can_miss && op.on_missing() != missing).then_some(if missing { Missing::Include } else { Missing::Exclude })
}

/// A test, or its opposite.
fn say_test(condition: &Condition, lit: &Lit<'_>, can_miss: bool) -> Filter {
    let plain = plain_operator(condition.op);
    let with = |op: Operator, missing: bool| {
        Filter::Condition(Condition { op, missing: rule(op, missing, can_miss), ..condition.clone() })
    };
    if lit.set.is_truth() {
        return with(plain, lit.missing);
    }
    match negated_operator(plain) {
        Some(op) => with(op, lit.missing),
        None => Filter::Not { child: Box::new(with(plain, can_miss && !lit.missing)) },
    }
}
