//! A shop made from a seed: always the same one. Orders come more often from customers who ordered before.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The instant from which the shop is looked at.
pub const AS_OF: &str = "2026-11-30T08:00:00Z";
const DAYS: u64 = 120;

/// A small generator (Marsaglia's xorshift64*, J. Stat. Softw. 8(14), 2003; multiplier by Vigna, 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % end
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        usize::try_from(self.below(from.len() as u64)).ok().and_then(|place| from.get(place)).copied().unwrap_or("")
    }
}

/// Writes customers and orders into a folder.
pub fn write(folder: &Path, many: u64) -> std::io::Result<(PathBuf, PathBuf)> {
    let mut random = Random(20_261_130);
    let mut customers = String::from("customer_id,age,city,zone,consent,tier\n");
    let mut orders = String::from("customer_id,at,amount\n");
    let zones = ["Europe/Paris", "Europe/Paris", "Europe/London", "America/New_York", "Asia/Tokyo"];
    for id in 1..=many {
        let (age, city) = (16 + random.below(70), random.pick(&["Paris", "Lyon", "London", "New York", "Tokyo"]));
        let consent = random.below(10) < 8;
        let tier = random.pick(&["basic", "basic", "basic", "silver", "gold"]);
        let _ = writeln!(customers, "{id},{age},{city},{},{consent},{tier}", random.pick(&zones));
        let often = [0, 0, 1, 1, 2, 5];
        let orders_of = often.get(usize::try_from(random.below(6)).unwrap_or(0)).copied().unwrap_or(0);
        for _ in 0..orders_of {
            let (day, minute) = (random.below(DAYS), random.below(1_440));
            // The first of August is 121 days before the end of November.
            let at = day_of(day);
            let amount = 500 + random.below(20_000);
            let _ = writeln!(
                orders,
                "{id},{at}T{:02}:{:02}:00Z,{}.{:02}",
                minute / 60,
                minute % 60,
                amount / 100,
                amount % 100
            );
        }
    }
    let (customers_at, orders_at) = (folder.join("customers.csv"), folder.join("orders.csv"));
    std::fs::write(&customers_at, customers)?;
    std::fs::write(&orders_at, orders)?;
    Ok((customers_at, orders_at))
}

/// The so-and-so-many-th day from the first of August on.
fn day_of(mut day: u64) -> String {
    for (month, length) in [(8, 31), (9, 30), (10, 31), (11, 30)] {
        if day < length {
            return format!("2026-{month:02}-{:02}", day + 1);
        }
        day -= length;
    }
    String::from("2026-11-30")
}
