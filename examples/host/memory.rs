//! How large the memories of an instance may be, and are.

use wasmtime::{ResourceLimiter, Result, StoreLimits};

/// Bounds them, and counts.
pub struct Memory {
    limits: StoreLimits,
    bytes: usize,
}

impl Memory {
    pub fn new(limits: StoreLimits) -> Self {
        Self { limits, bytes: 0 }
    }

    /// What all memories of the instance have together. They never shrink.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        let permitted = self.limits.memory_growing(current, desired, maximum)?;
        if permitted {
            self.bytes += desired - current;
        }
        Ok(permitted)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        self.limits.table_growing(current, desired, maximum)
    }

    fn memories(&self) -> usize {
        self.limits.memories()
    }

    fn instances(&self) -> usize {
        self.limits.instances()
    }

    fn tables(&self) -> usize {
        self.limits.tables()
    }
}
