//! A predicate in normal form becomes a tree of nodes.

use super::check::Check;
use super::cost;
use super::fact::FactNode;
use super::node::{FieldNode, Node, OddNode, OddTest};
use super::rows::RowsNode;
use super::times::Times;
use crate::predicate::{Leaf, Predicate, Test};

pub(super) fn node(predicate: &Predicate, times: &mut Times) -> Node {
    match predicate {
        Predicate::Constant(value) => Node::Constant(*value),
        Predicate::All(children) => Node::All(group(children, times)),
        Predicate::Any(children) => Node::Any(group(children, times)),
        Predicate::AtLeast(n, children) => Node::AtLeast(*n, group(children, times)),
        Predicate::Leaf(leaf) => field(leaf, times),
        Predicate::Measured(measured) => Node::Rows(Box::new(RowsNode::of(measured, times))),
        Predicate::Segment(segment) => node(&segment.filter, times),
        Predicate::Fact(fact) => Node::Fact(Box::new(FactNode::of(&fact.test, fact.node, times)), fact.negated),
        // In normal form nothing but leaves is turned round, and this is one step towards it.
        Predicate::Not(_) => node(&predicate.clone().normalized(), times),
    }
}

/// Nothing has an effect and everything has a verdict, so the order is free.
fn group(children: &[Predicate], times: &mut Times) -> Box<[Node]> {
    let mut nodes: Vec<Node> = children.iter().map(|child| node(child, times)).collect();
    nodes.sort_by_key(cost::of);
    nodes.into()
}

fn field(leaf: &Leaf, times: &mut Times) -> Node {
    let (negated, on_missing) = (leaf.negated, leaf.on_missing);
    match &leaf.test {
        Test::Field(comparison, other) => {
            let test = OddTest::Beside(*comparison, other.clone());
            Node::Odd(Box::new(OddNode { field: leaf.field.clone(), test, negated, on_missing }))
        }
        test => {
            let check = Check::of(test, leaf.node, times);
            if leaf.field.path.is_empty() {
                Node::Field(Box::new(FieldNode { index: leaf.field.index, check, negated, on_missing }))
            } else {
                let test = OddTest::Place(check);
                Node::Odd(Box::new(OddNode { field: leaf.field.clone(), test, negated, on_missing }))
            }
        }
    }
}
