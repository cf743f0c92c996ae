//! Recurrence rules: the examples of RFC 5545, section 3.8.5.3, as far as they are about days.

#![expect(clippy::panic, reason = "tests may")]

use cvm_journey::recurrence::{Rule, RuleError};
use jiff::civil::{Date, date};

fn first(rule: &str, from: Date, many: usize) -> Vec<String> {
    let rule: Rule = rule.parse().unwrap_or_else(|error: RuleError| panic!("{rule}: {error}"));
    rule.days(from).take(many).map(|day| day.to_string()).collect()
}

#[test]
fn the_standards_examples() {
    let from = date(1997, 9, 2);
    let cases: [(&str, Date, &[&str]); 21] = [
        ("FREQ=DAILY;COUNT=3", from, &["1997-09-02", "1997-09-03", "1997-09-04"]),
        (
            "FREQ=DAILY;INTERVAL=10;COUNT=5",
            from,
            &["1997-09-02", "1997-09-12", "1997-09-22", "1997-10-02", "1997-10-12"],
        ),
        (
            "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
            date(1998, 1, 30),
            &["1998-01-30", "1998-01-31", "1999-01-01"],
        ),
        ("FREQ=WEEKLY;COUNT=3", from, &["1997-09-02", "1997-09-09", "1997-09-16"]),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", from, &["1997-09-02", "1997-09-16", "1997-09-30", "1997-10-14"]),
        ("FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", from, &["1997-09-02", "1997-09-04", "1997-09-09"]),
        (
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
            date(1997, 9, 1),
            &["1997-09-01", "1997-09-03", "1997-09-05", "1997-09-15", "1997-09-17", "1997-09-19"],
        ),
        (
            "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
            date(1997, 9, 5),
            &["1997-09-05", "1997-10-03", "1997-11-07", "1997-12-05"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
            date(1997, 9, 7),
            &["1997-09-07", "1997-09-28", "1997-11-02", "1997-11-30"],
        ),
        ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", date(1997, 9, 22), &["1997-09-22", "1997-10-20", "1997-11-17"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", date(1997, 9, 28), &["1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29"]),
        (
            "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
            date(1997, 9, 30),
            &["1997-09-30", "1997-10-01", "1997-10-31", "1997-11-01"],
        ),
        (
            "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
            date(1997, 9, 10),
            &["1997-09-10", "1997-09-11", "1997-09-12", "1997-09-13", "1997-09-14", "1997-09-15", "1999-03-10"],
        ),
        ("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", date(1997, 6, 10), &["1997-06-10", "1997-07-10", "1998-06-10"]),
        ("FREQ=YEARLY;BYDAY=20MO", date(1997, 5, 19), &["1997-05-19", "1998-05-18", "1999-05-17"]),
        (
            "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
            date(1997, 3, 13),
            &["1997-03-13", "1997-03-20", "1997-03-27", "1998-03-05"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            from,
            &["1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13", "2000-10-13"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
            date(1997, 9, 13),
            &["1997-09-13", "1997-10-11", "1997-11-08"],
        ),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            date(1996, 11, 5),
            &["1996-11-05", "2000-11-07", "2004-11-02"],
        ),
        (
            "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
            date(1997, 9, 4),
            &["1997-09-04", "1997-10-07", "1997-11-06"],
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            date(1997, 9, 29),
            &["1997-09-29", "1997-10-30", "1997-11-27", "1997-12-30"],
        ),
    ];
    for (rule, from, days) in cases {
        assert_eq!(first(rule, from, days.len()), days, "{rule}");
    }
    // Where weeks begin decides which are passed over.
    let from = date(1997, 8, 5);
    assert_eq!(
        first("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", from, 9),
        ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]
    );
    assert_eq!(
        first("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", from, 9),
        ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]
    );
    // Invalid days are passed over.
    assert_eq!(
        first("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", date(2007, 1, 15), 9),
        ["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"]
    );
}

#[test]
fn rules_end_and_are_refused() {
    assert_eq!(first("FREQ=DAILY;COUNT=3", date(2026, 12, 1), 9).len(), 3);
    assert_eq!(first("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", date(2026, 12, 1), 1), [""; 0]);
    assert_eq!(first("FREQ=YEARLY", date(2028, 2, 29), 3), ["2028-02-29", "2032-02-29", "2036-02-29"]);
    let wrong = [
        "",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;UNTIL=soon",
        "BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=20",
        "weekly",
    ];
    for rule in wrong {
        assert!(rule.parse::<Rule>().is_err(), "{rule}");
    }
    let error = "FREQ=DAILY;BYHOUR=9".parse::<Rule>().expect_err("hours");
    assert!(error.to_string().contains("`BYHOUR` is not supported"), "{error}");
}
