//! How much memory an instance takes.

use wasmtime::ResourceLimiter;

/// Sees each growth, and allows it up to a limit if there is one.
#[derive(Default)]
pub(super) struct Memory {
    peak: usize,
    /// The most bytes that a linear memory may have.
    pub(super) most: Option<usize>,
}

impl Memory {
    /// The most bytes that a linear memory has had.
    pub(super) fn peak(&self) -> usize {
        self.peak
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let limits = [maximum, self.most];
        let allowed = limits.iter().flatten().all(|most| desired <= *most);
        if allowed {
            self.peak = self.peak.max(desired);
        }
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }
}
