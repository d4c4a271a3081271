//! What all instances have counted.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::fault::Fault;

/// What is counted while the load lasts.
pub struct Shared {
    over: AtomicBool,
    failed: AtomicBool,
    exchanges: AtomicU64,
    bytes: AtomicU64,
    instances: AtomicU64,
    faults: Mutex<BTreeMap<Fault, u64>>,
    holdings: Vec<Holding>,
}

/// What one instance holds.
#[derive(Default)]
struct Holding {
    resources: AtomicUsize,
    memory: AtomicUsize,
}

/// What there was in all.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Responses that were right, whole or given up on purpose.
    pub exchanges: u64,
    /// Bytes that were compared.
    pub bytes: u64,
    /// Instances that were made.
    pub instances: u64,
    /// Faults that came out as they should.
    pub faults: BTreeMap<Fault, u64>,
}

impl Shared {
    /// For so many instances at a time.
    #[must_use]
    pub fn new(instances: usize) -> Self {
        Self {
            over: AtomicBool::default(),
            failed: AtomicBool::default(),
            exchanges: AtomicU64::default(),
            bytes: AtomicU64::default(),
            instances: AtomicU64::default(),
            faults: Mutex::default(),
            holdings: (0..instances).map(|_| Holding::default()).collect(),
        }
    }

    /// Whether the load ends.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Ends the load.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Whether an instance has panicked, which ends the load.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// An instance has panicked.
    pub fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
        self.end();
    }

    /// Counts an instance that was made.
    pub fn instance(&self) {
        self.instances.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a response, of which so many bytes were compared.
    pub fn exchange(&self, bytes: usize) {
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts a fault that came out as it should.
    pub fn fault(&self, fault: Fault) {
        let mut faults = self.faults.lock().expect("nobody panics");
        *faults.entry(fault).or_default() += 1;
    }

    /// What the instance with this number holds now.
    pub fn holds(&self, number: usize, resources: usize, memory: usize) {
        let holding = &self.holdings[number];
        holding.resources.store(resources, Ordering::Relaxed);
        holding.memory.store(memory, Ordering::Relaxed);
    }

    /// The entries of all resource tables.
    #[must_use]
    pub fn resources(&self) -> usize {
        let all = self.holdings.iter();
        all.map(|it| it.resources.load(Ordering::Relaxed)).sum()
    }

    /// The bytes of all linear memories.
    #[must_use]
    pub fn memory(&self) -> usize {
        let all = self.holdings.iter();
        all.map(|it| it.memory.load(Ordering::Relaxed)).sum()
    }

    /// How many exchanges there were so far, those with faults included.
    #[must_use]
    pub fn exchanges(&self) -> u64 {
        let faults = self.faults.lock().expect("nobody panics");
        self.exchanges.load(Ordering::Relaxed) + faults.values().sum::<u64>()
    }

    /// All of it.
    #[must_use]
    pub fn into_counts(self) -> Counts {
        Counts {
            exchanges: self.exchanges.into_inner(),
            bytes: self.bytes.into_inner(),
            instances: self.instances.into_inner(),
            faults: self.faults.into_inner().expect("nobody panics"),
        }
    }
}
