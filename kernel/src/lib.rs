//! The authenticated encryption of TLS with WebAssembly's 128-bit vectors.
//!
//! Rules of this crate:
//! - It is for WebAssembly only: elsewhere it is empty. It needs nothing `unsafe`.
//! - Functions ask for `simd128` themselves, unless they are always part of one that does. As a flag
//!   for all crates it would set them apart from the standard library's, which are compiled without,
//!   and the compiler does not optimize a call across that: the component would keep the messages of
//!   all panics.
//! - It is a crate because `Cargo.toml` sets how a crate is optimized: this one for speed, which
//!   downloads hang on, and the component around it for size.
//! - No branch and no index into memory depends on a key, on plaintext or on a tag: only on lengths.
//! - Data goes through twice, once for each algorithm; a record stays in the processor's cache
//!   meanwhile, and nothing is decrypted before its tag was found right.
//! - Where the code hides something from the compiler it costs speed, not correctness, if that
//!   fails.
#![no_std]
#![forbid(unsafe_code)]
#![cfg(target_family = "wasm")]

mod aes;
mod aes_gcm;
mod chacha20;
mod chacha20_poly1305;
mod ghash;
mod keystream;
mod lanes;
mod poly1305;

pub use aes_gcm::AesGcm;
pub use chacha20_poly1305::ChaCha20Poly1305;

/// The length of every tag, in bytes.
pub const TAG_LEN: usize = 16;
/// The length of every nonce, in bytes.
pub const NONCE_LEN: usize = 12;

/// The tag does not belong to the data: nothing of them may be used.
#[derive(Debug, PartialEq, Eq)]
pub struct BadTag;
