//! The questions of the programs that measure the index, by the names that peers use.

/// Each with its name.
pub const QUESTIONS: &[(&str, &str)] = &[
    (
        "attributes",
        "country in ('FR', 'BE', 'DE') and age between 25 and 45 and tier = 'gold' and consent = true and spent > '100.00'",
    ),
    ("purchases", "count(purchase within last 90 days) >= 2"),
    ("amount", "sum(purchase.amount within last 90 days) > '300.00'"),
    ("lapsed", "tier = 'gold' and count(purchase within last 90 days) = 0"),
    ("recent", "last time(visit) > 7 days ago"),
    ("large", "count(purchase within last 1 year where amount > '150.00') >= 1"),
];
