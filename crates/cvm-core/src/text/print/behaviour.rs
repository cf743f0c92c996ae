//! Events one after another, regular, stopped, begun again.

use std::fmt::{self, Display, Formatter};

use super::event::When;
use super::{List, Part, Text, Where};
use crate::filter::{Absence, Duration, Filter, Regularly, Restarted, Sequence, Step, Stopped};

impl Display for Text<'_, Sequence> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Sequence { steps, window } = self.0;
        write!(f, "sequence({}", List(steps))?;
        if let Some(window) = window {
            let comma = if steps.is_empty() { "" } else { ", " };
            write!(f, "{comma}all{}", When(Some(window)))?;
        }
        f.write_str(")")
    }
}

impl Display for Text<'_, Step> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Step { event, filter, within, without } = self.0;
        subject(f, event, filter.as_deref())?;
        if let Some(within) = within {
            write!(f, " within {}", Text(within))?;
        }
        if let Some(Absence { event, filter }) = without {
            f.write_str(" without ")?;
            subject(f, event, filter.as_deref())?;
        }
        Ok(())
    }
}

impl Display for Text<'_, Regularly> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Regularly { event, filter, at_least, periods, unit } = self.0;
        f.write_str("regularly(")?;
        subject(f, event, filter.as_deref())?;
        write!(f, ", {at_least} of last {})", Text(&Duration::new(*periods, *unit)))
    }
}

impl Display for Text<'_, Stopped> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Stopped { event, filter, active, inactive } = self.0;
        f.write_str("stopped(")?;
        subject(f, event, filter.as_deref())?;
        write!(f, ", active {}, inactive {})", Text(active), Text(inactive))
    }
}

impl Display for Text<'_, Restarted> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Restarted { event, filter, pause, within } = self.0;
        f.write_str("restarted(")?;
        subject(f, event, filter.as_deref())?;
        write!(f, ", pause {}, within {})", Text(pause), Text(within))
    }
}

/// An event and which of its kind count.
fn subject(f: &mut Formatter<'_>, event: &str, filter: Option<&Filter>) -> fmt::Result {
    write!(f, "{}{}", Part(event), Where { filter, followed: true })
}
