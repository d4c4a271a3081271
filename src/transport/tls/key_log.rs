//! The key log: what somebody needs to decrypt a recording of a connection.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Write as _};

/// Takes one line, its end included. Called during handshakes.
pub type KeyLogSink = dyn Fn(&str) + Send + Sync;

/// Writes lines in the format of NSS: label, client random, secret.
pub(super) struct KeyLog(pub(super) Arc<KeyLogSink>);

impl fmt::Debug for KeyLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyLog")
    }
}

impl rustls::KeyLog for KeyLog {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let (random, secret) = (hex(client_random), hex(secret));
        self.0(&format!("{label} {random} {secret}\n"));
    }
}

/// In lower case, as others write it.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
