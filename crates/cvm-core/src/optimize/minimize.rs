//! Exact minimisation of small groups.

use super::build::World;
use super::context::Context;
use super::subject::Node;

impl<'a> World<'a> {
    pub(super) fn minimized(&mut self, node: Node<'a>, _context: &mut Context<'a>) -> Node<'a> {
        node
    }
}
