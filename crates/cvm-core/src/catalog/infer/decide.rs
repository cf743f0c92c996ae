//! From guesses to a verdict: never a silent choice.

use super::guess::Guess;
use super::reader::Form;
use super::rules::Rules;

/// Fewer values than this prove nothing: one misfit makes such a column text.
const ENOUGH: u64 = 1000;

/// A type holds, with bad rows, when at most one value in so many does not fit, …
const BAD_ONE_IN: u64 = 1000;

/// … and a text column that missed a type by at most one value in so many says so.
const NEAR_ONE_IN: u64 = 20;

#[derive(Debug)]
pub(super) enum Verdict {
    /// Every value fits.
    Fits(Guess),
    /// Nearly every value fits, the others are bad rows.
    BadRows(Guess),
    /// It is text, because two readings fit the same values.
    Ambiguous(Guess),
    /// It is text, because of a few values.
    Nearly(Guess),
    /// It is text.
    Text,
}

/// Whether the type was declared, and with it all misfits are bad rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    Declared,
    Inferred,
}

/// The verdict on the guesses, which come in the order of preference, over so many values that are not missing.
pub(super) fn decide(mut guesses: Vec<Guess>, values: u64, codes: bool, basis: Basis, rules: &Rules) -> Verdict {
    let Some(best) = guesses.iter().enumerate().min_by_key(|(_, guess)| guess.misfits.count).map(|(at, _)| at) else {
        return Verdict::Text;
    };
    let mut best = guesses.swap_remove(best);
    let holds = basis == Basis::Declared || holds(&best, values);
    if !holds {
        return if best.misfits.count.saturating_mul(NEAR_ONE_IN) <= values {
            Verdict::Nearly(best)
        } else {
            Verdict::Text
        };
    }
    // A column nothing was seen of is not ambiguous.
    if best.fits > 0
        && let Some(at) = guesses.iter().position(|other| best.rivals(other))
    {
        let rival = guesses.swap_remove(at);
        match (is_date(&best), rules.is_day_first()) {
            (true, Some(true)) => {}
            (true, Some(false)) => best = rival,
            _ => return Verdict::Ambiguous(best),
        }
    }
    // Whatever else fits: a code is no number.
    if codes && basis == Basis::Inferred && best.form.notation().is_some() {
        return if best.misfits.count.saturating_mul(NEAR_ONE_IN) <= values {
            Verdict::Nearly(best)
        } else {
            Verdict::Text
        };
    }
    if best.misfits.count == 0 { Verdict::Fits(best) } else { Verdict::BadRows(best) }
}

fn holds(guess: &Guess, values: u64) -> bool {
    let misfits = guess.misfits.count;
    misfits == 0 || (values >= ENOUGH && misfits.saturating_mul(BAD_ONE_IN) <= values)
}

fn is_date(guess: &Guess) -> bool {
    matches!(guess.form, Form::Date(_) | Form::Timestamp { .. })
}
