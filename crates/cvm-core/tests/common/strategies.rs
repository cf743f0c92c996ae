//! Random filters of every kind, for property tests: `#[path = "common/strategies.rs"] mod strategies;`
//!
//! [`filter`] gives what has a text form: the operators with values of the shape that they take. Names are not those
//! of any catalog, so the checks refuse most of it.

#![allow(dead_code, reason = "each test file uses its own part")]

use cvm_core::Filter;
use cvm_core::filter::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Names that need care: reserved words, keywords that are none here, quotes, dots, signs, other scripts, nothing.
#[rustfmt::skip]
pub const NASTY_NAMES: &[&str] = &[
    "", " ", ".", "a.b", "a..b", ".a", "a.", "a.b.c", "a.1", "1a", "_", "-", "--", "a--b", "\"", "\"\"",
    "a\"b", "'", "a b", "a\nb", "\u{0}", "\u{feff}", "and", "AND", "Or", "not", "where", "within", "missing",
    "without", "ignoring", "all", "any", "no", "at", "in", "is", "on", "since", "now", "true", "false",
    "everyone", "nobody", "size", "count", "sum", "segment", "list", "top", "bottom", "part", "by", "per",
    "among", "of", "related", "last", "this", "first", "time", "first time", "days", "field", "start", "case",
    "with", "to", "m", "active", "pause", "bucket", "distance", "and.or", "where.x", "x.where", "été", "日本語",
    "имя", "ﬁ", "İ", "٣", "a٣", "½", "e1", "é\u{301}", "👍", "%", "null",
];

/// Texts that need care.
#[rustfmt::skip]
pub const NASTY_TEXTS: &[&str] = &[
    "", " ", "'", "''", "'''", "\"", "o'brien", "\\", "\\'", "--", "-- x", "\n", "\r\n", "\t", "\u{0}",
    "\u{feff}", "a ", " a", "(", ")", "%", "_", "é", "e\u{301}", "İ", "ß", "👍", "2024-01-31",
    "2024-01-31T09:30:00+01:00", "100.00", "and", "' or 1 = 1 --",
];

pub fn name() -> BoxedStrategy<String> {
    prop_oneof![
        3 => select(&["age", "city", "total_spent", "signup", "attributes.plan.tier"][..]).prop_map(str::to_owned),
        2 => select(NASTY_NAMES).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| text.chars().take(5).collect()),
        1 => "[a-z_.'\"0-9 -]{0,5}",
    ]
    .boxed()
}

pub fn text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => select(&["Paris", "Lyon", "vip"][..]).prop_map(str::to_owned),
        2 => select(NASTY_TEXTS).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| text.chars().take(5).collect()),
    ]
    .boxed()
}

/// Finite floats, whole ones and very small ones too.
pub fn float() -> BoxedStrategy<f64> {
    prop_oneof![
        select(&[0.0, -0.0, 2.0, 0.1, 1e15, 1e16, 1e300, 5e-324, f64::MAX, f64::MIN, 9_007_199_254_740_993.0][..]),
        proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO,
        (-1000i32..1000).prop_map(f64::from),
    ]
    .boxed()
}

pub fn literal() -> BoxedStrategy<Literal> {
    prop_oneof![
        any::<bool>().prop_map(Literal::Bool),
        prop_oneof![select(&[0, -1, i64::MIN, i64::MAX][..]), any::<i64>(), -100..100i64].prop_map(Literal::Int),
        float().prop_map(Literal::Float),
        text().prop_map(Literal::Str),
    ]
    .boxed()
}

pub fn number() -> BoxedStrategy<u32> {
    prop_oneof![select(&[0, 1, 2, u32::MAX][..]), 1..100u32].boxed()
}

pub fn unit() -> BoxedStrategy<Unit> {
    select(Unit::WORDS).prop_map(|(_, unit)| unit).boxed()
}

pub fn length() -> BoxedStrategy<Duration> {
    (number(), unit()).prop_map(|(n, unit)| Duration { n, unit }).boxed()
}

pub fn window() -> BoxedStrategy<Window> {
    prop_oneof![
        length().prop_map(Window::Last),
        length().prop_map(Window::Coming),
        unit().prop_map(|unit| Window::This { unit }),
        length().prop_map(Window::Previous),
        length().prop_map(Window::Next),
        (literal(), literal()).prop_map(|(from, to)| Window::Between { from, to }),
        literal().prop_map(|from| Window::Since { from }),
        Just(Window::All(Nothing {})),
    ]
    .boxed()
}

pub fn size_test() -> BoxedStrategy<SizeTest> {
    (select(&["eq", "ne", "lt", "lte", "gt", "gte"][..]), number())
        .prop_map(|(key, n)| SizeTest::from_parts(key, n).expect("a key"))
        .boxed()
}

/// Any operand but one literal and a size test, which do not go with every operator.
pub fn complex_operand() -> BoxedStrategy<Operand> {
    let offset = prop_oneof![select(&[0, 1, -1, i32::MIN, i32::MAX][..]), any::<i32>()];
    prop_oneof![
        vec(literal(), 0..4).prop_map(Operand::Many),
        name().prop_map(|field| Operand::Field { field }),
        name().prop_map(|param| Operand::Param { param }),
        Just(Operand::Now { now: Nothing {} }),
        length().prop_map(|ago| Operand::Ago { ago }),
        length().prop_map(|ahead| Operand::Ahead { ahead }),
        (unit(), offset).prop_map(|(unit, offset)| Operand::StartOf { start_of: StartOf { unit, offset } }),
        window().prop_map(Operand::Window),
    ]
    .boxed()
}

/// An operator, and a value of a shape that it takes in the text form.
pub fn comparison() -> BoxedStrategy<(Operator, Option<Operand>)> {
    select(Operator::ALL)
        .prop_flat_map(|op| {
            let value = match op.takes() {
                Takes::Nothing => Just(None).boxed(),
                Takes::Size => size_test().prop_map(|test| Some(Operand::Size(test))).boxed(),
                Takes::Two => {
                    let two = vec(literal(), 2).prop_map(Operand::Many);
                    prop_oneof![two, complex_operand()].prop_map(Some).boxed()
                }
                Takes::Window => {
                    prop_oneof![window().prop_map(Operand::Window), complex_operand()].prop_map(Some).boxed()
                }
                Takes::One | Takes::Many => {
                    prop_oneof![literal().prop_map(Operand::One), complex_operand()].prop_map(Some).boxed()
                }
            };
            (Just(op), value)
        })
        .boxed()
}

pub fn missing() -> BoxedStrategy<Option<Missing>> {
    option::of(select(&[Missing::Include, Missing::Exclude][..])).boxed()
}

pub fn measure() -> BoxedStrategy<Measure> {
    (select(Measure::NAMES), name())
        .prop_map(|(measure, field)| {
            Measure::from_parts(measure, None).or_else(|| Measure::from_parts(measure, Some(field))).expect("a measure")
        })
        .boxed()
}

pub fn condition() -> BoxedStrategy<Filter> {
    let case = select(&[Case::Sensitive, Case::Insensitive][..]);
    (name(), comparison(), case, missing())
        .prop_map(|(field, (op, value), case, missing)| {
            Filter::Condition(Condition { field, op, value, case, missing })
        })
        .boxed()
}

/// Comparisons with any operator and any value or none: most of them have no text form.
pub fn shapeless() -> BoxedStrategy<Filter> {
    let value = prop_oneof![
        complex_operand(),
        literal().prop_map(Operand::One),
        size_test().prop_map(Operand::Size),
        prop_oneof![Just(f64::NAN), Just(f64::INFINITY)].prop_map(|float| Operand::One(Literal::Float(float))),
    ];
    let value = option::of(value).boxed();
    let op = select(Operator::ALL).boxed();
    let word = select(&[Quantifier::Any, Quantifier::All, Quantifier::None, Quantifier::Count][..]);
    prop_oneof![
        (name(), op.clone(), value.clone(), missing()).prop_map(|(field, op, value, missing)| {
            Filter::Condition(Condition { field, op, value, case: Case::Sensitive, missing })
        }),
        (name(), measure(), op.clone(), value.clone(), missing()).prop_map(|(event, measure, op, value, missing)| {
            Filter::Event(Event { event, window: None, filter: None, measure, op, value, missing })
        }),
        (name(), word, option::of(op), value).prop_map(|(table, quantifier, op, value)| {
            Filter::Related(Related { table, quantifier, filter: None, op, value })
        }),
    ]
    .boxed()
}

/// A filter without filters inside it.
pub fn leaf() -> BoxedStrategy<Filter> {
    let bucket = (text(), number(), number()).prop_map(|(salt, from, to)| Filter::Bucket(Bucket { salt, from, to }));
    let geo = (name(), name(), float(), float(), float()).prop_map(|(latitude, longitude, lat, lon, radius_m)| {
        Filter::Geo(Geo { latitude, longitude, center: Point { lat, lon }, radius_m })
    });
    prop_oneof![
        1 => Just(Filter::Everyone),
        1 => Just(Filter::Nobody),
        9 => condition(),
        2 => name().prop_map(|segment| Filter::Segment(SegmentRef { segment })),
        2 => name().prop_map(|list| Filter::List(ListRef { list })),
        1 => bucket,
        1 => geo,
    ]
    .boxed()
}

type Inner = Option<Box<Filter>>;

fn event(inner: BoxedStrategy<Inner>) -> BoxedStrategy<Filter> {
    (name(), option::of(window()), inner, measure(), comparison(), missing())
        .prop_map(|(event, window, filter, measure, (op, value), missing)| {
            Filter::Event(Event { event, window, filter, measure, op, value, missing })
        })
        .boxed()
}

fn sequence(inner: BoxedStrategy<Inner>) -> BoxedStrategy<Filter> {
    let without = option::of((name(), inner.clone()).prop_map(|(event, filter)| Absence { event, filter }));
    let step = (name(), inner, option::of(length()), without).prop_map(|(event, filter, within, without)| Step {
        event,
        filter,
        within,
        without,
    });
    (vec(step, 0..4), option::of(window()))
        .prop_map(|(steps, window)| Filter::Sequence(Sequence { steps, window }))
        .boxed()
}

fn activity(inner: BoxedStrategy<Inner>) -> BoxedStrategy<Filter> {
    prop_oneof![
        (name(), inner.clone(), number(), number(), unit()).prop_map(|(event, filter, at_least, periods, unit)| {
            Filter::Regularly(Regularly { event, filter, at_least, periods, unit })
        }),
        (name(), inner.clone(), length(), length())
            .prop_map(|(event, filter, active, inactive)| Filter::Stopped(Stopped { event, filter, active, inactive })),
        (name(), inner, length(), length()).prop_map(|(event, filter, pause, within)| Filter::Restarted(Restarted {
            event,
            filter,
            pause,
            within
        })),
    ]
    .boxed()
}

fn related(inner: BoxedStrategy<Inner>) -> BoxedStrategy<Filter> {
    let word = select(&[Quantifier::Any, Quantifier::All, Quantifier::None][..]);
    let number = prop_oneof![Just(Quantifier::Count), name().prop_map(|field| Quantifier::Sum { field })];
    prop_oneof![
        (name(), word, inner.clone()).prop_map(|(table, quantifier, filter)| {
            Filter::Related(Related { table, quantifier, filter, op: None, value: None })
        }),
        (name(), number, inner, comparison()).prop_map(|(table, quantifier, filter, (op, value))| {
            Filter::Related(Related { table, quantifier, filter, op: Some(op), value })
        }),
    ]
    .boxed()
}

fn rank(inner: BoxedStrategy<Inner>) -> BoxedStrategy<Filter> {
    let by = prop_oneof![
        name().prop_map(|field| RankBy::Field { field }),
        (name(), option::of(window()), inner.clone(), measure())
            .prop_map(|(event, window, filter, measure)| RankBy::Event { event, window, filter, measure }),
    ];
    let take = prop_oneof![
        number().prop_map(Take::N),
        float().prop_map(Take::Percent),
        (number(), number()).prop_map(|(part, of)| Take::Tile { part, of }),
    ];
    (by, select(&[Order::Top, Order::Bottom][..]), take, option::of(name()), inner)
        .prop_map(|(by, order, take, per, among)| Filter::Rank(Rank { by, order, take, per, among }))
        .boxed()
}

/// Filters of all kinds, at most five levels deep, that have a text form.
pub fn filter() -> BoxedStrategy<Filter> {
    leaf()
        .prop_recursive(5, 24, 3, |inner| {
            let inner = inner.boxed();
            let optional = option::of(inner.clone().prop_map(Box::new)).boxed();
            prop_oneof![
                4 => vec(inner.clone(), 0..4).prop_map(|children| Filter::And { children }),
                4 => vec(inner.clone(), 0..4).prop_map(|children| Filter::Or { children }),
                4 => inner.clone().prop_map(|child| Filter::Not { child: Box::new(child) }),
                1 => (number(), vec(inner, 0..4)).prop_map(|(n, children)| Filter::AtLeast { n, children }),
                3 => event(optional.clone()),
                1 => sequence(optional.clone()),
                1 => activity(optional.clone()),
                1 => related(optional.clone()),
                1 => rank(optional),
            ]
        })
        .boxed()
}
