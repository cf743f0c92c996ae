//! The walk over the nodes.

use super::Checker;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Path};
use crate::filter::Filter;
use crate::predicate::{Fact, FactTest, FieldRef, Leaf, Predicate, Test};
use crate::value::Value;

impl<'c> Checker<'c> {
    /// Checks the node at `path`; its predicate, or `None` where a finding says why there is none.
    pub(super) fn node(
        &mut self,
        filter: &Filter,
        scope: &Scope<'c>,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Predicate> {
        self.nodes += 1;
        if depth > self.limits.depth {
            out.push(Diagnostic::error(
                Code::DepthLimit,
                path.pointer(),
                format!("nested deeper than {} filters", self.limits.depth),
            ));
            return None;
        }
        if self.nodes > self.limits.nodes {
            // Said once: the walk goes up and nothing below the next siblings is looked at.
            if self.nodes == self.limits.nodes + 1 {
                let message = format!("the filter has more than {} nodes", self.limits.nodes);
                out.push(
                    Diagnostic::error(Code::SizeLimit, path.pointer(), message)
                        .help("say conditions on many values as one, with `in`, or put the customers into a list"),
                );
            }
            return None;
        }
        // Inside a `where` or a segment, the node to be blamed is the one that holds it.
        let node = if scope.is_customer && self.segments.is_empty() {
            self.at += 1;
            self.at - 1
        } else {
            self.at.saturating_sub(1)
        };
        if !scope.is_customer && !inside_where(filter) {
            out.push(
                Diagnostic::error(
                    Code::NotMeaningful,
                    path.key("type").pointer(),
                    format!("a `where` looks at one row{} and can't hold this node", scope.of),
                )
                .help("use conditions, `and`, `or`, `not`, `at_least`, `everyone`, `nobody`"),
            );
            return None;
        }
        match filter {
            Filter::Everyone => Some(Predicate::Constant(true)),
            Filter::Nobody => Some(Predicate::Constant(false)),
            Filter::And { children } => self.children(children, scope, path, depth, out).map(Predicate::All),
            Filter::Or { children } => self.children(children, scope, path, depth, out).map(Predicate::Any),
            Filter::Not { child } => {
                let child = self.node(child, scope, &path.key("child"), depth + 1, out)?;
                Some(Predicate::Not(Box::new(child)))
            }
            Filter::AtLeast { n, children } => {
                let n = *n as usize;
                let size = children.len();
                let children = self.children(children, scope, path, depth, out);
                if size > 0 && (n == 0 || n > size) {
                    out.push(Diagnostic::error(
                        Code::InvalidValue,
                        path.key("n").pointer(),
                        format!("at least {n} of {size} filters can't be asked: give a number from 1 to {size}"),
                    ));
                    return None;
                }
                children.map(|children| Predicate::AtLeast(n, children))
            }
            Filter::Condition(condition) => {
                self.condition(condition, scope, path, out).map(|leaf| Predicate::Leaf(Leaf { node, ..leaf }))
            }
            Filter::Segment(segment) => self.segment(segment, path, depth, out),
            Filter::List(list) => self.list(&list.list, node, path, out),
            Filter::Event(event) => self.event(event, node, path, depth, out),
            Filter::Sequence(sequence) => self.sequence(sequence, path, depth, out).map(|test| fact(node, test)),
            Filter::Regularly(regularly) => self.regularly(regularly, node, path, depth, out),
            Filter::Stopped(stopped) => self.stopped(stopped, node, path, depth, out),
            Filter::Restarted(restarted) => self.restarted(restarted, path, depth, out).map(|test| fact(node, test)),
            Filter::Related(related) => self.related(related, node, path, depth, out),
            Filter::Rank(rank) => self.rank(rank, path, depth, out).map(|test| fact(node, test)),
            Filter::Bucket(bucket) => self.bucket(bucket, path, out).map(|test| fact(node, test)),
            Filter::Geo(geo) => self.geo(geo, path, out).map(|test| fact(node, test)),
        }
    }

    fn children(
        &mut self,
        children: &[Filter],
        scope: &Scope<'c>,
        path: &Path<'_>,
        depth: usize,
        out: &mut Diagnostics,
    ) -> Option<Vec<Predicate>> {
        if children.is_empty() {
            out.push(
                Diagnostic::error(Code::EmptyGroup, path.key("children").pointer(), "the group has no filters")
                    .help("say `{\"type\": \"everyone\"}` or `{\"type\": \"nobody\"}` if that is meant"),
            );
            return None;
        }
        let path = path.key("children");
        let mut predicates = Vec::with_capacity(children.len());
        for (i, child) in children.iter().enumerate() {
            if let Some(predicate) = self.node(child, scope, &path.index(i), depth + 1, out) {
                predicates.push(predicate);
            }
        }
        (predicates.len() == children.len()).then_some(predicates)
    }

    /// Membership in a static list, as a test of the key.
    fn list(&self, name: &str, node: usize, path: &Path<'_>, out: &mut Diagnostics) -> Option<Predicate> {
        let Some(list) = self.catalog.list(name) else {
            let names = self.catalog.lists.iter().map(|list| list.name.as_str());
            out.push(
                Diagnostic::error(Code::UnknownList, path.key("list").pointer(), format!("no list `{name}`"))
                    .suggest_from(name, names),
            );
            return None;
        };
        let table = &self.catalog.customers;
        let index = table.fields.iter().position(|field| field.name == table.key)?;
        let key = table.fields.get(index)?;
        let mut values = |literals: &[crate::filter::Literal]| -> Vec<Value> {
            literals.iter().filter_map(|l| super::literal::typed(l, &key.ty, self.clock.zone(), path, out)).collect()
        };
        let removed = values(&list.remove);
        let mut members = values(&list.members);
        members.extend(values(&list.add));
        members.retain(|member| !removed.iter().any(|gone| gone.equals(member)));
        Some(Predicate::Leaf(Leaf {
            node,
            field: FieldRef { index, path: Vec::new() },
            test: Test::In(members),
            negated: false,
            on_missing: false,
        }))
    }
}

fn fact(node: usize, test: FactTest) -> Predicate {
    Predicate::Fact(Box::new(Fact { node, negated: false, test }))
}

/// What a `where` may hold.
fn inside_where(filter: &Filter) -> bool {
    !filter.is_leaf() || matches!(filter, Filter::Everyone | Filter::Nobody | Filter::Condition(_))
}
