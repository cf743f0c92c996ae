//! The real disk, with what is written to it counted, and how long it takes to sync.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use cvm_journey::durable::{Disk, RealDisk};

use crate::driver::{Failure, Meter};

/// The real disk. What is appended, and syncs of files, are counted.
#[derive(Debug, Clone)]
pub struct Counted {
    disk: RealDisk,
    meter: Arc<Meter>,
}

impl Counted {
    pub fn open(folder: &Path, meter: &Arc<Meter>) -> Result<Self, Failure> {
        Ok(Self { disk: RealDisk::open(folder)?, meter: Arc::clone(meter) })
    }
}

impl Disk for Counted {
    fn list(&self) -> io::Result<Vec<String>> {
        self.disk.list()
    }
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.disk.read(name)
    }
    fn create(&self, name: &str) -> io::Result<()> {
        self.disk.create(name)
    }
    fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.meter.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.disk.append(name, bytes)
    }
    fn sync(&self, name: &str) -> io::Result<()> {
        let start = Instant::now();
        let done = self.disk.sync(name);
        self.meter.syncs.fetch_add(1, Ordering::Relaxed);
        self.meter.nanos.fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
        done
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }
    fn sync_folder(&self) -> io::Result<()> {
        self.disk.sync_folder()
    }
    fn close(&self, name: &str) {
        self.disk.close(name);
    }
}

/// Microseconds until four kilobytes are on the disk, 200 times, sorted.
pub fn latencies() -> Result<Vec<f64>, Failure> {
    let mut file = tempfile::tempfile()?;
    let mut times = Vec::new();
    for _ in 0..200 {
        file.write_all(&[7; 4096])?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}
