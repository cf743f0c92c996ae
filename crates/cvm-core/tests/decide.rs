//! Questions about two filters, against the reference on random customers.

#![allow(clippy::expect_used, clippy::panic, reason = "tests may")]

#[path = "common/random.rs"]
mod random;

use cvm_core::optimize::{Answer, disjoint, equivalent, implies};
use cvm_core::{Filter, Timestamp, bind, evaluate, evaluate_with};
use random::{Random, catalog};

fn read(text: &str) -> Filter {
    text.parse().expect(text)
}

#[test]
fn known_answers() {
    let catalog = catalog();
    for (a, b) in [
        ("x > 3", "x > 2"),
        ("x in (1, 2)", "x between 0 and 4"),
        ("list chosen", "id in (0, 2, 7)"),
        ("segment young", "x < 3"),
        ("x < field(y) and y < field(n)", "x < field(n)"),
        ("s = 'abc'", "s starts with 'ab'"),
        ("e = 'pa'", "not (e in ('qa', 'rb'))"),
        ("day within last 2 days", "day within last 3 days"),
        ("(x = 1 and y = 1) or (x = 2 and y = 2)", "x = field(y)"),
    ] {
        assert_eq!(implies(&read(a), &read(b), &catalog), Answer::Yes, "{a} / {b}");
    }
    for (a, b) in [
        ("x > 2", "x > 3"),
        ("x != 1", "x is set"),
        ("x <= field(y)", "x < field(y)"),
        ("s starts with 'a'", "s = 'a'"),
        ("size(tags) > 1", "size(tags) > 2"),
    ] {
        let Answer::No(found) = implies(&read(a), &read(b), &catalog) else { panic!("{a} / {b}") };
        let holds = |text: &str| evaluate(&bind(&read(text), &catalog, found.as_of).expect(text), &found.row);
        assert!(holds(a) && !holds(b), "{a} / {b}: {found:?}");
    }
    assert_eq!(disjoint(&read("x > 3"), &read("x < 2"), &catalog), Answer::Yes);
    assert_eq!(equivalent(&read("x > 3 or x < 2"), &read("x not in (2, 3) without missing"), &catalog), Answer::Yes);
    assert!(matches!(implies(&read("count(buy) > 1"), &read("x = 1"), &catalog), Answer::Unknown(_)));
}

#[test]
fn answers_on_random_filters_agree_with_random_customers() {
    let (catalog, mut random) = (catalog(), Random::new(5));
    let at = Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant");
    let (mut yes, mut no) = (0, 0);
    for _ in 0..1_500 {
        let (a, b) = (random.filter(), random.filter());
        let (Ok(left), Ok(right)) = (bind(&a, &catalog, at), bind(&b, &catalog, at)) else { continue };
        match implies(&a, &b, &catalog) {
            Answer::Yes => {
                yes += 1;
                for _ in 0..100 {
                    let (row, history) = random.customer();
                    assert!(
                        !evaluate_with(&left, &row, &history) || evaluate_with(&right, &row, &history),
                        "{a} / {b}: {row:?}"
                    );
                }
            }
            Answer::No(found) => {
                no += 1;
                let holds =
                    |filter: &Filter| evaluate(&bind(filter, &catalog, found.as_of).expect("valid"), &found.row);
                assert!(holds(&a) && !holds(&b), "{a} / {b}: {found:?}");
            }
            Answer::Unknown(_) => {}
        }
    }
    assert!(yes > 100 && no > 200, "{yes} yes, {no} no");
}
