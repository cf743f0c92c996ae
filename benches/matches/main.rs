//! How many customers a second one core judges: the matcher beside engines that judge one customer at a time.
//!
//! Everybody has the rule compiled and each customer's data prepared in the form that is fastest for it. Prints a line of
//! JSON for each contender, question and round; all must find the same number of customers.

mod filters;
mod peers;
mod shop;

use peers::Contender;
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A contender judges everybody again and again for so long, each round.
const AT_LEAST_S: f64 = 0.05;

/// What this thread has had of a core, in seconds: others on the machine make it wait, and that is not counted.
fn core_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn main() {
    let rounds: usize = std::env::args().nth(1).map_or(7, |text| text.parse().expect("a number of rounds"));
    let count: usize = std::env::args().nth(2).map_or(10_000, |text| text.parse().expect("a number of customers"));
    let customers = shop::customers(count);
    let questions = filters::questions();
    let mut contenders: Vec<Vec<(&str, Contender<'_>)>> =
        questions.iter().map(|question| peers::contenders(question, &customers)).collect();
    for round in 0..rounds {
        for (question, contenders) in questions.iter().zip(&mut contenders) {
            let mut counts = Vec::new();
            for (name, judge) in contenders {
                let start = core_time();
                let (mut times, mut members) = (0_u32, 0);
                while times == 0 || core_time() - start < AT_LEAST_S {
                    members = judge();
                    times += 1;
                }
                let ns = (core_time() - start) * 1e9 / f64::from(times) / customers.len() as f64;
                counts.push(members);
                let share = members as f64 / customers.len() as f64;
                println!(
                    "{}",
                    serde_json::json!({
                    "customers": count, "question": question.name, "contender": name, "round": round, "ns": ns, "share": share})
                );
            }
            assert!(counts.iter().all(|count| *count == counts[0]), "{}: {counts:?}", question.name);
        }
    }
}
