//! Random filters and customers, fast, over few fields with few values: `#[path = "common/random.rs"] mod random;`

#![allow(dead_code, clippy::expect_used, clippy::indexing_slicing, reason = "each user has its own part")]

use cvm_core::filter::*;
use cvm_core::{Catalog, Date, Filter, History, Occurrence, Timestamp, Value};

/// Random numbers: splitmix64.
pub struct Random(u64);

pub fn catalog() -> Catalog {
    Catalog::from_json(
        r#"{"customers": {"table": "c", "key": "id", "fields": [
            {"name": "id", "type": "int", "nullable": false},
            {"name": "x", "type": "int"},
            {"name": "y", "type": "int"},
            {"name": "n", "type": "int", "nullable": false},
            {"name": "f", "type": "float"},
            {"name": "d", "type": "decimal(3,1)"},
            {"name": "s", "type": "string"},
            {"name": "t", "type": "string"},
            {"name": "e", "type": "string", "enum": ["pa", "qa", "rb"]},
            {"name": "b", "type": "bool"},
            {"name": "c", "type": "bool", "nullable": false},
            {"name": "day", "type": "date"},
            {"name": "at", "type": "timestamp"},
            {"name": "tags", "type": "list<string>"},
            {"name": "json", "type": "json"}]},
          "events": [{"name": "buy", "table": "buys", "customer": "id", "time": "at",
                      "fields": [{"name": "amount", "type": "int"}, {"name": "shop", "type": "string"}]},
                     {"name": "visit", "table": "visits", "customer": "id", "time": "at", "fields": []}],
          "segments": [
            {"name": "young", "filter": {"type": "condition", "field": "x", "op": "lt", "value": 2}},
            {"name": "old", "filter": {"type": "not", "child": {"type": "segment", "segment": "young"}}}],
          "lists": [{"name": "chosen", "members": [0, 1, 2], "remove": [1]}],
          "zone": "Europe/Paris"}"#,
    )
    .expect("a catalog")
}

const TEXTS: &[&str] = &["", "a", "ab", "abc", "b", "B", "ba"];
const DAYS: &[&str] = &["2024-02-29", "2024-02-28", "2024-01-31", "2023-12-31", "2024-01-01"];
const TIMES: &[&str] = &[
    "2024-02-29T21:30:00Z",
    "2024-02-28T23:00:00Z",
    "2024-02-28T22:59:59.999999Z",
    "2024-02-27T21:30:00Z",
    "2024-01-01T00:00:00Z",
    "2023-12-30T10:00:00Z",
];

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A value, or none.
    fn maybe(&mut self, value: impl FnOnce(&mut Self) -> Value) -> Value {
        if self.below(5) == 0 { Value::Missing } else { value(self) }
    }

    fn text(&mut self) -> Value {
        Value::Str(self.pick(TEXTS).into())
    }

    fn instant(&mut self) -> Value {
        Value::Timestamp(Timestamp::parse_utc(self.pick(TIMES)).expect("a time"))
    }

    /// A customer with events.
    pub fn customer(&mut self) -> (Vec<Value>, History) {
        let int = |r: &mut Self| Value::Int(r.below(5) as i64);
        let row = vec![
            Value::Int(self.below(4) as i64),
            self.maybe(int),
            self.maybe(int),
            int(self),
            self.maybe(|r| Value::Float(r.pick(&[0.0, -0.0, 0.5, 1.0, 2.0, f64::NAN, f64::INFINITY]))),
            self.maybe(|r| {
                Value::Decimal(r.pick(&["0", "0.1", "0.2", "1.0", "99.9", "-0.1"]).parse().expect("a decimal"))
            }),
            self.maybe(Self::text),
            self.maybe(Self::text),
            self.maybe(|r| Value::Str(r.pick(&["pa", "qa", "rb"]).into())),
            self.maybe(|r| Value::Bool(r.below(2) == 0)),
            Value::Bool(self.below(2) == 0),
            self.maybe(|r| Value::Date(Date::parse(r.pick(DAYS)).expect("a day"))),
            self.maybe(Self::instant),
            self.maybe(|r| {
                let n = r.below(4);
                Value::List((0..n).map(|_| Value::Str(r.pick(&["a", "b", "A"]).into())).collect())
            }),
            self.maybe(|r| {
                let tier = r.below(6);
                let tier = [
                    serde_json::json!("a"),
                    "b".into(),
                    1.into(),
                    serde_json::Value::Null,
                    true.into(),
                    serde_json::json!(["a"]),
                ][tier]
                    .clone();
                Value::Json(serde_json::json!({ "tier": tier }))
            }),
        ];
        let buys = self.below(5);
        let visits = self.below(3);
        let buys = (0..buys)
            .map(|_| Occurrence { time: self.instant(), properties: vec![self.maybe(int), self.maybe(Self::text)] })
            .collect();
        let visits = (0..visits).map(|_| Occurrence { time: self.instant(), properties: Vec::new() }).collect();
        (row, History { events: vec![buys, visits], related: Vec::new() })
    }

    /// A filter of a few levels; small ones are frequent.
    pub fn filter(&mut self) -> Filter {
        if self.below(4) == 0 {
            return self.twins();
        }
        let depth = 1 + self.below(3);
        // All conditions of one filter on a few fields.
        let fields: Vec<usize> = (0..1 + self.below(3)).map(|_| self.below(17)).collect();
        self.tree(depth, &fields)
    }

    /// Groups of the same shape beside each other: they share a condition, and their others are alike but for the field.
    fn twins(&mut self) -> Filter {
        let same = self.pick(&[&[1_usize, 2, 3][..], &[6, 7, 8], &[11, 11, 12], &[13, 13, 6]]);
        let shared_field = self.below(17);
        let shared = self.leaf(&[shared_field]);
        let groups: Vec<Filter> = (0..2 + self.below(2))
            .map(|_| {
                let mut children = vec![self.leaf(same), shared.clone()];
                if self.below(2) == 0 {
                    children.push(self.leaf(same));
                }
                if self.below(8) < 7 { Filter::all_of(children) } else { Filter::any_of(children) }
            })
            .collect();
        let all = self.below(2) == 0;
        let turned = if all { groups.into_iter().map(|group| !group).collect() } else { groups };
        if all { Filter::all_of(turned) } else { Filter::any_of(turned) }
    }

    fn tree(&mut self, depth: usize, fields: &[usize]) -> Filter {
        if depth == 0 || self.below(8) == 0 {
            return self.leaf(fields);
        }
        let n = 1 + self.below(4);
        let children: Vec<Filter> = (0..n).map(|_| self.tree(depth - 1, fields)).collect();
        match self.below(12) {
            0..=4 => Filter::all_of(children),
            5..=9 => Filter::any_of(children),
            10 => !self.tree(depth - 1, fields),
            _ => Filter::at_least(1 + self.below(n) as u32, children),
        }
    }

    fn leaf(&mut self, fields: &[usize]) -> Filter {
        match self.below(40) {
            0 => Filter::Everyone,
            1 => Filter::Nobody,
            2 => Filter::segment(self.pick(&["young", "old"])),
            3 => Filter::list("chosen"),
            _ => {
                let field = self.pick(fields);
                let leaf = if field < 15 { Filter::Condition(self.condition(field)) } else { self.event(field - 15) };
                if self.below(6) == 0 { !leaf } else { leaf }
            }
        }
    }

    fn operand(&mut self, field: usize) -> Literal {
        match field {
            0..=3 => match self.below(12) {
                0 => Literal::Float(self.pick(&[1.5, -0.5, 1e17])),
                1 => Literal::Int(self.pick(&[i64::MIN, i64::MAX, -1])),
                _ => Literal::Int(self.below(5) as i64),
            },
            4 => Literal::Float(self.pick(&[0.0, -0.0, 0.5, 1.0, 2.0])),
            5 => Literal::Str(self.pick(&["0", "0.1", "0.20", "0.15", "1", "99.9", "1000", "-0.1"]).into()),
            6 | 7 => Literal::Str(self.pick(TEXTS).into()),
            8 => Literal::Str(self.pick(&["pa", "qa", "rb"]).into()),
            9 | 10 => Literal::Bool(self.below(2) == 0),
            11 => Literal::Str(self.pick(DAYS).into()),
            12 => Literal::Str(if self.below(3) == 0 { self.pick(DAYS) } else { self.pick(TIMES) }.into()),
            _ => Literal::Str(self.pick(&["a", "b", "A"]).into()),
        }
    }

    fn span(&mut self, units: &[Unit]) -> Duration {
        Duration { n: 1 + self.below(3) as u32, unit: self.pick(units) }
    }

    fn window(&mut self, date: bool) -> Window {
        let units: &[Unit] = if date {
            &[Unit::Day, Unit::Week, Unit::Month]
        } else {
            &[Unit::Day, Unit::Hour, Unit::Week, Unit::Month]
        };
        let calendar = [Unit::Day, Unit::Month, Unit::Year];
        match self.below(7) {
            0 | 1 => Window::Last(self.span(units)),
            2 => Window::Coming(self.span(units)),
            3 => Window::This { unit: self.pick(&calendar) },
            4 => Window::Previous(self.span(&calendar)),
            5 => Window::Next(self.span(&calendar)),
            _ => Window::Since { from: Literal::Str(self.pick(DAYS).into()) },
        }
    }

    fn relative(&mut self, date: bool) -> Operand {
        let units: &[Unit] = if date { &[Unit::Day, Unit::Month] } else { &[Unit::Day, Unit::Hour, Unit::Month] };
        match self.below(4) {
            0 => Operand::Now { now: Nothing {} },
            1 => Operand::Ago { ago: self.span(units) },
            2 => Operand::Ahead { ahead: self.span(units) },
            _ => {
                let unit = self.pick(&[Unit::Day, Unit::Month]);
                Operand::StartOf { start_of: StartOf { unit, offset: self.below(4) as i32 - 2 } }
            }
        }
    }

    fn condition(&mut self, field: usize) -> Condition {
        use Operator as O;
        let names = ["id", "x", "y", "n", "f", "d", "s", "t", "e", "b", "c", "day", "at", "tags", "json.tier"];
        let ordered = [O::Eq, O::Ne, O::Lt, O::Lte, O::Gt, O::Gte];
        let one = |r: &mut Self, op: Operator| (op, Some(Operand::One(r.operand(field))));
        let many = |r: &mut Self, op: Operator| {
            let n = 1 + r.below(3);
            (op, Some(Operand::Many((0..n).map(|_| r.operand(field)).collect())))
        };
        let mut case = Case::Sensitive;
        let choice = self.below(20);
        let (op, value) = if choice == 0 {
            (self.pick(&[O::IsSet, O::IsNotSet]), None)
        } else if field == 9 || field == 10 {
            let op = self.pick(&[O::Eq, O::Ne]);
            one(self, op)
        } else if field == 13 {
            match choice {
                1..=12 => {
                    let op = self.pick(&[O::HasAny, O::HasAll, O::HasNone]);
                    if choice == 1 {
                        case = Case::Insensitive;
                    }
                    many(self, op)
                }
                13 => (O::IsEmpty, None),
                _ => {
                    let key = self.pick(&["eq", "ne", "lt", "lte", "gt", "gte"]);
                    (O::Size, SizeTest::from_parts(key, self.below(4) as u32).map(Operand::Size))
                }
            }
        } else if field == 14 {
            match choice {
                1..=10 => {
                    let op = self.pick(&[O::Eq, O::Ne]);
                    one(self, op)
                }
                11..=15 => {
                    let op = self.pick(&[O::In, O::NotIn]);
                    many(self, op)
                }
                16 => (self.pick(&[O::Gt, O::Lte]), Some(Operand::One(Literal::Int(1)))),
                _ => (self.pick(&[O::Eq, O::Ne]), Some(Operand::One(Literal::Bool(true)))),
            }
        } else if (11..=12).contains(&field) && choice < 12 {
            let date = field == 11;
            if choice < 7 {
                let op = if date && choice == 6 { O::AnniversaryWithin } else { O::Within };
                (op, Some(Operand::Window(self.window(date))))
            } else {
                (
                    self.pick(&[O::Before, O::After, O::On, O::Eq, O::Ne, O::Lt, O::Lte, O::Gt, O::Gte]),
                    Some(self.relative(date)),
                )
            }
        } else if (6..=8).contains(&field) && choice < 9 {
            let op = self.pick(&[
                O::Contains,
                O::NotContains,
                O::StartsWith,
                O::NotStartsWith,
                O::EndsWith,
                O::NotEndsWith,
                O::Matches,
                O::NotMatches,
            ]);
            if choice < 3 {
                case = Case::Insensitive;
            }
            (op, Some(Operand::One(Literal::Str(self.pick(&["a", "ab", "b", "B"]).into()))))
        } else if (1..=3).contains(&field) && choice < 5 {
            (self.pick(&ordered), Some(Operand::Field { field: self.pick(&["x", "y", "n"]).into() }))
        } else if (6..=7).contains(&field) && choice == 9 {
            (self.pick(&ordered), Some(Operand::Field { field: self.pick(&["s", "t"]).into() }))
        } else if choice < 15 {
            let op = self.pick(&ordered);
            one(self, op)
        } else if choice < 18 && field != 12 {
            let op = self.pick(&[O::In, O::NotIn]);
            many(self, op)
        } else {
            let mut ends = vec![self.operand(field), self.operand(field)];
            if self.below(2) == 0 {
                ends.reverse();
            }
            (self.pick(&[O::Between, O::NotBetween]), Some(Operand::Many(ends)))
        };
        let missing = match self.below(6) {
            0 => Some(Missing::Include),
            1 | 2 => Some(Missing::Exclude),
            _ => None,
        };
        let missing = if matches!(op, O::IsSet | O::IsNotSet) { None } else { missing };
        Condition { field: names[field].into(), op, value, case, missing }
    }

    fn event(&mut self, stream: usize) -> Filter {
        use Operator as O;
        let window = match self.below(3) {
            0 => None,
            _ => Some(match self.below(4) {
                0 | 1 => Window::Last(self.span(&[Unit::Day, Unit::Week, Unit::Month])),
                2 => Window::This { unit: Unit::Month },
                _ => Window::Previous(self.span(&[Unit::Month])),
            }),
        };
        let filter = (stream == 0 && self.below(2) == 0).then(|| {
            let amount = |r: &mut Self| {
                let op = r.pick(&[O::Gt, O::Lt, O::Eq, O::Ne]);
                field("amount").op(op, Some(Operand::One(Literal::Int(r.below(3) as i64))))
            };
            let first = amount(self);
            Box::new(if self.below(3) == 0 { first & amount(self) } else { first })
        });
        let measure = match self.below(8) {
            0 if stream == 0 => Measure::Distinct { field: "amount".into() },
            1 if stream == 0 => Measure::Sum { field: "amount".into() },
            _ => Measure::Count(Nothing {}),
        };
        let op = self.pick(&[O::Eq, O::Ne, O::Lt, O::Lte, O::Gt, O::Gte, O::In, O::Between]);
        let value = match op {
            O::In => Operand::Many((0..2).map(|_| Literal::Int(self.below(4) as i64)).collect()),
            O::Between => {
                Operand::Many(vec![Literal::Int(self.below(2) as i64), Literal::Int(1 + self.below(3) as i64)])
            }
            _ => Operand::One(Literal::Int(self.below(4) as i64)),
        };
        let event = ["buy", "visit"][stream].into();
        Filter::Event(Event { event, window, filter, measure, op, value: Some(value), missing: None })
    }
}
