//! What literals of different subjects say about each other: fields side by side, counts over windows inside each
//! other, tests that contain each other.

use super::domain::{Pos, Set};
use super::merge::{Placed, meet_all};
use super::operator::plain_operator;
use super::relative::window_within;
use super::subject::{Kind, Lit, Scale};
use super::world::World;
use crate::filter::{Case, Condition, Event, Literal, Operand, Operator};
use crate::value::fold_case;

/// One subject never lies above another: strictly below it, or at most equal.
#[derive(Clone, Copy)]
struct Edge {
    low: usize,
    high: usize,
    strict: bool,
    /// The literal that says so; none where it always holds.
    by: Option<usize>,
}

/// More literals than this are not looked at in pairs.
const MANY: usize = 128;

impl<'a> World<'a> {
    /// Drops literals of an `and` that follow from others by way of a comparison of two fields, or of two counts; false
    /// when they contradict each other.
    pub(super) fn relate(&mut self, lits: &mut Placed<'a>, all: bool) -> bool {
        if lits.len() < 2 || lits.len() > MANY {
            return true;
        }
        let pairs = lits.iter().filter(|(_, lit)| matches!(self.kind(lit), Some(Kind::Pair(..)))).count();
        let counts = lits.iter().filter(|(_, lit)| matches!(self.kind(lit), Some(Kind::Count(_)))).count();
        if pairs == 0 && counts < 2 {
            return true;
        }
        let mut i = 0;
        while i < lits.len() {
            match self.follows(lits, i) {
                Some((true, reasons)) => {
                    let (_, gone) = lits.remove(i);
                    let shown = self.show(&gone, all);
                    let word = if all { " and " } else { " or " };
                    let reason = reasons.iter().map(|lit| self.show(lit, all)).collect::<Vec<_>>().join(word);
                    self.note("implied", || {
                        if all {
                            format!("dropped {shown}: implied by {reason}")
                        } else {
                            format!("dropped {shown}: it is part of {reason}")
                        }
                    });
                }
                Some((false, reasons)) => {
                    let shown: Vec<String> = lits
                        .get(i)
                        .map(|(_, lit)| lit)
                        .into_iter()
                        .chain(reasons.iter())
                        .map(|lit| self.show(lit, all))
                        .collect();
                    let (rule, join, what) = if all {
                        ("contradiction", " and ", "can't all hold: nobody")
                    } else {
                        ("tautology", " or ", "cover every case: everyone")
                    };
                    self.note(rule, || format!("{} {what}", shown.join(join)));
                    return false;
                }
                None => i += 1,
            }
        }
        true
    }

    fn kind(&self, lit: &Lit<'a>) -> Option<&Kind<'a>> {
        self.subject(lit.subject).map(|s| &s.kind)
    }

    /// Whether a literal is settled by the others, and by which.
    fn follows(&self, lits: &Placed<'a>, at: usize) -> Option<(bool, Vec<Lit<'a>>)> {
        let (_, lit) = lits.get(at)?;
        match self.kind(lit)? {
            Kind::Pair(a, b) => self.pair_follows(lits, at, *a, *b),
            Kind::Value(_) | Kind::Count(_) => self.bound_follows(lits, at),
            _ => None,
        }
    }

    /// What is known of a subject from the literals other than one of them: its values, and whether it is there.
    fn bounds(&self, lits: &Placed<'a>, except: usize, subject: usize) -> (Set, bool) {
        let own: Vec<&Lit<'a>> = lits
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != except)
            .map(|(_, (_, lit))| lit)
            .filter(|lit| lit.subject == subject)
            .collect();
        let there =
            !self.can_miss(subject) || own.iter().any(|lit| !lit.missing) || self.is_there(lits, except, subject);
        let sets: Vec<&Set> = own.iter().map(|lit| &lit.set).collect();
        (meet_all(&sets), there)
    }

    /// Whether another literal of the field, or a comparison with it, says that it is there.
    fn is_there(&self, lits: &Placed<'a>, except: usize, subject: usize) -> bool {
        let Some(slot) = self.subject(subject).map(|s| s.slot) else { return false };
        lits.iter().enumerate().any(|(i, (_, lit))| {
            i != except
                && !lit.missing
                && match self.kind(lit) {
                    Some(Kind::Pair(a, b)) => *a == slot || *b == slot,
                    _ => self.subject(lit.subject).is_some_and(|s| s.slot == slot),
                }
        })
    }

    /// Two fields compared: settled by where each of them lies.
    fn pair_follows(&self, lits: &Placed<'a>, at: usize, a: usize, b: usize) -> Option<(bool, Vec<Lit<'a>>)> {
        let (_, lit) = lits.get(at)?;
        let (x, y) = (self.value_subject(a)?, self.value_subject(b)?);
        self.comparable(x, y)?;
        let ((left, left_there), (right, right_there)) = (self.bounds(lits, at, x), self.bounds(lits, at, y));
        if x == y || !left_there || !right_there {
            return None;
        }
        // The orders that are still possible.
        let below = !matches!((left.low(), right.high()), (Some(low), Some(high)) if low >= high);
        let above = !matches!((left.high(), right.low()), (Some(high), Some(low)) if high <= low);
        let equal = !left.misses(&right);
        let below = below && !(equal_points(&left, &right));
        let above = above && !(equal_points(&left, &right));
        let holds = |order: i128| lit.set.holds(&Pos::Int(order));
        let possible = [(-1, below), (0, equal), (1, above)];
        let passes = possible.iter().filter(|(_, may)| *may).all(|(order, _)| holds(*order));
        let fails = possible.iter().filter(|(_, may)| *may).all(|(order, _)| !holds(*order));
        if !passes && !fails {
            return None;
        }
        let reasons = lits.iter().filter(|(_, other)| other.subject == x || other.subject == y);
        Some((passes, reasons.map(|(_, lit)| lit.clone()).collect()))
    }

    fn value_subject(&self, slot: usize) -> Option<usize> {
        self.slots.get(slot)?.subjects.first().copied()
    }

    /// Places of one subject mean the same on the other.
    fn comparable(&self, x: usize, y: usize) -> Option<()> {
        match (&self.subject(x)?.kind, &self.subject(y)?.kind) {
            (Kind::Value(Scale::Enum(a)), Kind::Value(Scale::Enum(b))) => (a == b).then_some(()),
            (Kind::Value(Scale::Opaque | Scale::Json), _) => None,
            (Kind::Value(a), Kind::Value(b)) => (a == b).then_some(()),
            (Kind::Count(_), Kind::Count(_)) => Some(()),
            _ => None,
        }
    }

    /// All comparisons that hold, but for those of one literal.
    fn edges(&self, lits: &Placed<'a>, except: usize) -> Vec<Edge> {
        let mut edges = Vec::new();
        let mut counts: Vec<(usize, &'a Event)> = Vec::new();
        for (i, (_, lit)) in lits.iter().enumerate() {
            match self.kind(lit) {
                Some(Kind::Pair(a, b)) if i != except && !lit.missing => {
                    let (Some(x), Some(y)) = (self.value_subject(*a), self.value_subject(*b)) else { continue };
                    if x == y || self.comparable(x, y).is_none() {
                        continue;
                    }
                    let holds = |order: i128| lit.set.holds(&Pos::Int(order));
                    let by = Some(i);
                    if !holds(1) {
                        edges.push(Edge { low: x, high: y, strict: !holds(0), by });
                    }
                    if !holds(-1) {
                        edges.push(Edge { low: y, high: x, strict: !holds(0), by });
                    }
                }
                Some(Kind::Count(event)) if !counts.iter().any(|(subject, _)| *subject == lit.subject) => {
                    counts.push((lit.subject, event));
                }
                _ => {}
            }
        }
        for (low, inner) in &counts {
            for (high, outer) in &counts {
                if low != high && self.counts_at_most(inner, outer) {
                    edges.push(Edge { low: *low, high: *high, strict: false, by: None });
                }
            }
        }
        edges
    }

    /// Whether one count is never above another: the same events in a window inside the other's, or fewer of them.
    fn counts_at_most(&self, inner: &Event, outer: &Event) -> bool {
        let date = self.catalog.event(&inner.event).is_none_or(|s| s.time_type == crate::catalog::FieldType::Date);
        inner.event == outer.event
            && inner.measure == outer.measure
            && (outer.filter.is_none() || inner.filter == outer.filter)
            && window_within(inner.window.as_ref(), outer.window.as_ref(), date)
    }

    /// A range settled by others: the ends of each subject move along the comparisons.
    fn bound_follows(&self, lits: &Placed<'a>, at: usize) -> Option<(bool, Vec<Lit<'a>>)> {
        let (_, lit) = lits.get(at)?;
        let edges = self.edges(lits, at);
        if !edges.iter().any(|edge| edge.low == lit.subject || edge.high == lit.subject) {
            return None;
        }
        let mut known: Vec<(usize, Set, bool)> = Vec::new();
        let mut used: Vec<usize> = Vec::new();
        for edge in &edges {
            for subject in [edge.low, edge.high] {
                if !known.iter().any(|(s, ..)| *s == subject) {
                    let (set, there) = self.bounds(lits, at, subject);
                    known.push((subject, set, there));
                }
            }
        }
        for _ in 0..known.len() {
            let mut moved = false;
            for edge in &edges {
                moved |= self.narrow(edge, &mut known, &mut used);
            }
            if !moved {
                break;
            }
        }
        let (_, set, there) = known.iter().find(|(s, ..)| *s == lit.subject)?;
        let verdict = if set.is_empty() || (*there && set.misses(&lit.set)) {
            false
        } else if (*there || lit.missing) && set.within(&lit.set) {
            true
        } else {
            return None;
        };
        // What stands in the way of nothing is no reason.
        let (own, _) = self.bounds(lits, at, lit.subject);
        if verdict && own.within(&lit.set) && !set.is_empty() && used.is_empty() && !*there {
            return None;
        }
        let reason = |i: &usize| {
            *i != at
                && lits.get(*i).is_some_and(|(_, other)| {
                    edges.iter().any(|edge| edge.by == Some(*i))
                        || edges.iter().any(|edge| edge.low == other.subject || edge.high == other.subject)
                })
        };
        let reasons: Vec<usize> = (0..lits.len()).filter(reason).collect();
        Some((verdict, reasons.iter().filter_map(|i| lits.get(*i)).map(|(_, lit)| lit.clone()).collect()))
    }

    /// Moves the ends of both sides of a comparison; whether anything moved.
    fn narrow(&self, edge: &Edge, known: &mut [(usize, Set, bool)], used: &mut Vec<usize>) -> bool {
        let of = |known: &[(usize, Set, bool)], subject: usize| {
            known.iter().find(|(s, ..)| *s == subject).map(|(_, set, _)| set.clone())
        };
        let (Some(low), Some(high)) = (of(known, edge.low), of(known, edge.high)) else { return false };
        let mut moved = false;
        if let Some(place) = low.low() {
            let bound = Set::interval(Some(if edge.strict { next(place) } else { place.clone() }), None);
            moved |= self.meet_into(known, edge.high, &bound);
        }
        if let Some(place) = high.high() {
            let bound = Set::interval(None, Some(if edge.strict { previous(place) } else { place.clone() }));
            moved |= self.meet_into(known, edge.low, &bound);
        }
        if moved {
            used.extend(edge.by);
        }
        moved
    }

    fn meet_into(&self, known: &mut [(usize, Set, bool)], subject: usize, bound: &Set) -> bool {
        let (min, max) = self.subject(subject).map_or((None, None), |s| (s.min, s.max));
        let Some((_, set, _)) = known.iter_mut().find(|(s, ..)| *s == subject) else { return false };
        let met = set.meet(&bound.clone().clamp(min, max));
        let moved = met != *set;
        *set = met;
        moved
    }

    /// Whether a value that passes one test passes the other.
    pub(super) fn test_implies(&self, a: usize, b: usize) -> bool {
        match (self.subject(a).map(|s| &s.kind), self.subject(b).map(|s| &s.kind)) {
            (Some(Kind::Test { condition: a, .. }), Some(Kind::Test { condition: b, .. })) => implies(a, b),
            _ => false,
        }
    }
}

/// Whether both sets are one and the same value.
fn equal_points(a: &Set, b: &Set) -> bool {
    let single = |set: &Set| match set.cuts.as_slice() {
        [Pos::Int(low), Pos::Int(high)] => !set.first && *high == low + 1,
        [Pos::Float(low, false), Pos::Float(high, true)] => !set.first && low == high,
        [Pos::Text(low, false), Pos::Text(high, true)] => !set.first && low == high,
        _ => false,
    };
    a == b && single(a)
}

/// The place for what is greater than everything from a place on.
fn next(place: &Pos) -> Pos {
    match place {
        Pos::Int(n) => Pos::Int(n + 1),
        Pos::Float(x, _) => Pos::Float(*x, true),
        Pos::Text(text, _) => Pos::Text(text.clone(), true),
    }
}

/// The place for what is less than everything up to a place.
fn previous(place: &Pos) -> Pos {
    match place {
        Pos::Int(n) => Pos::Int(n - 1),
        Pos::Float(x, _) => Pos::Float(*x, false),
        Pos::Text(text, _) => Pos::Text(text.clone(), false),
    }
}

/// Whether one test of texts or lists implies another, both said plainly.
fn implies(a: &Condition, b: &Condition) -> bool {
    use Operator as O;
    // Of two fields the one says nothing of the other, however alike the tests are.
    if a.field != b.field {
        return false;
    }
    // What is folded is known only folded.
    if a.case == Case::Insensitive && b.case == Case::Sensitive {
        return false;
    }
    let fold = b.case == Case::Insensitive;
    match (plain_operator(a.op), plain_operator(b.op), &a.value, &b.value) {
        (x, y, Some(Operand::One(Literal::Str(long))), Some(Operand::One(Literal::Str(short)))) => {
            let (long, short) = if fold { (fold_case(long), fold_case(short)) } else { (long.clone(), short.clone()) };
            match (x, y) {
                (O::Contains | O::StartsWith | O::EndsWith | O::Eq, O::Contains) => long.contains(&short),
                (O::StartsWith | O::Eq, O::StartsWith) => long.starts_with(&short),
                (O::EndsWith | O::Eq, O::EndsWith) => long.ends_with(&short),
                _ => false,
            }
        }
        (x @ (O::HasAny | O::HasAll), y @ (O::HasAny | O::HasAll), Some(Operand::Many(a)), Some(Operand::Many(b))) => {
            let same = |x: &Literal, y: &Literal| match (x, y) {
                (Literal::Str(x), Literal::Str(y)) if fold => fold_case(x) == fold_case(y),
                _ => x == y,
            };
            let held = |one: &Literal, list: &[Literal]| list.iter().any(|other| same(one, other));
            if a.len().max(b.len()) > 256 {
                return false;
            }
            match (x, y) {
                (O::HasAll, O::HasAll) => b.iter().all(|one| held(one, a)),
                (O::HasAll, _) => b.iter().any(|one| held(one, a)),
                (_, O::HasAny) => a.iter().all(|one| held(one, b)),
                // Any of some values is all of them only where there is one.
                _ => a.iter().all(|one| b.iter().all(|other| same(one, other))),
            }
        }
        _ => false,
    }
}
