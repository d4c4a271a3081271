//! The folder that the program is given, by what is in its files.

/// A certificate authority.
pub const CA: &str = "ca.pem";
/// A certificate of a client, and its key.
pub const CHAIN: &str = "chain.pem";
pub const KEY: &str = "key.pem";
/// Both in one.
pub const BOTH: &str = "both.pem";
/// The key of another certificate.
pub const OTHER_KEY: &str = "other-key.pem";
/// A list of revoked certificates.
pub const CRL: &str = "crl.pem";
/// A certificate with something else inside.
pub const BROKEN: &str = "broken.pem";
/// Text.
pub const TEXT: &str = "text.pem";
/// The body of requests.
pub const BODY: &str = "body";

/// All that a context may be given.
pub const ALL: &[&str] = &[CA, CHAIN, KEY, BOTH, OTHER_KEY, CRL, BROKEN, TEXT];

pub fn has_certificate(name: &str) -> bool {
    [CA, CHAIN, BOTH].contains(&name)
}

pub fn has_crl(name: &str) -> bool {
    name == CRL
}

pub fn belong_together(chain: &str, key: Option<&str>) -> bool {
    matches!(
        (chain, key),
        (BOTH, None) | (CHAIN | BOTH, Some(KEY | BOTH))
    )
}

/// Whether there may be a file at this path: the folder itself is not asked for.
pub fn is_in_folder(path: &str) -> bool {
    path.starts_with("keys")
}
