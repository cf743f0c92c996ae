//! What is asked: at least one segment of each kind that plans differently.

/// Names and filters.
pub const SEGMENTS: &[(&str, &str)] = &[
    ("everyone", "everyone"),
    ("attributes", "country in ('FR', 'BE', 'DE') and age between 25 and 45 and consent = true and spent > '100.00'"),
    ("not over 40", "not (age > 40)"),
    ("city, any case", "city in ('CITY 0001', 'city 0002', 'City 0003') ignoring case"),
    ("city by pattern", "city matches '^City 0+1[0-9]$'"),
    ("a tenth of all", "bucket('spring-mail', 0, 1000)"),
    ("bought twice", "count(purchase within last 90 days) >= 2"),
    ("big spenders", "sum(purchase.amount within last 90 days) > '300.00'"),
    ("lapsed gold", "tier = 'gold' and count(purchase within last 90 days) = 0"),
    ("seen lately", "last time(visit) > 7 days ago"),
    ("visit then buy", "sequence(visit, purchase within 7 days)"),
    ("regulars", "regularly(purchase, 3 of last 6 months)"),
    ("best by country", "top 10 by sum(purchase.amount within last 180 days) per country among (consent = true)"),
    ("two of three", "at least 2 of (tier = 'gold', not (age > 40), count(open within last 90 days) >= 1)"),
];
