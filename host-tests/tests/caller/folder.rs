//! The files that the program is given.

use std::fs;

use harness::tls::Authority;
use tempfile::TempDir;

use crate::files;

/// A folder with all of them.
pub fn folder() -> TempDir {
    let authority = Authority::new();
    let client = authority.request(&["client"]).for_client().issue();
    let other = authority.request(&["other"]).for_client().issue();
    let (chain, key) = (client.chain_pem(), client.key_pem());
    let broken = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let contents: [(&str, Vec<u8>); 9] = [
        (files::CA, authority.pem().into()),
        (files::CHAIN, chain.clone().into()),
        (files::KEY, key.clone().into()),
        (files::BOTH, [chain, key].concat().into()),
        (files::OTHER_KEY, other.key_pem().into()),
        (files::CRL, authority.revoke(&[], 3000).into()),
        (files::BROKEN, broken.into()),
        (files::TEXT, "no certificate\n".into()),
        (files::BODY, "contents".into()),
    ];
    for (name, bytes) in contents {
        fs::write(folder.path().join(name), bytes).expect("the folder is new");
    }
    folder
}
