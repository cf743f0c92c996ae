//! Arms have their shares, and depend on nothing but the seed, the journey, the node and the customer.

#![expect(clippy::expect_used, reason = "tests may")]

use cvm_journey::Chance;
use cvm_journey::model::{Arm, Holdout, Percent, Split};

const CUSTOMERS: u32 = 200_000;

fn split(shares: &[u8]) -> Split {
    let arms =
        shares.iter().enumerate().map(|(i, share)| Arm { name: format!("arm {i}"), percent: Percent::new(*share) });
    Split { arms: arms.collect(), experiment: None, wanted: None }
}

/// How far counts are from what was expected (K. Pearson, 1900).
fn chi_square(counts: impl IntoIterator<Item = (u32, f64)>) -> f64 {
    counts.into_iter().map(|(count, expected)| (f64::from(count) - expected).powi(2) / expected).sum()
}

fn place(chance: &Chance, split: &Split, node: &str, customer: u32) -> usize {
    let name = chance.arm(split, node, &format!("customer {customer}"));
    split.arms.iter().position(|arm| Some(arm.name.as_str()) == name).expect("an arm")
}

#[test]
fn arms_have_their_shares() {
    for (seed, shares) in
        [(1, &[50_u8, 50][..]), (2, &[10, 20, 70]), (3, &[1, 99]), (4, &[25, 25, 25, 25]), (5, &[100])]
    {
        let (split, chance) = (split(shares), Chance::new(seed, "welcome"));
        let mut counts = vec![0_u32; shares.len()];
        for customer in 0..CUSTOMERS {
            counts[place(&chance, &split, "arms", customer)] += 1;
        }
        let expected = shares.iter().map(|share| f64::from(CUSTOMERS) * f64::from(*share) / 100.0);
        // Beyond 16.27 lies one in a thousand, with three degrees of freedom; with fewer, less.
        let distance = chi_square(counts.iter().copied().zip(expected));
        assert!(distance < 16.27, "{shares:?}: {counts:?}, {distance}");
    }
}

#[test]
fn journeys_nodes_and_seeds_do_not_depend_on_one_another() {
    let split = split(&[50, 50]);
    let first = (Chance::new(1, "welcome"), "arms");
    for second in
        [(Chance::new(1, "winter"), "arms"), (Chance::new(1, "welcome"), "arms 2"), (Chance::new(2, "welcome"), "arms")]
    {
        let mut counts = [0_u32; 4];
        for customer in 0..CUSTOMERS {
            let arm = |(chance, node): &(Chance, &str)| place(chance, &split, node, customer);
            counts[arm(&first) * 2 + arm(&second)] += 1;
        }
        let distance = chi_square(counts.map(|count| (count, f64::from(CUSTOMERS) / 4.0)));
        assert!(distance < 16.27, "{counts:?}, {distance}");
    }
}

#[test]
fn a_share_that_grows_keeps_those_who_were_in() {
    let chance = Chance::new(9, "welcome");
    let held = |percent| {
        let holdout = Holdout { percent: Percent::new(percent) };
        (0..10_000_u32).map(move |id| (id, holdout)).collect::<Vec<_>>()
    };
    let small: Vec<bool> = held(5).iter().map(|(id, h)| chance.held_out(*h, "held", &id.to_string())).collect();
    let large: Vec<bool> = held(10).iter().map(|(id, h)| chance.held_out(*h, "held", &id.to_string())).collect();
    assert!(small.iter().zip(&large).all(|(small, large)| *large || !small));
    let many = |held: &[bool]| held.iter().filter(|held| **held).count();
    assert!((430..570).contains(&many(&small)) && (900..1_100).contains(&many(&large)));
    let nobody = Holdout { percent: Percent::new(0) };
    let all = Holdout { percent: Percent::WHOLE };
    assert!(!(0..1_000).any(|id: u32| chance.held_out(nobody, "held", &id.to_string())));
    assert!((0..1_000).all(|id: u32| chance.held_out(all, "held", &id.to_string())));
}
