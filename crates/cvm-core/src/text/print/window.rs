//! Lengths and windows of time.

use std::fmt::{self, Display, Formatter};

use super::Text;
use crate::filter::{Duration, Window};

impl Display for Text<'_, Duration> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Duration { n, unit } = self.0;
        write!(f, "{n} {}{}", unit.as_str(), if *n == 1 { "" } else { "s" })
    }
}

impl Display for Text<'_, Window> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Window::Last(length) => write!(f, "last {}", Text(length)),
            Window::Coming(length) => write!(f, "coming {}", Text(length)),
            Window::This { unit } => write!(f, "this {}", unit.as_str()),
            Window::Previous(length) => write!(f, "previous {}", Text(length)),
            Window::Next(length) => write!(f, "next {}", Text(length)),
            Window::Between { from, to } => write!(f, "({} to {})", Text(from), Text(to)),
            Window::Since { from } => write!(f, "since {}", Text(from)),
            Window::All(_) => f.write_str("all time"),
        }
    }
}
