//! What a node takes to answer, about, in nanoseconds: the cheap ones are asked first.

use super::check::Check;
use super::fact::FactNode;
use super::node::{Node, OddTest};
use super::set::{Numbers, Texts};
use crate::predicate::{Needle, Test};

/// Rows that a customer has in one stream, about.
const ROWS: u32 = 10;

pub(super) fn of(node: &Node) -> u32 {
    match node {
        Node::Constant(_) => 0,
        Node::Field(field) => 2 + check(&field.check),
        Node::Odd(odd) => match &odd.test {
            OddTest::Place(inner) => 40 + check(inner),
            OddTest::Beside(..) => 5,
        },
        Node::All(children) | Node::Any(children) | Node::AtLeast(_, children) => {
            children.iter().map(of).fold(1, u32::saturating_add)
        }
        Node::Rows(rows) => {
            let each = 2 + rows.filter().map_or(0, of) + rows.each_row();
            each.saturating_mul(ROWS).saturating_add(5)
        }
        Node::Fact(fact, _) => match &**fact {
            FactNode::Sequence(_) => 400,
            FactNode::Restarted(_) => 150,
            FactNode::Bucket(_) => 300,
            FactNode::Geo(_) => 60,
            FactNode::Never => 0,
        },
    }
}

fn check(check: &Check) -> u32 {
    match check {
        Check::Present | Check::Bool(_) => 0,
        Check::Ints(Numbers::One(_), _) | Check::Times(Numbers::One(_), _) | Check::IntRange(..) => 1,
        Check::Span(_) => 2,
        Check::Ints(..) | Check::Times(..) => 4,
        Check::Texts(Texts::One(_)) => 3,
        Check::Texts(_) => 10,
        Check::Contains(_) | Check::Round(_) | Check::RoundMoves(_) => 20,
        Check::Test(test) => match &**test {
            Test::Present | Test::Empty | Test::Size(_) => 1,
            Test::Range(_) => 6,
            Test::In(values) => 4 + u32::try_from(values.len()).unwrap_or(u32::MAX / 8).saturating_mul(4),
            Test::Has { values, fold, .. } => {
                let each = if *fold { 200 } else { 10 };
                10 + u32::try_from(values.len()).unwrap_or(u32::MAX / 800).saturating_mul(each)
            }
            Test::Text(text) => match &text.needle {
                Needle::Matches(_) => 100,
                _ if text.fold => 80,
                Needle::Contains(_) => 20,
                _ => 5,
            },
            Test::Field(..) | Test::MonthDay { .. } => 10,
        },
    }
}
