//! Goals and exits, beside who enters.

use cvm_core::optimize::{Answer, implies};
use cvm_core::{Filter, optimize};

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::{Rule, Trigger};

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let journey = map.journey;
    let fine = |filter: &Filter| cvm_core::check(filter, known.catalog).is_ok();
    let entering = match &journey.entry.trigger {
        Trigger::Segment { filter, .. } | Trigger::Schedule { filter, .. } => filter.clone(),
        // Filters on events are about the event, not about who does it.
        Trigger::Event { .. } | Trigger::Api | Trigger::Date { .. } => Filter::Everyone,
    };
    if !fine(&entering) {
        return;
    }
    if optimize(&entering, known.catalog).filter == Filter::Nobody {
        // How many are expected may have said so already.
        if known.audience != Some(0) {
            let found = Finding::new(Code::EntryEmpty, "/entry/trigger/filter", "nobody can enter");
            out.push(found.help("what the filter of the entry asks for excludes itself"));
        }
        return;
    }
    let mut all = |key: &str, rules: &[Rule], code: Code| {
        for (i, rule) in rules.iter().enumerate() {
            if !fine(&rule.filter) || implies(&entering, &rule.filter, known.catalog) != Answer::Yes {
                continue;
            }
            let name = &rule.name;
            let (message, help) = match code {
                Code::GoalAtEntry => (
                    format!(
                        "all who enter have reached the goal `{name}` already{}",
                        if rule.leave { ", and leave at once" } else { "" }
                    ),
                    "let those enter who have not, or choose something that is to come",
                ),
                _ => (
                    format!("all who enter leave at once by the exit `{name}`"),
                    "let others enter, or make the exit narrower",
                ),
            };
            out.push(Finding::new(code, format!("/settings/{key}/{i}/filter"), message).help(help));
        }
    };
    all("goals", &journey.settings.goals, Code::GoalAtEntry);
    all("exits", &journey.settings.exits, Code::ExitAtEntry);
}
