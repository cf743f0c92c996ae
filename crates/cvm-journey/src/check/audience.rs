//! How many customers are expected, beside what is asked of them.

use super::known::Known;
use super::map::Map;
use crate::finding::{Code, Finding};
use crate::model::{NodeKind, Split, WantedEffect};

pub(super) fn check(map: &Map<'_>, known: &Known<'_>, out: &mut Vec<Finding>) {
    let Some(audience) = known.audience else { return };
    let settings = &map.journey.settings;
    if audience == 0 {
        let found = Finding::new(Code::EntryEmpty, "/entry", "nobody is expected to enter");
        out.push(found.help("look at the filter of the entry"));
        // Nothing more can be said of nobody.
        return;
    }
    if let Some(cap) = settings.audience_cap
        && audience > cap
    {
        let message = format!("{audience} customers are expected to enter, and at most {cap} may");
        let found = Finding::new(Code::EntryAboveCap, "/settings/audience_cap", message);
        out.push(found.help("make the filter of the entry narrower, or the cap greater"));
    }
    let lasts = settings.start.zip(settings.end).map(|(start, end)| (end.micros() - start.micros()).max(0) / 1_000_000);
    for (i, node) in map.journey.nodes.iter().enumerate() {
        match &node.kind {
            NodeKind::Split(split) => arms(i, &node.id, split, audience, out),
            NodeKind::Throttle(throttle) => {
                let Some(lasts) = lasts.and_then(|lasts| u64::try_from(lasts).ok()) else { continue };
                let through = u128::from(throttle.limit) * u128::from(lasts / throttle.per.seconds());
                if through < u128::from(audience) {
                    let message = format!(
                        "`{}` lets {through} customers through before the journey ends, and {audience} are expected",
                        node.id
                    );
                    let found = Finding::new(Code::ThrottleTooSlow, format!("/nodes/{i}/data/limit"), message);
                    out.push(found.nodes([node.id.as_str()]).help("let more through, or end later"));
                }
            }
            _ => {}
        }
    }
}

fn arms(i: usize, id: &str, split: &Split, audience: u64, out: &mut Vec<Finding>) {
    let Some(needed) = split.wanted.and_then(needed) else { return };
    for (arm, each) in split.arms.iter().enumerate() {
        let expected = u128::from(audience) * u128::from(each.percent.millionths()) / 1_000_000;
        if expected < u128::from(needed) {
            let message = format!(
                "the arm `{}` of `{id}` is expected to have {expected} customers at most, and {needed} are needed to see the difference",
                each.name
            );
            let found = Finding::new(Code::ArmTooSmall, format!("/nodes/{i}/data/arms/{arm}"), message);
            out.push(found.nodes([id]).help("give it a greater share, or look for a greater difference"));
        }
    }
}

/// How many customers an arm needs, so that a difference of two shares is found in 80 of 100 experiments, and found where
/// there is none in 5 (J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and Proportions", 2003, section
/// 4.3, without correction for continuity). `None` where there is no difference to be seen.
fn needed(wanted: WantedEffect) -> Option<u64> {
    /// The standard normal distribution beyond 97.5 % and 80 %.
    const ALPHA: f64 = 1.959_963_984_540_054;
    const POWER: f64 = 0.841_621_233_572_914;
    let (base, lift) = (f64::from(wanted.base) / 100.0, f64::from(wanted.lift) / 100.0);
    let other = (base + lift).min(1.0);
    let (difference, mean) = (other - base, f64::midpoint(base, other));
    if difference <= 0.0 {
        return None;
    }
    let none = ALPHA * (2.0 * mean * (1.0 - mean)).sqrt();
    let some = POWER * (base * (1.0 - base) + other * (1.0 - other)).sqrt();
    let customers = ((none + some) / difference).powi(2).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and at least 0")]
    Some(customers as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Percent;

    #[test]
    fn the_smallest_size_with_the_power() {
        // Found apart from this: the first number of customers at which the power of the test is 80 % (Python's `statistics`).
        for (base, lift, customers) in [(10, 5, 686), (50, 10, 388), (5, 5, 435)] {
            let wanted = WantedEffect { base: Percent::new(base), lift: Percent::new(lift) };
            assert_eq!(needed(wanted), Some(customers), "{base} {lift}");
        }
        assert_eq!(needed(WantedEffect { base: Percent::new(10), lift: Percent::new(0) }), None);
    }
}
