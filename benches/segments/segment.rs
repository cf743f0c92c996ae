//! Segments out of the pool: seeded, so that everybody counts the same ones.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::pool::{self, Condition};
use crate::population::Random;

/// A segment over conditions that are named by their numbers.
pub enum Segment {
    One(usize),
    And(Vec<Segment>),
    Or(Vec<Segment>),
    Not(Box<Segment>),
}

pub struct Segments {
    pub conditions: Vec<Condition>,
    pub segments: Vec<Segment>,
}

impl Segments {
    /// So many segments, no two of them the same: two to six conditions, in a quarter of them one or two about what
    /// customers did.
    pub fn new(number: usize) -> Self {
        let mut conditions = pool::fields();
        let fields = conditions.len();
        conditions.extend(pool::behaviour());
        let mut random = Random(3);
        let (mut segments, mut seen) = (Vec::new(), HashSet::new());
        while segments.len() < number {
            let behavioural = if segments.len() % 4 == 0 { 1 + random.below(2) as usize } else { 0 };
            let many = 2 + random.below(5) as usize;
            let picked = pick(&mut random, &conditions, fields, many, behavioural.min(many - 1));
            let segment = shape(&mut random, picked);
            if seen.insert(segment.text(&conditions)) {
                segments.push(segment);
            }
        }
        Self { conditions, segments }
    }

    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.segments.iter().map(|segment| segment.text(&self.conditions))
    }

    /// For the peers: the conditions, and each segment as a tree of their numbers.
    pub fn json(&self) -> Value {
        let conditions: Vec<Value> = self.conditions.iter().map(Condition::json).collect();
        let segments: Vec<Value> = self.segments.iter().map(Segment::json).collect();
        json!({"conditions": conditions, "segments": segments})
    }
}

/// Different conditions, each about something else; the behavioural ones come last.
fn pick(random: &mut Random, pool: &[Condition], fields: usize, many: usize, behavioural: usize) -> Vec<usize> {
    let (mut picked, mut about) = (Vec::<usize>::new(), HashSet::new());
    while picked.len() < many {
        let at = if picked.len() < many - behavioural {
            random.below(fields as u64) as usize
        } else {
            fields + random.below((pool.len() - fields) as u64) as usize
        };
        if about.insert(pool[at].about) {
            picked.push(at);
        }
    }
    picked
}

/// Half of the segments are one `and`; the others have an `or` of two in it, a `not`, or both.
fn shape(random: &mut Random, picked: Vec<usize>) -> Segment {
    let mut parts: Vec<Segment> = picked.into_iter().map(Segment::One).collect();
    let how = random.below(10);
    if how < 4 && parts.len() > 2 {
        let two: Vec<Segment> = parts.drain(..2).collect();
        parts.push(Segment::Or(two));
    }
    if (3..6).contains(&how) {
        let last = parts.pop();
        parts.extend(last.map(|part| Segment::Not(Box::new(part))));
    }
    if how == 9 && parts.len() == 2 {
        return Segment::Or(parts);
    }
    Segment::And(parts)
}

impl Segment {
    pub fn text(&self, pool: &[Condition]) -> String {
        let all = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Self::One(_) | Self::Not(_) => part.text(pool),
                    _ => format!("({})", part.text(pool)),
                })
                .collect();
            parts.join(word)
        };
        match self {
            Self::One(at) => pool[*at].text.clone(),
            Self::And(parts) => all(parts, " and "),
            Self::Or(parts) => all(parts, " or "),
            Self::Not(part) => format!("not ({})", part.text(pool)),
        }
    }

    fn json(&self) -> Value {
        let all = |parts: &[Self]| parts.iter().map(Self::json).collect::<Vec<_>>();
        match self {
            Self::One(at) => json!(at),
            Self::And(parts) => json!({"and": all(parts)}),
            Self::Or(parts) => json!({"or": all(parts)}),
            Self::Not(part) => json!({"not": part.json()}),
        }
    }
}
