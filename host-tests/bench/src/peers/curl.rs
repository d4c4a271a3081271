//! curl. It times itself, its start excluded.

use std::io::Write;
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

use crate::peers::said;
use crate::rounds::Measured;

/// curl with the authority that it trusts, and what it uploads.
pub struct Curl {
    authority: NamedTempFile,
}

impl Curl {
    pub fn new(authority: &str) -> Result<Self> {
        let mut file = NamedTempFile::new()?;
        file.write_all(authority.as_bytes())?;
        Ok(Self { authority: file })
    }

    fn command(&self) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["-q", "-sS", "--http1.1", "--noproxy", "*", "--cacert"]);
        curl.arg(self.authority.path());
        curl
    }

    pub fn download(&self, url: &str) -> Result<Measured> {
        let mut curl = self.command();
        curl.args([
            "-o",
            "/dev/null",
            "-w",
            "%{size_download} %{time_total}",
            url,
        ]);
        measured(&said(&mut curl)?)
    }

    /// Posts a file that curl has in memory, or one that it reads as it sends.
    pub fn upload(&self, url: &str, file: &NamedTempFile, whole: bool) -> Result<Measured> {
        let path = file.path().display();
        let mut curl = self.command();
        match whole {
            true => curl.args(["--data-binary", &format!("@{path}")]),
            false => curl.args(["-X", "POST", "-T", &path.to_string()]),
        };
        // The answer is how many bytes the server has seen.
        curl.args(["-H", "Expect:", "-w", " %{time_total}", url]);
        measured(&said(&mut curl)?)
    }
}

/// Bytes and seconds.
fn measured(text: &str) -> Result<Measured> {
    let (bytes, seconds) = text.split_once(' ').context(text.to_owned())?;
    Ok(Measured {
        bytes: bytes.parse().context(text.to_owned())?,
        seconds: seconds.parse().context(text.to_owned())?,
    })
}
