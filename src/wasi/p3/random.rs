//! The host's randomness for the crates of cryptography: `getrandom` knows the interface of WASI 0.2
//! alone on this target.

use getrandom::Error;

use crate::bindings::wasi::random::random::get_random_bytes;

/// What `getrandom` calls under its configuration `custom`.
#[allow(unsafe_code, reason = "getrandom finds it by its name")]
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(to: *mut u8, length: usize) -> Result<(), Error> {
    // SAFETY: getrandom gives a buffer of this length, which need not hold anything yet.
    let to = unsafe {
        to.write_bytes(0, length);
        core::slice::from_raw_parts_mut(to, length)
    };
    let mut filled = 0;
    while filled < length {
        // A host may give fewer than it is asked for.
        let bytes = get_random_bytes((length - filled) as u64);
        let amount = bytes.len().min(length - filled);
        to[filled..filled + amount].copy_from_slice(&bytes[..amount]);
        filled += amount;
    }
    Ok(())
}
