//! Measures over events.

use std::fmt::{self, Display, Formatter};

use super::{Name, Part, Text, Where};
use crate::filter::{Filter, Measure, Window};
use crate::text::words::{Quoted, is_word};

/// A measure and the events that it is taken of.
pub(super) struct Measured<'a> {
    pub(super) event: &'a str,
    pub(super) window: Option<&'a Window>,
    pub(super) filter: Option<&'a Filter>,
    pub(super) measure: &'a Measure,
}

/// An event or table, and the property or column that is meant.
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    pub(super) property: Option<&'a str>,
}

/// A window behind a space, with the word that introduces it.
pub(super) struct When<'a>(pub(super) Option<&'a Window>);

impl Display for Measured<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = self.measure.as_str().replace('_', " ");
        let source = Source { name: self.event, property: self.measure.field() };
        let filter = Where { filter: self.filter, followed: self.window.is_some() };
        write!(f, "{name}({source}{filter}{})", When(self.window))
    }
}

impl Display for Source<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Part(self.name).fmt(f)?;
        match self.property {
            None => Ok(()),
            Some(property) if is_word(property) => write!(f, ".{property}"),
            Some(property) => write!(f, ".{}", Quoted(property, '"')),
        }
    }
}

impl Display for When<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some(window @ Window::Since { .. }) => write!(f, " {}", Text(window)),
            Some(window) => write!(f, " within {}", Text(window)),
        }
    }
}

impl Display for Text<'_, crate::filter::RankBy> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            crate::filter::RankBy::Field { field } => Name(field).fmt(f),
            crate::filter::RankBy::Event { event, window, filter, measure } => {
                Measured { event, window: window.as_ref(), filter: filter.as_deref(), measure }.fmt(f)
            }
        }
    }
}
