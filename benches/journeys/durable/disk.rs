//! The real disk, with what is written to it counted.

use std::io;
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
