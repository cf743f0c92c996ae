//! A shop's customers and what they did in a year: seeded, so that everybody sees the same numbers.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ballista::datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use ballista::datafusion::parquet::arrow::ArrowWriter;

use crate::local::table;

/// The instant at which questions are asked, and the last of all events.
pub const AS_OF: &str = "2024-06-30T12:00:00Z";
const AS_OF_MICROS: i64 = 1_719_748_800_000_000;
const YEAR: i64 = 365 * 86_400_000_000;

/// Files of each table.
pub const FILES: usize = 4;

const COUNTRIES: [&str; 8] = ["AT", "BE", "CH", "DE", "ES", "FR", "IT", "NL"];
const TIERS: [&str; 10] = ["basic", "basic", "basic", "basic", "basic", "basic", "basic", "silver", "silver", "gold"];
const KINDS: [&str; 5] = ["purchase", "visit", "visit", "visit", "open"];

/// Random numbers: splitmix64.
struct Random(u64);

impl Random {
    /// A number from 0 up to, not including, this one.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n.max(1)
    }

    /// As `below`, and small numbers far more often than large ones.
    fn skewed(&mut self, n: u64) -> u64 {
        self.below(n) * self.below(n) / n.max(1)
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        words.get(self.below(words.len() as u64) as usize).copied().unwrap_or_default()
    }
}

/// Writes the tables into the folder, each as several files.
pub fn write(folder: &Path, customers: usize, events: usize) -> Result<(), Box<dyn Error>> {
    write_table(folder, "customers", customers, customers_in)?;
    write_table(folder, "events", events, |random, numbers| events_in(random, numbers, events, customers))?;
    println!("{customers} customers and {events} events in {FILES} Parquet files each");
    Ok(())
}

/// Each file has rows that follow those of the file before: files of events are stretches of time, so that what one
/// customer did is in all of them.
fn write_table(
    folder: &Path,
    name: &str,
    rows: usize,
    make: impl Fn(&mut Random, std::ops::Range<usize>) -> Result<RecordBatch, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let path = table(folder, name);
    std::fs::create_dir_all(&path)?;
    for file in 0..FILES {
        let numbers = rows * file / FILES..rows * (file + 1) / FILES;
        let batch = make(&mut Random(file as u64), numbers)?;
        let file = File::create(path.join(format!("part-{file}.parquet")))?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None)?;
        writer.write(&batch)?;
        writer.close()?;
    }
    Ok(())
}

/// One in twenty has no age, one in thirty no city.
fn customers_in(random: &mut Random, ids: std::ops::Range<usize>) -> Result<RecordBatch, Box<dyn Error>> {
    let (mut country, mut city, mut tier, mut age) = (vec![], vec![], vec![], vec![]);
    let (mut consent, mut signed_up, mut spent) = (vec![], vec![], vec![]);
    for _ in ids.clone() {
        country.push(Some(random.one_of(&COUNTRIES)));
        city.push((random.below(30) > 0).then(|| format!("City {:04}", random.skewed(1_000))));
        tier.push(Some(random.one_of(&TIERS)));
        age.push((random.below(20) > 0).then(|| 18 + random.below(70) as i64));
        consent.push(Some(random.below(10) < 7));
        signed_up.push(Some(17_000 + random.below(2_900) as i32));
        spent.push(Some(i128::from(random.skewed(500_000))));
    }
    batch(vec![
        ("id", Arc::new(Int64Array::from_iter_values(ids.map(|id| id as i64)))),
        ("country", Arc::new(StringArray::from(country))),
        ("city", Arc::new(StringArray::from(city))),
        ("tier", Arc::new(StringArray::from(tier))),
        ("age", Arc::new(Int64Array::from(age))),
        ("consent", Arc::new(BooleanArray::from(consent))),
        ("signed_up", Arc::new(Date32Array::from(signed_up))),
        ("spent", Arc::new(Decimal128Array::from(spent).with_precision_and_scale(12, 2)?)),
    ])
}

/// Of five events one is a purchase, three are visits, one is an opened mail. Some customers do far more than others,
/// one event in a thousand is nobody's.
fn events_in(
    random: &mut Random,
    numbers: std::ops::Range<usize>,
    all: usize,
    customers: usize,
) -> Result<RecordBatch, Box<dyn Error>> {
    let customers = customers as u64;
    let (mut owner, mut kind, mut at, mut amount) = (vec![], vec![], vec![], vec![]);
    for number in numbers {
        let often = random.below(2) == 0;
        let whose = if often { random.skewed(customers) } else { random.below(customers) };
        owner.push((random.below(1_000) > 0).then_some(whose as i64));
        let what = random.one_of(&KINDS);
        kind.push(Some(what));
        let before = YEAR / all.max(1) as i64 * (all - number) as i64;
        at.push((AS_OF_MICROS - before) / 1_000_000 * 1_000_000);
        amount.push((what == "purchase").then(|| i128::from(100 + random.skewed(30_000))));
    }
    batch(vec![
        ("customer_id", Arc::new(Int64Array::from(owner))),
        ("kind", Arc::new(StringArray::from(kind))),
        ("at", Arc::new(TimestampMicrosecondArray::from(at).with_timezone("UTC"))),
        ("amount", Arc::new(Decimal128Array::from(amount).with_precision_and_scale(10, 2)?)),
    ])
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, Box<dyn Error>> {
    let nullable = columns.into_iter().map(|(name, column)| (name, column, name != "id"));
    Ok(RecordBatch::try_from_iter_with_nullable(nullable)?)
}
