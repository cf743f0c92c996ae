//! From filter to text. Every node is printed by an `impl Display for Text<'_, Node>`.

mod behaviour;
mod comparison;
mod event;
mod operand;
mod population;
mod window;

use std::fmt::{self, Display, Formatter};

use super::words::{Quoted, is_plain};
use crate::filter::Filter;

/// The text form of a node.
pub(super) struct Text<'a, T>(pub(super) &'a T);

/// A name, in quotes where it needs them.
pub(super) struct Name<'a>(pub(super) &'a str);

/// A name behind or before which a dot has a meaning, so that a dot in it needs quotes too.
struct Part<'a>(&'a str);

/// A number that is a float anyway, and so needs no sign of that.
struct Number(f64);

/// A group in parentheses, anything else as it is.
struct Enclosed<'a>(&'a Filter);

/// `where` and a filter with a space before them, or nothing.
struct Where<'a> {
    filter: Option<&'a Filter>,
    /// Whether something follows; a group then stands in parentheses, so that its end is seen.
    followed: bool,
}

/// Items with a comma between them.
struct List<'a, T>(&'a [T]);

impl Display for Text<'_, Filter> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Filter::Everyone => f.write_str("everyone"),
            Filter::Nobody => f.write_str("nobody"),
            Filter::And { children } => group(f, children, "all of", " and "),
            Filter::Or { children } => group(f, children, "any of", " or "),
            // `not age > 40` would read as well, but not to everyone as the same.
            Filter::Not { child } => match **child {
                Filter::Condition(_) | Filter::Event(_) => write!(f, "not ({})", Text(&**child)),
                _ => write!(f, "not {}", Enclosed(child)),
            },
            Filter::AtLeast { n, children } => write!(f, "at least {n} of ({})", List(children)),
            Filter::Condition(node) => Text(node).fmt(f),
            Filter::Event(node) => Text(node).fmt(f),
            Filter::Sequence(node) => Text(node).fmt(f),
            Filter::Regularly(node) => Text(node).fmt(f),
            Filter::Stopped(node) => Text(node).fmt(f),
            Filter::Restarted(node) => Text(node).fmt(f),
            Filter::Related(node) => Text(node).fmt(f),
            Filter::Segment(node) => write!(f, "segment {}", Name(&node.segment)),
            Filter::List(node) => write!(f, "list {}", Name(&node.list)),
            Filter::Rank(node) => Text(node).fmt(f),
            Filter::Bucket(node) => Text(node).fmt(f),
            Filter::Geo(node) => Text(node).fmt(f),
        }
    }
}

/// A group by its connective; a group of none or one, which has nothing to connect, by its name.
fn group(f: &mut Formatter<'_>, children: &[Filter], name: &str, connective: &str) -> fmt::Result {
    let [first, rest @ ..] = children else { return write!(f, "{name} ()") };
    if rest.is_empty() {
        return write!(f, "{name} ({})", Text(first));
    }
    Enclosed(first).fmt(f)?;
    rest.iter().try_for_each(|child| write!(f, "{connective}{}", Enclosed(child)))
}

impl Display for Enclosed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Filter::And { children } | Filter::Or { children } if children.len() > 1 => write!(f, "({})", Text(self.0)),
            other => Text(other).fmt(f),
        }
    }
}

impl Display for Where<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.filter {
            None => Ok(()),
            Some(filter) if self.followed => write!(f, " where {}", Enclosed(filter)),
            Some(filter) => write!(f, " where {}", Text(filter)),
        }
    }
}

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_plain(self.0) { f.write_str(self.0) } else { Quoted(self.0, '"').fmt(f) }
    }
}

impl Display for Part<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.contains('.') { Quoted(self.0, '"').fmt(f) } else { Name(self.0).fmt(f) }
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = format!("{:?}", self.0);
        f.write_str(text.strip_suffix(".0").unwrap_or(&text))
    }
}

impl<'a, T> Display for List<'a, T>
where
    Text<'a, T>: Display,
{
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, item)| {
            if i > 0 {
                f.write_str(", ")?;
            }
            Text(item).fmt(f)
        })
    }
}
