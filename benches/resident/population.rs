//! A shop's customers and what they did in a year: seeded, so that everybody measures the same.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use cvm_core::Catalog;

/// Rows in a batch.
const BATCH: usize = 1 << 20;
/// The last instant of all events, and the one at which questions are asked: 2024-06-30T12:00:00Z.
pub const AS_OF: i64 = 1_719_748_800_000_000;
const DAY: i64 = 86_400_000_000;

pub const CATALOG: &str = r#"{"customers": {"table": "customers", "key": "id", "fields": [
        {"name": "id", "type": "int", "nullable": false}, {"name": "country", "type": "string"},
        {"name": "city", "type": "string"}, {"name": "tier", "type": "string"}, {"name": "age", "type": "int"},
        {"name": "consent", "type": "bool"}, {"name": "signed_up", "type": "date"},
        {"name": "spent", "type": "decimal(12,2)"}, {"name": "orders", "type": "int"}]},
    "events": [
        {"name": "purchase", "table": "events", "customer": "customer_id", "time": "at", "name_column": "kind",
         "fields": [{"name": "amount", "type": "decimal(10,2)"}]},
        {"name": "visit", "table": "events", "customer": "customer_id", "time": "at", "name_column": "kind"},
        {"name": "open", "table": "events", "customer": "customer_id", "time": "at", "name_column": "kind"}]}"#;

/// Random numbers: splitmix64.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        // The high bits of the product: no division.
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// Small numbers far more often than large ones.
    pub fn skewed(&mut self, n: u64) -> u64 {
        let (a, b) = (self.below(n), self.below(n));
        a * b / n.max(1)
    }
}

pub fn catalog() -> Result<Catalog, cvm_core::Diagnostics> {
    Catalog::from_json(CATALOG)
}

fn words(codes: Vec<Option<i32>>, words: Vec<String>) -> ArrayRef {
    Arc::new(DictionaryArray::new(Int32Array::from(codes), Arc::new(StringArray::from(words))))
}

fn batches(rows: usize, mut make: impl FnMut(usize, usize) -> RecordBatch) -> Vec<RecordBatch> {
    (0..rows).step_by(BATCH).map(|from| make(from, (from + BATCH).min(rows))).collect()
}

fn decimals(digits: Vec<Option<i128>>, precision: u8) -> ArrayRef {
    let digits = Decimal128Array::from(digits);
    Arc::new(digits.clone().with_precision_and_scale(precision, 2).unwrap_or(digits))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let schema = columns.iter().map(|(name, array)| (*name, array.clone(), true));
    RecordBatch::try_from_iter_with_nullable(schema)
        .unwrap_or_else(|_| RecordBatch::new_empty(Arc::new(arrow::datatypes::Schema::empty())))
}

/// Customers numbered from 0. One in twenty has no age, one in thirty no city.
pub fn customers(number: usize) -> Vec<RecordBatch> {
    let mut r = Random(1);
    let countries =
        ["AT", "BE", "CH", "DE", "DK", "ES", "FR", "IT", "LU", "NL", "PL", "PT"].map(str::to_owned).to_vec();
    let cities: Vec<String> = (0..2_000).map(|i| format!("City {i:04}")).collect();
    let tiers = ["basic", "silver", "gold"].map(str::to_owned).to_vec();
    batches(number, |from, to| {
        let n = to - from;
        let all = |r: &mut Random, make: &dyn Fn(&mut Random) -> Option<i64>| -> Vec<Option<i64>> {
            (0..n).map(|_| make(r)).collect()
        };
        let codes = |values: Vec<Option<i64>>| values.into_iter().map(|v| v.map(|v| v as i32)).collect();
        let country = all(&mut r, &|r| Some(r.below(12) as i64));
        let city = all(&mut r, &|r| (r.below(30) > 0).then(|| r.skewed(2_000) as i64));
        let tier = all(&mut r, &|r| Some([0, 0, 0, 0, 0, 0, 0, 1, 1, 2][r.below(10) as usize]));
        let age = all(&mut r, &|r| (r.below(20) > 0).then(|| 18 + r.below(70) as i64));
        let consent = (0..n).map(|_| Some(r.below(10) < 7)).collect::<Vec<Option<bool>>>();
        let signed_up = all(&mut r, &|r| Some(17_000 + r.below(2_900) as i64));
        let spent = all(&mut r, &|r| Some(r.skewed(500_000) as i64));
        let orders = all(&mut r, &|r| Some(r.skewed(60) as i64));
        batch(vec![
            ("id", Arc::new(Int64Array::from_iter_values((from..to).map(|id| id as i64))) as ArrayRef),
            ("country", words(codes(country), countries.clone())),
            ("city", words(codes(city), cities.clone())),
            ("tier", words(codes(tier), tiers.clone())),
            ("age", Arc::new(Int64Array::from(age))),
            ("consent", Arc::new(BooleanArray::from(consent))),
            ("signed_up", Arc::new(Date32Array::from_iter(signed_up.into_iter().map(|d| d.map(|d| d as i32))))),
            ("spent", decimals(spent.into_iter().map(|d| d.map(i128::from)).collect(), 12)),
            ("orders", Arc::new(Int64Array::from(orders))),
        ])
    })
}

/// Events in the order of time, of one kind in five purchases, three visits and one open; some customers do far more
/// than others.
pub fn events(number: usize, customers: usize) -> Vec<RecordBatch> {
    let mut r = Random(2);
    let kinds = ["purchase", "visit", "open"].map(str::to_owned).to_vec();
    let first = AS_OF - 365 * DAY;
    batches(number, |from, to| {
        let n = to - from;
        let mut owners = Vec::with_capacity(n);
        let mut codes = Vec::with_capacity(n);
        let mut times = Vec::with_capacity(n);
        let mut amounts = Vec::with_capacity(n);
        for i in from..to {
            let owner = if r.below(2) == 0 { r.below(customers as u64) } else { r.skewed(customers as u64) };
            owners.push(owner as i64);
            let kind = [0, 1, 1, 1, 2][r.below(5) as usize];
            codes.push(Some(kind));
            // A second, as most systems write them.
            let at = first + (i as i128 * i128::from(365 * DAY) / number as i128) as i64;
            times.push(at / 1_000_000 * 1_000_000);
            amounts.push((kind == 0).then(|| i128::from(100 + r.skewed(30_000))));
        }
        batch(vec![
            ("customer_id", Arc::new(Int64Array::from(owners)) as ArrayRef),
            ("kind", words(codes, kinds.clone())),
            ("at", Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC"))),
            ("amount", decimals(amounts, 10)),
        ])
    })
}
