//! How long a disk takes to sync.

use std::io::Write;
use std::time::Instant;

use serde_json::json;

use crate::driver::Failure;

/// How many microseconds it takes until four kilobytes are on the disk of the temporary folder: 200 times.
pub fn say(before: &str) -> Result<(), Failure> {
    let mut file = tempfile::tempfile()?;
    let mut times = Vec::new();
    for _ in 0..200 {
        file.write_all(&[7; 4096])?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    println!("{}", json!({"kind": "disk", "before": before, "median_us": times[100], "p95_us": times[190]}));
    eprintln!("a sync of 4 KB takes {:.0} us", times[100]);
    Ok(())
}
