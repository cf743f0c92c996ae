//! A catalog with every type of field, customers with every nasty value, and random valid filters over them.

use cvm_core::filter::{
    Case, Condition, Duration, Literal, Missing, Operand, Operator, SizeTest, StartOf, Unit, Window,
};
use cvm_core::{Catalog, Date, Decimal, Filter, Timestamp, Value};
use proptest::prelude::*;
use proptest::sample::select;

/// The instant of evaluation: the evening of a leap day in a zone with summer time.
pub fn as_of() -> Timestamp {
    Timestamp::parse_utc("2024-02-29T21:30:00Z").expect("an instant")
}

pub fn catalog() -> Catalog {
    Catalog::from_json(include_str!("population.json")).expect("a valid catalog")
}

const TEXTS: &[&str] = &[
    "", " ", "A", "a", "á", "a\u{301}", "a ", "%", "_", "\\", "!", "'", "''", "\"", "a\nb", "İ", "ß", "ſ", "K", "🦀",
    "a%b", "ab", "abc", "2024", "a\\'b", "A'", "ÁB", "null", "NULL",
];
const INTS: &[i64] = &[0, 1, -1, 2, 3, 25, 9_007_199_254_740_993, i64::MAX, i64::MIN, 100];
const FLOATS: &[f64] = &[0.0, -0.0, 0.1, 0.2, 0.3, 1.5, -2.5, 1e300, 9_007_199_254_740_992.0, f64::INFINITY, f64::NAN];
const DECIMALS: &[&str] = &["0", "0.10", "0.3", "-0.01", "100.00", "99.99", "9999999999.99", "1.05"];
const DATES: &[&str] =
    &["2024-02-29", "2023-02-28", "2024-01-31", "1899-12-31", "2200-01-01", "2024-03-31", "2023-03-01", "2000-02-29"];
const TIMES: &[&str] = &[
    "2024-02-29T21:30:00Z",
    "2024-02-29T21:30:00.000001Z",
    "2024-02-28T23:00:00Z",
    "2024-02-28T22:59:59.999999Z",
    "2024-03-31T01:30:00Z",
    "2023-10-29T00:30:00Z",
    "2023-11-30T21:30:00Z",
    "1899-12-31T00:00:00Z",
    "2200-01-01T00:00:00Z",
];
const TAGS: &[&str] = &["vip", "VIP", "a'b", "é", "new"];

/// One customer: a value for each field of the catalog, some missing.
pub fn row() -> impl Strategy<Value = Vec<Value>> {
    let maybe = |values: BoxedStrategy<Value>| prop_oneof![1 => Just(Value::Missing), 4 => values].boxed();
    let text = || select(TEXTS).prop_map(|t| Value::Str(t.into())).boxed();
    let int = || select(INTS).prop_map(Value::Int).boxed();
    let float = || select(FLOATS).prop_map(Value::Float).boxed();
    let decimal = || select(DECIMALS).prop_map(|d| Value::Decimal(d.parse::<Decimal>().expect("a decimal"))).boxed();
    let date = || select(DATES).prop_map(|d| Value::Date(Date::parse(d).expect("a date"))).boxed();
    let time = || select(TIMES).prop_map(|t| Value::Timestamp(Timestamp::parse_utc(t).expect("a time"))).boxed();
    let tags =
        proptest::collection::vec(select(TAGS).prop_map(|t| Value::Str(t.into())), 0..4).prop_map(Value::List).boxed();
    let numbers =
        proptest::collection::vec(select(&INTS[..5]).prop_map(Value::Int), 0..3).prop_map(Value::List).boxed();
    let json = select(vec![
        serde_json::json!({}),
        serde_json::json!({"tier": "gold", "seats": 1}),
        serde_json::json!({"tier": null, "seats": "1"}),
        serde_json::json!({"tier": ["gold"], "seats": 1.0}),
    ]);
    let json = json.prop_map(Value::Json).boxed();
    (
        (int(), maybe(int()), maybe(int()), maybe(float()), maybe(float()), maybe(decimal()), maybe(decimal())),
        (maybe(text()), maybe(text()), maybe(any::<bool>().prop_map(Value::Bool).boxed())),
        (maybe(date()), maybe(date()), maybe(time()), maybe(time()), maybe(tags), maybe(numbers), maybe(json)),
    )
        .prop_map(|((id, i, j, x, y, d, e), (s, t, b), (day, other, at, seen, tags, numbers, json))| {
            vec![id, i, j, x, y, d, e, s, t, b, day, other, at, seen, tags, numbers, json]
        })
}

fn literals(one: BoxedStrategy<Literal>) -> BoxedStrategy<Operand> {
    proptest::collection::vec(one, 1..4).prop_map(Operand::Many).boxed()
}

fn ordered(fields: &'static [&'static str], one: BoxedStrategy<Literal>) -> BoxedStrategy<Condition> {
    use Operator as O;
    let single = (select(vec![O::Eq, O::Ne, O::Lt, O::Lte, O::Gt, O::Gte]), one.clone())
        .prop_map(|(op, v)| (op, Operand::One(v)));
    let many = (select(vec![O::In, O::NotIn]), literals(one.clone()));
    let two = (select(vec![O::Between, O::NotBetween]), one.clone(), one)
        .prop_map(|(op, low, high)| (op, Operand::Many(vec![low, high])));
    let other = (select(vec![O::Eq, O::Ne, O::Lt, O::Lte, O::Gt, O::Gte]), select(fields))
        .prop_map(|(op, field)| (op, Operand::Field { field: field.to_owned() }));
    (select(fields), prop_oneof![4 => single, 2 => many, 2 => two, 1 => other])
        .prop_map(|(field, (op, value))| condition(field, op, Some(value)))
        .boxed()
}

fn condition(field: &str, op: Operator, value: Option<Operand>) -> Condition {
    Condition { field: field.to_owned(), op, value, case: Case::Sensitive, missing: None }
}

fn text_literal() -> BoxedStrategy<Literal> {
    select(TEXTS).prop_map(|t| Literal::Str(t.into())).boxed()
}

fn text_condition() -> BoxedStrategy<Condition> {
    use Operator as O;
    let looked_for = select(vec![
        O::Contains,
        O::NotContains,
        O::StartsWith,
        O::NotStartsWith,
        O::EndsWith,
        O::NotEndsWith,
        O::Eq,
        O::Ne,
    ]);
    let some = select(&TEXTS[1..]).prop_map(|t| Operand::One(Literal::Str(t.into())));
    let pattern = select(vec!["a", "^a", "b$", "[a-z]+", "^.$", "\\d{2,4}", "(a|b)c?", "^[^a]*$", "\\\\", "\\s"]);
    let matches = (select(vec![O::Matches, O::NotMatches]), pattern)
        .prop_map(|(op, p)| (op, Operand::One(Literal::Str(p.into()))));
    let listed = (select(vec![O::In, O::NotIn]), literals(text_literal()));
    let case = select(vec![Case::Sensitive, Case::Sensitive, Case::Insensitive]);
    (select(vec!["s", "t"]), prop_oneof![4 => (looked_for, some), 1 => matches, 1 => listed], case)
        .prop_map(|(field, (op, value), case)| Condition { case, ..condition(field, op, Some(value)) })
        .boxed()
}

fn time_condition() -> BoxedStrategy<Condition> {
    use Operator as O;
    let unit = select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year]);
    let span = (1..500_u32, unit.clone()).prop_map(|(n, unit)| Duration { n, unit });
    let window = prop_oneof![
        span.clone().prop_map(Window::Last),
        span.clone().prop_map(Window::Coming),
        unit.clone().prop_map(|unit| Window::This { unit }),
        span.clone().prop_map(Window::Previous),
        span.clone().prop_map(Window::Next),
        select(DATES).prop_map(|d| Window::Since { from: Literal::Str(d.into()) }),
    ];
    let relative = prop_oneof![
        span.clone().prop_map(|ago| Operand::Ago { ago }),
        span.prop_map(|ahead| Operand::Ahead { ahead }),
        (unit, -3..3_i32).prop_map(|(unit, offset)| Operand::StartOf { start_of: StartOf { unit, offset } }),
        select(DATES).prop_map(|d| Operand::One(Literal::Str(d.into()))),
    ];
    let compare = (select(vec![O::Before, O::After, O::On, O::Eq, O::Ne, O::Lt, O::Lte, O::Gt, O::Gte]), relative);
    let within = window.clone().prop_map(|window| (O::Within, Operand::Window(window)));
    let anniversary = window.prop_map(|w| condition("day", O::AnniversaryWithin, Some(Operand::Window(w))));
    prop_oneof![
        5 => (select(vec!["day", "other_day", "at", "seen"]), prop_oneof![compare, within])
            .prop_map(|(field, (op, value))| condition(field, op, Some(value))),
        1 => anniversary,
    ]
    .boxed()
}

fn list_condition() -> BoxedStrategy<Condition> {
    use Operator as O;
    let has = select(vec![O::HasAny, O::HasAll, O::HasNone]);
    let tags = (has.clone(), literals(select(TAGS).prop_map(|t| Literal::Str(t.into())).boxed()))
        .prop_map(|(op, value)| condition("tags", op, Some(value)));
    let numbers = (has, literals(select(&INTS[..5]).prop_map(Literal::Int).boxed()))
        .prop_map(|(op, value)| condition("numbers", op, Some(value)));
    let size = (select(vec!["tags", "numbers"]), select(vec!["eq", "ne", "lt", "lte", "gt", "gte"]), 0..4_u32)
        .prop_map(|(field, key, n)| condition(field, O::Size, SizeTest::from_parts(key, n).map(Operand::Size)));
    prop_oneof![tags, numbers, size].boxed()
}

/// A random condition that the catalog accepts, but for ranges that end before they begin and times out of range.
pub fn any_condition() -> BoxedStrategy<Condition> {
    use Operator as O;
    let int = || {
        prop_oneof![5 => select(INTS).prop_map(Literal::Int), 1 => select(vec![2.5, -0.5, 1e17]).prop_map(Literal::Float)].boxed()
    };
    let float = || select(&FLOATS[..9]).prop_map(Literal::Float).boxed();
    let decimal = || select(DECIMALS).prop_map(|d| Literal::Str(d.into())).boxed();
    let boolean = (select(vec![O::Eq, O::Ne]), any::<bool>())
        .prop_map(|(op, value)| condition("b", op, Some(Operand::One(Literal::Bool(value)))));
    let set = (select(vec!["i", "x", "d", "s", "b", "day", "at", "tags", "json"]), select(vec![O::IsSet, O::IsNotSet]))
        .prop_map(|(field, op)| condition(field, op, None));
    let empty = select(vec!["s", "tags"]).prop_map(|field| condition(field, O::IsEmpty, None));
    let missing = select(vec![None, None, None, Some(Missing::Include), Some(Missing::Exclude)]);
    let any = prop_oneof![
        3 => ordered(&["i", "j", "id"], int()),
        3 => ordered(&["x", "y"], float()),
        2 => ordered(&["d", "e"], decimal()),
        2 => ordered(&["s", "t"], text_literal()),
        4 => text_condition(),
        4 => time_condition(),
        2 => list_condition(),
        1 => boolean,
        1 => empty,
    ];
    let with_rule = (any, missing).prop_map(|(condition, missing)| Condition { missing, ..condition });
    prop_oneof![12 => with_rule, 1 => set].boxed()
}

/// A random filter; see [`any_condition`].
pub fn any_filter() -> BoxedStrategy<Filter> {
    let leaf = prop_oneof![
        12 => any_condition().prop_map(Filter::Condition),
        1 => Just(Filter::Everyone),
        1 => Just(Filter::Nobody),
        1 => select(vec!["young", "not young"]).prop_map(Filter::segment),
        1 => Just(Filter::list("chosen")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let children = proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            children.clone().prop_map(Filter::all_of),
            children.clone().prop_map(Filter::any_of),
            inner.prop_map(|child| !child),
            (1..3_u32, children).prop_map(|(n, children)| {
                let n = n.min(u32::try_from(children.len()).unwrap_or(1));
                Filter::at_least(n, children)
            }),
        ]
    })
    .boxed()
}
