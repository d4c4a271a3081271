//! What a server knows of a connection's secrets.

use std::sync::Mutex;

use ring::hkdf::{Algorithm, HKDF_SHA256, HKDF_SHA384, KeyType, Prk};

/// A secret, and what it is called.
#[derive(Clone, Debug)]
pub struct Secret {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Sees the secrets that a server's connections agree on, by the labels of NSS's key log.
#[derive(Debug, Default)]
pub struct Witness(Mutex<Vec<Secret>>);

impl rustls::KeyLog for Witness {
    fn log(&self, label: &str, _: &[u8], secret: &[u8]) {
        let mut seen = self.0.lock().expect("nobody panics");
        let name = label.to_owned();
        let bytes = secret.to_vec();
        seen.push(Secret { name, bytes });
    }
}

impl Witness {
    /// All of them, and the keys of records that are made of those of TLS 1.3.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.0.lock().expect("nobody panics").clone();
        let traffic = secrets.iter().filter(|it| it.name.contains("TRAFFIC"));
        let keys: Vec<_> = traffic.flat_map(keys).collect();
        secrets.extend(keys);
        secrets
    }
}

/// RFC 8446, section 7.3: those of the lengths that AEADs have. A secret is as long as its hash.
fn keys(secret: &Secret) -> [Secret; 2] {
    let hash = match secret.bytes.len() {
        48 => HKDF_SHA384,
        _ => HKDF_SHA256,
    };
    [16, 32].map(|length| Secret {
        name: format!("{}: key of {length} bytes", secret.name),
        bytes: expand(hash, &secret.bytes, "key", length),
    })
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-Expand-Label of RFC 8446, section 7.1, without context.
fn expand(hash: Algorithm, secret: &[u8], label: &str, length: usize) -> Vec<u8> {
    let label = format!("tls13 {label}");
    let head = [0, length as u8, label.len() as u8];
    let info = [&head, label.as_bytes(), &[0]];
    let mut output = vec![0; length];
    let prk = Prk::new_less_safe(hash, secret);
    let expanded = prk.expand(&info, Length(length));
    let filled = expanded.and_then(|it| it.fill(&mut output));
    filled.expect("it is shorter than 255 hashes");
    output
}
