//! Customers made from a seed: always the same ones.

use std::fmt::Write as _;
use std::path::PathBuf;

/// The day from which the made customers are looked at.
pub const AS_OF: &str = "2026-06-30T12:00:00Z";
const CUSTOMERS: u64 = 10_000;

/// A small generator (Marsaglia's xorshift64*, J. Stat. Softw. 8(14), 2003; multiplier by Vigna, 2016): enough for made
/// data, and no dependency.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        usize::try_from(self.below(from.len() as u64)).ok().and_then(|i| from.get(i)).copied().unwrap_or("")
    }
}

/// Writes the customers to a file in the temporary folder.
pub fn write() -> std::io::Result<PathBuf> {
    let mut random = Random(20_260_630);
    let mut csv =
        String::from("customer_id,name,email,age,city,total_spent,signup_date,last_purchase_at,newsletter,tags\n");
    let first = ["Zoë", "Amélie", "Jürgen", "Sofía", "Ana", "Paul", "Noor", "Łukasz", "Ingrid", "Patrick"];
    let last = ["O'Hara", "Müller", "Lefèvre", "García", "Smith", "Kowalska", "Novák", "de Vries"];
    for id in 1..=CUSTOMERS {
        let name = format!("{} {}", random.pick(&first), random.pick(&last));
        let age = if random.one_in(12) { String::new() } else { (18 + random.below(65)).to_string() };
        let city = random.pick(&["Paris", "Paris", "Lyon", "Marseille", "Genève", "São Paulo", "Köln"]);
        let spent = random.below(1_000) * random.below(1_000);
        let spent = if random.one_in(20) { String::new() } else { format!("{}.{:02}", spent / 100, spent % 100) };
        let signup = day(random.below(2_000));
        let purchase = if random.one_in(4) {
            String::new()
        } else {
            format!("{}T{:02}:{:02}:00Z", day(random.below(700)), random.below(24), random.below(60))
        };
        let newsletter = if random.one_in(15) { "" } else { random.pick(&["true", "false", "true"]) };
        let tags = match random.below(6) {
            0 => "vip|early bird",
            1 => "vip",
            2 => "student|newsletter",
            3 => "",
            _ => "student",
        };
        // Writing to a string can't fail.
        let _ =
            writeln!(csv, "{id},{name},c{id}@example.org,{age},{city},{spent},{signup},{purchase},{newsletter},{tags}");
    }
    let folder = std::env::temp_dir().join("cvm-quickstart");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("customers.csv");
    std::fs::write(&path, csv)?;
    Ok(path)
}

/// Writes what the customers did to a file beside theirs: visits, and purchases with an amount and a category.
pub fn write_events() -> std::io::Result<PathBuf> {
    let mut random = Random(4_711);
    let mut csv = String::from("customer,kind,at,amount,category\n");
    for id in 1..=CUSTOMERS {
        for _ in 0..random.below(9) {
            let at = format!("{}T{:02}:{:02}:00Z", day(random.below(500)), random.below(24), random.below(60));
            // Writing to a string can't fail.
            let _ = if random.one_in(3) {
                let category = random.pick(&["shoes", "books", "garden"]);
                writeln!(csv, "{id},purchase,{at},{}.{:02},{category}", random.below(200), random.below(100))
            } else {
                writeln!(csv, "{id},visit,{at},,")
            };
        }
    }
    let path = std::env::temp_dir().join("cvm-quickstart").join("events.csv");
    std::fs::write(&path, csv)?;
    Ok(path)
}

/// The date so many days before 2026-06-30, in months of 28 days: dates that always exist.
fn day(back: u64) -> String {
    let months = back / 28;
    let month_index = 2026 * 12 + 5 - months;
    format!("{:04}-{:02}-{:02}", month_index / 12, month_index % 12 + 1, 28 - back % 28)
}
