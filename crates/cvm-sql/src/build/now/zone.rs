//! What the catalog's zone asks of a database.

use cvm_core::{Diagnostics, Timestamp, Value};
use sqlparser::ast::Expr;

use super::Builder;
use crate::dialect::Dialect;

/// Which local times are made instants.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Midnights.
    Midnight,
    /// Any.
    Any,
}

/// Which of its local times a zone skips, or has twice.
pub(super) enum Changes {
    /// None.
    None,
    /// Some, always so many seconds at a time.
    By(i64),
    /// Some, of more than one length.
    Irregular,
}

const DAY: i64 = 86_400;
/// 2000-01-01 and 2100-01-01. Before, zones have had changes of many kinds.
const FIRST: i64 = 946_684_800;
const LAST: i64 = 4_102_444_800;
const YEAR: i64 = 366 * DAY;

impl Builder<'_> {
    pub(super) fn in_utc(&self) -> bool {
        matches!(self.catalog.zone.as_str(), "UTC" | "Etc/UTC")
    }

    /// The zone's name as a literal: a word of the catalog that was looked up, never a value of the filter.
    pub(super) fn zone_name(&self) -> Expr {
        self.quoted(self.catalog.zone.clone())
    }

    /// Refuses zones that the database doesn't know, and notes what knowing them takes.
    pub(super) fn clock_of_zone(&mut self, node: usize) -> Result<(), Diagnostics> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
        match self.dialect {
            Dialect::Redshift => {
                self.note("the database's clock is read in the session's zone: set it to UTC".to_owned())
            }
            Dialect::Sqlite => self.note("the database's clock has milliseconds only".to_owned()),
            _ => {}
        }
        if self.in_utc() {
            return Ok(());
        }
        let reason = match self.dialect {
            Dialect::Sqlite | Dialect::SqlServer | Dialect::DataFusion => {
                format!("its clock is known in UTC only, not in `{}`: use the frozen clock", self.catalog.zone)
            }
            _ if !self.catalog.zone.chars().all(plain) => "the zone has no name there: use the frozen clock".to_owned(),
            // Without its time zone tables every time would be NULL, and who did nothing would be everyone.
            Dialect::MySql => format!(
                "the server may lack the time zone `{}`, and would then take every time for NULL: use the frozen clock",
                self.catalog.zone
            ),
            _ => return Ok(()),
        };
        Err(self.unsupported_node(node, &reason))
    }

    /// What the zone skips or has twice, from a year before a time on.
    pub(super) fn changes(&self, kind: Kind, from: &Value) -> Changes {
        let zone = self.catalog.time_zone();
        let from = match from {
            Value::Timestamp(instant) => instant.micros().div_euclid(1_000_000),
            _ => FIRST,
        };
        let begin = from.min(FIRST).saturating_sub(YEAR);
        let Some(begin) = Timestamp::from_micros(begin.saturating_mul(1_000_000)) else { return Changes::Irregular };
        let begin = begin.to_jiff();
        let mut before = i64::from(zone.to_offset(begin).seconds());
        let mut found: Option<i64> = None;
        for change in zone.following(begin) {
            let at = change.timestamp().as_second();
            if at > LAST {
                break;
            }
            let after = i64::from(change.offset().seconds());
            let (low, high) = (at + before.min(after), at + before.max(after));
            // A midnight in [low, high).
            let midnight = (low + DAY - 1).div_euclid(DAY) * DAY < high;
            before = after;
            if low == high || (kind == Kind::Midnight && !midnight) {
                continue;
            }
            match found {
                Some(length) if length != high - low => return Changes::Irregular,
                _ => found = Some(high - low),
            }
        }
        found.map_or(Changes::None, Changes::By)
    }
}
