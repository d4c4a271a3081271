//! What an instance keeps from call to call.

/// A value of the only thread that there is.
pub struct OneThread<T>(pub T);

#[allow(unsafe_code, reason = "without threads, no two can share or send it")]
#[cfg(not(target_feature = "atomics"))]
// SAFETY: this target has no threads.
unsafe impl<T> Sync for OneThread<T> {}
