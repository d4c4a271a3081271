//! What calls leave behind on the stack.
//!
//! The compiler copies keys to where it likes, and crates that wipe theirs know nothing of the copies. In WebAssembly the
//! stack is part of the memory, and stays as it is until other calls come as deep.

use core::hint::black_box;

/// More than handshakes have been seen to need. The component's stack is twice as large.
const DEPTH: usize = 48 * 1024;

/// Does work with keys, and wipes what it leaves on the stack. What it gives is moved, and should not hold a key itself.
pub(super) fn wiped<T>(work: impl FnOnce() -> T) -> T {
    let done = below(work);
    wipe();
    done
}

/// In a frame of its own, which the caller's does not become part of.
#[inline(never)]
fn below<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe() {
    black_box(&mut [0u8; DEPTH]);
}
