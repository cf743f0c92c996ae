//! How a store keeps its files.

/// How a store keeps its files, and how far a clock may jump.
///
/// ```
/// use cvm_journey::durable::Options;
/// let options = Options { keep_log: true, ..Options::default() };
/// assert_eq!(options.most_jump, 7 * 86_400_000_000);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// A file of the log is ended when it has so many bytes.
    pub segment_bytes: u64,
    /// A snapshot is made after so many records.
    pub snapshot_records: u64,
    /// A snapshot is made after so many bytes of the log.
    pub snapshot_bytes: u64,
    /// So many snapshots are kept, and the log since the oldest of them. One that is damaged later is passed over.
    pub snapshots: usize,
    /// All of the log is kept, so that [`Store::explain`](super::Store::explain) goes back to the beginning.
    pub keep_log: bool,
    /// Beside each snapshot stands who is where as an Arrow file for each journey, for other tools to read: some 40 bytes for
    /// each customer, which with many millions take longer to write than the snapshot itself.
    pub people: bool,
    /// An instant so many microseconds after the latest one must be allowed
    /// ([`Store::allow_jump`](super::Store::allow_jump)).
    pub most_jump: i64,
}

impl Default for Options {
    /// Files of 64 MiB, a snapshot after 100,000 records or 256 MiB, of which two are kept; jumps of up to seven days.
    fn default() -> Self {
        Self {
            segment_bytes: 64 << 20,
            snapshot_records: 100_000,
            snapshot_bytes: 256 << 20,
            snapshots: 2,
            keep_log: false,
            people: true,
            most_jump: 7 * 86_400_000_000,
        }
    }
}
