//! What the process holds at a moment.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use harness::LIMIT;

use crate::shared::Shared;

/// What the process held at a moment, and had done by then.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Since the beginning.
    pub at: Duration,
    /// Bytes of memory that the whole process has, servers included.
    pub resident: u64,
    /// Open descriptors, at both ends of each connection.
    pub files: usize,
    /// Entries of the instances' resource tables.
    pub resources: usize,
    /// Bytes of the instances' linear memories.
    pub memory: usize,
    /// Exchanges so far.
    pub exchanges: u64,
}

impl Sample {
    /// Now, which is so long after the beginning.
    #[must_use]
    pub fn take(at: Duration, shared: &Shared) -> Self {
        Self {
            at,
            resident: resident(),
            files: open_files(),
            resources: shared.resources(),
            memory: shared.memory(),
            exchanges: shared.exchanges(),
        }
    }
}

/// How many descriptors the process has open.
#[must_use]
pub fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").expect("Linux has it").count()
}

fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: u64 = kibibytes
        .expect("Linux has it")
        .parse()
        .expect("it is a number");
    kibibytes * 1024
}

/// Waits until no more descriptors are open than that: servers close theirs when they see the end.
///
/// # Panics
/// After [`LIMIT`].
pub fn assert_files(before: usize) {
    let begin = Instant::now();
    while open_files() > before {
        let now = open_files();
        assert!(
            begin.elapsed() < LIMIT,
            "{now} open files, {before} before the load"
        );
        thread::sleep(Duration::from_millis(5));
    }
}
