//! Amounts: shares that are 100 % together, waits and limits that are more than nothing, lists that are not empty.

use crate::edit::Command;
use crate::finding::{Code, Finding};
use crate::model::{Duration, Journey, Node, NodeKind, Percent, Reentry, Split, Wait};

pub(super) fn check(journey: &Journey, out: &mut Vec<Finding>) {
    settings(journey, out);
    for (i, node) in journey.nodes.iter().enumerate() {
        let at = |key: &str| format!("/nodes/{i}/data/{key}");
        let id = node.id.as_str();
        let mut zero = |key: &str, amount: u64, what: &str| {
            if amount == 0 {
                let message = format!("{what} of `{id}` is nothing");
                out.push(Finding::new(Code::NotPositive, at(key), message).nodes([id]).help("say at least 1"));
            }
        };
        match &node.kind {
            NodeKind::Wait(Wait::Duration { duration }) => zero("duration", duration.amount.into(), "the wait"),
            NodeKind::Wait(wait) => {
                if let Some(Duration { amount, .. }) = wait.timeout() {
                    zero("timeout", amount.into(), "the timeout");
                }
            }
            NodeKind::EventBranch(branch) => zero("timeout", branch.timeout.amount.into(), "the timeout"),
            NodeKind::Throttle(throttle) => zero("limit", throttle.limit, "the limit"),
            NodeKind::Jump(jump) => zero("times", jump.times.into(), "the number of times"),
            _ => {}
        }
        let (key, empty) = match &node.kind {
            NodeKind::Branch(branch) => ("cases", branch.cases.is_empty()),
            NodeKind::EventBranch(branch) => ("cases", branch.cases.is_empty()),
            NodeKind::Split(split) => ("arms", split.arms.is_empty()),
            NodeKind::Update(update) => ("set", update.set.is_empty()),
            _ => ("", false),
        };
        if empty {
            out.push(Finding::new(Code::Empty, at(key), format!("`{id}` has no {key}")).nodes([id]));
        }
        if let NodeKind::Split(split) = &node.kind
            && !empty
        {
            shares(i, node, split, out);
        }
    }
}

/// A cap that lets nothing through, or counts within no time; a pause of no time between two entries.
fn settings(journey: &Journey, out: &mut Vec<Finding>) {
    let mut zero = |path: String, amount: u32, what: &str| {
        if amount == 0 {
            out.push(Finding::new(Code::NotPositive, path, format!("{what} is nothing")).help("say at least 1"));
        }
    };
    for (i, cap) in journey.settings.caps.iter().enumerate() {
        zero(format!("/settings/caps/{i}/limit"), cap.limit, "the limit of a cap");
        zero(format!("/settings/caps/{i}/within"), cap.within.amount, "the time of a cap");
    }
    if let Reentry::Cooldown { after } = &journey.entry.reentry {
        zero("/entry/reentry/after".to_owned(), after.amount, "the time before customers enter again");
    }
}

fn shares(i: usize, node: &Node, split: &Split, out: &mut Vec<Finding>) {
    let sum: u64 = split.arms.iter().map(|arm| u64::from(arm.percent.millionths())).sum();
    let whole = u64::from(Percent::WHOLE.millionths());
    if sum == whole {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "some millions at most, to be read")]
    let percent = sum as f64 / 10_000.0;
    let message = format!("the arms of `{}` are {percent} % together, not 100", node.id);
    let found = Finding::new(Code::Percentages, format!("/nodes/{i}/data/arms"), message).nodes([node.id.as_str()]);
    // What is missing, or too much, is the last arm's, where it can bear that.
    let mut fixed = split.clone();
    let last = fixed.arms.last_mut().and_then(|arm| {
        let own = u64::from(arm.percent.millionths());
        arm.percent = Percent::from_millionths(u32::try_from((own + whole).checked_sub(sum)?).ok()?)?;
        Some(arm.name.clone())
    });
    out.push(match last {
        Some(last) => found
            .help(format!("give `{last}` the rest, or set the shares anew"))
            .fix([Command::set(&node.id, NodeKind::Split(fixed))]),
        None => found.help("set the shares anew"),
    });
}
