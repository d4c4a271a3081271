//! What a program needs where there is no standard library.

use core::alloc::{GlobalAlloc, Layout};
use core::panic::PanicInfo;

use dlmalloc::GlobalDlmalloc;
use zeroize::optimization_barrier;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping(GlobalDlmalloc);

/// An allocator that wipes what is given back to it. A value that is moved leaves its bytes behind, and those who wipe
/// their keys wipe the last place alone.
struct Wiping(GlobalDlmalloc);

/// Larger blocks hold what passes through, bodies and records: no key is as long, nor most files with one.
const WIPED: usize = 8 * 1024;

#[allow(unsafe_code, reason = "what an allocator is")]
// SAFETY: all is as the allocator below has it; a block is written to while it is still the caller's.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if layout.size() <= WIPED {
            unsafe { block.write_bytes(0, layout.size()) };
            optimization_barrier(&block);
        }
        unsafe { self.0.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.size() > WIPED {
            return unsafe { self.0.realloc(block, layout, size) };
        }
        // It may not go on where it is.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(block, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

/// A panic is a mistake in this component, and traps. It says nothing, so the compiler leaves out all
/// that it could say: a tenth of the component. The host's backtrace tells where it was.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

// `memcmp`, which the compiler calls. The rest of the C library stays out.
#[allow(unsafe_code, reason = "names a library, and declares nothing")]
#[link(name = "c")]
unsafe extern "C" {}
