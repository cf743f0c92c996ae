//! Chance that can be repeated: by a notebook, by a database, by a run that begins anew.

mod lanes;

use lanes::{Begun, LANES};
use md5::{Digest, Md5};

use crate::model::{Holdout, Percent, Split};

/// Stands between the parts of what is hashed: no id has it (ASCII's unit separator).
const BETWEEN: char = '\u{1f}';

/// The chances of one journey. Each choice is the first 32 bits of `MD5(seed ␟ journey ␟ node ␟ customer)`, big-endian, as a
/// share of all 2³²: the same customer gets the same arm when entering again, and nodes and journeys don't depend on one
/// another. MD5 (RFC 1321) is what every database can compute; nothing here needs it to be secure.
///
/// ```
/// use cvm_journey::Chance;
/// let chance = Chance::new(7, "welcome");
/// assert_eq!(chance.of("arms", "customer 42"), chance.of("arms", "customer 42"));
/// assert_ne!(chance.of("arms", "customer 42"), Chance::new(7, "winter").of("arms", "customer 42"));
/// // SELECT ('x' || substr(md5(concat_ws(chr(31), '7', 'welcome', 'arms', 'customer 42')), 1, 8))::bit(32)::bigint
/// assert_eq!(chance.number("arms", "customer 42"), 667_716_386);
/// ```
#[derive(Debug, Clone)]
pub struct Chance {
    /// How all begins that is hashed: the seed and the journey.
    text: String,
    /// Hashed so far.
    begun: Md5,
}

impl Chance {
    /// The chances of a journey with a seed ([`Settings::seed`](crate::model::Settings)).
    #[must_use]
    pub fn new(seed: u64, journey: &str) -> Self {
        let text = format!("{seed}{BETWEEN}{journey}{BETWEEN}");
        let begun = Md5::new_with_prefix(&text);
        Self { text, begun }
    }

    /// The number of a customer at a node, each of 2³² as likely as any other.
    #[must_use]
    pub fn number(&self, node: &str, customer: &str) -> u32 {
        let mut hash = self.begun.clone();
        hash.update(node.as_bytes());
        hash.update([BETWEEN as u8]);
        hash.update(customer.as_bytes());
        let digest = hash.finalize();
        digest.iter().take(4).fold(0, |number, byte| (number << 8) | u32::from(*byte))
    }

    /// The same in millionths: from 0 to 999,999.
    #[must_use]
    pub fn of(&self, node: &str, customer: &str) -> u32 {
        millionths(self.number(node, customer))
    }

    /// The same of many customers, whose keys are written behind a text when asked for.
    pub(crate) fn of_all(&self, node: &str, customers: &[u32], key: impl Fn(u32, &mut String)) -> Vec<u32> {
        let mut text = String::new();
        let mut alone = |customer: &u32| {
            text.clear();
            key(*customer, &mut text);
            self.of(node, &text)
        };
        // A few are drawn faster alone.
        let few = LANES / 4;
        if customers.len() < few {
            return customers.iter().map(alone).collect();
        }
        let begun = Begun::new(format!("{}{node}{BETWEEN}", self.text).as_bytes());
        let mut drawn = Vec::with_capacity(customers.len());
        for some in customers.chunks(LANES) {
            match ends(&begun, some, &key).filter(|_| some.len() >= few) {
                Some(ends) => drawn.extend(begun.numbers(&ends).into_iter().take(some.len()).map(millionths)),
                None => drawn.extend(some.iter().map(&mut alone)),
            }
        }
        drawn
    }

    /// The name of the customer's arm: those before it take their shares first. `None` where shares are less than 100 %
    /// together.
    ///
    /// ```
    /// use cvm_journey::Chance;
    /// use cvm_journey::model::{Arm, Percent, Split};
    /// let arm = |name: &str, percent| Arm { name: name.to_owned(), percent: Percent::new(percent) };
    /// let split = Split { arms: vec![arm("a", 90), arm("b", 10)], experiment: None, wanted: None };
    /// let chance = Chance::new(7, "welcome");
    /// let b = (0..1_000).filter(|id| chance.arm(&split, "arms", &id.to_string()) == Some("b")).count();
    /// assert!((70..130).contains(&b));
    /// ```
    #[must_use]
    pub fn arm<'s>(&self, split: &'s Split, node: &str, customer: &str) -> Option<&'s str> {
        let mut left = self.of(node, customer);
        for arm in &split.arms {
            match left.checked_sub(arm.percent.millionths()) {
                Some(rest) => left = rest,
                None => return Some(&arm.name),
            }
        }
        None
    }

    /// Whether the customer is held out.
    #[must_use]
    pub fn held_out(&self, holdout: Holdout, node: &str, customer: &str) -> bool {
        self.of(node, customer) < holdout.percent.millionths()
    }
}

/// A number for the value by which entries are told apart ([`Reentry::Concurrent`](crate::model::Reentry)): the first 64 bits
/// of its MD5, big-endian.
#[must_use]
pub fn key_number(value: &str) -> u64 {
    Md5::digest(value.as_bytes()).iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// The last block for each customer; none where a key is too long for that.
fn ends(begun: &Begun, customers: &[u32], key: impl Fn(u32, &mut String)) -> Option<[[u8; 64]; LANES]> {
    let mut text = String::new();
    let mut ends = [[0; 64]; LANES];
    for (end, customer) in ends.iter_mut().zip(customers) {
        text.clear();
        key(*customer, &mut text);
        *end = begun.end(text.as_bytes())?;
    }
    Some(ends)
}

fn millionths(number: u32) -> u32 {
    let whole = u64::from(Percent::WHOLE.millionths());
    u32::try_from((u64::from(number) * whole) >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many at once draw what each draws alone, however long names and keys are.
    #[test]
    fn together_as_alone() {
        for length in 0..140 {
            let chance = Chance::new(7, &"j".repeat(length));
            let key = |who: u32, text: &mut String| *text += &"k".repeat(who as usize);
            let customers: Vec<u32> = (0..(length as u32 % 67)).collect();
            let alone: Vec<u32> = customers.iter().map(|who| chance.of("node", &"k".repeat(*who as usize))).collect();
            assert_eq!(chance.of_all("node", &customers, key), alone, "{length}");
        }
    }
}
