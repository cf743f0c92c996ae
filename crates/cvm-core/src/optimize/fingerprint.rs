//! Fingerprints: equal for filters that are equal but for how they are written.
//!
//! The filter is written as bytes in a canonical form, without a catalog: `not` in the leaves, groups in groups taken
//! apart, constants folded, children sorted and none twice, values of lists sorted and none twice, whole floats as
//! integers, operators with two names under one. The hash is 128-bit FNV-1a over those bytes. Neither depends on the
//! platform; a change of either would be a breaking change.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::operator::plain_operator;
use crate::filter::{Condition, Filter, Literal, Missing, Operand, Operator};

/// A stable 128-bit hash of a filter; prints as 32 hexadecimal digits.
///
/// ```
/// use cvm_core::Filter;
/// let a: Filter = "age > 30 and city in ('Paris', 'Lyon')".parse()?;
/// let b: Filter = "city in ('Lyon', 'Paris', 'Lyon') and (age > 30 and everyone)".parse()?;
/// assert_eq!(a.fingerprint(), b.fingerprint());
/// assert_eq!(a.fingerprint().to_string().len(), 32);
/// # Ok::<(), cvm_core::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u128);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Filter {
    /// The fingerprint: equal for filters that differ in order, repetition, nesting and spelling only. Filters that
    /// need a catalog to be seen as equal converge further when they are [optimised](crate::optimize()) first.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut bytes = Vec::new();
        canonical(self, false).write(&mut bytes);
        let hash = bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME));
        Fingerprint(hash)
    }
}

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Const(bool),
    /// A leaf, and whether it is turned round.
    Leaf(Vec<u8>, bool),
    /// `and` (true) or `or`.
    Group(bool, Vec<Form>),
    AtLeast(usize, Vec<Form>),
}

impl Form {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Const(all) => out.push(if *all { b'1' } else { b'0' }),
            Self::Leaf(bytes, negated) => {
                out.push(if *negated { b'-' } else { b'+' });
                text(bytes, out);
            }
            Self::Group(all, children) => {
                out.push(if *all { b'&' } else { b'|' });
                list(children, out);
            }
            Self::AtLeast(n, children) => {
                out.push(b'#');
                text(n.to_string().as_bytes(), out);
                list(children, out);
            }
        }
    }
}

fn list(children: &[Form], out: &mut Vec<u8>) {
    out.push(b'(');
    children.iter().for_each(|child| child.write(out));
    out.push(b')');
}

/// Bytes with their length before them, so that nothing in them can be taken for something else.
fn text(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(bytes.len().to_string().as_bytes());
    out.push(b':');
    out.extend(bytes);
}

fn canonical(filter: &Filter, negate: bool) -> Form {
    match filter {
        Filter::Everyone => Form::Const(!negate),
        Filter::Nobody => Form::Const(negate),
        Filter::Not { child } => canonical(child, !negate),
        Filter::And { children } => group(!negate, children.iter().map(|child| canonical(child, negate))),
        Filter::Or { children } => group(negate, children.iter().map(|child| canonical(child, negate))),
        Filter::AtLeast { n, children } => {
            let (size, n) = (children.len(), *n as usize);
            let n = if negate { (size + 1).saturating_sub(n) } else { n };
            let children = children.iter().map(|child| canonical(child, negate));
            if n == 1 || n == size {
                return group(n != 1, children);
            }
            let mut children: Vec<Form> = children.collect();
            children.sort_unstable();
            Form::AtLeast(n, children)
        }
        Filter::Condition(condition) => leaf(condition, negate),
        other => {
            let mut bytes = Vec::new();
            json(&serde_json::to_value(bare(other)).unwrap_or_default(), &mut bytes);
            for inner in inner(other) {
                match inner {
                    Some(filter) => canonical(filter, false).write(&mut bytes),
                    None => bytes.push(b'.'),
                }
            }
            Form::Leaf(bytes, negate)
        }
    }
}

fn group(all: bool, children: impl Iterator<Item = Form>) -> Form {
    let mut kept = Vec::new();
    for child in children {
        match child {
            Form::Const(verdict) if verdict == all => {}
            Form::Const(verdict) => return Form::Const(verdict),
            Form::Group(kind, inner) if kind == all => kept.extend(inner),
            other => kept.push(other),
        }
    }
    kept.sort_unstable();
    kept.dedup();
    // A leaf and its complement sort beside each other.
    let opposed = kept.windows(2).any(|pair| matches!(pair, [Form::Leaf(a, false), Form::Leaf(b, true)] if a == b));
    if opposed {
        return Form::Const(!all);
    }
    match (kept.pop(), kept.is_empty()) {
        (None, _) => Form::Const(all),
        (Some(only), true) => only,
        (Some(last), false) => {
            kept.push(last);
            Form::Group(all, kept)
        }
    }
}

fn leaf(condition: &Condition, negate: bool) -> Form {
    let missing = condition.missing.map_or(condition.op.on_missing(), |rule| rule == Missing::Include);
    let plain = match condition.op {
        Operator::IsNotSet => Operator::IsSet,
        Operator::Before => Operator::Lt,
        Operator::After => Operator::Gt,
        Operator::On => Operator::Eq,
        op => plain_operator(op),
    };
    let negated = condition.op == Operator::IsNotSet || plain_operator(condition.op) != condition.op;
    let one = match (&condition.value, plain) {
        (Some(Operand::Many(values)), Operator::In) if values.len() == 1 => values.first().cloned().map(Operand::One),
        _ => None,
    };
    let (plain, value) = match &one {
        Some(one) => (Operator::Eq, Some(one)),
        None => (plain, condition.value.as_ref()),
    };
    let mut bytes = Vec::new();
    text(condition.field.as_bytes(), &mut bytes);
    text(plain.as_str().as_bytes(), &mut bytes);
    bytes.push(if condition.case.is_sensitive() { b's' } else { b'i' });
    // The verdict on missing values, of the leaf before it is turned round.
    bytes.push(if missing != negated { b'm' } else { b'n' });
    match value {
        None => {}
        Some(Operand::Many(values)) => {
            let mut written: Vec<Vec<u8>> = values.iter().map(literal).collect();
            if plain != Operator::Between {
                written.sort_unstable();
                written.dedup();
            }
            written.iter().for_each(|value| text(value, &mut bytes));
        }
        Some(Operand::One(value)) => text(&literal(value), &mut bytes),
        Some(other) => json(&serde_json::to_value(other).unwrap_or_default(), &mut bytes),
    }
    Form::Leaf(bytes, negated != negate)
}

fn literal(literal: &Literal) -> Vec<u8> {
    let mut bytes = Vec::new();
    json(&serde_json::to_value(literal).unwrap_or_default(), &mut bytes);
    bytes
}

/// JSON with sorted keys and whole floats as integers.
fn json(value: &Json, out: &mut Vec<u8>) {
    match value {
        Json::Null => out.push(b'_'),
        Json::Bool(b) => out.push(if *b { b't' } else { b'f' }),
        Json::Number(number) => {
            out.push(b'n');
            let float = number.as_f64().filter(|_| !number.is_i64() && !number.is_u64());
            let written = match float {
                // Below 2^53 a whole float is that integer.
                Some(x) if x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0 => format!("{:.0}", x + 0.0),
                Some(x) => format!("{x:e}"),
                None => number.to_string(),
            };
            text(written.as_bytes(), out);
        }
        Json::String(string) => {
            out.push(b's');
            text(string.as_bytes(), out);
        }
        Json::Array(items) => {
            out.push(b'[');
            items.iter().for_each(|item| json(item, out));
            out.push(b']');
        }
        Json::Object(map) => {
            let mut keys: Vec<(&String, &Json)> = map.iter().collect();
            keys.sort_unstable_by_key(|(key, _)| *key);
            out.push(b'{');
            for (key, value) in keys {
                text(key.as_bytes(), out);
                json(value, out);
            }
            out.push(b'}');
        }
    }
}

/// The filters inside a node, in a fixed order.
fn inner(filter: &Filter) -> Vec<Option<&Filter>> {
    use crate::filter::RankBy;
    match filter {
        Filter::Event(node) => vec![node.filter.as_deref()],
        Filter::Regularly(node) => vec![node.filter.as_deref()],
        Filter::Stopped(node) => vec![node.filter.as_deref()],
        Filter::Restarted(node) => vec![node.filter.as_deref()],
        Filter::Related(node) => vec![node.filter.as_deref()],
        Filter::Sequence(node) => node
            .steps
            .iter()
            .flat_map(|step| {
                [step.filter.as_deref(), step.without.as_ref().and_then(|absence| absence.filter.as_deref())]
            })
            .collect(),
        Filter::Rank(node) => {
            let by = match &node.by {
                RankBy::Event { filter, .. } => filter.as_deref(),
                RankBy::Field { .. } => None,
            };
            vec![by, node.among.as_deref()]
        }
        _ => Vec::new(),
    }
}

/// The node without the filters inside it.
fn bare(filter: &Filter) -> Filter {
    use crate::filter::RankBy;
    let mut bare = filter.clone();
    match &mut bare {
        Filter::Event(node) => node.filter = None,
        Filter::Regularly(node) => node.filter = None,
        Filter::Stopped(node) => node.filter = None,
        Filter::Restarted(node) => node.filter = None,
        Filter::Related(node) => node.filter = None,
        Filter::Sequence(node) => {
            for step in &mut node.steps {
                step.filter = None;
                if let Some(absence) = &mut step.without {
                    absence.filter = None;
                }
            }
        }
        Filter::Rank(node) => {
            node.among = None;
            if let RankBy::Event { filter, .. } = &mut node.by {
                *filter = None;
            }
        }
        _ => {}
    }
    bare
}
