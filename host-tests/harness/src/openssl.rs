//! The `openssl` program: certificates that rcgen does not make, in a folder of their own.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::program::run;

/// A folder in which `openssl` works.
pub struct Openssl {
    folder: TempDir,
}

impl Openssl {
    /// An empty folder.
    #[must_use]
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Runs `openssl` with these arguments, separated by spaces.
    pub fn run(&self, arguments: &str) {
        run(Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(&self.folder));
    }

    /// An authority, `ca.pem` with `ca.key`: self-signed, on P-256.
    pub fn authority(&self) -> String {
        self.run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
             -out ca.pem -days 2 -subj /CN=openssl-authority",
        );
        self.read("ca.pem")
    }

    /// A certificate for `localhost` from `ca.pem`, with this kind of key and these arguments to the
    /// signing: `server.pem` with `server.key`.
    pub fn server(&self, new_key: &str, signing: &str) {
        self.write("extensions", "subjectAltName = DNS:localhost\n");
        self.run(&format!(
            "req -new -newkey {new_key} -nodes -keyout server.key -out server.csr -subj /CN=server"
        ));
        self.run(&format!(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
             -extfile extensions -out server.pem {signing}"
        ));
    }

    /// Where a file is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file's text.
    #[must_use]
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("openssl has written it")
    }

    /// Makes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the folder is ours");
    }
}

impl Default for Openssl {
    fn default() -> Self {
        Self::new()
    }
}
