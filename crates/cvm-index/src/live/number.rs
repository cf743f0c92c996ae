//! A running number, and the conditions that ask for it.

use cvm_core::predicate::{Bound, Measured, Test};
use cvm_core::{Decimal, Value};

use super::fast::{Fast, Number};
use super::rows::{Layout, set};

/// Bits that turned since segments were looked at: whose, and of which condition.
pub(super) type Flips = Vec<(u32, u32)>;

/// A count of events, one for each customer.
#[derive(Debug)]
pub(super) struct Counted {
    /// The `where` that its events pass.
    pub(super) bit: u64,
    pub(super) slot: usize,
    /// The counts below 63 at which one more turns any condition.
    turns: u64,
    tests: Vec<CountTest>,
}

#[derive(Debug)]
struct CountTest {
    leaf: u32,
    /// The verdicts on the counts below 64.
    table: u64,
    /// What says so of larger ones; `None` where the verdict on 63 holds of them too.
    beyond: Option<Measured>,
}

/// A sum of a field of events, one for each customer.
#[derive(Debug)]
pub(super) struct Summed {
    pub(super) bit: u64,
    pub(super) slot: usize,
    /// The field's place among those that are summed.
    pub(super) field: usize,
    scale: u8,
    tests: Vec<SumTest>,
}

#[derive(Debug)]
struct SumTest {
    leaf: u32,
    cuts: Option<Cuts>,
    measured: Measured,
}

impl Counted {
    pub(super) fn new(bit: u64, slot: usize) -> Self {
        Self { bit, slot, turns: 0, tests: Vec::new() }
    }

    pub(super) fn ask(&mut self, leaf: u32, fast: &Fast) {
        let table = (0..64_u8).map(|n| u64::from(fast.of_count(n)) << n).sum::<u64>();
        self.turns |= table ^ (table >> 1);
        let beyond = (!fast.any).then(|| fast.measured.clone());
        self.tests.push(CountTest { leaf, table, beyond });
    }

    /// Counts one event more or less.
    #[inline]
    pub(super) fn count(&self, comes: bool, customer: u32, row: &mut [u64], at: Layout, flips: &mut Flips) {
        let Some(word) = row.get_mut(at.counts + self.slot / 2) else { return };
        let shift = self.slot % 2 * 32;
        let before = (*word >> shift) as u32;
        let after = if comes { before.saturating_add(1) } else { before.saturating_sub(1) };
        *word = *word & !(u64::from(u32::MAX) << shift) | u64::from(after) << shift;
        let less = before.min(after);
        if less < 63 && self.turns >> less & 1 == 0 {
            return;
        }
        for test in &self.tests {
            let verdict = test.holds(after);
            if verdict != test.holds(before) && set(row, test.leaf as usize, verdict) {
                flips.push((customer, test.leaf));
            }
        }
    }

    /// Sets the bits of all conditions.
    pub(super) fn settle(&self, customer: u32, row: &mut [u64], at: Layout, flips: &mut Flips) {
        let word = row.get(at.counts + self.slot / 2).copied().unwrap_or(0);
        let count = (word >> (self.slot % 2 * 32)) as u32;
        for test in &self.tests {
            if set(row, test.leaf as usize, test.holds(count)) {
                flips.push((customer, test.leaf));
            }
        }
    }
}

impl CountTest {
    #[inline]
    fn holds(&self, n: u32) -> bool {
        match &self.beyond {
            Some(measured) if n > 63 => measured.verdict(&Value::Int(n.into())),
            _ => self.table >> n.min(63) & 1 == 1,
        }
    }
}

impl Summed {
    pub(super) fn new(bit: u64, slot: usize, field: usize, scale: u8) -> Self {
        Self { bit, slot, field, scale, tests: Vec::new() }
    }

    pub(super) fn ask(&mut self, leaf: u32, fast: &Fast) {
        let cuts = Cuts::of(&fast.measured, self.scale);
        self.tests.push(SumTest { leaf, cuts, measured: fast.measured.clone() });
    }

    /// Sets the bits of all conditions.
    #[inline]
    pub(super) fn settle(&self, total: i128, customer: u32, row: &mut [u64], flips: &mut Flips) {
        for test in &self.tests {
            let verdict = match &test.cuts {
                Some(cuts) => cuts.hold(total),
                None => verdict(&test.measured, total, self.scale),
            };
            if set(row, test.leaf as usize, verdict) {
                flips.push((customer, test.leaf));
            }
        }
    }
}

/// Whether two conditions ask for the same number, beside the window.
pub(super) fn field_of(what: Number) -> Option<(usize, u8)> {
    match what {
        Number::Count => None,
        Number::Sum { field, scale } => Some((field, scale)),
    }
}

fn verdict(measured: &Measured, total: i128, scale: u8) -> bool {
    measured.verdict(&Decimal::new(total, scale).map_or(Value::Missing, Value::Decimal))
}

/// The totals at which a verdict becomes the other one, ascending: comparing whole numbers is enough.
#[derive(Debug)]
struct Cuts {
    /// The verdict below the first.
    first: bool,
    cuts: Vec<i128>,
}

/// No sum has more digits.
const LARGEST: i128 = 10_i128.pow(37);

impl Cuts {
    /// Those of a test that compares with exact numbers.
    fn of(measured: &Measured, scale: u8) -> Option<Self> {
        let near = match &measured.test {
            Test::Range(range) if range.moving.is_none() => {
                let ends = [&range.low, &range.high].into_iter().filter_map(|end| match end {
                    Bound::Open => None,
                    Bound::Included(value) | Bound::Excluded(value) => Some(floor(value, scale)),
                });
                ends.collect::<Option<Vec<i128>>>()?
            }
            Test::In(values) => values.iter().map(|value| floor(value, scale)).collect::<Option<_>>()?,
            _ => return None,
        };
        // The verdict is the same wherever no number of the test lies between.
        let mut tried: Vec<i128> = near.iter().flat_map(|at| (-1..=2).map(move |by| at + by)).collect();
        tried.sort_unstable();
        tried.dedup();
        let first = verdict(measured, -LARGEST, scale);
        let mut last = first;
        tried.retain(|at| {
            let now = verdict(measured, *at, scale);
            std::mem::replace(&mut last, now) != now
        });
        (last == verdict(measured, LARGEST, scale)).then_some(Self { first, cuts: tried })
    }

    #[inline]
    fn hold(&self, total: i128) -> bool {
        let passed = match self.cuts.as_slice() {
            [one] => usize::from(*one <= total),
            cuts => cuts.partition_point(|cut| *cut <= total),
        };
        (passed % 2 == 1) != self.first
    }
}

/// The largest whole number of units that is not above an exact number.
fn floor(value: &Value, scale: u8) -> Option<i128> {
    let digits = match value {
        Value::Int(i) => i128::from(*i).checked_mul(10_i128.checked_pow(scale.into())?)?,
        Value::Decimal(decimal) => match decimal.rescale(scale) {
            Some(exact) => exact.digits(),
            None => {
                let finer = 10_i128.checked_pow(decimal.scale().checked_sub(scale)?.into())?;
                decimal.digits().div_euclid(finer)
            }
        },
        _ => return None,
    };
    (digits.abs() < LARGEST / 10).then_some(digits)
}

#[cfg(test)]
mod tests {
    use cvm_core::{Catalog, Filter, Predicate, Timestamp, bind};

    use super::*;

    #[test]
    fn cuts_say_what_tests_say() {
        let catalog = Catalog::from_json(
            r#"{"customers": {"table": "c", "key": "id", "fields": [{"name": "id", "type": "int", "nullable": false}]},
            "events": [{"name": "buy", "table": "b", "customer": "id", "time": "at", "fields": [
                    {"name": "amount", "type": "decimal(10,2)"}]}]}"#,
        )
        .expect("a catalog");
        let now = Timestamp::parse_utc("2024-05-01T00:00:00Z").expect("an instant");
        for test in [
            "> 1",
            ">= 1",
            "< 1",
            "<= 1",
            "= 1",
            "!= 1",
            "between 0.5 and 2",
            "not between 0.5 and 2",
            "in (0.1, 1, 1.5)",
            "> 0.005",
            ">= 0.005",
            "< -0.005",
            "= 0.005",
            "not in (1, 1.01, 1.02)",
            ">= -1",
            "between 0.001 and 0.009",
        ] {
            let filter: Filter = format!("sum(buy.amount) {test}").parse().unwrap_or_else(|e| panic!("{test}: {e}"));
            let Ok(Predicate::Measured(measured)) = bind(&filter, &catalog, now) else { panic!("{test}") };
            let cuts = Cuts::of(&measured, 2).unwrap_or_else(|| panic!("{test}"));
            for total in (-300..400).chain([-LARGEST + 1, i64::MAX.into(), i64::MIN.into(), LARGEST - 1]) {
                assert_eq!(cuts.hold(total), verdict(&measured, total, 2), "{total} {test}");
            }
        }
    }
}
