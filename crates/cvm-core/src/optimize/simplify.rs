//! The rules, from the leaves up and from the outside in.

use super::context::Context;
use super::merge::Placed;
use super::subject::{Lit, Node};
use super::world::World;

/// Rounds over one group; each makes it smaller, so there are few.
const ROUNDS: usize = 16;

/// The children of a group: literals and everything else, each with its place.
pub(super) struct Parts<'a> {
    pub(super) lits: Placed<'a>,
    pub(super) subs: Vec<(usize, Node<'a>)>,
}

impl<'a> World<'a> {
    /// A node that holds for the same customers wherever the context holds.
    pub(super) fn simplify(&mut self, node: Node<'a>, context: &mut Context<'a>) -> Node<'a> {
        match node {
            Node::Const(_) => node,
            Node::Lit(lit) => match self.settled(&lit, context) {
                Some(verdict) => Node::Const(verdict),
                None => Node::Lit(lit),
            },
            Node::AtLeast { n, children } => self.counted(n, children, context),
            Node::Group { all, children } => self.group_of(all, children, context),
        }
    }

    /// The verdict of a literal that the context settles, written down.
    fn settled(&mut self, lit: &Lit<'a>, context: &Context<'a>) -> Option<bool> {
        let verdict = context.verdict(self, lit)?;
        let slot = self.subject(lit.subject)?.slot;
        let near = |world: &Self, other: &Lit<'a>| world.subject(other.subject).is_some_and(|s| s.slot == slot);
        let reason = context.known.iter().rev().find(|(other, _)| near(self, other)).cloned();
        let shown = self.show(lit, true);
        let (rule, message) = match (reason, verdict) {
            (None, true) => ("always", format!("{shown} always holds")),
            (None, false) => ("never", format!("{shown} never holds")),
            (Some((other, true)), true) => {
                ("implied", format!("dropped {shown}: implied by {}", self.show(&other, true)))
            }
            (Some((other, true)), false) => {
                ("contradiction", format!("dropped {shown}: it never holds together with {}", self.show(&other, true)))
            }
            (Some((other, false)), true) => {
                ("implied", format!("dropped {shown}: it holds wherever {} does not", self.show(&other, false)))
            }
            (Some((other, false)), false) => {
                ("absorbed", format!("dropped {shown}: it is part of {}", self.show(&other, false)))
            }
        };
        self.note(rule, || message);
        Some(verdict)
    }

    fn counted(&mut self, n: usize, children: Vec<Node<'a>>, context: &mut Context<'a>) -> Node<'a> {
        let mut n = n;
        let mut kept = Vec::with_capacity(children.len());
        for child in children {
            match self.simplify(child, context) {
                Node::Const(true) => {
                    self.note("constant", || {
                        "one of the filters always holds: asked for one less of the others".to_owned()
                    });
                    n = n.saturating_sub(1);
                }
                Node::Const(false) => self.note("constant", || "dropped a filter that never holds".to_owned()),
                other => kept.push(other),
            }
        }
        if n == 0 {
            return Node::Const(true);
        }
        if n > kept.len() {
            let size = kept.len();
            self.note("constant", || format!("at least {n} of {size} filters never hold together: nobody"));
            return Node::Const(false);
        }
        if n == 1 || n == kept.len() {
            let all = n != 1;
            self.note("at least", || if all { "at least all is `and`" } else { "at least 1 is `or`" }.to_owned());
            return self.group_of(all, kept, context);
        }
        Node::AtLeast { n, children: kept }
    }

    /// A group, simplified; `all` is `and`, else `or`.
    fn group_of(&mut self, all: bool, children: Vec<Node<'a>>, context: &mut Context<'a>) -> Node<'a> {
        let mut parts = Parts { lits: Vec::with_capacity(children.len()), subs: Vec::new() };
        let mut place = 0;
        if children.len() == 1 {
            self.note("flatten", || "a group of one filter is that filter".to_owned());
        }
        if !self.spread(all, children, &mut parts, &mut place, true) {
            return Node::Const(!all);
        }
        for _ in 0..ROUNDS {
            // What is around the group settles some of it; the rest is looked at together.
            let mut open = std::mem::take(&mut parts.lits);
            let mut lost = false;
            open.retain_mut(|(_, lit)| {
                if lost {
                    return false;
                }
                let verdict = self.settled(lit, context);
                lost = verdict == Some(!all);
                if !all {
                    self.turn(lit);
                }
                verdict.is_none()
            });
            if lost {
                return Node::Const(!all);
            }
            let said = self.trace.len();
            let consistent = self.merge(&mut open, all) && self.relate(&mut open, all);
            if !consistent {
                return Node::Const(!all);
            }
            let mark = context.mark();
            // What was merged may be settled by what is around the group, where its parts were not.
            let mut again = self.trace.len() > said;
            let subs = std::mem::take(&mut parts.subs);
            if !subs.is_empty() {
                for (_, lit) in &open {
                    context.assume(self, lit, all);
                }
            }
            let mut inner = Vec::with_capacity(subs.len());
            for (at, sub) in subs {
                match self.simplify(sub, context) {
                    Node::Const(verdict) if verdict == all => {}
                    Node::Const(_) => {
                        lost = true;
                        break;
                    }
                    other => inner.push((at, other)),
                }
            }
            context.back(mark);
            if lost {
                return Node::Const(!all);
            }
            if !all {
                open.iter_mut().for_each(|(_, lit)| self.turn(lit));
            }
            parts.lits = open;
            for (at, sub) in inner {
                match sub {
                    Node::Lit(lit) => {
                        parts.lits.push((at, lit));
                        again = true;
                    }
                    Node::Group { all: kind, children } if kind == all => {
                        for child in children {
                            match child {
                                Node::Lit(lit) => parts.lits.push((at, lit)),
                                other => parts.subs.push((at, other)),
                            }
                        }
                        again = true;
                    }
                    other => parts.subs.push((at, other)),
                }
            }
            parts.lits.sort_by_key(|(at, _)| *at);
            if !again {
                if !self.absorb(all, &mut parts) {
                    return Node::Const(!all);
                }
                again = self.factor(all, &mut parts) || self.minimize(all, &mut parts);
            }
            if !again {
                break;
            }
        }
        join(all, parts)
    }

    /// Sorts children into literals and others, with inner groups of the same kind taken apart; false when one of them
    /// settles the group.
    fn spread(
        &mut self,
        all: bool,
        children: Vec<Node<'a>>,
        parts: &mut Parts<'a>,
        place: &mut usize,
        top: bool,
    ) -> bool {
        let word = if all { "and" } else { "or" };
        for child in children {
            *place += 1;
            match child {
                Node::Const(verdict) if verdict == all => {
                    let name = if verdict { "everyone" } else { "nobody" };
                    self.note("constant", || format!("dropped `{name}` from `{word}`"));
                }
                Node::Const(verdict) => {
                    let name = if verdict { "everyone" } else { "nobody" };
                    self.note("constant", || format!("`{name}` inside `{word}`: {name}"));
                    return false;
                }
                Node::Lit(lit) => parts.lits.push((*place, lit)),
                Node::Group { all: kind, children } if kind == all => {
                    let size = children.len();
                    if top {
                        self.note("flatten", || format!("took {size} filters out of an inner `{word}`"));
                    }
                    if !self.spread(all, children, parts, place, top) {
                        return false;
                    }
                }
                other => parts.subs.push((*place, other)),
            }
        }
        true
    }
}

/// A group of its parts in the order of their places.
pub(super) fn join<'a>(all: bool, parts: Parts<'a>) -> Node<'a> {
    let mut children: Vec<Node<'a>> = Vec::with_capacity(parts.lits.len() + parts.subs.len());
    let (mut lits, mut subs) = (parts.lits.into_iter().peekable(), parts.subs.into_iter().peekable());
    loop {
        let lit_first = match (lits.peek(), subs.peek()) {
            (Some((lit, _)), Some((sub, _))) => lit <= sub,
            (lit, _) => lit.is_some(),
        };
        let next = if lit_first { lits.next().map(|(_, lit)| Node::Lit(lit)) } else { subs.next().map(|(_, sub)| sub) };
        let Some(next) = next else { break };
        children.push(next);
    }
    match children.len() {
        0 => Node::Const(all),
        1 => children.pop().unwrap_or(Node::Const(all)),
        _ => Node::Group { all, children },
    }
}
