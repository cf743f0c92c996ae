//! For tests of stores, here and elsewhere: a disk that crashes as planned.

mod content;
mod crash;
mod faulty_disk;

pub use crash::Crash;
pub use faulty_disk::FaultyDisk;
