//! The kernel's two halves, each by itself. They are private to its crate, so they are compiled here
//! as well.

#[path = "../../../../kernel/src/chacha20.rs"]
mod chacha20;
#[path = "../../../../kernel/src/keystream.rs"]
mod keystream;
#[path = "../../../../kernel/src/lanes.rs"]
mod lanes;
#[path = "../../../../kernel/src/poly1305.rs"]
mod poly1305;

use chacha20::ChaCha20;
use lanes::{load, store};
use poly1305::{Limbs, Poly1305};

fn cipher(key: &[u8; 32], nonce: &[u8; 12]) -> ChaCha20 {
    let (words, _) = key.as_chunks();
    ChaCha20::new(
        &std::array::from_fn(|word| u32::from_le_bytes(words[word])),
        nonce,
    )
}

/// The key for the MAC: the first half of block 0.
pub fn mac_key(key: &[u8; 32], nonce: &[u8; 12]) -> [u8; 32] {
    let mut out = [0; 32];
    let (halves, _) = out.as_chunks_mut();
    for (half, vector) in halves.iter_mut().zip(cipher(key, nonce).mac_key()) {
        store(half, vector);
    }
    out
}

/// Encrypts from any block but 0 on, which a cipher keeps for the MAC.
pub fn chacha20(key: &[u8; 32], nonce: &[u8; 12], block: usize, plain: &[u8]) -> Vec<u8> {
    let skipped = (block - 1) * 64;
    let mut data = [&vec![0; skipped], plain].concat();
    cipher(key, nonce).apply(&mut data);
    data.split_off(skipped)
}

/// The MAC of any message. The AEAD never has a part of a block: its last one is made here.
pub fn poly1305(key: &[u8; 32], message: &[u8]) -> [u8; 16] {
    let (halves, _) = key.as_chunks();
    let mut mac = Poly1305::new([load(&halves[0]), load(&halves[1])]);
    let (whole, rest) = message.split_at(message.len() / 16 * 16);
    mac.absorb(whole);
    if !rest.is_empty() {
        let mut last = [0; 16];
        last[..rest.len()].copy_from_slice(rest);
        last[rest.len()] = 1;
        let (words, _) = last.as_chunks();
        mac.absorb_number(Limbs::new(std::array::from_fn(|word| {
            u32::from_le_bytes(words[word])
        })));
    }
    let mut tag = [0; 16];
    store(&mut tag, mac.finish());
    tag
}
