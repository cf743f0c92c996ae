//! Reading JSON with findings: a borrowed tree, and readers that report every unknown, missing or double key by pointer.

mod object;
mod tree;

pub(crate) use object::{Object, array, string, u32_from, word, wrong_kind};
pub(crate) use tree::{Json, parse};
