//! Which conditions look at what.

use cvm_core::predicate::RowSource;

use super::board::Board;
use super::leaf::Leaf;
use super::state::Live;

/// Conditions that no running number answers, by number.
#[derive(Debug, Default)]
pub(super) struct Asks {
    /// By the field that they look at.
    pub(super) fields: Vec<Vec<u32>>,
    /// By the stream.
    pub(super) streams: Vec<Vec<u32>>,
    /// By the related table.
    pub(super) tables: Vec<Vec<u32>>,
    pub(super) all: Vec<u32>,
}

impl Asks {
    fn add(&mut self, number: u32, leaf: &Leaf) {
        self.all.push(number);
        for field in &leaf.needs.fields {
            put(&mut self.fields, *field, number);
        }
        for source in &leaf.needs.sources {
            match source {
                RowSource::Events(stream) => put(&mut self.streams, *stream, number),
                RowSource::Related(table) => put(&mut self.tables, *table, number),
            }
        }
    }
}

fn put(lists: &mut Vec<Vec<u32>>, at: usize, number: u32) {
    if lists.len() <= at {
        lists.resize(at + 1, Vec::new());
    }
    lists.iter_mut().skip(at).take(1).for_each(|list| list.push(number));
}

impl Live {
    /// Looks anew at what conditions and segments there are.
    pub(super) fn index_leaves(&mut self) {
        let mut asks = Asks::default();
        for (number, leaf) in (0..).zip(&self.leaves) {
            if let Some(leaf) = leaf.as_ref().filter(|leaf| leaf.fast.is_none()) {
                asks.add(number, leaf);
            }
        }
        self.asks = asks;
        self.board = Board::of(self.segments.iter().map(|segment| segment.as_ref().map(|segment| &segment.formula)));
        self.has_odd = false;
        for leaf in self.leaves.iter_mut().flatten() {
            leaf.odd = leaf.segments.iter().copied().filter(|segment| self.board.is_odd(*segment)).collect();
            self.has_odd |= !leaf.odd.is_empty();
        }
    }
}
