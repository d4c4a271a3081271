//! What a program needs where there is no standard library.

use core::panic::PanicInfo;

use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;

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
